"""Carry an editor's changes of the final words back into the text with placeholders.

Words the editor left alone keep their placeholders; changed words become text. A number from
the data that the editor changed stays the data's number, and is told.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from nianbao.prose.facts import Fact
from nianbao.prose.markdown import escape
from nianbao.prose.template import Part, Placeholder, Template
from nianbao.prose.tokens import matches, number_pairs, sign_of, tokenize


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number from the data that an editor changed.

    Parameters
    ----------
    name
        Of the fact.
    data, edited
        The number as the data have it, and as the editor wrote it.
    context
        The editor's words around it.
    kept
        Whether the placeholder stays (the data's number will be printed); False when the
        words around the number inside a phrase were changed too and all became text.
    """

    name: str
    data: str
    edited: str
    context: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Reapplied:
    """The text with placeholders after the edit, and the numbers the editor changed."""

    text: str
    numbers: tuple[NumberChange, ...] = ()


@dataclass(frozen=True)
class _Unit:
    """Tokens of the final words that stand or fall together: one placeholder, as a rule.

    Where a token reaches over the edge of a placeholder (``12`` and ``38`` side by side read
    as ``1238``), its neighbours belong to the unit.
    """

    start: int
    stop: int
    source: str
    name: str


def _pieces(template: Template, resolved: Sequence[str | Fact]) -> list[tuple[Part, str]]:
    """Each part beside the words that it shows."""
    shown = (r if isinstance(r, str) else escape(r.text) for r in resolved)
    return list(zip(template.parts, shown, strict=True))


def _units(pieces: list[tuple[Part, str]], tokens: list[str]) -> list[_Unit]:
    ends = list(accumulate(len(t) for t in tokens))
    starts = [0, *ends]
    units: list[_Unit] = []
    position = 0
    for part, shown in pieces:
        stop = position + len(shown)
        if isinstance(part, Placeholder) and shown:
            first, last = bisect_right(starts, position) - 1, bisect_left(ends, stop)
            if units and first < units[-1].stop:
                first = units.pop().start
            source = _source(pieces, starts[first], ends[last])
            units.append(_Unit(first, last + 1, source, part.name))
        position = stop
    return units


def _source(pieces: list[tuple[Part, str]], start: int, stop: int) -> str:
    """The text with placeholders that shows the words from ``start`` to ``stop``."""
    source, position = "", 0
    for part, shown in pieces:
        inside = shown[max(start - position, 0) : max(stop - position, 0)]
        if inside:
            source += part.source if isinstance(part, Placeholder) else inside
        position += len(shown)
    return source


def _align(
    base: list[str], edited: list[str], units: list[_Unit]
) -> tuple[dict[int, int], dict[int, int]]:
    """Token by token: which stands unchanged where, and which data number became which."""
    bound = {i for unit in units for i in range(unit.start, unit.stop)}
    same: dict[int, int] = {}
    renumbered: dict[int, int] = {}
    for tag, (i1, i2, j1, j2) in matches(list(map(sign_of, base)), list(map(sign_of, edited))):
        if tag == "equal":
            same |= {i: j1 + i - i1 for i in range(i1, i2)}
        else:
            pairs = number_pairs(base, edited, (i1, i2, j1, j2))
            renumbered |= {i: j for i, j in pairs.items() if i in bound}
    return same, renumbered


def _context(edited: Sequence[str], start: int, stop: int, width: int = 12) -> str:
    return "".join(edited[max(start - width, 0) : stop + width]).strip()


def reapply(template: Template, resolved: Sequence[str | Fact], edited: str) -> Reapplied:
    """Carry an edit back.

    Parameters
    ----------
    template, resolved
        The text with placeholders and the facts that were put in, part by part.
    edited
        The final words as the editor left them.

    Returns
    -------
    Reapplied
        Its text, filled in with the same facts, reads as ``edited``, but for the numbers told.

    Examples
    --------
    >>> from nianbao.errors import Place
    >>> from nianbao.prose.template import parse_template
    >>> template = parse_template("收到{{ 新收申请 }}件。", Place("narrative.md"))
    >>> reapply(template, ["收到", Fact("新收申请", 38, "38"), "件。"], "共收到38件申请。").text
    '共收到{{ 新收申请 }}件申请。'
    """
    pieces = _pieces(template, resolved)
    words = "".join(shown for _, shown in pieces)
    base, tokens = tokenize(words), tokenize(edited)
    if edited == words:
        return Reapplied(_source_of(template))
    units = _units(pieces, base)
    same, renumbered = _align(base, tokens, units)
    placed = same | renumbered
    out = list(tokens)
    numbers: list[NumberChange] = []
    for unit in units:
        run = _whole_run(unit, placed)
        for i in range(unit.start, unit.stop):
            if i in renumbered:
                j = renumbered[i]
                around = _context(tokens, j, j + 1)
                numbers.append(NumberChange(unit.name, base[i], tokens[j], around, run is not None))
        if run is not None:
            out[run.start : run.stop] = [unit.source, *[""] * (len(run) - 1)]
    return Reapplied("".join(out), tuple(numbers))


def _source_of(template: Template) -> str:
    return "".join(p.source if isinstance(p, Placeholder) else p for p in template.parts)


def _whole_run(unit: _Unit, placed: dict[int, int]) -> range | None:
    """Where a unit's words stand whole and together in the edit, or None."""
    own = range(unit.start, unit.stop)
    if any(i not in placed for i in own):
        return None
    run = range(placed[own[0]], placed[own[0]] + len(own))
    return run if [placed[i] for i in own] == list(run) else None
