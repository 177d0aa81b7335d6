"""Draw the page as it stands: the report, its findings, or what keeps it from being drawn.

Drawn in a process of its own, which keeps the executed notebooks of the reports it draws. The desk
writes findings beside their sentences, and links on numbers: a number is wrapped in characters that
no text has before the page is drawn, and those become links in the page that was drawn. The page
that is published is made without this module.
"""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import lxml.html

from nianbao.desk.digest import tell_both
from nianbao.desk.watch import Snapshot, finished_files, look, narrative_of, watched
from nianbao.errors import NianbaoError
from nianbao.notebook.cells import Cell, Kept, Notebook, Output, about
from nianbao.notebook.master import read_master
from nianbao.notebook.pictures import load_pictures
from nianbao.notebook.record import RECORD_MIME, Record, find_record, record_to_json
from nianbao.notebook.report import Report
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
STYLE = """
mark.finding { color: inherit; background: #fff3bf; border-bottom: 2px solid #b08900 }
mark.finding.error { background: #ffd9d6; border-color: #b42318 }
mark.finding.info { background: #e3effd; border-color: #1f6feb }
.finding-note { margin: .3em 0 .9em 2em; padding: .45em .8em; border-left: 4px solid #b08900;
  background: #fff9e6; color: #222; font: 15px/1.6 sans-serif; text-indent: 0; list-style: none }
.finding-note.error { border-color: #b42318; background: #fff0ef }
.finding-note.info { border-color: #1f6feb; background: #f0f6ff }
"""


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
    style.text = STYLE
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
_LINK_STYLE = """
a.source { color: inherit; text-decoration: none; border-bottom: 1px dotted #5a7ca8 }
a.source:hover, a.source:focus { background: #e3effd; outline: 2px solid #1f6feb }
"""


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

    return _WRAPPED.sub(link, page).replace("</style>", f"{_LINK_STYLE}</style>", 1)


@dataclass(frozen=True)
class View:
    """One state of the preview."""

    number: int = 0
    """Counts on with every change."""
    page: str | None = None
    """The report with its findings marked; the last good one when `problems` holds any, None when
    there never was one.
    """
    problems: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    """Why the page could not be made anew, as the bureau's clerk reads it and as others do."""
    findings: tuple[Finding, ...] = ()
    """Worst first."""
    placed: frozenset[int] = frozenset()
    """Numbers of the findings that the page shows beside their sentence."""


class Session:
    """The preview of one report; keeps the executed notebook between changes of the prose.

    Parameters
    ----------
    sources
        The address at which the desk tells where a number comes from.
    """

    def __init__(self, root: Path, agency: str, year: int, sources: str = "source") -> None:
        self.root, self.agency, self.year, self.sources = root, agency, year, sources
        self.view = View()
        self.runs = 0
        self._notebook: Notebook | None = None

    def refresh(self, changed: frozenset[Path] | None = None) -> View:
        """Make the page anew and return what is shown from now on.

        ``changed`` are the files that did, None for everything. When it is the prose alone, the
        notebook does not run again; of an edited finished file the page only tells.
        """
        finished = frozenset(finished_files(self.root, self.agency, self.year))
        if changed and changed <= finished:
            self.view = replace(self.view, number=self.view.number + 1)
            return self.view
        changed = None if changed is None else changed - finished
        if changed != frozenset({narrative_of(self.root, self.agency, self.year)}):
            self._notebook = None
        number = self.view.number + 1
        try:
            self.view = self._draw(number)
        except NianbaoError as error:
            problems, guarded = tell_both(error.problems, self.agency, self.year)
            self.view = replace(self.view, number=number, problems=problems, guarded=guarded)
        except Exception as error:  # a preview outlives whatever an unfinished edit brings
            reported = f"程序出错：{type(error).__name__}：{error}"
            self.view = replace(
                self.view, number=number, problems=(reported,), guarded=(NOT_DRAWN,)
            )
        return self.view

    def _draw(self, number: int) -> View:
        from nianbao.documents.document import document_from_notebook
        from nianbao.documents.html import render_html

        report = Report.open(self.agency, self.year, root=self.root)
        findings = report.findings
        # As `build` would: with errors there is nothing but a draft.
        draft = bool(report.inputs.params.draft) or any(
            finding.severity == "error" for finding in findings
        )
        if self._notebook is None:
            self._notebook = self._run(report)
        record = replace(
            find_record(self._notebook),
            sections=report.inputs.narrative,
            images=load_pictures(self.root, report.inputs),
            draft=draft,
        )
        sections = read_master(self.root).sections
        document = document_from_notebook(_reworded(self._notebook, sections, record))
        wrapped, asked = wrap_numbers(document)
        page = link_numbers(render_html(wrapped), asked, self.sources)
        page, placed = mark_findings(page, findings)
        return View(number, page, findings=findings, placed=placed)

    def _run(self, report: Report) -> Notebook:
        from nianbao.notebook.execution import run_notebook

        given = report.inputs.params.model_dump(mode="json") | {"draft": True}
        parameters = {key: value for key, value in given.items() if value is not None}
        with tempfile.TemporaryDirectory(prefix="nianbao-preview-") as folder:
            notebook: Notebook = run_notebook(self.root, parameters, Path(folder) / "report.ipynb")
        self.runs += 1
        return notebook


def _reworded(notebook: Notebook, sections: Mapping[str, str], record: Record) -> Notebook:
    """Return the notebook as it was before it was filled, with a new record to fill it from."""
    return {**notebook, "cells": [_fresh(cell, sections, record) for cell in notebook["cells"]]}


def _fresh(cell: Cell, sections: Mapping[str, str], record: Record) -> Cell:
    if cell["cell_type"] == "markdown":
        kept = about(cell)
        source = sections.get(kept.get("section", ""), kept.get("template", cell["source"]))
        fresh: Kept = {"section": kept["section"]} if "section" in kept else {}
        return {**cell, "source": source, "metadata": {**cell["metadata"], "nianbao": fresh}}
    outputs = [_recorded(output, record) for output in cell.get("outputs", ())]
    return {**cell, "outputs": outputs} if cell["cell_type"] == "code" else cell


def _recorded(output: Output, record: Record) -> Output:
    data = output.get("data", {})
    if RECORD_MIME not in data:
        return output
    return {**output, "data": {**data, RECORD_MIME: record_to_json(record)}}


NOT_DRAWN = "页面没有画成；原因只给本单位的填报员看"
MOST_KEPT = 40
"""So many reports keep their executed notebook in memory."""


class _Drawn:
    """A session, and the files as they were when it drew last."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.files: Snapshot | None = None

    def view(self) -> View:
        """Return the page of the files as they stand now."""
        session, before = self.session, self.files
        now = look(watched(session.root, session.agency, session.year))
        if before is None:
            session.refresh()
        elif now != before:
            names = before.keys() | now.keys()
            session.refresh(frozenset(Path(p) for p in names if before.get(p) != now.get(p)))
        self.files = now
        return session.view


@lru_cache(maxsize=MOST_KEPT)
def _drawn(root: Path, agency: str, year: int, sources: str) -> _Drawn:
    return _Drawn(Session(root, agency, year, sources))


def draw_view(root: Path, agency: str, year: int, sources: str) -> View:
    """Return the page of a report as its files stand.

    Where only the prose changed, the notebook is not run again.
    """
    return _drawn(root, agency, year, sources).view()
