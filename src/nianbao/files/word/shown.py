"""Make the tree of a Word file what Word shows, so that every reader of it reads the same.

Changes count as accepted, wrappers are gone, numbers that Word counts are text. What is shown
but is no text (a box, a note, a formula) leaves a mark, see `nianbao.files.word.xml`: every
element is known here, and what is not known is marked with its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from nianbao.files.word.fields import remove_page_numbers, settle_fields
from nianbao.files.word.symbols import is_symbol_face, raised, symbol, symbols
from nianbao.files.word.xml import (
    CHART,
    DIAGRAM,
    DRAWING,
    MATH,
    MC,
    OFFICE,
    PICTURE,
    RELATION,
    VML,
    Element,
    Untaken,
    all_text,
    formula_text,
    hex_number,
    is_on,
    make_text,
    mark,
    remove,
    replace,
    shown_text,
    tag,
    unwrap,
    value,
)

_DELETED = (
    "del", "moveFrom", "pPrChange", "rPrChange", "tblPrChange", "tcPrChange", "trPrChange",
    "sectPrChange", "numberingChange", "tblGridChange", "tblPrExChange",
)  # fmt: skip
_WRAPPERS = ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo")
_PROPERTIES = ("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr")
# Elements of text that are read, and those that show nothing.
_READ = frozenset(map(tag, (
    "p", "r", "t", "tab", "ptab", "br", "cr", "noBreakHyphen", "tbl", "tr", "tc", "drawing", "pict",
)))  # fmt: skip
_SILENT = frozenset(map(tag, (
    "pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx", "bookmarkStart",
    "bookmarkEnd", "proofErr", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd",
    "commentReference", "annotationRef", "footnoteRef", "endnoteRef", "separator",
    "continuationSeparator", "lastRenderedPageBreak", "softHyphen", "moveFromRangeStart",
    "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd",
)))  # fmt: skip
_REPORTED = {tag(name): kind for name, kind in {
    "pgNum": "页码", "dayShort": "日期域", "dayLong": "日期域", "monthShort": "日期域",
    "monthLong": "日期域", "yearShort": "日期域", "yearLong": "日期域", "contentPart": "手写内容",
    "subDoc": "子文档", "movie": "影片", "control": "控件",
}.items()}  # fmt: skip
_NOTES = {
    tag("footnoteReference"): ("脚注", "footnotes", "footnote"),
    tag("endnoteReference"): ("尾注", "endnotes", "endnote"),
}
_SENTENCE_END = re.compile(r"[。！？；：.!?;:…][”’）」』)\"']*\s*$")
_ITEM = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+[、是]|\d+[.、．)）]|[①-⑳]|第[一二三四五六七八九十]+|[-—•●■◆➢])"
)
_PAGE_WORDS = re.compile(r"[第页共\W_]*")
"""What stands round a page's number and says nothing by itself."""
_INNER_MARK = re.compile(r"[，；：。、,;:]")

Part = Callable[[str], Element | None]
"""Gives a part of the file by the number of its relation."""


def accept_changes(body: Element) -> None:
    """Make the tree what it is after "accept all changes"."""
    for paragraph in list(body.iter(tag("p"))):
        of_mark = paragraph.find(f"{tag('pPr')}/{tag('rPr')}")
        if of_mark is None or not any(
            of_mark.find(tag(name)) is not None for name in ("del", "moveFrom")
        ):
            continue
        below = paragraph.getnext()
        if below is not None and below.tag == tag("p"):
            _join(paragraph, below)  # its end was deleted: its content opens the next one
    for row in list(body.iter(tag("tr"))):
        if row.find(f"{tag('trPr')}/{tag('del')}") is not None:
            remove(row)
    for cell in list(body.iter(tag("tc"))):
        if cell.find(f"{tag('tcPr')}/{tag('cellDel')}") is not None:
            remove(cell)
    for table in list(body.iter(tag("tbl"))):
        if next(table.iter(tag("tc")), None) is None:
            remove(table)  # all of its rows were deleted
    for gone in [e for name in _DELETED for e in body.iter(tag(name))]:
        remove(gone)


