"""Years and periods that do not belong here (L1, L13), dead links (L14), signs that print (L16)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.files.numerals import read_numeral
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.quantities import hide
from nianbao.prose.review.text import Sentence
from nianbao.prose.review.wording import wording
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding
from nianbao.statutory import Format

_HIDDEN = re.compile(
    r"《[^《》]*(?:《[^》]*》[^《》]*)*》|“[^”]{0,60}”|[A-Za-z0-9./:_-]*[/.][A-Za-z0-9./_-]{6,}"
    r"|[〔\[【（(〈]\s*(?:19|20)\d{2}\s*[〕\]】）)〉]\s*第?\s*\d*\s*号?"
    r"|(?:(?:19|20)\d{2}\s*年度?\s*[、和]\s*)+(?=(?:19|20)\d{2}\s*年)"
    r"|(?:19|20)\d{2}\s*年?\s*[-—–~～至到]+\s*(?:19|20)\d{2}\s*年?"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*年|(二〇[〇一二三四五六七八九]{2})年")
# An earlier year is in place when it is compared with, carried over or dates something.
_COMPARED = re.compile(
    "同比|上年|去年|上一年|结转|转结|相比|增[长加幅多至到]|减[少至到]|下降|降[幅至到]|上升|持平|翻|倍|决算|，今年"
)
_BEFORE = re.compile(
    r"(?:自|从|至|到|由|较|比|与|同|于|对|针对|截[至止]|[上去]年度?（?|以来|[（(]|印发|出台|发布|修订|施行)$"
)
_AFTER = re.compile(
    r"\s*(?:\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?[底末初]?度?(?:的)?[^，。；]{0,14}?"
    r"(?:相比|同期|以来|及?[以之]前|至今|决算|年报|印发|出台|发布|公布|修[订正改]|施行|实施|成立|颁布|建成|开通"
    r"|上线|启动|制定|通过|废止|版|收到的|受理的|信息公开件|申请件|起"
    r"|[\d一二两三四五六七八九十][余多]?倍|[一二三四五六七八九]分之|翻了?[一两二三]?番)"
)
# 2023年全年发布信息318条 counts the year; 2023年发布的文件 dates a document.
_COUNTS_IT = re.compile(
    r"度?(?:全年|我[局镇乡委厅办]|全[局县镇乡]|共|累计)+[^，。；的\d]{0,4}"
    r"(?:公开|发布|公布|制定|印发|推送)[^，。；的\d]{0,10}\d"
)
_OF_LAST_YEAR = re.compile(r"度?(?:的)?[^，。；]{0,14}?(?:存在|问题|整改|不足)")
_UNTIL_THE_END = re.compile(r"截[至止]20\d\d\s*年\s*(?:12\s*月\s*31\s*日|[底末])")
_FUTURE = re.compile(
    r"下一?步|下一?年|今后|将|计划|拟|打算|安排|结转|顺延|转|展望|新的一年|继续|明年|工作中|要|公布|发布|编制"
)
_PERIOD = re.compile(r"\s*(?:1\s*月\s*1\s*日|12\s*月\s*31\s*日)(?!起?(?:施行|实施|执行))")
# 2024年，我局将: a plan that carries the report's own year was left over from last year.
_PLAN = re.compile(
    r"\s*[，,]?\s*(?:我|本|全|各|县|市|区|镇|街道|局|办|委|厅|单位|机关)*(?:将|拟|计划)(?!于)"
)
_AHEAD = re.compile("下一?步|今后|明年")
# 印发《2022年政务公开工作要点》: a plan is made for the year that is reported.
_YEARS_PLAN = re.compile(
    r"(?P<verb>印发|制定|制订|出台|下发|落实|对照|按照|根据|围绕|贯彻)[^《》。；，]{0,12}"
    r"《(?P<title>[^《》]*?(?P<year>20\d\d)年度?[^《》]*?(?:要点|任务分工|工作计划|工作安排|工作方案|实施方案))[^《》]{0,6}》"
)
_DAY = re.compile(r"\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_UNTIL = re.compile(r"截[至止](?:20\d\d年)?\s*(?P<month>\d{1,2})\s*月(?:份|底|末)?(?!\s*\d)")


def _stale(sentence: Sentence, text: str, match: re.Match[str], year: int) -> str | None:
    """Return why a year is out of place, or None."""
    number = int(match[1]) if match[1] else read_numeral(match[2])
    # What the year goes with stands in its own part of the sentence.
    start = max(text.rfind("。", 0, match.start()), text.rfind("；", 0, match.start())) + 1
    end = next((i for i in range(match.end(), len(text)) if text[i] in "。；"), len(text))
    beside = text[start:end]
    if number == year:
        ahead = sentence.section.startswith("problems") or _AHEAD.search(text, start, match.start())
        if ahead and _PLAN.match(text, match.end()):
            return (
                "写在今后的打算里，像是上年报告留下的文字；报告年度之后的安排应写下一年或“下一步”"
            )
        return None
    if number is not None and number > year:
        dated = _DAY.match(text, match.end()) or sentence.section in {"signature", "preface"}
        planned = sentence.section.startswith("problems") or _FUTURE.search(beside)
        if number == year + 1 and (dated or planned):
            return None
        return "晚于报告年度，前后又没有下一步、计划等字样"
    if sentence.section == "preface" and _PERIOD.match(text, match.end()):
        return "写在统计期限里，不是报告年度"
    placed = _BEFORE.search(text, 0, match.start()) or (
        _AFTER.match(text, match.end()) and not _COUNTS_IT.match(text, match.end())
    )
    placed = placed or (number == year - 1 and _OF_LAST_YEAR.match(text, match.end()))
    ended = _UNTIL_THE_END.search(text, max(0, match.start() - 2), match.end() + 8)
    if ended and str(year) not in beside and not _COMPARED.search(beside):
        return "写在“截至”后面，不是报告年度的年底"
    if placed or (number == year - 1 and _COMPARED.search(beside)):
        return None
    if number is not None and _in_series(beside, number, year):
        return None
    if number == year - 1:
        return "是上年的年份，前后又没有对比、结转等字样"
    return "不是报告年度"


def _old_plan(sentence: Sentence, rule: Check, year: int) -> Iterator[Finding]:
    for match in _YEARS_PLAN.finditer(sentence.text):
        if int(match["year"]) >= year:
            continue
        message = (
            f"“{match['verb']}”的《{match['title']}》是{match['year']}年的文件，本报告为{year}年；"
            "像是上年留下的文字，请核对"
        )
        span = [match.span("year")]
        yield sentence.finding(rule, rule.severity, message, span, match["year"], str(year))


_CARRIED_TO = re.compile(
    r"(?:未办结|未答复|正在办理|未到期)[^。；]{0,24}(?:结转|顺延|转)(?:至|到|入)(?P<year>20\d\d)年"
)


def _carried_back(sentence: Sentence, rule: Check, year: int) -> Iterator[Finding]:
    """Yield what is not finished and is carried over to the report's own year."""
    match = _CARRIED_TO.search(sentence.text)
    if match and int(match["year"]) == year and not _LAST.search(sentence.text, 0, match.start()):
        message = f"{year}年没有办结的应结转{year + 1}年，写作“{match['year']}年”；请核对"
        span = [match.span("year")]
        severity = sentence.severity(span)
        yield sentence.finding(rule, severity, message, span, match["year"], str(year + 1))


