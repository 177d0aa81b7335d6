"""The vocabulary of one report: figures of tables, ledgers and units, and who reports.

Names are the statute's words as they read in a sentence. This is the one place where a number
gets its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from nianbao.inputs.bundle import Inputs
from nianbao.inputs.params import CONTACTS, Agency, ReportParams
from nianbao.inputs.project import (
    PROFILE,
    WORKBOOK_SHEETS,
    agency_file,
    params_file,
    workbook_among,
    workbook_file,
)
from nianbao.prose.facts import (
    Fact,
    Measure,
    Vocabulary,
    enumeration,
    known_sum,
    measure_fact,
)
from nianbao.prose.ledger_facts import case_facts, disclosure_fact, fee_facts, figure_facts
from nianbao.prose.origins import cells_origin
from nianbao.prose.phrases import phrase_facts
from nianbao.statistics.arithmetic import Number, plain
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import DISCLOSURES_COLUMN, UNITS, leaves, missing_units
from nianbao.statutory import Format
from nianbao.statutory.wholes import FINISHED, Whole, wholes

Tables = Mapping[str, Table]

DECISION_NAMES = {
    "made": "制发",
    "repealed": "废止",
    "standing": "现行有效",
    "documents": "规范性文件",
}
"""What rows and columns of table 2 are called in a sentence, by their keys in the format."""


def _value(table: Table | None, row: str, column: str) -> Number | None:
    value = table.by_row.get(row, {}).get(column) if table is not None else None
    return value if isinstance(value, int | Decimal) else None


def _measure(
    of: Whole, tables: Tables, previous: Tables, format_: Format, above: Number | None = None
) -> Measure:
    """Return a number of table 3 or 4 this year and last year, and all that it is divided into.

    ``above`` is what it is a part of: its share is taken of that.
    """
    now, before = tables.get(of.table), previous.get(of.table)
    value = known_sum(_value(now, *cell) for cell in of.cells)
    parts, others = (
        tuple(_measure(part, tables, previous, format_, value) for part in below)
        for below in (of.parts, of.others)
    )
    return Measure(
        of.name,
        value,
        "件",
        cells_origin(now, of.rows, of.columns, format_),
        known_sum(_value(before, *cell) for cell in of.cells) if before else None,
        above,
        parts,
        others,
    )


def _statutory_facts(
    format_: Format, tables: Tables, previous: Tables
) -> Iterator[tuple[str, Fact]]:
    """Yield the numbers of tables 3 and 4, each with the table it is of."""
    found = wholes(format_)
    finished = found[FINISHED]
    total = known_sum(_value(tables.get(finished.table), *cell) for cell in finished.cells)
    for whole in found.values():
        above = total if whole in finished.parts else None
        yield whole.table, measure_fact(_measure(whole, tables, previous, format_, above))


def _decision_facts(format_: Format, tables: Tables, previous: Tables) -> Iterator[Fact]:
    now, before = tables.get("decisions"), previous.get("decisions")
    names = {format_.decision_names[key]: name for key, name in DECISION_NAMES.items()}
    for block in format_.decision_blocks:
        unit = "万元" if block.columns[0] in format_.money_columns else "件"
        for row in block.rows:
            name = names.get(row, row)
            measures = [
                Measure(
                    name if len(block.columns) == 1 else names.get(column, column),
                    _value(now, row, column),
                    unit,
                    cells_origin(now, (row,), (column,), format_),
                    _value(before, row, column),
                )
                for column in block.columns
            ]
            yield _row_fact(name, dict(zip(block.columns, measures, strict=True)), format_)


def _row_fact(name: str, measures: Mapping[str, Measure], format_: Format) -> Fact:
    """Return a row of table 2 by the number that it is known by, with those of its columns below.

    Of documents it is what stands, and each column says for itself how it changed.
    """
    columns = [format_.decision_names[key] for key in ("standing", "decided", "charged")]
    main = next(column for column in columns if column in measures)
    fact = measure_fact(measures[main], name)
    if len(measures) == 1:
        return fact
    below = {m.label: measure_fact(m, f"{name}.{m.label}") for m in measures.values()}
    own = {} if main == columns[0] else fact.below
    return replace(fact, below=MappingProxyType({**own, **below}))


def _contact_line(agency: Agency) -> str:
    filled = {label: getattr(agency, key) for key, label in CONTACTS.items()}
    words = "；".join(f"{label}：{value}" for label, value in filled.items() if value)
    return f"（{words}）" if words else ""


def _source(file: str, sheet: str, files: Collection[str]) -> str:
    """Return the file of params/, or the sheet of the workbook when that file was not read."""
    workbook = sheet.split(" ")[0]
    return sheet if file not in files and workbook in files else file


def agency_facts(
    agency: Agency, params: ReportParams, format_: Format, files: Collection[str] = ()
) -> Iterator[Fact]:
    """Yield the name, short name, contacts, years, period and legal basis of the agency.

    A contact that is missing has no fact: a text that names it is refused, while
    ``联系方式`` lists those that there are. ``files`` are those that were read: without
    params/ it is the workbook that says who reports.
    """
    who = agency.code, params.year
    workbook = workbook_among(files, *who) or workbook_file(*who)
    sheet = f"{workbook} 工作表“{WORKBOOK_SHEETS[PROFILE].title}”"
    profile = _source(agency_file(agency.code), sheet, files)
    year = params.year
    short = agency.short_name or agency.name
    yield Fact("机关名称", agency.name, agency.name, source=profile)
    yield Fact("机关简称", short, short, source=profile)
    own = "本镇" if agency.kind == "township" else "本机关"
    yield Fact("本机关", own, own, source=profile)
    for key, label in CONTACTS.items():
        value = getattr(agency, key)
        if value:
            yield Fact(label, value, value, source=profile)
    line = _contact_line(agency)
    yield Fact("联系方式", line, line, source=profile)
    given = _source(params_file(agency.code, year), sheet, files)
    yield Fact("年份", year, str(year), source=given)
    yield Fact("上年", year - 1, str(year - 1), source=given)
    yield Fact("下年", year + 1, str(year + 1), source=given)
    title = format_.title.format(name=agency.name, year=year)
    yield Fact("报告标题", title, title, source=given)
    period = f"{year}年1月1日至{year}年12月31日"
    yield Fact("统计期限", period, period, source=given)
    basis = (
        f"《{format_.regulation_title}》（{format_.regulation_number}，以下简称《条例》）"
        f"和《{format_.notice_title}》（{format_.notice_number}）"
    )
    yield Fact("编制依据", basis, basis, source=f"statutory/format_{format_.version}.yaml")


BY_UNIT = "分单位明细"
COLUMNS = {
    "新收申请": "新收申请",
    "上年结转申请": "上年结转",
    "办结申请": "办结",
    "结转下年申请": "结转下年",
    "主动公开": DISCLOSURES_COLUMN,
    "行政复议": "行政复议",
    "行政诉讼": "行政诉讼",
}
"""Fact by fact the column of the table by unit; the rows of decisions have their own names."""
_UNITS_SOURCE = "各单位报送的数据"


def unit_facts(inputs: Inputs) -> Iterator[Fact]:
    """Yield how many units the sums cover, and which are missing.

    A body without units has none of these facts.
    """
    if not inputs.units:
        return
    covered = sum(1 for _ in leaves(inputs))
    yield Fact("统计单位数", covered, str(covered), "个", _UNITS_SOURCE)
    missing = "、".join(missing_units(inputs))
    yield Fact("未报送单位", missing or "无", missing or "无", source=_UNITS_SOURCE)


def with_units(
    facts: Mapping[str, Fact], tables: Mapping[str, Table], format_: Format
) -> dict[str, Fact]:
    """Return the facts, those that the table by unit tells with each unit's number below them."""
    table = tables.get(UNITS)
    if table is None:
        return dict(facts)
    names, *_ = table.frame.columns
    units = table.frame.iloc[:-1]
    found = dict(facts)
    for name, column in {**COLUMNS, **{row: row for row in format_.decided_rows}}.items():
        fact = facts.get(name)
        if fact is not None and column in units.columns:
            pairs = list(zip(units[names], units[column], strict=True))
            below = {**fact.below, BY_UNIT: _by_unit(fact, pairs)}
            found[name] = replace(fact, below=MappingProxyType(below))
    return found


