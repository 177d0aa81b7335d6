"""``nianbao rollup``: a government's sums, by unit, and where each number comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

if TYPE_CHECKING:
    from nianbao.inputs.bundle import CellKey
    from nianbao.notebook.report import Report
    from nianbao.statistics.model import Finding, Table

_ON_UNITS = "R"
"""The letter of the rules on a government and its units (docs/findings.md)."""


def rollup(
    agency: AgencyArgument,
    year: YearArgument,
    allow_missing: Annotated[
        bool,
        typer.Option(
            "--allow-missing", help="有单位未报送也汇总，并列出这些单位", show_default=False
        ),
    ] = False,
    cell: Annotated[
        str | None,
        typer.Option(
            "--trace",
            metavar="格",
            help="一格的数由哪些单位相加，如“新收×自然人”“行政许可”“行政复议×结果维持”",
            show_default=False,
        ),
    ] = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="把每一格、每个单位的数写入 output/机关代码/rollup-年度.csv",
            show_default=False,
        ),
    ] = False,
    json: JsonOption = False,
    root: RootOption = None,
) -> None:
    """汇总政府的表：本级与所属单位逐格相加，查缺报、错报和重复；除 --write 外不写文件。

    \b
    示例（先用 python tools/make_county.py 示例县 写出一个虚构的县，再进入这个文件夹）：
      nianbao rollup shili-xzf 2024
      nianbao rollup shili-xzf 2024 --trace 新收×自然人
      nianbao rollup shili-xzf 2024 --allow-missing --write
    """
    from nianbao.files.writing import dump_json
    from nianbao.notebook.report import Report
    from nianbao.notebook.tracing import read_cell, write_rollup

    folder = project_root(root)
    given = {"allow_missing": True} if allow_missing else {}
    report = Report.open(agency, year, root=folder, **given)
    place = read_cell(cell, report.format) if cell else None
    findings = tuple(f for f in report.findings if f.id.startswith(_ON_UNITS))
    if json:
        print(dump_json(_document(report, findings, place)), end="")
    elif place:
        _print_trace(report, *place)
    else:
        _print(report, findings)
    if write:
        print(f"已写入 {write_rollup(report).relative_to(folder).as_posix()}")
    if any(f.severity == "error" for f in findings):
        raise typer.Exit(1)


def _print(report: Report, findings: tuple[Finding, ...]) -> None:
    from nianbao.notebook.blocks import number_text
    from nianbao.statistics.checks.running import group_findings
    from nianbao.statistics.model import SEVERITIES
    from nianbao.statistics.rollup import missing_units, unit_name

    inputs = report.inputs
    names = [unit_name(unit, inputs) for unit in inputs.units]
    missing = missing_units(inputs)
    print(f"{inputs.agency.name}{inputs.params.year}年汇总：{_summary(names, missing)}")
    if names:
        print(f"已报送：{'、'.join(names)}")
    if missing:
        print(f"未报送：{'、'.join(missing)}")
    for group in group_findings(findings):
        severity = SEVERITIES[group.first.severity]
        print(f"〔{group.first.id}·{severity}〕{group.message}")
    for title, head, rows in _sheets(report):
        print(f"\n{title}")
        print("\t".join(head))
        for row in rows:
            print("\t".join(map(number_text, row)))


def _summary(names: list[str], missing: tuple[str, ...]) -> str:
    if not names and not missing:
        return "没有机关在 agency.yaml 中把它写作上级（parent），以下是本机关自己的数"
    return f"已报送{len(names)}个，未报送{len(missing)}个"


def _sheets(report: Report) -> Iterator[tuple[str, list[str], list[list[object]]]]:
    """Yield the three tables and the one by unit: title, head and rows."""
    from nianbao.statistics.rollup import UNITS
    from nianbao.statutory import TABLE_NUMBERS, row_name

    for key, number in TABLE_NUMBERS.items():
        table = report.tables[key]
        rows = [
            [row_name(key, str(row), report.format), *values]
            for row, values in zip(table.frame.index, table.frame.to_numpy(), strict=True)
        ]
        yield f"{number}　{table.title}", ["项目", *map(str, table.frame.columns)], rows
    units = report.tables.get(UNITS)
    if units is not None:
        rows = [list(row) for row in units.frame.itertuples(index=False, name=None)]
        yield units.title, [str(c) for c in units.frame.columns], rows


def _print_trace(report: Report, key: str, cell: CellKey) -> None:
    from nianbao.statistics.rollup import trace
    from nianbao.statutory import cell_name

    table = report.tables[key]
    print(f"{cell_name(key, *cell, report.format)}：{_text(table, cell)}")
    for part in trace(table, cell) if table.units else ():
        shown = part.cell.raw if part.cell.number is None else f"{part.cell.number:f}"
        print(f"  {'／'.join(part.path)}\t{shown or '未填'}\t{part.source}".rstrip())


def _text(table: Table, cell: CellKey) -> str:
    number = table.cells[cell].number
    return "无法相加，有单位未填" if number is None else f"{number:f}"


def _document(
    report: Report, findings: tuple[Finding, ...], place: tuple[str, CellKey] | None
) -> Mapping[str, object]:
    from nianbao.notebook.report_json import findings_json
    from nianbao.statistics.arithmetic import whole
    from nianbao.statistics.rollup import missing_units, trace, unit_name
    from nianbao.statutory import TABLE_NUMBERS

    inputs = report.inputs
    keys = [place] if place else [(t, c) for t in TABLE_NUMBERS for c in report.tables[t].cells]
    cells = [
        {
            "table": table,
            "row": cell[0],
            "column": cell[1],
            "value": report.tables[table].frame.at[cell],
            "units": [
                {
                    "path": list(part.path),
                    "value": whole(part.cell.number),
                    "source": part.source,
                }
                for part in trace(report.tables[table], cell)
                if part.path
            ],
        }
        for table, cell in keys
    ]
    return {
        "agency": inputs.agency.code,
        "year": inputs.params.year,
        "units": [unit_name(unit, inputs) for unit in inputs.units],
        "missing": list(missing_units(inputs)),
        "cells": cells,
        "findings": findings_json(findings),
    }


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=Command)(rollup)
