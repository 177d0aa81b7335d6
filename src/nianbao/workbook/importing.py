"""Import a published report: nothing that is there is written over, all of it or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import InputError, Place, Problem, UsageError
from nianbao.files.sources import read_source
from nianbao.files.words import normalise_word
from nianbao.files.writing import write_safely
from nianbao.inputs.bundle import SectionText
from nianbao.inputs.children import SUMMING
from nianbao.inputs.load import load_inputs
from nianbao.inputs.params import read_agency
from nianbao.inputs.project import (
    CODE_RULE,
    FIRST_YEAR,
    INPUT_TABLES,
    LAST_YEAR,
    NARRATIVE,
    TABLE_SUFFIXES,
    WORKBOOK,
    agency_file,
    data_folder,
    is_agency_code,
    params_file,
)
from nianbao.inputs.published.card import kind_of_agency
from nianbao.inputs.published.report import Published, read_published
from nianbao.inputs.published.writing import agency_yaml, data_files, params_yaml
from nianbao.notebook.fill import left_out
from nianbao.statistics.checks import build_statistics, run_checks
from nianbao.statistics.model import Finding
from nianbao.statistics.rollup import SCOPE, WHOLE_AREA
from nianbao.statutory import TABLE_NUMBERS, Format, format_for
from nianbao.workbook.import_hints import disclosed_totals, misplaced, other_contact

_NOT_OF_THE_REPORT = frozenset({"V3", "V4", "S8", "Y0", "Y12"})
"""What the import itself tells (blanks), or what is not of the figures (contacts, last year)."""


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Parameters
    ----------
    report
        What was understood.
    files
        Project-relative paths of the files that were written.
    kept
        Those that were there already and stayed as they were.
    findings
        What the published numbers violate.
    missing
        What the report should have and was not found.
    left
        Numbers of the prose that belong into a ledger.
    odd
        What does not fit the other agencies of the project.
    """

    report: Published
    files: tuple[str, ...]
    kept: tuple[str, ...]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    left: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The report of the import, line by line."""
        card, cells = self.report.card, self.report.cells
        counts = {t: sum(key[0] == t for key in cells) for t in TABLE_NUMBERS}
        tables = "、".join(f"{TABLE_NUMBERS[t]}{n}格" for t, n in counts.items() if n)
        yield f"认出：“{card.title or '（没有标题）'}”；{tables or '没有表格'}；" + (
            f"正文{len(self.report.prose.sections)}节（{'、'.join(self.report.prose.sections)}）"
        )
        remarks = self.report.remarks
        told = (
            ("按0计", remarks.zeros),
            ("推定", remarks.assumed),
            ("未导入", [*remarks.dropped, *self.left]),
            ("没认出", [*self.missing, *remarks.missing]),
            ("不符", [f"〔{f.id}〕{f.message}" for f in self.findings]),
            ("请核对", self.odd),
            ("未动", self.kept),
            ("写入", self.files),
        )
        for head, items in told:
            yield from (f"{head}：{item}" for item in items)


def _check_place(root: Path, agency: str, year: int) -> None:
    """Refuse a code or year that cannot be, and a year for which the bureau has data."""
    if not is_agency_code(agency):
        raise UsageError(Problem("机关代码不合规则", value=agency, expected=CODE_RULE))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        expected = f"{FIRST_YEAR}至{LAST_YEAR}之间的四位年份"
        raise UsageError(Problem("年度不对", value=str(year), expected=expected))
    folder = data_folder(agency, year)
    tables = ("decisions", "requests", "requests_table", "reviews")
    names = [name + suffix for name in tables if name in INPUT_TABLES for suffix in TABLE_SUFFIXES]
    there = [f for f in (*names, WORKBOOK, NARRATIVE) if (root / folder / f).exists()]
    if there:
        remedy = "导入不覆盖已有文件；确要重新导入，请先把它们移走"
        raise UsageError(
            *(Problem("已经有数据", Place(f"{folder}/{f}"), remedy=remedy) for f in there)
        )


def _check_belongs(root: Path, report: Published, agency: str, year: int, file: str) -> None:
    """Refuse another year's report and another bureau's."""
    found, place = report.card, Place(file)
    if found.year is not None and found.year != year:
        remedy = f"请核对年度；要导入它，年度写{found.year}"
        raise InputError(Problem("是另一年的报告", place, found.title, f"{year}年的报告", remedy))
    if not (root / agency_file(agency)).is_file():
        if found.name is None:
            remedy = f"请先建好 {agency_file(agency)}，写上 name 和 kind，再导入"
            raise InputError(
                Problem("标题里没有机关名称", place, found.title or None, remedy=remedy)
            )
        return
    card = read_agency(root, agency)
    known = [
        normalise_word(name) for name in (card.name, card.short_name or "", *card.aliases) if name
    ]
    name = normalise_word(found.name or "")
    if name and not any(name in own or own in name for own in known):
        remedy = f"请核对机关代码；机关改过名的，把原名写进 {agency_file(agency)} 的 aliases"
        raise InputError(Problem("是别的机关的报告", place, found.name, f"“{card.name}”", remedy))


def _missing(report: Published, format_: Format) -> Iterator[str]:
    if report.superseded:
        yield (
            f"表二是{report.superseded}年的旧格式，项目含义不同，不导入；"
            "请按现行格式补填 decisions.csv"
        )
    expected = {"decisions": format_.decision_cells, "requests": (), "reviews": ()}
    expected["requests"] = tuple(
        (row.key, c) for row in format_.request_rows for c in format_.request_columns
    )
    expected["reviews"] = tuple(
        (g.key, c) for g in format_.review_groups for c in format_.review_columns
    )
    for table, keys in expected.items():
        lost = [key for key in keys if (table, *key) not in report.cells]
        if lost and len(lost) == len(keys) and not (table == "decisions" and report.superseded):
            yield f"没有找到{TABLE_NUMBERS[table]}"
        elif lost and len(lost) < len(keys):
            rows = dict.fromkeys(row for row, _ in lost)
            names = (format_.request_row(r).label if table == "requests" else r for r in rows)
            yield f"{TABLE_NUMBERS[table]}缺{len(lost)}格：{'、'.join(f'“{n}”' for n in names)}"
    if report.card.year is None:
        yield "没有找到报告标题，机关和年度以命令所写为准"
    sections = report.prose.sections
    holds_text = [h for s in format_.sections if s.table is None for h in (s.aspects or (s,))]
    texts = {key: SectionText(key, text, Place("")) for key, text in sections.items()}
    unused = left_out([heading.key for heading in holds_text], texts)
    for heading in holds_text:
        if heading.key not in sections and heading.key not in unused:
            yield f"没有找到“{heading.heading}”的文字，生成报告时将用通用文字，请核对"


def _scope(
    root: Path, report: Published, agency: str, year: int
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The row that says that a government's published figures are those of its whole area.

    Without it the units' figures would be added to sums that hold them already. A file of
    figures that is there is not touched: what to write into it is told.
    """
    known = (root / agency_file(agency)).is_file()
    kind = read_agency(root, agency).kind if known else kind_of_agency(report.card.name or "")
    if kind not in SUMMING:
        return {}, ()
    name = f"{data_folder(agency, year)}/figures"
    there = [name + suffix for suffix in TABLE_SUFFIXES if (root / f"{name}{suffix}").exists()]
    if there:
        return {}, (f"{there[0]}（请核对其中有没有“{SCOPE},{WHOLE_AREA}”一行，没有会重复汇总）",)
    note = "公布的数已包括所属单位，汇总时只作核对，不再相加"
    return {f"{name}.csv": f"名称,数值,单位,说明\n{SCOPE},{WHOLE_AREA},,{note}\n"}, ()


