"""``nianbao workbook``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nianbao.cli.chinese import Command
from nianbao.cli.options import AgencyArgument, RootOption, YearArgument, project_root


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
    from nianbao.workbook.write import write_workbook

    folder = project_root(root)
    file = write_workbook(folder, agency, year, to, sums=sums)
    print(file)
    print("填好后以workbook.xlsx为名放在数据文件夹，只报这一个文件即可。", file=sys.stderr)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=Command)(workbook)
