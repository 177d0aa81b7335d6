"""Faults seeded in the cells of published tables: what the rules on tables say of them.

The figures are those of `tests/data/published` (the examples that `narrative_checks` reads, as
printed), handed in with their totals as an import has them, or without as a clerk fills them in.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.statistics.factory import FORMAT, findings, matrix, reviews  # noqa: E402  # needs the path
from tests.statistics.published import COMPLETE, entered, figures_of, request_rows  # noqa: E402

from nianbao.inputs.bundle import Inputs  # noqa: E402  # likewise

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
                add(group, kind, _heard(_inputs(name, changed, totals)) - right)
        groups = {key: list(texts) for key, texts in figures_of(name)["reviews"].items()}
        right = _heard(entered(name))
        for key, texts in groups.items():
            for column, text in enumerate(texts[:4]):
                for kind, wrong in _slips(text):
                    changed = _changed(groups, key, column, wrong)
                    heard = _heard(replace(entered(name), reviews=reviews(**changed)))
                    add("table 4", kind, heard - right)
    return counts
