"""Whatever lies in one bureau's folder, those beside it do not feel it.

Every kind of `tests.hostile.neighbours` at once beside three healthy bureaus, in one batch:
benchmarks/neighbours.py tries each alone, and measures the time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hostile.corpus import is_quiet
from tests.hostile.neighbours import (
    HEALTHY,
    KINDS,
    PERSON,
    YEAR,
    code_of,
    finished,
    plant,
    write_healthy,
)

from nianbao.publishing.build import BuildOptions, build_report

pytestmark = pytest.mark.slow
COMMAND = (sys.executable, "-P", "-c", "from nianbao.cli.main import main; main()")
"""As the installed command: the interpreter itself looks for no module where it is called."""
SECONDS = 1800
"""A batch of a hundred takes a fiftieth of it; what hangs takes for ever."""


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """A project with healthy bureaus and a hostile one of each kind.

    Not among the folders of pytest: one of it is too deep for Python to take away.
    """
    folder = Path(tempfile.mkdtemp(prefix="nianbao-neighbours-"))
    try:
        write_healthy(folder)
        for number in range(len(KINDS)):
            plant(folder, number)
        yield folder
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.fixture(scope="module")
def ended(root: Path) -> subprocess.CompletedProcess[str]:
    """The batch of all of them, called in a folder with modules of its own."""
    return subprocess.run(
        [*COMMAND, "batch", "--year", str(YEAR), "--to", "html", "--json", "--root", str(root)],
        capture_output=True, text=True, timeout=SECONDS, check=False,
        cwd=root / f"data/{code_of(MODULES)}/{YEAR}",
    )  # fmt: skip


MODULES = list(KINDS).index("folder: modules of Python")


@pytest.fixture(scope="module")
def reports(ended: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """What came of each, by its code."""
    assert ended.returncode == 1, ended.stderr[-3000:]
    return {row["agency"]: row for row in json.loads(ended.stdout)["reports"]}


def test_the_neighbours_files_are_the_same_to_the_byte(
    root: Path, reports: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    assert [reports[code]["status"] for code in HEALTHY] == ["built"] * len(HEALTHY)
    alone = write_healthy(tmp_path)
    for code in HEALTHY:
        build_report(alone, code, YEAR, BuildOptions(("html",)))
    now, before = finished(root), finished(alone)
    assert now.keys() == before.keys()
    assert [name for name in before if now[name] != before[name]] == []


def test_each_hostile_folder_is_reported_of_clearly_and_once(
    root: Path, reports: dict[str, dict[str, Any]]
) -> None:
    wrong = {}
    for number, (name, kind) in enumerate(KINDS.items()):
        row = reports.get(code_of(number))
        if row is None:
            wrong[name] = "not in the batch"
            continue
        lines = row["problems"]
        said = " ".join(lines)
        if kind.built != (row["status"] in ("built", "skipped")):
            wrong[name] = f"{row['status']}: {said[:300]}"
        elif not kind.built and not 1 <= len(lines) <= 101:
            wrong[name] = f"{len(lines)} problems"
        elif not all(is_quiet(line) and len(line) < 1500 for line in lines):
            wrong[name] = f"unclear: {said[:300]!r}"
        elif "程序出错" in said or "Traceback" in said:
            wrong[name] = said[:300]
    assert wrong == {}


def test_no_page_of_the_county_holds_a_persons_name(
    root: Path, ended: subprocess.CompletedProcess[str], reports: dict[str, dict[str, Any]]
) -> None:
    pages = [*(root / "output" / str(YEAR)).glob("*.*")]
    assert {p.name for p in pages} >= {"index.html", "summary.csv", "summary.json"}
    number = list(KINDS).index("person: as a channel")
    pages += (root / "output" / code_of(number) / str(YEAR)).glob("report.*")
    assert len(pages) >= 6
    assert [p.name for p in pages if PERSON in p.read_text("utf-8-sig")] == []
    assert PERSON not in ended.stdout + ended.stderr
