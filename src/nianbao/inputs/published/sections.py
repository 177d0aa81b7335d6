"""Which section each paragraph and table of a published report belongs to, by labels as offices
print them: shortened, renumbered, misspelt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from nianbao.files.pages import PageBlock, PageTable, Paragraph
from nianbao.files.words import normalise_word
from nianbao.inputs.labels import bare
from nianbao.statutory import Format, RequestRow, Section

ALIKE = 0.6
"""Least likeness of a misspelt label to the official one."""

_NUMBER = re.compile(r"^[一二三四五六七八九十]+、|^[（(][一二三四五六七八九十]+[)）]|^\d+[.、．]")
_REMARK = re.compile(r"[（(][^（()）]*[）)]$")


def bare_label(label: str) -> str:
    """Return a label without number, remark and punctuation."""
    return normalise_word(_REMARK.sub("", _NUMBER.sub("", label))) or normalise_word(label)


def _numbered(label: str) -> str:
    match = _NUMBER.match(label)
    return normalise_word(match[0]) if match else ""


def likeness(one: str, other: str) -> float:
    """Return how alike two normalised words are, from 0 to 1.

    Examples
    --------
    >>> likeness("其他法律行政止公开", "其他法律行政法规禁止公开") > ALIKE
    True
    """
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@dataclass
class Remarks:
    """What an import reports beside the figures, in the order in which it was noticed.

    ``notes`` are the remarks that stand in the tables themselves, by the table's section.
    """

    assumed: list[str] = field(default_factory=list)
    zeros: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def take(self, shown: str, official: str) -> None:
        """Note that a label was taken for an official one that it is not to the letter."""
        line = f"“{shown}”按“{official}”计"
        if line not in self.assumed:
            self.assumed.append(line)


def find_word(text: str, words: Mapping[str, str], remarks: Remarks) -> str | None:
    """Return the key of the official word that a text is: exactly, or nearly and then reported."""
    folded = normalise_word(text)
    if not folded:
        return None
    exact = {normalise_word(word): key for word, key in words.items()} | {
        bare_label(word): key for word, key in words.items()
    }
    if folded in exact:
        return exact[folded]
    best = max(exact, key=lambda word: likeness(folded, word))
    if likeness(folded, best) < ALIKE:
        return None
    remarks.take(text, exact[best])
    return exact[best]


def groups_of(format_: Format) -> dict[str, str]:
    """Return the groups （三） to （六） of table 3 by their plain words."""
    return {bare_label(row.group): row.group for row in format_.request_rows if row.group}


def find_request_row(
    label: str, group: str | None, format_: Format, remarks: Remarks
) -> RequestRow | None:
    """Return the row of table 3 that a label names, or nearly names and then reported.

    ``group`` is where the line stands, if that is known; it helps with a misspelt label.
    """
    words = normalise_word(label)
    for row in format_.request_rows:
        aliases = {
            normalise_word(a) for a, key in format_.request_aliases.items() if key == row.key
        }
        if words in {
            normalise_word(row.label),
            normalise_word(bare(row.label)),
            bare_label(row.label),
        }:
            return row
        if words in aliases or bare_label(label) == bare_label(row.label):
            _tell(label, row, remarks)
            return row
    scores = {row.key: _score(label, row, group) for row in format_.request_rows}
    best = max(scores, key=lambda key: scores[key])
    if scores[best] < ALIKE:
        return None
    row = format_.request_row(best)
    _tell(label, row, remarks)
    return row


def _tell(label: str, row: RequestRow, remarks: Remarks) -> None:
    if bare_label(label) != bare_label(row.label):
        remarks.take(label, row.label)


def _score(label: str, row: RequestRow, group: str | None) -> float:
    """Return how alike the words are; the right number before them and the right group help."""
    number = bool(_numbered(label)) and _numbered(label) == _numbered(row.label)
    alike = likeness(bare_label(label), bare_label(row.label))
    return alike + 0.1 * number + 0.1 * (group is not None and row.group == group)


NUMBERS = "一二三四五六七八九十"
STATUTORY = re.compile(rf"\s*[{NUMBERS}]\s*[、.．,，]\s*(?=\S)")
"""How a heading of the first level begins."""

_ASPECT = re.compile(rf"\s*(?:[（(](?P<in>[{NUMBERS}])[)）][、.．]?|(?P<out>\d)[.、．])\s*(?=\S)")
_RUN_IN = re.compile(r"(?P<head>[^。：:；，,]{2,30}?)[。：:]\s*(?P<rest>.*)", re.DOTALL)
_LONGEST_HEADING = 45
# A longer heading of the second level is the office's own (以公开促服务，……), not a form's name.
_LONGEST_NAME = 12
_NEAR = 0.5
_SURE = 0.85
# Words by which a heading is known however it is phrased; the first that fits.
_SECTION_WORDS = {
    "overview": ("总体情况", "总体概况", "基本情况", "概述"),
    "reviews": ("行政复议", "行政诉讼"),
    "requests": ("收到和处理", "处理政府信息公开申请", "申请情况"),
    "decisions": ("主动公开政府信息", "主动公开情况"),
    "problems": ("主要问题", "存在问题", "存在的问题", "改进情况", "改进措施"),
    "other": ("其他需要报告", "需要报告的事项", "其他事项"),
}
_ASPECT_WORDS = {
    "overview.requests": ("依申请公开", "依申请", "公开申请"),
    "overview.disclosure": ("主动公开",),
    "overview.platform": ("平台建设", "平台", "公开渠道", "载体"),
    "overview.oversight": ("监督保障", "监督", "保障", "考核", "培训"),
    "overview.management": ("政府信息管理", "信息管理", "政务信息管理", "规范性文件"),
    "problems.issues": ("主要问题", "存在问题", "存在的问题", "存在不足", "存在的不足"),
    "problems.improvements": ("改进", "下一步", "整改", "工作打算", "工作措施"),
}


@dataclass(frozen=True, slots=True)
class Placing:
    """A block and the id of its section; ``preface`` before the first heading."""

    section: str
    block: PageBlock


def _bare(text: str, pattern: re.Pattern[str]) -> str:
    match = pattern.match(text)
    return text[match.end() :] if match else text


def _named(words: str, known: dict[str, tuple[str, ...]], keys: Sequence[str]) -> str | None:
    fitting = (k for k, signs in known.items() if k in keys and any(s in words for s in signs))
    return next(fitting, None)


def section_of(text: str, level: int | None, format_: Format) -> tuple[Section, bool] | None:
    """Return the first-level section whose heading a paragraph is, and whether it is worded so."""
    if len(normalise_word(text)) > _LONGEST_HEADING or text.rstrip().endswith(("。", "；", "，")):
        return None
    match = STATUTORY.match(text)
    if match is None and level is None:
        return None
    words = bare_label(_bare(text, STATUTORY))
    ranked = sorted(format_.sections, key=lambda s: -likeness(words, bare_label(s.heading)))
    best = ranked[0]
    if likeness(words, bare_label(best.heading)) >= _SURE:
        return best, normalise_word(text) == normalise_word(best.heading)
    if match is None:
        return None
    named = _named(words, _SECTION_WORDS, [s.key for s in format_.sections])
    if named:
        return format_.section(named), False
    return (best, False) if likeness(words, bare_label(best.heading)) >= _NEAR else None


def _first_headings(
    blocks: Sequence[PageBlock], format_: Format
) -> dict[int, tuple[Section, bool]]:
    """Find the first-level headings by position; a contents list before them is no heading."""
    found: dict[int, tuple[Section, bool]] = {}
    for place, block in enumerate(blocks):
        if isinstance(block, Paragraph) and (hit := section_of(block.text, block.level, format_)):
            found[place] = hit
    listed = [p for p in found if p + 1 in found or p - 1 in found]
    later = {section.key for p, (section, _) in found.items() if p not in listed}
    contents = [p for p in listed if found[p][0].key in later]
    if len(contents) > 2:
        found = {p: hit for p, hit in found.items() if p not in contents}
    in_order: dict[int, tuple[Section, bool]] = {}
    order = [section.key for section in format_.sections]
    reached = -1
    for place, (section, exact) in found.items():
        if (rank := order.index(section.key)) > reached:
            in_order[place], reached = (section, exact), rank
    return in_order


def _split(block: Paragraph, match: re.Match[str]) -> tuple[str, str] | None:
    """Split a paragraph that begins with a numbered heading into heading and text."""
    rest = block.text[match.end() :]
    run_in = _RUN_IN.match(rest)
    if run_in is None:
        short = len(normalise_word(rest)) <= _LONGEST_HEADING and not rest.endswith(("；", "，"))
        return (rest, "") if short else None
    if block.level is not None and len(normalise_word(rest)) <= _LONGEST_HEADING:
        return rest, ""
    return run_in["head"], run_in["rest"]


def _aspect_key(head: str, section: Section, left: Sequence[str]) -> str | None:
    """Return the aspect that a heading of the second level names, among those ``left``."""
    names = {aspect.key: bare_label(aspect.heading) for aspect in section.aspects}
    exact = next((key for key in left if names[key] == normalise_word(head)), None)
    return exact or _named(head, _ASPECT_WORDS, left)


def _has_own_titles(blocks: Sequence[PageBlock], section: Section) -> bool:
    """Return whether an office divides 一 in a way of its own.

    It does when its headings, each in a line of its own, are more or others than the five of the
    form, stand in another order or are sentences; then they stay as they are, see `place_blocks`.
    """
    heads: list[str] = []
    for block in blocks:
        match = _ASPECT.match(block.text) if isinstance(block, Paragraph) else None
        if match and match.lastgroup == "in" and isinstance(block, Paragraph):
            head, rest = _split(block, match) or ("", block.text)
            if not rest:
                heads.append(head)
    order = [aspect.key for aspect in section.aspects]
    keys = [_aspect_key(head, section, order) for head in heads]
    known = [key for key in keys if key is not None]
    in_order = len(known) == len(keys) and known == sorted(set(known), key=order.index)
    short = all(len(normalise_word(head)) <= _LONGEST_NAME for head in heads)
    return len(heads) > 1 and not (in_order and short)


def _kept_title(block: PageBlock) -> PageBlock:
    """Return a paragraph that is an office's own heading as a heading of the second level."""
    match = _ASPECT.match(block.text) if isinstance(block, Paragraph) else None
    if isinstance(block, PageTable) or match is None or match.lastgroup != "in":
        return block
    _, rest = _split(block, match) or ("", block.text)
    return block if rest else replace(block, level=2)


