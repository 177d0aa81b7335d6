"""Import a published report as the files of a year: all of it or nothing, and nothing written over.

What somebody should look at afterwards is said too: numbers that stay in the prose, contacts
that differ, the agency's place among the others of the project.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import InputError, Place, Problem, UsageError
from nianbao.files.pages import normalise_text
from nianbao.files.sources import read_source
from nianbao.files.words import normalise_word
from nianbao.files.writing import write_safely
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.bundle import SectionText
from nianbao.inputs.children import SUMMING
from nianbao.inputs.load import load_inputs
from nianbao.inputs.params import Agency
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
    list_agencies,
    params_file,
)
from nianbao.inputs.published.identity import kind_of_agency
from nianbao.inputs.published.report import Published, read_published
from nianbao.notebook.fill import unused_sections
from nianbao.statistics.checks import build_statistics, run_checks
from nianbao.statistics.model import Finding
from nianbao.statistics.rollup import SCOPE, WHOLE_AREA
from nianbao.statutory import TABLE_NUMBERS, Format, format_for, format_of_title

_NOT_OF_THE_REPORT = frozenset({"V3", "V4", "S8", "Y0", "Y12"})
"""What the import itself tells (blanks), or what is not of the figures (contacts, last year)."""
# A sub-item (其他应主动公开的政府信息75条) is no total.
_DISCLOSED = re.compile(
    r"(?P<part>(?:其[他它中]|应当?)(?:应当?|依法|主动|予以)*)?"
    r"公开[^，。；\d]{0,12}信息(?:共|共计|总计|合计)?"
    r"(?P<total>(?:\d[\d,，]*\d|\d)(?:\.\d+)?万?[余多]?[条件篇])"
)
_PLACES = ("overview", "overview.disclosure")
_NOTE = "说明"
_HANDED_IN = {"本年收费金额（单位：万元）": "本年收费金额（万元）"}


@dataclass(frozen=True)
class Imported:
    """The outcome of an import."""

    report: Published
    """What was understood."""
    files: tuple[str, ...]
    """Project-relative paths of the files that were written."""
    kept: tuple[str, ...]
    """Those that were there already and stayed as they were."""
    findings: tuple[Finding, ...]
    """What the published numbers violate."""
    missing: tuple[str, ...]
    """What the report should have and was not found."""
    left: tuple[str, ...] = ()
    """Numbers of the prose that belong into a ledger."""
    odd: tuple[str, ...] = ()
    """What does not fit the other agencies of the project."""

    def lines(self) -> Iterator[str]:
        """Yield the report of the import, line by line."""
        identity, cells = self.report.identity, self.report.cells
        counts = {t: sum(key[0] == t for key in cells) for t in TABLE_NUMBERS}
        tables = "、".join(f"{TABLE_NUMBERS[t]}{n}格" for t, n in counts.items() if n)
        names = format_of_title(identity.title).texts()
        texts = [names.get(key, key) for key in self.report.prose.sections]
        yield (
            f"认出：“{identity.title or '（没有标题）'}”；{tables or '没有表格'}；"
            f"正文{len(texts)}节（{'、'.join(texts)}）"
        )
        remarks = self.report.remarks
        reported = (
            ("按0计", remarks.zeros),
            ("推定", remarks.assumed),
            ("未导入", [*remarks.dropped, *self.left]),
            ("没认出", [*self.missing, *remarks.missing]),
            ("不符", [f"〔{f.id}〕{f.message}" for f in self.findings]),
            ("请核对", self.odd),
            ("未动", self.kept),
            ("写入", self.files),
        )
        for head, items in reported:
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
    found, place = report.identity, Place(file)
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
    own = read_agency(root, agency)
    known = [
        normalise_word(name) for name in (own.name, own.short_name or "", *own.aliases) if name
    ]
    name = normalise_word(found.name or "")
    if name and not any(name in other or other in name for other in known):
        remedy = f"请核对机关代码；机关改过名的，把原名写进 {agency_file(agency)} 的 aliases"
        raise InputError(Problem("是别的机关的报告", place, found.name, f"“{own.name}”", remedy))


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
    if report.identity.year is None:
        yield "没有找到报告标题，机关和年度以命令所写为准"
    sections = report.prose.sections
    holds_text = [h for s in format_.sections if s.table is None for h in (s.aspects or (s,))]
    texts = {key: SectionText(key, text, Place("")) for key, text in sections.items()}
    unused = unused_sections([heading.key for heading in holds_text], texts)
    for heading in holds_text:
        if heading.key not in sections and heading.key not in unused:
            yield f"没有找到“{heading.heading}”的文字，生成报告时将用通用文字，请核对"


def _scope(
    root: Path, report: Published, agency: str, year: int
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the row that says that published figures are those of the whole area.

    Without it the units' figures would be added to sums that hold them already. A file of
    figures that is there is not touched: what to write into it is reported.
    """
    known = (root / agency_file(agency)).is_file()
    kind = read_agency(root, agency).kind if known else kind_of_agency(report.identity.name or "")
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

    ``file`` is a web page, a .docx or a PDF, of any layout that offices use. The agency need not be
    there yet.

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
        online = str(file).startswith(("http:", "https:"))
        remedy = "请先在浏览器中打开，把网页另存为“仅HTML”再导入" if online else "请核对路径"
        raise UsageError(Problem("没有这个文件", Place(str(file)), remedy=remedy))
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
    reported = {n: text for n, text in params.items() if text and n not in kept}
    here = {n: read_source(root, n).text() for n in kept}
    findings = _staged_findings({**here, **reported, **made}, agency, year)
    for path, text in {**reported, **made}.items():
        write_safely(root / path, text)
    missing = tuple(_missing(report, format_))
    written = tuple(sorted({**reported, **made}))
    left = disclosed_totals(report, agency, year)
    odd = (*other_contact(root, report, agency), *misplaced(root, agency))
    return Imported(report, written, (*kept, *beside), findings, missing, tuple(left), odd)


