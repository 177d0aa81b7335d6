"""Read a statutory format file into frozen values.

Source: 国办公开办函〔2021〕30号; the form of the data is explained in format_2021.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any

from nianbao.libyaml import read_shipped

TABLE_NUMBERS = {"decisions": "表二", "requests": "表三", "reviews": "表四"}
"""The statutory tables in the order of the report, and their numbers."""

FORMAT_FILES = resources.files(__package__)
"""The folder of the format files."""
_FILE = re.compile(r"format_(\w+)\.yaml")
_YEAR = re.compile(r"(\d{4})年")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the report: its id, exact wording, statutory table and sub-headings."""

    key: str
    heading: str
    table: str | None = None
    aspects: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionBlock:
    """One block of table 2: an item of article 20 with its columns and rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A row of table 3."""

    key: str
    """English key, as in report.json (`new`, `deny_1` …)."""
    label: str
    """Exact official label, numbered (`1.属于国家秘密`)."""
    part: str | None = None
    """The label of block 三 for its rows, else None."""
    group: str | None = None
    """The label of （三） to （六） for their rows, else None."""

    @property
    def path(self) -> str:
        """The unambiguous full label, e.g. ``三、（三）不予公开/1.属于国家秘密``."""
        number = self.part.split("、")[0] + "、" if self.part else ""
        return f"{number}{self.group}/{self.label}" if self.group else f"{number}{self.label}"


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """Five columns of table 4: its key and the head it stands under."""

    key: str
    head: str


@dataclass(frozen=True, eq=False)
class Format:
    """A version of the statutory format. Every label is exact.

    There is one object of each version, by which what is derived from it can be kept.

    ``decision_names`` and ``review_names`` give the labels that the code asks for by key.
    """

    version: str
    since: int
    title: str
    notice_title: str
    notice_number: str
    regulation_title: str
    regulation_number: str
    sections: tuple[Section, ...]
    decision_item: str
    decision_blocks: tuple[DecisionBlock, ...]
    decision_names: Mapping[str, str]
    decision_aliases: Mapping[str, str]
    money_columns: frozenset[str]
    request_corner: str
    request_heads: tuple[str, str]
    person: str
    organisations: tuple[str, ...]
    total: str
    request_rows: tuple[RequestRow, ...]
    request_aliases: Mapping[str, str]
    group_as_row: Mapping[str, str]
    review_groups: tuple[ReviewGroup, ...]
    review_columns: tuple[str, ...]
    review_names: Mapping[str, str]
    superseded: Mapping[str, tuple[str, ...]]

    @property
    def applicants(self) -> tuple[str, ...]:
        """The six applicant columns of table 3, without 总计."""
        return (self.person, *self.organisations)

    @property
    def request_columns(self) -> tuple[str, ...]:
        """The seven data columns of table 3."""
        return (*self.applicants, self.total)

    @property
    def outcome_rows(self) -> tuple[RequestRow, ...]:
        """The detail rows of block 三, each one outcome; they add up to （七）总计."""
        return tuple(r for r in self.request_rows if r.part and r.key != "total")

    @property
    def decision_cells(self) -> tuple[tuple[str, str], ...]:
        """The (row, column) pairs of table 2 that hold a value."""
        return tuple((r, c) for b in self.decision_blocks for r in b.rows for c in b.columns)

    @property
    def decided_rows(self) -> tuple[str, ...]:
        """The rows of table 2 that count decisions.

        Examples
        --------
        >>> load_format().decided_rows
        ('行政许可', '行政处罚', '行政强制')
        """
        decided = self.decision_names["decided"]
        return tuple(row for row, column in self.decision_cells if column == decided)

    @property
    def cell_count(self) -> int:
        """The number of values in the three tables.

        Examples
        --------
        >>> load_format().cell_count
        200
        """
        requests = len(self.request_rows) * len(self.request_columns)
        reviews = len(self.review_groups) * len(self.review_columns)
        return len(self.decision_cells) + requests + reviews

    @property
    def labels(self) -> dict[str, str]:
        """Labels that the code asks for by key, to find the same cell in another format."""
        own = {"person": self.person, "total": self.total}
        return {**own, **self.decision_names, **self.review_names}

    @cached_property
    def wording(self) -> str:
        """Every heading, label and title of the form, one under another.

        Examples
        --------
        >>> "申请数量" in load_format().wording, "司法局" in load_format().wording
        (True, False)
        """
        return "\n".join(_texts_in([getattr(self, each.name) for each in fields(self)]))

    def request_row(self, key: str) -> RequestRow:
        """Return the row of table 3 with this key."""
        return next(row for row in self.request_rows if row.key == key)

    def section(self, key: str) -> Section:
        """Return the section or aspect with this id."""
        return next(s for s in self.headings() if s.key == key)

    def texts(self) -> dict[str, str]:
        """Return the ids of all texts of a report in its order, each with its Chinese name.

        Beside the sections these are the preface, the notes below the three tables and the list
        of attachments.

        Examples
        --------
        >>> load_format().texts()["decisions.notes"]
        '二、主动公开政府信息情况（表下附注）'
        """
        named = {"preface": "前言"}
        for section in self.headings():
            named[section.key] = section.heading
            if section.table:
                named[notes_of(section.key)] = f"{section.heading}（表下附注）"
        return {**named, ATTACHMENTS: "附件说明"}

    def headings(self) -> Iterator[Section]:
        """Yield the sections and their aspects in the order of the report."""
        for section in self.sections:
            yield section
            yield from section.aspects


