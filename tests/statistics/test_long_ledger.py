"""A year's ledger of 20,000 requests: little work a row, and equal to an obvious count."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date

import pytest
from benchmarks.ledger import YEAR, make_ledger
from tests.calls import calls
from tests.statistics.factory import FORMAT

from nianbao.files.grids import read_csv
from nianbao.files.sources import Source
from nianbao.inputs.request_ledger import Ledger, read_ledger
from nianbao.statistics.deadlines import LATE, ON_TIME, UNCLEAR, assess_deadlines
from nianbao.statistics.tables import count_ledger

ROWS = 20_000
PATHS = {row.path: row.key for row in FORMAT.outcome_rows}


def day(text: str) -> date | None:
    return date(*map(int, re.findall(r"\d+", text))) if text else None


def obvious_count(data: bytes) -> Counter[tuple[str, str]]:
    """Table 3 by going through the file line by line."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(data.decode())):
        received, answered = day(row["收到日期"]), day(row["答复日期"])
        assert received is not None
        if received.year > YEAR or (answered and answered.year < YEAR):
            continue
        applicant = row["申请人类型"]
        counts["carried_in" if received.year < YEAR else "new", applicant] += 1
        ended = answered is not None and answered.year == YEAR
        counts[PATHS[row["办理结果"]] if ended else "carried_out", applicant] += 1
    return counts


@pytest.fixture(scope="module")
def data() -> bytes:
    return make_ledger(ROWS)


def read(data: bytes) -> Ledger:
    return read_ledger(read_csv(Source("requests.csv", data)), YEAR, FORMAT)


@pytest.fixture(scope="module")
def ledger(data: bytes) -> Ledger:
    return read(data)


def test_it_equals_an_obvious_count(data: bytes, ledger: Ledger) -> None:
    counts = {key: n for key, n in count_ledger(ledger.counts, FORMAT).items() if n}
    assert counts == obvious_count(data)
    assert sum(n for (row, _), n in counts.items() if row in ("new", "carried_in")) > ROWS * 0.9


def test_a_row_more_is_little_more_work(ledger: Ledger) -> None:
    def work(data: bytes) -> int:
        return calls(lambda: count_ledger(read(data).counts, FORMAT))

    # How long it takes benchmarks/ledger.py measures; what is done once is done by the fixture.
    more = work(make_ledger(8_000)) - work(make_ledger(2_000))
    assert 6_000 < more < 6_000 * 100, "some fifty calls a row, however many rows there are"


def test_every_request_is_judged(ledger: Ledger) -> None:
    cases = ledger.cases
    assert cases is not None
    deadlines = assess_deadlines(cases, YEAR)
    assert len(deadlines.cases) == len(cases)
    closed = (cases["outcome"] != "carried_out").sum()
    abandoned = cases["outcome"].isin(["other_1", "other_2"]).sum()
    assert len(deadlines.among(ON_TIME, LATE, UNCLEAR)) == closed - abandoned
