"""What was pulled by itself waits on the disk until a person was told, whatever ends the run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.edits.test_two_places import SECTION, TEXT, write_narrative, write_sheet
from tests.projects import WORKED, copy_project

from nianbao.edits.homes import Homes
from nianbao.edits.pull import pull_before_build
from nianbao.edits.pulled import forget_told, keep_untold, untold
from nianbao.inputs.load import load_inputs
from nianbao.publishing.build import BuildOptions, build_report

EDITED = TEXT.replace("120人", "125人")


class Killed(BaseException):
    """Nothing of the program catches it."""


def test_a_pull_that_is_killed_as_it_writes_is_told_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy_project(tmp_path, WORKED[0])
    write_narrative(root, TEXT)
    write_sheet(root, TEXT)
    build_report(root, *WORKED, BuildOptions(("html",)))
    write_narrative(root, EDITED)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Homes, "write", killed)
        with pytest.raises(Killed):
            pull_before_build(root, load_inputs(root, *WORKED))
    waiting = untold(root, *WORKED)
    assert any(SECTION in line for line in waiting)
    assert any("125" in line for line in waiting)
    pull_before_build(root, load_inputs(root, *WORKED))  # writes now, and repeats no line
    lines = untold(root, *WORKED)
    assert lines[: len(waiting)] == waiting
    assert len(set(lines)) == len(lines)
    pull_before_build(root, load_inputs(root, *WORKED))
    assert untold(root, *WORKED) == lines


def test_only_what_was_told_is_forgotten(tmp_path: Path) -> None:
    keep_untold(tmp_path, *WORKED, ["甲", "乙\n丙\x1b"])
    assert untold(tmp_path, *WORKED) == ("甲", "乙〈换行〉丙〈U+001B〉")
    forget_told(tmp_path, *WORKED, ["甲"])
    assert untold(tmp_path, *WORKED) == ("乙〈换行〉丙〈U+001B〉",)
    forget_told(tmp_path, *WORKED, untold(tmp_path, *WORKED))
    assert untold(tmp_path, *WORKED) == ()


def test_something_else_in_its_place_tells_nothing(tmp_path: Path) -> None:
    file = tmp_path / "output/yiyuan-sfj/edited/2024/untold.txt"
    file.parent.mkdir(parents=True)
    for make in (os.mkfifo, lambda path: path.symlink_to("/etc/hostname"), Path.mkdir):
        make(file)
        assert untold(tmp_path, *WORKED) == ()
        file.rmdir() if file.is_dir() else file.unlink()
    assert untold(tmp_path, "/etc", 2024) == ()
    assert untold(tmp_path, "../..", 2024) == ()