def _staged_findings(files: Mapping[str, str], agency: str, year: int) -> tuple[Finding, ...]:
    """Read the files as any year's are read, and check them; raises when they cannot be."""
    with tempfile.TemporaryDirectory(prefix="nianbao-import-") as folder:
        for name, text in files.items():
            write_safely(Path(folder) / name, text)
        (Path(folder) / data_folder(agency, year)).mkdir(parents=True, exist_ok=True)
        inputs = load_inputs(Path(folder), agency, year)
    found = run_checks(build_statistics(inputs, format_for(year)))
    return tuple(f for f in found if f.severity != "info" and f.id not in _NOT_OF_THE_REPORT)


def import_report(root: Path, file: Path, agency: str, year: int) -> Imported:
    """Import a published report as the data of a year.

    Parameters
    ----------
    root
        Project folder.
    file
        A web page, a .docx or a PDF, of any layout that offices use.
    agency, year
        Whose report it is; the agency need not be there yet.

    Raises
    ------
    UsageError
        There are data of that year already, or code and year cannot be.
    InputError
        The file cannot be read, is no annual report, another year's or another bureau's.
    """
    _check_place(root, agency, year)
    folder, name = (file.parent, file.name)
    if not file.is_file():
        raise UsageError(Problem("没有这个文件", Place(str(file)), remedy="请核对路径"))
    format_ = format_for(year)
    report = read_published(read_source(folder, name), format_)
    _check_belongs(root, report, agency, year, name)
    data = data_files(report, format_)
    made = {f"{data_folder(agency, year)}/{n}": text for n, text in data.items()}
    scope, beside = _scope(root, report, agency, year)
    made |= scope
    params = {
        agency_file(agency): agency_yaml(report),
        params_file(agency, year): params_yaml(report, agency, year),
    }
    kept = tuple(n for n in params if (root / n).exists())
    told = {n: text for n, text in params.items() if text and n not in kept}
    here = {n: read_source(root, n).text() for n in kept}
    findings = _staged_findings({**here, **told, **made}, agency, year)
    for path, text in {**told, **made}.items():
        write_safely(root / path, text)
    missing = tuple(_missing(report, format_))
    written = tuple(sorted({**told, **made}))
    left = disclosed_totals(report, agency, year)
    odd = (*other_contact(root, report, agency), *misplaced(root, agency))
    return Imported(report, written, (*kept, *beside), findings, missing, tuple(left), odd)
