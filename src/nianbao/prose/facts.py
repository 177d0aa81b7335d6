"""Named facts: what a placeholder can say, with value, unit and source.

A fact has forms (``新收申请.同比``) and parts (``新收申请.自然人``); both are facts below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nianbao.errors import NarrativeError, Place, Problem
from nianbao.files.words import perhaps
from nianbao.prose.template import Placeholder, Template, line_of

NOT_FILLED = "（待填）"
"""What a draft prints where the bureau has not handed in the number; a final report never does."""


@dataclass(frozen=True)
class Fact:
    """One thing the prose can say.

    Parameters
    ----------
    name
        Full dotted name.
    value
        int, Decimal (money, rates) or str; None when it was not handed in.
    text
        As it reads in a sentence.
    unit
        Chinese measure word or unit, empty for words.
    source
        Where it comes from: file, table cell or formula, in Chinese.
    below
        Forms and parts by their last step.
    """

    name: str
    value: int | Decimal | str | None
    text: str
    unit: str = ""
    source: str = ""
    below: Mapping[str, Fact] = field(default_factory=dict)


Vocabulary = Mapping[str, Fact]


def walk(facts: Vocabulary) -> Iterator[Fact]:
    """Every fact and everything below it, in order."""
    for fact in facts.values():
        yield fact
        yield from walk(fact.below)


def find(facts: Vocabulary, path: tuple[str, ...]) -> Fact | None:
    """The fact that a path names, or None."""
    fact = facts.get(path[0])
    for step in path[1:]:
        if fact is None:
            return None
        fact = fact.below.get(step)
    return fact


def _unknown(placeholder: Placeholder, facts: Vocabulary, section: str, place: Place) -> Problem:
    remedy = perhaps(placeholder.name, (f.name for f in walk(facts)))
    return Problem(
        f"{section}：没有名为“{placeholder.name}”的数据",
        line_of(place, placeholder.line),
        remedy=f"{remedy}全部名称见 nianbao facts",
    )


def resolve(
    template: Template, facts: Vocabulary, section: str, place: Place
) -> tuple[str | Fact, ...]:
    """Put facts in the place of the placeholders.

    Raises
    ------
    NarrativeError
        All unknown names of the text, each with section, line and the nearest names.
    """
    parts: list[str | Fact] = []
    problems: list[Problem] = []
    for part in template.parts:
        if isinstance(part, str):
            parts.append(part)
            continue
        fact = find(facts, part.path)
        if fact is None:
            problems.append(_unknown(part, facts, section, place))
        else:
            parts.append(fact)
    if problems:
        raise NarrativeError(*problems)
    return tuple(parts)
