"""Years that do not belong in this report (L1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.mask import FILL
from nianbao.prose.review.quantities import chinese_number
from nianbao.prose.review.text import Prose, Sentence

_HIDDEN = re.compile(
    r"《[^《》]*(?:《[^》]*》[^《》]*)*》|“[^”]{0,60}”|[A-Za-z0-9./:_-]*[/.][A-Za-z0-9./_-]{6,}"
    r"|[〔\[【（(〈]\s*(?:19|20)\d{2}\s*[〕\]】）)〉]\s*第?\s*\d*\s*号?"
    r"|(?:19|20)\d{2}\s*年?\s*[-—–~～至到]+\s*(?:19|20)\d{2}\s*年?"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*年|(二〇[〇一二三四五六七八九]{2})年")
# An earlier year is in place when it is compared with, carried over or dates something.
_COMPARED = re.compile(r"同比|较上年|比上年|上年|去年|上一年|结转|转结|相比|增长|下降|决算")
_BEFORE = re.compile(
    r"(?:自|从|至|到|由|较|比|与|同|于|对|针对|截[至止]|[上去]年度?（?|以来|[（(]|印发|出台|发布|修订|施行)$"
)
_AFTER = re.compile(
    r"\s*(?:\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?[底末初]?度?(?:的)?[^，。；]{0,14}?"
    r"(?:相比|同期|以来|至今|决算|年报|存在|问题|整改|不足|印发|出台|发布|公布|修[订正改]|施行|实施|成立|颁布|建成|开通"
    r"|上线|启动|制定|通过|废止|版|收到的|受理的|信息公开件|申请件|起)"
)
_FUTURE = re.compile(
    r"下一?步|下一?年|今后|将|计划|拟|打算|安排|结转|顺延|转|展望|新的一年|继续|明年|工作中|要|公布|发布|编制"
)
_PERIOD = re.compile(r"\s*(?:1\s*月\s*1\s*日|12\s*月\s*31\s*日)(?!起?(?:施行|实施|执行))")
# 2024年，我局将: a plan that carries the report's own year was left over from last year.
_PLAN = re.compile(
    r"\s*[，,]?\s*(?:我|本|全|各|县|市|区|镇|街道|局|办|委|厅|单位|机关)*(?:将|拟|计划)(?!于)"
)
_DAY = re.compile(r"\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_UNTIL = re.compile(r"截[至止](?:20\d\d年)?\s*(?P<month>\d{1,2})\s*月(?:份|底|末)?(?!\s*\d)")


def _hide(match: re.Match[str]) -> str:
    return FILL * len(match[0])


def _stale(sentence: Sentence, text: str, match: re.Match[str], year: int) -> str | None:
    """Why a year is out of place, or None."""
    number = int(match[1]) if match[1] else chinese_number(match[2])
    # What the year goes with stands in its own part of the sentence.
    start = max(text.rfind("。", 0, match.start()), text.rfind("；", 0, match.start())) + 1
    end = next((i for i in range(match.end(), len(text)) if text[i] in "。；"), len(text))
    around = text[start:end]
    if number == year:
        if sentence.section.startswith("problems") and _PLAN.match(text, match.end()):
            return (
                "写在今后的打算里，像是上年报告留下的文字；报告年度之后的安排应写下一年或“下一步”"
            )
        return None
    if number is not None and number > year:
        dated = _DAY.match(text, match.end()) or sentence.section in {"signature", "preface"}
        planned = sentence.section.startswith("problems") or _FUTURE.search(around)
        if number == year + 1 and (dated or planned):
            return None
        return "晚于报告年度，前后又没有下一步、计划等字样"
    if sentence.section == "preface" and _PERIOD.match(text, match.end()):
        return "写在统计期限里，不是报告年度"
    placed = _BEFORE.search(text, 0, match.start()) or _AFTER.match(text, match.end())
    if placed or (number == year - 1 and _COMPARED.search(around)):
        return None
    if number == year - 1:
        return "是上年的年份，前后又没有对比、结转等字样"
    return "不是报告年度"


def check_years(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    """Find years that were left over or mistyped.

    Titles, document numbers, quotations and ranges of years (2021—2025年) are passed over;
    last year needs a word of comparison or carrying over, next year one of planning, and an
    older one a word that dates a document or a beginning.
    """
    for sentence in prose.sentences:
        if sentence.section == "title":
            continue  # the title as a whole is a check of structure (S7)
        text = _HIDDEN.sub(_hide, sentence.text)
        for match in _YEAR.finditer(text):
            if why := _stale(sentence, text, match, context.year):
                message = f"“{match[0]}”{why}；本报告为{context.year}年，请核对"
                span = [match.span()]
                severity = sentence.severity(span)
                yield sentence.finding("L1", severity, message, span, match[0], f"{context.year}年")
        until = _UNTIL.search(text)
        if until and int(until["month"]) < 12 and sentence.quantities:
            message = f"“{until[0]}”的数据不到年底；年度报告统计到12月31日，请核对是否更新"
            yield sentence.finding("L1", "info", message, [until.span()])
