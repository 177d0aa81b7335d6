"""Results and applicants told without 其中: all of them together are what came (N6)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from nianbao.prose.review.enumerations import Item
from nianbao.prose.review.phrases import Claim
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence

ALL_RESULTS = frozenset(
    {"open", "partial", "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"}
)

WHOLE_OF = {"outcome": "handled", "applicant": "received"}
"""What a division most likely divides."""


def _total(claims: list[Claim]) -> Decimal:
    return sum((c.quantity.value for c in claims), Decimal(0))


def _complete(kind: str, parts: list[Claim]) -> bool:
    """Whether every group is named, so that nothing can be missing."""
    named = {key for c in parts for key in c.keys}
    if kind == "applicant":
        return "person" in named and len(named) > 1
    return named >= ALL_RESULTS


def outcome_misses(
    claims: tuple[Claim, ...],
) -> Iterator[tuple[Sentence, Quantity, tuple[Item, ...]]]:
    """Sentences that name all results or applicants, with the total they do not make up.

    The total may be what was received, what was finished, either with what was carried
    over, and the results may be told with what goes on next year.
    """
    for kind in ("outcome", "applicant"):
        for sentence in dict.fromkeys(c.sentence for c in claims if c.kind == kind):
            near = [c for c in claims if c.sentence is sentence or c.sentence is sentence.before]
            parts = [c for c in near if c.sentence is sentence and c.kind == kind]
            wholes = [c for c in near if c.kind in {"received", "handled", "carried_in"}]
            hedged = any(c.quantity.hedged for c in (*parts, *wholes))
            if not _complete(kind, parts) or not wholes or hedged:
                continue
            forward = [c for c in near if c.kind == "carried_out"]
            values = [c.quantity.value for c in wholes]
            possible = {*values, *(a + b for a, b in combinations(values, 2))}
            if possible & {_total(parts), _total(parts) + _total(forward)}:
                continue
            target = next((c for c in wholes if c.kind == WHOLE_OF[kind]), wholes[0])
            items = tuple(Item(c.label, c.quantity, "；") for c in parts)
            yield sentence, target.quantity, items
