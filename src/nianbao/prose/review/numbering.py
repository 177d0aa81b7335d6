"""Numbers of headings and of enumerations (L10)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.quantities import chinese_number
from nianbao.prose.review.text import Block, Prose, Sentence

_LEVELS = (
    (1, re.compile(r"([一二三四五六七八九十]{1,3})、")),
    (2, re.compile(r"[（(]([一二三四五六七八九十]{1,3})[)）]")),
    (3, re.compile(r"(\d{1,2})[.．、]")),
    (4, re.compile(r"[（(](\d{1,2})[)）]")),
)
_NAMES = {1: "一、", 2: "（一）", 3: "1.", 4: "（1）"}
_ORDINAL = re.compile(r"(?:(?<=[，。；：、\s])|^)([一二三四五六七八九十])是(?!否)")
_PARTS = re.compile(
    r"(?P<list>[^。]*?)(?:等)?(?P<n>[二三四五六七八九]|[2-9])个?(?:部分|方面|项内容)"
)
_COUNTED = re.compile("[一二三四五六]、")
_BETWEEN = re.compile("[、，]|以及")
_JOINED = re.compile("(?<=情况)(?:和|及)(?=[^、，]{4,})")
_LIST_START = re.compile(r"包括|包含|分为|由|：|含")


def _level(block: Block) -> tuple[int, int] | None:
    for level, pattern in _LEVELS:
        if match := pattern.fullmatch(block.number.strip()):
            value = chinese_number(match[1]) if level < 3 else int(match[1])
            return (level, value) if value else None
    return None


def _sequence(blocks: list[Block]) -> Iterator[ProseFinding]:
    """Within a section: each level counts on from 1 under the heading above it."""
    last: dict[int, int] = {}
    for block in blocks:
        found = _level(block)
        if found is None:
            continue
        level, value = found
        sentence = block.sentences[0]
        span = [(0, len(block.number))]
        # Official headings come from the master; a section's own may start at any number.
        expected = last[level] + 1 if level in last else value
        if value != expected and not (value == 1 and level > 1):
            message = f"序号“{block.number}”不连续，按顺序应为第{expected}项；请检查是否漏项或重号"
            yield sentence.finding("L10", "warning", message, span, block.number, str(expected))
        elif level not in last and value > 1 and level > 2:
            message = f"序号从“{block.number}”开始，缺前面的项；请检查"
            yield sentence.finding("L10", "warning", message, span, block.number, "1")
        last[level] = value
        for deeper in [k for k in last if k > level]:
            del last[deeper]
        if "(" in block.number or ")" in block.number:
            message = f"序号“{block.number}”用了半角括号；应为全角（{_NAMES[level]}）"
            yield sentence.finding("L10", "warning", message, span, block.number)


def _order(blocks: list[Block]) -> Iterator[ProseFinding]:
    """一、 above （一） above 1. above （1）: a deeper level never comes before a higher one."""
    seen: list[int] = []
    for block in blocks:
        if (found := _level(block)) is None:
            continue
        level = found[0]
        if seen and level < min(seen):
            sentence = block.sentences[0]
            message = (
                f"层次序号颠倒：“{_NAMES[min(seen)]}”之后出现了上一层的“{block.number}”；"
                "规范顺序为一、（一）1.（1）"
            )
            yield sentence.finding(
                "L10", "warning", message, [(0, len(block.number))], block.number
            )
            return
        seen.append(level)


def _ordinals(blocks: list[Block]) -> Iterator[ProseFinding]:
    """一是…二是…三是… counted on over the sentences of a section; one remark each."""
    last = 0
    for block in blocks:
        if block.kind == "heading" or _level(block):
            last = 0
        for sentence in block.sentences:
            for match in _ORDINAL.finditer(sentence.text):
                value = chinese_number(match[1]) or 0
                if last and value not in {1, last + 1}:
                    what = "重复" if value <= last else "跳号"
                    message = f"列举序号“{match[0]}”{what}，前一项是第{last}项；请改正"
                    yield sentence.finding("L10", "warning", message, [match.span()], match[0])
                    last = 0
                elif last or value == 1:
                    last = value


def _parts(sentence: Sentence, context: ReviewContext) -> Iterator[ProseFinding]:
    """六部分 announced, five named (preface)."""
    match = _PARTS.search(sentence.text)
    if match is None:
        return
    listed = match["list"]
    start = max((m.end() for m in _LIST_START.finditer(listed)), default=None)
    if start is None:
        return
    names = listed[start:]
    # Titles of sections hold the separator themselves.
    for words in ("行政复议、行政诉讼", "复议、诉讼", "复议、提起行政诉讼"):
        names = names.replace(words, words.replace("、", ""))
    names = _COUNTED.sub("", names)
    count = len([n for n in _BETWEEN.split(names) if len(n) > 1])
    count += len(_JOINED.findall(names))
    number = int(match["n"]) if match["n"].isdigit() else chinese_number(match["n"])
    if count > 2 and number and count != number and "等" not in match[0]:
        message = f"写作{match['n']}部分，前面列了{count}项；请核对（统一格式为六部分）"
        yield sentence.finding("L10", "warning", message, [match.span("n")], match["n"], str(count))


def check_numbering(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    """Check the official numbers 一、（一）1.（1） and enumerations with 一是."""
    by_section: dict[str, list[Block]] = {}
    for block in prose.blocks:
        by_section.setdefault(block.section, []).append(block)
    for section, blocks in by_section.items():
        yield from _sequence(blocks)
        yield from _order(blocks)
        yield from _ordinals(blocks)
        if section == "preface":
            for block in blocks:
                for sentence in block.sentences:
                    yield from _parts(sentence, context)
