"""The vocabulary as ``nianbao facts`` prints it: by subject, without what nobody looks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from nianbao.prose.facts import Fact, Vocabulary, walk
from nianbao.prose.phrases import needs

SUBJECTS = (
    "机关和报告", "主动公开", "依申请公开", "行政行为和规范性文件（表二）",
    "行政复议、行政诉讼（表四）", "其他数据", "汇总的单位", "整句",
)  # fmt: skip
_SCALES: Mapping[str, int] = {"万": 10**4, "亿": 10**8}
"""Forms that say nothing of a number which is smaller than this."""


def is_noise(fact: Fact) -> bool:
    """Whether a name says no more than another one: an empty text, 46 counted in 万.

    Examples
    --------
    >>> is_noise(Fact("新收申请.亿", 46, "46")), is_noise(Fact("新收申请", 46, "46", "件"))
    (True, False)
    """
    least = _SCALES.get(fact.name.rpartition(".")[2], 0)
    number = fact.value if isinstance(fact.value, int | Decimal) else least
    return -least < number < least or not fact.text


def by_subject(facts: Vocabulary, figures: Collection[str]) -> Iterator[tuple[str, list[Fact]]]:
    """Numbers, their parts and clauses under their subjects.

    Forms of numbers are left out, and parts that are 0.

    Parameters
    ----------
    facts
        The vocabulary.
    figures
        Names of the bureau's own figures.
    """
    found: dict[str, list[Fact]] = {subject: [] for subject in SUBJECTS}
    for fact in facts.values():
        parts = (part for part in fact.below.values() if part.unit and part.value != 0)
        found[_subject(fact, figures)] += [f for f in (fact, *parts) if not is_noise(f)]
    yield from ((subject, listed) for subject, listed in found.items() if listed)


def named_with(facts: Vocabulary, words: Sequence[str]) -> list[Fact]:
    """All names that hold all of the words, forms and parts among them.

    Examples
    --------
    >>> facts = {"新收申请": Fact("新收申请", 3, "3", "件")}
    >>> [fact.name for fact in named_with(facts, ["新收"])]
    ['新收申请']
    """
    wanted = [word.casefold() for word in words]
    return [
        fact
        for fact in walk(facts)
        if all(word in fact.name.casefold() for word in wanted) and not is_noise(fact)
    ]


def _subject(fact: Fact, figures: Collection[str]) -> str:
    """What a fact is about, by where it comes from."""
    if needs(fact.name):
        return "整句"
    if fact.name in figures:
        return "其他数据"
    if fact.name == "主动公开":
        return "主动公开"
    starts = {
        "表二": SUBJECTS[3],
        "表三": "依申请公开",
        "申请台账": "依申请公开",
        "表四": SUBJECTS[4],
        "各单位": "汇总的单位",
    }
    return next((s for start, s in starts.items() if fact.source.startswith(start)), SUBJECTS[0])