_LAST = re.compile(r"[上去]一?年|20\d\d年")
_COUNTED = re.compile(r"(20\d\d)年[^，。；\d]{0,20}(?<!第)\d")


def _in_series(text: str, number: int, year: int) -> bool:
    """Return whether a year's count stands in a row of years that ends with the report's."""
    counted = {int(match[1]) for match in _COUNTED.finditer(text)}
    return set(range(number, year + 1)) <= counted


@check(
    "L1",
    severity="warning",
    title="年份",
    source="已公布年报中的常见差错",
    explanation="除文件名称外，正文只应出现报告年度、作比较的上年和作打算的下年；"
    "其他年份多半是上年留下的；“下一步”里的报告年度、“印发”的往年工作要点也是。",
)
def years_are_this_reports(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find years that were left over or mistyped.

    Titles, document numbers, quotations and ranges of years (2021—2025年) are passed over;
    last year needs a word of comparison or carrying over, next year one of planning, and an
    older one a word that dates a document or a beginning.
    """
    for sentence in manuscript.prose.sentences:
        if sentence.section == "title":
            continue  # the title as a whole is a check of structure (S7)
        yield from _old_plan(sentence, rule, manuscript.context.year)
        yield from _carried_back(sentence, rule, manuscript.context.year)
        text = _HIDDEN.sub(hide, sentence.text)
        for match in _YEAR.finditer(text):
            if why := _stale(sentence, text, match, manuscript.context.year):
                message = f"“{match[0]}”{why}；本报告为{manuscript.context.year}年，请核对"
                span = [match.span()]
                severity = sentence.severity(span)
                yield sentence.finding(
                    rule, severity, message, span, match[0], f"{manuscript.context.year}年"
                )
        until = _UNTIL.search(text)
        if until and int(until["month"]) < 12 and sentence.quantities:
            message = f"“{until[0]}”的数据不到年底；年度报告统计到12月31日，请核对是否更新"
            yield sentence.finding(rule, "info", message, [until.span()])


# 十八大以来 and the end of a period are history, and stay right.
_PAST = re.compile("[”》]?(?:以来|之后|以后|收官|期末|末|(?P<period>期间|时期)|到|至|[—–-])")
_NOW = re.compile(
    "[，]?(?:我|本|全|各|县|市|区|镇|局|单位|机关)*(?:即?将|正在|继续|今后|下一步|要)"
)


@check(
    "L13",
    severity="warning",
    title="过时的提法",
    source="已公布年报中的常见差错",
    explanation="会议精神和规划时期的提法要与报告年度一致，2024年的报告写“深入学习贯彻党的十九大精神”"
    "或把“十三五”当作现在，多半是沿用旧稿。请按本年的提法改写；确是叙述过去的，写明时间。",
)
def periods_are_this_years(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check that a congress or plan is that of the report's own time.

    One that is named as history is left alone.
    """
    year = manuscript.context.year
    for sentence in manuscript.prose.sentences:
        if sentence.section == "preface":
            yield from _old_parts(sentence, rule, manuscript.context.format_)
        for era in wording("eras"):
            if year <= era["year"]:
                continue
            for match in re.finditer(era["words"], sentence.text):
                if _is_history(sentence, match.end()) or _in_title(sentence, match.start()):
                    continue
                message = f"“{match[0]}”不是{year}年的提法（现为“{era['instead']}”）；请核对"
                yield sentence.finding(
                    rule, rule.severity, message, [match.span()], match[0], era["instead"]
                )


_PARTS = re.compile("(?:收费及减免|收费和减免|咨询处理|概述、)")


def _old_parts(sentence: Sentence, rule: Check, format_: Format) -> Iterator[Finding]:
    """Report a preface that tells the parts of the report as they were before 2019."""
    match = _PARTS.search(sentence.text)
    if match and re.search("部分|包括|组成|内容", sentence.text):
        said = match[0].rstrip("、")
        parts = "、".join(s.heading.partition("、")[2] for s in format_.sections)
        message = f"“{said}”是旧格式的部分；现行格式的六个部分是{parts}；请改正"
        yield sentence.finding(rule, rule.severity, message, [match.span()], said)


def _is_history(sentence: Sentence, end: int) -> bool:
    """Return whether the words behind a period say that it is over; 时期 with 将 does not."""
    past = _PAST.match(sentence.text, end)
    return past is not None and not (past["period"] and _NOW.match(sentence.text, past.end()))


def _in_title(sentence: Sentence, position: int) -> bool:
    before = sentence.text[:position]
    return before.count("《") > before.count("》")


_END = r"[^\s，。；、）)》”]*"
_PLAIN_END = r"[^\s，。；、）)》”\u4e00-\u9fff]*"
_ADDRESS = re.compile(
    rf"(?:https?|ftp)://(?P<host>[^\s/:?#，。；、）)》”\u4e00-\u9fff]+){_PLAIN_END}"
    rf"|file:{_END}|(?<![A-Za-z])[A-Za-z]:[\\/]{_END}|\\\\[\w.-]+\\{_END}"
    r"|(?<![A-Za-z0-9.])(?:localhost|127\.0\.0\.1|192\.168\.\d+\.\d+|10\.\d+\.\d+\.\d+)"
    rf"(?![\w.]){_PLAIN_END}"
)
_PRIVATE = re.compile(
    r"localhost|127\.|0\.0\.0\.0|10\.\d+\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[|"
    r"[^.]+$|.+\.(?:local|lan|internal|intranet|home)$"
)
_TARGET = re.compile(r"(?<!!)\[[^\]\n]*\]\((?P<target>[^)\s]+)[^)\n]*\)")


@check(
    "L14",
    severity="warning",
    title="公众打不开的网址",
    source="《政府信息公开条例》第二十四条",
    explanation="报告里的网址应当公众打得开。localhost、192.168开头的内网地址"
    "和 file:、C:\\ 开头的本机文件，只有写稿的电脑能打开。请换成已公开发布的网址，或删去。",
)
def links_can_be_opened(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find addresses that only the writer's own computer or network can open."""
    for sentence in manuscript.prose.sentences:
        for match in _ADDRESS.finditer(sentence.written):
            if _unreachable(match):
                message = f"“{match[0]}”公众打不开（本机或内网的地址）；请换成公开的网址，或删去"
                yield sentence.finding(rule, rule.severity, message, [match.span()], match[0])
    for section, text in manuscript.sections.items():
        for link in _TARGET.finditer(text):
            address = _ADDRESS.match(link["target"])
            home = _sentence_at(manuscript, section, link.start())
            if home and address and _unreachable(address):
                message = f"链接“{link['target']}”公众打不开（本机或内网的地址）；请换成公开的网址"
                yield home.finding(rule, rule.severity, message, [], link["target"])


def _sentence_at(manuscript: Manuscript, section: str, place: int) -> Sentence | None:
    """Return the sentence in which a place of a section's text lies."""
    sentences = (s for s in manuscript.prose.sentences if s.section == section)
    return next((s for s in [*sentences][::-1] if s.offset <= place), None)


_SIGNS = re.compile(
    r"(?<![!\\])\[(?P<text>[^\]\n^]+)\]\((?P<target>[^)\s]+)[^)\n]*\)|\[\^[^\]\n]{1,20}\](?::)?"
    r"|~~[^~\n]+~~|==[^=\n]+==|(?<![A-Za-z\d_])__[^_\n]+__(?![A-Za-z\d_])"
)


@check(
    "L16",
    severity="warning",
    title="会照样印出来的排版记号",
    source="本模板的约定",
    explanation="正文可以用粗体、斜体、列表、表格和图片的记号；"
    "链接 [文字](网址)、脚注 [^1]、删除线和 __ 、== 这样的记号不排版，会照样印出来。"
    "链接请写成“文字（网址）”，网址在网页、PDF和Word里都点得开；"
    "脚注请写进括号。",
)
def no_signs_are_printed(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find links, footnotes and strikes that no format sets: the public would read the signs."""
    for section, text in manuscript.sections.items():
        for match in _SIGNS.finditer(text):
            home = _sentence_at(manuscript, section, match.start())
            address = _ADDRESS.match(match["target"] or "")
            if home is None or (address and _unreachable(address)):
                continue
            instead = f"{match['text']}（{match['target']}）" if match["target"] else ""
            advice = f"请改写为“{instead}”" if instead else "请删去记号，要说明的写进括号"
            message = f"“{match[0]}”会照样印出来；{advice}"
            yield home.finding(rule, rule.severity, message, [], match[0], instead or None)


def _unreachable(match: re.Match[str]) -> bool:
    host = match["host"]
    return host is None or _PRIVATE.match(host) is not None
