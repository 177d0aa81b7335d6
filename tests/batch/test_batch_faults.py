"""Processes that are killed, people that press Ctrl-C, two batches at once."""

from __future__ import annotations

import faulthandler
import json
import os
import pty
import random
import re
import select
import signal
import time
from multiprocessing import Pipe
from pathlib import Path

import pytest
from benchmarks.bureaus import YEAR, write_project
from tests import warm
from tests.batch.batch_tools import (
    add_cell,
    descendants,
    is_alive,
    kill,
    leavings,
    published,
    run_cli,
    started_cli,
    until,
)
from tests.files.hostile_files import hostile_workbook
from tests.projects import copy_project

from nianbao.batch import worker_pool
from nianbao.batch.run import batch_lock
from nianbao.batch.worker import Job, Outcome, run_job
from nianbao.batch.worker_pool import Children
from nianbao.batch.worker_server import ended_with
from nianbao.finished.batch_context import BatchContext, read_batch_context
from nianbao.finished.manifest import listed_outputs, outputs


def done(root: Path) -> list[Path]:
    """Folders of published reports."""
    return [path.parent for path in (root / "output").glob(f"*/{YEAR}/manifest.json")]


def whole(root: Path) -> bool:
    """Whether each published folder is as its manifest says."""
    return all(listed_outputs(f) == outputs(f) for f in done(root))


@pytest.mark.slow
def test_killing_workers_at_random_spoils_nothing(tmp_path: Path) -> None:
    bureaus = [bureau.code for bureau in write_project(tmp_path, 6)]
    enough = tmp_path / "enough"  # until then each report waits to be killed
    add_cell(
        tmp_path,
        f"import pathlib, time\nenough = pathlib.Path({str(enough)!r})\n"
        f"while agency in {bureaus} and not enough.exists(): time.sleep(0.05)",
    )
    chance = random.Random(5)
    with started_cli(tmp_path, "--to", "html", "-j", "4") as process:
        kills = 0
        until(lambda: len(descendants(process.pid)) > 2)
        while process.poll() is None:
            workers = descendants(process.pid)[1:]
            if workers and kills < 4:
                kill(chance.choice(workers))
                kills += 1
            if kills == 4:
                enough.touch()
            time.sleep(chance.uniform(0.2, 0.5))
        _, said = process.communicate()
    assert kills == 4
    assert process.returncode in (0, 1)
    assert said.count("未成功（") == said.count("SIGKILL")
    assert whole(tmp_path)
    assert leavings(tmp_path) == []
    again = run_cli(tmp_path, "--to", "html")
    assert again.returncode == 0, again.stderr
    assert len(done(tmp_path)) == 6


@pytest.mark.slow
def test_killing_the_server_costs_time_only(tmp_path: Path) -> None:
    write_project(tmp_path, 4)
    with started_cli(tmp_path, "--to", "html") as process:
        until(lambda: len(descendants(process.pid)) > 1)
        kill(descendants(process.pid)[0])
        _, said = process.communicate()
    assert process.returncode == 0, said
    assert "已生成4份" in said
    assert whole(tmp_path)


@pytest.mark.slow
def test_killing_the_batch_itself_spoils_nothing(tmp_path: Path) -> None:
    write_project(tmp_path, 4)
    with started_cli(tmp_path, "--to", "html") as process:
        until(lambda: bool(done(tmp_path)))
        time.sleep(random.Random(1).uniform(0, 0.6))
        family = descendants(process.pid)
        kill(process.pid)
        process.wait()
    until(lambda: not any(map(is_alive, family)))
    assert whole(tmp_path)
    before = {p.parent.name for p in done(tmp_path)}
    again = run_cli(tmp_path, "--to", "html", "--explain")
    assert again.returncode == 0, again.stderr
    assert again.stderr.count("跳过：与上次相比没有变化") >= len(before)
    assert len(done(tmp_path)) == 4
    assert whole(tmp_path)
    assert leavings(tmp_path) == []


def test_a_server_that_is_still_loading_ends_when_its_batch_was_killed(tmp_path: Path) -> None:
    ours, theirs = Pipe()
    (tmp_path / "served").mkdir()
    child = os.fork()
    if not child:
        ours.close()
        with ended_with(theirs, str(tmp_path / "served")):
            pass  # what was waited for is not ended
        with ended_with(theirs, str(tmp_path / "served")):
            theirs.send("loading")
            time.sleep(600)
    theirs.close()
    assert ours.recv() == "loading"
    ours.close()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert not (tmp_path / "served").exists()


