"""``nianbao desk`` and ``nianbao preview``: the desk in the browser.

Apart because these two serve until they are stopped; every other command ends by itself.
"""

from __future__ import annotations

from typing import Annotated

import typer

from nianbao.cli.options import AgencyArgument, Command, RootOption, YearArgument, project_root

PortOption = Annotated[
    int | None,
    typer.Option(
        "--port", metavar="端口", min=0, max=65535, show_default=False,
        help="网页所在的端口；不写则为 8765，写 0 则任选一个空闲的",
    ),
]  # fmt: skip
BrowserOption = Annotated[
    bool, typer.Option("--no-browser", help="不打开浏览器，只给出地址", show_default=False)
]


def desk(
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="地址", show_default=False,
            help="在哪个地址上服务；不写则只供本机使用，不用账号",
        ),
    ] = "127.0.0.1",
    port: PortOption = None,
    site: Annotated[
        str,
        typer.Option(
            "--site", metavar="网址", show_default=False,
            help="各单位访问用的网址，如 https://nianbao.example.gov.cn（在 nginx 后面时写）",
        ),
    ] = "",
    no_browser: BrowserOption = False,
    root: RootOption = None,
) -> None:  # fmt: skip
    """在浏览器里办全部事情：取填报表、交填报表、写正文、看报告、改 Word、定稿；按 Ctrl+C 停止。

    \b
    示例：
      nianbao desk                                       本机使用，自动打开浏览器
      nianbao desk --host 10.0.0.5                       供全县各单位使用，凭账号登录
      nianbao desk --site https://nianbao.example.gov.cn 在 nginx 后面
    """
    from nianbao.desk.app import run_desk
    from nianbao.desk.settings import PORT, Settings

    folder = project_root(root).resolve()
    settings = Settings(folder, host, PORT if port is None else port, site.rstrip("/"))
    run_desk(settings, browser=not no_browser)


def preview(
    agency: AgencyArgument,
    year: YearArgument,
    port: PortOption = None,
    no_browser: BrowserOption = False,
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
    from nianbao.desk.app import run_desk
    from nianbao.desk.settings import PORT, Settings
    from nianbao.inputs.project import require_report

    folder = project_root(root).resolve()
    require_report(folder, agency, year)
    settings = Settings(folder, port=PORT if port is None else port)
    run_desk(settings, f"agency/{agency}/{year}/preview", browser=not no_browser)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (desk, preview):
        app.command(cls=Command)(command)
