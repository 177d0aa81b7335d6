"""Tell whether a published report is still what a new run would make, and if not, why.

The manifest of the published set names everything it was made from. What is compared here is
the content of files, never their time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from nianbao.errors import InputError
from nianbao.files.sources import content, entries_below
from nianbao.finished.batch_context import BatchContext
from nianbao.finished.folder import FAILED, report_folder
from nianbao.finished.manifest import MANIFEST, Manifest, kept_bytes, read_manifest, sha256
from nianbao.finished.options import BuildOptions
from nianbao.finished.summary import Summary, read_summary
from nianbao.inputs.project import (
    FIRST_YEAR,
    NOTES,
    agency_file,
    data_folder,
    is_left_behind,
    own_cells_file,
    params_file,
)

MOST_NAMED = 3
"""So many changed files are named; of the others the number is enough."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """A verdict on whether a report must be made again."""

    current: bool
    """The published set is what a new run would make."""
    why: str
    """The reason, either way, in Chinese."""
    manifest: Manifest | None = None
    """Of the published set."""
    only_context: bool = False
    """Nothing changed but what other agencies wrote; as a rule no finding changes by that."""


def input_files(root: Path, agency: str, year: int, context: BatchContext) -> dict[str, str]:
    """Return every file that a report may be made from, with its checksum.

    These are the files of all years up to this one.

    Those of the units below a government are among them. More files than are read are listed
    rather than fewer; what cannot be read counts as empty, which its own report tells.
    """
    files = (f for code in (agency, *context.below(agency)) for f in _files_of(root, code, year))
    return {file: hashlib.sha256(content(root, file)).hexdigest() for file in sorted(files)}


def _files_of(root: Path, agency: str, year: int) -> Iterator[str]:
    cards = (
        agency_file(agency), params_file(agency, year), params_file(agency, year - 1),
        own_cells_file(agency, year),
    )  # fmt: skip
    yield from (file for file in cards if (root / file).is_file())
    for each in range(FIRST_YEAR, year + 1):
        folder = data_folder(agency, each)
        yield from (f"{folder}/{path}" for path in _files(root / folder))


def _files(folder: Path) -> Iterator[str]:
    """Yield what is read of a folder; endlessly nested ones are reported with their own report."""
    with suppress(InputError):
        for entry in entries_below(folder):
            inside = PurePath(entry.path).relative_to(folder)
            is_read = entry.name not in NOTES and not is_left_behind(inside)
            if is_read and entry.is_file(follow_symlinks=False):
                yield inside.as_posix()


def compare_with_now(
    root: Path, agency: str, year: int, options: BuildOptions, context: BatchContext
) -> Freshness:
    """Compare a published set with what it would be made from now."""
    folder = report_folder(root, agency, year)
    manifest = read_manifest(folder)
    if manifest is None:
        is_there = (folder / MANIFEST).exists()
        return Freshness(False, f"清单 {MANIFEST} 损坏或被改动" if is_there else "还没有生成过")
    why = next(_changes(root, agency, year, manifest, options, context), "")
    if why:
        return Freshness(False, why, manifest)
    if manifest.batch_context != context.checksum:
        return Freshness(False, "其他单位的名称或文字有变动", manifest, only_context=True)
    return Freshness(True, "与上次相比没有变化", manifest)


def _changes(
    root: Path, agency: str, year: int, manifest: Manifest, options: BuildOptions,
    context: BatchContext,
) -> Iterator[str]:  # fmt: skip
    """Yield what changed since the set was made, most telling first."""
    folder = report_folder(root, agency, year)
    if (folder / FAILED).exists():
        yield "上次没有成功"
    if (manifest.agency, manifest.year) != (agency, year):
        yield f"清单是 {manifest.agency} {manifest.year} 的"
    if manifest.options != options:
        yield "选项与上次不同（格式、草稿等）"
    yield from _different(manifest.inputs, input_files(root, agency, year, context), "数据")
    before, now = manifest.basis, context.basis
    if before.notebook != now.notebook:
        yield "主笔记本有改动"
    yield from _different(before.versions, now.versions, "软件包")
    if before.source != now.source:
        yield "nianbao 程序有改动"
    if (before.fonts, before.faces) != (now.fonts, now.faces):
        yield "字体不同"
    yield from _different(before.theme, now.theme, "网页的样子")
    yield from _different(manifest.outputs, _outputs(folder, manifest), "已生成的文件")
    if manifest.summary != _summary(folder):
        yield f"清单 {MANIFEST} 中的摘要与 report.json 不符"


def _summary(folder: Path) -> Summary | None:
    """Return the summary of the report.json that lies there; None when that is none of ours."""
    try:
        return read_summary(kept_bytes(folder / "report.json"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _outputs(folder: Path, manifest: Manifest) -> dict[str, str]:
    """Return the files of the set, and those that look like one and are not in the manifest."""
    named = (p for pattern in ("report.*", "tables/*") for p in folder.glob(pattern))
    names = {*manifest.outputs, *(p.relative_to(folder).as_posix() for p in named)}
    return {name: sha256(p) for name in sorted(names) if (p := folder / name).is_file()}


def _different(before: Mapping[str, str], now: Mapping[str, str], what: str) -> Iterator[str]:
    """Yield the names whose checksum or version differs, that are new, or that are gone."""
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if names:
        more = f"等{len(names)}项" if len(names) > MOST_NAMED else ""
        named = "、".join(f"{n}（{_how(n, before, now)}）" for n in names[:MOST_NAMED])
        yield f"{what}：{named}{more}"


def _how(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    if name not in before:
        return "新增"
    return "有变动" if name in now else "没有了"
