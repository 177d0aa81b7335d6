"""Where the time of a report goes, in a process of a batch; before and after a change.

python benchmarks/profiles.py [--write]

``--write`` keeps what is measured as the state with which later ones are compared
(benchmarks/profile.json); the page shows both.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bureaus import YEAR, write_project

KEPT = Path(__file__).resolve().parent / "profile.json"
REPORTS = 6
STAGES = (
    ("读数据", "nianbao.publishing.build", "load_inputs"),
    ("算表、核对、审读、列事实", "nianbao.publishing.proof", "Expected.of"),
    ("运行笔记本（含制图）", "nianbao.publishing.build", "run_notebook"),
    ("　其中制图", "nianbao.notebook.report", "Report.figure"),
    ("　其中写笔记本", "nianbao.notebook.execution", "notebook_text"),
    ("网页", "nianbao.documents.html", "render_html"),
    ("PDF 排版", "nianbao.documents.pdf", "render_pdf"),
    ("　其中量各块的高、排页", "nianbao.documents.pdf", "_plan"),
    ("　其中补表格标记", "nianbao.documents.pdf", "mark_row_heads"),
    ("读回核对", "nianbao.publishing.build", "prove"),
    ("　其中读回 PDF", "nianbao.documents.readback", "read_pdf"),
    ("全部", "nianbao.publishing.build", "build_report"),
)
"""Name, module and function of each stage; what is further in is a part of the one above."""

Profile = Mapping[str, float]
"""Milliseconds of processor for each stage, ``系统`` among them."""


def measure(root: Path) -> dict[str, float]:
    """Return what each stage of a report takes in a copy of the batch's server: medians."""
    from nianbao.batch.worker_server import warm_up
    from nianbao.files.reading_process import reading_here
    from nianbao.finished.batch_context import read_batch_context
    from nianbao.finished.options import BuildOptions
    from nianbao.publishing import build

    context = read_batch_context(root, YEAR)
    warm_up(root, context, root / "kept")
    assert context.peers  # read once, before the first copy
    spent = _watched()
    gc.collect()
    gc.freeze()
    found: list[dict[str, float]] = []
    for code in sorted(path.name for path in (root / "params").iterdir())[:REPORTS]:
        reader, writer = os.pipe()
        if not (child := os.fork()):  # as the server does, since a second report is cheaper
            with reading_here():
                build.build_report(root, code, YEAR, BuildOptions(("html", "pdf")), context)
            os.write(writer, json.dumps(spent).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as pipe:
            said = json.load(pipe)
        usage = os.wait4(child, 0)[2]
        found.append({**said, "进程": usage.ru_utime + usage.ru_stime, "系统": usage.ru_stime})
    return {name: statistics.median(each[name] for each in found) * 1000 for name in found[0]}


def _watched() -> dict[str, float]:
    """Have each stage add its seconds to what is returned."""
    spent = {name: 0.0 for name, _, _ in STAGES}

    def watched(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **more: Any) -> Any:
            start = time.process_time()
            try:
                return work(*args, **more)
            finally:
                spent[name] += time.process_time() - start

        return run

    from importlib import import_module

    for name, module, path in STAGES:
        *owners, last = path.split(".")
        owner: Any = import_module(module)
        for each in owners:
            owner = getattr(owner, each)
        setattr(owner, last, watched(name, getattr(owner, last)))
    return spent


def table(now: Profile) -> str:
    """Return both states side by side, as Markdown."""
    before: Profile = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    rows = "\n".join(
        f"| {name} | {before[name]:.0f} | {spent:.0f} |" if name in before
        else f"| {name} | | {spent:.0f} |"
        for name, spent in now.items()
    )  # fmt: skip
    return (
        "一份报告（网页和 PDF）在批量的工作进程中，各步所用的处理器时间"
        f"（毫秒，{REPORTS}份的中位数；每份是服务进程的一个新副本，字体和模板由服务进程读入）。"
        "“改前”是仓库里存的上一次状态（benchmarks/profile.json，由 "
        "`python benchmarks/profiles.py --write` 写成），机器的忙闲不同时两列不可直接相比。\n\n"
        f"| 步骤 | 改前 | 现在 |\n|---|---:|---:|\n{rows}\n"
    )


def main() -> None:
    """Measure; keep it when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write benchmarks/{KEPT.name}")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="profile-") as name:
        write_project(Path(name), REPORTS)
        found = measure(Path(name))
    print(table(found))
    if given.write:
        KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
