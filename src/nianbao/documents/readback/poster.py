"""Read a finished poster back, and hold every number in it against the data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from nianbao.documents.poster import Poster
from nianbao.documents.readback.model import seen
from nianbao.errors import Problem

_REMEDY = "请重新生成；仍不相符的，改写引号中的这句话后再试"


def read_poster(data: bytes) -> str:
    """Read what a poster shows, in the order in which it is drawn: of an SVG, or of a page."""
    root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    return seen("".join(str(part) for text in root.iter("text") for part in text.itertext()))


def compare_poster(shown: str, poster: Poster, medium: str) -> Iterator[Problem]:
    """Find what a poster does not say, and numbers in it that are nowhere in the data."""
    left = shown
    for statement in sorted(map(seen, poster.statements), key=len, reverse=True):
        if statement not in left:
            yield Problem(f"{medium} 里找不到一处内容", None, None, f"“{statement}”", _REMEDY)
        left = left.replace(statement, "\n", 1)
    if found := re.findall(r"[^\n\d]{0,8}\d[\d.%]*", left):
        yield Problem(f"{medium} 里有数据以外的数字", None, "、".join(found), None, _REMEDY)
