"""``%nianbao pull`` in a cell: the command line for the report that is open there."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nianbao.notebook.project import ROOT_VARIABLE

OF_A_REPORT = frozenset({"build", "check", "compare", "facts", "preview", "pull", "verify"})
"""Commands that want agency and year; they get those of the open report."""


def nianbao_magic(root: Path, agency: str, year: int) -> Callable[[str], None]:
    """Make the magic of a report."""

    def nianbao(line: str) -> None:
        """运行 nianbao 命令；不写机关代码和年度的，用这个笔记本里打开的报告。"""
        words = shlex.split(line) or ["--help"]
        if words[0] in OF_A_REPORT and not [word for word in words[1:] if word[0] != "-"]:
            words[1:1] = [agency, str(year)]
        done = subprocess.run(
            [sys.executable, "-m", "nianbao", *words], cwd=root, capture_output=True, text=True,
            check=False, env={**os.environ, ROOT_VARIABLE: str(root)},
        )  # fmt: skip
        print((done.stdout + done.stderr).strip())

    return nianbao


def register_magic(shell: Any, root: Path, agency: str, year: int) -> None:
    """Let the notebook that runs here know ``%nianbao``."""
    shell.register_magic_function(nianbao_magic(root, agency, year), "line", "nianbao")
