"""Which statutory number each quantity of the prose speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.prose.review import vocabulary as words
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.decision_claims import decision_claim
from nianbao.prose.review.dispute_claims import about_disputes, dispute_claim
from nianbao.prose.review.phrases import Claim, other_scope, phrase_at
from nianbao.prose.review.request_claims import about_requests, no_request_claim, request_claim
from nianbao.prose.review.text import Prose, Sentence


def _claims(sentence: Sentence, context: ReviewContext) -> Iterator[Claim]:
    requests, disputes = about_requests(sentence), about_disputes(sentence)
    if requests and (none := no_request_claim(sentence, context)):
        yield none
    for index, quantity in enumerate(sentence.quantities):
        if quantity.kind != "count":
            continue
        phrase = phrase_at(sentence, index)
        found = decision_claim(phrase, context)
        if found is None and quantity.unit in words.COUNT_UNITS:
            if disputes:
                found = dispute_claim(phrase, context)
            if found is None and requests:
                found = request_claim(phrase, context)
        if found is not None:
            yield found


def read_claims(prose: Prose, context: ReviewContext) -> tuple[Claim, ...]:
    """Every quantity whose statutory meaning is plain.

    A phrase with a word that narrows it (``网络申请3件``) makes no claim: better to say
    nothing than to compare different things. Sentences about an earlier year and about
    another body (全县 in a department's report) make none either.
    """
    return tuple(
        claim
        for sentence in prose.sentences
        if sentence.kind != "heading"
        for claim in _claims(sentence, context)
        if not other_scope(sentence, claim.quantity.start, context)
    )
