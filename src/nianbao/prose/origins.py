"""Say where a figure comes from (table, file, row, sum), and where one that is missing belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from nianbao.errors import Place
from nianbao.files.words import short_listing
from nianbao.inputs.project import INPUT_TABLES
from nianbao.prose.facts import NO_SHARE, NOT_FILLED, Fact, Vocabulary, walk
from nianbao.prose.phrases import needs
from nianbao.statistics.model import Table
from nianbao.statutory import TABLE_NUMBERS, Format, row_name

NOT_HANDED_IN = "未报送"
_MOST_ROWS = 3
_MOST_PLACES = 2


def quoted(name: str) -> str:
    """Return a name in quotation marks; those within it become single ones.

    Examples
    --------
    >>> quoted("“双随机、一公开”类")
    '“‘双随机、一公开’类”'
    """
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def short_place(place: Place) -> str:
    """Return a place without the folders: file, sheet, row, column.

    Examples
    --------
    >>> short_place(Place("data/a/2024/figures.csv", row=3, column="数值"))
    'figures.csv 第3行“数值”列'
    """
    return str(replace(place, file=PurePosixPath(place.file).name))


def cells_origin(
    table: Table | None, rows: Sequence[str], columns: Sequence[str], format_: Format
) -> str:
    """Return the origin of a statutory cell, or of the sum of several.

    Examples
    --------
    >>> cells_origin(tables["requests"], ["new"], ["自然人"], format_)  # doctest: +SKIP
    '表三“一、本年新收政府信息公开申请数量”×“自然人”（由 requests.csv 统计）'
    """
    if table is None or not table.source:
        return NOT_HANDED_IN
    names = _row_names([row_name(table.key, row, format_) for row in rows])
    heads = "".join(quoted(column) for column in columns)
    cells = [table.cells.get((row, column)) for row in rows for column in columns]
    places = [short_place(cell.place) for cell in cells if cell and cell.place]
    found = f"由 {table.source} 统计"
    if len(places) == len(cells) <= _MOST_PLACES:
        found = "、".join(places)
    return f"{TABLE_NUMBERS[table.key]}{short_listing(names, _MOST_ROWS, '行')}×{heads}（{found}）"


def _row_names(labels: Sequence[str]) -> list[str]:
    """Return the rows as they are called in short: all of one group by the group's name."""
    groups = {label.partition("/")[0] for label in labels}
    if len(labels) > 1 and len(groups) == 1:
        return [f"{quoted(groups.pop())}各行"]
    # Without the explanation in brackets that one label of the statute carries.
    return [quoted(re.sub(r"（[^）]{3,}）$", "", label)) for label in labels]


GAP_MARKS = (NOT_FILLED, NO_SHARE)
"""What a fact prints in the place of words when a number is not known."""
MOST_NAMED = 3
_BY_CASES = frozenset({"平均办理天数", "按时办结率", "延期件数"})
"""Facts that are there only where the requests are listed one by one."""


def is_gap(fact: Fact) -> bool:
    """Return whether a fact prints a mark in the place of words, because a number is not known."""
    return fact.value is None and fact.text in GAP_MARKS


def describe_gap(fact: Fact, facts: Vocabulary) -> str:
    """Return what a fact that is a gap lacks, where to fill it in, and what to do.

    Examples
    --------
    >>> describe_gap(Fact("培训次数", None, NOT_FILLED, "次", "figures.csv 第2行"), {})
    '“培训次数”写不出来，缺：“培训次数”填在figures.csv 第2行。请先填数，没有发生的填0，正文随之写出'
    """
    if fact.text == NO_SHARE:
        return f"{quoted(fact.name)}的总数为0，没有占比可写；请改写这句话，不用占比"
    missing = list(dict.fromkeys(_missing(fact, facts)))
    lacking = f"，缺：{short_listing(missing, MOST_NAMED)}" if missing else ""
    return f"{quoted(fact.name)}写不出来{lacking}。请先填数，没有发生的填0，正文随之写出"


def _missing(fact: Fact, facts: Vocabulary) -> Iterator[str]:
    """Yield each number that is missing, and where it belongs."""
    if names := needs(fact.name):
        for name in names:
            yield from _named(facts[name]) if name in facts else [_unknown(name)]
        return
    whole = next((f for f in walk(facts) if any(b is fact for b in f.below.values())), None)
    if not fact.unit and whole is not None:  # a form, such as 同比, is of the number above it
        yield from _missing(whole, facts)
    else:
        yield from _named(fact)


def _parts(fact: Fact) -> list[Fact]:
    """Return the numbers below a fact that are not known; its forms have no unit."""
    return [below for below in fact.below.values() if below.unit and below.value is None]


def _named(fact: Fact) -> Iterator[str]:
    """Yield a number that is missing, or those of its parts that are."""
    parts = [] if fact.source == NOT_HANDED_IN else _parts(fact)
    for part in parts:
        yield from _named(part)
    if not parts and fact.value is None:
        yield f"{quoted(fact.name)}{_where(fact)}"


def _where(fact: Fact) -> str:
    return "没有报送" if fact.source == NOT_HANDED_IN else f"填在{fact.source}"


def _unknown(name: str) -> str:
    """Return a number for which there is no row at all."""
    table = INPUT_TABLES["requests" if name in _BY_CASES else "figures"]
    what = "逐件写明收到日期、答复日期" if name in _BY_CASES else "加上这一行"
    return f"{quoted(name)}没有报送（请在{table.name}.csv或填报表“{table.title}”中{what}）"
