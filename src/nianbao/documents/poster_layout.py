"""The poster's contents, and where they stand: 750 px wide, one column for a telephone.

What a poster must say is listed by `Poster.statements`, so that the proof can hold every number in
a finished picture against the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from nianbao.documents.typesetting import title_lines
from nianbao.statistics.charts.bars import Bars, Columns
from nianbao.statistics.charts.flow import Flow
from nianbao.statistics.drawing import (
    NARROW,
    Band,
    Box,
    Drawing,
    Line,
    Mark,
    Text,
    broken,
    text_width,
)

WIDTH = 750.0
MARGIN = 40.0
INNER = WIDTH - 2 * MARGIN
TITLE, HEADING, BODY, SMALL, BIG = 40.0, 32.0, 25.0, 21.0, 58.0
SCALE = INNER / NARROW


@dataclass(frozen=True, slots=True)
class BigNumber:
    """A number that is seen first: its name, how it reads, and what changed since last year."""

    name: str
    text: str
    unit: str
    change: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the poster: a heading, and a picture or, where there is little, a sentence."""

    heading: str
    words: str
    picture: Bars | Columns | Flow | None = None


@dataclass(frozen=True, slots=True)
class Poster:
    """The contents of the poster.

    ``contact`` and ``period`` stand at its foot.
    """

    title: str
    agency: str
    draft: bool
    numbers: tuple[BigNumber, ...]
    panels: tuple[Panel, ...]
    contact: tuple[str, ...]
    period: str
    date: str

    @property
    def title_lines(self) -> tuple[str, ...]:
        """The title as it is broken."""
        return tuple(title_lines(self.title, self.agency))

    @property
    def words(self) -> tuple[str, ...]:
        """The whole poster in sentences, for those who cannot see it."""
        big = "；".join(
            f"{n.name}{n.text}{n.unit}{f'，{n.change}' if n.change else ''}" for n in self.numbers
        )
        worded = (f"{panel.heading}：{panel.words}" for panel in self.panels)
        contact = ("；".join(self.contact) + "。",) if self.contact else ()
        return (f"{big}。", *worded, f"{self.period}。", *contact)

    @property
    def statements(self) -> tuple[str, ...]:
        """Everything with a number in it, as it must be read in the picture."""
        big = (f"{n.name}{n.text}{n.unit}{n.change}" for n in self.numbers)
        shown = (
            panel.picture.statements if panel.picture else (panel.words,) for panel in self.panels
        )
        drawn = (statement for statements in shown for statement in statements)
        headings = (panel.heading for panel in self.panels)
        foot = (*self.contact, self.period, self.agency, self.date)
        return (self.title, *big, *headings, *drawn, *foot)


@dataclass
class _Sheet:
    """The marks so far, and how far down they go."""

    y: float = 0.0
    marks: list[Mark] = field(default_factory=list)

    def line(self, mark: Text, height: float) -> None:
        """Put a line of text in the next so many pixels."""
        self.marks.append(replace(mark, y=self.y + height / 2))
        self.y += height


def draw_poster(poster: Poster) -> Drawing:
    """Put the parts of a poster below each other."""
    sheet = _Sheet()
    _head(sheet, poster)
    _numbers(sheet, poster.numbers)
    for panel in poster.panels:
        _panel(sheet, panel)
    _foot(sheet, poster)
    paper = Box(0, 0, WIDTH, sheet.y, "paper")
    return Drawing(WIDTH, sheet.y, (paper, *sheet.marks))


def _head(sheet: _Sheet, poster: Poster) -> None:
    """Draw a red title above a double rule, as official papers have it."""
    middle = WIDTH / 2
    sheet.marks.append(Box(0, 0, WIDTH, 10, "accent"))
    sheet.y = 48
    sheet.line(Text(middle, 0, "一图读懂", "middle", "soft", BODY), 48)
    for line in poster.title_lines:
        size = min(TITLE, TITLE * INNER / text_width(line, TITLE))
        sheet.line(Text(middle, 0, line, "middle", "accent", size, bold=True, song=True), 62)
    sheet.y += 22
    sheet.marks.append(Box(MARGIN, sheet.y, INNER, 4, "accent"))
    sheet.marks.append(Box(MARGIN, sheet.y + 7, INNER, 1.5, "accent"))
    sheet.y += 9
    if poster.draft:
        sheet.y += 12
        sheet.line(Text(middle, 0, "草稿　未经审定，不得公开", "middle", "accent", BODY), 40)


