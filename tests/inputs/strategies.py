"""Ledgers at random, written as clerks write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st
from tests.inputs.builders import FORMAT, YEAR, Rows, csv_bytes, xlsx_bytes

from nianbao.files.excel import read_workbook
from nianbao.files.grids import Grid, read_csv
from nianbao.files.sources import Source

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
OUTCOMES = {row.key: (row.path, row.label) for row in FORMAT.outcome_rows}


def wide(text: str) -> str:
    """Letters, digits and signs in full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _written_dates(day: date) -> tuple[str, ...]:
    plain = f"{day.year}/{day.month}/{day.day}"
    chinese = f"{day.year}年{day.month}月{day.day}日"
    serial = str((day - date(1899, 12, 30)).days)
    return (day.isoformat(), plain, wide(plain), plain.replace("/", "."), chinese, serial)


@dataclass(frozen=True)
class Case:
    """One request, as it was."""

    received: date
    answered: date | None
    applicant: str
    outcome: str


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a request received around the year, answered or not."""
    received = draw(st.dates(date(YEAR - 1, 6, 1), date(YEAR + 1, 3, 1)))
    waited = draw(st.none() | st.integers(0, 400))
    return Case(
        received,
        None if waited is None else received + timedelta(days=waited),
        draw(st.sampled_from(FORMAT.applicants)),
        draw(st.sampled_from(sorted(OUTCOMES))),
    )


@st.composite
def written(draw: st.DrawFn, case: Case, number: int) -> list[str]:
    """Write the request as some clerk does."""
    answered, outcome = "", draw(st.sampled_from(["", "结转下年度继续办理"]))
    if case.answered:
        answered = draw(st.sampled_from(_written_dates(case.answered)))
        outcome = draw(st.sampled_from(OUTCOMES[case.outcome]))
    outcome = draw(st.sampled_from([outcome, outcome.replace("（", " (").replace("）", ") ")]))
    received = draw(st.sampled_from(_written_dates(case.received)))
    blank = draw(st.sampled_from(["", " ", "\u3000"]))
    return [f"{YEAR}{number:03}", received, case.applicant + blank, outcome, answered]


@st.composite
def grids(draw: st.DrawFn, head: list[str], rows: Rows) -> Grid:
    """Draw a file with these rows: its kind, its encoding, what stands above and below."""
    above = draw(st.sampled_from([[], [["示例县示例局台账"]], [["台账", "单位：件"], [], []]]))
    below = draw(st.sampled_from([[], [[], [" "]], [["", "", "\u3000"]]]))
    spaced = draw(st.booleans())
    order = draw(st.permutations(range(len(head))))
    body = [[row[i] for i in order] for row in rows]
    heads = [" ".join(head[i]) if spaced else head[i] for i in order]
    table: Rows = [*above, heads, *body, *below]
    if draw(st.booleans()):
        return read_workbook(Source("a.xlsx", xlsx_bytes({"表": table})))[0]
    encoding = draw(st.sampled_from(ENCODINGS))
    delimiter = draw(st.sampled_from(",\t;"))
    return read_csv(Source("a.csv", csv_bytes(table, encoding, delimiter)))


Counts = Mapping[tuple[str, str, str], int]


def slow_count(requests: list[Case], year: int) -> Counts:
    """Count by source, applicant and outcome, one case at a time, as the rule reads."""
    counts: dict[tuple[str, str, str], int] = {}
    for case in requests:
        if case.received.year > year:
            continue
        if case.answered is not None and case.answered.year < year:
            continue
        source = "new" if case.received.year == year else "carried_in"
        finished = case.answered is not None and case.answered.year == year
        key = (source, case.applicant, case.outcome if finished else "carried_out")
        counts[key] = counts.get(key, 0) + 1
    return counts
