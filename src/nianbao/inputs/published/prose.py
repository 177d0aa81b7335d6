"""The sections of a published report as the text of narrative.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nianbao.files.pages import PageBlock, PageTable, Paragraph, heading_line, table_lines
from nianbao.files.words import normalise_word
from nianbao.inputs.published.identity import read_date
from nianbao.inputs.published.sections import Placing, Remarks
from nianbao.statutory import ATTACHMENTS, Format, notes_of

_HINT = re.compile(r"以表格形式|表格如下|如下表|见下表|^（?本列数据的勾稽")
_CELL_NOTE = re.compile(r"(?:注[:：])?“[^”]+”的“[^”]+”[\d.]+(?:件|万元)[:：].*")
# What our own reports say where there is nothing to draw.
_NO_CHART = re.compile(
    r"(?:本年度)?没有[^。]{2,30}，[^。]{0,20}(?:不附图|不作对比)。|本年度没有可供绘图的[^。]*。"
)
_ABOUT = re.compile(
    r"^[【\[]?(?:发布(?:机关|机构|日期|时间|单位)|信息来源|文章来源|来源|作者|浏览|点击|阅读|访问|字号|字体"
    r"|打印|分享|索引号|文号|日期|时间|责任编辑|信息分类|当前位置|您的位置)"
)
_FOOT = re.compile(
    r"^[【\[]?(?:上一[篇条]|下一[篇条]|版权所有|主办单位|主办[:：]|承办|网站标识码|技术支持|[\u4e00-\u9fff]{0,2}公网安备"
    r"|[\u4e00-\u9fff]?ICP备|扫一扫|打印本页|打印|关闭|分享|返回顶部|相关(?:附件|文章|链接|信息)|责任编辑|附件下载)"
)
_LISTED = re.compile(r"\d+\s*[.．、]")
_LONGEST_HEADING = 60
# Where the text of 五 turns from what was wrong to what will be done.
_TURN = re.compile(
    r"(?<=[。；！\n])(?=(?:针对(?:上述|以上|存在|这些)|下一步|下步|今后|为此|20\d\d年，?我))"
)
# A list of attachments below the text (GB/T 9704 7.3.5).
_ATTACHMENTS = re.compile(r"附件\s*(?:\d|[一二三四五六七八九十])?\s*[:：]")


@dataclass
class Prose:
    """Sections as Markdown, and the end of the report."""

    sections: dict[str, str] = field(default_factory=dict)
    """Markdown by section id, in the order of the report."""
    date: str | None = None
    """The date under the text, as YYYY-MM-DD."""
    signed: bool = False
    """Whether the report ends with the agency's name or a date."""


_CITATION = re.compile(r"（(?:主要数据)?见图\d+(?:、图\d+)*）(?=[。；！？：，.]|$)", re.MULTILINE)


def _line(block: PageBlock) -> str:
    if isinstance(block, PageTable):
        return table_lines(block.rows)
    if block.level is not None and len(block.text) <= _LONGEST_HEADING:
        return heading_line(block.markdown, max(block.level, 2))
    return with_its_links(block)


def with_its_links(block: Paragraph) -> str:
    """Return a paragraph's Markdown with the addresses of its links and the words of its footnotes
    in brackets: so every format prints them.

    Examples
    --------
    >>> with_its_links(Paragraph("见指南。", "见指南。", None, False, (("链接", "指南：http://a.cn"),)))
    '见指南（http://a.cn）。'
    """
    text = block.markdown
    for kind, said in block.beside:
        words = said.rpartition("：http")[0] if kind == "链接" else text
        if words in text:
            text = text.replace(words, words + in_brackets(kind, said), 1)
    return text


def in_brackets(kind: str, said: str) -> str:
    """Return how the text has the address of a link or the words of a note; nothing of others."""
    if kind == "链接":
        words, _, address = said.rpartition("：http")
        return f"（http{address}）" if words else ""
    return f"（注：{said}）" if kind in {"脚注", "尾注"} and said else ""


def _joined(blocks: Iterable[PageBlock]) -> str:
    text, in_list = "", False
    for block in blocks:
        item = isinstance(block, Paragraph) and block.is_item
        gap = "" if not text else "\n" if in_list and item else "\n\n"
        text += gap + _line(block)
        in_list = item
    # Charts are drawn anew, never taken over; so are the words that point at them.
    text = _CITATION.sub("", text)
    return text.replace("{{", "{ {").replace("}}", "} }")


def _labels(format_: Format) -> re.Pattern[str]:
    """Return a piece of a table that stands outside of its lines: labels and numbers only."""
    words = [block.title for block in format_.decision_blocks]
    words += [format_.decision_item, format_.request_corner, *format_.request_heads]
    words += [word for pair in format_.decision_cells for word in pair]
    words += [*format_.request_columns, *format_.review_columns]
    words += [word for group in format_.review_groups for word in (group.key, group.head)]
    words += [word for row in format_.request_rows for word in (row.label, row.group or "")]
    known = sorted({normalise_word(word) for word in words} - {""}, key=len, reverse=True)
    # Possessive: what was read as a label is not tried as another, or long rows of digits and
    # labels would be read in ever more ways.
    return re.compile(f"(?:{'|'.join(map(re.escape, known))}|[\\d.]++)++")


