"""One quantity named several times has one value (N18)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.prose.review.cells import Cells, plain
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.meanings import meanings
from nianbao.prose.review.phrases import Claim, other_scope, other_year, phrase_at
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Prose, Sentence
from nianbao.prose.review.vocabulary import strip_generic
from nianbao.statistics.model import Severity

# Kinds whose words are plain enough to be the same quantity wherever they stand.
_KINDS = frozenset(
    {
        *("received", "carried_in", "carried_out", "outcome", "dispute"),
        *("document", "decision", "charge", "fee"),
    }
)
_NARROWED = re.compile("其中|网|平台|渠道")
_DISCLOSED = re.compile(r"主动公开(?:各类)?(?:政府|政务)?信息(?:共|共计|累计|总计)?$")


@dataclass(frozen=True, slots=True)
class _Named:
    what: str
    label: str
    quantity: Quantity
    sentence: Sentence


def _from_claims(
    claims: tuple[Claim, ...], cells: Cells, context: ReviewContext
) -> Iterator[_Named]:
    for claim in claims:
        if claim.kind not in _KINDS:
            continue
        found = meanings(claim, cells, context.figures)
        # Where a table has the number, each mention was compared with it already.
        if found and found[0].value is not None:
            continue
        what = " ".join((claim.kind, *claim.keys))
        yield _Named(what, claim.label, claim.quantity, claim.sentence)


def _disclosed(prose: Prose, context: ReviewContext) -> Iterator[_Named]:
    """主动公开政府信息n条 with nothing that narrows it, no channel and no field."""
    for sentence in prose.sentences:
        for index, q in enumerate(sentence.quantities):
            lead = phrase_at(sentence, index).lead if q.unit == "条" else ""
            match = _DISCLOSED.search(lead)
            if match is None or strip_generic(lead[: match.start()], context.own_names):
                continue
            if _NARROWED.search(sentence.text[: q.start]):
                continue
            scope = other_scope(sentence, q.start, context)
            if not scope and not other_year(sentence, q.start, context):
                yield _Named("disclosed", match[0], q, sentence)


def check_repeats(
    prose: Prose, claims: tuple[Claim, ...], context: ReviewContext
) -> Iterator[ProseFinding]:
    """Report a quantity that has another value further on, where no table says which is right."""
    cells = context.cells
    first: dict[str, _Named] = {}
    for named in [*_from_claims(claims, cells, context), *_disclosed(prose, context)]:
        q = named.quantity
        if q.hedged:
            continue
        known = first.setdefault(named.what, named)
        if known is named or known.sentence is named.sentence:
            continue
        slack = max(q.slack, known.quantity.slack)
        if abs(q.value - known.quantity.value) <= slack:
            continue
        here, there = plain(q.value), plain(known.quantity.value)
        message = f"“{named.label}”此处为{here}，前文为{there}；同一数据前后应一致，请核对"
        span = [(q.start, q.end)]
        both = {n.sentence.severity_of((n.quantity,)) for n in (known, named)}
        severity: Severity = "error" if both == {"error"} else "warning"
        yield named.sentence.finding("N18", severity, message, span, here, there)
