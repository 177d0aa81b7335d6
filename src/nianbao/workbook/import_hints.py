"""What somebody should look at after an import: numbers that stay in the prose, the agency's place
among the others of the project."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nianbao.errors import InputError
from nianbao.files.pages import squash
from nianbao.files.words import normalise_word
from nianbao.inputs.params import Agency, read_agency
from nianbao.inputs.project import agency_file, data_folder, list_agencies
from nianbao.inputs.published.report import Published

# A sub-item (其他应主动公开的政府信息75条) is no total.
_DISCLOSED = re.compile(
    r"(?P<part>(?:其[他它中]|应当?)(?:应当?|依法|主动|予以)*)?"
    r"公开[^，。；\d]{0,12}信息(?:共|共计|总计|合计)?"
    r"(?P<total>(?:\d[\d,，]*\d|\d)(?:\.\d+)?万?[余多]?[条件篇])"
)
_PLACES = ("overview", "overview.disclosure")


def disclosed_totals(report: Published, agency: str, year: int) -> Iterator[str]:
    """The totals of disclosures that the prose tells: no statutory table holds them.

    Parameters
    ----------
    report
        What was understood.
    agency, year
        Whose folder the ledger belongs to.
    """
    sections = report.prose.sections
    told = [
        (key, total)
        for key in _PLACES
        for total in dict.fromkeys(
            match["total"]
            for match in _DISCLOSED.finditer(squash(sections.get(key, "")))
            if match["part"] is None
        )
    ]
    if told:
        where = "、".join(f"{total}（{key}）" for key, total in told)
        yield (
            f"正文里的主动公开总数{where}只留在文字里；要与下一年比较、画图，"
            f"请填 {data_folder(agency, year)}/disclosures.csv（渠道,类别,条数）"
        )


def other_contact(root: Path, report: Published, agency: str) -> Iterator[str]:
    """Yield a line for each contact detail that a report and agency.yaml give differently.

    What was printed then is offered, not taken: the bureau may have moved since.
    """
    card = _card(root, agency)
    for key, shown in report.card.contact.items():
        field = Agency.model_fields[key]
        own = getattr(card, key, None)
        if own and normalise_word(own) != normalise_word(shown):
            yield (
                f"{field.title}：报告所载为“{shown}”，{agency_file(agency)} 为“{own}”；"
                "以后者为准，有误的请改正"
            )


def misplaced(root: Path, agency: str) -> Iterator[str]:
    """What is odd about an agency beside the others: its name under two codes, no parent.

    Parameters
    ----------
    root, agency
        The project, and whose card was written or found.
    """
    card = _card(root, agency)
    if card is None:
        return
    others = [o for code in list_agencies(root) if code != agency and (o := _card(root, code))]
    same = [
        other.code for other in others if normalise_word(other.name) == normalise_word(card.name)
    ]
    if same:
        yield (
            f"“{card.name}”在本项目里已有代码 {'、'.join(same)}，这次用的是 {agency}；"
            f"是同一机关的，请用原来的代码重新导入，并删去 {agency} 的文件"
        )
    parents = Counter(other.parent for other in others if other.parent)
    if parents and not card.parent and agency not in parents:
        usual = parents.most_common(1)[0][0]
        yield (
            f"{agency_file(agency)} 没有写上级（parent），其他机关写的是 {usual}；"
            f"属于它的请补写“parent: {usual}”，否则不计入它的汇总"
        )


def _card(root: Path, code: str) -> Agency | None:
    try:
        return read_agency(root, code)
    except InputError:
        return None
