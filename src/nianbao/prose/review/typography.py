"""Slips of the pen (L4) and the numbers of headings and enumerations (L10)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from nianbao.files.numerals import read_numeral
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.text import Block, Sentence, section_name
from nianbao.prose.review.wording import wording
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding

_HAN = r"\u4e00-\u9fff"
_DOUBLED = re.compile(
    rf"([{_HAN}]{{2,8}})\1|([的了在是和与及将被])\2|我([县市区镇乡])\3(?![委政级直域内长])"
    r"|我局局(?![长党领机班属内直务系办])|(?<![面应针相反绝])对对(?![方口象策比照联接等应账])|做好好(?![人事])"
)
# Words that are rightly said twice: 一件一件, 逐条逐条, 研究研究; and 依申请公开公开.
_TWICE = re.compile("[一逐每]")
_KIND_OF = re.compile("(?:申请|主动)$")
_YEAR = re.compile(r"20\d\d")
_SPOKEN = re.compile("年度")
_NEAR = re.compile(rf"可以?([{_HAN}]{{2}})可以?\1")
# 全年共公开条, 增长%: the number was left out. 受理公开件 and 来件 are words.
_NUMBERLESS = re.compile(
    r"(?:共|共计|累计|合计|总计)(?:主动)?(?:公开|发布|收到|受理|办理|办结|答复|制发|印发|召开|举办|开展|更新|推送|组织|清理)"
    r"(?:各类)?(?:政府|政务)?(?:信息|申请|文件|会议|培训)?\s*[条件次篇份场期项](?=[，。；、（])"
    r"|(?<!依申请)(?:公开|发布|推送|收到|受理|办结|答复|制发)(?:各类)?(?:政府|政务)?(?:信息|申请)\s*[条件篇](?=[，。；、（])"
    r"|(?:共计|合计|总计)\s*[条件次篇份场期](?=[，。；、（])"
    r"|(?<=[，。；：])(?:办结|答复|受理|转办)\s*[件条](?=[，。；、（])"
    r"|(?:增长|下降|上升|减少|增加|占[^，。；（）\d]{0,8}|率为|率达)\s*[%％]"
    r"|(?:增加|减少)(?:了)?[条件篇份次](?=[，。；、（])"
    r"|(?:举办|召开|组织|开展)[^，。；、\d]{0,8}?(?:培训|会议|讲座|检查|活动|发布会|推进会|座谈会|听证会|访谈)班?[期次场](?=[，。；、（])"
    r"|(?:浏览|访问|阅读|点击|播放|粉丝|关注)[人总]?[量数](?:达到?|为|超过?|近)?\s*[万亿]?[条件次篇份人个](?=[，。；、（])"
    r"|(?:图解|视频|海报|专栏|专题)(?:作品)?[条期个篇份](?=[，。；（])"
    r"|(?:接受|接待)[^，。；、\d]{0,4}(?:咨询|来访|来电|群众)人次(?=[，。；（])"
    r"|(?:公开|发布|举办|召开|开展|组织|受理|办结|印发|制定|编发|收到)了?[条篇份次场期个项]"
    r"(?=政府信息|政务信息|信息[，。；]|申请[，。；]|培训|会议|活动|检查|文件|制度)"
    r"|(?:稿件|文章|信息|材料|报道|推文)篇(?=[，。；])|(?:自查|自纠|检查|督查|抽查|巡查|督导|测评)轮次?(?=[，。；])"
    r"|(?:会议|活动|培训|检查|讲座|座谈会?)次(?=[，。；])"
    r"|(?:培训|参加|接待|访问|服务|浏览|惠及|覆盖)[^，。；、\d一二三四五六七八九十百千万余多数]{0,6}人次(?=[，。；])"
    r"|(?<=[，。；])(?:参训|参加|培训|参与)(?:人员)?(?:人次|人)(?=[，。；])"
)
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


@cache
def doubled_words() -> re.Pattern[str]:
    """Return the common words with their last character typed twice, as wording.yaml lists them."""
    last, first = [], []
    for entry in wording("doubled"):
        word, _, fine = str(entry).partition("｜")
        last.append(f"{word}{word[-1]}" + (f"(?![{fine}])" if fine else ""))
        first.append(f"{word[0]}{word}")
    # At the beginning of a clause alone: in 开发发布 two words meet. Said once for all words, since
    # a range of so many characters takes Python longest to compile.
    begun = f"(?<![{_HAN}])(?:{'|'.join(first)})"
    return re.compile("|".join((*last, begun, *wording("doubled_first"))))


def _doubled(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    text = sentence.text
    for match in (*_DOUBLED.finditer(text), *_NEAR.finditer(text)):
        fine = match.re is _DOUBLED and match[1] and _TWICE.search(match[1])
        if fine or (match[1] == "公开" and _KIND_OF.search(text, 0, match.start())):
            continue
        message = f"“{match[0]}”重复用词；请删去多余的字"
        yield sentence.finding(rule, rule.severity, message, [match.span()], match[0])
    for match in doubled_words().finditer(text):
        message = f"“{match[0]}”多打了一个字；请改正"
        yield sentence.finding(rule, rule.severity, message, [match.span()], match[0])
    for match in _NUMBERLESS.finditer(text):
        if not sentence.is_bound(*match.span()):
            message = f"“{match[0]}”缺数字；请补上"
            yield sentence.finding(rule, rule.severity, message, [match.span()], match[0])
    for match in _MARKS.finditer(text):
        message = f"标点“{match[0]}”重复或连用有误；请改正"
        yield sentence.finding(rule, rule.severity, message, [match.span()], match[0])


def _half_width(sentence: Sentence, rule: Check, number: str) -> Iterator[Finding]:
    """Yield one remark a sentence, all its half-width marks in it; L10 looks at its number."""
    start = 0 if sentence.start else len(number)
    spans = [m.span() for m in _HALF.finditer(sentence.written) if m.start() >= start]
    if spans:
        marks = "".join(dict.fromkeys(sentence.written[a:b].strip() for a, b in spans))
        message = f"中文句中用了半角标点“{marks}”；请改为全角"
        yield sentence.finding(rule, rule.severity, message, spans, marks)


def _brackets(block: Block, rule: Check) -> Iterator[Finding]:
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
        yield sentence.finding(rule, rule.severity, message, [(place, place + 1)], char)


def _cut_off(block: Block, rule: Check) -> Iterator[Finding]:
    if block.kind == "heading" or block.section in {"title", "signature"}:
        return
    sentence = block.sentences[-1]
    text = sentence.text.rstrip()
    end = len(text)
    if _UNFINISHED.search(text):
        message = f"句子以“{text[-1]}”结束，没有说完；请补全"
        yield sentence.finding(rule, rule.severity, message, [(end - 1, end)])
    elif (
        block.kind == "paragraph"
        and len(block.text) > _WORDY
        and text[-1:].isalnum()
        and "，" in text
    ):
        message = "段末没有句号，请检查是否缺了后半句"
        yield sentence.finding(rule, "info", message, [(end - 1, end)])


def _title(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    years = list(_YEAR.finditer(sentence.text))
    spoken = list(_SPOKEN.finditer(sentence.text))
    if len(years) > 1 and years[0][0] == years[1][0]:
        message = f"标题中年份“{years[0][0]}”重复；请删去一个"
        yield sentence.finding(rule, rule.severity, message, [m.span() for m in years])
    elif len(spoken) > 1:
        message = "标题中“年度”重复；规范写法是“……YYYY年政府信息公开工作年度报告”"
        yield sentence.finding(rule, "info", message, [m.span() for m in spoken])


_LONG = 40
"""A sentence of so many characters is not said twice by chance."""


def _said_twice(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Yield long sentences that stand in the report word for word before."""
    first: dict[str, Sentence] = {}
    for sentence in manuscript.prose.sentences:
        words = sentence.text.strip()
        if len(words) < _LONG or sentence.section in {"title", "preface", "signature"}:
            continue
        earlier = first.setdefault(words, sentence)
        if earlier is not sentence:
            name = section_name(earlier.section, manuscript.context.format_)
            message = f"这一句与“{name}”中的一句一字不差；请删去一处"
            span = [(0, len(sentence.text))]
            yield sentence.finding(rule, rule.severity, message, span)


