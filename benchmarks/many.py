"""A batch of very many bureaus, watched while it runs."""

from __future__ import annotations

import io
import re
import resource
import statistics
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from bureaus import YEAR, Bureau

from nianbao.batch.run import BatchOptions, Listener, choose_reports, run_batch
from nianbao.batch.worker import Outcome
from nianbao.finished.options import BuildOptions

MARKER = re.compile(r"[A-Z]{12}")


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds of processor a report at both ends; megabytes of the parent then, of a worker."""

    early: float
    late: float
    parent: tuple[int, int]
    worker: int


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 2**20


class _Watcher(Listener):
    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.sizes: list[int] = []

    def finished(self, outcome: Outcome) -> None:
        if outcome.status != "built":
            raise RuntimeError(f"{outcome.agency}: {outcome.problems}")
        self.outcomes.append(outcome)
        self.sizes.append(_resident())


def watch(root: Path, jobs: int, formats: Sequence[str]) -> Seen:
    """Run the batch in this process, which is then the parent that is watched."""
    watcher = _Watcher()
    reports = choose_reports(root, YEAR, [])
    options = BatchOptions(BuildOptions(tuple(formats)), jobs=jobs)
    run_batch(root, reports, options, watcher)
    tenth = max(1, len(reports) // 10)
    spent = [outcome.cpu_seconds for outcome in watcher.outcomes]
    return Seen(
        statistics.median(spent[:tenth]),
        statistics.median(spent[-tenth:]),
        (watcher.sizes[tenth - 1], watcher.sizes[-1]),
        max(outcome.memory_mb for outcome in watcher.outcomes),
    )


def second_run(root: Path, single: Path, formats: str = "html,pdf") -> float:
    """Seconds of processor a report when nothing has changed; ``single`` is a project of one
    report, which gives what the start of the command takes.
    """
    command = [sys.executable, "-m", "nianbao", "batch", "--to", formats, "--root"]

    def seconds(of: Path) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*command, str(of)], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    seconds(single)  # makes what is to be skipped
    start_alone = min(seconds(single) for _ in range(3))
    number = len(choose_reports(root, YEAR, []))
    return (min(seconds(root) for _ in range(3)) - start_alone) / max(1, number - 1)


def _text(path: Path) -> str:
    if path.suffix == ".pdf":
        pdf = pypdfium2.PdfDocument(path)  # pdfplumber would take a second for each
        return "".join(page.get_textpage().get_text_range() for page in pdf)
    data = path.read_bytes()
    if path.suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(data)) as word:
            data = b"".join(word.read(name) for name in word.namelist())
    return data.decode("utf-8", "replace")


def mixed_up(root: Path, bureaus: Sequence[Bureau]) -> list[str]:
    """Files that lack their own marker where it belongs, or hold another bureau's."""
    markers = {bureau.marker for bureau in bureaus}
    wrong = []
    for bureau in bureaus:
        for path in (root / "output" / bureau.code / str(YEAR)).rglob("*"):
            if not path.is_file():
                continue
            found = markers.intersection(MARKER.findall(_text(path)))
            must = (
                path.suffix in (".html", ".pdf", ".json", ".ipynb") and path.name != "manifest.json"
            )
            if found - {bureau.marker} or (must and not found):
                wrong.append(str(path))
    return wrong
