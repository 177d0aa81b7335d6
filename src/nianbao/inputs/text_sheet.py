"""The sheet 正文 of a workbook: one row a section, its text in one cell."""

from __future__ import annotations

import re
from itertools import pairwise

from nianbao.files.grids import Grid
from nianbao.files.words import fold
from nianbao.inputs.bundle import SectionText
from nianbao.inputs.records import Column, Form, read_records, refuse
from nianbao.statutory import Format

_MARKED = re.compile(r"\s*([-*+|#>]|\d+[.)]\s)|\s{2,}")
SECTION, HEADING, TEXT = "章节编号", "章节", "正文"
PREFACE = "前言"
_FORM = Form(
    (
        Column(SECTION),
        Column(HEADING, required=False),
        Column(TEXT, use="prose"),
        Column("上年正文", required=False, use="private"),
    )
)


def read_texts(grid: Grid, format_: Format) -> dict[str, SectionText]:
    """Read the bureau's own wording by section.

    Parameters
    ----------
    grid
        章节编号, 章节, 正文; a row without a text leaves the section to the master. The id
        may be left out where the heading is a statutory one.
    format_
        The statutory headings.

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
    headings = {fold(s.heading): s.key for s in format_.headings()} | {fold(PREFACE): "preface"}
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
        key = key or headings.get(fold(heading), "")
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


def _paragraphs(text: str) -> str:
    """A line break in a cell begins a paragraph, as its author means; lists and tables stay."""
    lines = [line.rstrip() for line in text.splitlines()]
    joined = lines[:1]
    for before, line in pairwise(lines):
        plain = before and line and not _MARKED.match(before) and not _MARKED.match(line)
        joined += ["", line] if plain else [line]
    return "\n".join(joined)
