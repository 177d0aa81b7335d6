"""Measure the batch beside the usual way, in one run on this machine, and write it down.

    python benchmarks/batch.py [--quick] [--many 1000] [--write]

The usual way is what people do with the standard tools: ``papermill`` for the notebook, then
``jupyter nbconvert`` once for each format. Both ways make the same reports at the same
parallelism. Ratios hold on other machines, seconds do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import floor
import many
import profiles
from bureaus import YEAR, write_project

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "performance.md"
BIN = Path(sys.executable).parent
FORMATS = ("html", "pdf")
JANUARY = (("一个县", 60, 2), ("一个市", 1000, 8), ("一个省", 20000, 32), ("全国", 200000, 320))
"""On paper, from what a report was measured to cost: whose, reports, processors."""


@dataclass(frozen=True, slots=True)
class Line:
    """A measured figure: what, how much, and what was wanted (and whether it was reached)."""

    what: str
    found: str
    wanted: str = ""
    fine: bool = True


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, and of processors."""

    clock: float
    processor: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.clock + other.clock, self.processor + other.processor)

    def __truediv__(self, number: float) -> Cost:
        return Cost(self.clock / number, self.processor / number)

    def __str__(self) -> str:
        return f"{self.clock:.2f} 秒；处理器 {self.processor:.2f} 秒"


def spent(work: Callable[[], object]) -> Cost:
    """What it costs, programs that it starts and waits for included."""

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    clock, processor = time.perf_counter(), used()
    work()
    return Cost(time.perf_counter() - clock, used() - processor)


def run(command: Sequence[str | Path], root: Path) -> None:
    """Run a program in a project."""
    subprocess.run(
        [str(part) for part in command], cwd=root, check=True, capture_output=True,
        env={**os.environ, "NIANBAO_ROOT": str(root)},
    )  # fmt: skip


def usual(root: Path, code: str, out: Path) -> None:
    """One report with the standard tools."""
    notebook = out / f"{code}.ipynb"
    run(
        [BIN / "papermill", "notebooks/report.ipynb", notebook,
         "-f", f"params/{code}/{YEAR}.yaml", "--no-progress-bar"], root,
    )  # fmt: skip
    for format_ in FORMATS:
        run([BIN / "jupyter", "nbconvert", "--to", f"nianbao_{format_}", notebook], root)


def usual_batch(root: Path, codes: Sequence[str], out: Path, jobs: int) -> Cost:
    """The standard tools, so many reports at the same time."""
    with ThreadPoolExecutor(jobs) as pool:
        return spent(lambda: list(pool.map(lambda code: usual(root, code, out), codes)))


def batch(root: Path, jobs: int, *options: str) -> Cost:
    """A whole batch."""
    command = [sys.executable, "-m", "nianbao", "batch", "--root", root, "--year", str(YEAR)]
    return spent(
        lambda: run([*command, "--to", ",".join(FORMATS), "-j", str(jobs), *options], root)
    )


