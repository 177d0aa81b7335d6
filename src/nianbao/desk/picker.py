"""List facts for a text to name: by name or value, a number with its unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from nianbao.files.words import normalise_word
from nianbao.notebook.report import Report
from nianbao.prose.facts import Fact, Vocabulary, find, walk
from nianbao.prose.facts_list import is_noise
from nianbao.prose.template import parse_path, write_path

WITH_UNIT = "带单位"
"""The form of a number that prints its unit."""

MOST_FACTS = 60
"""So many are listed at once; who searches for more has not searched."""


@dataclass(frozen=True, slots=True)
class FactView:
    """A number or clause that a text may name.

    ``written`` is the name as a placeholder holds it; ``unit`` is what follows the number in a
    sentence, empty where nothing does.
    """

    name: str
    written: str
    text: str
    unit: str
    source: str
    subject: str

    @property
    def placeholder(self) -> str:
        """What goes into a text: a number with its unit."""
        return f"{self.written}.{WITH_UNIT}" if self.unit else self.written

    @property
    def shown(self) -> str:
        """What that prints."""
        return f"{self.text}{self.unit}"


def fact_view(fact: Fact, subject: str, facts: Vocabulary) -> FactView:
    """Return a fact of a vocabulary as a picker lists it."""
    unit = fact.unit if WITH_UNIT in fact.below and fact.value is not None else ""
    return FactView(fact.name, _written(fact, facts), fact.text, unit, fact.source, subject)


def _written(fact: Fact, facts: Vocabulary) -> str:
    """Return how a text names a fact: a part may be called by words that are no name."""
    path = parse_path(fact.name)
    if path and find(facts, path) is fact:
        return fact.name
    return next(write_path(steps) for steps, found in _paths(facts) if found is fact)


def _paths(facts: Vocabulary, *above: str) -> Iterator[tuple[tuple[str, ...], Fact]]:
    for step, fact in facts.items():
        yield (*above, step), fact
        yield from _paths(fact.below, *above, step)


def search_facts(root: Path, agency: str, year: int, words: str) -> tuple[FactView, ...]:
    """Return the facts whose name holds the words, or whose value or text is that number."""
    vocabulary = Report.open(agency, year, root=root).vocabulary
    wanted = [normalise_word(word).casefold() for word in words.split()]
    found = [f for f in walk(vocabulary) if not _is_told_already(f) and _answers(f, wanted)]
    found.sort(key=lambda fact: (fact.name.count("."), len(fact.name)))
    return tuple(fact_view(fact, "", vocabulary) for fact in found[:MOST_FACTS])


def _is_told_already(fact: Fact) -> bool:
    """Return whether it is listed with another one: a number is, with its unit."""
    return is_noise(fact) or fact.name.endswith(f".{WITH_UNIT}")


def _answers(fact: Fact, wanted: list[str]) -> bool:
    value = str(fact.value) if isinstance(fact.value, int | Decimal) else ""
    name, text = (
        normalise_word(fact.name).casefold(),
        normalise_word(fact.text).casefold(),
    )
    return all(word in name or word in (value, text) for word in wanted)
