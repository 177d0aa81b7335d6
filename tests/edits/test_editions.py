"""A Word file that comes back after the report was built again is held against its own words."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import docx
import pytest
from tests.projects import WORKED, copy_built

from nianbao.documents.document import edition_of
from nianbao.edits.editions import carry_over, earlier_words, remember_edition
from nianbao.edits.left_out import LeftOut
from nianbao.edits.pull import pull_edits
from nianbao.inputs.project import narrative_file
from nianbao.publishing.build import BuildOptions, build_report

PLATFORM = re.compile(r"(## overview\.platform\n+)(.*?)(?=\n+## )", re.DOTALL)
LATER = "后来另加的一句。"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report that was printed, then changed by its author and built again."""
    root = copy_built(tmp_path_factory.mktemp("editions"), "html", "docx")
    shutil.copy(root / "output/yiyuan-sfj/2024/report.docx", root / "first.docx")
    file = root / narrative_file(*WORKED)
    file.write_text(PLATFORM.sub(rf"\1\2{LATER}", file.read_text("utf-8")), "utf-8")
    build_report(root, *WORKED, BuildOptions(("html", "docx")))
    return root


def come_back(root: Path, old: str, new: str) -> tuple[str, str]:
    """Edit the file of the first printing, pull it; return the section's text and the report."""
    document = docx.Document(str(root / "first.docx"))
    run = next(r for p in document.paragraphs for r in p.runs if old in r.text)
    run.text = run.text.replace(old, new)
    document.save(str(root / "back.docx"))
    file = root / narrative_file(*WORKED)
    before = file.read_text("utf-8")
    reported = "\n".join(pull_edits(root, *WORKED, root / "back.docx").lines())
    found = PLATFORM.search(file.read_text("utf-8"))
    file.write_text(before, "utf-8")
    (root / "output/yiyuan-sfj/edited/2024/pulled.json").unlink(missing_ok=True)
    assert found is not None
    return found[2], reported


def test_what_was_written_meanwhile_stays(project: Path) -> None:
    text, reported = come_back(project, "各平台合计发布信息", "各平台共发布信息")
    assert "各平台共发布信息" in text
    assert text.endswith(LATER)
    assert LATER not in reported


def test_a_file_in_the_output_folder_may_be_of_an_earlier_set_too(project: Path) -> None:
    made = project / "output/yiyuan-sfj/2024/report.docx"
    kept = made.read_bytes()
    shutil.copy(project / "first.docx", made)
    try:
        assert pull_edits(project, *WORKED).is_empty
    finally:
        made.write_bytes(kept)


def test_without_the_words_of_that_set_it_is_reported(project: Path) -> None:
    kept = project / "output/yiyuan-sfj/edited/2024/editions.json"
    words = kept.read_bytes()
    kept.unlink()
    try:
        text, reported = come_back(project, "各平台合计发布信息", "各平台共发布信息")
    finally:
        kept.write_bytes(words)
    assert LATER not in text
    assert "较早一稿" in reported
    assert "逐句核对" in reported


def test_the_newer_words_stay_where_both_were_changed() -> None:
    refused: list[LeftOut] = []
    made, ours, edited = (
        f"甲{a}丙。\n\n中。\n\n丁{b}。" for a, b in (("乙", ""), ("一", ""), ("二", "戊"))
    )
    assert carry_over("other", made, ours, edited, refused) == "甲一丙。\n\n中。\n\n丁戊。"
    (one,) = refused
    assert "甲二丙。" in one.what
    assert "甲一丙。" in one.what


def test_what_stands_in_the_way_stops_no_build(tmp_path: Path) -> None:
    folder, kept = tmp_path / "output/a/2024", tmp_path / "output/a/edited/2024"
    (tmp_path / "b").mkdir()
    kept.parent.mkdir(parents=True)
    kept.symlink_to(tmp_path / "b")
    remember_edition(folder, {"other": "无。"})
    assert not list((tmp_path / "b").iterdir())
    kept.unlink()
    (kept / "editions.json").mkdir(parents=True)
    remember_edition(folder, {"other": "无。"})
    (kept / "editions.json").rmdir()
    (kept / "editions.json").write_text("[1]")
    remember_edition(folder, {"other": "无。"})
    assert earlier_words(folder, edition_of({"other": "无。"})) == {"other": "无。"}
    assert earlier_words(folder, "x") is None
