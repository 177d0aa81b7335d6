"""Number the figures of a report, and cite each where the text speaks of it.

A figure belongs to the text before it under the same heading: its last paragraph says ``见图1``.
The citation is made here, not written by the bureau, so that it is right after figures come or go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nianbao.prose.blocks import (
    Block,
    FigureBlock,
    FigureCitation,
    HeadingBlock,
    Inline,
    Inlines,
    ListBlock,
    ParagraphBlock,
    Words,
    plain_text,
)

_ENDS = "。；！？：，."


def number_figures(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give the figures their numbers in the order in which they stand, and cite them."""
    numbered: list[Block] = []
    cited: dict[int, list[int]] = {}  # place of a text -> the figures behind it
    text: int | None = None
    figures = 0
    for place, block in enumerate(blocks):
        match block:
            case HeadingBlock():
                text = None
            case ParagraphBlock() | ListBlock():
                text = place
            case FigureBlock():
                figures += 1
                block = replace(block, number=figures)
                if text is not None:
                    cited.setdefault(text, []).append(figures)
            case _:
                pass
        numbered.append(block)
    return tuple(
        _citing(block, FigureCitation(tuple(cited[place]))) if place in cited else block
        for place, block in enumerate(numbered)
    )


def _citing(block: Block, citation: FigureCitation) -> Block:
    """The text with the citation at its end, in the last item of a list."""
    match block:
        case ParagraphBlock():
            return replace(block, inlines=_with_citation(block.inlines, citation))
        case ListBlock(items=(*items, (*parts, last))):
            return replace(block, items=(*items, (*parts, _citing(last, citation))))
        case _:
            return block


def _with_citation(inlines: Inlines, citation: FigureCitation) -> Inlines:
    """The citation before the full stop; not where the bureau cites a figure by itself."""
    if "见图" in plain_text(inlines):
        return inlines
    last = inlines[-1]
    if isinstance(last, FigureCitation) or last.text[-1] not in _ENDS:
        return (*inlines, citation)
    words = replace(last, text=last.text[:-1])
    before: tuple[Inline, ...] = (words,) if words.text else ()
    return (*inlines[:-1], *before, citation, Words(last.text[-1], last.strong, last.emph))
