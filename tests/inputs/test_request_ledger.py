"""The ledger of requests, counted relative to the year."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inputs.builders import FORMAT, YEAR, grid
from tests.inputs.strategies import OUTCOMES, Case, Counts, cases, grids, slow_count, written

from nianbao.files.grids import Grid
from nianbao.inputs.request_ledger import read_requests

HEAD = ["登记号", "收到日期", "申请人类型", "办理结果", "答复日期"]
SUMS = ["来源", "申请人类型", "办理结果", "件数"]


def count(*lines: str, head: list[str] = HEAD, year: int = YEAR) -> pd.DataFrame:
    return read_requests(grid(",".join(head), *lines), year, FORMAT)


def as_counts(frame: pd.DataFrame) -> Counts:
    keys = zip(frame["source"], frame["applicant"], frame["outcome"], strict=True)
    return dict(zip(keys, frame["count"], strict=True))


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[Case], Grid]:
    """Draw requests, and a file that tells of them."""
    drawn = draw(st.lists(cases(), max_size=12))
    rows = [draw(written(case, number)) for number, case in enumerate(drawn)]
    return drawn, draw(grids(HEAD, rows))


@given(ledgers(), st.sampled_from([YEAR - 1, YEAR, YEAR + 1]))
def test_any_clerks_ledger_counts_as_one_counts_by_hand(
    ledger: tuple[list[Case], Grid], year: int
) -> None:
    drawn, file = ledger
    frame = read_requests(file, year, FORMAT)
    assert as_counts(frame) == slow_count(drawn, year)
    assert list(frame.columns) == ["source", "applicant", "outcome", "count"]
    assert frame["count"].dtype == "int64"


@given(st.lists(cases(), max_size=12))
def test_what_one_year_carries_out_the_next_carries_in(drawn: list[Case]) -> None:
    this, following = slow_count(drawn, YEAR), slow_count(drawn, YEAR + 1)
    rows = [
        f"{i},{c.received},{c.applicant},{OUTCOMES[c.outcome][0] if c.answered else ''},"
        f"{c.answered or ''}"
        for i, c in enumerate(drawn)
    ]
    for year, slow in ((YEAR, this), (YEAR + 1, following)):
        assert as_counts(count(*rows, year=year)) == slow
    out = count(*rows)
    carried_in = count(*rows, year=YEAR + 1)
    assert (
        out[out["outcome"] == "carried_out"]["count"].sum()
        == carried_in[carried_in["source"] == "carried_in"]["count"].sum()
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["本年新收", "上年结转"]),
            st.sampled_from(FORMAT.applicants),
            st.sampled_from([*sorted(OUTCOMES), "carried_out"]),
            st.integers(0, 2000),
        ),
        max_size=12,
    ),
    st.data(),
)
def test_sums_are_added_up(rows: list[tuple[str, str, str, int]], data: st.DataObject) -> None:
    keys = {"本年新收": "new", "上年结转": "carried_in"}
    expected: dict[tuple[str, str, str], int] = {}
    for source, applicant, outcome, number in rows:
        key = (keys[source], applicant, outcome)
        expected[key] = expected.get(key, 0) + number
    lines = [
        [source, applicant, FORMAT.request_row(outcome).path, f"{number:,}"]
        for source, applicant, outcome, number in rows
    ]
    frame = read_requests(data.draw(grids(SUMS, lines)), YEAR, FORMAT)
    assert as_counts(frame) == {key: n for key, n in expected.items() if n}


@pytest.mark.parametrize(
    ("received", "answered", "source", "outcome"),
    [
        ("2023-12-31", "2024-01-01", "carried_in", "open"),
        ("2023-12-31", "2024-12-31", "carried_in", "open"),
        ("2023-12-31", "2025-01-01", "carried_in", "carried_out"),
        ("2023-12-31", "", "carried_in", "carried_out"),
        ("2024-01-01", "2024-01-01", "new", "open"),
        ("2024-12-31", "2024-12-31", "new", "open"),
        ("2024-12-31", "2025-01-01", "new", "carried_out"),
        ("2024-12-31", "", "new", "carried_out"),
    ],
)
def test_the_edges_of_the_year(received: str, answered: str, source: str, outcome: str) -> None:
    frame = count(f"1,{received},自然人,{'予以公开' if answered else ''},{answered}")
    assert as_counts(frame) == {(source, "自然人", outcome): 1}


@pytest.mark.parametrize(
    ("received", "answered"),
    [("2023-12-01", "2023-12-31"), ("2025-01-01", "2025-01-02"), ("2025-01-01", "")],
)
def test_what_is_not_in_this_report(received: str, answered: str) -> None:
    frame = count(f"1,{received},自然人,{'予以公开' if answered else ''},{answered}")
    assert frame.empty


@pytest.mark.parametrize("head", [HEAD, SUMS])
def test_a_header_alone_is_no_request(head: list[str]) -> None:
    frame = count(head=head)
    assert frame.empty
    assert list(frame.columns) == ["source", "applicant", "outcome", "count"]


def test_numbered_rows_that_are_not_filled_in_are_no_requests() -> None:
    head = ["序号", *HEAD]
    frame = count("1,2024-1,2024-03-05,自然人,,", "2,,,,,", "3,,,,,", head=head)
    assert frame["count"].sum() == 1


def test_the_channel_is_kept_when_it_is_reported() -> None:
    frame = count(
        "1,2024-03-05,自然人,,,网络",
        "2,2024-03-06,自然人,,,",
        "3,2024-03-07,自然人,,,网络",
        head=[*HEAD, "来源"],
    )
    assert dict(zip(frame["channel"], frame["count"], strict=True)) == {"": 1, "网络": 2}


def test_the_order_is_that_of_the_table() -> None:
    frame = count(
        "上年结转,自然人,予以公开,1",
        "本年新收,其他,结转下年度继续办理,1",
        "本年新收,其他,予以公开,1",
        "本年新收,自然人,重复申请,1",
        head=SUMS,
    )
    assert list(frame["source"] + frame["applicant"] + frame["outcome"]) == [
        "new自然人reject_2",
        "new其他open",
        "new其他carried_out",
        "carried_in自然人open",
    ]


def test_an_organisation_may_be_written_with_its_head() -> None:
    frame = count("1,2024-03-05,法人或其他组织/商业企业,,")
    assert list(frame["applicant"]) == ["商业企业"]