def _join_drop_caps(body: Element) -> None:
    """Put a large first letter, which Word keeps as a paragraph of its own, before its words."""
    for frame in list(body.iter(tag("framePr"))):
        paragraph = frame.getparent()
        paragraph = None if paragraph is None else paragraph.getparent()
        below = None if paragraph is None else paragraph.getnext()
        large = value(frame, "dropCap") in ("drop", "margin")
        if large and paragraph is not None and below is not None and below.tag == tag("p"):
            _join(paragraph, below)


def _join(paragraph: Element, below: Element) -> None:
    at = 1 if below.find(tag("pPr")) is not None else 0
    for child in reversed(paragraph):
        if child.tag != tag("pPr"):
            below.insert(at, child)
    remove(paragraph)


def settle(
    body: Element,
    parts: Mapping[str, Element],
    part: Part,
    target: Callable[[str], str],
    chunk: Callable[[str], str],
) -> None:
    """Make a body what Word shows.

    Parameters
    ----------
    body
        Changed in place.
    parts
        The parsed parts by the last step of their name without suffix, such as ``footnotes``.
    part, target, chunk
        The part, the address outside of the file, or the words of the file taken in, that a
        relation leads to.
    """
    for choice in list(body.iter(f"{MC}AlternateContent")):
        _choose(choice)
    accept_changes(body)
    _join_drop_caps(body)
    _open_wrappers(body, target)
    settle_fields(body)
    names = {element.tag for element in body.iter()}
    if tag("drawing") in names or tag("pict") in names or tag("object") in names:
        for drawing in list(body.iter(tag("drawing"), tag("pict"), tag("object"))):
            _settle_drawing(drawing, part)
    for name in names & set(_NOTES):
        _settle_notes(body, str(name), parts)
    for formula in [*body.iter(f"{MATH}oMathPara"), *body.iter(f"{MATH}oMath")]:
        if formula.getparent() is not None:
            replace(formula, mark("公式", formula_text(formula)))
    for ruby in list(body.iter(tag("ruby"))):
        base, reading = ruby.find(tag("rubyBase")), ruby.find(tag("rt"))
        text = "" if base is None else shown_text(base)
        reported = [] if reading is None else [mark("拼音", shown_text(reading))]
        replace(ruby, make_text(text), *reported)
    for sign in list(body.iter(tag("sym"))):
        _settle_sign(sign)
    for taken_in in list(body.iter(tag("altChunk"))):
        replace(taken_in, mark("插入的文件", chunk(taken_in.get(f"{RELATION}id", ""))))
    for table in body.iter(tag("tbl")):
        outer = table.getparent()
        if outer is not None and outer.tag == tag("tc"):
            outer.append(mark("嵌套表格", shown_text(table)))
    _mark_unknown(body)


def _choose(alternatives: Element) -> None:
    """Keep the first of several forms of one thing, which newer and older programs know."""
    kept = alternatives.find(f"{MC}Choice")
    kept = alternatives.find(f"{MC}Fallback") if kept is None else kept
    replace(alternatives, *([] if kept is None else list(kept)))


def _bare(address: str) -> str:
    """Return an address as people write it.

    A link whose text is its address says nothing more than the text.
    """
    return re.sub(r"^(?:mailto:|https?://)", "", address).rstrip("/")


def _open_wrappers(body: Element, target: Callable[[str], str]) -> None:
    for prompt in list(body.iter(tag("showingPlcHdr"))):
        control = prompt.getparent()
        control = None if control is None else control.getparent()
        content = None if control is None else control.find(tag("sdtContent"))
        if content is not None and is_on(prompt):
            for text in list(content.iter(tag("t"))):
                replace(text, mark("填写提示", text.text or ""))
    for link in list(body.iter(tag("hyperlink"))):
        address, words = target(link.get(f"{RELATION}id", "")), shown_text(link).strip()
        if _bare(address) not in ("", _bare(words)):
            link.append(mark("链接", f"{words}：{address}"))
    for element in [e for name in _PROPERTIES for e in body.iter(tag(name))]:
        remove(element)
    wrappers = [e for name in (*_WRAPPERS, "sdtContent", "sdt") for e in body.iter(tag(name))]
    for wrapper in reversed(wrappers):
        unwrap(wrapper)


