"""``nianbao preview``."""

from __future__ import annotations

from typing import Annotated

import typer

from nianbao.cli.chinese import Command
from nianbao.cli.options import AgencyArgument, RootOption, YearArgument, project_root


def preview(
    agency: AgencyArgument,
    year: YearArgument,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="端口",
            min=0,
            max=65535,
            help="网页所在的端口；不写则为 8765，写 0 则任选一个空闲的",
            show_default=False,
        ),
    ] = None,
    root: RootOption = None,
) -> None:
    """在浏览器里看报告，改了数据、正文或模板就自动刷新；按 Ctrl+C 停止。

    正文指 data/机关代码/年度/narrative.md 或填报表的“正文”表，模板指 notebooks/report.ipynb。
    在 output/ 的笔记本或 Word 里改的文字，先用 nianbao pull 并入正文，页面随即刷新。

    \b
    示例：
      nianbao preview yiyuan-sfj 2024
      nianbao preview yiyuan-sfj 2024 --port 9000
    """
    from nianbao.desk.preview.server import PORT, PreviewServer, serve_preview
    from nianbao.desk.preview.session import Session
    from nianbao.inputs.project import require_report

    folder = project_root(root)
    require_report(folder, agency, year)
    session = Session(folder, agency, year)
    server = PreviewServer(session, PORT if port is None else port)
    session.refresh()
    # A blank, so that a terminal does not take what follows for a part of the address.
    print(f"预览地址：{server.address} （按 Ctrl+C 停止）", flush=True)
    for problem in session.view.problems:
        typer.echo(f"错误：{problem}", err=True)
    serve_preview(server)
    print("预览已停止。")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=Command)(preview)
