"""Why a report that is built again is not the same, told from the two manifests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nianbao.fonts import ROLES
from nianbao.statistics.naming import listed

Manifest = Mapping[str, Any]

_WHOLES = {
    "notebook": "主笔记本有变动",
    "source": "nianbao 程序有变动",
    "faces": "备用字体有变动",
    "surroundings": "其他机关的名称或词表有变动",
}
"""Parts of the manifest that are one checksum."""


def reasons(finished: Mapping[str, str], before: Manifest, now: Manifest) -> list[str]:
    """Why the files of a set are not those that the same report gives now.

    Parameters
    ----------
    finished
        Checksums of the files as they are.
    before, now
        The manifest of the set, and that of the same report built again.

    Returns
    -------
    list of str
        Empty when all are the same.

    Examples
    --------
    >>> report = {"outputs": {"report.pdf": "1"}}
    >>> reasons({"report.pdf": "2"}, report, report)
    ['文件在发布后被改动：report.pdf']
    """
    found = []
    edited = sorted(name for name, _, _ in _differing(before["outputs"], finished))
    if edited:
        found.append(f"文件在发布后被改动：{listed(edited, measure='个文件')}")
    if any(_differing(before["outputs"], now["outputs"])):
        found += list(_changes(before, now)) or ["数据、程序、字体都没有变动，原因不明"]
    return found


def _changes(before: Manifest, now: Manifest) -> Iterator[str]:
    names = [f"{file}（{how}）" for file, how in _files(before, now)]
    if names:
        yield f"数据、参数或正文有变动：{listed(names, measure='个文件')}"
    for part, words in _WHOLES.items():
        if before.get(part) != now.get(part):
            yield words
    if look := [file for file, *_ in _pairs(before, now, "theme")]:
        yield f"网页的样子有变动：{listed(look, measure='个文件')}"
    versions = [f"{name} {old}→{new}" for name, old, new in _pairs(before, now, "versions")]
    if versions:
        yield f"软件版本有变动：{listed(versions, measure='项')}"
    fonts = [
        f"{ROLES[role].name} {_family(old)}→{_family(new)}"
        for role, old, new in _pairs(before, now, "fonts")
    ]
    if fonts:
        yield f"字体有变动：{'、'.join(fonts)}"


def _files(before: Manifest, now: Manifest) -> Iterator[tuple[str, str]]:
    for file, old, new in _pairs(before, now, "inputs"):
        yield file, "新增" if old is None else "已删除" if new is None else "已修改"


def _pairs(before: Manifest, now: Manifest, part: str) -> Iterator[tuple[str, Any, Any]]:
    yield from _differing(before.get(part, {}), now.get(part, {}))


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """The keys whose values differ; None for one that is not there."""
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)


def _family(font: Mapping[str, str] | None) -> str:
    """A face by its family, and by its checksum, since two files may bear one name."""
    return f"{font['family']}（{font['sha256'][:8]}）" if font else "无"