def _texts_in(value: object) -> Iterator[str]:
    """Yield the texts in nested values of the format."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts_in([*value, *value.values()])
    elif isinstance(value, list | tuple | frozenset):
        for each in value:
            yield from _texts_in(each)
    elif is_dataclass(value):
        yield from _texts_in([getattr(value, each.name) for each in fields(value)])


def row_name(table: str, row: str, format_: Format) -> str:
    """Return the full official label of a row.

    In table 3 the group goes before it, so that it is unambiguous.
    """
    return format_.request_row(row).path if table == "requests" else row


def cell_name(table: str, row: str, column: str, format_: Format) -> str:
    """Return what a cell is called in a sentence: one name everywhere.

    Examples
    --------
    >>> cell_name("requests", "new", "自然人", load_format())
    '表三“一、本年新收政府信息公开申请数量”×“自然人”'
    """
    return f"{TABLE_NUMBERS[table]}“{row_name(table, row, format_)}”×“{column}”"


ATTACHMENTS = "attachments"
"""The id of the list of attachments below the text."""


def notes_of(section: str) -> str:
    """Return the id of the notes below the table of a section.

    Examples
    --------
    >>> notes_of("reviews")
    'reviews.notes'
    """
    return f"{section}.notes"


def _section(data: Mapping[str, Any]) -> Section:
    aspects = tuple(_section(a) for a in data.get("aspects", ()))
    return Section(data["key"], data["heading"], data.get("table"), aspects)


def _request_rows(
    rows: Iterable[Mapping[str, Any]], part: str | None = None, group: str | None = None
) -> Iterator[RequestRow]:
    for row in rows:
        if "rows" in row:
            yield from _request_rows(row["rows"], row.get("part", part), row.get("group"))
        else:
            yield RequestRow(row["key"], row["label"], part, group)


def parse_format(data: Mapping[str, Any]) -> Format:
    """Build a format from the contents of a format file."""
    requests, decisions, reviews = data["requests"], data["decisions"], data["reviews"]
    blocks = (
        DecisionBlock(b["title"], tuple(b["columns"]), tuple(b["rows"]))
        for b in decisions["blocks"]
    )
    return Format(
        version=data["version"],
        since=data["since"],
        title=data["title"],
        notice_title=data["notice"]["title"],
        notice_number=data["notice"]["number"],
        regulation_title=data["regulation"]["title"],
        regulation_number=data["regulation"]["number"],
        sections=tuple(_section(s) for s in data["sections"]),
        decision_item=decisions["item"],
        decision_blocks=tuple(blocks),
        decision_names=MappingProxyType(dict(decisions["names"])),
        decision_aliases=MappingProxyType(dict(decisions["aliases"])),
        money_columns=frozenset(decisions["money"]),
        request_corner=requests["corner"],
        request_heads=(requests["applicants_head"], requests["organisations_head"]),
        person=requests["person"],
        organisations=tuple(requests["organisations"]),
        total=requests["total"],
        request_rows=tuple(_request_rows(requests["rows"])),
        request_aliases=MappingProxyType(dict(requests["aliases"])),
        group_as_row=MappingProxyType(dict(requests["group_as_row"])),
        review_groups=tuple(ReviewGroup(g["key"], g["head"]) for g in reviews["groups"]),
        review_columns=tuple(reviews["columns"]),
        review_names=MappingProxyType(dict(reviews["names"])),
        superseded=MappingProxyType({k: tuple(v) for k, v in data["superseded"].items()}),
    )


@cache
def load_format(version: str = "2021") -> Format:
    """Return the format of that version, as shipped with the package.

    Examples
    --------
    >>> len(load_format().request_rows)
    25
    """
    return parse_format(read_shipped(FORMAT_FILES / f"format_{version}.yaml"))


@cache
def all_formats() -> tuple[Format, ...]:
    """Return every format of the package, the oldest first."""
    names = (match for file in FORMAT_FILES.iterdir() if (match := _FILE.fullmatch(file.name)))
    return tuple(sorted((load_format(m[1]) for m in names), key=lambda format_: format_.since))


def format_for(year: int) -> Format:
    """Return the format that holds for the reports of a year; before the oldest, the oldest.

    Examples
    --------
    >>> format_for(2024).version, format_for(2019).version
    ('2021', '2021')
    """
    oldest, *later = all_formats()
    return next((f for f in reversed(later) if f.since <= year), oldest)


def format_of_title(title: str) -> Format:
    """Return the format of a report with that title, by the year in it.

    Without a year it is the newest.

    Examples
    --------
    >>> format_of_title("示例县水利局2024年政府信息公开工作年度报告").version
    '2021'
    """
    years = _YEAR.findall(title)
    return format_for(int(years[-1])) if years else all_formats()[-1]
