"""The report as one HTML file: no script, no outside address, nothing but the Document.

The look is the nbconvert template folder ``templates/nianbao``; it extends no other template. Its
macros only write; all that must be worked out is worked out here.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from nianbao.documents.html_svg import inline_svg
from nianbao.documents.page_fit import fit_pages, row_height
from nianbao.documents.typesetting import (
    Piece,
    broken,
    head_words,
    heads_rows,
    holds_numbers,
    pieces,
    table_form,
    title_lines,
    title_words,
)
from nianbao.errors import ExportError, Problem, raise_problems
from nianbao.notebook.theme import CSS, check_css
from nianbao.prose.blocks import (
    Align,
    Block,
    Document,
    FactWords,
    FigureBlock,
    FigureCitation,
    GridBlock,
    GridCell,
    HeadingBlock,
    ImageBlock,
    Inline,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    Words,
    plain_text,
)
from nianbao.statutory import format_for

TEMPLATES = Path(__file__).resolve().parent / "templates"
NAME = "nianbao"
PAGE, FRAGMENT, CMS = "index.html.j2", "fragment.html.j2", "cms.html.j2"
BLOCKS = "blocks.html.j2"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_LINE_END = re.compile(r"[ \t]*\n[ \t\n]*")
# Ids made here hold a colon, so that no id of a heading can be the same.
_HEADING_ID = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LONG = re.compile(r"([!-~]{16,})")
_SIGN = re.compile(r"(?<=[/.@_?&=-])(?=[^/.])")


def render_html(document: Document, *, fragment: bool = False) -> str:
    """Draw a Document as HTML, the same for the same document, byte for byte.

    A ``fragment`` has no head and body: it is to be pasted into the page of a content system,
    and its styles concern nothing outside it.

    Raises
    ------
    ExportError
        A drawing or a picture holds what a page must not hold.
    """
    return render_template(FRAGMENT if fragment else PAGE, document)


def render_template(name: str, document: Document) -> str:
    """Draw a Document by one of the page's templates."""
    return draw_with(templates(), name, document)


@cache
def templates() -> Environment:
    """Return the page's templates, kept: compiling them takes longer than drawing a page.

    A template that is edited is read again.
    """
    return equip(Environment(loader=FileSystemLoader(TEMPLATES / NAME)))


def equip(environment: Environment) -> Environment:
    """Escape everything, and stop at a name that the document does not have."""
    environment.autoescape = True
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment


def _style(css: str) -> Markup:
    """Return the project's own style, checked again: a notebook may come from anywhere."""
    problems: list[Problem] = []
    checked = check_css(css, CSS, problems) if css else ""
    raise_problems(ExportError, problems)
    return Markup(checked)


def draw_with(environment: Environment, template: str, document: Document) -> str:
    """Draw a Document by a template of an environment that was equipped; see `render_html`."""
    drawer = _Drawer(environment.get_template(BLOCKS), format_for(document.year).total)
    lines = title_lines(document.title, document.agency_name)
    fit = fit_pages(document.blocks, len(lines))
    body, appendix = drawer.draw(document.blocks), drawer.draw(document.appendix)
    page = environment.get_template(template).render(
        document=document,
        # On paper the title is broken as in the PDF, on a screen where it has to be.
        title_lines=[title_words(line, document.agency_name) for line in lines],
        body=body,
        appendix=appendix,
        contents=drawer.contents,
        style=_style(document.theme.css),
        logo=_picture(document.theme.logo) if document.theme.logo else "",
        # On paper figures are smaller, and rows higher, as the page allows.
        smaller=[
            (uid.replace(":", r"\:"), percent)
            for uid, block in drawer.figures
            if (percent := round(100 * fit.scales.get(block.svg, 1.0))) < 100
        ],
        row_heights=[
            (made.label_columns, round(row_height(block, fit.free[block.key] - _RESERVE), 1))
            for block, made in drawer.grids
            if table_form(block.key).airier and block.key in fit.free
        ],
        tones={t: c for t, c in sorted(document.theme.tones.items()) if _COLOUR.fullmatch(c)},
    )
    # Indentation is for whoever edits the template; a reader's phone need not load it.
    return _LINE_END.sub("\n", page).strip() + "\n"


_RESERVE = 2.0
"""Lines that stay free on paper below a table that is fitted to its page: they are estimated."""

# Chromium up to 150 squeezes a mark at the end of a line, but not where an element follows: the
# line would be half a character too wide. A place to break the line mends it.
_BEFORE_ELEMENT = re.compile(r"[，、。；：？！）〕》】](?=<(?!wbr)[a-z])")


