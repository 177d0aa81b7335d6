"""Wrong citations of the regulation and of the format notice (L5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.text import Prose, Sentence
from nianbao.statutory import Format

_ORDER = re.compile(r"(?:国令|国务院令)\s*[（(]?\s*第\s*(?P<number>\d+)\s*号")
_OLD_NOTICE = re.compile(r"(?:国办公开办函)?\s*[〔\[【（(〈]?\s*2019\s*[〕\]】）)〉]?\s*60\s*号")
_BRACKETS = re.compile(
    r"(?<=[\u4e00-\u9fff])(?P<open>[\[【（(〈<])\s*(?P<year>20\d\d)\s*(?P<close>[\]】）)〉>])\s*第?\s*\d+\s*号"
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


def _orders(sentence: Sentence, format_: Format) -> Iterator[ProseFinding]:
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
            "L5", "warning", message, [match.span()], match[0], format_.regulation_number
        )


def _notice(sentence: Sentence, format_: Format) -> Iterator[ProseFinding]:
    if match := _OLD_NOTICE.search(sentence.text):
        message = f"“{match[0]}”的格式已被{format_.notice_number}代替；请改引现行通知"
        yield sentence.finding(
            "L5", "warning", message, [match.span()], match[0], format_.notice_number
        )


def _bracket_style(sentence: Sentence) -> Iterator[ProseFinding]:
    for match in _BRACKETS.finditer(sentence.written):
        year = match["year"]
        written = f"{match['open']}{year}{match['close']}"
        message = f"发文年份应用六角括号：〔{year}〕，写作“{written}”；请改正"
        span = (match.start("open"), match.end("close"))
        yield sentence.finding("L5", "warning", message, [span], match[0])
    for match in _PADDED.finditer(sentence.text):
        message = f"发文字号的顺序号前不加“第”字，写作“{match[0]}”；请改正"
        yield sentence.finding("L5", "info", message, [match.span()], match[0])


def _same_number(match: re.Match[str], official: str) -> bool:
    parts = _NUMBER.search(official)
    return parts is not None and (match["year"], match["number"]) == (
        parts["year"],
        parts["number"],
    )


def _titles(sentence: Sentence, format_: Format) -> Iterator[ProseFinding]:
    """A title with its number behind it: both must be of one document."""
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
            yield from _misspelt(sentence, match, title, format_)
            continue
        words = sentence.text[span[0] : span[1]]
        yield sentence.finding("L5", "warning", message, [span], words, right)


def _misspelt(
    sentence: Sentence, match: re.Match[str], title: str, format_: Format
) -> Iterator[ProseFinding]:
    """A title that is nearly the regulation's or the notice's."""
    if not title.startswith("中华人民共和国") or "信息公开" not in title:
        return
    for official in (format_.regulation_title, format_.notice_title):
        exact = _bare(official)
        if exact in title:
            return
        if SequenceMatcher(None, title, exact, autojunk=False).ratio() >= _SIMILAR:
            message = f"文件名称应为《{official}》，写作《{match['title']}》；请改正"
            yield sentence.finding(
                "L5", "warning", message, [match.span("title")], match["title"], official
            )
            return


def check_citations(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    """Check how the two legal documents, and numbers of documents at all, are cited."""
    for sentence in prose.sentences:
        if "号" in sentence.text:
            yield from _orders(sentence, context.format_)
            yield from _notice(sentence, context.format_)
            yield from _bracket_style(sentence)
        if "《" in sentence.text:
            yield from _titles(sentence, context.format_)
