"""Every rule about the prose is explained, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

from nianbao.prose.review import explanations
from nianbao.prose.review.explanations import prose_rules


def test_every_rule_that_the_code_names_is_explained() -> None:
    folder = Path(explanations.__file__).parent
    code = "".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.py")))
    named = set(re.findall(r'"((?:N|L)\d+|Y(?:7|8|9|10|11))"', code))
    assert named == set(prose_rules())


def test_an_explanation_is_a_title_and_whole_sentences() -> None:
    for title, text in prose_rules().values():
        assert 2 <= len(title) <= 24
        assert text.strip().endswith("。")
