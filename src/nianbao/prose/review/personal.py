"""Personal data that must not be published (L8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.text import Prose, Sentence

_ID = re.compile(
    r"(?<![\dA-Za-z])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]"
    r"(?![\dA-Za-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_CONTACT = re.compile(r"联系|电话|咨询|热线|传真")
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何罗宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟"
)
_NAME = re.compile(
    rf"(?:申请人|当事人|举报人|投诉人|信访人)(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
    r"(?=先生|女士|(?:同志)?(?:提出|提交|不服|要求公开|申请公开))"
)
_NO_NAME = re.compile("某|[一二三四五]|方可|方才|何时|许多|任何")


def valid_id(number: str) -> bool:
    """Whether an 18-character identity number has the right check character (GB 11643).

    Examples
    --------
    >>> valid_id("11010519491231002X"), valid_id("110105194912310021")
    (True, False)
    """
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == number[17].upper()


def _hidden(number: str) -> str:
    """Only the beginning and the end: a message must not spread what it warns of."""
    return f"{number[:3]}…{number[-2:]}"


def _numbers(sentence: Sentence) -> Iterator[ProseFinding]:
    for match in _ID.finditer(sentence.text):
        if valid_id(match[0]):
            message = f"疑似居民身份证号码（{_hidden(match[0])}，校验码相符）；请删去"
            yield sentence.finding("L8", "error", message, [match.span()])
    # The contact of the preface may be a mobile number of the office.
    if sentence.section != "preface" and not _CONTACT.search(sentence.text):
        for match in _MOBILE.finditer(sentence.text):
            message = f"正文出现手机号码（{_hidden(match[0])}）；请删去，或移到联系方式中"
            yield sentence.finding("L8", "error", message, [match.span()])


def check_personal(prose: Prose) -> Iterator[ProseFinding]:
    """Find identity numbers, mobile numbers outside the contact, and applicants' names.

    A name is only likely, hence a warning; the numbers are errors.
    """
    for sentence in prose.sentences:
        yield from _numbers(sentence)
        match = _NAME.search(sentence.text)
        if match and not _NO_NAME.search(match["name"]):
            message = "疑似写出了申请人的姓名；请隐去（可写“某申请人”）"
            yield sentence.finding("L8", "warning", message, [match.span("name")])
