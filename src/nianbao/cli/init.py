"""``nianbao init``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nianbao.cli.chinese import Command


def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="文件夹", help="不写则为当前文件夹", show_default=False),
    ] = Path(),
) -> None:
    """在文件夹中放入年报模板、两个样例机关、说明和 Makefile；已有的文件不覆盖。

    \b
    示例：
      nianbao init
      nianbao init ~/年报
    """
    from nianbao.publishing.new_project import start_project

    for name in start_project(folder):
        print(folder / name)
    there = "" if folder == Path() else f"cd {folder} && "
    print(f"已建好。先读 README.md，再试：{there}nianbao build yiyuan-sfj 2024")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=Command)(init)
