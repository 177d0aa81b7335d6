"""A clock that jumps by years, backwards and forwards, in the middle of everything.

Every Python process of a run loads a clock that says another year each time it is asked. What is
published, what is skipped and what is merged is to be as by a clock that goes right.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults.kills import EDIT, edit, narrative
from tests.faults.runs import AGENCY, YEAR, python_path, run, state, whole
from tests.projects import REPOSITORY, copy_project

pytestmark = pytest.mark.slow

JUMPING = """
import itertools, time

YEARS = itertools.cycle((400 * 86400, -400 * 86400, 4000 * 86400))
real_time, real_ns = time.time, time.time_ns
real_gmtime, real_localtime, real_strftime = time.gmtime, time.localtime, time.strftime

time.time = lambda: real_time() + next(YEARS)
time.time_ns = lambda: real_ns() + next(YEARS) * 10**9
time.gmtime = lambda seconds=None: real_gmtime(time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: real_localtime(time.time() if seconds is None else seconds)
time.strftime = lambda form, *given: real_strftime(form, *(given or (time.localtime(),)))
assert abs(time.time() - time.time()) > 3600
"""
CLOCKS = {"datetime.now", "datetime.today", "datetime.utcnow", "date.today"} | {
    f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "strftime")
}
FORMATS = ("--to", "html,docx")


@pytest.fixture(scope="module")
def jumping(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which Python's clocks jump."""
    site = tmp_path_factory.mktemp("clock")
    (site / "sitecustomize.py").write_text(JUMPING, "utf-8")
    return {"PYTHONPATH": python_path(site)}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a set that was published by a clock that goes right."""
    root = copy_project(tmp_path_factory.mktemp("ready"), AGENCY)
    run(root, "build", AGENCY, YEAR, *FORMATS, check=True)
    return root


@pytest.fixture
def project(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready, tmp_path / "project", symlinks=True))


def published(root: Path) -> Path:
    return root / "output" / AGENCY / YEAR


def test_the_clock_of_the_test_does_jump(jumping: dict[str, str]) -> None:
    ask = "import time; print(*(time.gmtime().tm_year for _ in '123'), time.strftime('%Y'))"
    seen = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, env={**os.environ, **jumping}
    )
    years = seen.stdout.split()
    assert len(set(years[:3])) == 3, seen.stderr
    assert years[0] == years[3]


def test_nothing_of_ours_asks_what_time_it_is() -> None:
    """Nor could the test replace it: Python's datetime asks the system itself."""
    asked = [
        f"{path.name}: {node.attr}"
        for path in sorted((REPOSITORY / "src").rglob("*.py"))
        if "desk" not in path.parts  # counts the days that are left, and keeps a journal
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node).removeprefix("datetime.") in CLOCKS
    ]
    assert asked == []


def test_the_same_bytes_are_published(project: Path, jumping: dict[str, str]) -> None:
    before, inputs = state(published(project), "."), state(project)
    run(project, "build", AGENCY, YEAR, *FORMATS, check=True, **jumping)
    assert state(published(project), ".") == before
    assert state(project) == inputs


def test_what_is_skipped_is_not_a_matter_of_time(project: Path) -> None:
    batch = ("batch", "--year", YEAR, *FORMATS)
    assert "跳过1份" in run(project, *batch, check=True, first=JUMPING).stderr
    changed = narrative(project)
    times = changed.stat()
    text = changed.read_text("utf-8")
    changed.write_text(text.replace("公开", "公布", 1), "utf-8")
    os.utime(changed, ns=(times.st_atime_ns, times.st_mtime_ns))
    done = run(project, *batch, check=True, first=JUMPING)
    assert "已生成1份" in done.stderr, "what counts is what is in a file"
    assert whole(published(project))
    assert "公布" in (published(project) / "report.html").read_text("utf-8")


def test_no_limit_of_a_batch_is_passed_by_a_jump(project: Path) -> None:
    before = state(published(project), ".")
    done = run(project, "batch", "--year", YEAR, *FORMATS, "--force", check=True, first=JUMPING)
    assert "已生成1份" in done.stderr
    assert state(published(project), ".") == before


def test_an_edit_is_merged_as_by_a_clock_that_goes_right(project: Path, tmp_path: Path) -> None:
    edit(project)
    other = Path(shutil.copytree(project, tmp_path / "other", symlinks=True))
    run(other, "build", AGENCY, YEAR, *FORMATS, check=True)
    run(project, "build", AGENCY, YEAR, *FORMATS, check=True, first=JUMPING)
    assert EDIT in narrative(project).read_text("utf-8")
    assert state(project) == state(other)
    assert state(project, "output") == state(other, "output")


def test_an_edit_of_the_future_or_the_past_is_an_edit(project: Path) -> None:
    """The edit is older than the set that it was made in, and narrative.md is of next year."""
    edit(project)
    os.utime(published(project) / "report.ipynb", (0, 0))
    later = narrative(project).stat().st_mtime + 400 * 86400
    os.utime(narrative(project), (later, later))
    run(project, "pull", AGENCY, YEAR, check=True, first=JUMPING)
    assert EDIT in narrative(project).read_text("utf-8")
    again = narrative(project).read_text("utf-8")
    run(project, "pull", AGENCY, YEAR, check=True, first=JUMPING)
    assert narrative(project).read_text("utf-8") == again