def compare(work: Path, reports: int, sample: int, jobs: int) -> Iterator[Line]:
    """The county: both ways, and the floor; in turns, so that other load falls on all of them."""
    root = work / "county"
    codes = [b.code for b in write_project(root, reports)]
    half, few = sample // 2, codes[: min(20, reports)]
    theirs = usual_batch(root, codes[:half], work, jobs)
    ours = batch(root, jobs)
    first = floor.measure(root, few, jobs)
    theirs = (theirs + usual_batch(root, codes[half:sample], work, jobs)) / sample
    ours = (ours + batch(root, jobs, "--force")) / (2 * reports)
    second = floor.measure(root, few, jobs)
    plain, proved = (Cost(*(statistics.mean(p) for p in zip(*pair, strict=True)))
                     for pair in zip(first, second, strict=True))  # fmt: skip
    yield Line(
        f"惯用方法，每份（同时{jobs}份，实测{sample}份，推算到{reports}份）",
        f"{theirs}",
    )
    yield Line(
        f"nianbao batch，每份（同时{jobs}份，{reports}份两次，含启动）",
        f"{ours}",
    )
    yield Line(
        f"下限，每份：同样的表、图、网页、PDF，{jobs}个热进程",
        f"{plain}",
    )
    yield Line("下限加上发布前的读回核对，每份", f"{proved}")
    for where, number, processors in JANUARY:
        minutes = number * ours.processor / processors / 60
        what = f"推算：{where}{number}份、{processors}个处理器（份数×每份处理器时间÷处理器数）"
        yield Line(what, f"{minutes:.1f} 分钟")
    for name, part, wanted in (("时钟", "clock", 20), ("处理器", "processor", 16)):
        own, usual_cost = getattr(ours, part), getattr(theirs, part)
        ratio = usual_cost / own
        yield Line(
            f"惯用方法是 nianbao 的多少倍（{name}）",
            f"{ratio:.1f}",
            f"≥ {wanted}",
            ratio >= wanted,
        )
        bound = usual_cost / getattr(plain, part)
        yield Line(f"　惯用方法是下限的多少倍：再快也到不了更高（{name}）", f"{bound:.1f}")
        share = own / getattr(plain, part)
        yield Line(f"nianbao 是下限的多少倍（{name}）", f"{share:.2f}", "≤ 1.3", share <= 1.3)
        proof = own / getattr(proved, part)
        yield Line(f"　下限也加上读回核对（{name}）", f"{proof:.2f}")


def cold(work: Path, rounds: int) -> Iterator[Line]:
    """One report from nothing."""
    root = work / "cold"
    (code,) = (b.code for b in write_project(root, 1))
    build = [sys.executable, "-m", "nianbao", "build", code, str(YEAR), "--to", "html,pdf"]
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(spent(lambda: run([*build, "--root", root], root)))
        theirs.append(spent(lambda: usual(root, code, work)))
    for name, part in (("时钟", "clock"), ("处理器", "processor")):
        own, other = (statistics.median(getattr(c, part) for c in all_) for all_ in (ours, theirs))
        what = (
            f"单份：nianbao build {own:.2f} 秒，惯用方法 {other:.2f} 秒（{name}，{rounds}次中位数）"
        )
        yield Line(
            what,
            f"{own / other:.2f}",
            "≤ 0.25",
            own / other <= 0.25,
        )


OPEN_COUNTY = """
import gc, sys, time
from pathlib import Path
from nianbao.notebook.report import Report
gc.set_threshold(50_000)  # as in every command
start = time.process_time()
Report.open("shili-xzf", 2024, root=Path(sys.argv[1])).tables
print(time.process_time() - start)
"""
IMPORT_PDF = """
import sys, time
from pathlib import Path
from nianbao.files.sources import Source
from nianbao.inputs.published.report import read_published
from nianbao.statutory import load_format
data = Path(sys.argv[1]).read_bytes()
import pikepdf, pypdfium2
start = time.process_time()
read_published(Source("a.pdf", data), load_format())
print(time.process_time() - start)
"""
"""Seconds of processor, without the start of Python."""


def _inside(script: str, argument: Path) -> float:
    command = [sys.executable, "-c", script, str(argument)]
    return min(
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(3)
    )


def alone(work: Path) -> Iterator[Line]:
    """What a person waits for: one command, one government opened, one report imported."""
    root = work / "cold"  # has one built report
    (code,) = (folder.name for folder in (root / "params").iterdir())
    nianbao = [sys.executable, "-m", "nianbao"]
    check = [*nianbao, "check", code, str(YEAR), "--root", root]
    for what, command, most in (
        ("nianbao --help，处理器", [*nianbao, "--help"], 0.2),
        ("nianbao check 一个机关，处理器", check, 0.6),
    ):
        took = min(spent(lambda c=command: run(c, root)).processor for _ in range(3))
        yield Line(what, f"{took:.2f} 秒", f"≤ {most}", took <= most)
    county = work / "government"
    write_county = REPOSITORY / "tools" / "make_county.py"
    run([sys.executable, write_county, county, "--units", "60"], root)
    took = _inside(OPEN_COUNTY, county)
    yield Line("打开有60个单位的政府的报告，处理器", f"{took:.2f} 秒", "≤ 1", took <= 1)
    took = _inside(IMPORT_PDF, root / "output" / code / str(YEAR) / "report.pdf")
    yield Line("读入一份已公布的 PDF，处理器", f"{took:.2f} 秒", "≤ 0.5", took <= 0.5)


