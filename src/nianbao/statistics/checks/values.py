"""V1–V11: each value by itself, in the three tables and among the other numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from nianbao.files.words import short_listing
from nianbao.inputs.bundle import CellKey, NamedFigure
from nianbao.inputs.project import data_folder
from nianbao.inputs.values import Cell, State, normalise, parse_number
from nianbao.statistics.arithmetic import plain
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.checks.running import Statistics
from nianbao.statistics.model import Finding
from nianbao.statutory import TABLE_NUMBERS, row_name

FEE_DIGITS = 6
FEE_LEAP = 1000
SMALL_BODY_FEE = 10_000
_MEASURED = re.compile(r"(?P<number>[\d,.]+)\s*(?P<unit>[^\d\s]+)")
_MEASURES = "条|件|次|个|人|名|场|期|份|篇|项|部|家|元|万元"
_FIGURE = re.compile(rf"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<measure>{_MEASURES}|人次|场次)")
_ITEMS = re.compile(r"\d\s*条")

Wanted = Callable[[bool, Cell], bool]


def _found(s: Statistics, wanted: Wanted) -> Iterator[tuple[str, list[tuple[str, Cell]]]]:
    """Yield the named cells, by table, that ``wanted(is money, cell)`` picks.

    One finding a table and rule: a column of text must not flood the list.
    """
    found: dict[str, list[tuple[str, Cell]]] = {}
    for table, (row, column), cell in s.handed_in():
        if wanted(column in s.format.money_columns, cell):
            found.setdefault(table, []).append((s.name(table, row, column), cell))
    yield from found.items()


def _quoted(cells: list[tuple[str, Cell]]) -> str:
    """Return the names with what was written there, and where the first stands."""
    words = [f"{name}填的是“{cell.raw or cell.number}”" for name, cell in cells]
    return f"{short_listing(words)}{_first(cells)}"


def _first(cells: list[tuple[str, Cell]]) -> str:
    """Return where the first of some cells stands."""
    place = next((cell.place for _, cell in cells if cell.place), None)
    return f"（首处见{place}）" if place else ""


def _bad_count(cell: Cell) -> bool:
    if cell.number is None:
        return cell.state is State.TEXT
    return cell.number < 0 or cell.number != cell.number.to_integral_value()


@check(
    "V1",
    severity="error",
    title="件数应为非负整数",
    source="国办公开办函〔2021〕30号，表二至表四",
    explanation="表内件数和公开条数是不带小数、不带单位的数，最小为0。带文字或小数的格无法参加计算。"
    "请只填数字，说明写在括号里或“说明”列。",
)
def counts_are_whole(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that counts are integers from zero up."""
    remedy = "件数只填0或正整数，不带单位和文字，说明请写在括号里或“说明”列"
    for table, cells in _found(s, lambda money, cell: not money and _bad_count(cell)):
        message = f"{TABLE_NUMBERS[table]}有件数不是非负整数：{_quoted(cells)}。{remedy}。"
        yield rule.finding(message, cells=(name for name, _ in cells))
    wrong = [(name, cell) for name, cell in _disclosures(s) if _bad_count(cell)]
    if wrong:
        message = f"主动公开条数不是非负整数：{_quoted(wrong)}。条数只填0或正整数。"
        yield rule.finding(message, cells=(name for name, _ in wrong))


def _disclosures(s: Statistics) -> Iterator[tuple[str, Cell]]:
    ledger = s.inputs.disclosures
    if ledger is not None:
        columns = (ledger[head] for head in ("渠道", "类别", "条数"))
        for channel, category, cell in zip(*columns, strict=True):
            yield f"主动公开“{channel}”×“{category}”", cell


def _bad_fee(cell: Cell) -> bool:
    if cell.number is None:
        return cell.state is State.TEXT
    exponent = cell.number.as_tuple().exponent
    return cell.number < 0 or not isinstance(exponent, int) or exponent < -FEE_DIGITS


