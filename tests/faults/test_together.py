"""Preview, build, batch and pull on one bureau at once, each a process of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests import warm
from tests.batch.batch_tools import in_a_copy
from tests.faults.kills import EDIT, edit, narrative
from tests.faults.runs import AGENCY, YEAR, command, state, whole
from tests.projects import copy_built

from nianbao.batch.run import BatchOptions, Listener, run_batch
from nianbao.batch.worker import Job, Outcome
from nianbao.edits.proposal import EditProposal, propose_edits
from nianbao.edits.pull import pull_edits
from nianbao.errors import UsageError
from nianbao.finished.folder import report_folder, report_lock
from nianbao.finished.options import BuildOptions
from nianbao.publishing.build import build_report

pytestmark = pytest.mark.slow


def start(root: Path, *words: str) -> warm.Running:
    return warm.Running(*words, "--root", str(root), cwd=root)


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A published report whose notebook somebody edited since."""
    root = copy_built(tmp_path, "html")
    edit(root)
    return root


def test_all_at_once(edited: Path) -> None:
    inputs = state(edited)
    with subprocess.Popen(
        command(edited, "preview", AGENCY, YEAR, "--port", "0", "--no-browser"),
        cwd=edited, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as preview:  # fmt: skip
        try:
            assert preview.stdout is not None
            address = re.search(r"http://\S+", preview.stdout.readline())
            assert address is not None
            jobs = [
                start(edited, "build", AGENCY, YEAR, "--to", "html"),
                start(edited, "batch", "--year", YEAR, "--to", "html"),
                start(edited, "pull", AGENCY, YEAR),
                start(edited, "build", AGENCY, YEAR, "--to", "html"),
            ]
            seen = [(job.args, *job.communicate()) for job in jobs]
            failed = [s for j, s in zip(jobs, seen, strict=True) if j.returncode]
            assert failed == []
            # The address lets in whoever has it, by a cookie.
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            with opener.open(address[0], timeout=600) as page:
                assert page.status == 200
        finally:
            preview.send_signal(signal.SIGINT)
            preview.communicate()
    target = report_folder(edited, AGENCY, int(YEAR))
    assert whole(target)
    assert EDIT in (target / "report.html").read_text("utf-8")
    assert narrative(edited).read_text("utf-8").count(EDIT) == 1, "merged once, not once a process"
    changed = {name for name, sum_ in state(edited).items() if inputs.get(name) != sum_}
    assert changed == {f"data/{AGENCY}/{YEAR}/narrative.md"}
    left = {p.name for p in target.parent.iterdir() if p.suffix != ".lock"} - {YEAR, "edited"}
    assert left == set()


def test_a_pull_waits_for_the_run_that_holds_the_report(edited: Path) -> None:
    target = report_folder(edited, AGENCY, int(YEAR))
    before = narrative(edited).read_text("utf-8")
    done = threading.Event()

    def hold() -> None:
        with report_lock(target):
            held.set()
            done.wait(60)

    held = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    puller = start(edited, "pull", AGENCY, YEAR)
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            puller.communicate(timeout=2)
        assert narrative(edited).read_text("utf-8") == before
    finally:
        done.set()
        holder.join()
    puller.communicate()
    assert puller.returncode == 0
    assert EDIT in narrative(edited).read_text("utf-8")


def test_a_pull_reads_again_what_was_built_anew_meanwhile(
    edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[EditProposal] = []

    def read_and_build(*words: Any) -> EditProposal:
        read.append(propose_edits(*words))
        if len(read) == 1:
            build_report(edited, AGENCY, int(YEAR), BuildOptions(("html",)))
        return read[-1]

    monkeypatch.setattr("nianbao.edits.pull.propose_edits", read_and_build)
    pull_edits(edited, AGENCY, int(YEAR))
    assert [len(proposal.sections) for proposal in read] == [1, 0]
    assert narrative(edited).read_text("utf-8").count(EDIT) == 1


def test_a_run_that_waits_too_long_says_so(tmp_path: Path) -> None:
    target = tmp_path / "output" / AGENCY / YEAR

    def wait() -> None:
        with report_lock(target, 0.2):
            pass

    with report_lock(target), pytest.raises(UsageError, match="另一个任务正在生成"):
        in_a_copy(wait)


def test_a_word_file_saved_while_a_set_is_made_is_kept(edited: Path) -> None:
    from nianbao.finished.folder import staged

    target = report_folder(edited, AGENCY, int(YEAR))
    with staged(target) as making:
        (making / "manifest.json").write_text("{}", "utf-8")
        (target / "report.ipynb").write_text("saved at the last moment", "utf-8")
    kept = list((target.parent / "edited" / YEAR).iterdir())
    assert [file.read_text("utf-8") for file in kept] == ["saved at the last moment"]


def test_a_pull_of_an_unknown_report_makes_no_folder(edited: Path) -> None:
    with pytest.raises(UsageError):
        pull_edits(edited, "shili-nowhere", 2024)
    assert not (edited / "output" / "shili-nowhere").exists()
    assert [p.name for p in (edited / "output").iterdir()] == [AGENCY]


class Writing(Listener):
    """Somebody who goes on writing in the folders while a batch makes their reports."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.outcomes: list[Outcome] = []

    def started(self, job: Job) -> None:
        """Save a number and a sentence of the report that was just begun."""
        folder = self.root / "data" / job.agency / str(job.year)
        figures = folder / "figures.csv"
        figures.write_text(figures.read_text("utf-8-sig").replace("42", "43"), "utf-8")
        with (folder / "narrative.md").open("a", encoding="utf-8") as file:
            file.write("\n这一句是批量生成时加的。\n")

    def finished(self, outcome: Outcome) -> None:
        """Keep what came of it."""
        self.outcomes.append(outcome)


@pytest.mark.usefixtures("ready_servers")
def test_what_is_saved_while_a_batch_runs_is_never_half_of_a_set(edited: Path) -> None:
    report, target = (AGENCY, int(YEAR)), report_folder(edited, AGENCY, int(YEAR))
    options = BatchOptions(BuildOptions(("html",)), force=True)
    writing = Writing(edited)
    run_batch(edited, [report], options, writing)
    (first,) = writing.outcomes
    assert first.status == "built" or "数据可能有变动" in "".join(first.problems), first
    assert whole(target) or first.status == "failed", "the last set, with its edited notebook"
    again = Listener()
    (second,) = run_batch(edited, [report], replace(options, force=False), again)
    assert second.status in ("built", "skipped"), second
    page = (target / "report.html").read_text("utf-8")
    assert EDIT in page
    assert "这一句是批量生成时加的。" in page
    assert whole(target)
    (third,) = run_batch(edited, [report], replace(options, force=False), again)
    assert third.status == "skipped"
