"""Which notice binds a bureau, and what is said of a faulty one."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.errors import InputError
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.notices import list_notices, read_notice
from nianbao.statutory.notices import parse_notice, shipped_notices


def agency(root: Path, code: str, lines: str = "") -> None:
    file = root / "params" / code / "agency.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(f"name: 示例县{code}\nkind: department\n{lines}", "utf-8")


def test_a_bureaus_own_choice_goes_before_its_parents(tmp_path: Path) -> None:
    agency(tmp_path, "xzf", "notice: wuwei-2025\n")
    agency(tmp_path, "own", "parent: xzf\nnotice: huaihua-2021\n")
    agency(tmp_path, "below", "parent: xzf\n")
    agency(tmp_path, "alone")
    found = {c: read_notice(tmp_path, read_agency(tmp_path, c)) for c in ("own", "below", "alone")}
    assert found["own"] is shipped_notices()["huaihua-2021"]
    assert found["below"] is shipped_notices()["wuwei-2025"]
    assert found["alone"] is None


def test_a_notice_of_the_project_is_read_and_listed(tmp_path: Path) -> None:
    (tmp_path / "notices").mkdir()
    own = "title: 编报通知\nissuer: 示例县政府办\nlimits: [{section: overview, most: 800}]\n"
    (tmp_path / "notices" / "shili-2025.yaml").write_bytes(own.encode("gb18030"))
    agency(tmp_path, "own", "notice: shili-2025\n")
    notice = read_notice(tmp_path, read_agency(tmp_path, "own"))
    assert notice is not None
    assert (notice.limits[0].most, notice.name) == (800, "示例县政府办《编报通知》")
    assert list_notices(tmp_path) == ("huaihua-2021", "shili-2025", "wuwei-2025")


def test_an_unknown_notice_names_those_that_are_there(tmp_path: Path) -> None:
    agency(tmp_path, "own", "notice: wuwei2025\n")
    with pytest.raises(InputError, match="wuwei-2025") as caught:
        read_notice(tmp_path, read_agency(tmp_path, "own"))
    assert "params/own/agency.yaml" in str(caught.value)


@pytest.mark.parametrize("text", ["[" * 3000, "a: *b", "title: 通知\nsubmit: 2024-13-45\n"])
def test_what_no_yaml_reads_is_told(text: str) -> None:
    with pytest.raises(InputError, match=r"notices/x\.yaml( 第[12]行)?：不是可读的 YAML"):
        parse_notice(text, "notices/x.yaml")


def test_all_faults_of_a_notice_are_named_at_once() -> None:
    faulty = "title: 通知\npublish: 1月28日\nlimits: [{section: overview, most: 0}]\nponts: []\n"
    with pytest.raises(InputError) as caught:
        parse_notice(faulty, "notices/x.yaml")
    reported = str(caught.value)
    assert all(f"“{key}”" in reported for key in ("issuer", "publish", "limits.0.most", "ponts"))