@check(
    "L4",
    severity="warning",
    title="重复、半角标点和残句",
    source="GB/T 15834—2011",
    explanation="文中有重复的字词、句子、标点，该有数字的地方没有数字，中文里夹了半角标点，或括号没有配对。"
    "请改正。",
)
def nothing_slipped(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find doubled words and sentences, doubled and half-width marks, odd brackets, halves."""
    yield from _said_twice(manuscript, rule)
    for block in manuscript.prose.blocks:
        for sentence in block.sentences:
            yield from _doubled(sentence, rule)
            yield from _half_width(sentence, rule, block.number)
            if block.section == "title":
                yield from _title(sentence, rule)
        yield from _brackets(block, rule)
        yield from _cut_off(block, rule)


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
            value = read_numeral(match[1]) if level < 3 else int(match[1])
            return (level, value) if value else None
    return None


def _sequence(blocks: list[Block], rule: Check) -> Iterator[Finding]:
    """Check within a section that each level counts on from 1 under the heading above it."""
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
            yield sentence.finding(rule, rule.severity, message, span, block.number, str(expected))
        elif level not in last and value > 1 and level > 2:
            message = f"序号从“{block.number}”开始，缺前面的项；请检查"
            yield sentence.finding(rule, rule.severity, message, span, block.number, "1")
        last[level] = value
        for deeper in [k for k in last if k > level]:
            del last[deeper]
        if "(" in block.number or ")" in block.number:
            message = f"序号“{block.number}”用了半角括号；应为全角（{_NAMES[level]}）"
            yield sentence.finding(rule, rule.severity, message, span, block.number)


def _order(blocks: list[Block], rule: Check) -> Iterator[Finding]:
    """Check that no deeper level comes before a higher one: 一、 （一） 1. （1）."""
    levels: list[int] = []
    for block in blocks:
        if (found := _level(block)) is None:
            continue
        level = found[0]
        if levels and level < min(levels):
            sentence = block.sentences[0]
            message = (
                f"层次序号颠倒：“{_NAMES[min(levels)]}”之后出现了上一层的“{block.number}”；"
                "规范顺序为一、（一）1.（1）"
            )
            yield sentence.finding(
                rule, rule.severity, message, [(0, len(block.number))], block.number
            )
            return
        levels.append(level)


def _ordinals(blocks: list[Block], rule: Check) -> Iterator[Finding]:
    """Check that 一是…二是…三是… count on over the sentences of a section; one remark each."""
    last = 0
    for block in blocks:
        if block.kind == "heading" or _level(block):
            last = 0
        for sentence in block.sentences:
            for match in _ORDINAL.finditer(sentence.text):
                value = read_numeral(match[1]) or 0
                if last and value not in {1, last + 1}:
                    what = "重复" if value <= last else "跳号"
                    message = f"列举序号“{match[0]}”{what}，前一项是第{last}项；请改正"
                    yield sentence.finding(rule, rule.severity, message, [match.span()], match[0])
                    last = 0
                elif last or value == 1:
                    last = value


_ANNOUNCED = re.compile(
    "(?P<n>[两二三四五六])(?:个方面|方面|项|件|点|个|类)(?:的)?(?:重点|主要)?"
    "(?:工作|措施|问题|不足|短板|任务|举措|事)?[：:，]一是"
)


def _announced(blocks: list[Block], rule: Check) -> Iterator[Finding]:
    """Report 三项工作：一是…；二是… that stops short of what it announces, or goes on behind."""
    sentences = [s for block in blocks for s in block.sentences]
    for n, sentence in enumerate(sentences):
        match = _ANNOUNCED.search(sentence.text)
        if match is None:
            continue
        number = read_numeral(match["n"].replace("两", "二")) or 0
        text = sentence.text[match.start("n") :] + "".join(s.text for s in sentences[n + 1 :])
        values = [read_numeral(m[1]) or 0 for m in _ORDINAL.finditer(text)]
        again = next((i for i, v in enumerate(values) if i and v == 1), len(values))
        named = values[:again]
        if named == [*range(1, len(named) + 1)] and 1 < len(named) != number:
            message = f"写作“{match['n']}”项，后面列了{len(named)}项；请核对后改正"
            yield sentence.finding(
                rule, rule.severity, message, [match.span("n")], match["n"], str(len(named))
            )


def _parts(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Report 六部分 announced where five are named (preface)."""
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
    number = int(match["n"]) if match["n"].isdigit() else read_numeral(match["n"])
    if count > 2 and number and count != number and "等" not in match[0]:
        message = f"写作{match['n']}部分，前面列了{count}项；请核对（统一格式为六部分）"
        yield sentence.finding(
            rule, rule.severity, message, [match.span("n")], match["n"], str(count)
        )


@check(
    "L10",
    severity="warning",
    title="标题序号",
    source="GB/T 9704—2012",
    explanation="序号依次为“一、”“（一）”“1.”“（1）”，用全角括号，不要跳级或重号。",
)
def numbers_of_headings_count_on(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check the official numbers 一、（一）1.（1） and enumerations with 一是."""
    by_section: dict[str, list[Block]] = {}
    for block in manuscript.prose.blocks:
        by_section.setdefault(block.section, []).append(block)
    for section, blocks in by_section.items():
        yield from _sequence(blocks, rule)
        yield from _order(blocks, rule)
        yield from _ordinals(blocks, rule)
        yield from _announced(blocks, rule)
        if section == "preface":
            for block in blocks:
                for sentence in block.sentences:
                    yield from _parts(sentence, rule)
