"""Why a report that is built again is not the same, read from the two manifests.

Apart because it compares two sets, field by field, for whoever signs; `nianbao.finished.freshness`
compares one set with the files of today, and stops at the first change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from nianbao.files.words import short_listing
from nianbao.finished.manifest import Manifest
from nianbao.fonts import ROLES

T = TypeVar("T")


def field_differences(before: Manifest, now: Manifest) -> Iterator[str]:
    """Tell every field of a manifest that differs; the checksums of the set's files left out.

    Parameters
    ----------
    before, now
        The manifest of a set, and that of the same report built again.
    """
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
    """Tell which files of a set are not as its manifest lists them.

    Parameters
    ----------
    finished
        Checksums of the files as they are.
    """
    edited = sorted(name for name, _, _ in _differing(before.outputs, finished))
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
