"""V10, V11: the other numbers, each by itself; text is allowed among them, a blank says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.inputs.bundle import NamedFigure
from nianbao.inputs.values import State, normalise
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding
from nianbao.statistics.naming import listed

_MEASURES = "条|件|次|个|人|名|场|期|份|篇|项|部|家|元|万元"
_MEASURED = re.compile(rf"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<measure>{_MEASURES}|人次|场次)")


def _name(figure: NamedFigure) -> str:
    return f"数据“{figure.name}”"


@check(
    "V10",
    severity="info",
    title="其他数据没有填",
    source="本模板的约定",
    explanation="其他数据里空着的一行，既不是0，也不能写进正文。请填数，没有发生的填0；"
    "用不着的删去这一行。",
)
def figures_are_filled(s: Statistics, rule: Check) -> Iterator[Finding]:
    """A row without a number or a text; where the prose names it, the prose says so besides."""
    blank = [f for f in s.inputs.figures.values() if f.cell.state is State.EMPTY and f.cell.place]
    if blank:
        names = listed([f"“{figure.name}”" for figure in blank], measure="行")
        message = (
            f"其他数据有{len(blank)}行没有填：{names}（首处见{blank[0].cell.place}）。"
            "正文要用的请填数，没有发生的填0；用不着的请删去这一行。"
        )
        yield rule.finding(message, cells=map(_name, blank))


@check(
    "V11",
    severity="warning",
    title="其他数据写成了带单位的文字",
    source="本模板的约定",
    explanation="“2次”这样的内容是文字，不能求和，也不能与上年比较。请在“数值”列只填数字，"
    "单位填在“单位”列。“66万余”这类本来就只能写成文字的，不在此列。",
)
def figures_are_numbers(s: Statistics, rule: Check) -> Iterator[Finding]:
    """``2次`` is a text, so nothing can be counted or compared with it; ``66万余`` is meant so."""
    for figure in s.inputs.figures.values():
        cell = figure.cell
        match = _MEASURED.fullmatch(normalise(cell.raw))
        if cell.state is State.TEXT and match:
            place = f"（{cell.place}）" if cell.place else ""
            message = (
                f"“{figure.name}”填的是“{cell.raw}”{place}，带了单位就成了文字，不能计算和比较。"
                f"请在“数值”列只填{match['number']}，“单位”列填“{match['measure']}”。"
            )
            yield rule.finding(message, cells=(_name(figure),))
