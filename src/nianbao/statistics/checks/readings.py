"""D1–D7: what was read otherwise than it stands in the files, and what was not counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from nianbao.errors import Place
from nianbao.inputs.values import Reading, ReadingKind
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Severity
from nianbao.statistics.naming import listed

_SOURCE = "本模板的约定"
_WRITINGS: dict[ReadingKind, tuple[str, str]] = {
    "width": ("写成了全角", "已按半角数字读取"),
    "unit": ("带了单位", "已按数字读取，单位不用写在这一格"),
    "numeral": ("写成了汉字", "已按数字读取"),
    "day": ("没有写年份", "已按报告年度读取；是上年的请写明年份"),
    "clock": ("存的不是零点", "多半是导出系统的时刻偏差，已按当天读取"),
    "merged": ("与上面的行合并成一格", "已按同一内容读取；不是的请取消合并，逐行填写"),
}
"""What is the matter with a cell, and what was made of it."""
_COUNTS = "数值"
_MOST_CELLS = 100


def _of(s: Statistics, *kinds: ReadingKind) -> Iterator[tuple[ReadingKind, str, list[Reading]]]:
    """The readings of some kinds, those of one kind and one sheet together."""

    def sheet(reading: Reading) -> tuple[int, str, str]:
        return kinds.index(reading.kind), reading.place.file, reading.place.sheet or ""

    found = sorted((r for r in s.inputs.readings if r.kind in kinds), key=sheet)
    for _, group in groupby(found, key=sheet):
        same = list(group)
        yield same[0].kind, str(Place(same[0].place.file, same[0].place.sheet)), same


def _found(
    rule: Check, message: str, readings: Sequence[Reading], severity: Severity | None = None
) -> Finding:
    """Make a finding about some readings; its key lapses when one of them changes."""
    cells = [f"{reading.place} {reading.written}".strip() for reading in readings]
    places = [reading.place for reading in readings]
    return rule.finding(message, cells=cells[:_MOST_CELLS], places=places, severity=severity)


def _rows(readings: Iterable[Reading]) -> str:
    """Each row with what stands there first."""
    told = [f"第{r.place.row}行{f'（{r.written}）' if r.written else ''}" for r in readings]
    return listed(told, most=12, measure="行")


def _cells(readings: Iterable[Reading]) -> str:
    """Each cell with what stands there and what it was read as."""
    told = []
    for r in readings:
        written = f"“{r.written}”" if r.written else "空格"
        where = f"第{r.place.row}行“{r.place.column}”列" if r.place.row else str(r.place)
        told.append(f"{where}{written}读作{r.read}")
    return listed(told)


@check(
    "D1",
    severity="info",
    title="换了写法的数字和日期",
    source=_SOURCE,
    explanation="数字带了单位、写成全角或汉字，日期没有年份，单元格合并了几行的，意思只有一种的照读，"
    "并逐处列出。请核对；读错的改成不带单位的数字、写明年份的日期。",
)
def writings_are_told(s: Statistics, rule: Check) -> Iterator[Finding]:
    """One finding for each way of writing in each sheet."""
    for kind, sheet, same in _of(s, *_WRITINGS):
        what, how = _WRITINGS[kind]
        message = f"{sheet}有{len(same)}格{what}，{how}：{_cells(same)}。请核对。"
        yield _found(rule, message, same)


@check(
    "D2",
    severity="warning",
    title="没有计入的行",
    source="政府信息公开工作年度报告格式（统计期限）",
    explanation="台账的每一行，要么计入本年，要么在这里列出。收到、答复的日期都不在报告年度的行不计入；"
    "夹在本年各行中间的，登记号写明是本年的，多半是年份写错了。请核对日期；确属其他年度的不用改。",
)
def every_row_is_counted_or_told(s: Statistics, rule: Check) -> Iterator[Finding]:
    """A slip is a warning; rows of a ledger that runs over several years are a hint."""
    year = s.inputs.params.year
    for kind, sheet, same in _of(s, "slip", "outside"):
        told = [f"第{r.place.row}行（{r.written}，{r.read}）" for r in same]
        slip = kind == "slip"
        hint = "请核对年份是否写错" if slip else "确属其他年度的不用改，年份写错的请改正"
        message = (
            f"{sheet}有{len(same)}行不属于{year}年，没有计入"
            f"：{listed(told, most=12, measure='行')}。{hint}。"
        )
        severity = rule.severity if slip else "info"
        yield _found(rule, message, same, severity)


@check(
    "D3",
    severity="warning",
    title="隐藏或划去的行照数计入",
    source=_SOURCE,
    explanation="隐藏的行（包括筛选时看不见的）和加了删除线的行，程序照数计入。"
    "不该计入的请删去整行；该计入的请取消隐藏、去掉删除线，或写明理由。",
)
def rows_that_look_left_out_are_told(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Who hides or strikes a row may think that it does not count."""
    for kind, sheet, same in _of(s, "hidden", "struck"):
        what, mend = ("隐藏了", "取消隐藏") if kind == "hidden" else ("加了删除线", "去掉删除线")
        message = (
            f"{sheet}有{len(same)}行{what}，照数计入：{_rows(same)}。"
            f"不该计入的请删去整行，该计入的请{mend}。"
        )
        yield _found(rule, message, same)


