"""After an import: totals that stay in the prose, a name under two codes, a parent left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.inputs.published.drift import NAME, YEAR, Drift, figures, page

from nianbao.workbook.importing import Imported, import_report, misplaced


def bureau(root: Path, code: str, name: str, parent: str = "") -> None:
    card = root / "params" / code / "agency.yaml"
    card.parent.mkdir(parents=True)
    below = f"parent: {parent}\n" if parent else ""
    card.write_text(f"name: {name}\nkind: department\n{below}", encoding="utf-8")


def imported(root: Path, reported: str = "") -> Imported:
    text = page(figures(), Drift())
    if reported:
        assert "全年公开政府信息212条，其中" in text
        text = text.replace("全年公开政府信息212条，其中", reported)
    source = root / "下载的年报.html"
    source.write_text(text, encoding="utf-8")
    return import_report(root, source, "shili-sw", YEAR)


@pytest.mark.parametrize(
    ("reported", "total"),
    [
        ("", "212条"),
        ("主动公开各类政府信息共1,020条，其中", "1,020条"),
        ("主动公开政务信息1.2万余条，其中", "1.2万余条"),
    ],
)
def test_a_total_in_the_prose_is_reported_with_where_it_belongs(
    tmp_path: Path, reported: str, total: str
) -> None:
    lines = list(imported(tmp_path, reported).lines())
    (line,) = [line for line in lines if "disclosures.csv" in line and line.startswith("未导入")]
    assert f"{total}（（一）主动公开）" in line
    assert f"data/shili-sw/{YEAR}/disclosures.csv" in line


def test_without_a_total_nothing_is_reported(tmp_path: Path) -> None:
    assert imported(tmp_path, "公开了供水信息，其中").left == ()
    sub_item = "公开了供水信息，其他应主动公开的政府信息75条，其中"
    (tmp_path / "other").mkdir()
    assert imported(tmp_path / "other", sub_item).left == ()


def test_a_name_that_has_a_code_already_is_reported(tmp_path: Path) -> None:
    bureau(tmp_path, "shili-slj", NAME)
    lines = list(imported(tmp_path).lines())
    assert any(line.startswith("请核对：") and "已有代码 shili-slj" in line for line in lines)


def test_a_parent_that_others_have_is_missed(tmp_path: Path) -> None:
    bureau(tmp_path, "shili-gaj", "示例县公安局", "shili-xzf")
    (odd,) = imported(tmp_path).odd
    assert "“parent: shili-xzf”" in odd


def test_the_parent_itself_and_whoever_names_one_are_fine(tmp_path: Path) -> None:
    bureau(tmp_path, "shili-xzf", "示例县人民政府")
    bureau(tmp_path, "shili-gaj", "示例县公安局", "shili-xzf")
    assert list(misplaced(tmp_path, "shili-xzf")) == []
    assert list(misplaced(tmp_path, "shili-gaj")) == []


def test_a_bureau_alone_has_nothing_to_fit(tmp_path: Path) -> None:
    assert imported(tmp_path).odd == ()
