"""Where the time of a report goes, in a warm process."""

from __future__ import annotations

import cProfile
import pstats
from pathlib import Path

from bureaus import YEAR

STAGES = (
    ("读数据", "inputs/load.py", "load_inputs"),
    ("算表、核对、审读", "notebook/report.py", "findings"),
    ("运行笔记本（含制图）", "notebook/execution.py", "run_notebook"),
    ("　其中制图", "statistics/charts/registry.py", "draw_chart"),
    ("网页", "documents/html.py", "render_html"),
    ("PDF 排版", "documents/pdf.py", "render_pdf"),
    ("读回核对", "publishing/proof.py", "prove"),
    ("　其中读回 PDF", "documents/readback/readers.py", "read_pdf"),
    ("清单与校验和", "finished/manifest.py", "text"),
)
"""Name, file and function of each stage."""


def table(root: Path) -> str:
    """The share of each stage, as Markdown."""
    from nianbao.finished.batch_context import read_batch_context
    from nianbao.finished.options import BuildOptions
    from nianbao.publishing.build import build_report

    code = sorted(path.name for path in (root / "params").iterdir())[0]
    context = read_batch_context(root, YEAR)
    options = BuildOptions(("html", "pdf"))
    for _ in range(2):
        build_report(root, code, YEAR, options, context)
    profile = cProfile.Profile()
    profile.runcall(build_report, root, code, YEAR, options, context)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # not in its types
    spent = {(file, name): cumulated for (file, _, name), (_, _, _, cumulated, _) in stats.items()}

    def seconds(file: str, name: str) -> float:
        return max((s for (f, n), s in spent.items() if f.endswith(file) and n == name), default=0)

    whole = seconds("publishing/build.py", "build_report")
    rows = "\n".join(
        f"| {stage} | {seconds(file, name) / whole * 100:.0f} % |" for stage, file, name in STAGES
    )
    return (
        "一份报告（网页和 PDF）在已热身的进程中，各步占全部时间的比例（cProfile；"
        "剖析本身使纯 Python 的步骤显得略大）：\n\n| 步骤 | 比例 |\n|---|---|\n" + rows + "\n"
    )
