"""Arguments and options that several commands share: the same words everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AgencyArgument = Annotated[
    str, typer.Argument(metavar="机关代码", help="params/ 下的文件夹名，如 yiyuan-sfj")
]
YearArgument = Annotated[int, typer.Argument(metavar="年度", help="报告年度，如 2024")]
RootOption = Annotated[
    Path | None,
    typer.Option(
        "--root",
        metavar="文件夹",
        help="项目文件夹（含 params/、data/）；不写则从当前文件夹向上找",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="结果写成一个 JSON 文档，供其他程序读取", show_default=False)
]
ToOption = Annotated[
    str,
    typer.Option("--to", metavar="格式", help="要哪些文件，用逗号分开；poster 是一图读懂（长图）"),
]
DraftOption = Annotated[
    bool,
    typer.Option("--draft", help="有错误也生成，每页标明“草稿”，供核对", show_default=False),
]
KernelOption = Annotated[
    bool, typer.Option("--kernel", help="用普通 Jupyter 内核运行笔记本", show_default=False)
]
FragmentOption = Annotated[
    str,
    typer.Option(
        "--fragment",
        metavar="[cms]",
        help="另存一份不含页头的网页，供粘贴到网站后台；写 cms 则不用样式表，图另存为图片，供上传",
        show_default=False,
    ),
]


def project_root(given: Path | None) -> Path:
    """Return the project folder of a command."""
    from nianbao.notebook.master import find_root

    return find_root(given) if given else find_root()