@check(
    "D4",
    severity="info",
    title="显示的数与存的数不同",
    source=_SOURCE,
    explanation="单元格只显示几位小数、实际存了更多位的，按显示的数读取；没有设小数位数的长小数照原样读取。"
    "请核对；要用别的位数的，请改单元格的小数位数，或直接填写。",
)
def shown_numbers_are_told(s: Statistics, rule: Check) -> Iterator[Finding]:
    """A count that is no whole number is a warning; among other figures it is a hint."""
    for kind, sheet, same in _of(s, "rounded", "fraction"):
        counted = kind == "rounded" and any(r.place.column != _COUNTS for r in same)
        what = "格显示的位数比存的少，按显示的读取" if kind == "rounded" else "格小数位太长"
        told = _cells(same) if kind == "rounded" else _rows(same)
        mend = "请核对" if kind == "rounded" else "请设定小数位数，或用ROUND函数取整"
        message = f"{sheet}有{len(same)}{what}：{told}。{mend}。"
        yield _found(rule, message, same, "warning" if counted else "info")


@check(
    "D5",
    severity="error",
    title="合计行等于各行之和",
    source=_SOURCE,
    explanation="台账里填的合计、小计行不重复计入，只用来核对：与各行之和不同，"
    "就是漏了行、多了行或填错了数。请核对各行，合计由程序计算，也可以删去合计行。",
    lifts=True,
)
def sums_agree(s: Statistics, rule: Check) -> Iterator[Finding]:
    """A row of sums is checked and never counted."""
    for reading in s.inputs.readings:
        if reading.kind == "sum":
            message = (
                f"{reading.place}填的合计是{reading.written}，各行之和是{reading.read}。"
                "请核对各行；合计由程序计算，也可以删去这一行。"
            )
            yield _found(rule, message, [reading])


@check(
    "D6",
    severity="info",
    title="同一名称的几种写法",
    source=_SOURCE,
    explanation="渠道、类别的名称只有括号、空格、标点或全角半角不同的，是同一个名称，合在一起统计，"
    "用写得最多的一种。请核对；确是两个的，请写成不同的名称。",
)
def names_in_several_writings_are_told(s: Statistics, rule: Check) -> Iterator[Finding]:
    """One channel in three writings is one channel."""
    for _, sheet, same in _of(s, "name"):
        pairs = dict.fromkeys((r.written, r.read) for r in same)
        told = listed([f"“{written}”计入“{read}”" for written, read in pairs])
        message = f"{sheet}有{len(same)}格名称写法不一，合在一起统计：{told}。请核对。"
        yield _found(rule, message, same)


@check(
    "D7",
    severity="warning",
    title="隐藏的工作表没有读取",
    source=_SOURCE,
    explanation="隐藏的工作表不读取。里面有本年数据的，请取消隐藏；确实不用的，请删去，或写明理由。",
)
def hidden_sheets_are_told(s: Statistics, rule: Check) -> Iterator[Finding]:
    """A hidden sheet of a table's name may hold what somebody thinks is counted."""
    for reading in s.inputs.readings:
        if reading.kind == "sheet":
            message = (
                f"{reading.place.file}里的工作表“{reading.place.sheet}”隐藏着，没有读取。"
                "要用的请取消隐藏，不用的请删去。"
            )
            yield _found(rule, message, [reading])
