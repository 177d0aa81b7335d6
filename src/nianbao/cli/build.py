"""``nianbao build``."""

from __future__ import annotations

import sys

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


def build(
    agency: AgencyArgument,
    year: YearArgument,
    to: ToOption = "html,pdf,docx",
    draft: DraftOption = False,
    kernel: KernelOption = False,
    fragment: FragmentOption = False,
    root: RootOption = None,
) -> None:
    """生成一份报告：运行笔记本，导出网页、PDF、Word，核对后放到 output/。

    \b
    示例：
      nianbao build yiyuan-sfj 2024
      nianbao build yiyuan-sfj 2024 --to html,pdf
      nianbao build yiyuan-sfj 2024 --to html,pdf,docx,poster
      nianbao build yiyuan-sfj 2024 --draft
    """
    from nianbao.publishing.build import BuildOptions, build_report, parse_formats
    from nianbao.statistics.model import SEVERITIES

    options = BuildOptions(parse_formats(to), draft, kernel, fragment)
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
    app.command(cls=Command)(build)
