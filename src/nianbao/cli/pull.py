"""``nianbao pull``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nianbao.cli.chinese import Command
from nianbao.cli.options import AgencyArgument, RootOption, YearArgument, project_root


def pull(
    agency: AgencyArgument,
    year: YearArgument,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="文件",
            help="领导改好的 Word 文件；不写则取 output/ 中被改过的笔记本和 Word",
            show_default=False,
        ),
    ] = None,
    root: RootOption = None,
) -> None:
    """把在笔记本或 Word 里改的文字并回 narrative.md；没动过的数字仍随数据更新。

    \b
    示例：
      nianbao pull yiyuan-sfj 2024
      nianbao pull yiyuan-sfj 2024 ~/局长改稿.docx
    """
    from nianbao.edits.pull import pull_edits

    pulled = pull_edits(project_root(root), agency, year, file)
    for line in pulled.lines():
        print(line)
    if pulled.is_empty:
        print("没有发现修改。")
    if pulled.conflicts:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=Command)(pull)
