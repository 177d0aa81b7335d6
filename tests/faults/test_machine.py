"""Faults of the machine: reported in one line, nothing half-published, the last good set kept."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.runs import AGENCY, YEAR, reported, run, state, whole
from tests.programs import need_root
from tests.projects import copy_project

from nianbao.cli import main
from nianbao.errors import system_problem

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a published set, in a place that anybody may read."""
    root = copy_project(tmp_path_factory.mktemp("ready"), AGENCY)
    run(root, "build", AGENCY, YEAR, "--to", "html", check=True)
    return root


@pytest.fixture
def project(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready, tmp_path / "project", symlinks=True))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    need_root()
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def on(disk: Path, project: Path) -> Path:
    """The output of a project, moved to another disk."""
    shutil.copytree(project / "output", disk / "output")
    shutil.rmtree(project / "output")
    (project / "output").symlink_to(disk / "output")
    return disk / "output" / AGENCY / YEAR


def test_a_full_disk_leaves_the_last_set(project: Path, disk: Path) -> None:
    published = on(disk, project)
    before, inputs = state(published, "."), state(project)
    with (disk / "filler").open("wb") as filler:
        free = os.statvfs(disk)
        filler.write(b"\0" * (free.f_bavail * free.f_frsize - 100_000))
    assert "磁盘已满" in reported(run(project, "build", AGENCY, YEAR))
    assert {k: v for k, v in state(published, ".").items() if "failed" not in k} == before
    assert whole(published)
    assert state(project) == inputs
    assert not [p for p in published.parent.iterdir() if "making" in p.name]
    (disk / "filler").unlink()
    run(project, "build", AGENCY, YEAR, "--to", "html", check=True)
    assert whole(published)


def test_a_limit_on_the_size_of_files_is_reported(project: Path) -> None:
    published = project / "output" / AGENCY / YEAR
    before = state(published, ".")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    assert "大小" in reported(run(project, "build", AGENCY, YEAR, first=limit))
    assert {k: v for k, v in state(published, ".").items() if "failed" not in k} == before


def test_a_disk_that_can_only_be_read(project: Path, disk: Path) -> None:
    published = on(disk, project)
    before = state(published, ".")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert "只读" in reported(run(project, "build", AGENCY, YEAR))
    assert "只读" in reported(run(project, "pull", AGENCY, YEAR))
    assert run(project, "check", AGENCY, YEAR).returncode == 0, "to look, nothing is written"
    assert state(published, ".") == before


@pytest.mark.parametrize("closed", ["output", "data"])
def test_somebody_without_permission(project: Path, closed: str) -> None:
    """As nobody, whom permissions bind; root may do anything."""
    need_root()
    for path in (project, *project.parents):
        if path.stat().st_mode & 0o005 != 0o005:
            path.chmod(0o755)
    inputs, published = state(project), state(project, "output")
    if closed == "data":
        (project / "data" / AGENCY / YEAR / "figures.csv").chmod(0o600)
        subprocess.run(["chmod", "-R", "a+rwX", project / "output"], check=True)
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")
    message = reported(run(project, "build", AGENCY, YEAR, before=nobody, HOME="/tmp"))
    assert "权限" in message
    if closed == "data":
        assert f"data/{AGENCY}/{YEAR}/figures.csv" in message
    assert state(project) == inputs
    assert state(project, "output") == published


def test_a_file_that_vanishes_while_it_is_read(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nianbao.errors import InputError
    from nianbao.inputs import folder
    from nianbao.inputs.load import load_inputs

    real = folder._files

    def then_gone(*given: object) -> list[str]:
        files = real(*given)  # type: ignore[arg-type]  # given on as they came
        if any(file.endswith(f"{YEAR}/figures.csv") for file in files):
            (project / "data" / AGENCY / YEAR / "figures.csv").unlink()
        return files

    monkeypatch.setattr(folder, "_files", then_gone)
    with pytest.raises(InputError, match=r"figures\.csv：读不了这个文件"):
        load_inputs(project, AGENCY, int(YEAR))


@pytest.mark.parametrize("shift", [-400 * 86400, 400 * 86400])
def test_a_clock_that_jumps_changes_nothing(project: Path, shift: int) -> None:
    """Files of the future or of last year, a build in between: what counts is what is in them."""
    for path in project.rglob("*"):
        if path.is_file() and not path.is_symlink():
            now = path.stat().st_mtime + shift
            os.utime(path, (now, now))
    published = project / "output" / AGENCY / YEAR
    before = state(published, ".")
    run(project, "build", AGENCY, YEAR, "--to", "html", check=True)
    assert state(published, ".") == before


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OSError(28, "No space left on device", "a.pdf"), "磁盘已满，没有写完：“a.pdf”"),
        (PermissionError(13, "Permission denied", "a.docx"), "没有权限，或文件正被其他程序使用"),
        (FileNotFoundError(2, "No such file", "a.csv"), "在运行中不见了"),
        (MemoryError(), "内存不足"),
    ],
)
def test_a_fault_of_the_system_has_its_words(fault: BaseException, words: str) -> None:
    assert words in str(system_problem(fault))


def test_a_fault_of_the_program_is_not_taken_for_one_of_the_system() -> None:
    assert system_problem(ZeroDivisionError()) is None
    assert system_problem(OSError("no number")) is None


def test_a_fault_of_the_program_is_one_line_with_a_log_if_one_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reported_ = main._explain_fault(ZeroDivisionError("x"))
    log = Path(reported_.rpartition("：")[2])
    assert "ZeroDivisionError" in reported_
    assert "ZeroDivisionError: x" in log.read_text("utf-8")
    log.unlink()

    def full(error: BaseException) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(main, "_write_log", full)
    assert main._explain_fault(ZeroDivisionError()).endswith("请检查磁盘空间和权限后再运行")
