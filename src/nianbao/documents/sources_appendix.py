"""The appendix 数据来源: every figure that the report prints, and where it comes from.

Made of the blocks alone, so that it tells of what is printed and of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = dict[str, Any]

HEADING = "附：数据来源"
_HEAD = ("数据", "文中写法", "出处和算法")
_WIDTHS = (13, 14, 27)  # in proportion
_LONGEST = 40  # characters of a wording that are repeated
# Who reports for which year, and under which law: words and dates, no statistics.
_NO_FIGURES = ("params/", "statutory/")
_NOTE = "出处中的文件是编制本报告时报送的数据文件，行号与打开文件时所见一致。"


def appendix(blocks: Sequence[Block]) -> list[Block]:
    """The heading and the table of the appendix; nothing where no figure is printed.

    Parameters
    ----------
    blocks
        The blocks of a Document.

    Returns
    -------
    list of dict
        A heading of level 2 without a number, since the statute knows six parts and no
        seventh, and a table with one row for each fact, statutory table and chart in the
        order in which they stand. A fact that is printed twice is listed once.
    """
    rows = list(dict.fromkeys(_entries(blocks)))
    if not rows:
        return []
    words = {"text": HEADING, "strong": False, "emph": False, "fact": None}
    heading = {
        "type": "heading", "level": 2, "id": "sources", "inlines": [words],
        "section": "", "new_page": True,
    }  # fmt: skip
    table = {
        "type": "table", "key": "sources", "title": "本报告所列数据的出处",
        "unit": "", "source": "",
        "head": list(_HEAD), "rows": [list(row) for row in rows],
        "align": ["left"] * len(_HEAD), "widths": list(_WIDTHS), "notes": [_NOTE],
    }  # fmt: skip
    return [heading, table]


def _entries(blocks: Sequence[Block]) -> Iterator[tuple[str, str, str]]:
    for block in blocks:
        match block["type"]:
            case "grid":
                cells = sum(cell["kind"] == "value" for row in block["rows"] for cell in row)
                yield f"表“{block['title']}”", f"{cells}格", block["source"] or "未报送"
            case "figure":
                rows = len(block["data"]["rows"])
                yield f"图“{block['title']}”", f"{rows}项", _origin(block)
            case "list":
                for item in block["items"]:
                    yield from _entries(item)
        for inline in (*block.get("inlines", ()), *_of_cells(block)):
            fact = inline["fact"]
            if fact and not fact["source"].startswith(_NO_FIGURES):
                yield _entry(inline["text"], fact)


def _of_cells(block: Block) -> Iterator[Mapping[str, Any]]:
    """What stands in the cells of a table out of the prose."""
    for row in block.get("cells", ()):
        for cell in row:
            yield from cell


def _entry(text: str, fact: Mapping[str, Any]) -> tuple[str, str, str]:
    if text.replace(".", "", 1).isdigit():
        text += fact["unit"]
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]}……"
    return fact["name"], shown, fact["source"] or "—"


def _origin(block: Block) -> str:
    files = block.get("files")
    return f"{block['source']}（{files}）" if files else str(block["source"])