class _Aspects:
    """Find the headings of the second level within one section, each once and in order."""

    def __init__(self, section: Section, remarks: Remarks) -> None:
        self._section = section
        self._left = [aspect.key for aspect in section.aspects]
        self._all = {aspect.key: aspect for aspect in section.aspects}
        self._remarks = remarks
        self._style: str | None = None  # which kind of number this report gives them

    def find(self, block: Paragraph) -> tuple[str, Paragraph | None] | None:
        """Return the section that a paragraph begins, and what of it is text."""
        match = _ASPECT.match(block.text)
        if match is None or not self._left or match.lastgroup != (self._style or match.lastgroup):
            return None
        head, rest = _split(block, match) or ("", "")
        key = _aspect_key(head, self._section, self._left)
        if key is None:
            return None
        self._left.remove(key)
        self._style = match.lastgroup
        official = self._all[key].heading
        if bare_label(official) not in normalise_word(head) and normalise_word(
            head
        ) not in bare_label(official):
            self._remarks.take(head, official)
        return key, _rest(block, rest) if rest else None


def _rest(block: Paragraph, rest: str) -> Paragraph:
    at = block.markdown.find(rest[:6])
    markdown = block.markdown[at:] if at >= 0 else rest
    return Paragraph(rest, markdown.lstrip("*") if markdown.count("**") % 2 else markdown)


def place_blocks(
    blocks: Sequence[PageBlock], format_: Format, remarks: Remarks
) -> Iterator[Placing]:
    """Yield every block below the title with its section.

    Headings of the form are left out. Where an office divides 一 in a way of its own, all of it is
    text of ``overview`` with the office's own headings.
    """
    headings = _first_headings(blocks, format_)
    section, aspects, own = "preface", None, False
    for place, block in enumerate(blocks):
        if place in headings:
            found, exact = headings[place]
            section, aspects = found.key, _Aspects(found, remarks)
            end = next((p for p in sorted(headings) if p > place), len(blocks))
            own = section == format_.sections[0].key and _has_own_titles(blocks[place:end], found)
            if own:
                remarks.assumed.append(f"“{found.heading}”的小标题与通用写法不同，照原样保留")
            if not exact and isinstance(block, Paragraph):
                remarks.take(block.text, found.heading)
        elif own:
            yield Placing(section, _kept_title(block))
        elif isinstance(block, PageTable) or aspects is None:
            yield Placing(section, block)
        elif begun := aspects.find(block):
            section, text = begun
            if text:
                yield Placing(section, text)
        else:
            yield Placing(section, block)
