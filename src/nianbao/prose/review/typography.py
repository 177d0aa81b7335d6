"""Slips of the pen: doubled words and marks, half-width marks, brackets, half sentences (L4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.text import Block, Prose, Sentence

_HAN = r"\u4e00-\u9fff"
_DOUBLED = re.compile(rf"([{_HAN}]{{2,8}})\1|([的了在是和与及将被])\2|我([县市区镇乡])\3(?!委)")
# Words that are rightly said twice: 一件一件, 逐条逐条, 研究研究; and 依申请公开公开.
_TWICE = re.compile("[一逐每]|公开$")
_YEAR = re.compile(r"20\d\d")
_SPOKEN = re.compile("年度")
_NEAR = re.compile(rf"可以?([{_HAN}]{{2}})可以?\1")
_MARKS = re.compile(r"[，、；：]{2,}|。{2}(?!。)|[，、；：]。|。[，、；：]|？？|！！")
_HALF = re.compile(
    rf"(?<=[{_HAN}”》）])\s*[,;:!?](?!//)|[,;:!?](?=\s*[{_HAN}“《（])|(?<=[{_HAN}])\.(?=\s*[{_HAN}]|$)"
    rf"|\((?=[^()]*[{_HAN}])|(?<=[{_HAN}])\)"
)
_PAIRS = dict(zip("（《“〔【「‘〈", "）》”〕】」’〉", strict=True))
_CLOSING = {v: k for k, v in _PAIRS.items()}
_ITEM_BRACKET = re.compile(r"(?:^|[，。；：、\s])(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z])$")
_UNFINISHED = re.compile(r"[，、]$")
_WORDY = 20
"""A paragraph of so many characters that ends without a full stop was cut off."""


def _doubled(sentence: Sentence) -> Iterator[ProseFinding]:
    text = sentence.text
    for match in (*_DOUBLED.finditer(text), *_NEAR.finditer(text)):
        if match[1] and _TWICE.search(match[1]) and match.re is _DOUBLED:
            continue
        message = f"“{match[0]}”重复用词；请删去多余的字"
        yield sentence.finding("L4", "warning", message, [match.span()], match[0])
    for match in _MARKS.finditer(text):
        message = f"标点“{match[0]}”重复或连用有误；请改正"
        yield sentence.finding("L4", "warning", message, [match.span()], match[0])


def _half_width(sentence: Sentence, number: str) -> Iterator[ProseFinding]:
    """One remark a sentence, all its half-width marks in it; L10 looks at its number."""
    start = 0 if sentence.start else len(number)
    spans = [m.span() for m in _HALF.finditer(sentence.written) if m.start() >= start]
    if spans:
        marks = "".join(dict.fromkeys(sentence.written[a:b].strip() for a, b in spans))
        message = f"中文句中用了半角标点“{marks}”；请改为全角"
        yield sentence.finding("L4", "warning", message, spans, marks)


def _brackets(block: Block) -> Iterator[ProseFinding]:
    stack: list[tuple[str, int]] = []
    wrong: list[tuple[str, int]] = []
    text = "".join(s.text for s in block.sentences)
    for i, char in enumerate(text):
        if char in _PAIRS:
            stack.append((char, i))
        elif char in _CLOSING:
            if stack and stack[-1][0] == _CLOSING[char]:
                stack.pop()
            elif not (char == "）" and _ITEM_BRACKET.search(text[:i])):
                wrong.append((char, i))
    for char, position in (*wrong, *stack):
        sentence, place = block.at(position)
        side = "缺右半" if char in _PAIRS else "缺左半或位置交叉"
        message = f"“{char}”不成对（{side}）；请补齐"
        yield sentence.finding("L4", "warning", message, [(place, place + 1)], char)


def _cut_off(block: Block) -> Iterator[ProseFinding]:
    if block.kind == "heading" or block.section in {"title", "signature"}:
        return
    sentence = block.sentences[-1]
    text = sentence.text.rstrip()
    end = len(text)
    if _UNFINISHED.search(text):
        message = f"句子以“{text[-1]}”结束，没有说完；请补全"
        yield sentence.finding("L4", "warning", message, [(end - 1, end)])
    elif (
        block.kind == "paragraph"
        and len(block.text) > _WORDY
        and text[-1:].isalnum()
        and "，" in text
    ):
        message = "段末没有句号，请检查是否缺了后半句"
        yield sentence.finding("L4", "info", message, [(end - 1, end)])


def _title(sentence: Sentence) -> Iterator[ProseFinding]:
    years = list(_YEAR.finditer(sentence.text))
    spoken = list(_SPOKEN.finditer(sentence.text))
    if len(years) > 1 and years[0][0] == years[1][0]:
        message = f"标题中年份“{years[0][0]}”重复；请删去一个"
        yield sentence.finding("L4", "warning", message, [m.span() for m in years])
    elif len(spoken) > 1:
        message = "标题中“年度”重复；规范写法是“……YYYY年政府信息公开工作年度报告”"
        yield sentence.finding("L4", "info", message, [m.span() for m in spoken])


def check_typography(prose: Prose) -> Iterator[ProseFinding]:
    """Find doubled words, doubled and half-width marks, odd brackets and half sentences."""
    for block in prose.blocks:
        for sentence in block.sentences:
            yield from _doubled(sentence)
            yield from _half_width(sentence, block.number)
            if block.section == "title":
                yield from _title(sentence)
        yield from _brackets(block)
        yield from _cut_off(block)
