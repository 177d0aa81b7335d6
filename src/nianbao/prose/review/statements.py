"""Words that claim a zero, against the cells (N11, N12, N13)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from nianbao.prose.review import terms
from nianbao.prose.review.cells import APPEAL, LAWSUITS, Cells, Meaning
from nianbao.prose.review.claims import (
    Claim,
    about_disputes,
    about_requests,
    earlier_text,
    other_scope,
    other_year,
)
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.meanings import fee_meanings
from nianbao.prose.review.text import Prose, Sentence
from nianbao.statistics.arithmetic import trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Passage
from nianbao.statutory.wholes import FINISHED, NEW, RECEIVED

_SETTLED = re.compile(
    r"(?:(?<!平)均(?!(?:答复|办结)[约近]?\d)|全部|都|已全部|皆|悉数)(?:已|已经|能)?(?:依法|按时|按期|如期|及时|妥善|规范|按(?:规定|要求|程序))*"
    r"(?:办结|办理完毕|办理完成|答复完毕|办复|答复)(?!率)"
    r"|办结率(?:均|达到?|为|是)*\s*100\s*[%％]"
)
_TIMELY = re.compile(r"(?:按时|按期|及时|如期|法定期限内?|期限内)(?:依法|予以)?(?:办结|答复)")
_CARRIES = re.compile(r"(?:结转|转结|顺延|转)(?:至|到|入|为)?(?:下|次|明|20\d\d)|除.{0,12}外")
_NO_CARRY = re.compile(
    r"(?<!上年)(?<!去年)(?<!上年度)(?:无|没有|未|未有|不存在|零)(?:需要?|须)?(?:[^，。；：（）\d]{0,10}?)"
    r"(?<!上年)(?<!上年度)(?:结转|转结|顺延)(?:至|到|入)?(?:下|次|明)?(?:一?年度?)?[^，。；：（）\d]{0,10}"
)
# 2023年结转到今年的2件均已办结: no others are meant.
_CARRIED_ONES = re.compile(
    r"^(?:(?!收到|新收|受理)[^。；])*(?:上年|去年|20\d\d年)度?(?:结转|转结)(?:(?!收到|新收|受理)[^。；])*$"
)
_FULL_RATE = re.compile("率.{0,4}100")
_UPHELD = re.compile(r"(?:均|全部|都|皆)(?:获|被|予以|得到|判决|裁定|为|已)*维持")
_CLOSED = re.compile(r"(?:均|全部|都|皆)(?:已|已经)?(?:审结|结案|办结)")
_UNDEFEATED = re.compile("(?:无|未|没有|零)一?[例件起]?(?:发生|出现|被)?(?:败诉|纠错|纠正|撤销)")
_NONE = terms.NEGATIVE
_NO_DISPUTE = re.compile(
    rf"{_NONE}(?:曾|有)?(?:发生|出现|产生|收到|涉及|引发|因|被)?"
    r"[^，。；：（）\d]{0,36}(?:复议|诉讼)(?=(?P<rest>[^，。；：（）]{0,12}))"
)
_NONE_AT_ALL = re.compile(
    "(?:未|没有|无|尚无|均无)(?:发生|出现|产生|收到|涉及|被)?(?:申请|提起)?(?:行政)?(?:复议|诉讼)"
    "(?:案件)?(?:[、和及或]|也?(?:未|没有|无))*(?:申请|提起)?(?:行政)?(?:复议|诉讼)?"
)
"""Who had no dispute at all had none over disclosure either."""
_NO_FEE = re.compile(
    rf"{_NONE}(?:收取|产生|发生|涉及|存在)?(?:过|任何)?[^，。；：（）]{{0,12}}?"
    r"(?:处理费|收费|费用)"
)
_VERDICTS = re.compile("维持|纠正|纠错|败诉|撤销|确认违法|变更")


def _finding(
    sentence: Sentence, rule: Check, match: re.Match[str], wrong: list[Meaning], advice: str
) -> Finding:
    named = "，".join(
        f"{c.name}为{trimmed(c.value)}{'元' if '处理费' in c.name else '件'}"
        for c in wrong
        if c.value is not None
    )
    message = f"“{match[0]}”与数据不符：{named}；{advice}"
    right = trimmed(wrong[0].value) if wrong[0].value is not None else None
    span = [match.span()]
    cells = tuple(c for m in wrong for c in m.cells)
    return sentence.finding(rule, sentence.severity(span), message, span, "0", right, cells)


def _positive(found: list[Meaning]) -> list[Meaning]:
    return [m for m in found if m.value]


def _named_cell(cells: Cells, group: str, column: str) -> Meaning:
    return cells.cell("reviews", group, column)


def _settled(sentence: Sentence, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Report N11: everything is said to be finished, yet something is carried over."""
    cells = context.cells
    text = sentence.text + earlier_text(sentence)
    match = _SETTLED.search(sentence.text) or _NO_CARRY.search(sentence.text)
    if match is None or not about_requests(sentence) or terms.OTHER_BUSINESS.search(sentence.text):
        return
    if "申请" not in text or other_scope(sentence, match.start(), context):
        return
    out, new = cells.request("carried_out"), cells.request("new")
    done = cells.request("total")
    none = _NO_CARRY.search(sentence.text)
    if none is None and _CARRIED_ONES.search(sentence.text, 0, match.start()):
        return
    if none and out.value:
        yield _finding(sentence, rule, none, [out], "请核对表三，或改正文字")
    elif out.value and not _CARRIES.search(sentence.text):
        advice = "请改为与表三一致的说法，例如写明结转下年度的件数"
        found = _finding(sentence, rule, match, [out], advice)
        timely = _TIMELY.search(sentence.text) or _FULL_RATE.search(match[0])
        # All that were due may have been answered in time while others still run.
        yield replace(found, severity="info") if timely else found
    elif not none and new.value == 0 and done.value == 0 and out.value == 0:
        message = f"全年没有申请（表三新收为0），“{match[0]}”无所指；请删去"
        yield sentence.finding(rule, "warning", message, [match.span()], None, "0", new.cells)