@check(
    "V2",
    severity="error",
    title="收费金额应为非负数，至多六位小数",
    source="国办公开办函〔2021〕30号，表二",
    explanation="行政事业性收费金额以万元为单位，不得为负，小数至多六位（即0.01元）。"
    "多于六位通常是换算或录入的错误。请按财务数据核对后填写，不必凑位数。",
)
def fees_are_money(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that the fee is a decimal from zero up, in 万元.

    It has at most six decimals (0.01 yuan).
    """
    for table, cells in _found(s, lambda money, cell: money and _bad_fee(cell)):
        remedy = "以万元为单位，只填数字，至多六位小数"
        message = f"{TABLE_NUMBERS[table]}收费金额有误：{_quoted(cells)}。{remedy}。"
        yield rule.finding(message, cells=(name for name, _ in cells))


@check(
    "V3",
    severity="error",
    title="每一格都要填写",
    source="国办公开办函〔2021〕30号，表二至表四",
    explanation="三张表每一格都要填，没有发生的填0。空白可能是没有发生，也可能是漏填，读者无从分辨，"
    "程序也不会把空白当作0。请逐格补填；出草稿时本条只作提醒。",
)
def nothing_is_blank(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that every cell is filled, a zero as 0; a draft may still have blanks."""
    severity = s.blank_severity
    if s.inputs.units:  # R2 names the unit that left them blank
        return
    for table in TABLE_NUMBERS:
        blanks = blank_parts(s, table)
        if blanks:
            message = f"{describe_blanks(s, table, blanks)}。请如实填写，没有发生的填0。"
            names = (s.name(table, *key) for key in blanks)
            yield rule.finding(message, cells=names, severity=severity)
    rows = [(n, cell) for n, cell in _disclosures(s) if cell.state in (State.EMPTY, State.NA)]
    if rows:
        unknown = [name for name, _ in rows]
        message = (
            f"主动公开有{len(unknown)}行没有填条数：{short_listing(unknown)}{_first(rows)}。"
            "请填写条数，没有公开的填0。"
        )
        yield rule.finding(message, cells=unknown, severity=severity)


@check(
    "V4",
    severity="error",
    title="数字格不得填“/”“-”“无”",
    source="国办公开办函〔2021〕30号，表二至表四",
    explanation="数字格填“/”“-”“无”等于没有说明数量。请把没有发生的改为0；"
    "确实无法取得的数先查清再填。出草稿时本条只作提醒。",
)
def no_marks_for_numbers(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report ``/`` in a cell for a number: it says neither zero nor a number."""
    for table, cells in _found(s, lambda _, cell: cell.state is State.NA):
        message = f"{TABLE_NUMBERS[table]}有格没有填数字：{_quoted(cells)}。没有发生的请改填0。"
        yield rule.finding(message, cells=(n for n, _ in cells), severity=s.blank_severity)


@check(
    "V5",
    severity="warning",
    title="数字旁带有文字说明",
    source="已公布年报中的常见差错",
    explanation="数字旁写了说明，如“22（其中修订16件）”。程序取出数字参加计算，把说明印在表下。"
    "请确认说明准确、可以公开，不需要的删去。",
)
def notes_are_printed(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report notes beside numbers, which are printed below the table."""
    for table, cells in _found(s, lambda _, cell: cell.is_number and bool(cell.note)):
        message = (
            f"{TABLE_NUMBERS[table]}有数字带说明：{_quoted(cells)}。"
            "数字已单独取出参加计算，说明将印在表下，请确认是否保留。"
        )
        yield rule.finding(message, cells=(name for name, _ in cells))


def _wrong_measure(money: bool, cell: Cell) -> bool:
    if cell.is_number and cell.how != "unit":
        return bool(_ITEMS.search(cell.note))
    match = _MEASURED.fullmatch(cell.raw)
    if not match or parse_number(match["number"]) is None:
        return False
    return match["unit"] not in ({"万元"} if money else {"件"})


@check(
    "V6",
    severity="warning",
    title="计量单位与表格不符",
    source="已公布年报中的常见差错",
    explanation="表内件数以件计，收费金额以万元计，信息处理费以元计。单位写成条、元等，"
    "往往说明数字也取错了口径。请核对数字后只填数字。",
)
def measures_agree(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report 条 for 件, and 元 for 万元."""
    for table, cells in _found(s, _wrong_measure):
        message = (
            f"{TABLE_NUMBERS[table]}的单位与填写的不同：{_quoted(cells)}。"
            "表内件数以件计，收费金额以万元计，请核对后只填数字。"
        )
        yield rule.finding(message, cells=(name for name, _ in cells))
    fee = s.inputs.figures.get("信息处理费")
    if fee is not None and fee.cell.number and fee.unit not in ("", "元"):
        message = f"信息处理费的单位填的是“{fee.unit}”，应以元计。请换算成元并把单位改为“元”。"
        yield rule.finding(message, left=fee.cell.number, cells=("数据“信息处理费”",))


@check(
    "V7",
    severity="warning",
    title="收费金额疑以元为单位",
    source="已公布年报中的常见差错",
    explanation="收费金额达到上年的一千倍以上，或小单位出现整百的大数，多半是把元当成了万元。"
    "请核对单位；确属实际金额的，写明理由。",
)
def fee_is_not_yuan(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report a thousand times last year's fee, or a large round number for a small body."""
    for row, column in s.format.decision_cells:
        fee = s.cell("decisions", row, column).number
        if column not in s.format.money_columns or not fee:
            continue
        before = s.last("decisions", row, column).number
        if before and fee >= FEE_LEAP * before:
            reason = f"是上年{plain(before)}万元的{FEE_LEAP}倍以上"
        elif s.inputs.agency.kind != "government" and _round_sum(fee):
            reason = "且是整百的大数"
        else:
            continue
        message = f"“{row}”填了{plain(fee)}万元，{reason}，疑把元当作万元。请核对单位。"
        cells = (s.name("decisions", row, column),)
        yield rule.finding(message, left=fee, right=before, cells=cells)


def _round_sum(fee: Decimal) -> bool:
    return fee >= SMALL_BODY_FEE and fee % 100 == 0


@check(
    "V8",
    severity="warning",
    title="无规章制定权的机关填了规章",
    source="《立法法》关于规章制定权的规定",
    explanation="规章只能由国务院部门、省级政府和设区的市级政府制定，其他机关此行应为0。"
    "本机关的规章制度、内部办法不是规章。请改填0，属于行政规范性文件的填入下一行。",
)
def rules_need_power(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that only a body with the power to make 规章 reports any.

    Ministries and governments from the prefecture up have it. Source: 立法法.
    """
    if s.inputs.agency.can_make_rules:
        return
    rules = s.format.decision_names["rules"]
    keys: list[CellKey] = [
        key
        for key in s.format.decision_cells
        if key[0] == rules and s.cell("decisions", *key).number
    ]
    if keys:
        numbers = "、".join(
            f"{c}{plain(s.cell('decisions', r, c).number or Decimal(0))}" for r, c in keys
        )
        message = (
            f"表二“规章”填了{numbers}。规章只能由国务院部门、省级和设区的市级政府制定；"
            "本机关的制度、办法不是规章，请改填0或填入“行政规范性文件”；"
            "本机关确有规章制定权的，请在 agency.yaml 中把“有规章制定权”写为是"
            "（can_make_rules: true）。"
        )
        yield rule.finding(message, cells=(s.name("decisions", *key) for key in keys))


@check(
    "V9",
    severity="info",
    title="行政执法数量与机关职能",
    source="本模板的约定",
    explanation="agency.yaml 写明有行政执法职能的机关，一年中许可、处罚、强制一般不会都为0；"
    "没有该职能的应都为0。处理决定数量包括依法不公开的决定。请核对，仅作提示。",
)
def enforcement_shows(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that a body that enforces the law decides something in a year, and another nothing."""
    decided = s.format.decision_names["decided"]
    keys = [key for key in s.format.decision_cells if key[1] == decided]
    numbers = [s.cell("decisions", *key).number for key in keys]
    enforces = s.inputs.agency.enforcement
    if enforces is None or None in numbers or enforces == any(numbers):
        return
    rows = "、".join(row for row, _ in keys)
    message = (
        f"本机关有行政执法职能，而表二{rows}都为0。请核对是否漏统计。"
        if enforces
        else f"本机关没有行政执法职能，而表二{rows}不全为0。请核对。"
    )
    yield rule.finding(message, cells=(s.name("decisions", *key) for key in keys))


def blank_parts(s: Statistics, table: str) -> list[CellKey]:
    """Return the cells that somebody has to fill and that are EMPTY.

    The totals follow from them.
    """
    return [key for key, cell in s.parts(table).items() if cell.state is State.EMPTY]


def describe_blanks(s: Statistics, table: str, blanks: Sequence[CellKey]) -> str:
    """Return the blank cells in words: the whole table, whole rows, or cells.

    A row that is blank throughout is named once.
    """
    parts, number = s.parts(table), TABLE_NUMBERS[table]
    place = next((parts[key].place for key in blanks if parts[key].place), None)
    where = f"（首处见{place}）" if place else ""
    if len(blanks) == len(parts):
        return f"{number}全部未填（{len(blanks)}格）{where or _not_handed_in(s, table)}"
    names = []
    for row in dict.fromkeys(row for row, _ in blanks):
        columns = [column for r, column in blanks if r == row]
        every = [column for r, column in parts if r == row]
        which = "整行" if columns == every else f"的“{'”“'.join(columns)}”"
        names.append(f"“{row_name(table, row, s.format)}”{which}")
    return f"{number}有{len(blanks)}格未填：{short_listing(names, measure='行')}{where}"


def _not_handed_in(s: Statistics, table: str) -> str:
    """Return which file a table would have come from."""
    names = ["requests", "requests_table"] if table == "requests" else [table]
    folder = data_folder(s.inputs.agency.code, s.inputs.params.year)
    files = "或".join(f"{name}.csv" for name in names)
    return f"，{folder}/ 中没有{files}，填报表的相应工作表也没有填"


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
    """Report rows without a number or a text.

    Where the prose names one, the prose reports it too.
    """
    blank = [f for f in s.inputs.figures.values() if f.cell.state is State.EMPTY and f.cell.place]
    if blank:
        names = short_listing([f"“{figure.name}”" for figure in blank], measure="行")
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
    """Report a number with its unit, which is a text (``2次``); ``66万余`` is meant as one."""
    for figure in s.inputs.figures.values():
        cell = figure.cell
        match = _FIGURE.fullmatch(normalise(cell.raw))
        if cell.state is State.TEXT and match:
            place = f"（{cell.place}）" if cell.place else ""
            message = (
                f"“{figure.name}”填的是“{cell.raw}”{place}，带了单位就成了文字，不能计算和比较。"
                f"请在“数值”列只填{match['number']}，“单位”列填“{match['measure']}”。"
            )
            yield rule.finding(message, cells=(_name(figure),))
