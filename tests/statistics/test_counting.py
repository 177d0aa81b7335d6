"""Counting the ledger of cases."""

from __future__ import annotations

import pytest
from tests.statistics.factory import FORMAT, Case, ledger

from nianbao.statistics.counting import count_requests


def test_a_ledger_without_cases_is_all_zeros() -> None:
    counts = count_requests(ledger(), FORMAT)
    assert len(counts) == 24 * 6
    assert set(counts.values()) == {0}


def test_each_case_counts_once_as_received_and_once_as_handled() -> None:
    counts = count_requests(
        ledger([("new", "自然人", "open", 2), ("carried_in", "自然人", "open", 1)]), FORMAT
    )
    filled = {key: count for key, count in counts.items() if count}
    assert filled == {("new", "自然人"): 2, ("carried_in", "自然人"): 1, ("open", "自然人"): 3}


@pytest.mark.parametrize(
    "case",
    [
        ("old", "自然人", "open", 1),
        ("new", "个体户", "open", 1),
        ("new", "自然人", "total", 1),
        ("new", None, "open", 1),
    ],
)
def test_a_case_is_never_lost_silently(case: Case) -> None:
    with pytest.raises(ValueError, match="unknown categories"):
        count_requests(ledger([case]), FORMAT)
