"""Find the project and the notebooks that it keeps: the master, and what a report adds to it.

The master is read without being run: its headings and its sections' wording. A report's own cells
of code lie in notebooks/<agency>/<year>.ipynb: a pull keeps them there, and every build puts them
behind the cells of the master that they stood behind. They are code, so they do not lie in data/:
what a bureau hands in is never run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import InputError, Place, Problem, UsageError
from nianbao.files.sources import read_source
from nianbao.files.writing import write_bytes_safely
from nianbao.inputs.project import list_agencies, own_cells_file
from nianbao.notebook.cells import Cell, Notebook, about, is_internal, parse_notebook

ROOT_VARIABLE = "NIANBAO_ROOT"
"""Environment variable by which a run tells its notebook the project folder."""


def find_root(start: Path | None = None) -> Path:
    """Return the project folder.

    The run may name it; else it is the nearest folder upwards with params/ and data/.

    A folder with workbooks alone, which say who reports, needs no params/.

    It looks from ``start``, by default the current folder, so that a notebook works from the
    project folder and from notebooks/ alike.

    Raises
    ------
    UsageError
        No such folder.
    """
    given = os.environ.get(ROOT_VARIABLE)
    if given and start is None:
        return Path(given)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        is_project = (folder / "params").is_dir() or bool(list_agencies(folder))
        if is_project and (folder / "data").is_dir():
            return folder
    raise UsageError(
        f"在“{here}”及其上级文件夹中都没有找到 params/ 和 data/；"
        "请在项目文件夹中运行，或用 --root（papermill、jupyter 用环境变量 NIANBAO_ROOT）"
        "指明项目文件夹；还没有的，在一个空文件夹中运行 nianbao init 建立"
    )


def shipped(part: str) -> Path:
    """Return a file or folder of a new project, as it came with the package.

    ``part`` is its place in the project, e.g. ``notebooks/report.ipynb``.

    Raises
    ------
    UsageError
        The installation is damaged.
    """
    package = Path(__file__).parents[1]
    # A wheel has it all in project/; a source tree has most of it where a developer looks.
    for folder in (package / "project", package.parents[1]):
        if (folder / part).exists():
            return folder / part
    raise UsageError(f"安装不完整，缺少{part}，请重新安装 nianbao")


MASTER = "notebooks/report.ipynb"


@dataclass(frozen=True)
class Master:
    """What the master says before anything is filled in."""

    path: Path
    """The file."""
    headings: tuple[str, ...]
    """Statutory headings in order, the title left out."""
    sections: Mapping[str, str]
    """The default wording by section id, with placeholders."""


def master_notebook(root: Path) -> Path:
    """Return the project's own master, else the one that came with the package.

    Raises
    ------
    UsageError
        The installation is damaged.
    """
    own = root / MASTER
    return own if own.is_file() else shipped(MASTER)


def read_notebook(path: Path) -> Notebook:
    """Read a notebook; see `parse_notebook`."""
    return parse_notebook(path.read_bytes())


def _markdown(path: Path) -> Iterator[tuple[str | None, str]]:
    """Yield the section id (None for a heading cell) and the text of each Markdown cell."""
    for cell in read_notebook(path)["cells"]:
        if cell["cell_type"] == "markdown" and not is_internal(cell):
            yield about(cell).get("section"), cell["source"]


def read_master(root: Path) -> Master:
    """Read the master of a project.

    Raises
    ------
    UsageError
        There is none, or it is not a notebook.
    """
    return _read_master(master_notebook(root))


def shipped_master() -> Master:
    """Read the master that came with the package."""
    return _read_master(shipped(MASTER))


def _read_master(path: Path) -> Master:
    try:
        cells = list(_markdown(path))
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path.name} 不是可用的笔记本，请从备份恢复或重新安装") from None
    lines = [line for section, text in cells if section is None for line in text.splitlines()]
    headings = tuple(line.lstrip("#").strip() for line in lines if line.startswith("##"))
    return Master(path, headings, {s: text for s, text in cells if s is not None})


OWN_CELL = "own-"
"""With this begins the id of a cell that was added to one report."""


@dataclass(frozen=True, slots=True)
class OwnCell:
    """A cell of code and the id of the master's cell that it stands behind."""

    after: str
    source: str


def read_own_cells(root: Path, agency: str, year: int) -> tuple[OwnCell, ...]:
    """Read the cells that were added to a report; none where there is no file.

    Raises
    ------
    InputError
        The file is no notebook.
    """
    name = own_cells_file(agency, year)
    if not (root / name).is_file():
        return ()
    try:
        cells = json.loads(read_source(root, name).text())["cells"]
        return tuple(
            OwnCell(str(cell["metadata"]["nianbao"]["after"]), "".join(cell["source"]))
            for cell in cells
        )
    except (ValueError, LookupError, TypeError) as error:
        remedy = "请从备份恢复；不需要自加的单元格的，删除这个文件"
        raise InputError(Problem("不是可用的笔记本", Place(name), remedy=remedy)) from error


def write_own_cells(root: Path, agency: str, year: int, cells: Iterable[OwnCell]) -> None:
    """Write the cells; without any the file is taken away."""
    file = root / own_cells_file(agency, year)
    made: list[dict[str, object]] = [
        {
            "cell_type": "code", "execution_count": None, "id": f"{OWN_CELL}{number}",
            "outputs": [], "metadata": {"nianbao": {"after": cell.after}}, "source": cell.source,
        }
        for number, cell in enumerate(cells, 1)
    ]  # fmt: skip
    if not made:
        file.unlink(missing_ok=True)
        return
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = {
        "cells": made,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_bytes_safely(file, text.encode())


def with_own_cells(notebook: Notebook, own: Iterable[OwnCell]) -> Notebook:
    """Return the notebook with the report's own cells in their places.

    A cell without a place comes last.
    """
    cells = list(notebook["cells"])
    for number, each in enumerate(own, 1):
        places = [i for i, cell in enumerate(cells) if _stands_at(cell, each.after)]
        made: Cell = {
            "cell_type": "code", "id": f"{OWN_CELL}{number}", "source": each.source, "outputs": [],
            "execution_count": None, "metadata": {"nianbao": {"after": each.after}},
        }  # fmt: skip
        cells.insert(places[-1] + 1 if places else len(cells) - 1, made)
    return {**notebook, "cells": cells}


def _stands_at(cell: Cell, id_: str) -> bool:
    return id_ in (cell.get("id"), cell["metadata"].get("nianbao", {}).get("after"))
