"""One report as the desk's pages show it: frozen values that can go between processes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path, PurePosixPath

from nianbao.desk.picker import FactView, fact_view
from nianbao.desk.profile import Contact, missing_titles, read_contact
from nianbao.desk.wording import by_heading, for_clerks, headings_of, tell_both
from nianbao.desk.writing import own_texts
from nianbao.errors import NianbaoError, Place, Problem
from nianbao.finished.summary import KEY_FIGURES
from nianbao.inputs.folder import open_folder
from nianbao.inputs.ledgers import table_rows
from nianbao.inputs.matrices import decision_columns
from nianbao.inputs.project import (
    EDITED_NUMBERS,
    IMAGE_SUFFIXES,
    INPUT_FILES,
    INPUT_TABLES,
    NARRATIVE,
    NOTES,
    WORKBOOK_SHEETS,
    data_folder,
    is_writable,
    may_be_workbook,
)
from nianbao.notebook.master import read_master
from nianbao.notebook.readable import check_as_read
from nianbao.notebook.report import Report
from nianbao.prose.facts import Fact, Vocabulary, find
from nianbao.prose.facts_list import by_subject
from nianbao.prose.review.notices import Checklist
from nianbao.prose.template import Placeholder, parse_template
from nianbao.statistics.checks import can_be_acknowledged
from nianbao.statistics.checks.running import group_findings
from nianbao.statistics.model import Finding, Severity
from nianbao.statutory import TABLE_NUMBERS, Format, format_for

OTHER_FINDINGS = "其他"
PROSE = "正文"
_TABLE = re.compile(r"表[二三四]")
_RELATION = re.compile(r"[=＝≤≥<>]")
_WHOLE = "全表"


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as a clerk acts on it: where, what, and whether a reason lets it stand.

    ``formula``, ``left`` and ``right`` are the identity that is broken and its two sides.
    ``group`` is the number of the first of those that say the same of several places, and
    ``together`` what they say.
    """

    number: int
    id: str
    severity: Severity
    message: str
    sheet: str
    cells: tuple[str, ...]
    places: tuple[str, ...]
    formula: str
    left: str
    right: str
    key: str
    open_to_reason: bool
    reason: str
    section: str
    sentence: str
    group: int
    together: str

    @property
    def is_whole(self) -> bool:
        """True if it is about every cell of a table."""
        return len(self.cells) == 1 and self.cells[0].endswith(_WHOLE)

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        """The two sides of the broken identity by their terms, each with what it comes to."""
        terms = _RELATION.split(self.formula)
        left, right = terms if len(terms) == 2 else ("等号前面", "等号后面")
        return (left, self.left), (right, self.right)


@dataclass(frozen=True, slots=True)
class SectionPiece:
    """A stretch of a text: words, or a placeholder with what it prints.

    ``name`` is empty for words; ``known`` is False for a name that nothing answers to.
    """

    text: str
    name: str = ""
    shown: str = ""
    source: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of the prose: its text with placeholders, and last year's beside it."""

    key: str
    heading: str
    text: str
    is_own: bool
    pieces: tuple[SectionPiece, ...]
    previous: str

    @property
    def is_wanted(self) -> bool:
        """True if a report has words here: the bureau's own, or the common ones."""
        return self.is_own or bool(self.text.strip())

    def with_text(self, text: str, facts: Mapping[str, FactView]) -> SectionView:
        """Return the section with the text that stands now, its numbers as they were read last."""
        if text == self.text:
            return self
        pieces = tuple(
            replace(piece, shown=_shown(fact), source=fact.source)
            if (fact := facts.get(piece.name)) else piece
            for piece in cut_text(text, {})
        )  # fmt: skip
        return replace(self, text=text, is_own=True, pieces=pieces)


def section_at(sections: Iterable[SectionView], key: str) -> SectionView | None:
    """Return the section of a key; for a part of the report, its first section."""
    known = tuple(sections)
    exact = next((s for s in known if s.key == key), None)
    return exact or next((s for s in known if key and s.key.startswith(f"{key}.")), None)


