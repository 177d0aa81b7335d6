"""What a report should say: facts (L9), records for its boasts (L11), results of oversight (S4),
the fee (S6); and what became of edits that are not printed (S16, S18)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.text import Block, section_name
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Passage

LONG = 150
"""Characters of a section from which it should hold at least one fact."""

_FACT = re.compile(
    r"\d|[《“]|[一二两三四五六七八九十]+(?:件|条|次|个|项|期|场|名|人|家|批|份|类|篇)"
    r"|[\u4e00-\u9fff]{2,}(?:科|股|处室|办公室|中心|领导小组|专区|平台|栏目|热线|公众号|大厅)"
)
_BOAST = re.compile(
    r"零(?:投诉|差错|失误|逾期|舆情|事故|败诉|纠错|复议|诉讼|差评)"
    r"|[\u4e00-\u9fff]{0,4}率[^，。；\d]{0,6}100\s*[%％]|百分之百"
)
_ANSWERED = re.compile("办结|答复|办理|按时|及时|回复")


def _without_facts(blocks: list[Block], rule: Check) -> Iterator[Finding]:
    text = "".join(b.text for b in blocks if b.kind != "heading")
    if len(text) < LONG or _FACT.search(text):
        return
    first = next(b for b in blocks if b.kind != "heading").sentences[0]
    message = (
        "本节没有数字、文件、机构或平台名称，读来可以放进任何机关的报告；请补充本机关的做法和数据"
    )
    yield first.finding(rule, rule.severity, message, [(0, len(first.text))])


def _by_section(manuscript: Manuscript) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for block in manuscript.prose.blocks:
        found.setdefault(block.section, []).append(block)
    return found


@check(
    "L9",
    severity="info",
    title="内容空泛",
    source="国办公开办函〔2021〕30号",
    explanation="整段没有数字、日期和具体事项。请补充本机关做了什么、做了多少。仅作提示。",
)
def sections_hold_facts(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find the sections of part 一 without a single fact."""
    for section, blocks in _by_section(manuscript).items():
        if section.startswith("overview."):
            yield from _without_facts(blocks, rule)


