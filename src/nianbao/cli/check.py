"""``nianbao check``, ``facts`` and ``doctor``: look, write nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.cli.options import (
    AgencyArgument,
    Command,
    JsonOption,
    RootOption,
    YearArgument,
    project_root,
)
from nianbao.errors import InputError, NianbaoError, Problem, UsageError, raise_problems

if TYPE_CHECKING:
    from nianbao.cli.findings import Reported
    from nianbao.notebook.readable import Checked
    from nianbao.notebook.report import Report
    from nianbao.prose.facts import Fact
    from nianbao.statistics.model import Finding


def _reports(root: Path, agency: str | None, year: int | None) -> list[tuple[str, int]]:
    from nianbao.inputs.load import list_reports

    if agency and year:
        return [(agency, year)]
    if year is None:
        raise UsageError("请写明机关代码和年度，或用 --year 核对某一年的全部机关")
    found = [(a, y) for a, y in list_reports(root) if y == year]
    if not found:
        years = sorted({y for _, y in list_reports(root)})
        known = f"；已有的年度：{'、'.join(map(str, years))}" if years else ""
        raise UsageError(f"没有{year}年的报告{known}")
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
    sentence: Annotated[
        str | None,
        typer.Option(
            "--explain-sentence",
            metavar="句子",
            help="显示一句话是怎样读的：数、总数和分项、占比、增减",
            show_default=False,
        ),
    ] = None,
    mark: Annotated[
        bool, typer.Option("--mark", help="另存一份填报表，把发现的问题标在单元格上")
    ] = False,
    json: JsonOption = False,
    root: RootOption = None,
) -> None:
    """核对数据和正文：勾稽关系、漏填、与上年是否衔接、文字与表是否一致；不改任何文件。

    \b
    示例：
      nianbao check yiyuan-sfj 2024
      nianbao check --year 2024
      nianbao check yiyuan-sfj 2024 --mark
      nianbao check --explain B1
      nianbao check --explain-sentence 全年公开信息30条，其中规章10条、动态20条。
    """
    if explain:
        _explain(explain)
        return
    if sentence:
        from nianbao.prose.review.explain import explain_sentence
        from nianbao.statutory import format_of_title

        for line in explain_sentence(sentence, year or all_of or format_of_title("").since):
            print(line)
        return
    from nianbao.files.writing import dump_json
    from nianbao.inputs.children import read_profiles
    from nianbao.inputs.peers import read_peers
    from nianbao.notebook.readable import check_as_read
    from nianbao.notebook.report_json import findings_json
    from nianbao.notebook.shared import sharing_peers

    folder = project_root(root)
    reported: Reported = set()
    checked: list[Checked] = []
    waiting: list[dict[str, object]] = []
    reports = _reports(folder, agency, all_of or year)
    profiles = read_profiles(folder)  # who else reports, for all of them
    peers = read_peers(folder, "", reports[0][1], profiles)
    for code, of_year in reports:
        # One bureau's unreadable file must not hide the findings of the others.
        with sharing_peers(folder, peers):
            one = check_as_read(folder, code, of_year, profiles)
            if not json:
                _print_report(folder, code, of_year, one, reported)
        checked.append(replace(one, report=None))  # of thousands, what was read is let go
        for file, numbers in _waiting_edits(folder, code, of_year):
            line = (
                f"{file} 改过，还没有并入正文；生成报告时会先自动并入，"
                f"也可以现在并入：nianbao pull {code} {of_year}"
            )
            waiting.append({
                "agency": code, "year": of_year, "file": file, "message": line, "numbers": numbers,
            })  # fmt: skip
            if not json:
                print(line, *(f"  {number}" for number in numbers), sep="\n")
        if mark:
            _mark(folder, code, of_year, one)
    found = tuple(finding for one in checked for finding in one.findings)
    if json:
        told = {"waiting": waiting} if waiting else {}
        print(dump_json({"findings": findings_json(found), **told}), end="")
    elif all_of:
        unread = sum(bool(one.problems) for one in checked)
        partly = f"；其中{unread}个机关有要先改正的地方" if unread else ""
        print(f"共{len(checked)}个机关：{_counted(found, every=True)}{partly}")
    unreadable: list[Problem] = []
    for one in checked:  # a unit's file stops its government too, and is reported once
        unreadable.extend(p for p in one.problems if p not in unreadable)
    raise_problems(InputError, unreadable)
    if any(finding.severity == "error" for finding in found):
        raise typer.Exit(1)


def _print_report(root: Path, agency: str, year: int, one: Checked, reported: Reported) -> None:
    """Print what was found in a report; ``reported`` are the hints printed for other reports."""
    from nianbao.cli.findings import finding_lines, report_lines
    from nianbao.prose.review.notices import checklist_lines

    report, findings = one.report, one.findings
    if one.problems and findings:
        unread = f"有{len(one.problems)}处要先改正，另有“错误”各行写明"
        print(f"{agency} {year}：{unread}；其余{_counted(findings)}")
        print(*finding_lines(findings, reported), sep="\n")
    if one.problems or report is None:
        return
    print(f"{agency} {year}：{_counted(findings) or '没有发现问题'}")
    for line in report_lines(report, reported):
        print(line)
    if report.inputs.overruled:
        from nianbao.edits.homes import differing_places

        print(*differing_places(root, report.inputs, report.inputs.overruled), sep="\n")
    if one.checklist is not None:
        print(*checklist_lines(one.checklist, report.format.texts()), sep="\n")


def _waiting_edits(root: Path, agency: str, year: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the finished files that somebody edited since they were made, and nobody pulled.

    Each comes with the numbers that were changed in it, a line each.
    """
    from nianbao.finished.folder import edited_files, report_folder

    folder = report_folder(root, agency, year)
    edited = edited_files(folder)
    if not edited:
        return
    from nianbao.edits.proposal import waiting_numbers
    from nianbao.edits.pulled import is_pulled

    try:
        numbers = waiting_numbers(root, agency, year)
    except NianbaoError:  # what stands in the way is printed with the findings, or by the build
        numbers = {}
    for name in edited:
        if not is_pulled(folder, name):
            yield (folder / name).relative_to(root).as_posix(), numbers.get(name, ())


