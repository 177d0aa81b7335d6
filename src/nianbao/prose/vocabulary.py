"""The vocabulary of one report: every figure of the tables, the ledgers and the agency card.

Names are the statute's words as they read in a sentence. This is the one place where a number
gets its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from nianbao.inputs.bundle import Inputs
from nianbao.prose.agency_facts import agency_facts
from nianbao.prose.case_facts import case_facts, fee_facts
from nianbao.prose.facts import Fact, Vocabulary
from nianbao.prose.ledger_facts import disclosure_fact, figure_facts
from nianbao.prose.measures import Measure, measure_fact
from nianbao.prose.origins import cells_origin
from nianbao.prose.phrases import phrase_facts
from nianbao.prose.unit_facts import unit_facts, with_units
from nianbao.prose.wording import Number
from nianbao.statistics.model import Table
from nianbao.statutory import Format

Tables = Mapping[str, Table]

REQUEST_NAMES = {
    "新收申请": ("new",),
    "上年结转申请": ("carried_in",),
    "收办申请": ("new", "carried_in"),
    "结转下年申请": ("carried_out",),
}
DECISION_NAMES = {
    "made": "制发",
    "repealed": "废止",
    "standing": "现行有效",
    "documents": "规范性文件",
}
"""What rows and columns of table 2 are called in a sentence, by their keys in the format."""


def _value(table: Table | None, row: str, column: str) -> Number | None:
    if table is None or row not in table.frame.index or column not in table.frame.columns:
        return None
    value = table.frame.at[row, column]
    return value if isinstance(value, int | Decimal) else None


def _sum(values: Iterable[Number | None]) -> Number | None:
    """The sum; None when a part is not a number, so that nothing blank becomes zero."""
    parts = list(values)
    return None if None in parts else sum((p for p in parts if p is not None), 0)


def _cells(
    format_: Format,
    tables: Tables,
    previous: Tables,
    key: str,
    label: str,
    rows: Sequence[str],
    columns: Sequence[str],
) -> Measure:
    """A measure of the sum of cells of table 3 or 4, this year and last year."""
    pairs = [(row, column) for row in rows for column in columns]
    now, before = tables.get(key), previous.get(key)
    source = cells_origin(now, rows, columns, format_)
    return Measure(
        label,
        _sum(_value(now, *pair) for pair in pairs),
        "件",
        source,
        before=_sum(_value(before, *pair) for pair in pairs) if before else None,
    )


def _request_measure(
    format_: Format, tables: Tables, previous: Tables, label: str, rows: tuple[str, ...]
) -> Measure:
    """Rows of table 3 in total, and below by applicant."""

    def part(name: str, columns: tuple[str, ...], whole: Number | None = None) -> Measure:
        cells = _cells(format_, tables, previous, "requests", name, rows, columns)
        return Measure(name, cells.value, cells.unit, cells.source, cells.before, whole)

    own = part(label, (format_.total,))
    applicants = tuple(part(a, (a,), own.value) for a in format_.applicants)
    organisations = part("法人", format_.organisations, own.value)
    return Measure(
        label, own.value, own.unit, own.source, own.before, None, applicants, (organisations,)
    )


def _outcome_measures(format_: Format, tables: Tables, previous: Tables) -> tuple[Measure, ...]:
    """（一） to （六） of block 三, each with its detail rows, as shares of what was finished."""
    finished = _value(tables.get("requests"), "total", format_.total)
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in format_.outcome_rows:
        name = (row.group or row.label).split("）", 1)[1].split("（")[0]
        detail = row.label.split(".", 1)[1] if row.group else ""
        groups.setdefault(name, []).append((row.key, detail))
    measures = []
    for name, rows in groups.items():
        own = _request_measure(format_, tables, previous, name, tuple(k for k, _ in rows))
        details = tuple(
            _cells(format_, tables, previous, "requests", d, (k,), (format_.total,))
            for k, d in rows
            if d
        )
        parts, others = (details, (*own.parts, *own.others)) if details else (own.parts, own.others)
        measures.append(
            Measure(name, own.value, own.unit, own.source, own.before, finished, parts, others)
        )
    return tuple(measures)


def _request_facts(format_: Format, tables: Tables, previous: Tables) -> Iterator[Fact]:
    for name, rows in REQUEST_NAMES.items():
        yield measure_fact(_request_measure(format_, tables, previous, name, rows))
    outcomes = _outcome_measures(format_, tables, previous)
    own = _request_measure(format_, tables, previous, "办结申请", ("total",))
    others = (*own.parts, *own.others)
    yield measure_fact(
        Measure(own.label, own.value, own.unit, own.source, own.before, None, outcomes, others)
    )
    yield from (measure_fact(outcome) for outcome in outcomes)


def _decision_facts(format_: Format, tables: Tables, previous: Tables) -> Iterator[Fact]:
    now, before = tables.get("decisions"), previous.get("decisions")
    names = {format_.decision_names[key]: name for key, name in DECISION_NAMES.items()}
    for block in format_.decision_blocks:
        unit = "万元" if block.columns[0] in format_.money_columns else "件"
        for row in block.rows:
            name = names.get(row, row)
            measures = [
                Measure(
                    names.get(column, name),
                    _value(now, row, column),
                    unit,
                    cells_origin(now, (row,), (column,), format_),
                    _value(before, row, column),
                )
                for column in block.columns
            ]
            if len(measures) == 1:
                yield measure_fact(measures[0], name)
            else:
                below = {m.label: measure_fact(m, f"{name}.{m.label}") for m in measures}
                standing = measures[-1]
                text = measure_fact(standing).text
                yield Fact(
                    name, standing.value, text, unit, standing.source, below=MappingProxyType(below)
                )


def _review_facts(format_: Format, tables: Tables, previous: Tables) -> Iterator[Fact]:
    *results, total = format_.review_columns
    names: dict[str, tuple[str, ...]] = {g.key: (g.key,) for g in format_.review_groups}
    names["行政诉讼"] = tuple(g.key for g in format_.review_groups if g.head != g.key)
    for name, groups in names.items():
        own = _cells(format_, tables, previous, "reviews", name, groups, (total,))
        parts = tuple(
            _cells(format_, tables, previous, "reviews", r, groups, (r,)) for r in results
        )
        yield measure_fact(Measure(name, own.value, own.unit, own.source, own.before, None, parts))


def build_vocabulary(
    inputs: Inputs, tables: Tables, previous_tables: Tables | None, format_: Format
) -> Vocabulary:
    """All facts of a report by name.

    Parameters
    ----------
    inputs
        What the bureau handed in; gives the agency card and ``figures``.
    tables, previous_tables
        This year's tables, and last year's (None: comparisons say that there are none).

    Returns
    -------
    Vocabulary
        In the order in which ``nianbao facts`` lists them. A figure of the bureau's own never
        replaces a statutory name.
    """
    previous = previous_tables or {}
    facts = [
        *agency_facts(inputs.agency, inputs.params, format_, inputs.files),
        disclosure_fact(tables, previous, inputs),
        *_request_facts(format_, tables, previous),
        *_decision_facts(format_, tables, previous),
        *_review_facts(format_, tables, previous),
        *case_facts(inputs),
        *unit_facts(inputs),
    ]
    named = {fact.name: fact for fact in facts}
    named |= {f.name: f for f in figure_facts(inputs) if f.name not in named}
    named |= {f.name: f for f in fee_facts(inputs) if f.name not in named}
    named = with_units(named, tables, format_)
    named |= {f.name: f for f in phrase_facts(named, format_) if f.name not in named}
    return MappingProxyType(named)
