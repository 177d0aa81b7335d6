"""The rules by id: what each is called, how grave it is, why it exists, how it is run.

A rule is a function over `Statistics` with ``@check``; adding a rule is adding one function
and its explanation in explanations.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType

from ruamel.yaml import YAML

from nianbao.errors import Place
from nianbao.statistics.arithmetic import plain
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.model import Finding, Severity


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of the specification.

    Parameters
    ----------
    id, severity, title
        As in the specification; the title is Chinese.
    run
        Yields the findings; None for a rule about headings and prose, which are not in the tables.
    lifts
        A recorded reason lets a report pass in spite of the error; the specification marks
        such rules ``E*``.
    """

    id: str
    severity: Severity
    title: str
    run: Rule | None = None
    lifts: bool = False

    @property
    def explanation(self) -> str:
        """Two or three Chinese sentences: what the rule says, why, what to do; empty if none."""
        return _explanations().get(self.id, "")

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
        """A finding of this rule; ``severity`` only where it differs from the rule's own."""
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


Rule = Callable[[Statistics, Check], Iterator[Finding]]

S1 = Check("S1", "error", "六个部分的标题和顺序")
S3 = Check("S3", "warning", "总体情况的五个方面")
S4 = Check("S4", "warning", "政府的工作考核、社会评议、责任追究")

_CHECKS: dict[str, Check] = {S1.id: S1, S3.id: S3, S4.id: S4}
CHECKS: Mapping[str, Check] = MappingProxyType(_CHECKS)
"""Every rule by id."""


def check(
    id_: str, *, severity: Severity, title: str, lifts: bool = False
) -> Callable[[Rule], Rule]:
    """Register a function as the rule ``id_``.

    Raises
    ------
    ValueError
        Another function has that id.
    """

    def register(run: Rule) -> Rule:
        if id_ in _CHECKS:
            raise ValueError(f"rule {id_} is declared twice")
        _CHECKS[id_] = Check(id_, severity, title, run, lifts)
        return run

    return register


def can_be_acknowledged(finding: Finding) -> bool:
    """Whether a reason lets the finding stand: every warning, and an error that the rule lets pass.

    Examples
    --------
    >>> can_be_acknowledged(Finding("B1", "error", "…"))
    False
    """
    known = CHECKS.get(finding.id)
    return finding.severity == "warning" or (
        finding.severity == "error" and known is not None and known.lifts
    )


@cache
def _explanations() -> Mapping[str, str]:
    file = resources.files(__package__) / "explanations.yaml"
    data = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return {id_: text.replace("\n", "").strip() for id_, text in data.items()}
