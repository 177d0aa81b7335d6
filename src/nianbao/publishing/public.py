"""The functions of ``import nianbao``: open, check and build a report.

Apart because `import nianbao` loads it only when one of its names is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.notebook.master import find_root
from nianbao.notebook.report import Report
from nianbao.statistics.model import Finding

if TYPE_CHECKING:
    from nianbao.publishing.build import BuildResult


def open_report(agency: str, year: int, *, root: Path | None = None, **given: object) -> Report:
    """读入一个机关一个年度的数据，得到报告对象。

    Open the report of an agency and a year: read all its files, count its tables.

    Parameters
    ----------
    agency, year
        Code of the agency (its folder in params/) and the reporting year.
    root
        The project folder; by default the nearest one upwards from the current folder.
    **given
        Parameters that take the place of those in params/<agency>/<year>.yaml, such as
        ``draft=True`` (docs/parameters.md).

    Raises
    ------
    UsageError
        No such agency or year; the nearest name is reported.
    InputError
        Files that cannot be read, with every problem at once.

    Examples
    --------
    >>> report = open_report("shili-scjgj", 2024)
    >>> report.title
    '示例县市场监督管理局2024年政府信息公开工作年度报告'
    >>> report.tables["requests"].frame.at["new", "总计"]
    26
    """
    return Report.open(agency, year, root=root, **given)


def check(agency: str, year: int, *, root: Path | None = None) -> tuple[Finding, ...]:
    """核对一份报告的数据和正文，什么都不写。

    Check a report: the identities of the statute, last year's figures, the prose. Nothing is
    written.

    Returns
    -------
    tuple of Finding
        The worst first; ``severity`` is ``error``, ``warning`` or ``info``.

    Raises
    ------
    UsageError, InputError, NarrativeError
        The report cannot be read, or its text not be filled in.

    Examples
    --------
    >>> [finding.id for finding in check("yiyuan-sfj", 2024) if finding.severity == "error"]
    []
    """
    return open_report(agency, year, root=root).findings


def build_report(
    agency: str,
    year: int,
    *,
    root: Path | None = None,
    formats: Iterable[str] = ("html", "pdf", "docx"),
    draft: bool = False,
) -> BuildResult:
    """生成一份报告：运行笔记本，导出各种格式，核对以后放进 output/。

    Build and publish a report, as ``nianbao build`` does: all of its files or none.

    Parameters
    ----------
    agency, year, root
        See `open_report`.
    formats
        Documents to make, of ``html``, ``pdf``, ``docx``, ``poster`` (一图读懂).
    draft
        Build in spite of errors; every page says that it is a draft.

    Returns
    -------
    BuildResult
        ``folder``, ``files``, ``findings``, and what was ``pulled`` from edited files first.

    Raises
    ------
    NianbaoError
        Any of its kinds; nothing is published then, and the last good set stays.

    Examples
    --------
    >>> built = build_report("yiyuan-sfj", 2024, formats=["html"])
    >>> "report.html" in built.files
    True
    """
    from nianbao.publishing import build

    options = build.BuildOptions(build.parse_formats(",".join(formats)), draft=draft)
    return build.build_report(root or find_root(), agency, year, options)