def _mark(root: Path, agency: str, year: int, checked: Checked) -> None:
    """Write the marked copy of a bureau's workbook, and say where it is."""
    from nianbao.workbook.marking import marks_of, write_marked

    try:
        file = write_marked(root, agency, year, marks_of(checked.findings, checked.problems))
    except NianbaoError as error:  # the findings are printed all the same
        print(error, file=sys.stderr)
    else:
        print(f"已标注：{file}", file=sys.stderr)


def _counted(findings: Iterable[Finding], every: bool = False) -> str:
    from nianbao.cli.findings import count_words

    return count_words((finding.severity for finding in findings), every)


def _explain(id_: str) -> None:
    from nianbao.prose.review import CHECKS
    from nianbao.statistics.checks.running import natural

    wanted = id_.strip().casefold()
    rule = next((rule for known, rule in CHECKS.items() if known.casefold() == wanted), None)
    if rule is None:
        known_ids = "、".join(sorted(CHECKS, key=natural))
        raise UsageError(f"没有编号为“{id_}”的规则；全部编号：{known_ids}")
    print(f"{rule.id}　{rule.title}")
    print(rule.explanation)
    print(f"依据：{rule.source}")
    if rule.may_be_acknowledged:
        print(
            "属于提醒而核实后不必改正的，把 nianbao check 给出的标识和理由写入"
            " data/机关代码/年度/acknowledged.csv，或填报表的“核对说明”表。"
        )


def facts(
    agency: AgencyArgument,
    year: YearArgument,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="词", help="只列名称里有这些词的", show_default=False),
    ] = None,
    json: JsonOption = False,
    root: RootOption = None,
) -> None:
    """列出正文里可以引用的数据：名称、文字、来源；并列出章节编号。写了词，只列名称里有这些词的。

    \b
    示例：
      nianbao facts yiyuan-sfj 2024
      nianbao facts yiyuan-sfj 2024 新收 同比
      nianbao facts yiyuan-sfj 2024 --json
    """
    from nianbao.files.writing import dump_json
    from nianbao.notebook.report import Report
    from nianbao.prose.facts import walk
    from nianbao.prose.facts_list import named_with

    report = Report.open(agency, year, root=project_root(root))
    if json:
        listed = named_with(report.vocabulary, words) if words else walk(report.vocabulary)
        rows = {
            f.name: {"value": f.value, "text": f.text, "unit": f.unit, "source": f.source}
            for f in listed
        }
        print(dump_json({"facts": rows}), end="")
    elif words:
        _print_named(report, words)
    else:
        _print_subjects(report)


def _print_named(report: Report, words: list[str]) -> None:
    from nianbao.files.words import alike
    from nianbao.prose.facts_list import named_with

    found = named_with(report.vocabulary, words)
    if not found:
        near = alike("".join(words), report.vocabulary)
        hint = f"；相近的有{'、'.join(near)}" if near else ""
        raise UsageError(f"没有名称里有“{'”“'.join(words)}”的数据{hint}")
    for fact in found:
        _print_fact(fact)


def _print_subjects(report: Report) -> None:
    from nianbao.notebook.master import read_master
    from nianbao.prose.facts import walk
    from nianbao.prose.facts_list import by_subject

    print("章节编号（narrative.md 中写作“## 编号”）：")
    headings = report.format.texts()
    for key in read_master(report.root).sections:
        print(f"  {key}\t{headings.get(key, '')}")
    print("数据（正文中写作“{{ 名称 }}”）：")
    for subject, facts in by_subject(report.vocabulary, report.inputs.figures):
        print(f"\n【{subject}】")
        for fact in facts:
            _print_fact(fact)
    agency, year = report.inputs.agency.code, report.inputs.params.year
    every = sum(1 for _ in walk(report.vocabulary))
    print(
        "\n每个数还有带单位、同比、占比、明细、上年、增减率、汉字等写法，"
        "写作“{{ 名称.写法 }}”，如“{{ 新收申请.同比 }}”。"
    )
    print(f"连同各种写法和为0的分项共{every}个名称，按词查找：nianbao facts {agency} {year} 新收")


def _print_fact(fact: Fact) -> None:
    print(f"  {fact.name}\t{fact.text}\t{fact.source}")


def doctor(root: RootOption = None) -> None:
    """检查本机：Python、软件包、字体、内核，缺什么、怎么补。"""
    from nianbao.publishing.doctor import examine

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
