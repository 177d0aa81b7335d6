"""Read a finished set back, measure its layout, build it again and compare the bytes.

Where the new set is another one, its manifest says why: the two are compared field by field.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from nianbao.errors import ExportError, InputError, NianbaoError, UsageError
from nianbao.files.reading_process import read_apart
from nianbao.files.sources import Source, read_source
from nianbao.files.words import short_listing
from nianbao.finished.batch_context import read_batch_context
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST, Manifest, outputs, read_manifest
from nianbao.fonts import ROLES
from nianbao.inputs.children import read_profiles
from nianbao.notebook.cells import Notebook
from nianbao.notebook.report import Report
from nianbao.publishing.build import make_set
from nianbao.publishing.proof import (
    MOST_BYTES,
    Expected,
    finished,
    prove,
    read_document,
)

if TYPE_CHECKING:
    from nianbao.documents.layout_check.letters import Measurement
    from nianbao.documents.readback import Readback


T = TypeVar("T")


def field_differences(before: Manifest, now: Manifest) -> Iterator[str]:
    """Yield every field of a manifest that differs, but for the checksums of the set's files."""
    if (before.agency, before.year) != (now.agency, now.year):
        yield f"清单写的是 {before.agency} {before.year}，这里是 {now.agency} {now.year}"
    if before.options != now.options:
        yield "清单中的选项（格式、草稿等）与生成时不同"
    names = [f"{file}（{how}）" for file, how in _files(before, now)]
    if names:
        yield f"数据、参数或正文有变动：{short_listing(names, measure='个文件')}"
    old, new = before.basis, now.basis
    if old.notebook != new.notebook:
        yield "主笔记本有变动"
    if old.source != new.source:
        yield "nianbao 程序有变动"
    if before.batch_context != now.batch_context:
        yield "其他机关的名称、正文或词表有变动"
    if look := [file for file, *_ in _differing(old.theme, new.theme)]:
        yield f"网页的样子有变动：{short_listing(look, measure='个文件')}"
    versions = [f"{name} {a}→{b}" for name, a, b in _differing(old.versions, new.versions)]
    if versions:
        yield f"软件版本有变动：{short_listing(versions, measure='项')}"
    fonts = [
        f"{ROLES[role].name if role in ROLES else role} {_family(a)}→{_family(b)}"
        for role, a, b in _differing(old.fonts, new.fonts)
    ]
    if fonts:
        yield f"字体有变动：{'、'.join(fonts)}"
    if old.faces != new.faces:
        yield "备用字体有变动"
    if before.summary != now.summary:
        yield "清单中的摘要（名称、主要数字、核对结果）与报告不同"


def edited_files(finished: Mapping[str, str], before: Manifest) -> Iterator[str]:
    """Yield which files of a set are not as its manifest lists them.

    ``finished`` are the checksums of the files as they are.
    """
    edited = [name for name, *_ in _differing(before.outputs, finished)]
    if edited:
        yield f"文件在发布后被改动：{short_listing(edited, measure='个文件')}"


def _files(before: Manifest, now: Manifest) -> Iterator[tuple[str, str]]:
    for file, old, new in _differing(before.inputs, now.inputs):
        yield file, "新增" if old is None else "已删除" if new is None else "已修改"


def _differing(
    old: Mapping[str, T], new: Mapping[str, T]
) -> Iterator[tuple[str, T | None, T | None]]:
    """Yield the keys whose values differ; None for one that is not there."""
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)


def _family(font: Mapping[str, str] | None) -> str:
    """Return a face by its family, and by its checksum, since two files may bear one name."""
    return f"{font.get('family')}（{font.get('sha256', '')[:8]}）" if font else "无"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was verified: what, whether it holds, and what was found."""

    what: str
    fine: bool
    found: str


def _unchanged(folder: Path, manifest: Manifest) -> Verdict:
    different = [name for name, *_ in _differing(manifest.outputs, outputs(folder))]
    listed = f"{len(manifest.outputs)}个文件"
    found = f"与发布时不同：{'、'.join(different)}" if different else listed
    return Verdict("文件与发布时一致", not different, found)


def _readback(root: Path, report: Report, folder: Path) -> Verdict:
    what = "各格式与数据一致"
    try:
        notebook = _notebook(folder / "report.ipynb")
        profiles = read_profiles(root)
        others = profiles.names_beside(report.inputs.agency.code)
        prove(notebook, Expected.of(report, profiles), folder, others, _read)
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


def _notebook(file: Path) -> Notebook:
    import nbformat

    try:
        notebook: Notebook = nbformat.read(file, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, OSError) as error:
        raise ExportError("report.ipynb 不是可以读取的笔记本，请重新生成") from error
    return notebook


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
    different = [name for name, *_ in _differing(before, after)]
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
