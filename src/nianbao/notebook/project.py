"""Where the project is: the folder that holds params/ and data/; and what a new one is made of."""

from __future__ import annotations

import os
from pathlib import Path

from nianbao.errors import UsageError
from nianbao.inputs.project import list_agencies

ROOT_VARIABLE = "NIANBAO_ROOT"
"""Environment variable by which a run tells its notebook the project folder."""


def find_root(start: Path | None = None) -> Path:
    """Return the project folder: as the run says, else the nearest folder upwards with params/ and
    data/.

    A folder with workbooks alone, which say who reports, needs no params/.

    Parameters
    ----------
    start
        Folder to look from; the current one by default, so that a notebook works from the
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
        "指明项目文件夹"
    )


def shipped(part: str) -> Path:
    """Return a file or folder of a new project, as it came with the package.

    Parameters
    ----------
    part
        Its place in the project, e.g. ``notebooks/report.ipynb``.

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