@dataclass(frozen=True, slots=True)
class Digest:
    """A report as its files stand."""

    agency: str
    year: int
    contact: Contact
    files: tuple[str, ...] = ()
    """Names of what was handed in."""
    is_blank: bool = False
    """The year was begun and no number was filled in: every cell of table 2 wants one, if only 0.
    """
    problems: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    """Why the files cannot be read or filled in, as the bureau's clerk reads it, and without the
    free words of a request ledger; there are findings only of what can be read then.
    """
    findings: tuple[FindingView, ...] = ()
    sections: tuple[SectionView, ...] = ()
    facts: tuple[FactView, ...] = ()
    figures: Mapping[str, int | Decimal | str | None] | None = None
    """Key figures by their heads; None where a number was not handed in."""
    checklist: Checklist | None = None
    """What the notice of the higher office asks, held against the text; None without a notice."""
    units: int = 0
    """How many units' numbers are summed in it."""
    missing: tuple[str, ...] = ()
    """What the workbook as it was begun does not say yet of the bureau."""
    has_ledger: bool = False
    """Requests are registered one by one, so that no sums can be asked for instead."""
    has_previous: bool = False
    """Something was handed in for the year before."""
    has_faulty_cells: bool = False
    """Some of the problems stand at a cell of a workbook."""

    @property
    def is_markable(self) -> bool:
        """True if cells of the workbook want to be looked at; files as they are called here."""
        places = (
            place
            for finding in self.findings if finding.severity in {"error", "warning"}
            for place in finding.places
        )  # fmt: skip
        return bool(self.workbook) and (
            self.has_faulty_cells or any(place.startswith(self.workbook) for place in places)
        )

    @property
    def workbook(self) -> str:
        """The workbook among the files, if its cells can be marked; else empty."""
        marked = (f for f in self.files if may_be_workbook(f) and is_writable(f))
        return next(marked, "")

    def count(self, severity: Severity) -> int:
        """Return how many findings there are of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def errors(self) -> int:
        """The findings to be put right before a report is made."""
        return len(self.problems) + self.count("error")

    def for_others(self) -> Digest:
        """Return the digest as others than the bureau's own clerk read it."""
        return replace(self, problems=self.guarded)

    def called(self, names: Mapping[str, str]) -> Digest:
        """Return the digest with files called in its messages as who handed them in called them."""

        def said(text: str) -> str:
            for file, name in names.items():
                text = text.replace(file, name)
            return text

        findings = (
            replace(
                f, places=tuple(map(said, f.places)), message=said(f.message),
                together=said(f.together),
            )
            for f in self.findings
        )  # fmt: skip
        return replace(
            self, problems=tuple(map(said, self.problems)), findings=tuple(findings),
            guarded=tuple(map(said, self.guarded)),
        )  # fmt: skip

    def of_section(self, section: SectionView) -> tuple[FindingView, ...]:
        """Return the findings of a section; those of a whole part are each of its sections'."""
        keys = {each.key for each in self.sections}
        return tuple(
            f for f in self.findings
            if f.section == section.key
            or (f.section and f.section not in keys and section.key.startswith(f"{f.section}."))
        )  # fmt: skip

    def by_sheet(self) -> dict[str, tuple[tuple[FindingView, ...], ...]]:
        """Return the findings under the sheets of the workbook, in its order.

        Those of one sheet that say the same of several places stand together.
        """
        groups: dict[tuple[str, int], list[FindingView]] = {}
        for f in self.findings:
            of_one = all(each.sheet == f.sheet for each in self.findings if each.group == f.group)
            groups.setdefault((f.sheet, f.group if of_one else f.number), []).append(f)
        ordered = sorted({sheet for sheet, _ in groups}, key=lambda sheet: (_rank(sheet), sheet))
        return {s: tuple(tuple(g) for (of, _), g in groups.items() if of == s) for s in ordered}


_SHEETS = ("基本信息", "主动公开", "表二", "表三", "表四", "其他数据", PROSE, OTHER_FINDINGS)


def _rank(sheet: str) -> int:
    return _SHEETS.index(sheet) if sheet in _SHEETS else len(_SHEETS)


def handed_in(root: Path, agency: str, year: int) -> tuple[str, ...]:
    """Return the names of the files of a report's data folder that something is read from."""
    folder = root / data_folder(agency, year)
    if not folder.is_dir():
        return ()
    return tuple(sorted(
        path.name for path in folder.iterdir()
        if path.is_file() and path.name not in NOTES and path.stem.lower() != EDITED_NUMBERS
        and _is_read(path)
    ))  # fmt: skip


