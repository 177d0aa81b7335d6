"""Take what a cell hands over to the report: a statutory table it counted, a table or a figure."""

from __future__ import annotations

import re
import sys
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import pandas as pd

from nianbao.errors import Problem, UsageError, raise_problems
from nianbao.files.words import day_words, listing
from nianbao.inputs.bundle import CellKey
from nianbao.inputs.values import Cell, computed
from nianbao.notebook.blocks import ShownBlock, figure_block, table_block
from nianbao.statistics.arithmetic import whole
from nianbao.statistics.model import Figure, Table, rows_of
from nianbao.statutory import TABLE_NUMBERS, Format, row_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

    from nianbao.statistics.drawing import Tone

OWN = "own-"
"""With this begins the key of what an analyst made; her own title is the rest."""
MOST_ROWS = 500
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")


def own_block(
    thing: object,
    title: str,
    unit: str,
    source: str,
    alt: str,
    data: pd.DataFrame | None,
    colours: Mapping[Tone, str],
) -> ShownBlock:
    """Make the block of a DataFrame, a Series, or a figure or axes of matplotlib.

    Raises
    ------
    UsageError
        It is none of these, has no title or no numbers, or a figure has no ``alt``: all at once.
    """
    unit, source = unit.strip(), source.strip().rstrip("。")
    key = f"{OWN}{zlib.crc32(title.encode()):08x}"
    if isinstance(thing, pd.Series):
        thing = thing.to_frame(thing.name if thing.name is not None else "数值")
    problems = list(_wrong_words(title, unit, source, alt))
    if isinstance(thing, pd.DataFrame):
        frame = _flat(thing)
        if frame.empty and len(frame.columns):
            problems.append(_without_numbers(f"表“{title}”没有数据：有列名，没有一行"))
        elif not len(frame.columns) or len(frame) > MOST_ROWS:
            message = f"表有{len(frame)}行{len(frame.columns)}列，不能印入报告"
            expected = f"1列以上、{MOST_ROWS}行以内；先用 head()、groupby() 归并"
            problems.append(Problem(message, expected=expected))
        raise_problems(UsageError, problems)
        notes = (f"注：数据来自{source}。",) if source else ()
        return table_block(Table(key, title, unit, source, frame, notes=notes))
    drawing = _drawing(thing)
    if drawing is None:
        kind = type(thing).__name__
        expected = "DataFrame、Series，或 matplotlib 的 Figure、Axes"
        raise UsageError(*problems, Problem("report.show 不能印这种对象", None, kind, expected))
    if not alt.strip():
        remedy = (
            "请写 alt=“图上说了什么”，如 alt=“新收申请逐月增加，十二月最多，为9件”，供读屏软件朗读"
        )
        problems.append(Problem("图没有文字说明", value=title or None, remedy=remedy))
    numbers = _data_of(drawing) if data is None else _flat(data)
    if numbers is None:
        remedy = "请用 data=图所用的 DataFrame 交出数据表"
        problems.append(Problem("图上的数读不出来，不能附数据表", remedy=remedy))
    elif numbers.empty or not any(axes.has_data() for axes in drawing.axes):
        problems.append(_without_numbers(f"图“{title}”没有数据：坐标轴上没有点、线、柱"))
    raise_problems(UsageError, problems)
    assert numbers is not None
    from nianbao.statistics.drawing import figure_svg  # a check draws nothing

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # letters stay text: each reader has a font
        svg = figure_svg(drawing, colours)
    if "matplotlib.pyplot" in sys.modules:  # or it appears below the cell a second time
        sys.modules["matplotlib.pyplot"].close(drawing)
    said = "；".join([f"单位：{unit}"] * bool(unit) + [f"数据来自{source}"] * bool(source))
    figure = Figure(key, title, unit, source, alt.strip(), svg, "", numbers)
    return figure_block(figure, aside=f"（{said}）" if said else "")


def _without_numbers(message: str) -> Problem:
    remedy = "请核对取数的那几格；有时本来就没有的，先写 if len(数据): 再 report.show(…)"
    return Problem(message, remedy=remedy)


