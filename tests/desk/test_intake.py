"""What a file that was handed in is taken for, and what it leaves as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.desk.desks import Client, open_desk
from tests.inputs.builders import xlsx_bytes
from tests.projects import copy_project

from nianbao.desk.intake import Intake, recognise
from nianbao.desk.writing import current_text, forget_reasons, keep_texts, own_texts, save_section
from nianbao.edits.homes import homes_of
from nianbao.workbook.content import workbook_content
from nianbao.workbook.draw import draw_workbook

FIGURES = [["名称", "数值"], ["培训次数", "2"]]
REVIEWS = [["类型", "结果", "件数"], ["行政复议", "结果维持", "1"]]
AGENCY, YEAR = "shili-zrzyj", 2024
ISSUES = "problems.issues"


def test_a_workbook_whose_sheets_are_called_otherwise_is_not_taken() -> None:
    named = recognise("a.xlsx", xlsx_bytes({"其他数据": FIGURES, "复议诉讼": REVIEWS}), "x", 2024)
    assert (named.target, named.refused) == ("workbook.xlsx", "")
    other = recognise("a.xlsx", xlsx_bytes({"表1": FIGURES, "表2": REVIEWS}), "x", 2024)
    assert other.target == ""
    assert "请把各工作表按表名命名" in other.refused


class Bureau:
    """A bureau that has handed its workbook in at a desk, and will again."""

    def __init__(self, client: Client, root: Path, book: bytes) -> None:
        self.client, self.root, self.book = client, root, book

    def hand_in(self, book: bytes) -> str:
        """Hand a workbook in; return the page."""
        sent = [("files", ("我的表.xlsx", book))]
        page = self.client.submit(f"/agency/{AGENCY}/{YEAR}/hand-in", files=sent)
        assert page.status_code == 200
        return str(page.text)

    def with_text(self, section: str, text: str) -> bytes:
        """Return the clerk's own copy with another text on its sheet 正文."""
        own = own_texts(self.root, AGENCY, YEAR)
        sheet = homes_of(self.root, AGENCY, YEAR, own).sheet
        assert sheet is not None
        book = load_workbook(BytesIO(self.book))
        book[sheet.sheet][sheet.cells[section]].value = text
        stream = BytesIO()
        book.save(stream)
        return stream.getvalue()

    def text(self, section: str) -> str:
        """Return a section's text as it stands."""
        return current_text(self.root, AGENCY, YEAR, section)

    def write(self, section: str, text: str) -> None:
        """Write a section on its page."""
        assert not save_section(self.root, AGENCY, YEAR, section, self.text(section), text).conflict


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bureau's own figures and texts in a workbook."""
    root = copy_project(tmp_path_factory.mktemp("own"), AGENCY)
    return draw_workbook(workbook_content(root, AGENCY, YEAR))


@pytest.fixture
def bureau(tmp_path: Path, book: bytes) -> Iterator[Bureau]:
    root = copy_project(tmp_path, AGENCY)
    folder = root / f"data/{AGENCY}/{YEAR}"
    shutil.rmtree(folder)
    folder.mkdir()
    with open_desk(root) as client:
        made = Bureau(client, root, book)
        made.hand_in(book)
        yield made


def test_a_copy_handed_in_again_does_not_undo_what_was_written_since(bureau: Bureau) -> None:
    bureau.write(ISSUES, "一是目录更新不及时。")
    page = bureau.hand_in(bureau.book)
    assert bureau.text(ISSUES) == "一是目录更新不及时。"
    assert "“（一）存在的主要问题”：交来的填报表里没有改，仍用原来的文字" in page


def test_a_blank_cell_does_not_take_a_text_away(bureau: Bureau) -> None:
    page = bureau.hand_in(bureau.with_text(ISSUES, ""))
    assert "征地信息" in bureau.text(ISSUES)
    assert "仍用原来的文字" in page


def test_what_both_changed_at_different_places_is_merged(bureau: Bureau) -> None:
    first, *others = bureau.text(ISSUES).split("\n\n")
    there = "\n\n".join((first, *others[:-1], "三是网页上改的一条。"))
    bureau.write(ISSUES, there)
    page = bureau.hand_in(bureau.with_text(ISSUES, "\n".join(("一是表里改的一条。", *others))))
    assert "一是表里改的一条。" in bureau.text(ISSUES)
    assert "三是网页上改的一条。" in bureau.text(ISSUES)
    assert "网页上和填报表里都改过，已经合并" in page


def test_the_same_words_changed_twice_are_told(bureau: Bureau) -> None:
    bureau.write(ISSUES, "网页上的一句。")
    page = bureau.hand_in(bureau.with_text(ISSUES, "填报表里的一句。"))
    assert bureau.text(ISSUES) == "填报表里的一句。"
    assert "用了填报表里的；原来的可在“以前的文件”里取回" in page


def test_a_text_saved_while_a_workbook_is_taken_in_stands(bureau: Bureau) -> None:
    saved: list[str] = []

    def read(do: Any, *given: Any) -> Any:
        done = do(*given)
        if do not in {forget_reasons, keep_texts}:  # the new one is not in its place yet
            saved.append(f"网页上的第{len(saved) + 1}句。")
            bureau.write(ISSUES, saved[-1])
        return done

    versions = bureau.client.desk.versions
    taken = Intake(bureau.root, AGENCY, YEAR, versions, "测试", read).take(
        "我的表.xlsx", bureau.book
    )
    assert not taken.refused
    assert bureau.text(ISSUES) == saved[-1]


def test_reasons_that_cannot_be_read_undo_no_text(bureau: Bureau) -> None:
    bureau.write(ISSUES, "一是目录更新不及时。")
    reasons = bureau.root / f"data/{AGENCY}/{YEAR}/acknowledged.csv"
    reasons.write_text("标识,理由\nA1-x,甲\nA1-x,乙\n", encoding="utf-8")
    book = load_workbook(BytesIO(bureau.book))
    book["核对说明"].append(["A1-x", "丙"])
    stream = BytesIO()
    book.save(stream)
    bureau.hand_in(stream.getvalue())
    assert bureau.text(ISSUES) == "一是目录更新不及时。"


def test_texts_that_cannot_be_joined_are_told(bureau: Bureau) -> None:
    bureau.write(ISSUES, "一是目录更新不及时。")
    (bureau.root / f"data/{AGENCY}/{YEAR}/.~lock.workbook.xlsx#").touch()
    page = bureau.hand_in(bureau.book)
    assert "没有能和原来的文字合并，现在是填报表里的" in page
