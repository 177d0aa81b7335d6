"""Review the reports of a year side by side: what two bureaus share, what is out of line.

Each report by itself may be in order and yet be copied from another, or hold a number with a digit
too many. What is found here is a reason to ask, sorted by how surely it is a fault.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from statistics import median

from nianbao.errors import NianbaoError
from nianbao.files.writing import write_safely
from nianbao.finished.summary import KEY_FIGURES
from nianbao.inputs.project import list_reports
from nianbao.notebook.report import Report
from nianbao.statutory import TABLE_NUMBERS

CERTAINTIES = {3: "多半有误", 2: "应当核实", 1: "请看一看"}
"""How surely a suspicion is a fault, the surest first."""

SHORTEST = 14
"""Characters of a sentence from which two bureaus do not write it by chance."""
_LONG = 40
_MANY = 3
_FEWEST_CELLS = 4
"""Cells other than nought from which two equal tables are no chance."""
_LARGE = Decimal(100)
_FACTOR, _BASE = Decimal(5), Decimal(10)
_FEWEST_PEERS = 6
_OUT_OF_LINE = 3.5
"""Robust score of an outlier. Source: Iglewicz and Hoaglin (1993), modified z-score."""

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")
_END = re.compile(r"(?<=[。；！？\n])")
_NOT_WORDS = re.compile(r"[\d\s]|[^\w]")


@dataclass(frozen=True, slots=True)
class Body:
    """The parts of one report that the review looks at."""

    agency: str
    name: str
    kind: str
    sentences: tuple[tuple[str, str], ...]
    """Section and sentence of the bureau's own wording, without what is printed from facts."""
    tables: Mapping[str, Mapping[tuple[str, str], Decimal | int]]
    """The cells of the statutory tables that hold a number."""
    figures: Mapping[str, Decimal | int | None]
    last: Mapping[str, Decimal | int | None]
    """Key figures of this and last year; None where nothing is known."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something to ask two bureaus, or one, about; ``details`` are the places."""

    certainty: int
    kind: str
    agencies: tuple[str, ...]
    message: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountyReview:
    """The suspicions of a year, the surest first; ``unread`` could not be opened."""

    year: int
    bodies: tuple[Body, ...]
    suspicions: tuple[Suspicion, ...]
    unread: tuple[str, ...]


def _sentences(report: Report) -> Iterator[tuple[str, str]]:
    names = report.format.texts()
    for key, section in report.inputs.narrative.items():
        for sentence in _END.split(_PLACEHOLDER.sub("", section.text)):
            yield names.get(key, key), sentence.strip()


def _number(value: object) -> Decimal | int | None:
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def read_body(report: Report) -> Body:
    """Take from a report what the review compares."""
    facts = report.vocabulary
    known = {name: facts[name] for name in KEY_FIGURES if name in facts}
    tables = {
        key: {
            cell: counted.number
            for cell, counted in report.tables[key].cells.items()
            if counted.number
        }
        for key in TABLE_NUMBERS
    }
    return Body(
        report.inputs.agency.code,
        report.inputs.agency.name,
        report.inputs.agency.kind,
        tuple(_sentences(report)),
        tables,
        {name: _number(fact.value) for name, fact in known.items()},
        {n: _number(f.below["上年"].value) for n, f in known.items() if "上年" in f.below},
    )


def _bare(sentence: str, names: Iterable[str]) -> str:
    for name in names:
        sentence = sentence.replace(name, "")
    return _NOT_WORDS.sub("", sentence)


def shared_sentences(bodies: Sequence[Body]) -> Iterator[Suspicion]:
    """Find the sentences that two bureaus have in common.

    A sentence that more than half of the bureaus have was handed down to them: it is reported once.
    """
    names = [body.name for body in bodies]
    having: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for body in bodies:
        for section, sentence in body.sentences:
            if len(bare := _bare(sentence, names)) >= SHORTEST:
                having[bare].setdefault(body.agency, (section, sentence))
    common = {bare: found for bare, found in having.items() if len(found) > 1}
    handed_down = {b: f for b, f in common.items() if len(f) > max(len(bodies) / 2, 2)}
    for found in handed_down.values():
        _, sentence = next(iter(found.values()))
        yield Suspicion(1, "共用句子", tuple(found), f"{len(found)}家共用一句", (sentence,))
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for bare, found in common.items():
        if bare not in handed_down:
            for one, other in combinations(found, 2):
                pairs[one, other].append(found[one])
    for agencies, same in pairs.items():
        longest = max(len(sentence) for _, sentence in same)
        certainty = 3 if len(same) >= _MANY else 2 if longest >= _LONG else 1
        details = tuple(f"{section}：{sentence}" for section, sentence in same)
        yield Suspicion(certainty, "共用句子", agencies, f"有{len(same)}句相同", details)


