"""Whether a published report is still what a new run would make, and if not, why.

The manifest of the published set names everything it was made from. What is compared here is
the content of files, never their time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from nianbao.finished.batch_context import Surroundings
from nianbao.finished.folder import FAILED, report_folder
from nianbao.finished.manifest import MANIFEST, sha256
from nianbao.inputs.project import (
    FIRST_YEAR,
    NOTES,
    agency_file,
    data_folder,
    own_cells_file,
    params_file,
)

MOST_NAMED = 3
"""So many changed files are named; of the others the number is enough."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a report must be made again.

    Parameters
    ----------
    current
        The published set is what a new run would make.
    why
        The reason, either way, in Chinese.
    manifest
        Of the published set, or None.
    only_surroundings
        Nothing changed but what other agencies wrote; as a rule no finding changes by that.
    """

    current: bool
    why: str
    manifest: Mapping[str, Any] | None = None
    only_surroundings: bool = False


def input_files(root: Path, agency: str, year: int, around: Surroundings) -> dict[str, str]:
    """Every file that a report may be made from, and its checksum: of all years up to this one.

    Those of the units below a government are among them. More files than are read are listed
    rather than fewer.
    """
    files = (f for code in (agency, *around.below(agency)) for f in _files_of(root, code, year))
    return {file: sha256(root / file) for file in sorted(files)}


def _files_of(root: Path, agency: str, year: int) -> Iterator[str]:
    cards = (
        agency_file(agency), params_file(agency, year), params_file(agency, year - 1),
        own_cells_file(agency, year),
    )  # fmt: skip
    yield from (file for file in cards if (root / file).is_file())
    for each in range(FIRST_YEAR, year + 1):
        folder = data_folder(agency, each)
        for path in _files(root / folder):
            yield f"{folder}/{path.relative_to(root / folder).as_posix()}"


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.startswith((".", "~$")):
            continue
        if path.is_symlink():  # not read either, see inputs.sources.refuse_link
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file() and path.name not in NOTES:
            yield path


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a published set, numbers exact; None when it is not there or damaged."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        manifest = json.loads(text, parse_float=Decimal)
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) else None


def judge(
    root: Path, agency: str, year: int, options: Mapping[str, Any], around: Surroundings
) -> Verdict:
    """Compare a published set with what it would be made from now.

    Parameters
    ----------
    root, agency, year
        Which report.
    options
        Of this run, as the manifest keeps them.
    around
        What all reports share now.
    """
    folder = report_folder(root, agency, year)
    manifest = read_manifest(folder)
    if manifest is None:
        return Verdict(False, "还没有生成过")
    why = next(_changes(root, folder, agency, year, manifest, options, around), "")
    if why:
        return Verdict(False, why, manifest)
    if manifest.get("surroundings") != around.checksum:
        return Verdict(False, "其他单位的名称或文字有变动", manifest, only_surroundings=True)
    return Verdict(True, "与上次相比没有变化", manifest)


def _changes(
    root: Path, folder: Path, agency: str, year: int, manifest: Mapping[str, Any],
    options: Mapping[str, Any], around: Surroundings,
) -> Iterator[str]:  # fmt: skip
    """What changed since the set was made, most telling first."""
    if (folder / FAILED).exists():
        yield "上次没有成功"
    if manifest.get("options") != json.loads(json.dumps(options)):
        yield "选项与上次不同（格式、草稿等）"
    yield from _different(manifest.get("inputs"), input_files(root, agency, year, around), "数据")
    basis = asdict(around.basis)
    if manifest.get("notebook") != basis["notebook"]:
        yield "主笔记本有改动"
    yield from _different(manifest.get("versions"), basis["versions"], "软件包")
    if manifest.get("source") != basis["source"]:
        yield "nianbao 程序有改动"
    if (manifest.get("fonts"), manifest.get("faces")) != (basis["fonts"], basis["faces"]):
        yield "字体不同"
    yield from _different(manifest.get("theme"), basis["theme"], "网页的样子")
    yield from _different(manifest.get("outputs"), _outputs(folder, manifest), "已生成的文件")


def _outputs(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    made = manifest.get("outputs") or {}
    return {name: sha256(folder / name) for name in made if (folder / name).is_file()}


def _different(before: object, now: Mapping[str, str], what: str) -> Iterator[str]:
    """The names whose checksum or version differs, that are new, or that are gone."""
    if not isinstance(before, Mapping):
        yield f"{what}：没有上次的记录"
        return
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if names:
        more = f"等{len(names)}项" if len(names) > MOST_NAMED else ""
        named = "、".join(f"{n}（{_how(n, before, now)}）" for n in names[:MOST_NAMED])
        yield f"{what}：{named}{more}"


def _how(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    if name not in before:
        return "新增"
    return "有变动" if name in now else "没有了"