def large(work: Path, number: int, jobs: int) -> Iterator[Line]:
    """Many bureaus: no slowing down, no growing, no mixing, and nothing done twice."""
    root = work / "many"
    bureaus = write_project(root, number)
    seen = many.watch(root, jobs, FORMATS)
    drift = seen.late / seen.early - 1
    what = f"{number}份：最后一成每份所用的处理器时间比最初一成"
    yield Line(what, f"{drift * 100:+.1f} %", "±10 % 以内", abs(drift) <= 0.1)
    yield Line("主进程内存：开始后、结束时", f"{seen.parent[0]}、{seen.parent[1]} MB",
               "持平", seen.parent[1] - seen.parent[0] <= max(20, number // 25))  # fmt: skip
    yield Line(
        "工作进程最多用内存",
        f"{seen.worker} MB",
        "≤ 300 MB",
        seen.worker <= 300,
    )
    single = work / "single"
    write_project(single, 1)
    second = many.second_run(root, single)
    yield Line(
        "再运行一次，没有变化，每份",
        f"{second * 1000:.1f} 毫秒",
        "≤ 3",
        second <= 0.003,
    )
    mixed = many.mixed_up(root, bureaus)
    yield Line(f"{number}份各有暗记，混入别家内容的文件", f"{len(mixed)} 个", "0", not mixed)


def describe() -> str:
    """The machine, as far as it matters."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.system()} {platform.machine()}，{os.cpu_count()}个处理器，"
        f"{memory:.0f} GB 内存，Python {platform.python_version()}；"
        f"测量开始时的系统负载 {os.getloadavg()[0]:.1f}"
    )


def page(machine: str, lines: Sequence[Line], profile: str) -> str:
    """docs/performance.md."""
    rows = "\n".join(
        f"| {line.what} | {line.found} | {line.wanted} | "
        f"{('达到' if line.fine else '**没有达到**') if line.wanted else ''} |"
        for line in lines
    )
    head = (
        "# 生成速度\n\n本页由 `make bench` 写成，请勿手改。两种方法在同一次运行、同一台机器上测量；"
        "秒数因机器而异，倍数可以参考。\n\n"
        "“惯用方法”指先用 `papermill` 运行笔记本，再用 `jupyter nbconvert` 按格式各导出一次；"
        "每份报告只做网页和 PDF。虚构机关由 `benchmarks/bureaus.py` 生成，每次相同。\n\n"
    )
    return (
        f"{head}机器：{machine}。\n\n| 项目 | 实测 | 目标 | 结果 |\n|---|---|---|---|\n{rows}\n\n"
        f"## 时间用在哪里\n\n{profile}"
    )


def main() -> int:
    """Measure, print, and write the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few reports, to try the benchmark")
    parser.add_argument("--reports", type=int, default=60)
    parser.add_argument("--usual", type=int, default=6, help="reports made in the usual way")
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    given = parser.parse_args()
    if given.quick:
        given.reports, given.usual, given.many = 6, 2, 12
    machine = describe()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        work = Path(name)
        parts = (
            compare(work, given.reports, given.usual, given.jobs),
            cold(work, 1 if given.quick else 3),
            alone(work),
            large(work, given.many, given.jobs),
        )
        for line in (line for part in parts for line in part):
            lines.append(line)
            mark = "" if line.fine else "  没有达到"
            print(f"{line.what}：{line.found}  {line.wanted}{mark}", flush=True)
        profile = profiles.table(work / "county")
    print(profile)
    print(json.dumps({line.what: line.found for line in lines}, ensure_ascii=False))
    if given.write:
        PAGE.write_text(page(machine, lines, profile), encoding="utf-8")
    return 0 if all(line.fine for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
