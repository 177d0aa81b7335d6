"""A year's ledger of 100,000 requests: quick, and equal to a slow, obvious count."""

from __future__ import annotations

import csv
import io
import re
import time
from collections import Counter
from datetime import date

import pytest
from benchmarks.ledger import PROMISE, YEAR, make_ledger
from tests.statistics.factory import FORMAT

from nianbao.inputs.readers import read_csv
from nianbao.inputs.request_ledger import Ledger, read_ledger
from nianbao.inputs.sources import Source
from nianbao.statistics.counting import count_requests
from nianbao.statistics.deadlines import LATE, ON_TIME, UNCLEAR, assess_deadlines

ROWS = 100_000
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


@pytest.fixture(scope="module")
def timed(data: bytes) -> tuple[Ledger, float]:
    begun = time.process_time()
    ledger = read_ledger(read_csv(Source("requests.csv", data)), YEAR, FORMAT)
    count_requests(ledger.counts, FORMAT)
    return ledger, time.process_time() - begun


def test_it_equals_an_obvious_count(data: bytes, timed: tuple[Ledger, float]) -> None:
    counts = {key: n for key, n in count_requests(timed[0].counts, FORMAT).items() if n}
    assert counts == obvious_count(data)
    assert sum(n for (row, _), n in counts.items() if row in ("new", "carried_in")) > ROWS * 0.9


def test_it_is_quick(timed: tuple[Ledger, float]) -> None:
    # Processor time on a machine where other tests run along; alone it is half of the promise.
    assert timed[1] < PROMISE * 1.5


def test_every_request_is_judged(timed: tuple[Ledger, float]) -> None:
    cases = timed[0].cases
    assert cases is not None
    deadlines = assess_deadlines(cases, YEAR)
    assert len(deadlines.cases) == len(cases)
    closed = (cases["outcome"] != "carried_out").sum()
    abandoned = cases["outcome"].isin(["other_1", "other_2"]).sum()
    assert len(deadlines.among(ON_TIME, LATE, UNCLEAR)) == closed - abandoned
