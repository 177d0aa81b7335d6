"""``nianbao build``, ``pull``, ``compare``, ``verify``: one report."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from nianbao.cli.options import (
    AgencyArgument,
    Command,
    DraftOption,
    FragmentOption,
    JsonOption,
    KernelOption,
    RootOption,
    ToOption,
    YearArgument,
    project_root,
)
from nianbao.errors import UsageError


class BuildCommand(Command):
    """``--fragment`` may stand alone, or before ``cms``; click knows no such option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_spelled_out(args)))


def _spelled_out(args: list[str]) -> Iterator[str]:
    """Yield the arguments with ``--fragment`` and its value as one.

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
    from nianbao.finished.options import BuildOptions, parse_formats, parse_fragment
    from nianbao.publishing.build import build_report
    from nianbao.statistics.checks.running import group_findings
    from nianbao.statistics.model import SEVERITIES

    options = BuildOptions(parse_formats(to), draft, kernel, parse_fragment(fragment))
    folder = project_root(root)
    print(f"正在生成 {agency} {year} 的报告……", file=sys.stderr)
    try:
        result = build_report(folder, agency, year, options)
    finally:  # whatever came of the report
        _tell_pulled(folder, agency, year)
    for group in group_findings(result.findings):
        severity = SEVERITIES[group.first.severity]
        print(f"〔{group.first.id}·{severity}〕{group.message}", file=sys.stderr)
    for line in result.unpublished:
        print(line, file=sys.stderr)
    for name in result.files:
        print(result.folder / name)


def _tell_pulled(root: Path, agency: str, year: int) -> None:
    from nianbao.edits.pulled import forget_told, untold

    lines = untold(root, agency, year)
    for line in lines:
        print(line, file=sys.stderr)
    forget_told(root, agency, year, lines)


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
    agency: Annotated[str | None, typer.Argument(metavar="机关代码", show_default=False)] = None,
    year: Annotated[int | None, typer.Argument(metavar="年度", show_default=False)] = None,
    against: WithOption = None,
    all_of: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="年度",
            help="比较这一年的全部机关：雷同的句子、相同的数字、悬殊的总数",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
    root: RootOption = None,
) -> None:
    """审校单：逐项列出变化的数据，逐句列出改动的文字，连同重复率和核对发现。

    \b
    写成一个网页，放在 output/机关代码/compare-年度-比较对象.html，可直接打印；
    用 --year 时比较一年的全部机关，写成 output/年度/review.html。
    示例：
      nianbao compare yiyuan-sfj 2024
      nianbao compare yiyuan-sfj 2024 --with last
      nianbao compare shili-zrzyj 2024 --with 2023 --json
      nianbao compare --year 2024
    """
    if all_of is not None:
        _compare_all(project_root(root), all_of, json)
        return
    if agency is None or year is None:
        raise UsageError("请写明机关代码和年度，或用 --year 比较某一年的全部机关")
    from nianbao.publishing.compare import (
        CHANGE_KINDS,
        LAST,
        percent,
        render_json,
        write_comparison,
    )

    found, page = write_comparison(project_root(root), agency, year, against)
    if json:
        print(render_json(found), end="")
        return
    sentences = "，".join(f"{CHANGE_KINDS[kind]}{count}句" for kind, count in found.counts.items())
    print(
        f"与{found.before.label}比较：{found.compared}项数据中{len(found.values)}项不同；{sentences}"
    )
    print(f"重复率{percent(found.repetition)}；核对发现{len(found.findings)}项")
    for note in found.notes:
        print(note)
    if against == LAST and not found.values and not found.changes:
        print("上次生成以来数据和正文没有改动；改过以后、重新生成以前，这里才有不同")
    print(page)


def _compare_all(root: Path, year: int, json: bool) -> None:
    from nianbao.batch.county_review import CERTAINTIES, review_county, write_county_review
    from nianbao.files.writing import dump_json

    review = review_county(root, year)
    if not review.bodies and not review.unread:
        raise UsageError(f"没有{year}年的报告")
    page = write_county_review(review, root)
    if json:
        print(dump_json({"year": year, "suspicions": list(map(asdict, review.suspicions))}), end="")
        return
    names = {body.agency: body.name for body in review.bodies}
    for found in review.suspicions:
        who = "、".join(names[agency] for agency in found.agencies)
        print(f"〔{CERTAINTIES[found.certainty]}〕{who}：{found.kind}，{found.message}")
    unread = f"；{len(review.unread)}个机关的数据不能读取" if review.unread else ""
    print(f"比较了{len(names)}个机关，有{len(review.suspicions)}处需要过问{unread}")
    print(page)


def verify(
    agency: AgencyArgument, year: YearArgument, json: JsonOption = False, root: RootOption = None
) -> None:
    """验证已生成的报告：读回核对、测量版式、重新生成并逐字节比较。

    \b
    示例：
      nianbao verify yiyuan-sfj 2024
    """
    from nianbao.files.writing import dump_json
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
    app.command(cls=BuildCommand)(build)
    for command in (pull, compare, verify):
        app.command(cls=Command)(command)
