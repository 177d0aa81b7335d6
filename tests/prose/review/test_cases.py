"""Each case of tests/data/narratives: what is found, and that nothing else is."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.prose.review.cases import Case, read_cases, reported

CASES = list(read_cases())


@pytest.mark.parametrize("case", CASES, ids=[f"{c.file}: {c.name}" for c in CASES])
def test_case(case: Case) -> None:
    found = case.findings()
    assert Counter(reported(f) for f in found) == Counter(case.expect), [f.message for f in found]


def test_names_are_unique() -> None:
    names = Counter((c.file, c.name) for c in CASES)
    assert [name for name, count in names.items() if count > 1] == []