def disclosed_totals(report: Published, agency: str, year: int) -> Iterator[str]:
    """Yield the totals of disclosures that the prose tells: no statutory table holds them."""
    sections = report.prose.sections
    reported = [
        (key, total)
        for key in _PLACES
        for total in dict.fromkeys(
            match["total"]
            for match in _DISCLOSED.finditer(normalise_text(sections.get(key, "")))
            if match["part"] is None
        )
    ]
    if reported:
        names = format_for(year).texts()
        where = "、".join(f"{total}（{names.get(key, key)}）" for key, total in reported)
        yield (
            f"正文里的主动公开总数{where}只留在文字里；要与下一年比较、画图，"
            f"请填 {data_folder(agency, year)}/disclosures.csv（渠道,类别,条数）"
        )


def other_contact(root: Path, report: Published, agency: str) -> Iterator[str]:
    """Yield a line for each contact detail that a report and agency.yaml give differently.

    What was printed then is offered, not taken: the bureau may have moved since.
    """
    profile = _profile(root, agency)
    for key, shown in report.identity.contact.items():
        field = Agency.model_fields[key]
        own = getattr(profile, key, None)
        if own and normalise_word(own) != normalise_word(shown):
            yield (
                f"{field.title}：报告所载为“{shown}”，{agency_file(agency)} 为“{own}”；"
                "以后者为准，有误的请改正"
            )


def misplaced(root: Path, agency: str) -> Iterator[str]:
    """Yield what is odd about an agency beside the others: its name under two codes, no parent."""
    profile = _profile(root, agency)
    if profile is None:
        return
    others = [o for code in list_agencies(root) if code != agency and (o := _profile(root, code))]
    same = [
        other.code for other in others if normalise_word(other.name) == normalise_word(profile.name)
    ]
    if same:
        yield (
            f"“{profile.name}”在本项目里已有代码 {'、'.join(same)}，这次用的是 {agency}；"
            f"是同一机关的，请用原来的代码重新导入，并删去 {agency} 的文件"
        )
    parents = Counter(other.parent for other in others if other.parent)
    if parents and not profile.parent and agency not in parents:
        usual = parents.most_common(1)[0][0]
        yield (
            f"{agency_file(agency)} 没有写上级（parent），其他机关写的是 {usual}；"
            f"属于它的请补写“parent: {usual}”，否则不计入它的汇总"
        )


