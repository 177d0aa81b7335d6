"""The wheel, installed where nothing else of the project is: it starts a project and builds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; without this process's settings for Python."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV"))}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment: the wheel, and the locked dependencies of this one."""
    folder = tmp_path_factory.mktemp("release")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    no_network = ("-q", "--no-deps", "--no-index")
    build = ("wheel", "--no-build-isolation", *no_network, "-w", str(folder))
    run(*pip, *build, str(repository), cwd=folder)
    [wheel] = folder.glob("nianbao-*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    install = ("--python", str(python), "install", "--no-compile", *no_network)
    run(*pip, *install, str(wheel), cwd=folder)
    # A path in a .pth brings the packages there, but not that folder's own .pth: not our source.
    [site] = (folder / "venv" / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.parent


def test_what_runs_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import nianbao; print(nianbao.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)


def test_an_empty_folder_becomes_a_project_whose_readme_works(
    installed: Path, tmp_path: Path
) -> None:
    written = run(installed / "nianbao", "init", cwd=tmp_path).splitlines()[:-1]
    assert {"Makefile", "README.md", "notebooks/report.ipynb"} <= set(written)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    nianbao (.+)$", readme, re.MULTILINE)
    assert "build yiyuan-sfj 2024" in commands
    for command in commands:
        run(installed / "nianbao", *command.split(), cwd=tmp_path)
    made = tmp_path / "output" / "yiyuan-sfj" / "2024"
    assert {"report.html", "report.pdf", "report.docx"} <= {file.name for file in made.iterdir()}
    assert "沂源县司法局" in (made / "report.html").read_text(encoding="utf-8")


def test_the_makefile_runs_the_commands_it_names(installed: Path, tmp_path: Path) -> None:
    run(installed / "nianbao", "init", "年报", cwd=tmp_path)
    project = tmp_path / "年报"
    make = (shutil.which("make") or "make", "--no-print-directory", f"NIANBAO={installed}/nianbao")
    listed = run(*make, cwd=project)
    assert all(f"make {target} " in listed for target in ("report", "batch", "lab"))
    assert "项" in run(*make, "check", "AGENCY=shili-scjgj", cwd=project)


def test_the_master_of_the_package_serves_a_project_without_one(
    installed: Path, tmp_path: Path
) -> None:
    run(installed / "nianbao", "init", cwd=tmp_path)
    (tmp_path / "notebooks" / "report.ipynb").unlink()
    run(installed / "nianbao", "build", "yiyuan-sfj", "2024", "--to", "html", cwd=tmp_path)
    assert (tmp_path / "output" / "yiyuan-sfj" / "2024" / "report.html").is_file()
