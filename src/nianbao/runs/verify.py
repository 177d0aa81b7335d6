"""Read a finished set back, measure its layout, build it again and compare the bytes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.errors import ExportError, UsageError
from nianbao.notebook.report import Report
from nianbao.runs.build import FORMATS, BuildOptions, make_set
from nianbao.runs.manifest import MANIFEST, outputs
from nianbao.runs.proof import other_names, prove
from nianbao.runs.publish import report_folder
from nianbao.runs.surroundings import read_surroundings


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was verified: what, whether it holds, and what was found."""

    what: str
    fine: bool
    found: str


REASONS = {
    "inputs": "数据、参数或正文有变动",
    "notebook": "主笔记本有变动",
    "versions": "软件版本有变动",
    "fonts": "字体有变动",
}
"""What can make a rebuilt set differ, by the part of the manifest that shows it."""


def _unchanged(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Verdict]:
    now = outputs(folder)
    listed = manifest["outputs"]
    different = sorted(n for n in {*now, *listed} if now.get(n) != listed.get(n))
    found = f"与发布时不同：{'、'.join(different)}" if different else f"{len(listed)}个文件"
    yield Verdict("文件与发布时一致", not different, found)


def _readback(root: Path, report: Report, folder: Path, formats: tuple[str, ...]) -> Verdict:
    import nbformat

    what = "各格式与数据一致"
    try:
        notebook = nbformat.read(folder / "report.ipynb", as_version=4)
        prove(notebook, report, folder, formats, other_names(root, report.inputs.agency.code))
    except ExportError as error:
        return Verdict(what, False, "；".join(str(p) for p in error.problems[:5]))
    return Verdict(what, True, f"{'、'.join(formats)}：200格数据和全部文字")


def _layout(folder: Path) -> Iterator[Verdict]:
    if not (folder / "report.pdf").is_file():
        return
    from nianbao.documents.gauge import measure

    points = measure(folder / "report.pdf").points
    for point in (p for p in points if not p.ok):
        yield Verdict(f"版式：{point.name}", False, f"应为{point.standard}，实为{point.measured}")
    if all(point.ok for point in points):
        yield Verdict("版式符合标准", True, f"{len(points)}项")


def _rebuilt(root: Path, report: Report, folder: Path, manifest: Mapping[str, Any]) -> Verdict:
    """Whether building again gives the same bytes; if not, why."""
    given = manifest["options"]
    options = BuildOptions(
        tuple(given["formats"]), given["draft"], given["kernel"], given["fragment"]
    )
    with tempfile.TemporaryDirectory(prefix="nianbao-") as name:
        again = Path(name)
        around = read_surroundings(root, report.inputs.params.year)
        make_set(report, again, options, around)
        new = json.loads((again / MANIFEST).read_text(encoding="utf-8"))
        before, after = outputs(folder), outputs(again)
    different = sorted(n for n in {*before, *after} if before.get(n) != after.get(n))
    if not different:
        return Verdict("重新生成逐字节相同", True, f"{len(after)}个文件")
    reasons = [why for key, why in REASONS.items() if manifest[key] != new[key]]
    why = "、".join(reasons) or "文件在发布后被改动，或程序有变动"
    return Verdict("重新生成逐字节相同", False, f"{'、'.join(different)}不同；原因：{why}")


def verify_report(root: Path, agency: str, year: int) -> tuple[Verdict, ...]:
    """Verify a published set.

    Returns
    -------
    tuple of Verdict
        Files unchanged since publication, formats equal to the data, layout within the
        standard, rebuilt bytes equal.

    Raises
    ------
    UsageError
        Nothing has been published.
    """
    folder = report_folder(root, agency, year)
    if not (folder / MANIFEST).is_file():
        Report.open(agency, year, root=root)
        raise UsageError(
            f"还没有发布 {agency} {year} 的报告，请先运行 nianbao build {agency} {year}"
        )
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    given = {"draft": True} if manifest["options"]["draft"] else {}
    report = Report.open(agency, year, root=root, **given)
    formats = tuple(f for f in FORMATS if (folder / f"report.{f}").is_file())
    return (
        *_unchanged(folder, manifest),
        _readback(root, report, folder, formats),
        *_layout(folder),
        _rebuilt(root, report, folder, manifest),
    )
