"""``nianbao compare``."""

from __future__ import annotations

from typing import Annotated

import typer

from nianbao.cli.chinese import Command
from nianbao.cli.options import AgencyArgument, JsonOption, RootOption, YearArgument, project_root

WithOption = Annotated[
    str | None,
    typer.Option(
        "--with",
        metavar="年度",
        help="与哪一年比较，不写则为上年；写 last 则与上次生成的本报告（output/ 里的）比较，"
        "看生成以后又改了什么",
        show_default=False,
    ),
]


def compare(
    agency: AgencyArgument,
    year: YearArgument,
    against: WithOption = None,
    json: JsonOption = False,
    root: RootOption = None,
) -> None:
    """审校单：逐项列出变化的数据，逐句列出改动的文字，连同重复率和核对发现。

    \b
    写成一个网页，放在 output/机关代码/compare-年度-比较对象.html，可直接打印。
    示例：
      nianbao compare yiyuan-sfj 2024
      nianbao compare yiyuan-sfj 2024 --with last
      nianbao compare shili-zrzyj 2024 --with 2023 --json
    """
    from nianbao.publishing.compare.page import KINDS, percent, render_json, write_comparison
    from nianbao.publishing.compare.reports import LAST

    found, page = write_comparison(project_root(root), agency, year, against)
    if json:
        print(render_json(found), end="")
        return
    changed = {name: sum(c.kind == kind for c in found.changes) for kind, name in KINDS.items()}
    sentences_changed = any(changed.values())
    sentences = "，".join(f"{name}{count}句" for name, count in changed.items())
    print(
        f"与{found.before.label}比较：{found.compared}项数据中{len(found.values)}项不同；{sentences}"
    )
    print(f"重复率{percent(found.repetition)}；核对发现{len(found.findings)}项")
    for note in found.notes:
        print(note)
    if against == LAST and not found.values and not sentences_changed:
        print("上次生成以来数据和正文没有改动；改过以后、重新生成以前，这里才有不同")
    print(page)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=Command)(compare)
