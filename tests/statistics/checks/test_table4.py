"""C1–C4: reviews and lawsuits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.statistics.factory import errors, found, ledger, make_inputs, reviews

from nianbao.inputs.bundle import Inputs

GROUPS = {"C1": "行政复议", "C2": "未经复议直接起诉", "C3": "复议后起诉"}


def disputes(previous: Inputs | None = None, **groups: list[str | None]) -> Inputs:
    return make_inputs(requests=ledger(), reviews_=reviews(**groups), previous=previous)


@pytest.mark.parametrize(("id_", "group"), GROUPS.items())
@given(st.lists(st.integers(0, 99), min_size=4, max_size=4), st.integers(0, 400))
def test_a_typed_total_is_the_sum(id_: str, group: str, parts: list[int], total: int) -> None:
    texts: list[str | None] = [str(n) for n in (*parts, total)]
    inputs = disputes(**{group: texts})
    told = [f for rule in GROUPS for f in found(inputs, rule)]
    if total == sum(parts):
        assert told == []
        return
    (finding,) = told
    assert (finding.id, finding.severity) == (id_, "error")
    assert (finding.left, finding.right) == (str(sum(parts)), str(total))
    assert len(finding.cells) == 5
    assert f"相差{abs(total - sum(parts))}。" in finding.message


def test_a_total_beside_blanks_is_not_passed() -> None:
    inputs = disputes(行政复议=["1", None, "0", "0", "1"])
    (hint,) = found(inputs, "C1")
    assert (hint.severity, hint.left, hint.right) == ("info", None, "1")
    assert "V3" in errors(inputs)


def test_no_typed_total_nothing_to_check() -> None:
    assert found(disputes(行政复议=["1", "2", "0", "0"]), "C1") == []
    assert found(disputes(行政复议=["1", "2", "0", "0", None]), "C1") == []


def test_c4_suits_follow_reviews() -> None:
    before = disputes(行政复议=["2", "0", "0", "5"])
    suits = {"行政复议": ["1", "0", "0", "3"], "复议后起诉": ["4", "0", "0", "0"]}
    (finding,) = found(disputes(before, **suits), "C4")
    assert (finding.severity, finding.left, finding.right) == ("info", "4", "3")
    assert "复议后起诉4件，多于本年和上年审结的行政复议3件" in finding.message
    assert found(disputes(**suits), "C4") == []  # last year's reviews are not known
    suits["复议后起诉"] = ["3", "0", "0", "0"]
    assert found(disputes(before, **suits), "C4") == []
