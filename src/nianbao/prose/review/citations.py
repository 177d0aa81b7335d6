"""How laws, notices and other documents are cited (L5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from nianbao.files.numerals import read_numeral
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.text import Sentence
from nianbao.prose.review.wording import wording
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding
from nianbao.statutory import Format

_ORDER = re.compile(r"(?:国令|国务院令)\s*[（(]?\s*第\s*(?P<number>\d+)\s*号")
_OLD_NOTICE = re.compile(r"(?:国办公开办函)?\s*[〔\[【（(〈]?\s*2019\s*[〕\]】）)〉]?\s*60\s*号")
_BRACKETS = re.compile(
    r"(?<=[\u4e00-\u9fff])(?P<open>[\[［【（(〈<])\s*(?P<year>20\d\d)\s*(?P<close>[\]］】）)〉>])\s*第?\s*\d+\s*号"
)
_PADDED = re.compile(r"[〔]\s*20\d\d\s*[〕]\s*第\s*\d+\s*号")
_TITLED = re.compile(
    r"《(?P<title>[^《》]*(?:《[^》]*》[^《》]*)*)》(?P<rest>[（(][^（()）]*[）)])?"
)
_NUMBER = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff]*)[〔\[【（(〈]\s*(?P<year>20\d\d)\s*[〕\]】）)〉]"
    r"\s*第?\s*(?P<number>\d+)\s*号"
)
_BLANKS = re.compile(r"[\s〈〉《》<>]")
_DIGITS = re.compile(r"\d+")
_ABOUT = re.compile(r"信息公开条例》?[^《》]{0,8}$")
_SIMILAR = 0.85


def _bare(text: str) -> str:
    return _BLANKS.sub("", text)


def _orders(sentence: Sentence, rule: Check, format_: Format) -> Iterator[Finding]:
    right = "".join(_DIGITS.findall(format_.regulation_number))
    for match in _ORDER.finditer(sentence.text):
        before = sentence.text[: match.start()]
        about = _ABOUT.search(before) or "《条例》" in before[-8:]
        if match["number"] == right or not (about or match["number"] == "492"):
            continue
        message = (
            f"《{format_.regulation_title}》现行文本为{format_.regulation_number}，"
            f"写作“{match[0]}”；请改正"
        )
        yield sentence.finding(
            rule, "warning", message, [match.span()], match[0], format_.regulation_number
        )


def _notice(sentence: Sentence, rule: Check, format_: Format) -> Iterator[Finding]:
    if match := _OLD_NOTICE.search(sentence.text):
        message = f"“{match[0]}”的格式已被{format_.notice_number}代替；请改引现行通知"
        yield sentence.finding(
            rule, "warning", message, [match.span()], match[0], format_.notice_number
        )


def _bracket_style(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    for match in _BRACKETS.finditer(sentence.written):
        year = match["year"]
        written = f"{match['open']}{year}{match['close']}"
        message = f"发文年份应用六角括号：〔{year}〕，写作“{written}”；请改正"
        span = (match.start("open"), match.end("close"))
        yield sentence.finding(rule, "warning", message, [span], match[0])
    for match in _PADDED.finditer(sentence.text):
        message = f"发文字号的顺序号前不加“第”字，写作“{match[0]}”；请改正"
        yield sentence.finding(rule, "info", message, [match.span()], match[0])


_BASIS = re.compile(
    r"(?:信息公开条例》|《条例》)(?:（[^）]*）)?(?P<articles>第[^，。；]{1,4}条(?:[、和及]第?[^，。；]{1,4}条)*)"
    r"[^。；]{0,24}(?:编制|撰写|形成|公布|发布)[^。；]{0,16}(?:年度报告|年报|本报告)"
)
_ARTICLE = re.compile(r"第(\d+|[一二三四五六七八九十]+)条")
_OF_REPORTS = {49, 50, 54, 55}
"""The articles that ask for the yearly report, and those that bind schools and hospitals."""


def _articles(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Report a report that is founded on another article of the regulation."""
    match = _BASIS.search(sentence.text)
    for article in _ARTICLE.finditer(sentence.text, *match.span("articles")) if match else ():
        number = int(article[1]) if article[1].isdigit() else read_numeral(article[1])
        if number not in _OF_REPORTS:
            message = f"年度报告的依据是《条例》第四十九条、第五十条，写作“{article[0]}”；请改正"
            yield sentence.finding(rule, "warning", message, [article.span()], article[0])


_DEADLINE = re.compile(
    r"(?:法定|《条例》规定|(?<!《)条例规定)的?(?:答复|办理|办结)?(?:期限|时限)?(?:为|是|：|（)?"
    r"(?P<days>\d+)个?工作日"
)
_DAYS = frozenset({"20", "40"})
"""Working days that an answer has, and with those it is prolonged by (article 33)."""
_OTHER_LIMIT = re.compile("补正|征求|第三方|意见|更正|缴|告知|登记|移送|建议|提案|留言|来信|许可")


