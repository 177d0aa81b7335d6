"""Results of applications without 其中: all groups together are what was finished (N6)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from nianbao.prose.review.enumerations import Item
from nianbao.prose.review.numbers import Quantity
from nianbao.prose.review.phrases import Claim
from nianbao.prose.review.text import Sentence

ALL_RESULTS = frozenset(
    {"open", "partial", "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"}
)


def _total(claims: list[Claim]) -> Decimal:
    return sum((c.quantity.value for c in claims), Decimal(0))


def _complete(results: list[Claim]) -> bool:
    """Whether every group of results is named, so that nothing can be missing."""
    return {key for c in results for key in c.keys} >= ALL_RESULTS


def outcome_misses(
    claims: tuple[Claim, ...],
) -> Iterator[tuple[Sentence, Quantity, tuple[Item, ...]]]:
    """Sentences that name all results, with the total that they do not make up.

    The total may be what was received, what was finished, either with what was carried
    over, and the results may be told with what goes on next year.
    """
    for sentence in dict.fromkeys(c.sentence for c in claims if c.kind == "outcome"):
        near = [c for c in claims if c.sentence is sentence or c.sentence is sentence.before]
        results = [c for c in near if c.sentence is sentence and c.kind == "outcome"]
        wholes = [c for c in near if c.kind in {"received", "handled", "carried_in"}]
        hedged = any(c.quantity.hedged for c in (*results, *wholes))
        if not _complete(results) or not wholes or hedged:
            continue
        forward = [c for c in near if c.kind == "carried_out"]
        sums = {_total(results), _total(results) + _total(forward)}
        values = [c.quantity.value for c in wholes]
        possible = {*values, *(a + b for a, b in combinations(values, 2))}
        if sums & possible:
            continue
        target = next((c for c in wholes if c.kind == "handled"), wholes[0])
        yield sentence, target.quantity, tuple(Item(c.label, c.quantity, "；") for c in results)
