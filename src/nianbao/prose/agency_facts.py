"""Facts about who reports and for which year."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from nianbao.inputs.params import Agency, ReportParams
from nianbao.inputs.project import (
    CARD,
    WORKBOOK_SHEETS,
    agency_file,
    params_file,
    workbook_among,
    workbook_file,
)
from nianbao.prose.facts import Fact
from nianbao.statutory import Format

CONTACTS = {
    "地址": "address",
    "邮政编码": "postcode",
    "电话": "phone",
    "电子邮箱": "email",
    "网址": "website",
}


def _contact_line(agency: Agency) -> str:
    filled = {label: getattr(agency, key) for label, key in CONTACTS.items()}
    words = "；".join(f"{label}：{value}" for label, value in filled.items() if value)
    return f"（{words}）" if words else ""


def _source(file: str, sheet: str, files: Collection[str]) -> str:
    """The file of params/, or the sheet of the workbook when that file was not read."""
    workbook = sheet.split(" ")[0]
    return sheet if file not in files and workbook in files else file


def agency_facts(
    agency: Agency, params: ReportParams, format_: Format, files: Collection[str] = ()
) -> Iterator[Fact]:
    """Name, short name, contacts, years, period and legal basis.

    A contact that is missing has no fact: a text that names it is refused, while
    ``联系方式`` lists those that there are. ``files`` are those that were read: without
    params/ it is the workbook that says who reports.
    """
    who = agency.code, params.year
    workbook = workbook_among(files, *who) or workbook_file(*who)
    sheet = f"{workbook} 工作表“{WORKBOOK_SHEETS[CARD].title}”"
    card = _source(agency_file(agency.code), sheet, files)
    year = params.year
    short = agency.short_name or agency.name
    yield Fact("机关名称", agency.name, agency.name, source=card)
    yield Fact("机关简称", short, short, source=card)
    own = "本镇" if agency.kind == "township" else "本机关"
    yield Fact("本机关", own, own, source=card)
    for label, key in CONTACTS.items():
        value = getattr(agency, key)
        if value:
            yield Fact(label, value, value, source=card)
    line = _contact_line(agency)
    yield Fact("联系方式", line, line, source=card)
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
