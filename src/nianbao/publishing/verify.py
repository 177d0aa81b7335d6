"""Read a finished set back, measure its layout, build it again and compare the bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.errors import ExportError, InputError, NianbaoError, UsageError
from nianbao.files.reading_process import read_apart
from nianbao.files.sources import Source, read_source
from nianbao.finished.batch_context import read_batch_context
from nianbao.finished.differences import edited_files, field_differences
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST, Manifest, outputs, read_manifest
from nianbao.notebook.report import Report
from nianbao.publishing.build import make_set
from nianbao.publishing.proof import (
    MOST_BYTES,
    Expected,
    finished,
    other_names,
    prove,
    read_document,
)

if TYPE_CHECKING:
    from nianbao.documents.layout_check.measurement import Measurement
    from nianbao.documents.readback import Readback


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was verified: what, whether it holds, and what was found."""

    what: str
    fine: bool
    found: str


def _unchanged(folder: Path, manifest: Manifest) -> Verdict:
    now, listed = outputs(folder), manifest.outputs
    different = sorted(n for n in {*now, *listed} if now.get(n) != listed.get(n))
    found = f"与发布时不同：{'、'.join(different)}" if different else f"{len(listed)}个文件"
    return Verdict("文件与发布时一致", not different, found)


def _readback(root: Path, report: Report, folder: Path) -> Verdict:
    what = "各格式与数据一致"
    try:
        notebook = _notebook(folder / "report.ipynb")
        others = other_names(root, report.inputs.agency.code)
        prove(notebook, Expected.of(report), folder, others, _read)
    except NianbaoError as error:  # a file that cannot be read at all is no better
        return Verdict(what, False, _first(error))
    cells = report.format.cell_count
    return Verdict(what, True, f"{'、'.join(finished(folder))}：{cells}格数据和全部文字")


@read_apart
def _read(source: Source, ending: str) -> Readback | str:
    """Read a document that may have been changed since it was published."""
    return read_document(source, ending)


@read_apart
def _measure(source: Source) -> tuple[Measurement, ...]:
    from nianbao.documents.layout_check.check import measure

    return measure(source.data).measurements


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
    try:
        points = _measure(read_source(folder, "report.pdf", MOST_BYTES))
    except InputError as error:
        yield Verdict("版式符合标准", False, f"不是可以读取的 PDF 文件。{_first(error)}")
        return
    for point in (p for p in points if not p.ok):
        if point.name.endswith("字体"):
            found = f"标准为{point.standard}，用的是{point.measured}；可运行 make fonts 后重新生成"
            yield Verdict(f"版式：{point.name}（代替）", True, found)
            continue
        yield Verdict(f"版式：{point.name}", False, f"应为{point.standard}，实为{point.measured}")
    if all(point.ok or point.name.endswith("字体") for point in points):
        yield Verdict("版式符合标准", True, f"{sum(point.ok for point in points)}项")


def _rebuilt(root: Path, report: Report, folder: Path, manifest: Manifest) -> Iterator[Verdict]:
    """Yield whether building again gives the same manifest and the same bytes; if not, why."""
    what, same = "清单各项与重新算出的一致", "重新生成逐字节相同"
    context = read_batch_context(root, report.inputs.params.year)
    with tempfile.TemporaryDirectory(prefix="nianbao-") as name:
        again = Path(name)
        try:
            make_set(report, again, manifest.options, context)
        except NianbaoError as error:
            yield Verdict(same, False, f"不能重新生成：{_first(error)}")
            return
        new = read_manifest(again)
        assert new is not None, "just written"
        before, after = outputs(folder), outputs(again)
    fields = list(field_differences(manifest, new))
    yield Verdict(what, not fields, "；".join(fields) or "数据、程序、字体、选项、摘要")
    different = sorted(n for n in {*before, *after} if before.get(n) != after.get(n))
    if not different:
        yield Verdict(same, True, f"{len(after)}个文件")
        return
    why = [*edited_files(before, manifest), *(fields if manifest.outputs != after else ())]
    reasons = "；".join(why) or "数据、程序、字体都没有变动，原因不明"
    yield Verdict(same, False, f"{'、'.join(different)}不同；原因：{reasons}")


def verify_report(root: Path, agency: str, year: int) -> tuple[Verdict, ...]:
    """Verify a published set.

    Returns
    -------
    tuple of Verdict
        Files unchanged since publication, formats equal to the data, layout within the
        standard, every field of the manifest and all bytes equal to those of a new build.

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
    manifest = read_manifest(folder)
    given = {"draft": True} if manifest is None or manifest.options.draft else {}
    report = Report.open(agency, year, root=root, **given)
    if manifest is None:
        found = f"{MANIFEST} 损坏或被改动，读不出这份报告是怎样生成的；请重新生成"
        broken = Verdict("清单可以读取", False, found)
        return (broken, _readback(root, report, folder), *_layout(folder))
    return (
        _unchanged(folder, manifest),
        _readback(root, report, folder),
        *_layout(folder),
        *_rebuilt(root, report, folder, manifest),
    )
