"""Bureaus made from a seed, as Documents in the form that every writer draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from tests.documents.sample_blocks import heading, paragraph
from tests.inputs.published.drift import FORMAT, LAYOUTS, Figures

from nianbao.prose.blocks import Block, Document, GridBlock, GridCell
from nianbao.statutory import LayoutCell

NAMES = ("示例县林业局", "示例市示例区人民政府", "示例县东山镇人民政府", "示例县档案馆")
# Words of reports: digits, quotation marks, brackets, Western words, what Markdown might take.
WORDS = (
    *("公开信息", "38件", "（含修订2件）", "“一件事”", "3.5万次", "占12.50%", "《条例》", "2*3"),
    *("a_b", "[注]", "12345热线", "AI", "·", "——", "及时回应", "<p>", "&amp;", "1.", "#", "|"),
)
PROSE_KEYS = ("preface", *(h.key for h in FORMAT.headings() if h.table is None))


def _paragraph(chance: Random) -> str:
    """A paragraph that begins with a Chinese word and ends with a full stop.

    A blank at the end of a line of a PDF cannot be seen: none is put beside a letter.
    """
    return f"本局{''.join(chance.choices(WORDS, k=chance.randint(1, 30)))}完成。"


@dataclass(frozen=True)
class Bureau:
    """A report made from a seed: its Document, its 200 values, the paragraphs of each section."""

    seed: int
    document: Document = field(repr=False)
    values: Figures = field(repr=False)
    prose: dict[str, list[str]] = field(repr=False)


def make_bureau(seed: int) -> Bureau:
    """The bureau of a seed."""
    chance = Random(seed)
    name, year = chance.choice(NAMES), chance.randint(2021, 2030)
    values: Figures = {}
    for table, layout in LAYOUTS.items():
        for cell in (cell for row in layout.rows for cell in row if cell.kind == "value"):
            money = cell.column in FORMAT.money_columns
            count = str(chance.choice([0, chance.randint(0, 9), chance.randint(0, 10**8)]))
            amount = f"{chance.randint(0, 10**6)}.{chance.randint(0, 9999):04}"
            values[table, cell.row or "", cell.column or ""] = amount if money else count
    keys = [key for key in PROSE_KEYS if key != "problems"]
    prose = {key: [_paragraph(chance) for _ in range(chance.randint(1, 3))] for key in keys}
    blocks: list[Block] = [paragraph("preface", text) for text in prose["preface"]]
    for section in FORMAT.sections:
        blocks.append(heading(1, section.key, section.heading))
        if section.table:
            blocks.append(_grid(section.table, values))
        blocks += [paragraph(section.key, text) for text in prose.get(section.key, ())]
        for aspect in section.aspects:
            blocks.append(heading(2, aspect.key, aspect.heading))
            blocks += [paragraph(aspect.key, text) for text in prose[aspect.key]]
    signed = chance.random() < 0.5
    document = Document(
        title=FORMAT.title.format(name=name, year=year),
        agency_name=name,
        year=year,
        date=date(year + 1, 1, chance.randint(1, 31)) if signed else None,
        signature=signed,
        draft=False,
        description="生成的报告。",
        blocks=tuple(blocks),
    )
    return Bureau(seed, document, values, prose)


def _grid(table: str, values: Figures) -> GridBlock:
    layout = LAYOUTS[table]

    def cell(given: LayoutCell) -> GridCell:
        row, column = given.row or "", given.column or ""
        text = values[table, row, column] if given.kind == "value" else given.text
        return GridCell(given.kind, text, given.colspan, given.rowspan, given.row, given.column)

    return GridBlock(
        key=table,
        title=FORMAT.section(table).heading[2:],
        unit="件",
        source="",
        columns=layout.columns,
        head_rows=layout.head_rows,
        rows=tuple(tuple(cell(given) for given in row) for row in layout.rows),
    )