@check(
    "L11",
    severity="info",
    title="绝对化的说法",
    source="本模板的约定",
    explanation="“零投诉”“100%”等说法应有台账为据。请核对，仅作提示。",
)
def boasts_have_a_record(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find claims of perfection without a record.

    A 办结率100% that table 3 bears out (applications came, none is carried over) is no boast.
    """
    cells = manuscript.context.cells
    proved = cells.request("carried_out").value == 0 and cells.request("total").value
    for sentence in manuscript.prose.sentences:
        match = _BOAST.search(sentence.text)
        if match is None or sentence.kind == "heading":
            continue
        if proved and _ANSWERED.search(match[0]) and "申请" in sentence.text:
            continue
        message = f"“{match[0]}”要有记录可查；请留存依据，或改写为具体件数"
        yield sentence.finding(rule, rule.severity, message, [match.span()], match[0])


SECTION = "overview.oversight"
TOPICS = {
    "工作考核": re.compile("考核|考评"),
    "社会评议": re.compile("评议|满意度|测评"),
    "责任追究": re.compile("追究|追责|问责"),
}


def is_government(context: ReviewContext) -> bool:
    """Return whether article 50(四) asks it of this body: a government, no 街道办事处."""
    return context.kind == "government" or (
        context.kind == "township" and context.name.endswith("人民政府")
    )


@check(
    "S4",
    severity="warning",
    title="政府的工作考核、社会评议、责任追究",
    source="《政府信息公开条例》第五十条第（四）项",
    explanation="条例第五十条要求各级人民政府的报告写明工作考核、社会评议和责任追究结果；"
    "没有追究责任的也应写明“没有”。请在监督保障一节写明，"
    "或在其他数据（figures.csv）中填写“工作考核”“社会评议”“责任追究”的文字。",
)
def oversight_is_reported(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check that a government's report tells the results of oversight.

    That nobody was held responsible is one of them.

    Says nothing of prose without the section that tells it: that is no whole report.
    """
    prose = manuscript.prose
    whole = any(block.section == SECTION for block in prose.blocks)
    if not whole or not is_government(manuscript.context):
        return
    text = "".join(sentence.text for sentence in prose.sentences if sentence.kind != "heading")
    missing = [topic for topic, words in TOPICS.items() if not words.search(text)]
    if missing:
        message = (
            f"政府的报告还应写明{'、'.join(missing)}结果情况（条例第五十条）；没有的也写明没有"
        )
        yield Finding(rule.id, rule.severity, message, passage=Passage(SECTION))


_OTHER = "other"
_FEE = re.compile(r"处理费|收费|收取[^，。；]{0,12}费")


@check(
    "S6",
    severity="warning",
    title="信息处理费的说明",
    source="国办函〔2020〕109号",
    explanation="第六部分应写明收取信息处理费的情况，没有收取的也应写明“没有收取”。"
    "自己写第六部分的，请补上一句，可以从“找数据”里取“信息处理费”。",
)
def fee_is_reported(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check that part 六 of a whole report tells the processing fee, a zero too."""
    sections = {block.section for block in manuscript.prose.blocks}
    text = "".join(block.text for block in manuscript.prose.section(_OTHER))
    if {SECTION, _OTHER} <= sections and not _FEE.search(text):
        message = "第六部分没有写信息处理费的收取情况；没有收取的也应写明没有收取"
        yield Finding(rule.id, rule.severity, message, passage=Passage(_OTHER))


_CONTACTS = {
    "地址": re.compile(r"地址|位于|坐落|[路街道巷弄村]\s*\d+\s*号"),
    "邮政编码": re.compile(r"邮政编码|邮编"),
    "电话": re.compile(r"电话|0\d{2,3}\s*[-—–－]+\s*\d{7,8}"),
    "网址": re.compile(r"https?://|www\.|网址|网站|门户"),
}
"""How a printed preface tells where the agency is to be found."""


@check(
    "S8",
    severity="warning",
    title="前言的联系方式",
    source="各地已公布年报的通例",
    explanation="前言应写明统计期限和联系方式，公众凭此查询、下载报告和提出疑问；缺地址、邮编、电话、"
    "网址都会提醒。请在机关的 agency.yaml 中补齐；确实没有网址等项目的，"
    "写明理由。",
)
def contacts_are_printed(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check that the preface tells where to find the agency and where to read the report.

    What agency.yaml lacks may stand in the body's own words all the same.
    """
    text = "".join(block.text for block in manuscript.prose.section("preface"))
    missing = [
        label for label in manuscript.context.missing_contacts if not _CONTACTS[label].search(text)
    ]
    if missing:
        message = (
            f"前言缺少{'、'.join(missing)}。请补入机关的 agency.yaml 或填报表的“基本信息”表；"
            "确无此项的，写明理由。"
        )
        yield Finding(rule.id, rule.severity, message)


@check(
    "S16",
    severity="warning",
    title="模板中改过的文字没有印出",
    source="本模板的约定",
    explanation="在 notebooks/report.ipynb 里改了一节的文字，而本单位在 narrative.md 或填报表的"
    "“正文”表中另有这一节，印出的是本单位的文字。改的是本单位的，请写进本单位的正文；想用模板的，"
    "请删去本单位正文中的这一节。重新生成以后不再提醒。",
)
def template_edits_are_printed(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check that what was edited in the template is not lost behind the body's own words."""
    for section in manuscript.context.overridden:
        name = section_name(section, manuscript.context.format_)
        message = (
            f"notebooks/report.ipynb 里改了“{name}”，本单位另有这一节的文字，印的是本单位的。"
            f"要印改过的，请写进本单位的正文，或删去本单位正文中的 {section} 一节。"
        )
        yield Finding(rule.id, rule.severity, message, passage=Passage(section))


@check(
    "S18",
    severity="warning",
    title="改稿中没有采用的数",
    source="本模板的约定",
    explanation="在 Word、笔记本里改了由数据得出的数（正文里的，或者表里的），报告仍按数据印出，"
    "每次都会提醒，直到数据改成了那个数，或者写明了理由。请与改的人核对："
    "数据错了的，改台账或填报表；数据没错的，写明理由。",
)
def refused_numbers_are_settled(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Report numbers of the data that an edit changed, until the data or a reason settle it."""
    for number in manuscript.context.refused:
        heading = section_name(number.section, manuscript.context.format_)
        where = number.near if number.near.startswith("表") else f"“{heading}”中的“{number.near}”"
        message = (
            f"{where}：{number.file} 把{number.before}改成{number.after}，没有采用，"
            f"仍按数据印作“{number.known}”。请核对；数据有误的改数据，无误的写明理由。"
        )
        found = rule.finding(message, cells=(where,), places=[number.place])
        yield replace(found, left=number.before, right=number.after)
