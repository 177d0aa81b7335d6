"""The bureau's own wording by section: narrative.md, and the sheet 正文 of a workbook."""

from __future__ import annotations

import re
from itertools import pairwise

from nianbao.errors import InputError, Place, Problem, raise_problems
from nianbao.files.grids import Grid
from nianbao.files.sources import Source
from nianbao.files.words import (
    MAX_PROBLEMS,
    column_letter,
    normalise_characters,
    normalise_word,
    unfit_lines,
)
from nianbao.inputs.bundle import SectionText
from nianbao.inputs.heads import Column, Form
from nianbao.inputs.records import read_records, refuse
from nianbao.statutory import Format

MAX_BYTES = 300_000
"""Largest narrative.md; ten times the longest that we know."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_HINT = "标题写成“## overview.requests”这样，编号见 nianbao facts"


def read_narrative(source: Source) -> dict[str, SectionText]:
    """Split the file at its headings.

    Returns
    -------
    dict
        The text by section id, in the order of the file; its place is the text's first line.
        Whether an id is one of the report's is for those who know the sections.

    Raises
    ------
    InputError
        With a problem for each line that cannot be printed, each heading without an id or
        without text below, each id that is repeated, and text before the first heading.

    Examples
    --------
    >>> text = "## overview.requests\\n\\n全年{{ 新收申请 }}。\\n"
    >>> read_narrative(Source("n.md", text.encode()))["overview.requests"].place.line
    3
    """
    if len(source.data) > MAX_BYTES:
        expected = f"不超过{MAX_BYTES // 1000} KB的正文"
        raise InputError(Problem("正文太长", Place(source.file), expected=expected))
    problems: list[Problem] = []
    sections: dict[str, SectionText] = {}
    headings: dict[str, int] = {}
    key, start, body = "", 0, list[str]()

    def close() -> None:
        """File the section that ends here."""
        blank = next((i for i, line in enumerate(body) if line.strip()), None)
        if blank is None:
            if start:
                remedy = "请写上文字，或删去这个标题"
                place = Place(source.file, line=start)
                problems.append(Problem("标题下面没有文字", place, key or None, remedy=remedy))
            return
        place = Place(source.file, line=start + 1 + blank)
        if not start:
            message = "第一个标题前有文字"
            problems.append(Problem(message, place, body[blank].strip(), "“## 章节编号”", _HINT))
        elif key:
            sections[key] = SectionText(key, "\n".join(body[blank:]).rstrip(), place)

    lines = _LINE_END.split(normalise_characters(source.text()))
    for number, wrong in unfit_lines(lines):
        place, remedy = Place(source.file, line=number), "请删去或改用规范的文字"
        problems.append(Problem(f"这一行{wrong}", place, remedy=remedy))
    for number, line in enumerate(lines, 1):
        if not line.startswith("##") or line.startswith("###"):
            body.append(line)
            continue
        close()
        key, start, body = line.strip("# \t\u3000"), number, []
        place = Place(source.file, line=number)
        if not key or len(key.split()) > 1 or not line.startswith("## "):
            problems.append(
                Problem("标题中没有章节编号", place, line.strip(), "“## 章节编号”", _HINT)
            )
            key = ""
        elif headings.setdefault(key, number) != number:
            remedy = f"第{headings[key]}行已有“{key}”，请合并成一处"
            problems.append(Problem("章节重复", place, key, "每个章节一个标题", remedy))
    close()
    raise_problems(InputError, problems[:MAX_PROBLEMS])
    return sections


_MARKED = re.compile(r"\s*([-*+|#>]|\d+[.)]\s)|\s{2,}")
SECTION, HEADING, TEXT = "章节编号", "章节", "正文"
_FORM = Form(
    (
        Column(SECTION),
        Column(HEADING, required=False),
        Column(TEXT, use="prose"),
        Column("上年正文", required=False, use="private"),
    ),
    counts=False,
)


def read_texts(grid: Grid, format_: Format) -> dict[str, SectionText]:
    """Read the bureau's own wording by section.

    Its columns are 章节编号, 章节, 正文; a row without a text leaves the section to the master. The
    id may be left out where the heading is a statutory one.

    Returns
    -------
    dict
        The text by section id, in the order of the sheet; its place is its cell.

    Raises
    ------
    InputError
        With a problem for each text without a section and each section that is repeated.
    """
    records = read_records(grid, _FORM)
    headings = {normalise_word(name): key for key, name in format_.texts().items()}
    blank = [""] * len(records)
    problems = []
    sections: dict[str, SectionText] = {}
    rows = zip(
        records.columns[SECTION],
        records.columns.get(HEADING, blank),
        records.columns[TEXT],
        strict=True,
    )
    for i, (key, heading, text) in enumerate(rows):
        key = key or headings.get(normalise_word(heading), "")
        if not text:
            continue
        if not key or len(key.split()) > 1:
            expected = "章节编号，如overview.requests，见 nianbao facts"
            problems.append(records.problem(i, SECTION, "没有章节编号", expected))
        elif key in sections:
            problems.append(records.problem(i, SECTION, "章节重复", "每个章节一行"))
        else:
            sections[key] = SectionText(key, _paragraphs(text), records.place(i, TEXT))
    refuse(records, problems)
    return sections


def find_text_cells(grid: Grid, format_: Format) -> dict[str, str]:
    """Find the cell for each section's text, such as ``C5``, filled or not.

    Raises
    ------
    InputError
        The head is another one.
    """
    records = read_records(grid, _FORM)
    headings = {normalise_word(name): key for key, name in format_.texts().items()}
    named = records.columns.get(HEADING, [""] * len(records))
    letter = column_letter(records.header.columns[TEXT])
    return {
        key or headings.get(normalise_word(heading), ""): f"{letter}{row}"
        for key, heading, row in zip(records.columns[SECTION], named, records.rows, strict=True)
    }


def cell_text(text: str) -> str:
    """Write a section's text for a cell, where a line break begins a paragraph.

    Examples
    --------
    >>> cell_text("甲。\\n\\n乙。")
    '甲。\\n乙。'
    """
    text = text.strip("\n")
    tight = re.sub(r"(?<=\S)\n\n(?=\S)", "\n", text)
    return tight if _paragraphs(tight) == text else text


def _paragraphs(text: str) -> str:
    """Let a line break in a cell begin a paragraph, as its author means; lists and tables stay."""
    lines = [line.rstrip() for line in text.splitlines()]
    joined = lines[:1]
    for before, line in pairwise(lines):
        plain = before and line and not _MARKED.match(before) and not _MARKED.match(line)
        joined += ["", line] if plain else [line]
    return "\n".join(joined)
