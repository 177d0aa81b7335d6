"""``nianbao init``, ``new``, ``workbook``, ``import``: what a report begins with.

Apart because the commands of one subject are a module, listed in `main`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nianbao.cli.options import AgencyArgument, Command, RootOption, YearArgument, project_root


def new(agency: AgencyArgument, year: YearArgument, root: RootOption = None) -> None:
    """由上年的文件夹建好新一年的：结转的申请、各表的项目、待修订的文字；已有的文件不覆盖。

    \b
    示例：
      nianbao new yiyuan-sfj 2025
    """
    from nianbao.workbook.new_year import begin_year

    begun = begin_year(project_root(root), agency, year)
    for file in begun.files:
        print(file)
    print("还要做的：", file=sys.stderr)
    for line in begun.left:
        print(f"  {line}", file=sys.stderr)
    print(f"随时可以核对：nianbao check {agency} {year}", file=sys.stderr)


def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="文件夹", help="不写则为当前文件夹", show_default=False),
    ] = Path(),
    empty: Annotated[
        bool, typer.Option("--empty", help="不放样例：只放年报模板，单位在网页上新增")
    ] = False,
) -> None:
    """在文件夹中放入年报模板、两个样例机关、说明和 Makefile；已有的文件不覆盖。

    \b
    示例：
      nianbao init
      nianbao init ~/年报
      nianbao init --empty ~/年报
    """
    from nianbao.publishing.new_project import start_project

    for name in start_project(folder, samples=not empty):
        print(folder / name)
    there = "" if folder == Path() else f"cd {folder} && "
    if empty:
        print(f"已建好。请新增单位：{there}nianbao desk")
        return
    print(f"已建好。先读 README.md，再试：{there}nianbao build yiyuan-sfj 2024")


def workbook(
    agency: AgencyArgument,
    year: YearArgument,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="文件", help="写到哪里；不写则放进 data/", show_default=False),
    ] = None,
    sums: Annotated[
        bool, typer.Option("--sums", help="表三填汇总数，不登记台账", show_default=False)
    ] = False,
    root: RootOption = None,
) -> None:
    """生成填报用的Excel工作簿：下拉列表、单位、填写提示、勾稽核对，旁边有上年的数。

    \b
    示例：
      nianbao workbook yiyuan-sfj 2025
      nianbao workbook shili-zrzyj 2024 --to 填报表.xlsx
    """
    from nianbao.workbook.draw import write_workbook

    folder = project_root(root)
    file = write_workbook(folder, agency, year, to, sums=sums)
    print(file)
    print("填好后以workbook.xlsx为名放在数据文件夹，只报这一个文件即可。", file=sys.stderr)


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
    for command in (init, new, workbook):
        app.command(cls=Command)(command)
    app.command("import", cls=Command)(import_)
