"""Names of other bodies (L2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.quantities import FILL
from nianbao.prose.review.text import Sentence
from nianbao.prose.review.wording import wording
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Severity, Span

STRICT = frozenset({"title", "preface", "signature"})
_NOBODY_ELSE = frozenset({"title", "signature"})
_TOGETHER = re.compile(
    r"(?:联合|会同|与|和|同|协同|配合|协助|会商|征求|转送|转交|移送|移交|告知|报送|报|向|由|对接|、|到|赴|在|经)\s*$"
)
_SITE = re.compile(
    r"[”》]?的?(?:门户|网|官网|公报|办公厅|办公室|信息公开|政务|客户端)"
    r"|[”》]?[（(：:，]?\s*(?:网址|域名)?[：:为]?\s*(?:https?:|www\.)"
)
_BODY = re.compile(
    r"(?:请与|请向|向|与)(?P<name>[\u4e00-\u9fff]{2,8}?[省市县区旗州][\u4e00-\u9fff]{1,14}?"
    r"(?:局|委员会|办公室|人民政府|办事处|管委会))(?:[\u4e00-\u9fff]{0,12})(?:联系|咨询|反映)"
)
_LEVEL = re.compile(r"全(?P<level>[省市县区镇乡])")
_COUNTED = re.compile(r"[^，。；]{0,6}(?:共|累计|收到|受理|公开|办理|发布)[^，。；]{0,16}$")


# 根据示例市水利局统一部署: the bureau above gives orders, and is no slip.
_ORDERED = re.compile(r"(?:根据|按照?|依据|落实|贯彻|接受|配合|参加|围绕|对照|经|受|获|被)\s*$")
_ORDERS = re.compile(
    "的?(?:统一|工作|关于|年度|有关|相关|政务公开)*"
    "(?:部署|安排|要求|指导|组织|通知|考核|考评|测评|评估|检查|抽查|监督|印发|下发|转发|反馈|通报|批准|同意|委托|文件|《)"
)
_ITS_WORK = re.compile("转发|印发|下发|通报|专家|领导|[检抽督核]查|检查组|考核组|来")
_SELF = re.compile(
    r"[我本](?P<kind>局(?![部域限势面促])|委(?![托派员以任])|厅|镇(?!江)|乡(?!村)|街道)"
    r"|全(?P<all>[局委厅镇乡校院]|街道)上下"
)
"""How a body speaks of itself: 我局, 本委, 我镇, 全局上下."""


def _hide(text: str, names: tuple[str, ...]) -> str:
    for name in names:
        text = text.replace(name, FILL * len(name))
    return text


def _others(context: ReviewContext) -> tuple[str, ...]:
    own = {*context.own_names, context.parent}
    return tuple(sorted((n for n in context.other_agencies if n and n not in own), key=len))[::-1]


def _named(
    sentence: Sentence, rule: Check, others: tuple[str, ...], known: tuple[str, ...]
) -> Iterator[Finding]:
    # Own names first: another name may be part of one's own (某镇 in 某镇人民政府).
    text = _hide(sentence.text, known)
    for name in others:
        for match in re.finditer(re.escape(name), text):
            together = _TOGETHER.search(text, max(0, match.start() - 6), match.start())
            strict = sentence.section in STRICT
            if not strict and (together or _SITE.match(text, match.end())):
                continue
            if (
                sentence.section == "preface"
                and name.endswith("政府")
                and (_SITE.match(text, match.end()))
            ):
                continue
            severity: Severity = "error" if strict else "warning"
            message = f"出现了其他机关的名称“{name}”；如是抄用时留下的，请改为本机关名称"
            yield sentence.finding(rule, severity, message, [match.span()], name)
        text = _hide(text, (name,))


def _contact(sentence: Sentence, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Check that the preface sends readers to no other body than the reporting one."""
    match = _BODY.search(sentence.text)
    names = (*context.own_names, context.parent or context.name)
    if match is None or any(n in match[0] or match["name"] in n for n in names):
        return
    message = f"前言请读者与“{match['name']}”联系，而本报告的机关是“{context.name}”；请核对"
    yield sentence.finding(rule, "warning", message, [match.span("name")], match["name"])