def _settle_drawing(drawing: Element, part: Part) -> None:
    """Keep a picture; mark the text of boxes, charts and diagrams."""
    if drawing.getparent() is None:
        return
    reported: list[Element] = []
    boxes = [*drawing.iter(tag("txbxContent"))]
    for box in boxes:
        reported += [mark("文本框", shown_text(box))] if shown_text(box) else []
        remove(box)
    reported += [mark("艺术字", path.get("string", "")) for path in drawing.iter(f"{VML}textpath")]
    for chart in drawing.iter(f"{CHART}chart"):
        reported.append(mark("图表", _chart_text(part(chart.get(f"{RELATION}id", "")))))
    for diagram in drawing.iter(f"{DIAGRAM}relIds"):
        inside = part(diagram.get(f"{RELATION}dm", ""))
        reported.append(mark("SmartArt 图形", "" if inside is None else shown_text(inside)))
    for ole in drawing.iter(f"{OFFICE}OLEObject"):
        reported.append(mark("嵌入对象", ole.get("ProgID", "")))
    is_picture = any(True for _ in drawing.iter(f"{DRAWING}blip", f"{VML}imagedata"))
    if drawing.tag == tag("object") or not is_picture:
        replace(
            drawing,
            *(
                reported
                or ([] if _is_no_shape(drawing) or boxes else [mark("图形", _name(drawing))])
            ),
        )
    else:
        for each in reported:
            drawing.addnext(each)


def _name(drawing: Element) -> str:
    return next((about.get("name", "") for about in drawing.iter(PICTURE)), "")


def _is_no_shape(drawing: Element) -> bool:
    """Return whether it is a rule across the page, or the form of shapes drawn elsewhere."""
    shapes = [e for e in drawing.iter() if isinstance(e.tag, str) and e.tag.startswith(VML)]
    own = [shape for shape in shapes if shape.tag != f"{VML}shapetype"]
    return drawing.tag == tag("pict") and (
        not own or any(shape.get(f"{OFFICE}hr") for shape in own)
    )


def _chart_text(chart: Element | None) -> str:
    found = () if chart is None else chart.iter(f"{DRAWING}t", f"{CHART}v")
    return " ".join(piece.text or "" for piece in found)


def _settle_notes(body: Element, name: str, parts: Mapping[str, Element]) -> None:
    kind, file, element = _NOTES[name]
    found = parts[file].iter(tag(element)) if file in parts else ()
    notes = {value(note, "id"): shown_text(note) for note in found}
    for reference in list(body.iter(name)):
        replace(reference, mark(kind, notes.get(value(reference, "id"), "")))


def _settle_sign(sign: Element) -> None:
    face, code = value(sign, "font"), value(sign, "char")
    known = symbol(face, hex_number(code))
    replace(sign, make_text(known) if known else mark("符号", f"{face} {code}"))


def _mark_unknown(body: Element) -> None:
    """Mark what this reader has never heard of; nothing is passed over without a word."""
    waiting = list(body)
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            continue
        if element.tag in _REPORTED:
            replace(element, mark(_REPORTED[element.tag], shown_text(element)))
        elif element.tag in (tag("drawing"), tag("pict"), tag("t")) or "}" not in element.tag:
            continue
        elif element.tag in _READ:
            waiting += list(element)
        elif text := all_text(element):
            replace(element, mark("程序不认识的内容", text))


def settle_runs(body: Element, of_run: Callable[[Element, str], Element | None]) -> None:
    """Make the characters of each run those that are shown.

    ``of_run`` gives a property of a run by its name, its own or its style's.
    """
    for run in list(body.iter(tag("r"))):
        if run.find(tag("rPr")) is None:
            continue
        pieces = [piece for piece in run.iterchildren(tag("t")) if piece.text]
        if is_on(of_run(run, "vanish")) or is_on(of_run(run, "webHidden")):
            for piece in list(run):
                if piece.tag == tag("t"):
                    replace(piece, mark("隐藏文字", piece.text or ""))
                elif piece.tag in (tag("tab"), tag("br"), tag("cr")):
                    remove(piece)
            continue
        faces = of_run(run, "rFonts")
        face = value(faces, "ascii") or value(faces, "hAnsi")
        for piece in pieces:
            _settle_piece(piece, face, of_run(run, "vertAlign"))
            if is_on(of_run(run, "caps")):
                piece.text = (piece.text or "").upper()
        if pieces and (is_on(of_run(run, "strike")) or is_on(of_run(run, "dstrike"))):
            pieces[-1].addnext(mark("删除线", "".join(piece.text or "" for piece in pieces)))


