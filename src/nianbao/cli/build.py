"""``nianbao build``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer

from nianbao.cli.chinese import Command
from nianbao.cli.options import (
    AgencyArgument,
    DraftOption,
    FragmentOption,
    KernelOption,
    RootOption,
    ToOption,
    YearArgument,
    project_root,
)


class BuildCommand(Command):
    """``--fragment`` may stand alone, or before ``cms``; click knows no such option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_spelled_out(args)))


def _spelled_out(args: list[str]) -> Iterator[str]:
    """The arguments with ``--fragment`` and its value as one.

    Examples
    --------
    >>> list(_spelled_out(["--fragment", "yiyuan-sfj", "2024"]))
    ['--fragment=page', 'yiyuan-sfj', '2024']
    >>> list(_spelled_out(["yiyuan-sfj", "2024", "--fragment", "cms"]))
    ['yiyuan-sfj', '2024', '--fragment=cms']
    """
    left = iter(args)
    for arg in left:
        if arg != "--fragment":
            yield arg
            continue
        following = next(left, None)
        yield f"--fragment={following if following == 'cms' else 'page'}"
        if following not in (None, "cms"):
            yield from _spelled_out([str(following)])


def build(
    agency: AgencyArgument,
    year: YearArgument,
    to: ToOption = "html,pdf,docx",
    draft: DraftOption = False,
    kernel: KernelOption = False,
    fragment: FragmentOption = "",
    root: RootOption = None,
) -> None:
    """生成一份报告：运行笔记本，导出网页、PDF、Word，核对后放到 output/。

    \b
    示例：
      nianbao build yiyuan-sfj 2024
      nianbao build yiyuan-sfj 2024 --to html,pdf
      nianbao build yiyuan-sfj 2024 --to html,pdf,docx,poster
      nianbao build yiyuan-sfj 2024 --fragment cms
      nianbao build yiyuan-sfj 2024 --draft
    """
    from nianbao.publishing.build import build_report
    from nianbao.publishing.options import BuildOptions, parse_formats, parse_fragment
    from nianbao.statistics.model import SEVERITIES

    options = BuildOptions(parse_formats(to), draft, kernel, parse_fragment(fragment))
    folder = project_root(root)
    print(f"正在生成 {agency} {year} 的报告……", file=sys.stderr)
    result = build_report(folder, agency, year, options)
    for line in result.pulled.lines(again=False):
        print(line, file=sys.stderr)
    for finding in result.findings:
        print(f"〔{finding.id}·{SEVERITIES[finding.severity]}〕{finding.message}", file=sys.stderr)
    for line in result.unpublished:
        print(line, file=sys.stderr)
    for name in result.files:
        print(result.folder / name)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=BuildCommand)(build)