def _is_read(path: Path) -> bool:
    name = path.name
    known = name.lower() in INPUT_FILES or path.suffix.lower() in IMAGE_SUFFIXES
    return known or may_be_workbook(name)


def read_report(root: Path, agency: str, year: int) -> Digest:
    """Read a report for the desk; what is wrong with its files is reported, not raised."""
    contact, files = read_contact(root, agency, year), handed_in(root, agency, year)
    has_previous = bool(handed_in(root, agency, year - 1))
    checked = check_as_read(root, agency, year)
    report, problems = checked.report, checked.problems
    if report is None or not checked.is_read:
        begun = (root / data_folder(agency, year)).is_dir()
        problems = problems if begun else ()  # else nobody handed in anything yet
        is_blank, missing = not files, _not_yet_said(root, agency, year, problems)
        if missing:  # of a workbook that was begun and not filled in, nothing is wrong
            is_blank, problems = True, ()
        return Digest(
            agency, year, contact, files, is_blank, *tell_both(problems, agency, year),
            findings=tuple(_findings(checked.findings, report)) if report and problems else (),
            sections=_bare(root, agency, year), missing=missing, has_previous=has_previous,
            has_faulty_cells=any(p.place and p.place.sheet and p.place.row for p in problems),
        )  # fmt: skip
    facts, decisions = report.vocabulary, report.tables["decisions"]
    is_blank = bool(decisions.frame.isna().all(axis=None))
    return Digest(
        agency, year, contact, files, is_blank, *tell_both(problems, agency, year),
        findings=tuple(_findings(checked.findings, report)),
        sections=tuple(_sections(report)),
        facts=tuple(_facts(report)),
        figures={name: _figure(facts, name, is_blank=is_blank) for name in KEY_FIGURES},
        checklist=checked.checklist,
        units=len(decisions.units),
        has_ledger=report.inputs.requests is not None and len(report.inputs.requests) > 0,
        has_previous=has_previous,
    )  # fmt: skip


def _figure(facts: Vocabulary, name: str, *, is_blank: bool) -> int | Decimal | str | None:
    """Return a key figure; an empty ledger counts no zero before anything is filled in."""
    value = facts[name].value if name in facts else None
    return None if is_blank and value == 0 else value


def _not_yet_said(
    root: Path, agency: str, year: int, problems: tuple[Problem, ...]
) -> tuple[str, ...]:
    """Return what a workbook that nobody has filled in yet does not say of its bureau.

    Empty where anything else is wrong with it, or where it holds a number.
    """
    try:
        missing = missing_titles(root, agency, year)
        if {p.message for p in problems} != {f"缺少“{title}”" for title in missing}:
            return ()
        format_, grid = format_for(year), open_folder(root, agency, year).grids["decisions"]
        rows = table_rows("decisions", grid, format_).rows
    except (KeyError, NianbaoError):
        return ()
    heads = decision_columns(format_)
    return () if any(row.get(head) for row in rows for head in heads) else missing


def _findings(found: Sequence[Finding], report: Report) -> Iterator[FindingView]:
    """Yield findings as clerks act on them, each with the group that it is of."""
    folder = f"{data_folder(report.inputs.agency.code, report.inputs.params.year)}/"
    total = report.format.total
    sizes = {
        number: sum(
            row != "total" and column != total for row, column in report.tables[table].cells
        )
        for table, number in TABLE_NUMBERS.items()
    }
    numbers = {id(finding): number for number, finding in enumerate(found)}
    groups = {id(f): group for group in group_findings(found) for f in group.findings}
    for number, finding in enumerate(found):
        group = groups[id(finding)]
        first, several = numbers[id(group.first)], len(group.findings) > 1
        view = _finding(number, finding, report.format, folder, sizes)
        together = for_clerks(group.message.replace(folder, "")) if several else view.message
        yield replace(view, group=first, together=together)


