"""``nianbao check``, ``facts`` and ``doctor``: look, write nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.cli.chinese import Command
from nianbao.cli.options import (
    AgencyArgument,
    JsonOption,
    RootOption,
    YearArgument,
    project_root,
)
from nianbao.errors import InputError, NianbaoError, Problem, UsageError, raise_problems
from nianbao.statistics.model import SEVERITIES, Finding

if TYPE_CHECKING:
    from nianbao.notebook.report import Report


def _print_findings(report: Report) -> None:
    for noted in report.noted:
        finding = noted.finding
        print(f"〔{finding.id}·{SEVERITIES[finding.severity]}〕{finding.message}")
        if finding.formula and finding.left is not None and finding.right is not None:
            print(f"    {finding.formula}：{finding.left} ≠ {finding.right}")
        if noted.place:
            print(f"    位置：{noted.place}")
        if finding.severity == "warning":
            print(f"    标识：{noted.key}")
    for idle in report.idle_acknowledgements:
        print(f"{idle.place}：“{idle.key}”没有对应的提醒（已改正，或属于错误、标识有误），请核对")
    if any(f.severity == "warning" for f in report.findings):
        file = f"data/{report.inputs.agency.code}/{report.inputs.params.year}/acknowledged.csv"
        print(f"核实后不必改正的提醒，把标识和理由写入 {file}（标识,理由）")


def _reports(root: Path, agency: str | None, year: int | None) -> list[tuple[str, int]]:
    from nianbao.inputs.load import list_reports

    if agency and year:
        return [(agency, year)]
    if year is None:
        raise UsageError("请写明机关代码和年度，或用 --year 核对某一年的全部机关")
    found = [(a, y) for a, y in list_reports(root) if y == year]
    if not found:
        raise UsageError(f"没有{year}年的报告")
    return found


def check(
    agency: Annotated[str | None, typer.Argument(metavar="机关代码", show_default=False)] = None,
    year: Annotated[int | None, typer.Argument(metavar="年度", show_default=False)] = None,
    all_of: Annotated[
        int | None,
        typer.Option("--year", metavar="年度", help="核对这一年的全部机关", show_default=False),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="编号", help="说明一条规则", show_default=False),
    ] = None,
    json: JsonOption = False,
    root: RootOption = None,
) -> None:
    """核对数据和正文：勾稽关系、漏填、与上年是否衔接、文字与表是否一致；不写任何文件。

    \b
    示例：
      nianbao check yiyuan-sfj 2024
      nianbao check --year 2024
      nianbao check --explain B1
    """
    if explain:
        _explain(explain)
        return
    from nianbao.notebook.report import Report
    from nianbao.notebook.twin import dump_json, findings_json

    folder = project_root(root)
    reports = _reports(folder, agency, all_of or year)
    found: list[Finding] = []
    unreadable: list[Problem] = []
    for code, of_year in reports:
        # One bureau's unreadable file must not hide the findings of the others.
        try:
            report = Report.open(code, of_year, root=folder)
            findings = report.findings
        except NianbaoError as error:
            unreadable.extend(error.problems)
            continue
        found.extend(findings)
        if not json:
            print(f"{code} {of_year}：{_summary(findings)}")
            _print_findings(report)
    if json:
        print(dump_json({"findings": findings_json(tuple(found))}), end="")
    raise_problems(InputError, unreadable)
    if any(f.severity == "error" for f in found):
        raise typer.Exit(1)


def _summary(findings: tuple[Finding, ...]) -> str:
    counts = {s: sum(f.severity == s for f in findings) for s in SEVERITIES}
    told = "，".join(f"{SEVERITIES[s]}{n}项" for s, n in counts.items() if n)
    return told or "没有发现问题"


def _explain(id_: str) -> None:
    from nianbao.prose.review.explanations import prose_rules
    from nianbao.statistics.checks import CHECKS

    wanted = id_.strip().casefold()
    rules = {rule.id: (rule.title, rule.explanation) for rule in CHECKS.values()}
    rules |= prose_rules()
    for known, (title, text) in rules.items():
        if known.casefold() == wanted:
            print(f"{known}　{title}")
            print(text)
            return
    raise UsageError(f"没有编号为“{id_}”的规则；全部编号：{'、'.join(rules)}")


def facts(
    agency: AgencyArgument, year: YearArgument, json: JsonOption = False, root: RootOption = None
) -> None:
    """列出正文里可以引用的全部数据：名称、文字、来源；并列出章节编号。

    \b
    示例：
      nianbao facts yiyuan-sfj 2024
      nianbao facts yiyuan-sfj 2024 --json
    """
    from nianbao.notebook.master import read_master
    from nianbao.notebook.report import Report
    from nianbao.notebook.twin import dump_json
    from nianbao.prose.facts import walk

    report = Report.open(agency, year, root=project_root(root))
    listed = list(walk(report.vocabulary))
    if json:
        rows = {
            f.name: {"value": f.value, "text": f.text, "unit": f.unit, "source": f.source}
            for f in listed
        }
        print(dump_json({"facts": rows}), end="")
        return
    print("章节编号（narrative.md 中写作“## 编号”）：")
    headings = {section.key: section.heading for section in report.format.headings()}
    for key in read_master(report.root).sections:
        print(f"  {key}\t{headings.get(key, '前言（标题下、第一部分前的文字）')}")
    print("数据（正文中写作“{{ 名称 }}”）：")
    for fact in listed:
        print(f"  {fact.name}\t{fact.text}\t{fact.source}")


def doctor(root: RootOption = None) -> None:
    """检查本机：Python、软件包、字体、内核，缺什么、怎么补。"""
    from nianbao.runs.doctor import examine

    healthy = True
    for item in examine(project_root(root)):
        healthy = healthy and item.fine
        print(f"{'正常' if item.fine else '缺少'}　{item.name}：{item.found}")
        if item.remedy:
            print(f"　　　{item.remedy}", file=sys.stderr)
    if not healthy:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (check, facts, doctor):
        app.command(cls=Command)(command)
