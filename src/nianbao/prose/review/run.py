"""Run every check over a report's prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nianbao.prose.review.balance import check_balance
from nianbao.prose.review.channels import check_channels
from nianbao.prose.review.citations import check_citations
from nianbao.prose.review.claims import read_claims
from nianbao.prose.review.confusables import check_confusables, check_sensitive
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.defaults import check_defaults
from nianbao.prose.review.findings import ProseFinding, with_keys
from nianbao.prose.review.growth import check_growth
from nianbao.prose.review.leftovers import check_leftovers
from nianbao.prose.review.names import check_names
from nianbao.prose.review.numbering import check_numbering
from nianbao.prose.review.oversight import check_oversight
from nianbao.prose.review.personal import check_personal
from nianbao.prose.review.repeats import check_repeats
from nianbao.prose.review.shares import check_shares
from nianbao.prose.review.similarity import check_repetition
from nianbao.prose.review.statements import check_silence, check_statements
from nianbao.prose.review.substance import check_substance
from nianbao.prose.review.sums import check_sums
from nianbao.prose.review.tallies import compare_claims
from nianbao.prose.review.text import Bound, Prose, read_prose
from nianbao.prose.review.typography import check_typography
from nianbao.prose.review.years import check_years


def _numbers(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    claims = read_claims(prose, context)
    yield from compare_claims(claims, context)
    yield from check_statements(prose, claims, context)
    yield from check_silence(prose, context)
    yield from check_balance(claims, context)
    yield from check_sums(prose, claims)
    yield from check_channels(prose, context)
    yield from check_shares(prose, claims, context)
    yield from check_growth(prose, claims, context)
    yield from check_repeats(prose, claims, context)


def _words(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    yield from check_years(prose, context)
    yield from check_names(prose, context)
    yield from check_leftovers(prose)
    yield from check_typography(prose)
    yield from check_citations(prose, context)
    yield from check_confusables(prose, context)
    yield from check_sensitive(prose, context)
    yield from check_personal(prose)
    yield from check_substance(prose, context)
    yield from check_oversight(prose, context)
    yield from check_numbering(prose, context)


def _own(sections: Mapping[str, str], context: ReviewContext) -> Mapping[str, str]:
    return sections if context.own_sections is None else context.own_sections


def review_sections(
    sections: Mapping[str, str], context: ReviewContext, bound: Bound | None = None
) -> tuple[ProseFinding, ...]:
    """Check the prose of a report.

    Parameters
    ----------
    sections
        Final words by section id, in the order of the report; Markdown marks are taken
        away here. ``title`` and ``signature`` may be among them.
    context
        The report's surroundings: tables, names, last year, peers.
    bound
        By section id, the spans of its text that the software printed from facts. A
        number of our own that does not agree is an error; one typed by hand a warning.

    Returns
    -------
    tuple of ProseFinding
        Section by section in the order given and, within one, by place; what concerns the
        report as a whole stands with its section at the beginning.

    Examples
    --------
    >>> from nianbao.statutory import load_format
    >>> context = ReviewContext(load_format(), "示例县水利局", 2024)
    >>> text = {"overview.disclosure": "全年公开信息20条，其中网站12条，其他7条。"}
    >>> [(f.id, f.left, f.right) for f in review_sections(text, context)]
    [('N6', '20', '19')]
    """
    prose = read_prose(sections, bound)
    found = [
        *_numbers(prose, context),
        *_words(prose, context),
        *check_repetition(_own(sections, context), context),
        *check_defaults(sections, context, bound or {}),
    ]
    order = {key: i for i, key in enumerate(sections)}
    found.sort(key=lambda f: (order.get(f.section, -1), f.offset, f.spans[:1]))
    return with_keys(found)