def _finding(
    number: int, finding: Finding, format_: Format, folder: str, sizes: Mapping[str, int]
) -> FindingView:
    # A clerk knows the file by its name; where it lies is the desk's business.
    passage = finding.passage
    edited = _edited_text(finding, format_)
    section = passage.section if passage else edited
    table = next((m[0] for cell in finding.cells if (m := _TABLE.match(cell))), "")
    # Which edits changed a number is our own note of it, not a place where somebody typed.
    places = [place for place in finding.places if not _is_note(place)]
    typed = next((sheet for p in places if (sheet := p.sheet or _own_file(p))), None)
    message = passage.remark if passage else finding.message
    of_table = sum(cell.startswith(table) for cell in finding.cells) if table else 0
    is_whole = of_table == len(finding.cells) and of_table >= sizes.get(table, 1)
    return FindingView(
        number,
        finding.id,
        finding.severity,
        by_heading(for_clerks(message.replace(folder, "")), headings_of(format_)),
        PROSE if passage or edited else table or _title(typed) or _sheet(finding.message),
        () if edited else (f"{table}{_WHOLE}",) if table and is_whole else finding.cells,
        tuple(str(place).replace(folder, "") for place in places),
        finding.formula,
        finding.left or "",
        finding.right or "",
        finding.key,
        can_be_acknowledged(finding),
        finding.reason,
        section,
        passage.sentence if passage else "",
        number,
        message,
    )


def _is_note(place: Place) -> bool:
    return PurePosixPath(place.file).stem == EDITED_NUMBERS


def _edited_text(finding: Finding, format_: Format) -> str:
    """Return the section in whose text an edit changed the number; empty of other findings."""
    if not any(map(_is_note, finding.places)):
        return ""
    cell = next(iter(finding.cells), "")
    return next(
        (
            key for key, heading in format_.texts().items()
            if cell == key or cell.startswith(f"“{heading}”中")
        ),
        "",
    )  # fmt: skip


def _title(sheet: str | None) -> str | None:
    """Return a sheet by its Chinese name, if it is called by the key of its table."""
    if sheet is None or sheet not in INPUT_TABLES:
        return sheet
    return TABLE_NUMBERS.get(sheet) or INPUT_TABLES[sheet].title


def _own_file(place: Place) -> str | None:
    """Return the table of which a place's file is the own one."""
    stem = PurePosixPath(place.file).stem.lower()
    return stem if stem in INPUT_TABLES else None


def _sheet(message: str) -> str:
    """Return the sheet that a message about no cell of a table names."""
    titles = [table.title for table in (*INPUT_TABLES.values(), *WORKBOOK_SHEETS.values())]
    return next((title for title in titles if f"“{title}”" in message), OTHER_FINDINGS)


def _sections(report: Report) -> Iterator[SectionView]:
    headings = headings_of(report.format)
    own = report.inputs.narrative
    previous = report.inputs.previous.narrative if report.inputs.previous else {}
    for key, default in read_master(report.root).sections.items():
        text = own[key].text if key in own else default
        last = previous[key].text if key in previous else ""
        pieces = cut_text(text, report.vocabulary)
        yield SectionView(key, headings.get(key, key), text, key in own, pieces, last)


def cut_text(text: str, facts: Vocabulary) -> tuple[SectionPiece, ...]:
    """Return a text as words and placeholders; what is no placeholder stays words."""
    try:
        parts = parse_template(text, Place(NARRATIVE)).parts
    except NianbaoError:
        return (SectionPiece(text),)
    return tuple(_piece(part, facts) for part in parts)


def _piece(part: str | Placeholder, facts: Vocabulary) -> SectionPiece:
    if isinstance(part, str):
        return SectionPiece(part)
    fact = find(facts, part.path)
    if fact is None:
        return SectionPiece(part.source, part.name, part.name, known=not facts)
    return SectionPiece(part.source, part.name, _shown(fact), fact.source)


def _shown(fact: Fact | FactView) -> str:
    """Return what a placeholder prints; of one that prints nothing, its name and that it is so."""
    return fact.text or f"{fact.name}（本年无，不印）"


def _facts(report: Report) -> Iterator[FactView]:
    for subject, facts in by_subject(report.vocabulary, report.inputs.figures):
        yield from (fact_view(fact, subject, report.vocabulary) for fact in facts)


def _bare(root: Path, agency: str, year: int) -> tuple[SectionView, ...]:
    """Return the sections of a report whose tables cannot be read: texts alone, to write on."""
    try:
        own = own_texts(root, agency, year)
        master, headings = read_master(root), headings_of(format_for(year))
    except NianbaoError:
        return ()
    return tuple(
        SectionView(
            key, headings.get(key, key), own[key].text if key in own else text, key in own,
            cut_text(own[key].text if key in own else text, {}), "",
        )
        for key, text in master.sections.items()
    )  # fmt: skip
