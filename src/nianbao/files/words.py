"""Characters and words as people type them: made ordinary, refused, matched with official ones.

What no text of a report can have is refused here, once, before anything is counted or drawn: a
document could not show it, or would show something else than what is written. Signs that only
come along when text is copied are left out, and characters that only look like the ordinary ones
become those, by one function for all that is read: data, prose, published reports and finished
files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩"
    "⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑"
    "⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
    "⼾"
)
_SHOWN = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王"
    "𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶阝钅長"
    "镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
    "户"
)
"""What the typefaces show for the CJK radicals supplement (U+2E80–2EF3), into which programs turn
characters when text is copied out of a PDF. Source: Unicode, EquivalentUnifiedIdeograph.txt; but
for ⻏ and the Kangxi radical ⼾ (U+2F3E), which Chinese faces draw as 阝 and 户."""
_ORDINARY = dict(zip(_RADICALS, _SHOWN, strict=True))
# Byte order mark, soft hyphen, zero-width signs, marks of left-to-right. What turns the order of
# letters round is not left out but refused.
_INVISIBLE = re.compile("[\ufeff\u00ad\u200b-\u200f\u202a\u202c\u202d\u2060-\u2064]")
# A letter and an accent written as two; radicals; ideographs kept for other codes' sake.
_LOOSE = re.compile(
    "[A-Za-z][\u0300-\u036f]+|[\u2e80-\u2ef3\u2f00-\u2fd5\uf900-\ufad9\U0002f800-\U0002fa1d]"
)


def normalise_characters(text: str) -> str:
    """Take out the signs that nobody sees, and put ordinary characters for their look-alikes.

    Examples
    --------
    >>> normalise_characters("公\u200b\u2f64"), normalise_characters("⻔⼾⺠生")
    ('公用', '门户民生')
    """
    if text.isascii():
        return text
    return _LOOSE.sub(_ordinary, _INVISIBLE.sub("", text))


def _ordinary(found: re.Match[str]) -> str:
    return _ORDINARY.get(found[0]) or unicodedata.normalize("NFKC", found[0])


MAX_CELL = 32_767
"""Most characters of a cell; Excel itself takes no more."""

MAX_PARAGRAPH = 5_000
"""Most characters of a paragraph of prose; the longest we know has some 1,500."""

MAX_LINE = 500
"""Most characters of a name, an address or another text in one line."""

_RANGES = {
    "控制符": "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f",
    "看不见的排版符": "\x85\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u2028\u2029"
    "\u202b\u202e\u2065-\u206f\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f",
    "半个字符": "\ud800-\udfff",
    "自造字（私用区字符，换一台机器就显示成别的字或方框）": "\ue000-\uf8ff\U000f0000-\U000ffffd"
    "\U00100000-\U0010fffd",
    "不是字符的编码": "\ufdd0-\ufdef\ufffe\uffff"
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff\U0004fffe\U0004ffff"
    "\U0005fffe\U0005ffff\U0006fffe\U0006ffff\U0007fffe\U0007ffff\U0008fffe\U0008ffff"
    "\U0009fffe\U0009ffff\U000afffe\U000affff\U000bfffe\U000bffff\U000cfffe\U000cffff"
    "\U000dfffe\U000dffff\U000efffe\U000effff\U000ffffe\U000fffff\U0010fffe\U0010ffff",
}
_KINDS = {name: re.compile(f"[{signs}]") for name, signs in _RANGES.items()}
_ANY = re.compile(f"[{''.join(_RANGES.values())}]")
_BRACES = re.compile(r"\{\s*\{|\}\s*\}")
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4,}"
)
"""So many marks over one letter make it cover its neighbours; no writing needs as many."""


def unfit(text: str, most: int = MAX_CELL, *, prose: bool = False) -> str | None:
    """Return what is wrong with a text as such, in words, or None.

    It may have ``most`` characters. In ``prose`` placeholders may stand, which are for those who
    read them.

    Examples
    --------
    >>> unfit("公开\\x07")
    '有控制符（U+0007，第3个字符）'
    >>> unfit("公开指南") is None
    True
    """
    if len(text) > most:
        return f"太长（{len(text)}个字符，最多{most}个）"
    if text.isalnum():
        return None
    if found := _ANY.search(text):
        kind = next(name for name, signs in _KINDS.items() if signs.match(found[0]))
        return f"有{kind}（U+{ord(found[0]):04X}，第{found.start() + 1}个字符）"
    if not prose and (found := _BRACES.search(text)):
        return f"有引用数据用的括号“{found[0]}”（第{found.start() + 1}个字符），只能写在正文里"
    if found := _MARKS.search(text):
        return f"叠加符号太多（第{found.start() + 1}个字符起）"
    return None


def unfit_lines(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the number (1-based) of each line of prose that cannot be printed, and why."""
    for number, line in enumerate(lines, 1):
        if (wrong := unfit(line, MAX_PARAGRAPH, prose=True)) is not None:
            yield number, wrong