_ALL = "(?:均|全部|都|皆|一律)(?:已|依法|由|是|为|系|来自|属于?)*"
_ALL_PERSONS = re.compile(rf"{_ALL}(?:公民|自然人|个人)")
_ALL_OTHERS = re.compile(rf"{_ALL}(?:法人|企业|其他组织)")
_ALL_OPEN = re.compile(rf"{_ALL}(?:作出)?(?:予以|同意)公开(?!率)")


def all_of_one_kind(sentence: Sentence, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Report 申请人均为自然人, 均予以公开 where the table has another kind too (N5, N8)."""
    cells, format_ = context.cells, context.format_
    if not cells.has("requests") or not about_requests(sentence):
        return
    total, open_ = cells.request("total").value, cells.request("open").value
    rest = None if total is None or open_ is None else total - open_
    others = {
        "N8": (
            (_ALL_PERSONS, cells.request("new", "新收的法人或其他组织申请", format_.organisations)),
            (_ALL_OTHERS, cells.request("new", "新收的自然人申请", (format_.person,))),
        ),
        "N5": ((_ALL_OPEN, Meaning("予以公开以外的办理结果", rest, cells.request("open").cells)),),
    }
    for pattern, other in others[rule.id]:
        match = pattern.search(sentence.text)
        if match and other.value and "申请" in sentence.text + earlier_text(sentence):
            if other_scope(sentence, match.start(), context) or _of_some(sentence, match, cells):
                continue
            if not other_year(sentence, match.start(), context):
                yield _finding(sentence, rule, match, [other], "请改正文字或核对表三")


_SOME = re.compile("涉及|关于|有关|其中|对于?|属于|中")


def _of_some(sentence: Sentence, match: re.Match[str], cells: Cells) -> bool:
    """Return whether the words are said of some applications: 涉及水库移民的6件均予以公开."""
    start = sentence.part_start(match.start())
    counts = [q for q in sentence.quantities if start <= q.start < match.start()]
    every = (cells.of(cells.wholes[name]).value for name in (NEW, RECEIVED, FINISHED))
    if _SOME.search(sentence.text[start : match.start()].rpartition("，")[2]):
        return True
    return bool(counts) and counts[-1].value not in {*every} and len(counts) == 1


def _groups(text: str) -> tuple[str, ...]:
    """Return the groups of table 4 that a sentence speaks of."""
    chosen = (APPEAL,) if "复议" in text else ()
    return chosen + (LAWSUITS if "诉" in text else ())


def _verdicts(sentence: Sentence, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Report N12: 均获维持, 均已审结, 无败诉 where the table says otherwise."""
    cells, groups = context.cells, _groups(sentence.text)
    if not groups or not cells.has("reviews") or not about_disputes(sentence):
        return
    claims = (
        (_UPHELD, ("corrected", "otherwise", "pending")),
        (_CLOSED, ("pending",)),
        (_UNDEFEATED, ("corrected",)),
    )
    for pattern, keys in claims:
        match = pattern.search(sentence.text)
        if match is None or other_scope(sentence, match.start(), context):
            continue
        columns = [cells.format_.review_names[key] for key in keys]
        # 复议5件，其中…；诉讼2件，均维持: the word speaks of its own part of the sentence.
        near = _groups(sentence.text[sentence.part_start(match.start()) : match.end()])
        within = (LAWSUITS if "败诉" in match[0] and not _groups(match[0]) else near) or groups
        wrong = _positive([_named_cell(cells, g, c) for g in within for c in columns])
        if wrong:
            yield _finding(sentence, rule, match, wrong, "请改正文字或核对表四")


def _nothing(sentence: Sentence, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Report N13: none is said to have come, while the cells are not 0."""
    cells, total = context.cells, context.format_.total

    def skip(position: int) -> bool:
        return other_scope(sentence, position, context) or other_year(sentence, position, context)

    match = _NO_DISPUTE.search(sentence.text)
    # 未发生复议纠错案件 denies the verdict, not the case.
    if match and not _VERDICTS.search(match[0] + match["rest"]):
        wrong = _positive([_named_cell(cells, g, total) for g in _groups(match[0])])
        about = about_disputes(sentence) or _NONE_AT_ALL.fullmatch(match[0])
        if wrong and about and not skip(match.start()):
            yield _finding(sentence, rule, match, wrong, "请改正文字或核对表四")
    match = _NO_FEE.search(sentence.text)
    if match and ("处理费" in match[0] or "信息公开" in sentence.text):
        wrong = _positive(fee_meanings(context.figures))
        if wrong and not skip(match.start()):
            yield _finding(sentence, rule, match, wrong, "请改正文字或核对收费台账")


_TAKEN = re.compile("(?:收取|金额|收费|处理费)[^，。；、\\d]{0,6}$")


def _contradicted(sentence: Sentence, rule: Check, claims: tuple[Claim, ...]) -> Iterator[Finding]:
    """Report 未收到申请 or 未收取处理费 with a number of them in the same sentence."""
    own = [c for c in claims if c.sentence is sentence]
    none = terms.NO_REQUEST.search(sentence.text) if any(c.rule == "N13" for c in own) else None
    of = {"N1"} if "结转" in sentence.text else {"N1", "N3"}  # 未收到新申请，办结上年结转2件
    said = [(none, c.quantity) for c in own if c.rule in of and c.quantity.value]
    if fee := _NO_FEE.search(sentence.text):
        counts = [q for q in sentence.quantities if q.unit == "元" and q.value]
        said += [(fee, q) for q in counts if _TAKEN.search(sentence.text, fee.end(), q.start)]
    for match, q in said:
        if match is not None and match.end() <= q.start:
            printed = sentence.text[q.start : q.end].strip()
            message = f"“{match[0]}”与同一句中的“{printed}”矛盾；请核对后改正"
            spans = [match.span(), (q.start, q.end)]
            severity = sentence.severity(spans)
            yield sentence.finding(rule, severity, message, spans, "0", trimmed(q.value))


def _no_request(claims: tuple[Claim, ...], rule: Check, cells: Cells) -> Iterator[Finding]:
    wrong = _positive([cells.request("new", "表三新收总计")])
    for claim in claims:
        if claim.rule == "N13" and wrong:
            match = terms.NO_REQUEST.search(claim.sentence.text)
            if match is not None:
                yield _finding(claim.sentence, rule, match, wrong, "请改正文字或核对表三")


@check(
    "N11",
    severity="warning",
    title="“均已办结”与结转",
    source="国办公开办函〔2021〕30号，表三",
    explanation="说全部办结、没有结转，表三“结转下年度继续办理”就应为0。请改写这句话，或核对台账。",
)
def finished_means_finished(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check that nothing is carried over where everything is said to be finished."""
    if manuscript.context.cells.has("requests"):
        for sentence in _sentences(manuscript):
            yield from _settled(sentence, rule, manuscript.context)


@check(
    "N12",
    severity="warning",
    title="“均获维持”与表四",
    source="国办公开办函〔2021〕30号，表四",
    explanation="说复议、诉讼均获维持、无败诉，表四的“结果纠正”“尚未审结”就应为0。请改写这句话，"
    "或核对表四。",
)
def upheld_means_upheld(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check that table 4 has no other result where all decisions are said to be upheld.

    So with suits of which none is said to be lost.
    """
    for sentence in _sentences(manuscript):
        yield from _verdicts(sentence, rule, manuscript.context)


@check(
    "N13",
    severity="warning",
    title="“未收到”“未发生”与表",
    source="国办公开办函〔2021〕30号，表三、表四",
    explanation="说没有申请、没有复议诉讼、没有收费，表中相应各格就应为0，同一句里也不应再有件数、金额；"
    "反之表中有数而正文一字未提，也会提示。",
)
def none_means_none(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check that the cells are 0 where none is said to have come."""
    yield from _no_request(manuscript.claims, rule, manuscript.context.cells)
    for sentence in _sentences(manuscript):
        yield from _nothing(sentence, rule, manuscript.context)
        yield from _contradicted(sentence, rule, manuscript.claims)
    yield from _silence(manuscript.prose, rule, manuscript.context)


def _sentences(manuscript: Manuscript) -> Iterator[Sentence]:
    return (s for s in manuscript.prose.sentences if s.kind != "heading")


def _silence(prose: Prose, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Report cells that are not 0 and of which the prose does not speak."""
    cells = context.cells
    text = "".join(b.text for b in prose.blocks if b.section not in {"title", "preface"})
    total = context.format_.total
    said = re.compile(
        r"申请[^。]{0,40}\d|\d[^。]{0,20}申请|[一二两三四五六七八九十]+件[^。]{0,8}申请"
        rf"|{terms.NO_REQUEST.pattern}"
    )
    checks = (
        ("overview", said, [cells.request("new", "表三新收总计")], "收到申请的件数"),
        ("overview", re.compile("复议"), [_named_cell(cells, APPEAL, total)], "行政复议"),
        ("overview", re.compile("诉讼|起诉"), [_named_cell(cells, g, total) for g in LAWSUITS],
         "行政诉讼"),
        ("other", re.compile("处理费|收费"), fee_meanings(context.figures), "信息处理费"),
    )  # fmt: skip
    for section, pattern, found, what in checks:
        wrong = _positive(found)
        if text and wrong and any(prose.section(section)) and not pattern.search(text):
            named = "，".join(f"{m.name}为{trimmed(m.value)}" for m in wrong if m.value is not None)
            message = f"正文没有写{what}，而{named}；请补写"
            cells_ = tuple(c for m in wrong for c in m.cells)
            yield Finding(rule.id, "info", message, cells=cells_, passage=Passage(section))
