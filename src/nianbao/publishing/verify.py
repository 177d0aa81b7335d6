"""Read a finished set back, measure its layout, build it again and compare the bytes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.errors import ExportError, InputError, NianbaoError, UsageError
from nianbao.finished.batch_context import read_surroundings
from nianbao.finished.differences import reasons
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST, outputs
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, make_set
from nianbao.publishing.proof import Expected, finished, other_names, prove


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was verified: what, whether it holds, and what was found."""

    what: str
    fine: bool
    found: str


def _unchanged(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Verdict]:
    now = outputs(folder)
    listed = manifest["outputs"]
    different = sorted(n for n in {*now, *listed} if now.get(n) != listed.get(n))
    found = f"与发布时不同：{'、'.join(different)}" if different else f"{len(listed)}个文件"
    yield Verdict("文件与发布时一致", not different, found)


def _readback(root: Path, report: Report, folder: Path) -> Verdict:
    what = "各格式与数据一致"
    try:
        notebook = _notebook(folder / "report.ipynb")
        prove(notebook, Expected.of(report), folder, other_names(root, report.inputs.agency.code))
    except NianbaoError as error:  # a file that cannot be read at all is no better
        return Verdict(what, False, _first(error))
    cells = report.format.cell_count
    return Verdict(what, True, f"{'、'.join(finished(folder))}：{cells}格数据和全部文字")


def _notebook(file: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(file, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, OSError) as error:
        raise ExportError("report.ipynb 不是可以读取的笔记本，请重新生成") from error


def _first(error: NianbaoError, most: int = 5) -> str:
    more = f"；等共{len(error.problems)}处" if len(error.problems) > most else ""
    return "；".join(str(problem) for problem in error.problems[:most]) + more


def _layout(folder: Path) -> Iterator[Verdict]:
    if not (folder / "report.pdf").is_file():
        return
    from nianbao.documents.layout_check.check import measure

    try:
        points = measure(folder / "report.pdf").points
    except InputError:
        yield Verdict("版式符合标准", False, "report.pdf 不是可以读取的 PDF 文件")
        return
    for point in (p for p in points if not p.ok):
        if point.name.endswith("字体"):
            found = f"标准为{point.standard}，用的是{point.measured}；可运行 make fonts 后重新生成"
            yield Verdict(f"版式：{point.name}（代替）", True, found)
            continue
        yield Verdict(f"版式：{point.name}", False, f"应为{point.standard}，实为{point.measured}")
    if all(point.ok or point.name.endswith("字体") for point in points):
        yield Verdict("版式符合标准", True, f"{sum(point.ok for point in points)}项")


def _rebuilt(root: Path, report: Report, folder: Path, manifest: Mapping[str, Any]) -> Verdict:
    """Whether building again gives the same bytes; if not, why."""
    what = "重新生成逐字节相同"
    given = manifest["options"]
    options = BuildOptions(**{**given, "formats": tuple(given["formats"])})
    around = read_surroundings(root, report.inputs.params.year)
    with tempfile.TemporaryDirectory(prefix="nianbao-") as name:
        again = Path(name)
        try:
            make_set(report, again, options, around)
        except NianbaoError as error:
            return Verdict(what, False, f"不能重新生成：{_first(error)}")
        new = json.loads((again / MANIFEST).read_text(encoding="utf-8"))
        before, after = outputs(folder), outputs(again)
    different = sorted(n for n in {*before, *after} if before.get(n) != after.get(n))
    if not different:
        return Verdict(what, True, f"{len(after)}个文件")
    why = "；".join(reasons(before, manifest, new))
    return Verdict(what, False, f"{'、'.join(different)}不同；原因：{why}")


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
    return (
        *_unchanged(folder, manifest),
        _readback(root, report, folder),
        *_layout(folder),
        _rebuilt(root, report, folder, manifest),
    )