_NOT_WORD = re.compile(r"[\W_]+")
MAX_PROBLEMS = 100
"""Problems reported of one file; a ledger with a wrong column would otherwise list every row."""


@lru_cache(maxsize=20_000)  # labels come again in every row of every file
def normalise_word(text: str) -> str:
    """Reduce to the bare word: letters half-width, without blanks and punctuation.

    Two writings of one label become the same word; nothing else about them is guessed.

    Examples
    --------
    >>> normalise_word("本年收费金额 (万元)") == normalise_word("本年收费金额（万元）")
    True
    """
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", normalise_characters(text)))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like this one, or the only one it is a part of; else None.

    Examples
    --------
    >>> nearest("requsts", ["requests", "reviews"])
    'requests'
    >>> nearest("本年新收", ["本年新收政府信息公开申请数量", "上年结转政府信息公开申请数量"])
    '本年新收政府信息公开申请数量'
    """
    folded = {normalise_word(k).casefold(): k for k in known}
    bare = normalise_word(word).casefold()
    match = get_close_matches(bare, folded, n=1, cutoff=0.6)
    whole = [k for k in folded if bare in k] if len(bare) > 1 else []
    if match:
        return folded[match[0]]
    return folded[whole[0]] if len(whole) == 1 else None


def ask_for(word: str, known: Iterable[str]) -> str | None:
    """Return the remedy that names the nearest known word, or None.

    It asks, because the nearest word need not be the one that was meant.
    """
    near = nearest(word, known)
    return f"是否应为“{near}”" if near else None


def alike(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return up to three known names like this one, letter by letter, the best first.

    Examples
    --------
    >>> alike("办结", ["新收申请", "办结申请"])
    ('办结申请',)
    """
    return tuple(get_close_matches(name, list(names), n=3, cutoff=0.4))


def perhaps(name: str, names: Iterable[str]) -> str:
    """Return the question whether one of the names that are alike was meant; empty when none is.

    Examples
    --------
    >>> perhaps("办结", ["新收申请", "办结申请"])
    '是不是“办结申请”？'
    """
    close = alike(name, names)
    return f"是不是“{'”“'.join(close)}”？" if close else ""


def listing(words: Iterable[str]) -> str:
    """Return the words joined as Chinese lists them."""
    return "、".join(words)


def short_listing(names: Sequence[str], most: int = 6, measure: str = "处") -> str:
    """Return the names joined; of a long list only the first, and how many there are.

    Examples
    --------
    >>> short_listing(["甲", "乙", "丙"], most=2)
    '甲、乙等3处'
    """
    if len(names) <= most:
        return listing(names)
    return f"{listing(names[:most])}等{len(names)}{measure}"


def column_letter(index: int) -> str:
    """Return the letter Excel shows over the column with this 0-based index.

    Examples
    --------
    >>> column_letter(27)
    'AB'
    """
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def day_words(day: date) -> str:
    """Write a day in Chinese, without leading zeros.

    Source: GB/T 9704-2012, 7.3.5.4.

    Examples
    --------
    >>> from datetime import date
    >>> day_words(date(2025, 1, 20))
    '2025年1月20日'
    """
    return f"{day.year}年{day.month}月{day.day}日"
