"""Checks of the report's prose: pure functions over words and tables.

``review_sections`` runs them all; each rule is a module of its own and knows nothing of the
others. The rules are those of the specification, 2.6 (Y7–Y11), 2.8 and 2.9.
"""

from nianbao.prose.review.confusables import parse_confusables, parse_sensitive
from nianbao.prose.review.context import Confusable, ReviewContext, SensitiveWord
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.run import review_sections
from nianbao.prose.review.text import Sentence

__all__ = [
    "Confusable",
    "ProseFinding",
    "ReviewContext",
    "SensitiveWord",
    "Sentence",
    "parse_confusables",
    "parse_sensitive",
    "review_sections",
]
