"""No process of ours runs code that lies in the folder where it is called, or among the data."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from tests.projects import copy_project

from nianbao.batch.worker import Job, Outcome
from nianbao.batch.worker_pool import Children
from nianbao.desk.workers import _PRELOADED, Workers
from nianbao.notebook.session import nianbao_magic
from nianbao.processes import SAFE_PATH, own_python

AGENCY, YEAR = "shili-qinghe-zhen", 2024
PLANTED = """
    yaml csv json pandas numpy matplotlib sitecustomize usercustomize typer rich lxml pickle struct
    selectors socket random tempfile typing secrets decimal filelock python_calamine pypdfium2
    ipykernel IPython nbformat papermill distributed starlette pytz ipython_config jupyter_config
    jupyter_nbconvert_config ipython_kernel_config
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in whose folders of data lie modules that tell when they are run."""
    folder = copy_project(tmp_path_factory.mktemp("planted"), AGENCY)
    for place in (folder, folder / "data", folder / "data" / AGENCY):
        for name in PLANTED.split():
            place.joinpath(f"{name}.py").write_text(
                f"import os\nos.close(os.open({str(folder / 'ran')!r} + '-{name}', os.O_CREAT))\n"
            )
    return folder


@pytest.fixture(autouse=True)
def nothing_ran(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work in the bureau's folder of data, as one who has not heard of safe paths."""
    monkeypatch.delenv(SAFE_PATH, raising=False)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    monkeypatch.chdir(root / "data" / AGENCY)
    yield
    ran = list(root.glob("ran-*"))
    for file in ran:
        file.unlink()
    assert [file.name for file in ran] == []


def run(root: Path, *words: str, by: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a command there; ``PYTHONPATH`` has an empty part, as by accident it often has."""
    command = by or (str(Path(sys.executable).with_name("nianbao")),)
    return subprocess.run(
        [*command, *words, "--root", str(root)], capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_planted_modules_do_run_where_python_is_started_plainly(root: Path) -> None:
    subprocess.run([sys.executable, "-c", "import csv"], check=True)
    assert [file.name for file in root.glob("ran-*")] == ["ran-csv"]
    root.joinpath("ran-csv").unlink()


def test_the_command(root: Path) -> None:
    assert '"findings"' in run(root, "check", AGENCY, str(YEAR), "--json").stdout


def test_the_command_as_a_module(root: Path) -> None:
    by = (sys.executable, "-m", "nianbao")
    assert '"findings"' in run(root, "check", AGENCY, str(YEAR), "--json", by=by).stdout


def test_the_command_as_a_module_loads_nothing_there_that_python_has_not_loaded_before_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own ``-m`` looks there first for what it needs itself; we come after that."""
    monkeypatch.chdir(tmp_path)
    before_us = own_python("-c", "import runpy, sys; print(*sys.modules)")
    done = subprocess.run(before_us, capture_output=True, text=True, check=True)
    ours = sys.stdlib_module_names | {"numpy", "pandas", "typer", "rich", "lxml", "click"}
    for name in ours - {loaded.partition(".")[0] for loaded in done.stdout.split()}:
        (tmp_path / f"{name}.py").write_text(f"open('ran-{name}', 'w')\n")
    subprocess.run([sys.executable, "-m", "nianbao", "--version"], check=True)
    assert len([*tmp_path.glob("*.py")]) > 200
    assert [*tmp_path.glob("ran-*")] == []


@pytest.mark.slow
def test_a_kernel(root: Path) -> None:
    run(root, "build", AGENCY, str(YEAR), "--kernel", "--draft", "--to", "html")
    assert (root / "output" / AGENCY / str(YEAR) / "report.html").is_file()


@pytest.mark.slow
def test_a_batch(root: Path) -> None:
    assert "已生成1份" in run(root, "batch", "--to", "html", "--force").stderr


def test_the_command_in_a_cell(root: Path) -> None:
    shell = MagicMock()
    nianbao_magic(shell, root, AGENCY, YEAR)("--version")
    assert "nianbao" in str(shell.display_pub.publish.call_args)


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_process_of_one_report(root: Path, method: str) -> None:
    multiprocessing.set_forkserver_preload(_PRELOADED)
    children, before = Children(method, None), (list(sys.path), dict(os.environ))
    children.start(Job(root, "unknown", YEAR))
    assert (sys.path, dict(os.environ)) == before, "whoever starts one has his own path"
    outcomes: list[Outcome] = []
    while not outcomes:
        outcomes = [*children.wait()]
    assert "unknown" in outcomes[0].problems[0]


def test_a_process_of_the_desk() -> None:
    workers = Workers(1)
    before = list(sys.path), dict(os.environ)
    assert str(Path.cwd()) not in workers.ask(AGENCY, _paths)
    assert (sys.path, dict(os.environ)) == before
    workers.stop()


def _paths() -> list[str]:
    import pandas

    assert pandas
    return [str(Path(folder).resolve()) for folder in sys.path]


def test_our_own_python_has_nothing_of_the_current_folder() -> None:
    command = own_python("-c", "import sys; print(sys.path)")
    path = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert str(Path.cwd()) not in path
    assert "''" not in path
