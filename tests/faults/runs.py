"""Run the command as its users do, in processes of their own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests import warm

COMMAND = (sys.executable, "-c", "import sys; from nianbao.cli.main import main; main()")
AGENCY, YEAR = "yiyuan-sfj", "2024"


def command(root: Path, *words: str) -> list[str]:
    return [*COMMAND, *words, "--root", str(root)]


def run(
    root: Path, *words: str, before: Sequence[str] = (), check: bool = False, first: str = "",
    **more: str,
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """Run to the end.

    Parameters
    ----------
    before
        A command that runs it under other conditions, in a new Python.
    first
        Python that it runs first, in a copy of one that has loaded everything.
    more
        Set in its environment; what concerns Python itself needs a new one too.
    """
    if not before and not any(name.startswith("PYTHON") for name in more):
        done = warm.run(
            *words, "--root", str(root), cwd=root, env={**os.environ, **more}, first=first
        )
        if check:
            done.check_returncode()
        return done
    return subprocess.run(
        [*before, *command(root, *words)], capture_output=True, text=True, cwd=root,
        env={**os.environ, **more}, check=check,
    )  # fmt: skip


def python_path(folder: Path) -> str:
    """Where Python looks for modules, this folder first."""
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])


def state(root: Path, *folders: str) -> dict[str, str]:
    """Checksum of every file that a person put there, hidden ones too."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders or ("params", "data", "notebooks")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def whole(folder: Path) -> bool:
    """Whether a published set is all there, to the byte."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    now = state(folder, ".")
    listed = {name: now.get(name) for name in manifest["outputs"]}
    return listed == manifest["outputs"]


def reported(done: subprocess.CompletedProcess[str]) -> str:
    """What a person reads of a run that failed; never a traceback."""
    assert done.returncode in (1, 2), (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stderr.count("错误：") + done.stderr.count("程序出错：") == 1, done.stderr
    return done.stderr
