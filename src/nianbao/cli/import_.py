"""``nianbao import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nianbao.cli.chinese import Command
from nianbao.cli.options import AgencyArgument, RootOption, YearArgument, project_root


def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="文件", help="已公布的年度报告：网页（.html）、.docx 或 PDF"),
    ],
    agency: AgencyArgument,
    year: YearArgument,
    root: RootOption = None,
) -> None:
    """导入已公布的年度报告：三张表、正文和机关信息变成数据文件；已有的文件一概不动。

    \b
    空白和“/”按0计，并逐格说明；数字有错照录，由核对指出。
    示例：
      nianbao import 2023年报.pdf yiyuan-sfj 2023
      nianbao import ~/下载/年度报告.html shili-sw 2022
    """
    from nianbao.workbook.importing import import_report

    imported = import_report(project_root(root), file, agency, year)
    for line in imported.lines():
        print(line)
    if imported.missing or imported.report.remarks.missing:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command("import", cls=Command)(import_)
