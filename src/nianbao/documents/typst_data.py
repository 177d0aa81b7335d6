"""A Document as the data that the Typst template draws: plain JSON, never source text."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nianbao.documents.title import characters, title_lines

Block = dict[str, Any]

MM = 72 / 25.4
_DAY = re.compile(r"(\d+)\D+(\d+)\D+(\d+)")
_KEPT = frozenset({"svg", "base64"})
_NOT_PRINTED = _KEPT | {"alt", "fact", "id", "key", "path", "section", "source", "type"}
_DIGIT = 0.56
"""Width of the widest digits of our faces, in em."""
_CELL_PADDING = 2 * 1.5
_TABLE_SIZE = 10.5


def clean(value: Any) -> Any:
    """The same value without what no font can show: control and format characters.

    A tabulator or a line end becomes a blank; a drawing and an image are left alone.

    Examples
    --------
    >>> clean({"text": "甲\\x00\\u200b乙\\n丙"})
    {'text': '甲乙 丙'}
    """
    if isinstance(value, str):
        return "".join(_printed(c) for c in value)
    if isinstance(value, Mapping):
        return {k: v if k in _KEPT else clean(v) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [clean(item) for item in value]
    return value


def _printed(character: str) -> str:
    if character in "\t\n\r\v\f\x85\u2028\u2029":
        return " "
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs"} else character


def publication_day(document: Mapping[str, Any]) -> tuple[int, int, int]:
    """Year, month and day that the file bears; without a date, the day after the reported year.

    Never the clock: the same report is the same file on any day.
    """
    found = _DAY.search(document["date"] or "")
    if not found:
        return (document["year"] + 1, 1, 1)
    year, month, day = (int(part) for part in found.groups())
    return (year, month, day)


def template_data(
    document: Mapping[str, Any], forms: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the template reads as document.json, and the image files beside it.

    Parameters
    ----------
    document
        The Document; not changed.
    forms
        The look of the statutory tables by key; ``widths`` of the columns in mm.
    """
    own, made = clean(document), _Made(forms)
    own["blocks"] = list(_prepared(own["blocks"], made))
    own["appendix"] = list(_prepared(own["appendix"], made))
    own["title-lines"] = list(title_lines(own["title"], own["agency"]["name"]))
    own["day"] = publication_day(document)
    return own, made.images


@dataclass
class _Made:
    """What is known while the blocks are gone through."""

    forms: Mapping[str, Any]
    level: int = 0
    figures: int = 0
    images: dict[str, bytes] = field(default_factory=dict)


def _prepared(blocks: list[Block], made: _Made) -> Iterator[Block]:
    for block in blocks:
        kind = block["type"]
        if kind == "heading":
            # Tags may not skip a level (PDF/UA-1, 7.4.2); the look keeps the author's level.
            made.level = min(block["level"], made.level + 1)
            yield {**block, "tag-level": made.level}
        elif kind == "list":
            yield {**block, "items": [list(_prepared(item, made)) for item in block["items"]]}
        elif kind == "image":
            kind_of_image = block["media"].removeprefix("image/").removesuffix("+xml")
            path = f"image-{len(made.images) + 1}.{kind_of_image}"
            made.images[path] = base64.b64decode(block["base64"])
            yield {"type": kind, "path": path, "alt": block["alt"]}
        elif kind == "figure":
            made.figures += 1
            shown = {key: block[key] for key in ("type", "title", "alt", "svg")}
            yield {**shown, "number": made.figures}
        elif kind == "grid":
            widths = made.forms.get(block["key"], {}).get("widths", ())
            yield {**block, "rows": _scaled(block, widths)}
        elif kind == "table":
            small = "widths" in block
            yield {**block, "widths": column_widths(block), "small": small}
        else:
            yield block


def _scaled(block: Block, widths: Sequence[float]) -> list[list[Block]]:
    """The rows; each cell with the scale at which its longest number fits the column."""
    if len(widths) != block["columns"]:
        widths = (156 / block["columns"],) * block["columns"]
    free_from = [0] * block["columns"]  # for each column the first row that is not covered
    rows = []
    for number, row in enumerate(block["rows"]):
        line, column = [], 0
        for cell in row:
            while free_from[column] > number:
                column += 1
            across = range(column, column + cell["colspan"])
            for at in across:
                free_from[at] = number + cell["rowspan"]
            room = sum(widths[at] for at in across) * MM - _CELL_PADDING
            line.append({**cell, "shown": broken(cell), "scale": scale(cell["text"], room)})
            column = across.stop
        rows.append(line)
    return rows


def broken(cell: Mapping[str, Any]) -> str:
    """What is printed in a cell of a grid, its note in brackets unless already there.

    A long head is broken where its sense breaks, the label of a group after its number.

    Examples
    --------
    >>> broken({"kind": "label", "text": "（六）其他处理", "rowspan": 3, "note": ""})
    '（六）\\n其他处理'
    """
    text, note = str(cell["text"]), str(cell.get("note") or "")
    if cell["kind"] == "head" and len(text) > 16:
        text = re.sub("[：，]", "\\g<0>\n", text)
    elif cell["kind"] == "label" and cell["rowspan"] > 1:
        text = re.sub("^（.）", "\\g<0>\n", text)
    return text if not note or note in text else f"{text}（{note}）"


def scale(text: str, room: float) -> float:
    """How much smaller a cell is set so that its longest unbroken run fits ``room`` points.

    Examples
    --------
    >>> scale("341", 26)
    1.0
    >>> round(scale("11398889", 26), 2)
    0.55
    """
    longest = max((len(run) for run in re.findall(r"[!-~]+", text)), default=0)
    return min(1.0, room / (longest * _DIGIT * _TABLE_SIZE)) if longest else 1.0


def column_widths(table: Mapping[str, Any]) -> list[float]:
    """Columns as the table says, else as wide as their longest text wants, within limits."""
    if "widths" in table:
        return list(table["widths"])
    widths = []
    for i, (head, align) in enumerate(zip(table["head"], table["align"], strict=True)):
        # Over a column of numbers the head takes two lines, so that names need not.
        least, lines = (2, 2) if align == "right" else (4, 1)
        wanted = max((characters(head) / lines, *(characters(row[i]) for row in table["rows"])))
        widths.append(min(max(wanted, least), 24) + (2 if align == "right" else 3))
    return widths


def texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every printed text with the heading above it, to say where something is wrong."""
    part = "标题"
    yield part, data["title"] + data["agency"]["name"]
    part = "开头"
    for block in (*data["blocks"], *data["appendix"]):
        if block["type"] == "heading":
            part = "".join(run["text"] for run in block["inlines"])
        yield from ((part, text) for text in _strings(block))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key not in _NOT_PRINTED:
                yield from _strings(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _strings(item)
