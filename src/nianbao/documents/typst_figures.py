"""Which figures go to the head of the next page, so that no page stays half blank.

A figure stands behind the paragraph that it belongs to. Where it does not fit on the page, the
text that follows fills the page and the figure heads the next one, as a typist would arrange
it. The template itself cannot decide this: it does not know where a figure will come to stand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

_BLANK = 4 * 29.0
"""Points that may stay blank before a figure: four lines."""
_PAGE_END = 262 * 72 / 25.4

Query = Callable[[Mapping[str, str]], str]


def floating_figures(query: Query) -> tuple[int, ...]:
    """The numbers of the figures to let float.

    Parameters
    ----------
    query
        Sets the document with these sys_inputs and gives the template's ``<spot>`` marks as
        JSON: what stands where, in the order of the text.

    Notes
    -----
    One at a time, from the front, since each move shifts all that follows. Typst remembers the
    last setting, so that the document itself costs no further one.
    """
    floating: tuple[int, ...] = ()
    while True:
        spots = json.loads(query({"floating": json.dumps(floating)}))
        found = next(_ill_placed(spots, floating), None)
        if found is None:
            return floating
        floating = (*floating, found)


def _ill_placed(spots: Sequence[Mapping[str, Any]], floating: Sequence[int]) -> Any:
    in_text = (spot for spot in spots if spot["number"] not in floating)
    for before, spot in pairwise(in_text):
        moved = spot["kind"] == "figure" and spot["page"] > before["page"]
        blank = _PAGE_END - float(before["y"].removesuffix("pt"))
        if moved and blank > _BLANK:
            yield spot["number"]
    yield from _overtaking(spots, floating)


def _overtaking(spots: Sequence[Mapping[str, Any]], floating: Sequence[int]) -> Any:
    """Figures that would stand before one that floats, but belong behind it."""
    at = {
        spot["number"]: (spot["page"], float(spot["y"].removesuffix("pt")))
        for spot in spots
        if spot["kind"] == "figure"
    }
    for number in sorted(at.keys() - set(floating)):
        if any(other < number and at[other] > at[number] for other in floating if other in at):
            yield number
