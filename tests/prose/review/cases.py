"""Cases of tests/data/narratives: figures and words to a context, a text and what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from nianbao.libyaml import parse_yaml
from nianbao.prose.review import ReviewContext, review_sections
from nianbao.statistics.model import Finding, Table
from nianbao.statutory import Format, load_format

FOLDER = Path(__file__).resolve().parents[2] / "data" / "narratives"

Bound = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True)
class Case:
    """One text with its context and the findings it must give."""

    file: str
    name: str
    sections: Mapping[str, str]
    context: ReviewContext
    bound: Bound
    expect: tuple[str, ...]

    def findings(self) -> tuple[Finding, ...]:
        """What the checks say."""
        return review_sections(self.sections, self.context, self.bound)


def _row(value: object, format_: Format) -> list[Any]:
    if isinstance(value, Sequence):
        return list(value)
    zeros = [0] * (len(format_.request_columns) - 2)
    return [value, *zeros, value] if value is not None else [None] * len(format_.request_columns)


def requests_table(rows: Mapping[str, object], format_: Format) -> Table:
    """Table 3 from some of its rows; the others are 0 and 总计 of block 三 is their sum."""
    values = {r.key: _row(rows.get(r.key, 0), format_) for r in format_.request_rows}
    if "total" not in rows:
        outcomes = [values[r.key] for r in format_.outcome_rows]
        values["total"] = [sum(column) for column in zip(*outcomes, strict=True)]
    frame = pd.DataFrame.from_dict(
        values, orient="index", columns=list(format_.request_columns), dtype=object
    )
    return Table("requests", "", "件", "", frame)


def reviews_table(groups: Mapping[str, Sequence[int]], format_: Format) -> Table:
    """Table 4 from the four results of each group."""
    rows = {g.key: list(groups.get(g.key, (0, 0, 0, 0))) for g in format_.review_groups}
    for values in rows.values():
        if len(values) < len(format_.review_columns):
            values.append(sum(values))
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=list(format_.review_columns), dtype=object
    )
    return Table("reviews", "", "件", "", frame)


def decisions_table(rows: Mapping[str, Sequence[object]], format_: Format) -> Table:
    """Table 2 from the numbers of some rows; the others are 0."""
    values: dict[str, dict[str, object]] = {}
    for row, column in format_.decision_cells:
        own = values.setdefault(row, {})
        given = rows.get(row)
        value = given[len(own)] if given is not None else 0
        own[column] = Decimal(str(value)) if column in format_.money_columns else value
    frame = pd.DataFrame.from_dict(values, orient="index", dtype=object)
    return Table("decisions", "", "件", "", frame)


def channels_table(counts: Mapping[str, int]) -> Table:
    """The disclosures by channel."""
    frame = pd.DataFrame(list(counts.items()), columns=["渠道", "条数"], dtype=object)
    return Table("disclosures_by_channel", "", "条", "", frame)


def categories_table(counts: Mapping[str, int]) -> Table:
    """The disclosures by category."""
    frame = pd.DataFrame(list(counts.items()), columns=["类别", "条数"], dtype=object)
    return Table("disclosures_by_category", "", "条", "", frame)


def make_tables(given: Mapping[str, Any], format_: Format) -> dict[str, Table]:
    """The tables that a case names."""
    makers = {
        "requests": lambda v: requests_table(v, format_),
        "reviews": lambda v: reviews_table(v, format_),
        "decisions": lambda v: decisions_table(v, format_),
        "channels": channels_table,
        "categories": categories_table,
    }
    tables = [make(given[key]) for key, make in makers.items() if key in given]
    return {table.key: table for table in tables}


def _bound(sections: Mapping[str, str], words: Sequence[str]) -> Bound:
    found: Bound = {}
    for key, text in sections.items():
        found[key] = [(text.index(w), text.index(w) + len(w)) for w in words if w in text]
    return found


def make_case(file: str, given: Mapping[str, Any]) -> Case:
    """One entry of a file as a case."""
    format_ = load_format()
    sections = given.get("sections") or {given.get("section", "overview"): given["text"]}
    figures = {k: Decimal(str(v)) for k, v in given.get("figures", {}).items()}
    context = ReviewContext(
        format_,
        given.get("agency", "示例县水利局"),
        given.get("year", 2024),
        kind=given.get("kind", "department"),
        aliases=tuple(given.get("aliases", ())),
        parent=given.get("parent"),
        other_agencies=tuple(given.get("others", ())),
        tables=make_tables(given, format_),
        previous_tables=make_tables(given.get("previous", {}), format_),
        figures=figures,
    )
    bound = _bound(sections, given.get("bound", ()))
    name = given.get("name", given.get("text", ""))
    return Case(file, name, sections, context, bound, tuple(given["expect"]))


def read_cases(file: str = "*") -> Iterator[Case]:
    """The cases of a file by its name, or of all."""
    for path in sorted(FOLDER.glob(f"{file}.yaml")):
        for given in parse_yaml(path.read_text("utf-8")):
            yield from (make_case(path.stem, case) for case in _halves(given))


PAIR = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")


def _halves(given: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The right text and the wrong one of a pair, or the one case that it is."""
    text = given.get("text", "")
    if not PAIR.search(text):
        yield given
        return
    yield {**given, "text": PAIR.sub(r"\1", text), "expect": given.get("right", [])}
    yield {**given, "text": PAIR.sub(r"\2", text)}


def reported(finding: Finding) -> str:
    """A finding in the words of a case's ``expect``."""
    words = ""
    if finding.passage and finding.passage.spans:
        start, end = finding.passage.spans[0]
        words = f" {finding.passage.sentence[start:end]}"
    return f"{finding.id} {finding.severity}{words}"
