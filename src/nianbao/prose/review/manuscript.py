"""The report's words, read once for every rule, and the run of all rules over them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from nianbao.inputs.personal import covered
from nianbao.prose.review.claims import Claim, read_claims
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.text import Bound, Prose, read_prose, section_name
from nianbao.statistics.checks.registry import checks_on
from nianbao.statistics.model import Finding, Passage, Span
from nianbao.statutory import Format

MOST_OF_A_KIND = 100
"""So many findings of one rule in one section are named."""


@dataclass(frozen=True)
class Manuscript:
    """A report's prose and its context."""

    sections: Mapping[str, str]
    """Final words by section id, as they were handed in."""
    context: ReviewContext
    bound: Bound
    """By section id, the spans of its text that the software printed from facts."""

    @cached_property
    def prose(self) -> Prose:
        """The sections as blocks and sentences."""
        return read_prose(self.sections, self.bound)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every quantity whose statutory meaning is plain."""
        return read_claims(self.prose, self.context)


EXCERPT = 60
"""Characters of a sentence that a message quotes."""

_NOT_WORDS = re.compile(r"[\d\s.,%％０-９〇零一二两三四五六七八九十百千万亿]|[^\w]")


def review_sections(
    sections: Mapping[str, str], context: ReviewContext, bound: Bound | None = None
) -> tuple[Finding, ...]:
    """Check the prose of a report.

    Parameters
    ----------
    sections
        Final words by section id, in the order of the report; Markdown marks are taken
        away here. ``title`` and ``signature`` may be among them.
    context
        What the report is compared with: tables, names, last year, peers.
    bound
        By section id, the spans of its text that the software printed from facts. A
        number of our own that does not agree is an error; one typed by hand a warning.

    Returns
    -------
    tuple of Finding
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
    manuscript = Manuscript(sections, context, bound or {})
    found = [f for rule in checks_on(Manuscript) for f in rule.run(manuscript, rule)]
    place = {key: i for i, key in enumerate(sections)}

    def order(finding: Finding) -> tuple[int, int, tuple[Span, ...]]:
        passage = finding.passage or Passage("")
        return place.get(passage.section, -1), passage.offset, passage.spans[:1]

    found.sort(key=order)
    named = _with_keys(_first_ones(found))
    return tuple(with_remark(f, f.message, context.format_) for f in named)


def _first_ones(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings; of hundreds of one rule in one section the first ones, and how many more.

    They are of one kind, and go by one mistake; each quotes its sentence, which may be endless.
    """

    def kind(finding: Finding) -> tuple[str, str]:
        return finding.id, finding.passage.section if finding.passage else ""

    counts, seen = Counter(map(kind, findings)), Counter[tuple[str, str]]()
    for finding in findings:
        of = kind(finding)
        seen[of] += 1
        if seen[of] == MOST_OF_A_KIND and (left := counts[of] - MOST_OF_A_KIND):
            more = f"{finding.message}（同类问题还有{left}处没有列出，改好已列出的再查）"
            yield replace(finding, message=more)
        elif seen[of] <= MOST_OF_A_KIND:
            yield finding


def with_remark(finding: Finding, remark: str, format_: Format) -> Finding:
    """Return the finding with this remark, its message naming section and sentence besides.

    A finding about no passage has the remark for its message.
    """
    passage = finding.passage
    if passage is None:
        return replace(finding, message=remark)
    where = f"{section_name(passage.section, format_)}：" if passage.section else ""
    quoted = f"（原句：{excerpt(passage)}）" if passage.sentence else ""
    return replace(
        finding, message=f"{where}{remark}{quoted}", passage=replace(passage, remark=remark)
    )


def excerpt(passage: Passage) -> str:
    """Return the sentence, or as much of it around the first marked words as fits.

    A person's number is hidden: what quotes the sentence is printed in more places than it was.

    Examples
    --------
    >>> excerpt(Passage("overview", "收到申请3件。", ((4, 6),)))
    '收到申请3件。'
    """
    sentence = covered(passage.sentence)
    if len(sentence) <= EXCERPT:
        return sentence
    first = passage.spans[0][0] if passage.spans else 0
    start = max(0, min(first - EXCERPT // 3, len(sentence) - EXCERPT))
    end = start + EXCERPT
    return f"{'…' if start else ''}{sentence[start:end]}{'…' if end < len(sentence) else ''}"


def normalised(sentence: str) -> str:
    """Return the sentence without numbers (in digits and in characters), blanks and punctuation.

    Examples
    --------
    >>> normalised("全年收到申请 1,024 件，占 5%。") == normalised("全年收到申请八件，占12.5％。")
    True
    """
    return _NOT_WORDS.sub("", sentence)


def _with_keys(findings: Iterable[Finding]) -> list[Finding]:
    """Give each finding the key under which it can be acknowledged.

    The key is the rule and the beginning of the SHA-256 of rule, section, the sentence without
    its numbers and blanks (`normalised`), and, where one sentence has several findings of one
    rule, which of them it is. So it survives a new run, a corrected number, a change of
    punctuation and a move within the section; it does not survive other words.
    """
    counted: Counter[tuple[str, str, str]] = Counter()
    keyed = []
    for found in findings:
        passage = found.passage
        if passage is None:
            keyed.append(found)  # known by its numbers, as a finding about tables is
            continue
        base = (found.id, passage.section, normalised(passage.sentence))
        counted[base] += 1
        digest = hashlib.sha256("\n".join((*base, str(counted[base]))).encode()).hexdigest()
        keyed.append(replace(found, key=f"{found.id}-{digest[:12]}"))
    return keyed
