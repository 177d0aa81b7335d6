"""Findings as people read them: those that say the same of several places, in one line.

A list of forty lines that differ in a name buries what matters; so does the wording of the
template, which stands last among its equals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nianbao.statistics.model import SEVERITIES, Finding
from nianbao.statistics.naming import listed

_SLOT = re.compile(r"“[^”]*”|\d[\d,.]*%?")
_QUOTE = re.compile(r"（原句：.*）$", re.DOTALL)
_LAST = frozenset({"L12", "S11"})
_MOST = 12


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one rule that say the same of several places, and what they say together."""

    findings: tuple[Finding, ...]
    message: str

    @property
    def first(self) -> Finding:
        """The one that stands for all: they share rule and severity."""
        return self.findings[0]


def group_findings(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Group findings that differ only in the names and numbers of what they are about.

    Parameters
    ----------
    findings
        In any order.

    Returns
    -------
    tuple of FindingGroup
        The gravest first, else in the order of the findings; notes on the template's own
        wording and on texts in two places stand behind the others of their gravity.

    Examples
    --------
    >>> found = [Finding("L14", "warning", f"“{a}”打不开；请删去（原句：见{a}）") for a in "甲乙"]
    >>> group_findings(found)[0].message
    '“…”打不开；请删去（共2处：“甲”、“乙”）'
    """
    gravity = {severity: place for place, severity in enumerate(SEVERITIES)}
    groups: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: (gravity[f.severity], f.id in _LAST)):
        words = _SLOT.sub("…", _QUOTE.sub("", finding.message))
        alone = id(finding) if finding.reason else None
        groups.setdefault((finding.id, finding.severity, words, alone), []).append(finding)
    return tuple(FindingGroup(tuple(same), _together(same)) for same in groups.values())


def _together(findings: list[Finding]) -> str:
    """Return what some findings say, with what they differ in at the end."""
    if len(findings) == 1:
        return findings[0].message
    messages = [_QUOTE.sub("", finding.message) for finding in findings]
    slots = [_SLOT.findall(message) for message in messages]
    varies = [len(set(values)) > 1 for values in zip(*slots, strict=True)]
    if not any(varies):
        return f"{messages[0]}（共{len(findings)}处）"
    places = iter(varies)

    def shown(match: re.Match[str]) -> str:
        if not next(places):
            return match[0]
        return "“…”" if match[0].startswith("“") else "…"

    items = ["／".join(s for s, v in zip(each, varies, strict=True) if v) for each in slots]
    common = _SLOT.sub(shown, messages[0]).rstrip("。")
    return f"{common}（共{len(findings)}处：{listed(items, most=_MOST)}）"
