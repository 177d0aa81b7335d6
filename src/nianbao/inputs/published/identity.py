"""Read who published a report, of which year: from its title, its preface and its end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nianbao.files.pages import PageBlock, Pages, PageTable, Paragraph
from nianbao.files.words import normalise_characters
from nianbao.inputs.values import read_day

_REPORT = (
    r"(?:政府信息公开|政务公开|信息公开)(?:工作)?的?(?:年度)?(?:工作)?(?:年度)?"
    r"(?P<late>(?:20\d\d|[二〇零○Ｏ一三四五六七八九]{4})?年?度?)(?:工作)?(?:年度)?报告"
)
_YEAR = r"(?P<year>20\d\d|二[〇零○Ｏ][一二三四五六七八九〇零○Ｏ]{2})\s*年度?"
_NAME_FIRST = re.compile(rf"(?P<name>[^。；：:《》]{{2,50}}?){_YEAR}(?:年?度)?{_REPORT}")
_YEAR_FIRST = re.compile(rf"{_YEAR}(?P<name>[^。；：:《》]{{2,50}}?){_REPORT}")
_BARE_YEAR = re.compile(rf"{_YEAR}{_REPORT}")
_YEAR_LATE = re.compile(rf"(?P<name>[^。；：:《》]{{2,50}}?){_REPORT}")
_DIGITS = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")
_NO_NAMES = ("", "政府", "政务")
_TITLE_LINES = 3
_LONGEST_TITLE = 80

_FIELDS: Mapping[str, re.Pattern[str]] = {
    "address": re.compile(
        r"(?:联系|办公|通讯|通信)?地址(?:为|是)?[:：]?\s*(?P<v>[^，,；;。）)]{4,60})"
    ),
    "postcode": re.compile(r"(?:邮政编码|邮编)(?:为|是)?[:：]?\s*(?P<v>\d{6})(?!\d)"),
    "phone": re.compile(r"(?:电话|联系电话)(?:为|是)?[:：]?\s*(?P<v>[\d（）()—－-]{7,24}\d)"),
    "email": re.compile(
        r"(?:邮箱|电子邮件|[Ee]-?mail)(?:地址)?(?:为|是)?[:：]?\s*(?P<v>[\w.+-]+@[\w.-]+\w)"
    ),
    "website": re.compile(r"(?P<v>(?:https?://|www\.)[\w./:%?=&~#-]*[\w/])"),
}
_KINDS = (
    ("township", re.compile(r"(?:镇|乡|苏木)(?:人民政府)?$|街道(?:办事处)?$")),
    ("government", re.compile(r"(?:省|市|县|区|州|盟|旗)(?:人民政府|政府)?$|人民政府$|行政公署$")),
    ("department", re.compile(r"(?:局|厅|委|委员会|办公室|办|队|中心|站|署|处|所|部)$")),
)
_IN_NUMERALS = re.compile("二[〇零○]..年.{1,2}月.{1,3}日")
_DATE = re.compile(r"(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


@dataclass(frozen=True)
class Identity:
    """What a report says of itself."""

    title: str = ""
    """As printed, in one line."""
    name: str | None = None
    year: int | None = None
    """The agency and the reporting year, None when the title does not tell."""
    contact: Mapping[str, str] = field(default_factory=dict)
    """Fields of agency.yaml found in the preface."""
    end: int = 0
    """How many blocks from the beginning the title and what stands above it take."""
    names: tuple[str, ...] = ()
    """The agencies of a joint report; one name else, none when the title does not tell."""


def parse_title(text: str) -> tuple[str | None, int] | None:
    """Return the agency (None: not named) and the year of a report's title; None for other text.

    Examples
    --------
    >>> parse_title("示例县司法局2024年政府信息公开工作年度报告")
    ('示例县司法局', 2024)
    >>> parse_title("2023年度示例县水利局政府信息公开工作报告")
    ('示例县水利局', 2023)
    """
    plain = re.sub(r"\s+", "", normalise_characters(text)).strip("《》")
    if len(plain) > _LONGEST_TITLE:
        return None
    for pattern in (_NAME_FIRST, _YEAR_FIRST, _BARE_YEAR, _YEAR_LATE):
        match = pattern.search(plain)
        year = match and (match.groupdict().get("year") or match["late"])
        if not match or not year or not (number := re.sub(r"\D", "", year.translate(_DIGITS))):
            continue
        name = match.groupdict().get("name") or ""
        name = re.sub(r"^(?:20\d\d年?度?)+|(?:20\d\d年?度?)+$", "", name).strip("-—_|·•>")
        return (name if name not in _NO_NAMES else None), int(number)
    return None


def _title_at(blocks: Sequence[PageBlock], place: int) -> tuple[str, int] | None:
    """Return the title that begins with this paragraph, and where it ends.

    It may run over three lines.
    """
    joined = ""
    best: tuple[str, int] | None = None
    for end in range(place, min(place + _TITLE_LINES, len(blocks))):
        block = blocks[end]
        if isinstance(block, PageTable) or "。" in block.text:
            break
        joined += re.sub(r"\s+", "", block.text)
        parsed = parse_title(joined)
        if parsed:
            best = (joined, end + 1)
            break
    return best


def read_identity(pages: Pages, before: int) -> Identity:
    """Return the title among the first ``before`` blocks, and the contact in the preface.

    ``before`` is where the first statutory heading stands.
    """
    blocks = pages.blocks[:before]
    identity = Identity()
    for place in range(len(blocks)):
        hit = _title_at(blocks, place)
        parsed = parse_title(hit[0]) if hit else None
        if not hit or not parsed:
            continue
        # The last of them stands directly above the text; menus name the title before.
        if identity.name and hit[1] == identity.end and len(split_names(identity.name)) > 1:
            continue  # the second name of a joint report, below the first
        if identity.name is None or parsed[0] is not None:
            identity = Identity(hit[0], parsed[0], parsed[1], end=hit[1])
    if identity.year is None and (parsed := parse_title(pages.title)):
        identity = Identity(" ".join(pages.title.split()), parsed[0], parsed[1])
    preface = "".join(b.text for b in blocks[identity.end :] if isinstance(b, Paragraph))
    names = split_names(identity.name) if identity.name else ()
    contact = read_contact(preface)
    return Identity(
        identity.title, "、".join(names) or None, identity.year, contact, identity.end, names
    )


def split_names(name: str) -> tuple[str, ...]:
    """Split the names of a joint report, which stand in one line or one below the other.

    Examples
    --------
    >>> split_names("示例县发展和改革局示例县粮食和物资储备局")
    ('示例县发展和改革局', '示例县粮食和物资储备局')
    >>> split_names("示例县文化和旅游局、示例县广播电视局"), split_names("示例县司法局")
    (('示例县文化和旅游局', '示例县广播电视局'), ('示例县司法局',))
    """
    parts = [part for part in re.split(r"[、/／]|（?加挂", name) if part]
    if len(parts) > 1 and all(kind_of_agency(part) != "other" for part in parts):
        return tuple(parts)
    place = re.match(r".{1,8}?[省市县区州盟旗镇乡]", name)
    second = name.find(place[0], len(place[0])) if place else -1
    if second > 0 and kind_of_agency(name[:second]) != "other":
        return name[:second], name[second:]
    return (name,)


def read_contact(preface: str) -> dict[str, str]:
    """Return the address, postcode, telephone, e-mail and site, as far as the preface has them.

    Examples
    --------
    >>> read_contact("（地址：示例县示例路1号；邮编：000000；电话：0000-0000000）")["postcode"]
    '000000'
    """
    text = re.sub(r"\s+", "", normalise_characters(preface))
    found = {key: pattern.search(text) for key, pattern in _FIELDS.items()}
    return {key: match["v"] for key, match in found.items() if match}


def kind_of_agency(name: str) -> str:
    """Return the kind of an agency, guessed from the end of its name.

    Examples
    --------
    >>> kind_of_agency("示例县清河镇人民政府"), kind_of_agency("示例县人民政府")
    ('township', 'government')
    """
    return next((kind for kind, sign in _KINDS if sign.search(name)), "other")


def read_date(text: str) -> str | None:
    """Return a date that is all of a text, as YYYY-MM-DD; the last one when it ends a signature.

    Examples
    --------
    >>> read_date("2025年1月20日"), read_date("截至2025年1月20日已办结。")
    ('2025-01-20', None)
    >>> read_date("二〇二五年一月二十日")
    '2025-01-20'
    """
    match = _DATE.fullmatch(text.strip())
    if not match:
        written = _IN_NUMERALS.fullmatch("".join(text.split()))
        found = read_day(written[0], 0) if written else None
        return found[0].isoformat() if found else None
    year, month, day = (int(part) for part in match.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None
