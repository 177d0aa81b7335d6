"""Each case of tests/data/narratives: what is found, and that nothing else is."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.prose.review.cases import FOLDER, read_cases, reported


@pytest.mark.parametrize("file", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_cases(file: str, subtests: pytest.Subtests) -> None:
    names = Counter[str]()
    for case in read_cases(file):
        names[case.name] += 1
        with subtests.test(case.name):
            found = case.findings()
            said = [f.message for f in found]
            assert Counter(reported(f) for f in found) == Counter(case.expect), said
    assert names
    assert [name for name, count in names.items() if count > 1] == []