def _by_unit(of: Fact, pairs: list[tuple[str, int | Decimal | None]]) -> Fact:
    name = f"{of.name}.{BY_UNIT}"
    known = [(unit, number) for unit, number in pairs if number is not None]
    words = enumeration(known, of.unit) or f"0{of.unit}"
    source = f"{_UNITS_SOURCE}；{of.name}"
    below = {
        unit: Fact(f"{name}.{unit}", number, plain(number), of.unit, source)
        for unit, number in known
    }
    return Fact(name, words, words, source=source, below=MappingProxyType(below))


def build_vocabulary(
    inputs: Inputs, tables: Tables, previous_tables: Tables | None, format_: Format
) -> Vocabulary:
    """Return all facts of a report by name.

    Without ``previous_tables`` the comparisons say that there are none.

    Returns
    -------
    Vocabulary
        In the order in which ``nianbao facts`` lists them. A figure of the bureau's own never
        replaces a statutory name.
    """
    previous = previous_tables or {}
    statutory = list(_statutory_facts(format_, tables, previous))
    facts = [
        *agency_facts(inputs.agency, inputs.params, format_, inputs.files),
        disclosure_fact(tables, inputs),
        *(fact for table, fact in statutory if table == "requests"),
        *_decision_facts(format_, tables, previous),
        *(fact for table, fact in statutory if table == "reviews"),
        *case_facts(inputs),
        *unit_facts(inputs),
    ]
    named = {fact.name: fact for fact in facts}
    named |= {f.name: f for f in figure_facts(inputs) if f.name not in named}
    named |= {f.name: f for f in fee_facts(inputs) if f.name not in named}
    named = with_units(named, tables, format_)
    named |= {f.name: f for f in phrase_facts(named) if f.name not in named}
    return MappingProxyType(named)
