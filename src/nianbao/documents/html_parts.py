"""A Document with what HTML needs besides: ids, a table of contents, heads of cells, drawings.

The template only writes; all that must be worked out is worked out here.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from nianbao.documents.html_svg import inline_svg
from nianbao.documents.html_tables import grid_rows, plain_columns
from nianbao.errors import ExportError, Problem
from nianbao.statutory import format_for

Block = dict[str, Any]
Document = Mapping[str, Any]

# Ids made here hold a colon, so that no id of a heading can be the same.
_HEADING_ID = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_LONG = re.compile(r"([!-~]{16,})")
_SIGN = re.compile(r"(?<=[/.@_?&=-])(?=[^/.])")
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def prepare(document: Document) -> dict[str, Any]:
    """What the template is rendered with.

    Parameters
    ----------
    document
        It is not changed.

    Raises
    ------
    ExportError
        A drawing or a picture holds what a page must not hold.
    """
    counter = _Counter(format_for(document["year"]).total)
    blocks = list(_prepared(document["blocks"], counter))
    appendix = list(_prepared(document["appendix"], counter))
    return {
        **document,
        "blocks": blocks,
        "appendix": appendix,
        "contents": [*_contents(blocks), *_contents(appendix)],
        "title_parts": _title_parts(document),
        "date_iso": _iso(document["date"] or ""),
    }


def breakable(text: str) -> Markup:
    """Text in which a long address may be broken at its signs, not anywhere.

    Examples
    --------
    >>> breakable("见 https://www.example.com/a")
    Markup('见 https://<wbr>www.<wbr>example.<wbr>com/<wbr>a')
    """
    parts = (_SIGN.split(part) if i % 2 else [part] for i, part in enumerate(_LONG.split(text)))
    return Markup("").join(Markup("<wbr>").join(part) for part in parts)


def _title_parts(document: Document) -> list[str]:
    """The title where a line may end: behind the agency's name and behind the year."""
    title, name, year = document["title"], document["agency"]["name"], f"{document['year']}年"
    found = re.fullmatch(f"({re.escape(name)})?({year})?(.*)", title, re.DOTALL)
    return [part for part in found.groups() if part] if found else [title]


class _Counter:
    """Numbers figures and tables through the whole report, lists within it included."""

    def __init__(self, total: str) -> None:
        self.total = total
        self.counts: dict[str, int] = {}
        self.headings: set[str] = set()
        self.letters: dict[str, str] = {}

    def next(self, kind: str) -> str:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{kind}:{self.counts[kind]}"

    def heading(self, wanted: str) -> str:
        if not _HEADING_ID.fullmatch(wanted) or wanted in self.headings:
            return self.next("section")
        self.headings.add(wanted)
        return wanted


def _prepared(blocks: list[Block], counter: _Counter) -> Iterator[Block]:
    for block in blocks:
        match block["type"]:
            case "heading":
                yield {**block, "id": counter.heading(block["id"])}
            case "list":
                items = [list(_prepared(item, counter)) for item in block["items"]]
                yield {**block, "items": items}
            case "grid":
                uid = counter.next("t")
                yield {**block, "id": uid, **grid_rows(block, uid, counter.total)}
            case "table":
                yield {**block, "id": counter.next("t"), **_plain(block)}
            case "figure":
                uid = counter.next("f")
                data = {**block["data"], **_plain(block["data"])}
                svg = inline_svg(block, uid, counter.letters)
                yield {**block, "id": uid, "svg": svg, "data": data}
            case "image":
                yield {**block, "src": _picture(block)}
            case "paragraph":
                yield block
            case other:
                raise ExportError(Problem("网页不认识文档中的一种内容", value=str(other)))


def _plain(table: Block) -> Block:
    """Columns and cells of a plain table; a cell is a list of inlines, as in a paragraph."""
    words = {"strong": False, "emph": False, "fact": None}
    cells = [[[{**words, "text": text}] for text in row] for row in table["rows"]]
    return {"columns": plain_columns(table), "cells": table.get("cells") or cells}


def _contents(blocks: list[Block]) -> list[Block]:
    """The headings of level 1, each with those of level 2 under it."""
    contents: list[Block] = []
    for block in blocks:
        if block["type"] != "heading" or block["level"] > 2:
            continue
        text = "".join(run["text"] for run in block["inlines"])
        entry = {"id": block["id"], "text": text, "parts": []}
        if block["level"] == 1 or not contents:
            contents.append(entry)
        else:
            contents[-1]["parts"].append(entry)
    return contents


def _iso(date: str) -> str | None:
    """``2025年1月20日`` as ``2025-01-20``, for programs."""
    found = _DATE.fullmatch(date)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None


def _picture(block: Block) -> str:
    """A picture as a data address; its bytes are pictures of a kind that cannot run anything."""
    try:
        base64.b64decode(block["base64"], validate=True)
        known = block["media"] in PICTURES
    except (binascii.Error, ValueError):
        known = False
    if not known:
        remedy = "请改用 PNG、JPEG、GIF 或 WebP 图片"
        raise ExportError(Problem("图片不能放入网页", value=block["file"], remedy=remedy))
    return f"data:{block['media']};base64,{block['base64']}"
