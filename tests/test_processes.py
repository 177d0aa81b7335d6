"""How our own Python is started, and with how much memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from contextlib import ExitStack

import pytest
from tests.batch.batch_tools import is_alive, until

from nianbao import processes
from nianbao.processes import (
    SAFE_PATH,
    current_folder_shut_out,
    memory_problem,
    own_python,
)


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A path and an environment that a test may change."""
    monkeypatch.setattr(sys, "path", ["", "relative", os.sep + "absolute"])
    monkeypatch.setattr(os, "environ", {"PYTHONPATH": os.pathsep.join(("", ".", "/absolute"))})
    return monkeypatch


@pytest.mark.usefixtures("own")
def test_no_relative_folder_is_left_on_the_path_until_nobody_needs_it_so() -> None:
    path, folders = list(sys.path), os.environ["PYTHONPATH"]
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(current_folder_shut_out())
        second.enter_context(current_folder_shut_out())  # as another thread would
        first.close()
        assert sys.path == [os.sep + "absolute"]
        assert os.environ["PYTHONPATH"] == "/absolute"
        assert os.environ[SAFE_PATH] == "1"
    assert sys.path == path
    assert os.environ["PYTHONPATH"] == folders
    assert SAFE_PATH not in os.environ


@pytest.mark.parametrize(("allowed", "reported"), [(-1, False), (900, False), (700, True)])
def test_too_little_memory_is_reported_with_the_remedy(
    own: pytest.MonkeyPatch, allowed: int, reported: bool
) -> None:
    limit = allowed * 1_000_000 if allowed > 0 else resource.RLIM_INFINITY
    own.setattr(resource, "getrlimit", lambda kind: (limit, limit))
    problem = memory_problem(processes.DRAWING_MB)
    assert (problem is not None) == reported
    if problem:
        assert "700 MB" in str(problem)
        assert "800 MB" in str(problem)


PARENT = """
import ctypes, multiprocessing, sys, time
from nianbao.processes import end_with_parent, is_alone

def stay(is_waited_for):
    end_with_parent(is_waited_for=is_waited_for)
    print(multiprocessing.current_process().pid, is_alone(), flush=True)
    if is_waited_for:
        ctypes.PyDLL(None).pause()  # no other thread has a turn
    time.sleep(600)

process = multiprocessing.get_context("fork").Process(target=stay, args=(bool(int(sys.argv[1])),))
process.start()
process.join()
"""


@pytest.mark.parametrize("is_waited_for", [True, False])
def test_a_process_ends_with_the_one_that_started_it(is_waited_for: bool) -> None:
    command = own_python("-c", PARENT, str(int(is_waited_for)))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child, alone = parent.stdout.readline().split()
        assert (alone, is_alive(int(child))) == ("True", True)
        parent.kill()
    until(lambda: not is_alive(int(child)))
