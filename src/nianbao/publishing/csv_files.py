"""A table as a CSV file that a spreadsheet opens without a question and without running it.

Apart because it is a matter of safety: what a spreadsheet might run is decided here alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from nianbao.inputs.project import file_name_fault
from nianbao.notebook.blocks import number_text
from nianbao.notebook.handover import OWN
from nianbao.prose.blocks import Block, FigureBlock, TableBlock
from nianbao.statistics.model import Table

_FORMULA = re.compile(r"[\s'\"]*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?")


def safe_text(text: str) -> str:
    """Return a text that a spreadsheet shows and does not compute.

    An apostrophe is put before it.

    A number is left alone, a negative one and a share too. See docs/decisions.md.

    Examples
    --------
    >>> safe_text("=HYPERLINK(A1)"), safe_text("政策法规"), safe_text("-3")
    ("'=HYPERLINK(A1)", '政策法规', '-3')
    """
    risky = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def write_own_tables(blocks: Iterable[Block], folder: Path) -> None:
    """Write the tables of an analyst's own, and the numbers behind her figures.

    Each file bears its title, where a file can; a second of the same title a number.
    """
    for block in blocks:
        match block:
            case TableBlock(key=key, title=title) if key.startswith(OWN):
                rows = block.texts
            case FigureBlock(key=key, title=title, rows=rows) if key.startswith(OWN):
                pass
            case _:
                continue
        name = re.sub(r"\s+", "_", title) if file_name_fault(title) is None else key
        number, file = 2, folder / f"{name}.csv"
        while file.exists():
            number, file = number + 1, folder / f"{name}-{number}.csv"
        frame = pd.DataFrame(list(rows), columns=list(block.head), dtype=object)
        write_table(Table(key, title, block.unit, block.source, frame), file)


def write_table(table: Table, path: Path) -> None:
    """Write a table as UTF-8 with a mark, which Excel needs to read Chinese.

    Parameters
    ----------
    table
        Any table; of a statutory one the rows are named in the first column.
    path
        File to write.
    """
    frame = table.frame.map(lambda v: safe_text(v) if isinstance(v, str) else number_text(v))
    frame.columns = [safe_text(str(name)) for name in frame.columns]
    frame.to_csv(
        path, index=table.layout is not None, index_label="项目", encoding="utf-8-sig",
        lineterminator="\n",
    )  # fmt: skip
