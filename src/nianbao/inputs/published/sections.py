"""Which section each paragraph and table of a published report belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianbao.files.pages import Block, Grid, Paragraph
from nianbao.files.words import fold
from nianbao.inputs.published.labels import Remarks, likeness, plain
from nianbao.statutory import Format, Section

NUMBERS = "一二三四五六七八九十"
STATUTORY = re.compile(rf"\s*[{NUMBERS}]\s*[、.．,，]\s*(?=\S)")
"""How a heading of the first level begins."""

_ASPECT = re.compile(rf"\s*(?:[（(](?P<in>[{NUMBERS}])[)）][、.．]?|(?P<out>\d)[.、．])\s*(?=\S)")
_RUN_IN = re.compile(r"(?P<head>[^。：:；，,]{2,30}?)[。：:]\s*(?P<rest>.*)", re.DOTALL)
_LONGEST_HEADING = 45
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
    block: Block


def _bare(text: str, pattern: re.Pattern[str]) -> str:
    match = pattern.match(text)
    return text[match.end() :] if match else text


def _named(words: str, known: dict[str, tuple[str, ...]], keys: Sequence[str]) -> str | None:
    fitting = (k for k, signs in known.items() if k in keys and any(s in words for s in signs))
    return next(fitting, None)


def section_of(text: str, level: int | None, format_: Format) -> tuple[Section, bool] | None:
    """The first-level section whose heading a paragraph is, and whether it is worded so."""
    if len(fold(text)) > _LONGEST_HEADING or text.rstrip().endswith(("。", "；", "，")):
        return None
    match = STATUTORY.match(text)
    if match is None and level is None:
        return None
    words = plain(_bare(text, STATUTORY))
    ranked = sorted(format_.sections, key=lambda s: -likeness(words, plain(s.heading)))
    best = ranked[0]
    if likeness(words, plain(best.heading)) >= _SURE:
        return best, fold(text) == fold(best.heading)
    if match is None:
        return None
    named = _named(words, _SECTION_WORDS, [s.key for s in format_.sections])
    if named:
        return format_.section(named), False
    return (best, False) if likeness(words, plain(best.heading)) >= _NEAR else None


def _first_headings(blocks: Sequence[Block], format_: Format) -> dict[int, tuple[Section, bool]]:
    """First-level headings by position; a contents list before them is no heading."""
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
    """Heading and text of a paragraph that begins with a numbered heading."""
    rest = block.text[match.end() :]
    run_in = _RUN_IN.match(rest)
    if run_in is None:
        short = len(fold(rest)) <= _LONGEST_HEADING and not rest.endswith(("；", "，"))
        return (rest, "") if short else None
    if block.level is not None and len(fold(rest)) <= _LONGEST_HEADING:
        return rest, ""
    return run_in["head"], run_in["rest"]


class _Aspects:
    """Finds the headings of the second level within one section, each once and in order."""

    def __init__(self, section: Section, remarks: Remarks) -> None:
        self._left = [aspect.key for aspect in section.aspects]
        self._all = {aspect.key: aspect for aspect in section.aspects}
        self._remarks = remarks
        self._style: str | None = None  # which kind of number this report gives them

    def find(self, block: Paragraph) -> tuple[str, Paragraph | None] | None:
        """The section that a paragraph begins, and what of it is text."""
        match = _ASPECT.match(block.text)
        if match is None or not self._left or match.lastgroup != (self._style or match.lastgroup):
            return None
        head, rest = _split(block, match) or ("", "")
        key = next((k for k in self._left if plain(self._all[k].heading) == fold(head)), None)
        key = key or _named(head, _ASPECT_WORDS, self._left)
        if key is None:
            return None
        self._left.remove(key)
        self._style = match.lastgroup
        official = self._all[key].heading
        if plain(official) not in fold(head) and fold(head) not in plain(official):
            self._remarks.take(head, official)
        return key, _rest(block, rest) if rest else None


def _rest(block: Paragraph, rest: str) -> Paragraph:
    at = block.markdown.find(rest[:6])
    markdown = block.markdown[at:] if at >= 0 else rest
    return Paragraph(rest, markdown.lstrip("*") if markdown.count("**") % 2 else markdown)


def place_blocks(blocks: Sequence[Block], format_: Format, remarks: Remarks) -> Iterator[Placing]:
    """Every block of the report below its title, with its section; headings are left out."""
    headings = _first_headings(blocks, format_)
    section, aspects = "preface", None
    for place, block in enumerate(blocks):
        if place in headings:
            found, exact = headings[place]
            section, aspects = found.key, _Aspects(found, remarks)
            if not exact and isinstance(block, Paragraph):
                remarks.take(block.text, found.heading)
        elif isinstance(block, Grid) or aspects is None:
            yield Placing(section, block)
        elif begun := aspects.find(block):
            section, text = begun
            if text:
                yield Placing(section, text)
        else:
            yield Placing(section, block)