@pytest.mark.slow
def test_ctrl_c_waits_for_no_report_and_keeps_what_is_done(tmp_path: Path) -> None:
    _, _, *long = (bureau.code for bureau in write_project(tmp_path, 6))
    add_cell(tmp_path, f"import time; time.sleep(900 if agency in {long} else 0)")
    with started_cli(tmp_path, "--to", "html") as process:
        until(lambda: len(done(tmp_path)) >= 2)
        family = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        # A second on a quiet machine; the reports that are under way would take a quarter hour.
        out, said = process.communicate()
    assert process.returncode == 130
    assert "已停止" in said
    assert out == ""
    assert not any(map(is_alive, family))
    assert whole(tmp_path)
    assert leavings(tmp_path) == []
    # What was published a moment before may not have been heard of: then it is there already.
    folder = tmp_path / f"output/{YEAR}"
    rows = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["reports"]
    states = {row["agency"]: row["status"] for row in rows}
    published_now = {path.parent.name for path in done(tmp_path)}
    assert {a for a, s in states.items() if s in ("built", "other")} == published_now
    assert {a for a, s in states.items() if s == "missing"} == set(states) - published_now != set()
    assert "还没有生成" in (folder / "index.html").read_text(encoding="utf-8")


def test_of_two_batches_at_once_one_refuses(tmp_path: Path) -> None:
    write_project(tmp_path, 2)
    with batch_lock(tmp_path, YEAR):  # held as long as a batch is at work
        second = run_cli(tmp_path, "--to", "html")
    assert second.returncode == 2
    assert "另一个批量任务正在生成" in second.stderr
    assert done(tmp_path) == []
    third = run_cli(tmp_path, "--to", "html")
    assert third.returncode == 0, third.stderr
    assert whole(tmp_path)
    assert len(done(tmp_path)) == 2


@pytest.mark.slow
def test_a_terminal_shows_a_bar_and_the_running_reports(tmp_path: Path) -> None:
    bureaus = write_project(tmp_path, 2)
    ours, theirs = pty.openpty()
    seen = {"TERM": "xterm", "COLUMNS": "80", "LINES": "24"}
    shown = b""
    words = ("batch", "--year", str(YEAR), "--root", str(tmp_path), "--to", "html")
    there = (
        f"import os, sys; os.dup2(os.open({os.ttyname(theirs)!r}, os.O_RDWR | os.O_NOCTTY), 2)\n"
        "sys.stderr = open(2, 'w', 1, encoding='utf-8', closefd=False)"
    )
    process = warm.Running(*words, cwd=tmp_path, env=os.environ | seen, first=there)
    try:
        while (running := process.poll() is None) or select.select([ours], [], [], 0)[0]:
            if select.select([ours], [], [], 0.05 if running else 0)[0]:
                shown += os.read(ours, 4096)
    finally:
        process.kill()
        os.close(ours)
        os.close(theirs)
    assert process.returncode == 0, shown.decode()
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert "0/2" in text
    assert "全部" in text
    for bureau in bureaus:
        assert f"  {bureau.code}" in text
        assert re.search(rf"\[\d/2\] {bureau.code} {YEAR} 已生成", text)
    assert published(tmp_path)


def test_a_file_that_kills_its_worker_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die_quietly(job: Job, context: BatchContext) -> Outcome | None:
        faulthandler.disable()  # pytest would print the stack of a death that is meant
        return run_job(job, context)

    monkeypatch.setattr(worker_pool, "run_job", die_quietly)
    root = copy_project(tmp_path, "shili-scjgj")
    book = root / "data" / "shili-scjgj" / "2024" / "workbook.xlsx"
    book.write_bytes(hostile_workbook("uniqueCount behind a comment"))
    children = Children("fork", read_batch_context(root, 2024))
    children.start(Job(root, "shili-scjgj", 2024))
    outcomes: list[Outcome] = []
    while len(children):
        outcomes += children.wait()
    (problem,) = outcomes[0].problems
    assert problem.startswith("data/shili-scjgj/2024/workbook.xlsx：读不了这个文件")
    assert "另存" in problem
