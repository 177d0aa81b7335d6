"""``nianbao new``."""

from __future__ import annotations

import sys

import typer

from nianbao.cli.chinese import Command
from nianbao.cli.options import AgencyArgument, RootOption, YearArgument, project_root


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


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=Command)(new)
