"""Fields: what Word shows for one is its last result, or what it draws from the field's code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nianbao.files.word.symbols import enclosed, symbol
from nianbao.files.word.xml import Element, make_text, mark, remove, replace, tag, value

_SILENT = frozenset({
    "XE", "TC", "TA", "RD", "SET", "ASK", "PRIVATE", "ADVANCE", "HYPERLINK", "TOC", "INDEX",
    "REF", "PAGEREF", "NOTEREF", "BIBLIOGRAPHY", "ADDIN", "COMMENTS",
})  # fmt: skip
_PAGE_NUMBERS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})
_CIRCLE = re.compile(r"\\o\s*\\a[a-z]\s*\(\s*[○◯〇]\s*[,，;；](?P<inner>.*)\)\s*$", re.IGNORECASE)
_READING = re.compile(
    r"\\o.*?\(\s*\\s\\up\s*\d*\s*\((?P<reading>[^()]*)\)\s*[,，;；](?P<base>.*)\)\s*$",
    re.IGNORECASE,
)
_SWITCH = re.compile(r"\\\*?\s*[A-Za-z]+\d*|[()]")


@dataclass
class _Field:
    """A field while it is read: its code, the mark that began it, whether a result was seen."""

    start: Element
    code: str = ""
    in_code: bool = True
    has_result: bool = False
    pieces: list[Element] = field(default_factory=list)


def settle_fields(body: Element) -> None:
    """Keep the results of fields, and draw those that have none."""
    open_fields: list[_Field] = []
    for piece in [piece for run in body.iter(tag("r")) for piece in run]:
        kind = value(piece, "fldCharType") if piece.tag == tag("fldChar") else None
        if kind == "begin":
            open_fields.append(_Field(piece))
        elif kind == "separate" and open_fields:
            open_fields[-1].in_code = False
            remove(piece)
        elif kind == "end" and open_fields:
            ended = open_fields.pop()
            replace(piece, *_end(ended, open_fields))
        elif kind is not None:
            remove(piece)
        elif open_fields:
            _take(piece, open_fields)
        elif piece.tag == tag("instrText"):
            remove(piece)
    for broken in open_fields:  # cut off: what it was meant to show nobody knows
        replace(broken.start, *(() if broken.has_result else (mark("域", broken.code.strip()),)))


def remove_page_numbers(part: Element) -> None:
    """Take out the fields that show the number of a page, or how many there are."""
    for simple in list(part.iter(tag("fldSimple"))):
        if _name_of(value(simple, "instr") or "") in _PAGE_NUMBERS:
            remove(simple)
    open_fields: list[_Field] = []
    for piece in [piece for run in part.iter(tag("r")) for piece in run]:
        kind = value(piece, "fldCharType") if piece.tag == tag("fldChar") else None
        if kind == "begin":
            open_fields.append(_Field(piece))
        elif kind == "end" and open_fields:
            ended = open_fields.pop()
            for shown in ended.pieces if _name_of(ended.code) in _PAGE_NUMBERS else ():
                remove(shown)
        elif piece.tag == tag("instrText") and open_fields:
            open_fields[-1].code += piece.text or ""
        for each in open_fields:
            each.pieces.append(piece)


def _name_of(code: str) -> str:
    return (code.split() or [""])[0].upper()


def _take(piece: Element, open_fields: list[_Field]) -> None:
    inner = next((f for f in reversed(open_fields) if f.in_code), None)
    if inner is not None and piece.tag != tag("rPr"):
        if piece.tag in (tag("instrText"), tag("t")):
            inner.code += piece.text or ""
        remove(piece)
    elif piece.tag == tag("instrText"):
        open_fields[-1].code += piece.text or ""
        remove(piece)
    elif piece.tag == tag("t") and piece.text:
        for each in open_fields:
            each.has_result = True


def _end(ended: _Field, enclosing: list[_Field]) -> list[Element]:
    has_code = ended.start.getparent() is not None and ended.start.find(tag("ffData")) is not None
    remove(ended.start)
    link = re.match(r'\s*HYPERLINK\s+"([^"#]+)"', ended.code)
    if link and not any(f.in_code for f in enclosing):
        return [mark("链接", link[1])]
    if ended.has_result or any(f.in_code for f in enclosing):
        return []
    return _drawn(ended.code.strip(), is_form=has_code)


def _drawn(code: str, *, is_form: bool = False) -> list[Element]:
    """Return what Word draws for a field that has no result."""
    name = _name_of(code)
    if name == "EQ":
        return _equation(code[2:].strip())
    if name == "SYMBOL":
        return _symbol(code)
    if name in ("MACROBUTTON", "GOTOBUTTON"):
        return [make_text(" ".join(code.split()[2:]))]
    if name in _SILENT or (not name and not is_form):
        return []
    return [mark("复选框" if name == "FORMCHECKBOX" else "域", code)]


def _equation(code: str) -> list[Element]:
    circle, reading = _CIRCLE.search(code), _READING.search(code)
    if circle:
        inner = _SWITCH.sub("", circle["inner"]).strip()
        sign = enclosed(inner)
        return [make_text(sign)] if sign else [make_text(inner), mark("圈号", inner)]
    if reading:
        base = _SWITCH.sub("", reading["base"]).strip()
        return [make_text(base), mark("拼音", reading["reading"].strip())]
    return [mark("公式", code)]


def _symbol(code: str) -> list[Element]:
    words = re.findall(r'"[^"]*"|\S+', code)
    face = next((words[i + 1].strip('"') for i, w in enumerate(words[:-1]) if w == "\\f"), None)
    text = words[1] if len(words) > 1 else ""
    number = int(text, 0) if re.fullmatch(r"0[xX][0-9A-Fa-f]{1,4}|[1-9]\d{0,4}", text) else 0
    sign = symbol(face or "Symbol" if number < 0x100 else face, number) if number else None
    return [make_text(sign)] if sign else [mark("符号", code)]
