"""D1–D9: what was read otherwise than it stands in the files, and what was not counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from nianbao.errors import Place, Problem
from nianbao.files.words import short_listing
from nianbao.inputs.personal import registry_number
from nianbao.inputs.project import INPUT_TABLES
from nianbao.inputs.values import Reading, ReadingKind, State
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.checks.running import Statistics
from nianbao.statistics.model import Finding, Severity
from nianbao.statutory import TABLE_NUMBERS

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
_SHOWN: dict[ReadingKind, str] = {
    "scaled": "显示的不是存的数，按显示的读取",
    "unshown": "看不见存的数，按存的读取",
    "rounded": "显示的位数比存的少，按显示的读取",
}
_MENDED: dict[ReadingKind, str] = {
    "scaled": "请核对；要报存的数的，请把单元格格式改为“常规”",
    "unshown": "请核对；不该报的请清空，该报的请把单元格格式改为“常规”",
    "rounded": "请核对",
}
"""How a cell shows another number than it keeps, and what to do."""
_COUNTS = "数值"
_MOST_CELLS = 100

Words = Callable[[ReadingKind, Sequence[Reading]], str]
"""Says what is the matter with some readings of a sheet; the sheet's name stands before it."""


def _by_sheet(
    s: Statistics,
    rule: Check,
    kinds: Iterable[ReadingKind],
    words: Words,
    severity: Callable[[ReadingKind, Sequence[Reading]], Severity] | None = None,
) -> Iterator[Finding]:
    """Make one finding of the readings of each kind in each sheet."""
    order = list(kinds)

    def sheet(reading: Reading) -> tuple[int, str, str]:
        return order.index(reading.kind), reading.place.file, reading.place.sheet or ""

    chosen = sorted((r for r in s.inputs.readings if r.kind in order), key=sheet)
    for _, group in groupby(chosen, key=sheet):
        same = list(group)
        kind, first = same[0].kind, same[0].place
        message = f"{Place(first.file, first.sheet)}有{len(same)}{words(kind, same)}。"
        yield _finding(rule, message, same, severity(kind, same) if severity else None)


def _finding(
    rule: Check, message: str, readings: Sequence[Reading], severity: Severity | None = None
) -> Finding:
    """Make a finding about some readings; its key lapses when one of them changes."""
    cells = [f"{reading.place} {reading.written}".strip() for reading in readings]
    places = [reading.place for reading in readings]
    return rule.finding(message, cells=cells[:_MOST_CELLS], places=places, severity=severity)


def _one_by_one(
    s: Statistics, rule: Check, kind: ReadingKind, words: Callable[[Reading], str]
) -> Iterator[Finding]:
    """Make a finding of each reading of a kind."""
    for reading in s.inputs.readings:
        if reading.kind == kind:
            yield _finding(rule, words(reading), [reading])


def _rows(readings: Iterable[Reading], words: Callable[[Reading], str]) -> str:
    rows = [f"第{r.place.row}行{f'（{said}）' if (said := words(r)) else ''}" for r in readings]
    return short_listing(rows, most=12, measure="行")


def _first_words(reading: Reading) -> str:
    return reading.written


def _cells(readings: Iterable[Reading]) -> str:
    """Return each cell with what stands there and what it was read as."""
    cells = []
    for r in readings:
        written = f"“{r.written}”" if r.written else "空白" if r.kind == "unshown" else "空格"
        where = f"第{r.place.row}行“{r.place.column}”列" if r.place.row else str(r.place)
        cells.append(f"{where}{written}读作{r.read}")
    return short_listing(cells)


