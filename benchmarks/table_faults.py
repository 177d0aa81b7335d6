"""Faults seeded in the cells of published tables: what the rules on tables say of them.

The figures are those of `tests/data/published` (the examples that `narrative_checks` reads, as
printed), handed in with their totals as an import has them, or without as a clerk fills them in.
Two results exchanged leave every sum as it was: what prose that names them tells is counted too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.prose.review.cases import requests_table  # noqa: E402  # needs the path
from tests.statistics.factory import FORMAT, findings, matrix, reviews  # noqa: E402  # needs the path
from tests.statistics.published import COMPLETE, entered, figures_of, request_rows  # noqa: E402

from nianbao.inputs.bundle import Inputs  # noqa: E402  # likewise
from nianbao.prose.review import ReviewContext, review_sections  # noqa: E402  # likewise

Rows = dict[str, list[str | None]]
PREVIOUS = {"pingtan_2022": "pingtan_2021", "pingtan_2023": "pingtan_2022"}
FAULTS = (
    "+1", "-1", "digit more", "digits swapped", "left out", "two columns swapped",
    "two rows swapped", "carried over missing", "total +1",
)  # fmt: skip
"""What is done to table 3; of table 4 the first five."""
CARRIED = ("carried_in", "carried_out")


def _slips(text: str | None) -> Iterator[tuple[str, str]]:
    """What one number becomes by a slip, by kind."""
    number = int(text or 0)
    yield "+1", str(number + 1)
    if number:
        yield "-1", str(number - 1)
        yield "digit more", f"{number}0"
        yield "left out", "0"
    swapped = str(number)[::-1]
    if swapped != str(number):
        yield "digits swapped", str(int(swapped))


def _changed(rows: Rows, row: str, column: int, text: str | None) -> Rows:
    changed = [*rows[row]]
    changed[column] = text
    return {**rows, row: changed}


def faulty_rows(rows: Rows) -> Iterator[tuple[str, Rows]]:
    """Table 3 with one thing wrong, by kind."""
    width = len(FORMAT.applicants)
    for row, texts in rows.items():
        for column in range(width):
            for kind, text in _slips(texts[column]):
                yield kind, _changed(rows, row, column, text)
            beside = (column + 1) % width
            if texts[column] != texts[beside]:
                swapped = _changed(rows, row, column, texts[beside])
                yield "two columns swapped", _changed(swapped, row, beside, texts[column])
        if row in CARRIED and any(int(text or 0) for text in texts):
            yield "carried over missing", {**rows, row: ["0"] * len(texts)}
        if len(texts) > width:
            yield "total +1", _changed(rows, row, width, str(int(texts[width] or 0) + 1))
    keys = [*rows]
    for row, below in pairwise(keys):
        if rows[row] != rows[below]:
            yield "two rows swapped", {**rows, row: rows[below], below: rows[row]}


def _heard(inputs: Inputs) -> set[tuple[str, str, str]]:
    return {(f.id, f.severity, f.message) for f in findings(inputs)}


def _inputs(name: str, rows: Rows, totals: bool) -> Inputs:
    width = len(FORMAT.applicants) + totals
    before = entered(PREVIOUS[name]) if name in PREVIOUS else None
    table = matrix({key: texts[:width] for key, texts in rows.items()})
    return replace(entered(name, previous=before), requests_table=table)


GROUPS = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理")


def _sentence(rows: Rows, every: bool) -> str:
    """What an office says of its requests: the six groups of results, or every result there is."""
    counts = {row.key: sum(int(t or 0) for t in rows[row.key][:6]) for row in FORMAT.request_rows}
    parts: dict[str, int] = {}
    for row in FORMAT.outcome_rows:
        group = next(g for g in GROUPS if g in row.path)
        name = row.label.lstrip("0123456789.") if every and group in GROUPS[2:] else group
        parts[name] = parts.get(name, 0) + counts[row.key]
    listed = "、".join(f"{name}{n}件" for name, n in parts.items() if n)
    carried = f"上年结转{counts['carried_in']}件，" if counts["carried_in"] else ""
    return (
        f"全年新收政府信息公开申请{counts['new']}件，{carried}"
        f"办结{counts['total']}件，其中{listed}，结转下年度{counts['carried_out']}件。"
    )


def _said(rows: Rows, text: str) -> set[tuple[str, str, str]]:
    numbers = {k: [int(t or 0) for t in texts[:6]] for k, texts in rows.items()}
    table = requests_table({k: [*v, sum(v)] for k, v in numbers.items()}, FORMAT)
    context = ReviewContext(FORMAT, "示例县水利局", 2024, tables={"requests": table})
    found = review_sections({"overview.requests": text}, context)
    return {(f.id, f.severity, f.message) for f in found if f.id[0] == "N"}


def table_faults() -> dict[str, list[int]]:
    """By ``with totals|fault``: found as errors or warnings, as hints, not at all."""
    counts: dict[str, list[int]] = {}

    def add(group: str, kind: str, new: set[tuple[str, str, str]]) -> None:
        grave = any(severity != "info" for _, severity, _ in new)
        counts.setdefault(f"{group}|{kind}", [0, 0, 0])[0 if grave else 1 if new else 2] += 1

    for name in COMPLETE:
        rows = request_rows(name, imported=True)
        for group, totals in (("with totals", True), ("cells alone", False)):
            own = {key: texts[: len(FORMAT.applicants) + totals] for key, texts in rows.items()}
            right = _heard(_inputs(name, rows, totals))
            for kind, changed in faulty_rows(own):
                heard = _heard(_inputs(name, changed, totals)) - right
                add(group, kind, heard)
                if kind == "two rows swapped" and not totals:
                    for every, with_text in ((False, "six results named"), (True, "each named")):
                        text = _sentence(own, every)
                        add(with_text, kind, heard | (_said(changed, text) - _said(own, text)))
        groups = {key: list(texts) for key, texts in figures_of(name)["reviews"].items()}
        right = _heard(entered(name))
        for key, texts in groups.items():
            for column, text in enumerate(texts[:4]):
                for kind, wrong in _slips(text):
                    changed = _changed(groups, key, column, wrong)
                    heard = _heard(replace(entered(name), reviews=reviews(**changed)))
                    add("table 4", kind, heard - right)
    return counts
