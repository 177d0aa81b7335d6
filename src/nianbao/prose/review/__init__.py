"""Rules on the report's prose: pure functions over words and tables.

``review_sections`` runs them all. Importing this package registers them, after which `CHECKS`
holds every rule there is. The rules are those of the specification, 2.6 (Y7–Y11), 2.8 and 2.9.
"""

from nianbao.prose.review import (
    agreement,
    averages,
    citations,
    dates,
    directions,
    disclosures,
    growth,
    names,
    notices,
    numbers,
    references,
    repetition,
    shares,
    statements,
    substance,
    sums,
    typography,
    words,
)
from nianbao.prose.review.context import Confusable, ReviewContext, SensitiveWord
from nianbao.prose.review.manuscript import review_sections, with_remark
from nianbao.prose.review.text import Sentence
from nianbao.prose.review.words import parse_confusables, parse_sensitive
from nianbao.statistics.checks.registry import registered_checks

CHECKS = registered_checks()
"""Every rule by id, on figures and on prose."""

__all__ = [
    "CHECKS",
    "Confusable",
    "ReviewContext",
    "SensitiveWord",
    "Sentence",
    "agreement",
    "averages",
    "citations",
    "dates",
    "directions",
    "disclosures",
    "growth",
    "names",
    "notices",
    "numbers",
    "parse_confusables",
    "parse_sensitive",
    "references",
    "repetition",
    "review_sections",
    "shares",
    "statements",
    "substance",
    "sums",
    "typography",
    "with_remark",
    "words",
]