def breakable(text: str) -> Markup:
    """Let a long address be broken at its signs, not anywhere.

    Examples
    --------
    >>> breakable("见 https://www.example.com/a")
    Markup('见 https://<wbr>www.<wbr>example.<wbr>com/<wbr>a')
    """
    parts = (_SIGN.split(part) if i % 2 else [part] for i, part in enumerate(_LONG.split(text)))
    return Markup("").join(Markup("<wbr>").join(part) for part in parts)


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading in the table of contents, with those below it."""

    id: str
    text: str
    parts: list[Entry] = field(default_factory=list)


class _Drawer:
    """Draws blocks one after the other; numbers are those of the whole page."""

    def __init__(self, macros: Template, total: str) -> None:
        self.contents: list[Entry] = []
        self.figures: list[tuple[str, FigureBlock]] = []
        self.grids: list[tuple[GridBlock, _Grid]] = []
        self._macros: Any = macros.module
        self._total = total
        self._counts: dict[str, int] = {}
        self._headings: set[str] = set()

    def draw(self, blocks: Iterable[Block]) -> Markup:
        """Return the blocks as markup."""
        return Markup("\n").join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> Markup:
        drawn: Markup
        match block:
            case HeadingBlock():
                drawn = self._heading(block)
            case ParagraphBlock():
                drawn = Markup("<p>{}</p>").format(self._inlines(block.inlines))
            case ListBlock():
                items = [self.draw(item) for item in block.items]
                drawn = self._macros.list(block.ordered, block.start, items)
            case GridBlock():
                uid = self._next("t")
                made = _grid(block, uid, self._total)
                self.grids.append((block, made))
                drawn = self._macros.grid(block, uid, made)
            case TableBlock():
                drawn = self._macros.table(block, self._next("t"), self._table(block))
            case FigureBlock():
                uid = self._next("f")
                self.figures.append((uid, block))
                svg = inline_svg(block, uid)
                drawn = self._macros.figure(block, uid, svg, _data_table(block))
            case ImageBlock():
                drawn = self._macros.image(_picture(block), block.alt)
            case _:
                assert_never(block)
        return drawn

    def _next(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind}:{self._counts[kind]}"

    def _heading(self, block: HeadingBlock) -> Markup:
        taken = not _HEADING_ID.fullmatch(block.id) or block.id in self._headings
        uid = self._next("section") if taken else block.id
        self._headings.add(uid)
        entry = Entry(uid, plain_text(block.inlines))
        if block.level == 1 or (block.level == 2 and not self.contents):
            self.contents.append(entry)
        elif block.level == 2:
            self.contents[-1].parts.append(entry)
        words = self._inlines(block.inlines)
        return Markup('<h{0} id="{1}">{2}</h{0}>').format(block.level + 1, uid, words)

    def _inlines(self, inlines: Iterable[Inline]) -> Markup:
        words = Markup("").join(self._inline(inline) for inline in inlines)
        return Markup(_BEFORE_ELEMENT.sub(r"\g<0><wbr>", str(words)))

    def _inline(self, inline: Inline) -> Markup:
        words = Markup("").join(map(self._piece, pieces(inline.text)))
        match inline:
            case FactWords():
                words = self._macros.fact(words, inline.fact)
            case FigureCitation():
                words = self._macros.citation(inline)
            case Words():
                pass
            case _:
                assert_never(inline)
        if inline.emph:
            words = Markup("<em>{}</em>").format(words)
        if inline.strong:
            words = Markup("<strong>{}</strong>").format(words)
        return words

    def _piece(self, piece: Piece) -> Markup:
        words = breakable(piece.text)
        match piece.kind:
            case "link":
                return Markup('<a href="{}">{}</a>').format(piece.target, words)
            case "count":
                return Markup('<span class="nb-whole">{}</span>').format(piece.text)
            case "solid":
                return Markup('<span class="nb-whole nb-solid">{}</span>').format(piece.text)
            case "words":
                return words
            case _:
                assert_never(piece.kind)

    def _table(self, block: TableBlock) -> _PlainTable:
        rows = [[self._inlines(cell) for cell in row] for row in block.rows]
        return _PlainTable(block.head, rows, _columns(block.texts, block.align))


# Tables: which cells head which, so that a screen reader can say it.


@dataclass(frozen=True, slots=True)
class _PlainTable:
    """A plain table: drawn cells, and of each column its alignment and whether it heads rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[Markup]]
    columns: Sequence[tuple[Align, bool]]


