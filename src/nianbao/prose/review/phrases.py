"""The words around a quantity, and what they claim it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nianbao.prose.review import vocabulary as words
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence

_HARD = re.compile(r"[，,。；;：:（）()！？]")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年")
_TITLE = re.compile(r"《[^》]*》|“[^”]*”")


@dataclass(frozen=True, slots=True)
class Claim:
    """A quantity with its statutory meaning.

    Parameters
    ----------
    rule
        The rule that compares it (N1 … N16).
    kind
        What it counts: ``received``, ``carried_in``, ``handled``, ``carried_out``,
        ``outcome``, ``applicant``, ``appeal``, ``lawsuit``, ``verdict``, ``document``,
        ``decision``, ``charge`` or ``fee``.
    label
        The words of the sentence that say so.
    keys
        Rows, columns or groups of the tables, where the kind alone does not say.
    """

    rule: str
    kind: str
    label: str
    quantity: Quantity
    sentence: Sentence
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quantity with the words before and after it, and the clause it stands in."""

    sentence: Sentence
    quantity: Quantity
    lead: str
    tail: str
    clause: str

    def claim(self, rule: str, kind: str, label: str, keys: tuple[str, ...] = ()) -> Claim:
        """What the phrase says."""
        return Claim(rule, kind, label, self.quantity, self.sentence, keys)


def phrase_at(sentence: Sentence, index: int) -> Phrase:
    """The phrase of the quantity number ``index``.

    Examples
    --------
    >>> from nianbao.prose.review.text import read_prose
    >>> (sentence,) = read_prose({"overview": "其中自然人80件、商业企业1件。"}).sentences
    >>> phrase_at(sentence, 1).lead
    '商业企业'
    """
    quantity, text = sentence.quantities[index], sentence.text
    start = max((m.end() for m in _HARD.finditer(text, 0, quantity.start)), default=0)
    stop = _HARD.search(text, quantity.end)
    end = stop.start() if stop else len(text)
    clause = text[start:end]
    if index:
        start = max(start, sentence.quantities[index - 1].end)
    if index + 1 < len(sentence.quantities):
        end = min(end, sentence.quantities[index + 1].start)
    lead = text[start : quantity.start].strip().lstrip("、和及与并")
    return Phrase(sentence, quantity, lead, text[quantity.end : end].split("、")[0].strip(), clause)


def other_scope(sentence: Sentence, position: int, context: ReviewContext) -> bool:
    """Whether the words before a place speak of another body than the tables do.

    A department's tables count the department; a government's count its whole area.
    """
    before = sentence.text[:position]
    for name in context.own_names:
        before = before.replace(name, "")
    if context.covers_area:
        return words.narrow_scope(context.name).search(before) is not None
    return words.AREA.search(before) is not None


def other_year(sentence: Sentence, position: int, context: ReviewContext) -> bool:
    """Whether the last year named before a place is not the report's."""
    years = _YEAR.findall(_TITLE.sub("", sentence.text[:position]))
    if years and int(years[-1]) != context.year:
        return True
    clause = _HARD.split(sentence.text[:position])[-1]
    return words.EARLIER.search(clause) is not None


def earlier_text(sentence: Sentence) -> str:
    """The sentence before this one in its block."""
    return sentence.before.text if sentence.before else ""