def _numbers(sheet: _Sheet, numbers: Sequence[BigNumber]) -> None:
    """Draw the numbers, two beside each other: name, number with its unit, what changed."""
    sheet.y += 36
    cell = (INNER - 20) / 2
    for first in range(0, len(numbers), 2):
        pair = numbers[first : first + 2]
        changes = [_change(number, cell - 40) for number in pair]
        height = 148 + 28 * max(map(len, changes), default=0)
        for place, (number, lines) in enumerate(zip(pair, changes, strict=True)):
            left = MARGIN + place * (cell + 20)
            sheet.marks.append(Box(left, sheet.y, cell, height, "wash"))
            sheet.marks.append(Box(left, sheet.y, 5, height, "now"))
            sheet.marks += _number(number, left + 24, sheet.y, lines)
        sheet.y += height + 20


def _number(number: BigNumber, left: float, top: float, changes: Sequence[str]) -> Iterator[Mark]:
    yield Text(left, top + 32, number.name, tone="soft", size=SMALL)
    size = min(BIG, BIG * 240 / text_width(number.text, BIG))
    yield Text(left, top + 88, number.text, tone="now", size=size, bold=True)
    # Digits of this size are seen to be narrower than the room that is kept for them elsewhere.
    width = 0.95 * text_width(number.text, size)
    yield Text(left + width + 8, top + 98, number.unit, size=BODY)
    for place, line in enumerate(changes):
        yield Text(left, top + 144 + 28 * place, line, tone="soft", size=SMALL)


def _change(number: BigNumber, width: float) -> list[str]:
    """Return the change in lines that fit, broken at a comma where there is one."""
    if not number.change:
        return []
    parts = number.change.split("，")
    if text_width(number.change, SMALL) <= width:
        return [number.change]
    return [f"{part}，" for part in parts[:-1]] + parts[-1:]


def _heading(sheet: _Sheet, words: str) -> None:
    sheet.y += 40
    sheet.marks.append(Box(MARGIN, sheet.y + 8, 7, 34, "accent"))
    sheet.line(Text(MARGIN + 22, 0, words, size=HEADING, bold=True), 50)
    sheet.y += 14


def _panel(sheet: _Sheet, panel: Panel) -> None:
    _heading(sheet, panel.heading)
    if panel.picture is None:
        _paragraph(sheet, panel.words)
        return
    drawing = panel.picture.draw(NARROW)
    sheet.marks += _placed(drawing, MARGIN, sheet.y, SCALE)
    sheet.y += drawing.height * SCALE


def _paragraph(sheet: _Sheet, words: str, size: float = BODY) -> None:
    for line in broken(words, INNER, most=99, size=size):
        sheet.line(Text(MARGIN, 0, line, size=size), 1.7 * size)


def _foot(sheet: _Sheet, poster: Poster) -> None:
    if poster.contact:
        _heading(sheet, "联系我们")
    for words in poster.contact:
        # An address that is a little too long is set smaller, not broken.
        fitting = 0.999 * BODY * INNER / max(text_width(words, BODY), 0.999 * INNER)
        _paragraph(sheet, words, fitting if fitting > 0.75 * BODY else BODY)
    sheet.y += 30
    sheet.marks.append(Line(MARGIN, sheet.y, WIDTH - MARGIN, sheet.y))
    sheet.y += 14
    issuer = f"发布机关：{poster.agency}"
    whole = f"{issuer}　{poster.date}".rstrip("　")
    # A day beside a long name would be broken.
    ends = (whole,) if text_width(whole, SMALL) <= INNER else (issuer, poster.date)
    for words in filter(None, (poster.period, *ends)):
        for line in broken(words, INNER, most=9, size=SMALL):
            sheet.line(Text(WIDTH / 2, 0, line, "middle", "soft", SMALL), 36)
    sheet.y += 34


def _placed(drawing: Drawing, x: float, y: float, scale: float) -> Iterator[Mark]:
    """Yield the marks of a drawing at another place and in another size."""
    for mark in drawing.marks:
        match mark:
            case Text():
                yield replace(
                    mark, x=x + mark.x * scale, y=y + mark.y * scale, size=mark.size * scale
                )
            case Box():
                yield replace(
                    mark, x=x + mark.x * scale, y=y + mark.y * scale,
                    width=mark.width * scale, height=mark.height * scale,
                )  # fmt: skip
            case Line():
                yield replace(
                    mark, x=x + mark.x * scale, y=y + mark.y * scale,
                    to_x=x + mark.to_x * scale, to_y=y + mark.to_y * scale,
                )  # fmt: skip
            case Band():
                yield replace(
                    mark, x=x + mark.x * scale, top=y + mark.top * scale,
                    to_x=x + mark.to_x * scale, to_top=y + mark.to_top * scale,
                    depth=mark.depth * scale,
                )  # fmt: skip