def _deadlines(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Report another legal limit of an answer than 20 working days: that of the old regulation."""
    match = _DEADLINE.search(sentence.text)
    about = "申请" in sentence.text or sentence.topic == "requests"
    if match is None or match["days"] in _DAYS or not about or "答" not in sentence.text:
        return
    if not _OTHER_LIMIT.search(sentence.text):
        message = (
            f"《条例》第三十三条规定的答复期限是20个工作日，写作“{match['days']}个工作日”；请改正"
        )
        right = "20个工作日"
        yield sentence.finding(rule, rule.severity, message, [match.span()], match[0], right)


_ARTICLES = 56
_OF_REGULATION = re.compile(
    r"(?:信息公开|《)条例》(?:（[^）]*）)?的?第(?P<number>\d+|[一二三四五六七八九十]+)条"
)


def _old_articles(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Report an article that had this content before the regulation was revised in 2019."""
    for match in _OF_REGULATION.finditer(sentence.text):
        number = match["number"]
        article = int(number) if number.isdigit() else read_numeral(number)
        if article is not None and article > _ARTICLES:
            message = f"《条例》共{_ARTICLES}条，没有“第{number}条”；请核对条号"
            span = (match.start("number") - 1, match.end())
            yield sentence.finding(rule, rule.severity, message, [span], f"第{number}条")
            continue
        behind = sentence.text[match.end() : match.end() + 40].partition("；")[0]
        for old in wording("old_articles"):
            if old["old"] == article and re.search(old["about"], behind):
                message = (
                    f"“第{number}条”是2019年修订以前的条号，现行《条例》这一内容在{old['now']}；"
                    "请改正"
                )
                span = (match.start("number") - 1, match.end())
                said = f"第{number}条"
                yield sentence.finding(rule, rule.severity, message, [span], said, old["now"])
                break


def _known_documents(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Hold the titles of documents that reports often cite against their numbers."""
    for match in _TITLED.finditer(sentence.text):
        number = _NUMBER.search(match["rest"] or "")
        title = _bare(match["title"])
        for known in wording("documents"):
            named = known["words"] in title
            same = number is not None and number["issuer"].endswith(known["number"].split("〔")[0])
            same = same and number is not None and _same_number(number, known["number"])
            issuer = title.partition("关于")[0] if "关于" in title else known["issuer"]
            if same and not named:
                message = (
                    f"{known['number']}的名称应有“{known['words']}”，"
                    f"写作《{match['title']}》；请核对"
                )
            elif named and number is not None and not same and "关于" in title:
                message = f"这份文件的文号是{known['number']}，写作“{number[0]}”；请核对"
            elif named and same and issuer != known["issuer"]:
                message = f"{known['number']}由{known['issuer']}印发，写作“{issuer}”；请改正"
            else:
                continue
            yield sentence.finding(rule, "warning", message, [match.span()], match[0])


def _same_number(match: re.Match[str], official: str) -> bool:
    parts = _NUMBER.search(official)
    return parts is not None and (match["year"], match["number"]) == (
        parts["year"],
        parts["number"],
    )


def _titles(sentence: Sentence, rule: Check, format_: Format) -> Iterator[Finding]:
    """Hold a title against the number behind it: both must be of one document."""
    issuer = _NUMBER.search(format_.notice_number)
    for match in _TITLED.finditer(sentence.text):
        title, number = _bare(match["title"]), _NUMBER.search(match["rest"] or "")
        named = _bare(format_.notice_title) in title
        numbered = (
            number is not None
            and issuer is not None
            and number["issuer"].endswith(issuer["issuer"])
            and _same_number(number, format_.notice_number)
        )
        if numbered and not named:
            message = (
                f"{format_.notice_number}的名称是《{format_.notice_title}》，"
                f"写作《{match['title']}》；请核对名称"
            )
            span, right = match.span("title"), format_.notice_title
        elif named and number is not None and not numbered and not _OLD_NOTICE.search(number[0]):
            message = (
                f"《{format_.notice_title}》的文号是{format_.notice_number}，"
                f"写作“{number[0]}”；请改正"
            )
            start = match.start("rest")
            span, right = (start + number.start(), start + number.end()), format_.notice_number
        else:
            yield from _misspelt(sentence, rule, match, title, format_)
            continue
        words = sentence.text[span[0] : span[1]]
        yield sentence.finding(rule, "warning", message, [span], words, right)


def _misspelt(
    sentence: Sentence, rule: Check, match: re.Match[str], title: str, format_: Format
) -> Iterator[Finding]:
    """Report a title that is nearly the regulation's or the notice's."""
    if not title.startswith("中华人民共和国") or "信息公开" not in title:
        return
    for official in (format_.regulation_title, format_.notice_title):
        exact = _bare(official)
        if exact in title:
            return
        if SequenceMatcher(None, title, exact, autojunk=False).ratio() >= _SIMILAR:
            message = f"文件名称应为《{official}》，写作《{match['title']}》；请改正"
            yield sentence.finding(
                rule, "warning", message, [match.span("title")], match["title"], official
            )
            return


@check(
    "L5",
    severity="warning",
    title="法规和通知的引用",
    source="国务院令第711号，国办公开办函〔2021〕30号",
    explanation="《中华人民共和国政府信息公开条例》为国令第711号，"
    "格式通知为国办公开办函〔2021〕30号，名称、文号须一字不差；"
    "编制年报的依据是《条例》第四十九条、第五十条；条号和答复期限（20个工作日）以2019年修订的为准。",
)
def documents_are_cited_rightly(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check how the two legal documents, and numbers of documents at all, are cited."""
    for sentence in manuscript.prose.sentences:
        if "号" in sentence.text:
            yield from _orders(sentence, rule, manuscript.context.format_)
            yield from _notice(sentence, rule, manuscript.context.format_)
            yield from _bracket_style(sentence, rule)
        if "《" in sentence.text:
            yield from _titles(sentence, rule, manuscript.context.format_)
            yield from _articles(sentence, rule)
            yield from _known_documents(sentence, rule)
            yield from _old_articles(sentence, rule)
        if "工作日" in sentence.text:
            yield from _deadlines(sentence, rule)
