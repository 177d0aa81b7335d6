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
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import floor
import many
import profiles
from bureaus import YEAR, write_project

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "performance.md"
PROVINCE = PAGE.with_name("performance-province.md")
"""Made by `benchmarks/province.py`, which takes longer than this."""
BIN = Path(sys.executable).parent
FORMATS = ("html", "pdf")
JANUARY = (("一个县", 60, 2), ("一个市", 1000, 8), ("一个省", 20000, 32), ("全国", 200000, 320))
"""On paper, from what a report was measured to cost: whose, reports, processors."""


@dataclass(frozen=True, slots=True)
class Line:
    """A measured figure: what, how much, and what was wanted (and whether it was reached).

    ``holds_back`` is a key of `REASONS`: where to look when it was not.
    """

    what: str
    found: str
    wanted: str = ""
    fine: bool = True
    holds_back: str = ""


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


def compare(work: Path, reports: int, sample: int, jobs: int, measured: Measured) -> Iterator[Line]:
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
    measured.report = ours.processor
    for name, part, wanted in (("时钟", "clock", 20), ("处理器", "processor", 16)):
        own, usual_cost = getattr(ours, part), getattr(theirs, part)
        ratio = usual_cost / own
        yield Line(
            f"惯用方法是 nianbao 的多少倍（{name}）",
            f"{ratio:.1f}",
            f"≥ {wanted}",
            ratio >= wanted,
            "report",
        )
        bound = usual_cost / getattr(plain, part)
        yield Line(f"　惯用方法是下限的多少倍：再快也到不了更高（{name}）", f"{bound:.1f}")
        share = own / getattr(plain, part)
        yield Line(
            f"nianbao 是下限的多少倍（{name}）",
            f"{share:.2f}",
            "≤ 1.3",
            share <= 1.3,
            "beyond the floor",
        )
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
            "imports of build",
        )


@dataclass
class Measured:
    """Seconds of processor that the line to more reports is drawn from; filled on the way."""

    report: float = 0.0
    start: float = 0.0
    skip: float = 0.0