def _level(sentence: Sentence, rule: Check, own: str) -> Iterator[Finding]:
    """Report 全市 as the subject of a number in a county's report."""
    for q in sentence.quantities:
        match = _LEVEL.search(sentence.text, sentence.part_start(q.start), q.start)
        if (
            match is None
            or match["level"] in own
            or not _COUNTED.match(sentence.text[match.end() : q.start])
        ):
            continue
        message = f"“{match[0]}”与本机关“{own}”的层级不符；请核对统计范围"
        yield sentence.finding(rule, "info", message, [match.span()], match[0])
        return


@check(
    "L2",
    severity="warning",
    title="别的机关的名称",
    source="已公布年报中的常见差错",
    explanation="文中出现了其他机关的名称，可能是照抄留下的；与本机关名称相近而不同的，多半是写错了。"
    "局、镇、委写成“我镇”“我局”等别的机关的自称，也会提出。确有必要提到的，写明理由；标题、"
    "前言和落款中不得出现。",
)
def only_this_body_is_named(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find names of other bodies of the batch, and a body in the preface that is not ours.

    Joint work (会同示例县公安局) is passed over, and so is the website of the government;
    in title, preface and signature another name is an error.
    """
    context = manuscript.context
    whole = "\n".join(sentence.text for sentence in manuscript.prose.sentences)
    others = tuple(name for name in _others(context) if name in whole)  # of thousands, a few
    known = tuple(n for n in (*context.own_names, context.parent or "") if n)
    known = tuple(sorted(known, key=len, reverse=True))
    for sentence in manuscript.prose.sentences:
        text = sentence.text
        if any(name in text for name in others):
            hidden = known if sentence.section not in {"title", "signature"} else context.own_names
            yield from _named(sentence, rule, others, hidden)
        elif sentence.section == "preface":
            yield from _contact(sentence, rule, context)
        if sentence.quantities and sentence.section not in STRICT:
            yield from _level(sentence, rule, context.name)
        yield from _nearly(sentence, rule, context, (*known, *others))
        yield from _self(sentence, rule, context)
        if sentence.section == "preface":
            yield from _author(sentence, rule, (*context.own_names, *known, *others))


_OFFICE = (
    "[\u4e00-\u9fff]{2,16}?(?:[省市县区旗州]|镇|乡)[\u4e00-\u9fff]{0,12}?"
    "(?:局|委员会|厅|人民政府|办事处|管委会)"
)
_AUTHOR = re.compile(
    f"(?:本(?:年度?)?(?:工作)?(?:年度)?报告|本年报|年度报告)由(?P<writes>{_OFFICE})(?:负责)?(?:编制|编写|起草|发布)"
    f"|(?:现将|公布|编制)(?P<reports>{_OFFICE})(?:20\\d\\d年度?)?(?:政府)?信息公开(?:工作)?"
    f"|(?:现将|公布|编制)(?P<of>{_OFFICE})20\\d\\d年"
)


def _author(sentence: Sentence, rule: Check, names: tuple[str, ...]) -> Iterator[Finding]:
    """Report a preface that says the report is another body's: 现将示例县教育局2024年…报告如下."""
    match = _AUTHOR.search(sentence.text)
    said = match and (match["writes"] or match["reports"] or match["of"])
    if match is None or not said or any(name in said or said in name for name in names):
        return
    group = next(g for g in ("writes", "reports", "of") if match[g])
    message = f"前言写的是“{said}”的报告，而本报告的机关是“{names[0]}”；像是抄用时留下的，请核对"
    span = [match.span(group)]
    yield sentence.finding(rule, sentence.severity(span), message, span, said)


def _self(sentence: Sentence, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Report 我局 in the report of a town, 我镇 in that of a bureau: copied from another's."""
    for match in _SELF.finditer(sentence.text):
        said = match["kind"] or match["all"]
        quoted = sentence.text.count("“", 0, match.start()) > sentence.text.count(
            "”", 0, match.start()
        )
        if quoted or any(said in name for name in context.own_names):
            continue
        message = f"本机关是“{context.name}”，不应自称“{match[0]}”；像是抄用别处的文字，请改正"
        span = [match.span()]
        yield sentence.finding(rule, sentence.severity(span), message, span, match[0])
        return


_PLACE = re.compile(r"(?P<stem>[\u4e00-\u9fff]{1,6}?)(?P<level>[省市县区旗州镇乡])")
_ITS_OWN = tuple("长机党属领班内务直系干各主议商同员")
"""Where a name's last character is rightly said twice: 水利局局长, 水利局局机关, 委员会会议."""
_REPORT_OF = re.compile(r"\s*(?:20\d\d年度?)?\s*政府信息公开(?:工作)?年度报告")
_KERNEL = 3
"""A bureau's own part of a name with fewer characters is too short to be taken for another."""


def _nearly(
    sentence: Sentence, rule: Check, context: ReviewContext, known: tuple[str, ...]
) -> Iterator[Finding]:
    """Report the body's own name with a character wrong, missing or too many.

    The bureau of the same name one level up (示例市…局) is reported too: a county's bureau is often
    given its name by mistake; a bureau of another place is not, for it is one to work with.
    """
    own = _PLACE.match(context.name)
    if own is None or len(context.name) < own.end() + _KERNEL:
        return
    kernel = context.name[own.end() :]
    text = _hide(sentence.text, known)
    found_at: set[int] = set()
    doubled = f"{context.name}{kernel[-1]}"
    misspelt = f"(?:{_misspelt(own[0])}){re.escape(kernel)}"
    for match in re.finditer(f"{re.escape(doubled)}|{misspelt}", sentence.text):
        rightly = match[0] == doubled and sentence.text[match.end() :].startswith(_ITS_OWN)
        together = _TOGETHER.search(sentence.text, max(0, match.start() - 6), match.start())
        if match[0] != context.name and not rightly and not together:
            yield _near_name(sentence, rule, context, match.span())
    for match in re.finditer(re.escape(own["stem"]) + "[省市县区旗州镇乡]", text):
        for length in range(len(kernel) + 2, len(kernel) - 2, -1):
            said = text[match.end() : match.end() + length]
            name = f"{match[0]}{said}"
            if len(said) < length or said[-1] != kernel[-1] or match.start() in found_at:
                continue
            alone = sentence.section in _NOBODY_ELSE or _REPORT_OF.match(text, match.end() + length)
            near = _is_slip(said, kernel, bool(alone))
            together = _TOGETHER.search(text, max(0, match.start() - 6), match.start())
            ordered = said == kernel and _gives_orders(text, match.start(), len(name))
            if name != context.name and near and FILL not in said and not (together or ordered):
                found_at.add(match.start())
                span = (match.start(), match.start() + len(name))
                yield _near_name(sentence, rule, context, span)


def _gives_orders(text: str, start: int, length: int) -> bool:
    """Return whether the bureau above is named for what it asks or inspects."""
    if _ITS_WORK.match(text, start + length):
        return True
    before = _ORDERED.search(text, max(0, start - 6), start)
    return before is not None and _ORDERS.match(text, start + length) is not None


def _near_name(sentence: Sentence, rule: Check, context: ReviewContext, span: Span) -> Finding:
    severity: Severity = "error" if sentence.section in STRICT else rule.severity
    name = sentence.text[slice(*span)]
    message = f"“{name}”与本机关名称“{context.name}”相近而不同；写错的请改正"
    return sentence.finding(rule, severity, message, [span], name, context.name)


def _misspelt(place: str) -> str:
    """Return a pattern of a place's name with one character wrong: 示列县 for 示例县."""
    stem, level = place[:-1], place[-1]
    if len(stem) < 2:
        return re.escape(place)  # 沂县 and 沭县 are two places
    wrong = (f"{stem[:i]}[\u4e00-\u9fff]{stem[i + 1 :]}{level}" for i in range(len(stem)))
    return "|".join(wrong)


def _is_slip(said: str, kernel: str, alone: bool) -> bool:
    """Return whether a name is a slip of the pen and not that of another bureau.

    ``alone``: no other bureau has any business there, in a title or signature.
    """
    if said == kernel:
        return True  # of another level: 示例市水利局
    if len(said) == len(kernel) == _KERNEL:
        wrong = sum(a != b for a, b in zip(said, kernel, strict=True))
        return wrong <= 1 and (alone or said not in wording("bureaus"))
    return SequenceMatcher(None, said, kernel, autojunk=False).ratio() >= _ALIKE


_ALIKE = 0.78
"""交通运输局 and 交通运输管理局 are as alike as this; 交通运输局 and 住房建设局 are not."""
