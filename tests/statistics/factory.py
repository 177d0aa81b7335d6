"""Inputs made by hand: what a bureau hands in, in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from nianbao.errors import Place
from nianbao.inputs.bundle import CellKey, Inputs, NamedFigure
from nianbao.inputs.params import Agency, ReportParams
from nianbao.inputs.values import Cell, parse_cell
from nianbao.statistics.checks import build_statistics, run_checks
from nianbao.statistics.model import Finding
from nianbao.statutory import load_format

FORMAT = load_format()
CODE = "shili-ju"

Case = tuple[str, str, str, int]
"""source, applicant, outcome, count."""


def cells(values: Mapping[CellKey, str | None], file: str) -> dict[CellKey, Cell]:
    """Cells as the reader makes them, each with a place."""
    path = f"data/{CODE}/2024/{file}"
    return {key: parse_cell(text, Place(path, column=key[1])) for key, text in values.items()}


def decisions(**rows: Sequence[str | None]) -> dict[CellKey, Cell]:
    """Table 2 by row, all zeros unless said otherwise: ``decisions(行政许可=["5"])``."""
    values: dict[CellKey, str | None] = dict.fromkeys(FORMAT.decision_cells, "0")
    for row, texts in rows.items():
        columns = [c for r, c in FORMAT.decision_cells if r == row]
        values |= {(row, c): text for c, text in zip(columns, texts, strict=True)}
    return cells(values, "decisions.csv")


def reviews(**groups: Sequence[str | None]) -> dict[CellKey, Cell]:
    """Table 4 by group, four zeros unless said otherwise; a fifth value is a typed total."""
    values: dict[CellKey, str | None] = {}
    for group in FORMAT.review_groups:
        texts = groups.get(group.key, ["0"] * 4)
        pairs = zip(FORMAT.review_columns, texts, strict=False)
        values |= {(group.key, c): text for c, text in pairs}
    return cells(values, "reviews.csv")


def matrix(rows: Mapping[str, Sequence[str | None]]) -> dict[CellKey, Cell]:
    """The official matrix by row; a seventh value is a typed 总计, a missing row stays out."""
    values: dict[CellKey, str | None] = {}
    for row, texts in rows.items():
        pairs = zip(FORMAT.request_columns, texts, strict=False)
        values |= {(row, c): text for c, text in pairs}
    return cells(values, "requests_table.csv")


def zero_rows(columns: int = 7) -> dict[str, list[str | None]]:
    """A matrix of zeros, to be changed in places."""
    return {row.key: ["0"] * columns for row in FORMAT.request_rows}


def ledger(cases: Iterable[Case] = ()) -> pd.DataFrame:
    """The ledger of cases in the form of `Inputs.requests`."""
    return pd.DataFrame(list(cases), columns=["source", "applicant", "outcome", "count"])


def disclosures(rows: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """The ledger of disclosures in the form of `Inputs.disclosures`."""
    place = f"data/{CODE}/2024/disclosures.csv"
    data = [(channel, kind, parse_cell(n, Place(place))) for channel, kind, n in rows]
    return pd.DataFrame(data, columns=["渠道", "类别", "条数"], dtype=object)


def figures(**values: tuple[str, str]) -> dict[str, NamedFigure]:
    """Figures by name: number and unit."""
    return {n: NamedFigure(n, parse_cell(text), unit, "") for n, (text, unit) in values.items()}


CONTACTS = {
    "address": "示例路1号",
    "postcode": "000000",
    "phone": "0000-0000000",
    "website": "示例",
}


def make_inputs(
    *,
    year: int = 2024,
    kind: str = "department",
    agency: Mapping[str, object] | None = None,
    draft: bool = False,
    requests: pd.DataFrame | None = None,
    requests_table: Mapping[CellKey, Cell] | None = None,
    decisions_: Mapping[CellKey, Cell] | None = None,
    reviews_: Mapping[CellKey, Cell] | None = None,
    disclosures_: pd.DataFrame | None = None,
    figures_: Mapping[str, NamedFigure] | None = None,
    previous: Inputs | None = None,
) -> Inputs:
    """Inputs of an invented bureau; tables 2 and 4 are zeros unless given."""
    names = ("decisions", "disclosures", "requests", "requests_table", "reviews")
    given = {"code": CODE, "name": "示例县某局", "kind": kind, **CONTACTS, **(agency or {})}
    return Inputs(
        agency=Agency.model_validate(given),
        params=ReportParams(agency=CODE, year=year, draft=draft),
        disclosures=disclosures_,
        decisions=decisions() if decisions_ is None else decisions_,
        requests=requests,
        requests_table=requests_table,
        reviews=reviews() if reviews_ is None else reviews_,
        figures=figures_ or {},
        narrative={},
        files={f"data/{CODE}/{year}/{name}.csv": "0" * 64 for name in names},
        previous=previous,
    )


def findings(inputs: Inputs) -> tuple[Finding, ...]:
    """What the checks find."""
    return run_checks(build_statistics(inputs, FORMAT))


def found(inputs: Inputs, id_: str) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in findings(inputs) if finding.id == id_]


def one(inputs: Inputs, id_: str) -> Finding:
    """The only finding of a rule."""
    (finding,) = found(inputs, id_)
    return finding


def errors(inputs: Inputs) -> set[str]:
    """Ids of the rules that block."""
    return {finding.id for finding in findings(inputs) if finding.severity == "error"}
