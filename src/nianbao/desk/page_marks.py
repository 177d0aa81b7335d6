"""Mark a drawn page for those at the desk: its findings, and where each number comes from.

Findings stand beside their sentences. A number is wrapped in characters that no text has before
the page is drawn, and those become links in the page that was drawn. The page that is published
is made without this module.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import lxml.html

from nianbao.prose.blocks import (
    Block,
    Document,
    FactWords,
    GridBlock,
    GridCell,
    Inlines,
    ListBlock,
    ParagraphBlock,
)
from nianbao.statistics.model import SEVERITIES, Finding, Passage

Element = Any
"""An element of lxml's HTML tree."""

_BLOCKS = frozenset({"p", "li", "h2", "h3", "h4", "h5", "h6"})
_GRAVITY = ("info", "warning", "error")
_STYLE = Path(__file__).parent / "static" / "marks.css"


@dataclass(frozen=True, slots=True)
class _Character:
    """A visible character and where it stands: in ``element.text``, or in its tail."""

    sign: str
    element: Element
    tail: bool
    index: int


def mark_findings(page: str, findings: Iterable[Finding]) -> tuple[str, frozenset[int]]:
    """Mark the words of findings and put each message behind its sentence's paragraph.

    A finding that is not about a sentence is passed over.

    Returns
    -------
    page, placed
        The page, and the numbers (in the order given) of the findings that it shows; a finding
        has the id ``finding-<number>``.
    """
    tree = lxml.html.document_fromstring(page)
    style = lxml.html.Element("style")
    style.text = _STYLE.read_text("utf-8")
    head = tree.find("head")
    assert head is not None  # the parser makes one
    head.append(style)
    blocks = [(section, block, _characters(block)) for section, block in _sections(tree)]
    at: dict[int, list[tuple[int, Finding, range]]] = {}
    for number, finding in enumerate(findings):
        place = _place(finding.passage, blocks) if finding.passage else None
        if place is not None:
            at.setdefault(place[0], []).append((number, finding, place[1]))
    for index, found in at.items():
        _, block, characters = blocks[index]
        _write_notes(block, found)
        _mark(characters, found)
    placed = frozenset(number for found in at.values() for number, _, _ in found)
    return lxml.html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>"), placed


def _sections(tree: Element) -> Iterator[tuple[str, Element]]:
    """Yield the blocks of prose in order, each with the id of the section it stands in."""
    section = "preface"
    for element in tree.iter(*_BLOCKS):
        if any(up.tag in {"nav", "table", "figure"} for up in element.iterancestors()):
            continue
        own = element.get("id")
        if own and not own.startswith("heading-"):
            section = own
        # An item's text is in its paragraphs.
        if element.tag != "li" or element.find("p") is None:
            yield section, element


def _characters(block: Element) -> list[_Character]:
    """Return the characters of a block without blanks, in order."""
    found: list[_Character] = []

    def take(text: str | None, element: Element, tail: bool) -> None:
        found.extend(
            _Character(sign, element, tail, i)
            for i, sign in enumerate(text or "")
            if not sign.isspace()
        )

    def walk(element: Element) -> None:
        take(element.text, element, False)
        for child in element:
            if child.tag not in {"ol", "ul", "p"}:
                walk(child)
            take(child.tail, child, True)

    walk(block)
    return found


def _place(
    passage: Passage, blocks: list[tuple[str, Element, list[_Character]]]
) -> tuple[int, range] | None:
    """Return which block holds a sentence, and where."""
    wanted = "".join(passage.sentence.split())
    if not wanted:
        return None
    for index, (section, _, characters) in enumerate(blocks):
        if section == passage.section:
            start = "".join(c.sign for c in characters).find(wanted)
            if start >= 0:
                return index, range(start, start + len(wanted))
    return None


def _marked(passage: Passage, sentence: range) -> Iterator[int]:
    """Yield the places of the characters to mark; all of the sentence when it names none."""
    solid = [i for i, sign in enumerate(passage.sentence) if not sign.isspace()]
    spans = [s for s in passage.spans if s[0] < s[1]] or [(0, len(passage.sentence))]
    for nth, i in enumerate(solid):
        if any(start <= i < end for start, end in spans):
            yield sentence.start + nth


