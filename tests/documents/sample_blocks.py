"""Constructors of the blocks of a Document, for tests."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any


def text(words: str, *, strong: bool = False, emph: bool = False, fact: Any = None) -> Any:
    """An inline."""
    return {"text": words, "strong": strong, "emph": emph, "fact": fact}


def fact(name: str, value: int, unit: str) -> Any:
    """An inline that shows a number bound to the tables."""
    source = {"name": name, "value": value, "unit": unit, "source": "表三"}
    return text(f"{value}{unit}", fact=source)


def paragraph(section: str, *inlines: Any) -> Any:
    """A paragraph of strings and inlines."""
    parts = [text(i) if isinstance(i, str) else i for i in inlines]
    return {"type": "paragraph", "inlines": parts, "section": section}


def heading(level: int, id_: str, words: str) -> Any:
    """A heading."""
    return {"type": "heading", "level": level, "id": id_, "inlines": [text(words)]}


def bars(key: str, title: str, unit: str, labels: list[str], numbers: list[int]) -> Any:
    """A figure with a small hand-made SVG: one bar a row, width 442 points."""
    biggest, height = max(numbers), 20 * len(numbers) + 10
    rects = "".join(
        f'<rect x="120" y="{20 * i + 8}" width="{300 * n / biggest:.1f}" height="12" '
        'fill="#1f4e79"/>'
        for i, n in enumerate(numbers)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="442pt" height="{height}pt" '
        f'viewBox="0 0 442 {height}">{rects}</svg>'
    )
    listed = "，".join(f"{name}{n}{unit}" for name, n in zip(labels, numbers, strict=True))
    rows = [[name, str(n)] for name, n in zip(labels, numbers, strict=True)]
    return {
        "type": "figure",
        "key": key,
        "title": title,
        "unit": unit,
        "source": "表三",
        "alt": f"条形图：{listed}。",
        "svg": svg,
        "data": {"head": ["项目", f"数量（{unit}）"], "rows": rows},
    }


def listing(ordered: bool, *items: str, section: str = "other", start: int = 1) -> Any:
    blocks = [[paragraph(section, item)] for item in items]
    return {"type": "list", "ordered": ordered, "start": start, "items": blocks}


def photo(width: int = 320, height: int = 180) -> str:
    """A small PNG in base64, as a bureau would put into its prose: a plain colour gradient."""
    rows = b"".join(
        b"\0" + bytes(v for x in range(width) for v in (90 + x // 4, 130 + y // 3, 170))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    return base64.b64encode(png).decode("ascii")
