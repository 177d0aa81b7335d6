"""Every rule on the prose is explained where it is declared."""

from __future__ import annotations

from nianbao.prose.review import CHECKS
from nianbao.prose.review.reading import Reading
from nianbao.statistics.checks.registry import checks_on


def test_the_rules_on_prose_are_those_of_the_specification() -> None:
    numbers = [f"N{i}" for i in range(1, 19)]
    years = [f"Y{i}" for i in range(7, 12)]
    language = [f"L{i}" for i in range(1, 15)]
    whole = ["S4", "S8", "S12", "S13"]
    assert {rule.id for rule in checks_on(Reading)} == {*numbers, *years, *language, *whole}


def test_an_explanation_is_a_title_and_whole_sentences() -> None:
    for rule in checks_on(Reading):
        assert 2 <= len(rule.title) <= 24
        assert rule.explanation.endswith("。")
        assert CHECKS[rule.id] is rule