def _signing(text: str, name: str | None) -> tuple[bool, str | None]:
    """Read a line as signature: whether it names the agency, and its date.

    Examples
    --------
    >>> _signing("示例县水务局　2025年1月20日", "示例县水务局")
    (True, '2025-01-20')
    """
    date = read_date(text)
    if date or not name:
        return False, date
    for at in (len(name), -len(name)):
        own, rest = (text[:at], text[at:]) if at > 0 else (text[at:], text[:at])
        if normalise_word(own) == normalise_word(name) and (
            not rest.strip() or read_date(rest.strip(" \u3000（）()"))
        ):
            return True, read_date(rest.strip(" \u3000（）()"))
    return normalise_word(text) == normalise_word(name), None


def _cut_end(
    placings: Sequence[Placing], name: str | None, prose: Prose, remarks: Remarks
) -> list[Placing]:
    """Take signature, date and the page's foot off the end of the last section.

    Attachments that are named behind the signature are kept, all else there is reported.
    """
    kept = list(placings)
    texts = [p.block.text.strip() if isinstance(p.block, Paragraph) else "" for p in kept]
    start = max((i for i, p in enumerate(kept) if p.section != "other"), default=-1) + 1
    for place in range(start, len(kept)):
        own, date = _signing(texts[place], name)
        if _FOOT.match(texts[place]):
            return kept[:place]
        if own or (date and place > start):
            prose.signed = True
            prose.date = date or next(filter(None, map(read_date, texts[place : place + 3])), None)
            return kept[:place] + list(_behind_signature(kept[place + 1 :], name, remarks))
    return kept


def _behind_signature(
    placings: Sequence[Placing], name: str | None, remarks: Remarks
) -> Iterator[Placing]:
    listing = False
    for placing in placings:
        text = placing.block.text.strip() if isinstance(placing.block, Paragraph) else ""
        if _FOOT.match(text):
            return
        if any(_signing(text, name)):
            continue
        listing = bool(_ATTACHMENTS.match(text)) or (listing and bool(_LISTED.match(text)))
        if listing:
            yield placing
        elif text:
            remarks.dropped.append(f"落款之后的文字“{text[:30]}”")


def _is_noise(
    placing: Placing, tabled: frozenset[str], labels: re.Pattern[str], remarks: Remarks
) -> bool:
    block = placing.block
    if isinstance(block, PageTable):
        return False
    if placing.section in tabled:
        if _HINT.search(block.text) and len(block.text) < 60:
            remarks.dropped.append(f"表前提示语“{block.text}”")
            return True
        return bool(labels.fullmatch(normalise_word(block.text))) or bool(
            _CELL_NOTE.fullmatch(block.text)
        )
    if _NO_CHART.fullmatch(block.text):
        remarks.dropped.append(f"不附图的说明“{block.text}”")
        return True
    return placing.section == "preface" and bool(_ABOUT.match(block.text.strip()))


def _with_sections(
    placings: Iterable[Placing], statutory: frozenset[int], format_: Format, remarks: Remarks
) -> Iterator[tuple[str, PageBlock]]:
    """Yield the blocks that are text with their sections.

    Of 二 to 四 what stands above the table is the section's text, what stands below its notes.
    """
    labels = _labels(format_)
    tabled = frozenset(section.key for section in format_.sections if section.table)
    shown: set[str] = set()
    for placing in placings:
        if id(placing.block) in statutory:
            shown.add(placing.section)
        elif not _is_noise(placing, tabled, labels, remarks):
            below = placing.section in tabled & shown
            yield notes_of(placing.section) if below else placing.section, placing.block
    for section, notes in remarks.notes.items():
        yield from ((notes_of(section), Paragraph(note, note)) for note in notes)


def _turned(text: str) -> tuple[str, str] | None:
    """Return text of 五 without sub-headings, cut where it turns to what will be done."""
    match = _TURN.search(text)
    if match is None:
        place = text.find("\n\n下一步")
        return None if place < 0 else (text[:place], text[place:].strip())
    return text[: match.start()].strip(), text[match.start() :].strip()


def _settle_problems(sections: dict[str, str], remarks: Remarks) -> None:
    whole = sections.pop("problems", "")
    if not whole:
        return
    issues, improvements = "problems.issues", "problems.improvements"
    if issues in sections or improvements in sections:
        first = issues if issues in sections else improvements
        sections[first] = f"{whole}\n\n{sections[first]}"
        return
    turned = _turned(whole)
    if turned is None:
        sections[issues] = whole
        remarks.missing.append("第五部分没有分“存在的主要问题”和“改进情况”，全部放在前者")
        return
    sections[issues], sections[improvements] = turned
    shown = turned[1][:12]
    remarks.assumed.append(f"第五部分没有小标题，自“{shown}……”起作为“改进情况”")


def read_prose(
    placings: Sequence[Placing],
    statutory: frozenset[int],
    name: str | None,
    format_: Format,
    remarks: Remarks,
) -> Prose:
    """Return the text of every section.

    ``placings`` are the blocks below the title with their sections, ``statutory`` the ``id`` of the
    tables that were read as statutory ones. By the agency's ``name`` its signature is known.
    """
    prose = Prose()
    gathered: dict[str, list[PageBlock]] = {}
    kept = _cut_end(placings, name, prose, remarks)
    attached = False
    for section, block in _with_sections(kept, statutory, format_, remarks):
        text = block.text if isinstance(block, Paragraph) else ""
        attached = section == "other" and (attached or bool(_ATTACHMENTS.match(text)))
        gathered.setdefault(ATTACHMENTS if attached else section, []).append(block)
    sections = {section: _joined(blocks) for section, blocks in gathered.items()}
    _settle_problems(sections, remarks)
    prose.sections = _in_order(sections, format_)
    return prose


def _in_order(sections: Mapping[str, str], format_: Format) -> dict[str, str]:
    return {key: sections[key] for key in format_.texts() if sections.get(key, "").strip()}
