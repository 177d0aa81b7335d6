"""Find what may be a person's: numbers of identity cards and telephones, free words of a ledger.

A ledger names applicants; a report may not. Such a number in a column whose words are published,
or in the prose, is a problem, and no message of ours spreads the number it warns of. Of the words
that somebody typed into a ledger of requests only those that are nobody's are published.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

IDENTITY_NUMBER = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}[ -]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?"
    r"\d{3}[\dXx](?![\dA-Za-z])"
)
MOBILE_NUMBER = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_DIGITS = re.compile(r"\d[\d\s-]{8,}")
_IDENTITY_LIKE = re.compile(r"(?<![\dA-Za-z])\d{6}[ -]?\d{4,8}[ -]?\d{3}[\dXx](?![\dA-Za-z])")
"""What was meant as an identity number, also with digits missing."""
IDENTITY, MOBILE = "居民身份证号码", "手机号码"


def is_identity_number(text: str) -> bool:
    """Return whether a text is an identity number, maybe written in groups.

    Its check character must be right (GB 11643).

    Examples
    --------
    >>> is_identity_number("11010519491231002X"), is_identity_number("110105194912310021")
    (True, False)
    """
    if not IDENTITY_NUMBER.fullmatch(text):
        return False
    number = re.sub("[ -]", "", text)
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == number[17].upper()


def personal_numbers(text: str, *, mobile: bool = True) -> Iterator[tuple[str, str]]:
    """Yield what kind of number each is, and the number with its middle taken out.

    Full-width digits count as digits. ``mobile`` says whether mobile numbers are looked for too.

    Examples
    --------
    >>> list(personal_numbers("申请人 11010519491231002X"))
    [('居民身份证号码', '110…2X')]
    """
    plain = unicodedata.normalize("NFKC", text)
    for match in IDENTITY_NUMBER.finditer(plain):
        if is_identity_number(match[0]):
            yield IDENTITY, shortened(match[0])
    if mobile:
        for match in MOBILE_NUMBER.finditer(plain):
            yield MOBILE, shortened(match[0])


def shortened(number: str) -> str:
    """Hide all but the beginning and the end of a number."""
    return f"{number[:3]}…{number[-2:]}"


def masked(text: str) -> str:
    """Return a text to be quoted in a message, without the numbers of persons in it.

    Examples
    --------
    >>> masked("张某 11010519491231002X 提出")
    '张某 110…2X 提出'
    """
    plain = unicodedata.normalize("NFKC", text)
    if not _DIGITS.search(plain):
        return text
    hidden = IDENTITY_NUMBER.sub(lambda m: shortened(m[0]), plain)
    hidden = MOBILE_NUMBER.sub(lambda m: shortened(m[0]), hidden)
    return text if hidden == plain else hidden


def covered(text: str) -> str:
    """Return a text at its length, the middle of all that looks like such a number in stars.

    Examples
    --------
    >>> covered("身份证号11010519491231002X。")
    '身份证号110*************2X。'
    """
    if not _DIGITS.search(text):
        return text
    plain = "".join(n if len(n := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)
    for pattern in (_IDENTITY_LIKE, MOBILE_NUMBER):
        for match in pattern.finditer(plain):
            start, end = match.start() + 3, match.end() - 2
            text = f"{text[:start]}{'*' * (end - start)}{text[end:]}"
    return text


def suspicious(texts: Iterable[str]) -> bool:
    """Return whether any of many texts may hold such a number.

    It is quick, so that ledgers can be long.
    """
    plain = unicodedata.normalize("NFKC", "\n".join(texts))
    return bool(IDENTITY_NUMBER.search(plain) or MOBILE_NUMBER.search(plain))


_REGISTRY = re.compile(
    r"[^\x21-\x7e〔〕（）【】［］－—第号年月日件收依申请公开信息政府答复告登记编字]+"
)
OTHER_CHANNELS = "其他渠道"
_CHANNEL = re.compile(
    "(?:互联网|网络|网上|网站|网页|网|政府|门户|官网|申请|在线|线上|线下|平台|依申请公开|信息公开|系统|"
    "邮政|邮寄|邮件|邮箱|电子|电邮|信函|信件|来信|挂号|快递|书面|纸质|当面|当场|现场|窗口|柜台|提交|"
    "递交|提出|提起|大厅|办事|政务|服务|中心|上门|来访|到访|口头|传真|电话|来电|微信|微博|短信|公众号|"
    "小程序|客户端|热线|转办|转来|转送|交办|上级|部门|其他|其它|渠道|方式|途径|形式|一体化|公开|"
    "email|e-mail|ems|app|12345|[-/、，和及或（）() ])+",
    re.IGNORECASE,
)
"""The words that a channel's name is made of."""


def registry_number(text: str) -> str:
    """Return a 登记号 as it may be published: without words that are no part of a number.

    Examples
    --------
    >>> registry_number("依申请〔2024〕1号"), registry_number("2024-7 钱十五娘")
    ('依申请〔2024〕1号', '2024-7')
    """
    plain = unicodedata.normalize("NFKC", text) if _REGISTRY.search(text) else text
    kept = _REGISTRY.sub("", plain)
    return kept if any(letter.isdigit() for letter in kept) else ""


def is_request_channel(text: str) -> bool:
    """Return whether a text is made only of the words of channels.

    Any other text may be a person's name.

    Examples
    --------
    >>> is_request_channel("政府网站在线申请"), is_request_channel("钱十五娘")
    (True, False)
    """
    return _CHANNEL.fullmatch(text) is not None
