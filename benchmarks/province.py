"""Very many bureaus in one project: what grows with their number, and how.

python benchmarks/province.py [--bureaus 5000] [--jobs 2] [--write]
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bureaus import YEAR, write_project
from many import second_run, watch

from batch import spent
from nianbao.batch.index import write_index
from nianbao.finished.batch_context import read_batch_context
from nianbao.inputs.project import list_reports

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance-province.md"
A_COUNTY = 60
"""Bureaus below one government."""
HEAD = """# 一个省的报告放在一个项目里

本页由 `python benchmarks/province.py --write` 写成，请勿手改。机关是虚构的，每{county}个属于\
一个县，只做网页（PDF 的时间见 [performance.md](performance.md)）。看的是：数量多了，什么跟着变大。

测量时机器上还有别的工作，所以一律用处理器时间，不用钟表时间；繁忙的机器上处理器时间也偏大，\
两列之间的差别才是要看的。

机器：{machine}。

| 项目 | {few}个机关 | {many}个机关 |
|---|---:|---:|
"""


@dataclass(frozen=True, slots=True)
class Province:
    """What a project of so many bureaus takes: seconds of processor, megabytes, kilobytes."""

    bureaus: int
    start: float
    early: float
    late: float
    parent: tuple[int, int]
    worker: int
    index: float
    again: float
    check: float
    pages: int
    first_page: int
    largest_page: int
    summary: int

    def lines(self) -> Iterator[tuple[str, str]]:
        """The lines of the table."""
        yield "开始前：列出报告，读各机关的名称和正文", f"{self.start:.1f} 秒"
        yield "每份：最初一成、最后一成（中位数）", f"{self.early:.2f}、{self.late:.2f} 秒"
        yield "主进程内存：开始后、结束时", f"{self.parent[0]}、{self.parent[1]} MB"
        yield "工作进程最多用内存", f"{self.worker} MB"
        yield "写总表", f"{self.index:.1f} 秒"
        yield "再运行一次，没有变化，每份", f"{self.again * 1000:.1f} 毫秒"
        yield "nianbao check 其中一个机关", f"{self.check:.1f} 秒"
        pages = f"{self.pages} 页：{self.first_page}、{self.largest_page} KB"
        yield "总表页数；首页、最大的一页", pages
        yield "summary.json", f"{self.summary} KB"


def write_province(root: Path, bureaus: int) -> str:
    """Write the bureaus, each below the government of its county; the code of the last."""
    made = write_project(root, bureaus)
    for number, each in enumerate(made):
        above = f"xian-{number // A_COUNTY:03d}"
        card = root / "params" / above / "agency.yaml"
        if not card.exists():
            card.parent.mkdir()
            name = f"示例省第{number // A_COUNTY + 1}县人民政府"
            card.write_text(f"name: {name}\nkind: government\n", encoding="utf-8")
        with (root / "params" / each.code / "agency.yaml").open("a", encoding="utf-8") as file:
            file.write(f"parent: {above}\n")
    return made[-1].code


def measure(work: Path, bureaus: int, jobs: int) -> Province:
    """Make all reports of a project, and all once more."""
    root, single = work / str(bureaus), work / f"single-{bureaus}"
    code = write_province(root, bureaus)
    write_province(single, 1)
    start = own_time(lambda: (list_reports(root), read_batch_context(root, YEAR).peers))
    seen = watch(root, jobs, ("html",))
    index = own_time(lambda: write_index(root, YEAR, ()))
    again = second_run(root, single, "html")
    command = [sys.executable, "-m", "nianbao", "check", code, str(YEAR), "--root", str(root)]
    check = spent(lambda: subprocess.run(command, check=False, capture_output=True))
    folder = root / "output" / str(YEAR)
    sizes = {path.name: path.stat().st_size // 1024 for path in folder.iterdir()}
    pages = [size for name, size in sizes.items() if name.endswith(".html")]
    found = Province(
        bureaus, start, seen.early, seen.late, seen.parent, seen.worker, index, again,
        check.processor, len(pages), sizes["index.html"], max(pages), sizes["summary.json"],
    )  # fmt: skip
    print(bureaus, *found.lines(), sep="\n", flush=True)
    return found


def own_time(work: Callable[[], object]) -> float:
    """Return the seconds of processor that something takes in this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


GROWN = """
## 什么跟着变大

| 项目 | 机关多{times:.0f}倍，变为几倍 | |
|---|---:|---|
"""


def grown(few: Province, many: Province) -> str:
    """Say of each figure whether it grows with the number of bureaus, slower, or not at all."""
    times = many.bureaus / few.bureaus
    text = GROWN.format(times=times)
    for what, before, after in (
        ("开始前读的", few.start, many.start),
        ("每份报告", few.late, many.late),
        ("主进程内存", few.parent[1], many.parent[1]),
        ("工作进程内存", few.worker, many.worker),
        ("写总表", few.index, many.index),
        ("再运行一次，每份", few.again, many.again),
        ("核对一个机关", few.check, many.check),
        ("总表首页", few.first_page, many.first_page),
        ("总表最大的一页", few.largest_page, many.largest_page),
        ("summary.json", few.summary, many.summary),
    ):
        factor = after / before if before else 0.0
        said = (
            "不变" if factor < 1.15 else "与数量成正比" if factor > times / 2 else "变大，慢于数量"
        )
        said = "**比数量增长得快**" if factor > 1.5 * times else said
        text += f"| {what} | {factor:.1f} | {said} |\n"
    return text


def main() -> None:
    """Measure a tenth of the bureaus and all of them, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bureaus", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    given = parser.parse_args()
    machine = f"{platform.system()} {platform.machine()}，{os.cpu_count()}个处理器"
    with TemporaryDirectory(prefix="province-") as name:
        few, many = (
            measure(Path(name), bureaus, given.jobs)
            for bureaus in (given.bureaus // 10, given.bureaus)
        )
        page = HEAD.format(county=A_COUNTY, machine=machine, few=few.bureaus, many=many.bureaus)
        for (what, small), (_, large) in zip(few.lines(), many.lines(), strict=True):
            page += f"| {what} | {small} | {large} |\n"
        page += grown(few, many)
        print(page, flush=True)
        if given.write:  # before the files of thousands of reports are removed, which takes minutes
            PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