def _wrong_words(*texts: str) -> list[Problem]:
    title, *_ = texts
    found = [] if title.strip() else [Problem("没有标题", remedy="请写 title=“表题或图题”")]
    for text in texts:
        if _PLACEHOLDER.search(text):
            remedy = "这里请直接写字，或用 f-string 填数"
            found.append(Problem("这里不填“{{ 名称 }}”", value=text, remedy=remedy))
    return found


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its index as columns, unless it only numbers the rows; exact values."""
    if not isinstance(frame.index, pd.RangeIndex):
        names = [
            name if name is not None else f"项目{n or ''}"
            for n, name in enumerate(frame.index.names)
        ]
        frame = frame.rename_axis(names).reset_index()
    if isinstance(frame.columns, pd.MultiIndex):
        frame = frame.set_axis(["／".join(map(str, c)) for c in frame.columns], axis=1)
    frame = frame.set_axis([str(column) for column in frame.columns], axis=1)
    columns = {c: pd.Series([_plain(v) for v in frame[c]], dtype=object) for c in frame}
    return pd.DataFrame(columns, dtype=object)


def _plain(value: Any) -> object:
    """Return a cell as a person writes it: whole numbers without a point, dates without a clock."""
    if isinstance(value, pd.Timestamp):
        return day_words(value)
    if not pd.api.types.is_scalar(value):
        return str(value)
    if pd.isna(value):
        return None
    if isinstance(value, float) or hasattr(value, "dtype"):
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, float):
            return int(value) if value.is_integer() else f"{value:.10g}"
    return value


def _drawing(thing: object) -> Drawing | None:
    """Return the figure of a figure or of axes."""
    figure = getattr(thing, "figure", None) if hasattr(thing, "get_xlim") else thing
    return figure if hasattr(figure, "savefig") else None  # type: ignore[return-value]


def _data_of(drawing: Drawing) -> pd.DataFrame | None:
    """Return the numbers of a simple drawing: the bars or lines of its one axes."""
    if len(drawing.axes) != 1:
        return None
    axes = drawing.axes[0]
    columns: dict[str, list[object]] = {}
    heads: list[object] = []
    for number, bars in enumerate(axes.containers, 1):
        horizontal = getattr(bars, "orientation", "vertical") == "horizontal"
        ticks = axes.get_yticklabels() if horizontal else axes.get_xticklabels()
        sizes = [
            b.get_width() if horizontal else b.get_height() for b in getattr(bars, "patches", ())
        ]
        names: list[object] = [tick.get_text() for tick in ticks]
        heads = names[: len(sizes)]
        columns[_series(bars.get_label(), number)] = [_plain(float(size)) for size in sizes]
    for number, line in enumerate(axes.get_lines(), len(columns) + 1):
        xs: Any = line.get_xdata()
        ys: Any = line.get_ydata()
        heads = heads or [*(str(_plain(x)) for x in list(xs))]
        columns[_series(line.get_label(), number)] = [_plain(float(y)) for y in list(ys)]
    if not columns or any(len(values) != len(heads) for values in columns.values()):
        return None
    return pd.DataFrame({axes.get_xlabel() or "项目": heads, **columns}, dtype=object)


def _series(label: object, number: int) -> str:
    text = str(label)
    return "数值" if text.startswith("_") and number == 1 else text.lstrip("_") or f"数值{number}"


def with_numbers(table: Table, frame: pd.DataFrame, format_: Format) -> Table:
    """Return the table as its cell counted it.

    What agrees with the data keeps its digits and notes.

    ``frame`` has one row a line of the table, by official label, and one column a column of it.

    Raises
    ------
    UsageError
        The table is none of the statute's, or the frame lacks rows or columns of it, or holds
        what is no number: all at once.
    """
    number = TABLE_NUMBERS.get(table.key)
    if number is None:
        message = f"“{table.key}”不是三张法定表之一，不能另交数"
        raise UsageError(Problem(message, remedy="自己的表用 report.show(表, title=…)"))
    names = {row: row_name(table.key, row, format_) for row, _ in table.cells}
    columns = dict.fromkeys(column for _, column in table.cells)
    raise_problems(
        UsageError,
        (
            Problem(f"{number}{fault}", value=listing(found), remedy="行和列用规定的名称")
            for kind, wanted, given in (
                ("行", list(names.values()), frame.index),
                ("列", list(columns), frame.columns),
            )
            for fault, found in (
                (f"缺少{kind}", [name for name in wanted if name not in given]),
                (f"有同名的{kind}", [n for n in given[given.duplicated()] if n in wanted]),
            )
            if found
        ),
    )
    cells = dict(_cells(table, frame.loc[list(names.values()), list(columns)], names, number))
    values: Any = table.frame.copy()  # an object frame, of which the stubs know no assignment
    for (row, column), cell in cells.items():
        if cell is not table.cells[row, column]:
            values.at[row, column] = whole(cell.number)
    return replace(table, frame=values, cells=cells)


def _cells(
    table: Table, frame: pd.DataFrame, names: Mapping[str, str], number: str
) -> Iterator[tuple[CellKey, Cell]]:
    rows = dict(zip(names, rows_of(frame), strict=True))
    places = {column: place for place, column in enumerate(frame.columns)}
    for (row, column), cell in table.cells.items():
        value = rows[row][places[column]]
        try:
            counted = None if pd.isna(value) else Decimal(str(value))
        except (InvalidOperation, ValueError, TypeError):
            message = f"{number}“{names[row]}”×“{column}”不是数"
            raise UsageError(Problem(message, value=str(value))) from None
        yield (row, column), cell if counted == cell.number else computed(counted)
