"""Which headings begin a section, so that text edited in Word finds its way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nianbao.statutory import load_format

Block = Mapping[str, Any]


def _section_of(block: Block) -> str | None:
    """The section of a block's first paragraph, or None for a block that holds none."""
    if "section" in block:
        return str(block["section"])
    inner = (part for item in block.get("items", ()) for part in item)
    return next((found for part in inner if (found := _section_of(part))), None)


def _section_below(blocks: Sequence[Block], statutory: set[str]) -> str | None:
    """The section of the first text before the next statutory heading."""
    for block in blocks:
        if block["type"] == "heading" and block["id"] in statutory:
            return None
        if block["type"] != "heading" and (found := _section_of(block)):
            return found
    return None


def place_headings(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, each heading with its place.

    ``enters``: the section that the heading begins (a statutory one, or one named like the
    text below it). ``fixed``: a heading of the master, above the text of another section.
    Neither: a heading inside a section's text, which the editor may change with it.
    """
    statutory = {section.key for section in load_format().headings()}
    current: str | None = None
    for number, block in enumerate(blocks):
        if block["type"] != "heading":
            current = _section_of(block) or current
            yield block
            continue
        key, below = block["id"], _section_below(blocks[number + 1 :], statutory)
        if key in statutory or key == below:
            current = key
            yield {**block, "enters": key}
        else:
            own = block.get("section")
            fixed = own == "" or (own is None and below is not None and below != current)
            yield {**block, "enters": own, "fixed": fixed}
