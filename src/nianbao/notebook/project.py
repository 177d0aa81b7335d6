"""Where the project is: the folder that holds params/ and data/."""

from __future__ import annotations

import os
from pathlib import Path

from nianbao.errors import UsageError

ROOT_VARIABLE = "NIANBAO_ROOT"
"""Environment variable by which a run tells its notebook the project folder."""


def find_root(start: Path | None = None) -> Path:
    """The project folder: as the run says, else the nearest folder upwards with params/ and data/.

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
        if (folder / "params").is_dir() and (folder / "data").is_dir():
            return folder
    raise UsageError(
        f"在“{here}”及其上级文件夹中都没有找到 params/ 和 data/；"
        "请在项目文件夹中运行，或用 --root 指明项目文件夹"
    )
