"""What every test may use."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page
from tests import warm
from tests.lab import chinese_browser, new_page
from tests.programs import left_out
from tests.projects import WORKED, copy_project

from nianbao.batch import worker_pool
from nianbao.files.reading_process import end_reading
from nianbao.publishing.build import BuildResult, build_report

# Two cores shared by browsers and kernels: a slow example is not a fault. Every run tries the same
# examples, so that a red one is about the change it tests; NIANBAO_EXAMPLES=long tries a thousand
# new ones of each property, and what it finds becomes an @example.
settings.register_profile(
    "default",
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long", settings.get_profile("default"), max_examples=1000, derandomize=False, print_blob=True
)
settings.load_profile(os.environ.get("NIANBAO_EXAMPLES") or "default")

# A shell starts its background jobs deaf to Ctrl-C, and the programs that tests stop by Ctrl-C
# would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def worked_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with the worked example alone."""
    return copy_project(tmp_path_factory.mktemp("worked"), WORKED[0])


@pytest.fixture(scope="session")
def worked(worked_project: Path) -> BuildResult:
    """Build the worked example once for all tests that only read it."""
    return build_report(worked_project, *WORKED)


@pytest.fixture(scope="session", autouse=True)
def _reader_ends() -> Iterator[None]:
    """Let the reading process end before coverage is added up, and its lines be counted."""
    yield
    end_reading()


@pytest.fixture
def ready_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The batches of this process have servers that are copies, see `tests.warm`."""
    monkeypatch.setattr(worker_pool, "start_server", warm.BatchServer)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium, which shows Chinese, for all tests of a file."""
    with chinese_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of its own for each test."""
    page = new_page(browser)
    yield page
    page.context.close()


WHOLE_REPORTS = frozenset(
    {"batch", "desk", "edits", "faults", "finished", "hostile", "publishing", "workbook"}
)
"""Rooms whose tests make and read whole reports: all of them are slow."""
LONGEST = (
    "edits/test_jupyterlab.py", "desk/test_whole_year.py", "hostile/test_neighbours.py",
    "test_standard_tools.py", "batch/test_cluster.py", "workbook/test_workbook.py",
    "batch/test_batch.py", "documents/test_html_browser.py", "batch/test_batch_faults.py",
    "test_readme.py", "publishing/test_same_bytes.py", "files/test_reading_process.py",
    "faults/test_network.py", "edits/test_round_trips.py", "desk/test_standing.py",
    "desk/test_browser.py", "publishing/test_verify.py", "edits/test_proposal.py",
    "desk/test_preview_browser.py", "hostile/test_current_folder.py", "hostile/test_chain.py",
    "workbook/test_importing.py", "faults/test_kills.py", "documents/test_pdf.py",
    "test_release.py", "desk/test_intake.py", "documents/test_layout_check.py",
    "notebook/test_engine.py", "workbook/test_clerk.py", "faults/test_together.py",
    "faults/test_clock.py",
)  # fmt: skip
"""The files that take longest, the longest first: one begun at the end would be waited for."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Import without looking for garbage: what is imported stays, and a sixth of the time goes."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what makes whole reports as slow, and begin with the longest, then the slow files."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in WHOLE_REPORTS:
            item.add_marker("slow")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    order = {here / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (order.get(item.path, len(order)), item.path not in slow))
    # All that was imported stays; to walk through it again and again costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Give all processes of a run one server of commands: to start it is two seconds of work."""
    os.environ[warm.SHARED] = warm.start()


def none_left_out(report: Report) -> Report:
    """Make a skip a failure where all tests are asked for: a skipped test proves nothing."""
    if report.skipped and os.environ.get("NIANBAO_ALL_TESTS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"left out: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hold each test to it."""
    return none_left_out((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Hold each module to it."""
    return none_left_out((yield))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and how to get it: one line, however many tests it is."""
    skipped = terminalreporter.getreports("skipped")
    line = left_out(report.longrepr[-1] for report in skipped)
    if line:
        terminalreporter.write_line(line, yellow=True)