def _mark(characters: list[_Character], found: list[tuple[int, Finding, range]]) -> None:
    """Wrap the marked characters, the gravest finding deciding where two meet."""
    gravity: dict[int, str] = {}
    for _, finding, sentence in found:
        assert finding.passage is not None
        for i in _marked(finding.passage, sentence):
            graver = max(gravity.get(i, "info"), finding.severity, key=_GRAVITY.index)
            gravity[i] = graver
    runs = [list(run) for _, run in groupby(sorted(gravity), _Runs(characters, gravity))]
    # From the end, so that what was counted before stays right.
    for places in reversed(runs):
        _wrap(characters[places[0]], characters[places[-1]].index + 1, gravity[places[0]])


class _Runs:
    """Numbers neighbours in one text with one gravity alike, so that `groupby` keeps them."""

    def __init__(self, characters: list[_Character], gravity: dict[int, str]) -> None:
        self._characters, self._gravity = characters, gravity
        self._last, self._run = -2, 0

    def __call__(self, i: int) -> int:
        here, last = self._characters[i], self._characters[self._last]
        same = (here.element, here.tail) == (last.element, last.tail)
        if i != self._last + 1 or not same or self._gravity[i] != self._gravity[self._last]:
            self._run += 1
        self._last = i
        return self._run


def _wrap(first: _Character, stop: int, severity: str) -> None:
    element, start = first.element, first.index
    mark = lxml.html.Element("mark")
    mark.set("class", f"finding {severity}")
    if first.tail:
        text = element.tail
        element.tail, mark.text = text[:start], text[start:stop]
        parent = element.getparent()
        parent.insert(parent.index(element) + 1, mark)
    else:
        text = element.text
        element.text, mark.text = text[:start], text[start:stop]
        element.insert(0, mark)
    mark.tail = text[stop:]


def _write_notes(block: Element, found: list[tuple[int, Finding, range]]) -> None:
    for number, finding, _ in reversed(found):
        assert finding.passage is not None
        aside = lxml.html.Element("div")
        aside.set("class", f"finding-note {finding.severity}")
        aside.set("id", f"finding-{number}")
        reason = f"（已说明：{finding.reason}）" if finding.reason else ""
        word = SEVERITIES[finding.severity]
        aside.text = f"〔{finding.id}·{word}〕{finding.passage.remark}{reason}"
        block.addnext(aside)


Asked = list[Mapping[str, str]]
"""What is to be asked about each number: a fact's name, or a table, row and column."""
_OPEN, _MIDDLE, _CLOSE = "\ue0f0", "\ue0f1", "\ue0f2"
_WRAPPED = re.compile(f"{_OPEN}(\\d+){_MIDDLE}(.*?){_CLOSE}", re.DOTALL)


def wrap_numbers(document: Document) -> tuple[Document, Asked]:
    """Wrap the numbers of a Document; return what is to be asked about each."""
    asked: Asked = []
    blocks = tuple(_block(block, asked) for block in document.blocks)
    return replace(document, blocks=blocks), asked


def _block(block: Block, asked: Asked) -> Block:
    match block:
        case ParagraphBlock():
            return replace(block, inlines=_inlines(block.inlines, asked))
        case ListBlock():
            items = tuple(tuple(_block(b, asked) for b in item) for item in block.items)
            return replace(block, items=items)
        case GridBlock():
            rows = tuple(tuple(_cell(block.key, c, asked) for c in row) for row in block.rows)
            return replace(block, rows=rows)
        case _:
            return block


def _inlines(inlines: Inlines, asked: Asked) -> Inlines:
    return tuple(
        replace(part, text=_wrap_number(part.text, {"fact": part.fact.name}, asked))
        if isinstance(part, FactWords) and part.text
        else part
        for part in inlines
    )


def _cell(table: str, cell: GridCell, asked: Asked) -> GridCell:
    if cell.kind != "value" or not cell.text.strip():
        return cell
    about = {"table": table, "row": cell.row or "", "column": cell.column or ""}
    return replace(cell, text=_wrap_number(cell.text, about, asked))


def _wrap_number(text: str, about: Mapping[str, str], asked: Asked) -> str:
    asked.append(about)
    return f"{_OPEN}{len(asked) - 1}{_MIDDLE}{text}{_CLOSE}"


def link_numbers(page: str, asked: Asked, address: str) -> str:
    """Turn what is wrapped into links; ``address`` answers where a number comes from."""

    def link(found: re.Match[str]) -> str:
        target = html.escape(f"{address}?{urlencode(asked[int(found[1])])}")
        return f'<a class="source" target="source" href="{target}">{found[2]}</a>'

    return _WRAPPED.sub(link, page)