def _settle_piece(piece: Element, face: str | None, shift: Element | None) -> None:
    text = piece.text or ""
    if is_symbol_face(face):
        piece.text = text = symbols(face, text)
        lost = "".join(c for c in text if 0xF000 <= ord(c) <= 0xF0FF)
        if lost:
            piece.text = "".join(c for c in text if c not in lost)
            piece.addnext(mark("符号", f"{face} " + " ".join(f"{ord(c):04X}" for c in lost)))
    if value(shift) in ("superscript", "subscript") and text.strip():
        lowered = value(shift) == "subscript"
        written = raised(text.strip(), lowered=lowered)
        if written:
            piece.text = text.replace(text.strip(), written)
        else:
            piece.addnext(mark("下标" if lowered else "上标", text))


def settle_breaks(
    body: Element, text_of: Callable[[Element], str], is_plain: Callable[[Element], bool]
) -> None:
    """Take out the breaks of lines and pages that stand within a sentence.

    A break of a line after a sentence begins a paragraph, as editors mean it.

    Parameters
    ----------
    text_of
        The text of a paragraph, a break of a line as its own sign.
    is_plain
        Whether a paragraph is neither a heading nor numbered: only such a one goes on with
        what stands on the page before.
    """
    for paragraph in list(body.iter(tag("p"))):
        breaks = list(paragraph.iter(tag("br"), tag("cr")))
        ends_page = False
        for each in breaks:
            if value(each, "type") in ("page", "column"):
                ends_page = each is breaks[-1] and not _follows(paragraph, each)
                remove(each)
        lines = [e for e in breaks if e.getparent() is not None]
        texts = text_of(paragraph).split("\n")
        for place, each in enumerate(lines[: len(texts) - 1]):
            if is_within_sentence(texts[place], texts[place + 1], texts[-1]):
                both = texts[place][-1:] + texts[place + 1].lstrip()[:1]
                replace(each, *([make_text(" ")] if both.isascii() and both.isalnum() else []))
        below = paragraph.getnext()
        if ends_page and below is not None and below.tag == tag("p") and is_plain(below):
            after = text_of(below)
            if is_within_sentence(text_of(paragraph), after, after):
                for child in list(below):
                    if child.tag != tag("pPr"):
                        paragraph.append(child)
                remove(below)


def _follows(paragraph: Element, piece: Element) -> bool:
    """Return whether text follows a piece in its paragraph."""
    everything = list(paragraph.iter())
    after = everything[everything.index(piece) + 1 :]
    return any(e.tag == tag("t") and (e.text or "").strip() for e in after)


def is_within_sentence(before: str, after: str, last: str) -> bool:
    """Return whether a break between two lines cuts a sentence.

    ``last`` is the last line of all: a list of words without full stops is no sentence.

    Examples
    --------
    >>> is_within_sentence("年内开展政务公开", "业务培训2次。", "业务培训2次。")
    True
    >>> is_within_sentence("一、总体情况", "全年公开105条。", "全年公开105条。")
    False
    """
    if not before.strip() or not after.strip() or _SENTENCE_END.search(before):
        return False
    heading = _ITEM.match(before) and not _INNER_MARK.search(before[_end_of_mark(before) :])
    return not heading and not _ITEM.match(after) and bool(_SENTENCE_END.search(last))


def _end_of_mark(text: str) -> int:
    found = _ITEM.match(text)
    return found.end() if found else 0


def margin_texts(parts: Mapping[str, Element]) -> Iterator[Untaken]:
    """Yield the texts of page heads and feet, without the numbers of pages."""
    for name, part in parts.items():
        kind = "页眉" if name.startswith("header") else "页脚" if name.startswith("footer") else ""
        if kind:
            for choice in list(part.iter(f"{MC}AlternateContent")):
                _choose(choice)
            accept_changes(part)
            remove_page_numbers(part)
            marks = [path.get("string", "") for path in part.iter(f"{VML}textpath")]
            text = "".join(f"{shown_text(part)}{''.join(marks)}".split())
            if not _PAGE_WORDS.fullmatch(text):
                yield Untaken(kind, text)
