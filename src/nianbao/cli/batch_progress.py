"""Show the progress of a batch on stderr: on a terminal a bar and the running reports, else lines.

Apart because it loads the batch, which parsing a command must not do.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed
from rich.text import Text

from nianbao.batch.run import Listener
from nianbao.batch.worker import Job, Outcome, forget_notes
from nianbao.cli.findings import count_words

SAID = {"built": "已生成", "skipped": "跳过", "failed": "未成功"}


class Lines(Listener):
    """One line for each report that is done; skipped ones only when reasons are asked for."""

    def __init__(self, root: Path, explain: bool, stream: TextIO) -> None:
        self.outcomes: list[Outcome] = []
        self._root = root
        self._explain, self._stream = explain, stream
        self._total = 0
        self._start = time.monotonic()

    def planned(self, total: int) -> None:
        self._total = total

    def finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        for line in self._lines(outcome):
            self.say(line)
        forget_notes(self._root, outcome)

    def say(self, line: str) -> None:
        """Print a line."""
        print(line, file=self._stream, flush=True)

    def _lines(self, outcome: Outcome) -> Iterator[str]:
        if outcome.status == "skipped" and not self._explain and not outcome.notes:
            return
        number = f"[{len(self.outcomes)}/{self._total}]"
        spent = f"（{outcome.seconds:.1f}秒）" if outcome.seconds else ""
        why = f"：{outcome.why}" if self._explain and outcome.why else ""
        found = _found(outcome)
        yield f"{number} {outcome.agency} {outcome.year} {SAID[outcome.status]}{spent}{why}{found}"
        yield from (f"    {line}" for line in outcome.notes)
        yield from (f"    错误：{line}" for line in outcome.problems)

    def conclusion(self) -> str:
        """Return what came of all, in one line."""
        counts = {s: sum(o.status == s for o in self.outcomes) for s in SAID}
        reported = "，".join(f"{SAID[s]}{n}份" for s, n in counts.items() if n)
        left = self._total - len(self.outcomes)
        rest = f"，没有做的{left}份" if left else ""
        return f"共{self._total}份：{reported or '一份也没有做'}{rest}；用时{self._spent()}"

    def _spent(self) -> str:
        seconds = time.monotonic() - self._start
        minutes, seconds = divmod(seconds, 60)
        return f"{minutes:.0f}分{seconds:.0f}秒" if minutes else f"{seconds:.1f}秒"


def _found(outcome: Outcome) -> str:
    """Return how many errors and warnings the published set has; of a failure, only why."""
    if outcome.status == "failed":
        return ""
    grave = [f.severity for f in (outcome.summary.findings if outcome.summary else ())]
    words = count_words(severity for severity in grave if severity != "info")
    return f"，{words}" if words else ""


class Screen(Lines):
    """The same lines above a bar, and below it the reports that are running."""

    def __init__(self, root: Path, explain: bool, progress: Progress) -> None:
        super().__init__(root, explain, sys.stderr)
        self._progress = progress
        self._bar = progress.add_task("全部", total=None)
        self._running: dict[tuple[str, int], TaskID] = {}

    def planned(self, total: int) -> None:
        super().planned(total)
        self._progress.update(self._bar, total=total)

    def started(self, job: Job) -> None:
        task = self._progress.add_task(f"  {job.agency}", total=None)
        self._running[job.agency, job.year] = task

    def finished(self, outcome: Outcome) -> None:
        task = self._running.pop((outcome.agency, outcome.year), None)
        if task is not None:
            self._progress.remove_task(task)
        super().finished(outcome)
        self._progress.advance(self._bar)

    def say(self, line: str) -> None:
        self._progress.console.print(Text(line))


@contextmanager
def show_progress(root: Path, explain: bool) -> Iterator[Lines]:
    """Show how a batch goes, in the way that suits where stderr goes."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield Lines(root, explain, sys.stderr)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Elapsed())
    with Progress(*columns, console=console, transient=True) as progress:
        yield Screen(root, explain, progress)
