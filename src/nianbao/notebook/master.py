"""The master notebook as a file: its headings and its sections' wording, without running it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.errors import UsageError
from nianbao.notebook.cells import Notebook, is_internal
from nianbao.notebook.project import shipped

MASTER = "notebooks/report.ipynb"


@dataclass(frozen=True)
class Master:
    """What the master says before anything is filled in.

    Parameters
    ----------
    path
        The file.
    headings
        Statutory headings in order, the title left out.
    sections
        The default wording by section id, with placeholders.
    """

    path: Path
    headings: tuple[str, ...]
    sections: Mapping[str, str]


def master_notebook(root: Path) -> Path:
    """The project's own master, else the one that came with the package.

    Raises
    ------
    UsageError
        The installation is damaged.
    """
    own = root / MASTER
    return own if own.is_file() else shipped(MASTER)


def read_notebook(path: Path) -> Notebook:
    """Read a notebook, each source as one string, however the file was saved."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def _markdown(path: Path) -> Iterator[tuple[str | None, str]]:
    """Section id (None for a heading cell) and text of each Markdown cell."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and not is_internal(cell):
            source = cell["source"]
            text = source if isinstance(source, str) else "".join(source)
            yield cell["metadata"].get("nianbao", {}).get("section"), text


def read_master(root: Path) -> Master:
    """Read the master of a project.

    Raises
    ------
    UsageError
        There is none, or it is not a notebook.
    """
    path = master_notebook(root)
    try:
        cells = list(_markdown(path))
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path.name} 不是可用的笔记本，请从备份恢复或重新安装") from None
    lines = [line for section, text in cells if section is None for line in text.splitlines()]
    headings = tuple(line.lstrip("#").strip() for line in lines if line.startswith("##"))
    return Master(path, headings, {s: text for s, text in cells if s is not None})
