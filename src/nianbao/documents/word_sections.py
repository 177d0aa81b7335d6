"""Which headings begin a section, so that text edited in Word finds its way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nianbao.statutory import Format

Block = Mapping[str, Any]


def _section_of(block: Block) -> str | None:
    """The section of a block's first paragraph, or None for a block that holds none."""
    if block.get("section"):
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


def place_headings(blocks: Sequence[Block], format_: Format) -> Iterator[Block]:
    """The blocks, each heading with its place.

    ``enters`` is the section that the heading begins, if any. A ``fixed`` heading is part of
    the report's form: a statutory one, one named like the section below it, or one that the
    master has above the text of another section. Any other belongs to a section's text.
    """
    statutory = {section.key for section in format_.headings()}
    current: str | None = None
    for number, block in enumerate(blocks):
        if block["type"] != "heading":
            current = _section_of(block) or current
            yield block
            continue
        key, below = block["id"], _section_below(blocks[number + 1 :], statutory)
        if key in statutory or key == below:
            current = key
            yield {**block, "enters": key, "fixed": True}
        else:
            own = block.get("section")
            fixed = own == "" or (own is None and below is not None and below != current)
            yield {**block, "enters": own, "fixed": fixed}
