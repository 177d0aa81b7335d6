"""All of a set or nothing, whatever happens between the renames."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from nianbao.errors import UsageError
from nianbao.files.writing import write_safely
from nianbao.finished.folder import FAILED, recover, report_lock, staged


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A published set of one file, ``last``."""
    folder = tmp_path / "shili-ju" / "2024"
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("last")
    return folder


def beside(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


def test_a_new_set_takes_the_place_of_the_last(target: Path) -> None:
    with staged(target) as making:
        (making / "report.html").write_text("new")
        assert (target / "report.html").read_text() == "last"
    assert (target / "report.html").read_text() == "new"
    assert beside(target) == ["2024"]


def test_the_first_set_makes_its_place(tmp_path: Path) -> None:
    target = tmp_path / "2024"
    with staged(target) as making:
        (making / "report.html").write_text("first")
    assert (target / "report.html").read_text() == "first"


def test_a_failed_run_leaves_the_last_set_and_its_notebook(target: Path) -> None:
    def fail() -> None:
        with staged(target) as making:
            (making / "report.html").write_text("half")
            (making / "report.ipynb").write_text("as far as it came")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (target / "report.html").read_text() == "last"
    assert (target / FAILED / "report.ipynb").read_text() == "as far as it came"
    assert beside(target) == ["2024"]


def test_the_last_set_goes_back_when_the_new_one_cannot_take_its_place(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refuse(self: Path, to: Path) -> Path:
        if "making" in self.name:
            raise PermissionError("a file of it is open")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError), staged(target) as making:
        (making / "report.html").write_text("new")
    assert (target / "report.html").read_text() == "last"


def test_a_run_killed_between_the_renames_is_undone(target: Path) -> None:
    target.rename(target.parent / ".2024.last")
    (target.parent / ".2024.making-abc").mkdir()
    recover(target)
    assert (target / "report.html").read_text() == "last"
    assert beside(target) == ["2024"]


def test_a_run_killed_after_the_renames_is_finished(target: Path) -> None:
    (target.parent / ".2024.last").mkdir()
    recover(target)
    assert (target / "report.html").read_text() == "last"
    assert beside(target) == ["2024"]


def test_two_runs_of_a_report_do_not_meet(target: Path) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with report_lock(target):
            held.set()
            done.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert held.wait(30)
        waiting = report_lock(target, seconds=0.1)
        with pytest.raises(UsageError, match="另一个任务正在生成“shili-ju 2024”"), waiting:
            pass
    finally:
        done.set()
        other.join()
    with report_lock(target, seconds=1):
        assert beside(target) == [".2024.lock", "2024"]


def test_a_text_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "narrative.md"
    write_safely(file, "old")
    file.chmod(0o600)

    def refuse(self: Path, to: Path) -> Path:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        with pytest.raises(PermissionError):
            write_safely(file, "new")
    assert [(f.name, f.read_text()) for f in tmp_path.iterdir()] == [("narrative.md", "old")]
    write_safely(file, "new")
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o600)
