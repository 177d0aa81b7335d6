"""``nianbao batch``.

Apart because a batch has options and a display that no single report has.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nianbao.cli.options import Command, DraftOption, JsonOption, RootOption, ToOption, project_root


def batch(
    year: Annotated[
        int | None,
        typer.Option("--year", metavar="年度", help="不写则取最近的年度", show_default=False),
    ] = None,
    agency: Annotated[
        list[str] | None,
        typer.Option(
            "--agency", metavar="机关代码",
            help="只做这些机关，可重复，* 代表任意字符；不写则全部", show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            "-j", "--jobs", metavar="份数", min=0,
            help="同时生成几份；不写则与处理器数相同", show_default=False,
        ),
    ] = 0,
    to: ToOption = "html,pdf,docx",
    force: Annotated[
        bool, typer.Option("--force", help="没有变化的也重做", show_default=False)
    ] = False,
    draft: DraftOption = False,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="有一份未成功就不再继续", show_default=False)
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="逐份说明为什么重做或跳过", show_default=False)
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler", metavar="地址", show_default=False,
            help="交给 Dask 集群，如 tcp://10.0.0.1:8786（见 docs/cluster.md）",
        ),
    ] = None,
    json: JsonOption = False,
    root: RootOption = None,
) -> None:  # fmt: skip
    """生成许多份报告；没有变化的跳过，一份出错不影响其他。一览表在 output/<年度>/index.html。

    \b
    示例：
      nianbao batch --year 2024
      nianbao batch --year 2024 --agency "shili-*" -j 4
      nianbao batch --year 2024 --explain
    """
    from nianbao.batch.index import write_index
    from nianbao.batch.run import BatchOptions, OpenWorkers, batch_lock, choose_reports, run_batch
    from nianbao.batch.worker_pool import open_pool
    from nianbao.cli.batch_progress import show_progress
    from nianbao.finished.options import BuildOptions, parse_formats

    options = BatchOptions(
        BuildOptions(parse_formats(to), draft), jobs=jobs, force=force, fail_fast=fail_fast
    )
    folder = project_root(root).resolve()
    reports = choose_reports(folder, year, agency or ())
    wanted = reports[0][1]
    open_workers: OpenWorkers = open_pool
    if scheduler:
        from nianbao.batch.cluster import cluster_pool

        open_workers, options = cluster_pool(scheduler, options)
    with batch_lock(folder, wanted), show_progress(folder, explain) as progress:
        try:
            run_batch(folder, reports, options, progress, open_workers)
        except KeyboardInterrupt:
            print("已停止。做好的报告都已留下，再次运行时接着做。", file=sys.stderr)
            raise typer.Exit(130) from None
        finally:
            page = write_index(folder, wanted, progress.outcomes)
    if json:
        print(page.with_name("summary.json").read_text(encoding="utf-8"), end="")
    else:
        print(page)
    print(progress.conclusion(), file=sys.stderr)
    if any(outcome.status == "failed" for outcome in progress.outcomes):
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command(cls=Command)(batch)