def equal_tables(bodies: Sequence[Body]) -> Iterator[Suspicion]:
    """Find the bureaus whose tables, or large totals, are the same number for number."""
    for one, other in combinations(bodies, 2):
        same = [
            number
            for key, number in TABLE_NUMBERS.items()
            if len(one.tables[key]) >= _FEWEST_CELLS and one.tables[key] == other.tables[key]
        ]
        if same:
            message = f"{'、'.join(same)}逐格相同"
            yield Suspicion(3, "数字相同", (one.agency, other.agency), message)
            continue
        for name, title in KEY_FIGURES.items():
            value = one.figures.get(name)
            if value is not None and value >= _LARGE and value == other.figures.get(name):
                message = f"{title}同为{value}"
                yield Suspicion(1, "数字相同", (one.agency, other.agency), message)


def changed_figures(bodies: Sequence[Body]) -> Iterator[Suspicion]:
    """Find the figures that are five times last year's, or a fifth of them."""
    for body in bodies:
        for name, value in body.figures.items():
            last = body.last.get(name)
            if value is None or last is None or max(value, last) < _BASE:
                continue
            if value * _FACTOR <= last or last * _FACTOR <= value:
                message = f"{KEY_FIGURES[name]}{value}，上年{last}"
                yield Suspicion(2, "与上年悬殊", (body.agency,), message)


def unlike_peers(bodies: Sequence[Body]) -> Iterator[Suspicion]:
    """Find the figures far from those of like bureaus, by orders of magnitude.

    Of fewer than six bureaus of a kind nobody can say what is usual.
    """
    by_kind: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        by_kind[body.kind].append(body)
    for alike in by_kind.values():
        for name in KEY_FIGURES:
            values = [(b, v) for b in alike if (v := b.figures.get(name)) is not None]
            if len(values) < _FEWEST_PEERS:
                continue
            sizes = [math.log10(float(value) + 1) for _, value in values]
            middle = median(sizes)
            spread = median(abs(size - middle) for size in sizes)
            usual = median(float(value) for _, value in values)
            for (body, value), size in zip(values, sizes, strict=True):
                if spread and abs(size - middle) * 0.6745 / spread > _OUT_OF_LINE:
                    message = f"{KEY_FIGURES[name]}{value}，同类{len(values)}家的中位数是{usual:g}"
                    yield Suspicion(1, "与同类悬殊", (body.agency,), message)


def review_bodies(bodies: Sequence[Body]) -> tuple[Suspicion, ...]:
    """Compare all bureaus of a year; the surest suspicions come first.

    What is out of line both with last year and with like bureaus is one step surer.
    """
    found = [
        *shared_sentences(bodies),
        *equal_tables(bodies),
        *changed_figures(bodies),
        *unlike_peers(bodies),
    ]
    changed = {(s.agencies, s.message.split("，")[0]) for s in found if s.kind == "与上年悬殊"}
    surer = [
        Suspicion(2, s.kind, s.agencies, s.message, s.details)
        if s.kind == "与同类悬殊" and (s.agencies, s.message.split("，")[0]) in changed
        else s
        for s in found
    ]
    return tuple(sorted(surer, key=lambda s: (-s.certainty, s.kind, s.agencies)))


def review_county(root: Path, year: int) -> CountyReview:
    """Review all reports of a year; governments that sum others are left out."""
    bodies, unread = [], []
    for agency in (a for a, of in list_reports(root) if of == year):
        try:
            report = Report.open(agency, year, root=root)
            if not report.inputs.children:
                bodies.append(read_body(report))
        except NianbaoError:
            unread.append(agency)
    return CountyReview(year, tuple(bodies), review_bodies(bodies), tuple(unread))


def write_county_review(review: CountyReview, root: Path) -> Path:
    """Write output/<year>/review.html; return its path."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("nianbao.batch"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = root / "output" / str(review.year) / "review.html"
    text = environment.get_template("review.html.j2").render(
        review=review,
        certainties=CERTAINTIES,
        names={body.agency: body.name for body in review.bodies},
    )
    write_safely(page, text)
    return page