OPEN_COUNTY = """
import gc, sys, time
from pathlib import Path
from nianbao.notebook.report import Report
gc.set_threshold(500_000)  # as in every command
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
        yield Line(what, f"{took:.2f} 秒", f"≤ {most}", took <= most, "imports of check")
    county = work / "government"
    write_county = REPOSITORY / "tools" / "make_county.py"
    run([sys.executable, write_county, county, "--units", "60"], root)
    took = _inside(OPEN_COUNTY, county)
    yield Line("打开有60个单位的政府的报告，处理器", f"{took:.2f} 秒", "≤ 1", took <= 1, "units")
    took = _inside(IMPORT_PDF, root / "output" / code / str(YEAR) / "report.pdf")
    yield Line("读入一份已公布的 PDF，处理器", f"{took:.2f} 秒", "≤ 0.5", took <= 0.5)


def _program(script: str, repeats: int = 3) -> float:
    """Return the seconds of processor that a small program takes."""
    command = [sys.executable, "-c", script]
    return min(spent(lambda: run(command, REPOSITORY)).processor for _ in range(repeats))


_AS_A_COMMAND = "import gc; gc.set_threshold(500_000)"
_CHECK = {
    "typer、pydantic": "import pydantic, typer",
    "pandas": "import pandas",
    "nianbao": "import nianbao.cli.main, nianbao.notebook.readable, nianbao.prose.review",
}
LOADED = {
    "imports of check": _CHECK,
    "imports of build": {
        **_CHECK,
        "matplotlib": "import matplotlib.backends.backend_svg",
        "papermill": "from nianbao.notebook import execution\n"
        "with execution._without_formats(): import papermill.execute",
        "IPython、网页和 PDF 的": "import nianbao.notebook.in_process_kernel, jinja2, typst\n"
        "import pikepdf, pypdfium2, nianbao.documents.html, nianbao.documents.pdf\n"
        "import nianbao.publishing.build",
    },
}
"""What a command loads, each package on top of those before it."""


def skipping(root: Path) -> str:
    """Say what looking for changes takes a report, part by part: milliseconds of processor."""
    from nianbao.finished import freshness
    from nianbao.finished.batch_context import read_batch_context
    from nianbao.finished.folder import report_folder
    from nianbao.finished.manifest import read_manifest

    context = read_batch_context(root, YEAR)
    codes = sorted(path.name for path in (root / "params").iterdir())
    sets = {code: report_folder(root, code, YEAR) for code in codes}
    manifests = {code: manifest for code in codes if (manifest := read_manifest(sets[code]))}
    parts: dict[str, Callable[[str], object]] = {
        "输入文件的校验和": lambda code: freshness.input_files(root, code, YEAR, context),
        "已生成文件的校验和": lambda code: freshness._outputs(sets[code], manifests[code]),
        "读 report.json": lambda code: freshness._summary(sets[code]),
        "读清单": lambda code: read_manifest(sets[code]),
    }
    spent_: dict[str, float] = {}
    for part, look in parts.items():
        rounds = []
        for _ in range(3):
            begun = time.process_time()
            for code in codes:
                look(code)
            rounds.append(time.process_time() - begun)
        spent_[part] = min(rounds) / len(codes) * 1000
    return "、".join(f"{part} {each:.1f}" for part, each in spent_.items())


def reasons(profile: profiles.Profile, start: float, root: Path) -> dict[str, str]:
    """Say what holds back each kind of target, measured now.

    ``start`` is what the start of a batch takes, shared out among its reports, which are in
    ``root``.
    """
    stages = {
        name: spent_ for name, spent_ in profile.items() if name not in ("全部", "进程", "系统")
    }
    first = {n: s for n, s in stages.items() if not n.startswith("\u3000")}
    most = sorted(first.items(), key=lambda pair: -pair[1])[:4]
    parts = "、".join(f"{name} {spent_:.0f}" for name, spent_ in most)
    found = {
        "report": f"每份{profile['进程']:.0f}毫秒处理器：{parts}；字体、模板、程序已由服务进程读入"
        "，余下的是每份自己的文字、表和图"
    }
    cells = stages["运行笔记本（含制图）"] - stages["　其中制图"]
    found["beyond the floor"] = (
        f"下限里没有的（毫秒）：笔记本的格和记录 {cells:.0f}、读回核对 {stages['读回核对']:.0f}，"
        f"新副本缺页等系统时间 {profile['系统']:.0f}，启动分摊到每份 {start * 1000:.0f}"
    )
    bare = _program("pass")
    for key, packages in LOADED.items():
        seconds, before, script = [], bare, _AS_A_COMMAND
        for package, statement in packages.items():
            script = f"{script}\n{statement}"
            now = _program(script)
            seconds.append(f"{package} {max(0.0, now - before):.2f}")
            before = now
        found[key] = f"只是装入程序就用{before:.2f}秒（Python {bare:.2f}、{'、'.join(seconds)}）"
    found["skip"] = (
        f"各部分（毫秒）：{skipping(root)}；其余是总表和开始前读的，均摊到每份"
        "（见 finished/freshness.py）"
    )
    found["units"] = "60个单位、3个年度，每个单位每年的文件都要读、算（见 inputs/children.py）"
    return found


def large(work: Path, number: int, jobs: int, measured: Measured) -> Iterator[Line]:
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
    measured.skip = second
    measured.start = max(0.0, batch(single, 1, "--force").processor - measured.report)
    yield Line(
        "再运行一次，没有变化，每份（处理器）",
        f"{second * 1000:.1f} 毫秒",
        "≤ 3",
        second <= 0.003,
        "skip",
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


def page(
    machine: str, lines: Sequence[Line], profile: str, because: Mapping[str, str], scale: str
) -> str:
    """docs/performance.md."""

    def result(line: Line) -> str:
        if line.fine:
            return "达到" if line.wanted else ""
        why = because.get(line.holds_back, "")
        return f"**没有达到**{'：' + why if why else ''}"

    rows = "\n".join(
        f"| {line.what} | {line.found} | {line.wanted} | {result(line)} |" for line in lines
    )
    head = (
        "# 生成速度\n\n本页由 `make bench` 写成，请勿手改。两种方法在同一次运行、同一台机器上测量；"
        "秒数因机器而异，倍数可以参考。没有达到的，原因也是这次运行中量出来的。\n\n"
        "“惯用方法”指先用 `papermill` 运行笔记本，再用 `jupyter nbconvert` 按格式各导出一次；"
        "每份报告只做网页和 PDF。虚构机关由 `benchmarks/bureaus.py` 生成，每次相同。\n\n"
    )
    return (
        f"{head}机器：{machine}。\n\n| 项目 | 实测 | 目标 | 结果 |\n|---|---|---|---|\n{rows}\n\n"
        f"## 时间用在哪里\n\n{profile}\n## 到二十万份\n\n{scale}"
    )


def to_the_whole_country(measured: Measured) -> str:
    """Draw the line from what was measured here to 200,000 reports with Dask."""
    more = "一个项目里份数多了什么会变大，见 [performance-province.md](performance-province.md)。"
    more = more if PROVINCE.exists() else ""
    rows = ""
    for where, number, processors in JANUARY:
        work = number * measured.report / processors
        alone = number * measured.skip
        minutes = (max(work, alone) + measured.start) / 60
        rows += (
            f"| {where} | {number} | {processors} | {work / 60:.1f} | {alone / 60:.1f} "
            f"| {minutes:.1f} |\n"
        )
    return (
        f"由这次实测推算：一份{measured.report:.2f}秒处理器，工作进程预热{measured.start:.1f}秒"
        f"（每台机器一次，各机器同时），主进程逐份核对是否有变化{measured.skip * 1000:.1f}毫秒"
        "（一个项目只有一个主进程，与工作同时进行）。所用时间取两者中长的，再加预热。\n\n"
        "| 范围 | 份数 | 处理器 | 工作（分） | 主进程（分） | 合计（分） |\n"
        f"|---|---:|---:|---:|---:|---:|\n{rows}\n"
        "`nianbao batch --scheduler tcp://…` 把报告分给 Dask 的各个工作节点，每个节点上仍是预热过的"
        "服务进程的副本（[cluster.md](cluster.md)），所以每份的处理器时间与本机相同。"
        "主进程的一列说明：二十万份放在一个项目里时，主进程先成为瓶颈；一县或一市一个项目"
        "（各单位的数据本来就在各县）就没有这一列。"
        f"{more}这一节是推算，没有在320个处理器上运行过。\n"
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
    machine, measured = describe(), Measured()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        work = Path(name)
        parts = (
            compare(work, given.reports, given.usual, given.jobs, measured),
            cold(work, 1 if given.quick else 3),
            alone(work),
            large(work, given.many, given.jobs, measured),
        )
        for line in (line for part in parts for line in part):
            lines.append(line)
            mark = "" if line.fine else "  没有达到"
            print(f"{line.what}：{line.found}  {line.wanted}{mark}", flush=True)
        profile = profiles.measure(work / "county")
        because = reasons(profile, measured.start / given.reports, work / "county")
    scale = to_the_whole_country(measured)
    text = page(machine, lines, profiles.table(profile), because, scale)
    print(text)
    print(json.dumps({line.what: line.found for line in lines}, ensure_ascii=False))
    if given.write:
        PAGE.write_text(text, encoding="utf-8")
    return 0 if all(line.fine for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
