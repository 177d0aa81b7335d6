"""``nianbao verify``."""

from __future__ import annotations

from dataclasses import asdict

import typer

from nianbao.cli.chinese import Command
from nianbao.cli.options import AgencyArgument, JsonOption, RootOption, YearArgument, project_root


def verify(
    agency: AgencyArgument, year: YearArgument, json: JsonOption = False, root: RootOption = None
) -> None:
    """验证已生成的报告：读回核对、测量版式、重新生成并逐字节比较。

    \b
    示例：
      nianbao verify yiyuan-sfj 2024
    """
    from nianbao.notebook.report_json import dump_json
    from nianbao.publishing.verify import verify_report

    verdicts = verify_report(project_root(root), agency, year)
    if json:
        print(dump_json({"verdicts": [asdict(v) for v in verdicts]}), end="")
    else:
        for verdict in verdicts:
            print(f"{'通过' if verdict.fine else '不符'}　{verdict.what}：{verdict.found}")
    if not all(v.fine for v in verdicts):
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=Command)(verify)
