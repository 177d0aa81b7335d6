"""The rules by id: what each is called, how grave it is, why it exists, how it is run.

A rule is one function with ``@check``, on tables, headings or prose alike: the annotation of its
first parameter says what it reads. Title, explanation and source stand in the decorator: a rule
without them, or an explanation without a rule, fails at import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

from nianbao.errors import Place
from nianbao.statistics.arithmetic import plain
from nianbao.statistics.model import Finding, Severity

Read = TypeVar("Read")
Rule = Callable[[Read, "Check"], Iterator[Finding]]


@dataclass(frozen=True)
class Check:
    """A rule of the specification.

    Parameters
    ----------
    id, title
        As in the specification; the title is Chinese.
    severity
        How grave its findings are unless one of them says otherwise.
    source
        Article, clause or document that the rule follows from.
    explanation
        Chinese sentences: what the rule says, why, what to do.
    run
        Yields the findings.
    lifts
        A recorded reason lets a report pass in spite of the error; the specification marks
        such rules ``E*``.
    """

    id: str
    severity: Severity
    title: str
    source: str
    explanation: str
    run: Rule[Any]
    lifts: bool = False

    @cached_property
    def reads(self) -> object:
        """The type that the rule reads: that of its function's first parameter."""
        return next(iter(get_type_hints(self.run).values()))

    @property
    def may_be_acknowledged(self) -> bool:
        """True if a recorded reason can let a finding of this rule stand."""
        return self.severity == "warning" or self.lifts

    def finding(
        self,
        message: str,
        *,
        formula: str = "",
        left: Decimal | None = None,
        right: Decimal | None = None,
        cells: Iterable[str] = (),
        places: Iterable[Place] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """Make a finding of this rule; ``severity`` only where it differs from the rule's own."""
        return Finding(
            self.id,
            severity or self.severity,
            message,
            formula,
            left=None if left is None else plain(left),
            right=None if right is None else plain(right),
            cells=tuple(cells),
            places=tuple(places),
        )


_DECLARED: set[str] = set()
_CHECKS: dict[str, Check] = {}


def check(
    id_: str,
    *,
    severity: Severity,
    title: str,
    source: str,
    explanation: str,
    lifts: bool = False,
) -> Callable[[Rule[Read]], Rule[Read]]:
    """Register a function as the rule ``id_``.

    Several rules may share a function that compares the same things: its second argument is the
    rule that it runs as.

    Raises
    ------
    ValueError
        Another function has that id, or the rule is not explained in whole sentences.
    """
    if not (title and source and explanation.endswith("。")):
        raise ValueError(f"rule {id_} needs a title, a source and an explanation in sentences")
    _DECLARED.add(id_)

    def register(run: Rule[Read]) -> Rule[Read]:
        if id_ in _CHECKS:
            raise ValueError(f"rule {id_} is declared twice")
        _CHECKS[id_] = Check(id_, severity, title, source, explanation, run, lifts)
        return run

    return register


def registered_checks() -> Mapping[str, Check]:
    """Return every rule by id.

    A package of rules asks for them once its modules are imported, so that its import fails where
    something was explained and never written. All rules are there once `nianbao.prose.review` is
    imported.

    Raises
    ------
    ValueError
        Something was explained with ``check`` and no function stands below it.
    """
    if alone := sorted(_DECLARED - _CHECKS.keys()):
        raise ValueError(f"explanations without a rule: {', '.join(alone)}")
    return MappingProxyType(_CHECKS)


def checks_on(subject: type) -> tuple[Check, ...]:
    """Return the rules that read such a value, in the order in which they were declared."""
    return tuple(rule for rule in _CHECKS.values() if rule.reads is subject)


def can_be_acknowledged(finding: Finding) -> bool:
    """Return whether a recorded reason lets the finding stand.

    It does for every warning, and for an error whose rule says so.

    Examples
    --------
    >>> can_be_acknowledged(Finding("B1", "error", "…"))
    False
    """
    known = _CHECKS.get(finding.id)
    return finding.severity == "warning" or (
        finding.severity == "error" and known is not None and known.lifts
    )