@dataclass(slots=True)
class _PlacedCell:
    """A cell of a grid at its place, with what marks it as a head, or its heads."""

    cell: GridCell
    top: int
    left: int
    id: str
    upright: Mapping[str, Sequence[str]]
    scope: str = ""
    headers: str = ""
    is_sum: bool = False

    @property
    def words(self) -> Markup:
        """The printed head; the label of a group breaks after its number."""
        if self.cell.kind == "head":
            return Markup("<wbr>").join(head_words(self.cell.text))
        if self.cell.kind != "label":
            return escape(self.cell.text)
        lines = self.upright.get(self.cell.text) or broken(self.cell).split("\n")
        return Markup("<br>").join(lines)

    def covers_row(self, other: _PlacedCell) -> bool:
        return self.top <= other.top < self.top + self.cell.rowspan

    def covers_column(self, other: _PlacedCell) -> bool:
        return self.left <= other.left < self.left + self.cell.colspan


@dataclass(slots=True)
class _Grid:
    """A statutory table: rows that repeat on a new page, groups of rows, columns of labels."""

    label_columns: int
    head: list[list[_PlacedCell]] = field(default_factory=list)
    bodies: list[list[list[_PlacedCell]]] = field(default_factory=lambda: [[]])


def _grid(block: GridBlock, uid: str, total: str) -> _Grid:
    """Give every value the ids of its heads from the outermost, rows first.

    Spans make explicit ids needed: by the rules for scope alone a head would also head later
    blocks. ``total`` is the label of the columns that hold sums.
    """
    rows = list(_placed(block, uid))
    labels = min((c.left for row in rows for c in row if c.cell.kind == "value"), default=0)
    grid, heads = _Grid(labels), list[_PlacedCell]()
    for number, row in enumerate(rows):
        if any(placed.cell.kind == "block" for placed in row):
            heads = []
            if grid.bodies[-1]:
                grid.bodies.append([])
        for placed in row:
            if placed.cell.kind == "value":
                placed.headers = " ".join(head.id for head in _heads_of(placed, heads))
                placed.is_sum = placed.cell.column == total or placed.cell.row == "total"
            else:
                placed.scope = _scope(placed.cell)
                heads.append(placed)
        (grid.head if number < block.head_rows else grid.bodies[-1]).append(row)
    return grid


def _placed(block: GridBlock, uid: str) -> Iterator[list[_PlacedCell]]:
    """Yield each row with the place of its cells on the grid."""
    upright = table_form(block.key).upright
    for top, row in enumerate(block.placed()):
        yield [_PlacedCell(cell, top, at, f"{uid}:{top}-{at}", upright) for cell, at in row]


def _scope(cell: GridCell) -> str:
    match cell.kind:
        case "block":
            return "rowgroup"
        case "label":
            return "rowgroup" if cell.rowspan > 1 else "row"
        case _:
            return "colgroup" if cell.colspan > 1 else "col"


def _heads_of(value: _PlacedCell, heads: Sequence[_PlacedCell]) -> list[_PlacedCell]:
    """Return the labels that cover the row of a value, then the heads that cover its column."""
    rows = [
        head
        for head in heads
        if head.cell.kind == "block" or (head.cell.kind == "label" and head.covers_row(value))
    ]
    columns = [head for head in heads if head.cell.kind == "head" and head.covers_column(value)]
    return rows + columns


def _data_table(figure: FigureBlock) -> _PlainTable:
    columns = zip(*figure.rows, strict=True) if figure.rows else [()] * len(figure.head)
    align: list[Align] = ["right" if holds_numbers(column) else "left" for column in columns]
    rows = [[breakable(text) for text in row] for row in figure.rows]
    return _PlainTable(figure.head, rows, _columns(figure.rows, align))


def _columns(
    rows: Sequence[Sequence[str]], align: Sequence[Align]
) -> tuple[tuple[Align, bool], ...]:
    """Return each column's alignment, and whether it heads the rows: a first one of names does."""
    heads = heads_rows(rows)
    return tuple((side, heads and number == 0) for number, side in enumerate(align))


def _picture(block: ImageBlock) -> str:
    """Return a picture as a data address.

    Its bytes are of a kind of picture that cannot run anything.
    """
    if not block.data or block.media not in PICTURES:
        remedy = "请改用 PNG、JPEG、GIF 或 WebP 图片"
        raise ExportError(Problem("图片不能放入网页", value=block.file, remedy=remedy))
    return f"data:{block.media};base64,{base64.b64encode(block.data).decode()}"