@check(
    "D1",
    severity="info",
    title="换了写法的数字和日期",
    source=_SOURCE,
    explanation="数字带了单位、写成全角或汉字，日期没有年份，单元格合并了几行的，意思只有一种的照读，"
    "并逐处列出。请核对；读错的改成不带单位的数字、写明年份的日期。",
)
def writings_are_reported(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report each way of writing once for each sheet."""

    def words(kind: ReadingKind, same: Sequence[Reading]) -> str:
        what, how = _WRITINGS[kind]
        return f"格{what}，{how}：{_cells(same)}。请核对"

    yield from _by_sheet(s, rule, _WRITINGS, words)


@check(
    "D2",
    severity="warning",
    title="没有计入的行",
    source="政府信息公开工作年度报告格式（统计期限）",
    explanation="台账的每一行，要么计入本年，要么在这里列出。收到、答复的日期都不在报告年度的行不计入；"
    "夹在本年各行中间的，登记号写明是本年的，多半是年份写错了。请核对日期；确属其他年度的不用改。"
    "表下方的填表人、附注等也不计入。",
)
def every_row_is_counted_or_reported(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report rows of other years: a slip as a warning, a ledger over several years as a hint."""

    def words(kind: ReadingKind, same: Sequence[Reading]) -> str:
        rows = _rows(same, lambda r: f"{r.written}，{r.read}")
        hint = "请核对年份是否写错" if kind == "slip" else "确属其他年度的不用改，年份写错的请改正"
        return f"行不属于{s.inputs.params.year}年，没有计入：{rows}。{hint}"

    def severity(kind: ReadingKind, _: Sequence[Reading]) -> Severity:
        return rule.severity if kind == "slip" else "info"

    def below(_: ReadingKind, same: Sequence[Reading]) -> str:
        return f"行在表的下方，是填表人、附注等说明，没有计入：{_rows(same, _first_words)}"

    yield from _by_sheet(s, rule, ("slip", "outside"), words, severity)
    yield from _by_sheet(s, rule, ("footer",), below, severity)


@check(
    "D3",
    severity="warning",
    title="隐藏的行和列、划去的行照数计入",
    source=_SOURCE,
    explanation="隐藏的行（包括筛选时看不见的）、隐藏的列和加了删除线的行，程序照数计入。"
    "不该计入的请删去整行；该计入的请取消隐藏、去掉删除线，或写明理由。"
    "一格里只划去几个字的，读没有划去的字；右上角的注号不读。",
)
def rows_that_look_left_out_are_reported(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report hidden and struck rows, which somebody may think do not count."""

    def words(kind: ReadingKind, same: Sequence[Reading]) -> str:
        if kind == "column":
            columns = short_listing([f"“{r.place.column}”" for r in same])
            return f"列隐藏了，照数读取：{columns}。不该报的请删去，该报的请取消隐藏"
        if kind == "crossed":
            return f"格有划去的字，只读没有划去的：{_cells(same)}。请核对，把划去的字删去"
        if kind == "raised":
            return f"格有上标的注号，没有读：{_cells(same)}。请核对，把注号删去，要注的写在“说明”列"
        what, mend = ("隐藏了", "取消隐藏") if kind == "hidden" else ("加了删除线", "去掉删除线")
        rows = _rows(same, _first_words)
        return f"行{what}，照数计入：{rows}。不该计入的请删去整行，该计入的请{mend}"

    yield from _by_sheet(s, rule, ("hidden", "column", "struck", "crossed", "raised"), words)


@check(
    "D4",
    severity="info",
    title="显示的数与存的数不同",
    source=_SOURCE,
    explanation="单元格显示的数比存的少几位，或者因为格式换成了千、万等别的数的，按显示的数读取；"
    "只显示空白、“-”等，存着数的，按存的数读取；没有设小数位数的长小数照原样读取。"
    "请核对；要报的不是这个数的，请把单元格格式改为“常规”，直接填写。",
)
def shown_numbers_are_reported(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report a count that is no whole number, another number than shown, and one that nobody
    sees as a warning; else as a hint.
    """

    def words(kind: ReadingKind, same: Sequence[Reading]) -> str:
        if kind == "fraction":
            rows = _rows(same, _first_words)
            return f"格小数位太长：{rows}。请设定小数位数，或用ROUND函数取整"
        return f"格{_SHOWN[kind]}：{_cells(same)}。{_MENDED[kind]}"

    def severity(kind: ReadingKind, same: Sequence[Reading]) -> Severity:
        is_grave = {
            "rounded": any(r.place.column != _COUNTS for r in same),
            "scaled": True,
            "unshown": any(r.read != "0" for r in same),
        }
        return "warning" if is_grave.get(kind) else "info"

    yield from _by_sheet(s, rule, ("scaled", "unshown", "rounded", "fraction"), words, severity)


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
    """Check rows of sums, which are never counted."""

    def words(_: ReadingKind, same: Sequence[Reading]) -> str:
        cells = [
            f"第{r.place.row}行{f'“{r.place.column}”列' if r.place.column else ''}"
            f"填的合计是{r.written}，各行之和是{r.read}"
            for r in same
        ]
        mend = "请核对各行；合计由程序计算，也可以删去合计的行"
        return f"处合计与各行之和不同：{short_listing(cells, measure='处')}。{mend}"

    yield from _by_sheet(s, rule, ("sum",), words)


@check(
    "D6",
    severity="info",
    title="同一名称的几种写法",
    source=_SOURCE,
    explanation="渠道、类别的名称只有括号、空格、标点或全角半角不同的，是同一个名称，合在一起统计，"
    "用写得最多的一种。请核对；确是两个的，请写成不同的名称。申请台账的来源渠道认不出是渠道的，"
    "可能是人名，不公开，计入“其他渠道”。",
)
def names_in_several_writings_are_reported(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report names in several writings, which count as one, and channels that are none."""

    def words(_: ReadingKind, same: Sequence[Reading]) -> str:
        pairs = dict.fromkeys((r.written, r.read) for r in same)
        names = short_listing([f"“{written}”计入“{read}”" for written, read in pairs])
        return f"格名称写法不一，合在一起统计：{names}。请核对"

    def channels(_: ReadingKind, same: Sequence[Reading]) -> str:
        rows = _rows(same, lambda _: "")
        return f"格来源渠道认不出是渠道，计入“{same[0].read}”：{rows}。请改写为网络、信函、当面等"

    yield from _by_sheet(s, rule, ("name",), words)
    yield from _by_sheet(s, rule, ("unlisted",), channels)


@check(
    "D7",
    severity="warning",
    title="隐藏的工作表没有读取",
    source=_SOURCE,
    explanation="隐藏的工作表不读取。里面有本年数据的，请取消隐藏；确实不用的，请删去，或写明理由。",
)
def hidden_sheets_are_reported(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report hidden sheets with a table's name: somebody may think that they count."""

    def words(r: Reading) -> str:
        return (
            f"{r.place.file}里的工作表“{r.place.sheet}”隐藏着，没有读取。"
            "要用的请取消隐藏，不用的请删去。"
        )

    yield from _one_by_one(s, rule, "sheet", words)
    asides: dict[str, list[Reading]] = {}
    for reading in s.inputs.readings:
        if reading.kind == "aside":
            asides.setdefault(reading.place.file, []).append(reading)
    for file, same in asides.items():
        names = short_listing([f"“{reading.written}”" for reading in same])
        message = f"{file}里还有隐藏的工作表没有读取：{names}。里面没有本年数据的，不用改。"
        yield _finding(rule, message, same, "info")


@check(
    "D8",
    severity="info",
    title="同一条说明的两种理由",
    source=_SOURCE,
    explanation="填报表的“核对说明”表和 acknowledged.csv（网页上写的理由）都说明了同一条，"
    "理由不同的，以后者为准。请核对；两处一样的只算一次。",
)
def reasons_in_two_places_are_reported(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report reasons given twice: beside a finding, and in the workbook that was handed in."""

    def words(r: Reading) -> str:
        return f"{r.place}写的理由是“{r.written}”，后来写的是“{r.read}”，以后来写的为准。请核对。"

    yield from _one_by_one(s, rule, "reason", words)


@check(
    "D9",
    severity="info",
    title="等读得出来再核对的部分",
    source=_SOURCE,
    explanation="有格读不出来时，别的照常核对；用到这些格的合计、勾稽关系和与上年的比较，"
    "不猜数，也不当作0，等改好以后再核对。请先改正读不出来的格，再核对一次。",
)
def what_waits_is_reported(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Say which tables are not, or not wholly, checked while cells of them cannot be read."""
    for table, number in TABLE_NUMBERS.items():
        cells = {**s.tables[table].cells, **s.given_totals(table)}
        unread = {key: c for key, c in cells.items() if c.state is State.UNREAD}
        if not unread:
            continue
        names = [s.name(table, *key) for key in unread]
        if table in s.wholly_unread:
            counted = table == "requests" and "requests" in s.inputs.waiting
            what = (
                _unread_ledger(s.inputs.waiting["requests"]) if counted else f"{number}还读不出来"
            )
            message = f"{what}，整张表没有核对；改好后再核对。"
        else:
            message = (
                f"{number}有{len(unread)}格还读不出来（{short_listing(names, measure='格')}），"
                "用到它们的合计、勾稽关系和与上年的比较没有核对；改好后再核对。"
            )
        yield rule.finding(message, cells=names)
    others = [
        f"“{INPUT_TABLES[name].title}”" for name in ("disclosures", "figures", "acknowledged")
        if name in s.inputs.waiting
    ]  # fmt: skip
    if others:
        message = f"{'、'.join(others)}有内容还读不出来，用到它们的各项没有核对；改好后再核对。"
        yield rule.finding(message)


def _unread_ledger(problems: Sequence[Problem]) -> str:
    """Say which cells of the ledger of requests keep table 3 from being counted."""
    sheets: dict[str, dict[str, None]] = {}
    for problem in problems:
        if at := problem.place:
            cell = f"{replace(at, file='', sheet=None)}".strip()
            cells = sheets.setdefault(str(Place(at.file, at.sheet)), {})
            cells[f"{cell}{_publishable(problem)}"] = None
    where = "；".join(
        f"{sheet} {short_listing(list(cells), measure='格')}".strip()
        for sheet, cells in sheets.items()
    )
    rows = {(p.place.file, p.place.sheet, p.place.row) for p in problems if p.place and p.place.row}
    what = f"有{len(rows)}行读不出来" if rows else "读不出来"
    return f"申请台账{what}{f'（{where}）' if where else ''}，{TABLE_NUMBERS['requests']}由它计数"


def _publishable(problem: Problem) -> str:
    """Quote what stands in a cell of the ledger, unless it may be a person's words."""
    value = problem.value or ""
    return f"“{value}”" if value and registry_number(value) == value else ""
