"""Signs of the symbol typefaces, and of Word's own ways to draw one, as Unicode.

In Symbol, Wingdings and their like a character's number says nothing: ``%`` of Symbol is stored
as U+F025, a tick of Wingdings as U+F0FC. What has no sign in Unicode that everyone can show is
left out here, and is listed for the reader instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_SYMBOL_20 = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
_SYMBOL_61 = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_A0 = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑"
_WINGDINGS: Mapping[int, str] = {
    0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x3F: "✍", 0x41: "✌", 0x45: "☜", 0x46: "☞", 0x47: "☝",
    0x48: "☟", 0x4A: "☺", 0x4C: "☹", 0x51: "✈", 0x52: "☼", 0x54: "❄", 0x6C: "●", 0x6E: "■",
    0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "◆", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0x77: "◆",
    0x80: "⓪", 0x8B: "⓿", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪",
    0xA8: "□", 0xAB: "★", 0xB2: "✧", 0xB6: "☆", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE7: "←", 0xE8: "→", 0xE9: "↑", 0xEA: "↓", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧",
    0xF2: "⇩", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2: Mapping[int, str] = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0x98: "●",
    0xA2: "■", 0xA3: "□", 0xE3: "★",
}  # fmt: skip


def _count_on(first: int, signs: str) -> Iterator[tuple[int, str]]:
    return ((first + place, sign) for place, sign in enumerate(signs))


_ROUND, _BLACK = "①②③④⑤⑥⑦⑧⑨⑩", "❶❷❸❹❺❻❼❽❾❿"
_FACES: Mapping[str, Mapping[int, str]] = {
    "symbol": {
        **dict(_count_on(0x20, _SYMBOL_20)), **dict(_count_on(0x61, _SYMBOL_61)),
        **dict(_count_on(0xA0, _SYMBOL_A0)),
    },
    "wingdings": {**_WINGDINGS, **dict(_count_on(0x81, _ROUND)), **dict(_count_on(0x8C, _BLACK))},
    "wingdings 2": {
        **_WINGDINGS_2, **dict(_count_on(0x69, f"⓪{_ROUND}")),
        **dict(_count_on(0x74, f"⓿{_BLACK}")),
    },
    "wingdings 3": {
        0x5B: "←", 0x5D: "→", 0x66: "←", 0x67: "→", 0x68: "↑", 0x69: "↓", 0x70: "▲", 0x71: "▼",
        0x74: "◀", 0x75: "▶",
    },
    "webdings": {0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗"},
}  # fmt: skip


def is_symbol_face(face: str | None) -> bool:
    """Return whether the numbers of a typeface's characters are its own."""
    return (face or "").lower() in _FACES


def symbol(face: str | None, code: int) -> str | None:
    """Return the sign that a typeface shows for a character's number, None when nobody knows it.

    Examples
    --------
    >>> symbol("Symbol", 0xF025), symbol("Wingdings", 0xFC), symbol("宋体", 0x2460)
    ('%', '✓', '①')
    """
    own = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if is_symbol_face(face):
        return _FACES[(face or "").lower()].get(own)
    return chr(code) if own == code and 0x20 <= code < 0xD800 else None


def symbols(face: str | None, text: str) -> str:
    """Replace the characters of a run in a symbol typeface; those that nobody knows stay."""
    low = (c if ord(c) > 0xFF and not 0xF000 <= ord(c) <= 0xF0FF else "" for c in text)
    return "".join(other or symbol(face, ord(c)) or c for c, other in zip(text, low, strict=True))


_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def raised(text: str, *, lowered: bool = False) -> str | None:
    """Write a superscript (or subscript) with Unicode's own signs, None where there are none.

    Examples
    --------
    >>> raised("2"), raised("2", lowered=True), raised("附")
    ('²', '₂', None)
    """
    table = _LOWERED if lowered else _RAISED
    found = text.translate(table)
    return found if all(old != new for old, new in zip(text, found, strict=True)) else None


def enclosed(text: str) -> str | None:
    """Return the sign for a number, a Chinese numeral or a letter in a circle.

    Examples
    --------
    >>> enclosed("1"), enclosed("20"), enclosed("三"), enclosed("密密")
    ('①', '⑳', '㊂', None)
    """
    if text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= 50:
        number = int(text)
        first = {0: 0x24EA, 1: 0x2460, 2: 0x3251 - 21, 3: 0x32B1 - 36}
        part = 0 if number == 0 else 1 if number <= 20 else 2 if number <= 35 else 3
        return chr(first[part] + (number - 1 if part == 1 else number))
    if len(text) == 1 and text in "一二三四五六七八九十":
        return chr(0x3280 + "一二三四五六七八九十".index(text))
    if len(text) == 1 and text.isascii() and text.isalpha():
        return chr((0x24B6 if text.isupper() else 0x24D0) + ord(text.upper()) - ord("A"))
    return None
