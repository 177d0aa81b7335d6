"""Findings as ``nianbao check`` prints them: of one report, and of a year's reports together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nianbao.files.words import short_listing
from nianbao.inputs.project import data_folder, narrative_file, workbook_among
from nianbao.statistics.model import SEVERITIES, Finding, Severity

if TYPE_CHECKING:
    from nianbao.notebook.report import Report

_BROKEN = {"≤": "＞", "≥": "＜", "＝": "≠"}
_SENTENCE = re.compile(r"[^。]+。?")
_CLAUSE = re.compile(r"[^：。]*")

Reported = set[tuple[str, str]]
"""Sentences of hints that were printed for a report, each with its rule."""


def report_lines(report: Report, reported: Reported) -> Iterator[str]:
    """Yield the findings of a report, line by line.

    What the hints of other reports said (``reported``) is not said again; those of this report are
    added to it.
    """
    from nianbao.statistics.checks import can_be_acknowledged  # a batch only counts findings

    yield from finding_lines(report.findings, reported)
    for idle in report.idle_acknowledgements:
        yield f"{idle.place}：“{idle.key}”没有对应的提醒（已改正，或属于错误、标识有误），请核对"
    who = report.inputs.agency.code, report.inputs.params.year
    workbook = workbook_among(report.inputs.files, *who)
    if any(finding.passage for finding in report.findings):
        sheet = f"，或 {workbook} 的“正文”表" if workbook else ""
        yield f"正文写在 {narrative_file(*who)}{sheet}"
    if any(map(can_be_acknowledged, report.findings)):
        file = f"{data_folder(*who)}/acknowledged.csv（标识,理由）"
        if workbook:
            file = f"{workbook} 的“核对说明”表"
        yield f"核实后不必改正的，把标识和理由写入 {file}；没有标识的错误必须改正"


def finding_lines(findings: Iterable[Finding], reported: Reported) -> Iterator[str]:
    """Yield findings line by line, those that say the same together; see `report_lines`."""
    from nianbao.statistics.checks import can_be_acknowledged
    from nianbao.statistics.checks.running import group_findings

    new: Reported = set()
    for group in group_findings(findings):
        first, message = group.first, group.message
        if first.severity == "info":
            new |= {(first.id, sentence) for sentence in _SENTENCE.findall(message)}
            message = _unsaid(first.id, message, reported)
        yield f"〔{first.id}·{SEVERITIES[first.severity]}〕{message}"
        for broken in dict.fromkeys(filter(None, map(broken_formula, group.findings))):
            yield f"    {broken}"
        if lines := [str(finding.line) for finding in group.findings if finding.line]:
            yield f"    位置：{short_listing(list(dict.fromkeys(lines)), most=12)}"
        if keys := [f.key for f in group.findings if can_be_acknowledged(f)]:
            yield f"    标识：{'、'.join(keys)}"
    reported |= new


def _unsaid(rule: str, message: str, reported: Reported) -> str:
    """Return the sentences of a hint that were not printed before; its beginning where all were."""
    sentences = _SENTENCE.findall(message)
    unsaid = [sentence for sentence in sentences if (rule, sentence) not in reported]
    if not unsaid:
        clause = _CLAUSE.match(message)
        return f"{clause.group() if clause else ''}（同上）"
    return "".join(unsaid)


def broken_formula(finding: Finding) -> str:
    """Return an identity with its two sides, as it is broken.

    Empty where the sides are not the numbers of an identity.

    Examples
    --------
    >>> broken_formula(Finding("B4", "error", "…", "四≤一＋二", "5", "3"))
    '四≤一＋二：5 ＞ 3'
    >>> broken_formula(Finding("Y4", "warning", "…", "与上年相差不到5倍", "5740", "574"))
    ''
    """
    sign = next((sign for sign in _BROKEN if sign in finding.formula), None)
    if sign is None or finding.left is None or finding.right is None:
        return ""
    return f"{finding.formula}：{finding.left} {_BROKEN[sign]} {finding.right}"


def count_words(findings: Iterable[Severity], every: bool = False) -> str:
    """Return how many findings there are of each severity.

    With ``every``, zeros are named too.

    Examples
    --------
    >>> count_words(["info", "error", "info"])
    '错误1项，提示2项'
    """
    found = list(findings)
    counts = {s: found.count(s) for s in SEVERITIES}
    return "，".join(f"{SEVERITIES[s]}{n}项" for s, n in counts.items() if n or every)
