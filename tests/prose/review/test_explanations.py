"""Every rule about the prose is explained, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nianbao.prose.review import explanations
from nianbao.prose.review.explanations import every_rule, prose_rules
from nianbao.statistics.checks import CHECKS
from nianbao.statistics.checks.registry import Check


def test_every_rule_that_the_code_names_is_explained() -> None:
    folder = Path(explanations.__file__).parent
    code = "".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.py")))
    named = set(re.findall(r'"([A-Z]\d+)"', code)) - set(CHECKS)
    assert named == set(prose_rules()), "named in the code, and in explanations.yaml"


def test_rules_of_figures_and_of_prose_are_together_all_of_them() -> None:
    assert len(every_rule()) == len(CHECKS) + len(prose_rules())
    assert every_rule()["B1"] == (CHECKS["B1"].title, CHECKS["B1"].explanation)
    assert every_rule()["L1"] == prose_rules()["L1"]


def test_an_id_of_figures_and_of_prose_at_once_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = {**CHECKS, "N6": Check("N6", "error", "示例")}
    monkeypatch.setattr(explanations, "CHECKS", other)
    with pytest.raises(ValueError, match="rules N6 are declared for figures and for prose"):
        every_rule()


def test_one_rule_without_explanation_leaves_the_others_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(explanations, "CHECKS", {**CHECKS, "A9": Check("A9", "error", "示例")})
    assert every_rule()["A9"] == ("示例", "")
    assert every_rule()["B1"][1]


def test_an_explanation_is_a_title_and_whole_sentences() -> None:
    for title, text in prose_rules().values():
        assert 2 <= len(title) <= 24
        assert text.strip().endswith("。")
