"""A closed network: the main job with loopback alone, and without even that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests import warm
from tests.faults.runs import AGENCY, YEAR, run, state
from tests.programs import closed_network
from tests.projects import copy_project

pytestmark = pytest.mark.slow

# CLONE_NEWNET, and CLONE_NEWUSER for whoever is not root.
LEAVE = """
import ctypes, os, socket

wanted = 0x40000000 | (0x10000000 if os.geteuid() else 0)
assert ctypes.CDLL(None, use_errno=True).unshare(wanted) == 0, os.strerror(ctypes.get_errno())
assert [name for _, name in socket.if_nameindex()] == ["lo"]
"""
"""Run first by a command that is to have no network."""
# SIOCSIFFLAGS with IFF_UP | IFF_LOOPBACK | IFF_RUNNING.
RAISE_LOOPBACK = """
import fcntl, struct

fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 0x49))
"""
"""Run next by a command that is to have loopback: it is down in a network of one's own."""
SET = ("report.html", "report.pdf", "report.docx", "report.json", "manifest.json")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("closed"), AGENCY)


@pytest.fixture(scope="module")
def alone(project: Path) -> dict[str, str]:
    """The set as it is made without any network, by checksum."""
    done = run(project, "build", AGENCY, YEAR, before=closed_network())
    assert done.returncode == 0, done.stderr
    return state(project / "output" / AGENCY / YEAR, ".")


def test_there_is_no_network_in_the_test() -> None:
    look = "import socket; print([name for _, name in socket.if_nameindex()])"
    seen = subprocess.run(
        [*closed_network(), sys.executable, "-c", look], capture_output=True, text=True
    )
    assert seen.stdout.strip() == "['lo']", seen.stderr
    ask = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    asked = subprocess.run(
        [*closed_network(), sys.executable, "-c", ask], capture_output=True, text=True
    )
    assert "unreachable" in asked.stderr


def test_a_report_is_built_without_any_network(alone: dict[str, str]) -> None:
    assert set(SET) <= set(alone)


def test_all_the_rest_of_the_job_needs_none(alone: dict[str, str], project: Path) -> None:
    for words in (("check", AGENCY, YEAR), ("facts", AGENCY, YEAR), ("verify", AGENCY, YEAR)):
        done = run(project, *words, first=LEAVE)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    assert state(project / "output" / AGENCY / YEAR, ".") == alone


def test_the_network_makes_no_difference(alone: dict[str, str], project: Path) -> None:
    run(project, "build", AGENCY, YEAR, check=True)
    assert state(project / "output" / AGENCY / YEAR, ".") == alone


def test_the_standard_tools_need_loopback_alone(project: Path, tmp_path: Path) -> None:
    """A Jupyter kernel talks to its client over loopback."""
    closed_network()  # leaves the test out where nobody but root may leave the network
    made = tmp_path / "x.ipynb"
    given = ("-p", "agency", AGENCY, "-p", "year", YEAR)
    commands = [("papermill", "notebooks/report.ipynb", str(made), *given)]
    commands += [
        ("jupyter-nbconvert", str(made), "--to", f"nianbao_{format_}")
        for format_ in ("html", "pdf", "docx")
    ]
    for program, *words in commands:
        done = warm.run(*words, cwd=project, first=LEAVE + RAISE_LOOPBACK, program=program)
        assert done.returncode == 0, (words, done.stderr)
    assert all((tmp_path / f"x.{suffix}").stat().st_size > 20_000 for suffix in ("html", "docx"))


def test_a_build_opens_no_connection(project: Path) -> None:
    watch = (
        "import sys\n"
        "asked = {'socket.connect', 'socket.getaddrinfo', 'socket.sendto'}\n"
        "sys.addaudithook(lambda e, a: e in asked and print('ASKED', e, a[1:], file=sys.stderr))\n"
    )
    done = warm.run("build", AGENCY, YEAR, "--root", str(project), cwd=project, first=watch)
    assert done.returncode == 0, done.stderr
    assert "ASKED" not in done.stderr