def _profile(root: Path, code: str) -> Agency | None:
    try:
        return read_agency(root, code)
    except InputError:
        return None


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def decisions_csv(report: Published, format_: Format) -> str | None:
    """Return decisions.csv, None when the report shows no cell of table 2."""
    columns = list(dict.fromkeys(column for _, column in format_.decision_cells))
    found = {key[1:]: value for key, value in report.cells.items() if key[0] == "decisions"}
    if not found:
        return None
    rows = dict.fromkeys(row for row, _ in format_.decision_cells)
    head = ["项目", *(_HANDED_IN.get(column, column) for column in columns), _NOTE]
    return _csv(head, ([row, *(found.get((row, c)) or "" for c in columns), ""] for row in rows))


def requests_csv(report: Published, format_: Format) -> str | None:
    """Return requests_table.csv, None when the report shows no cell of table 3.

    Totals stand as published, so that the checks find what does not add up.
    """
    found = {key[1:]: value for key, value in report.cells.items() if key[0] == "requests"}
    if not found:
        return None
    columns = format_.request_columns
    shown = [row for row in format_.request_rows if (row.key, columns[0]) in found]
    lines = ([row.path, *(found.get((row.key, c)) or "" for c in columns)] for row in shown)
    return _csv(["项目", *columns], lines)


def reviews_csv(report: Published, format_: Format) -> str | None:
    """Return reviews.csv, None when the report shows no cell of table 4."""
    keys = [(g.key, column) for g in format_.review_groups for column in format_.review_columns]
    found = {key[1:]: value for key, value in report.cells.items() if key[0] == "reviews"}
    if not found:
        return None
    return _csv(["类型", "结果", "件数"], ([*key, found.get(key) or ""] for key in keys))


def narrative_md(report: Published) -> str | None:
    """Write narrative.md; None when the report has no prose."""
    parts = [f"## {key}\n\n{text}\n" for key, text in report.prose.sections.items()]
    return "\n".join(parts) or None


def agency_yaml(report: Published) -> str | None:
    """Write agency.yaml as far as the title tells; None when it does not name the agency.

    Address and telephone of a past year are offered as comments: they may have changed since, and
    what stands in agency.yaml is printed in every year's report.
    """
    name = report.identity.name
    if name is None:
        return None
    fields = {"name": name, "kind": kind_of_agency(name)}
    lines = ["# 由导入的年度报告生成：机关类别按名称推定，请核对。"]
    lines += [f"{key}: {_yaml(value)}" for key, value in fields.items()]
    if others := report.identity.names[1:]:
        lines.append(f"aliases: [{', '.join(map(_yaml, report.identity.names[:1] + others))}]")
    if report.identity.contact:
        of = f"{report.identity.year}年" if report.identity.year else ""
        lines.append(f"# 以下取自{of}报告的前言；今年仍是这样的，请去掉行首的“# ”：")
        lines += [f"# {key}: {_yaml(value)}" for key, value in report.identity.contact.items()]
    return "\n".join(lines) + "\n"


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def params_yaml(report: Published, agency: str, year: int) -> str:
    """Write <year>.yaml with date and signature as published."""
    lines = [f"agency: {agency}", f"year: {year}"]
    if report.prose.date:
        lines.append(f"report_date: {report.prose.date}")
    if report.prose.signed:
        lines.append("signature: true")
    return "\n".join(lines) + "\n"


def data_files(report: Published, format_: Format) -> dict[str, str]:
    """Return the files of data/<agency>/<year>/ by name."""
    made = {
        "decisions.csv": decisions_csv(report, format_),
        "requests_table.csv": requests_csv(report, format_),
        "reviews.csv": reviews_csv(report, format_),
        "narrative.md": narrative_md(report),
    }
    return {name: text for name, text in made.items() if text}
