"""Read what a PDF says of itself: standards, language, title, bookmarks, tags, fonts.

Source: ISO 19005-2 (PDF/A-2a), ISO 14289-1 (PDF/UA-1). Typst refuses to write a file that
breaks a rule it knows; this looks at the finished file with another program, pikepdf.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from nianbao.documents.layout_check.letters import Page
from nianbao.documents.layout_check.measurement import Measurement, none_of

_PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
_PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"


def file_measurements(pdf: bytes, pages: Sequence[Page]) -> Iterator[Measurement]:
    """Measure what the file declares, and whether tags and bookmarks bear it out."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        yield from _declared(file)
        yield _title(file, pages)
        yield from _tagged(file, pages)
        loose = sorted({name for page in file.pages for name in _loose_fonts(page)})
        yield none_of("字体均已嵌入", "全部", loose)
        yield none_of("文件结构", "无错误", [str(fault) for fault in file.check_pdf_syntax()])


def _declared(file: pikepdf.Pdf) -> Iterator[Measurement]:
    with file.open_metadata() as meta:
        part, level = meta.get(_PDFA + "part"), str(meta.get(_PDFA + "conformance", "")).lower()
        access = meta.get(_PDFUA + "part")
    archive = f"PDF/A-{part}{level}" if part else "未声明"
    yield Measurement("存档标准", "PDF/A-2a", archive, archive == "PDF/A-2a")
    yield Measurement(
        "无障碍标准", "PDF/UA-1", f"PDF/UA-{access}" if access else "未声明", access == "1"
    )
    language = str(file.Root.get("/Lang", ""))
    yield Measurement("语言", "zh-CN", language or "未标明", language == "zh-CN")


def _title(file: pikepdf.Pdf, pages: Sequence[Page]) -> Measurement:
    """Measure the title of the file, which a reader shows instead of the file's name."""
    title = str(file.docinfo.get("/Title", ""))
    shown = bool(file.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False))
    printed = "".join(ln.text for ln in pages[0].body if ln.first.size > 20)
    same = "".join(title.split()) == "".join(printed.split()) != ""
    measured = "同印出的标题" if same and shown else title or "无"
    return Measurement("文档标题", "同印出的标题，窗口显示", measured, same and shown)


def _tagged(file: pikepdf.Pdf, pages: Sequence[Page]) -> Iterator[Measurement]:
    bare = [f"第{p.number}页" for p in pages if any("?" in ln.first.tags for ln in p.tagged)]
    marked = bool(file.Root.get("/MarkInfo", {}).get("/Marked", False))
    yield none_of("正文均有标签", "全部", bare if marked else ["文件没有标签"])
    elements = list(_elements(file.Root.get("/StructTreeRoot", {}).get("/K"), None))
    headings = sum(kind.startswith("H") and kind[1:].isdigit() for kind, _, _ in elements)
    with file.open_outline() as outline:
        bookmarks = _count(outline.root)
    measured = "每个标题" if bookmarks == headings else f"{headings} 个标题，{bookmarks} 个书签"
    yield Measurement(
        "书签", "每个标题", measured if bookmarks else "没有书签", bookmarks == headings > 0
    )
    silent = [kind for kind, own, _ in elements if kind == "Figure" and not own.get("/Alt")]
    yield none_of("图有替代文字", "每图", silent)
    yield _row_heads(file)
    links = [a for p in file.pages for a in p.get("/Annots", []) if str(a.Subtype) == "/Link"]
    mute = [str(a.get("/A", {}).get("/URI", "?")) for a in links if not str(a.get("/Contents", ""))]
    yield none_of("链接有说明", "每个", mute)
    split = [k for k, own, on in elements if k in ("TD", "TH") and len(on) > 1 and _rows(own) == 1]
    yield none_of("表格行不跨页", "每行", split)


def _row_heads(file: pikepdf.Pdf) -> Measurement:
    """Measure whether the cells of a table name heads that exist, and labels head its rows."""
    elements = list(_elements(file.Root.get("/StructTreeRoot", {}).get("/K"), None))
    heads = {str(own.ID): own for kind, own, _ in elements if kind == "TH" and "/ID" in own}
    rows = sum(_scope(own) == "/Row" for own in heads.values())
    headless = sum(
        kind == "TD" and not set(_headers(own)) <= heads.keys() for kind, own, _ in elements
    )
    standard = "每格，行标题为 TH（Row）"
    if headless:
        return Measurement("表格数据有表头", standard, f"{headless} 格没有", False)
    return Measurement("表格数据有表头", standard, f"每格，行标题 {rows} 个", True)


def _attributes(cell: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    attributes = cell.get("/A", [])
    return list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]


def _scope(head: pikepdf.Dictionary) -> str:
    return next((str(a.Scope) for a in _attributes(head) if "/Scope" in a), "")


def _headers(cell: pikepdf.Dictionary) -> list[str]:
    found = [str(name) for a in _attributes(cell) for name in a.get("/Headers", [])]
    return found or ["（没有）"]


def _elements(
    kids: Any, page: Any
) -> Iterator[tuple[str, pikepdf.Dictionary, frozenset[tuple[int, int]]]]:
    """Yield every structure element with its type and the pages its content is on."""
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            own = kid.get("/Pg", page)
            yield str(kid.S)[1:], kid, frozenset(_places(kid.get("/K"), own))
            yield from _elements(kid.get("/K"), own)


def _places(kids: Any, page: Any) -> Iterator[tuple[int, int]]:
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            own = kid.get("/Pg", page)
            if "/S" in kid:
                yield from _places(kid.get("/K"), own)
            elif own is not None:
                yield own.objgen
        elif kid is not None and page is not None:
            yield page.objgen


def _rows(cell: pikepdf.Dictionary) -> int:
    return max((int(a.get("/RowSpan", 1)) for a in _attributes(cell)), default=1)


def _count(items: Sequence[Any]) -> int:
    return sum(1 + _count(item.children) for item in items)


def _loose_fonts(page: Any) -> Iterator[str]:
    """Yield the fonts of a page whose shapes are not in the file."""
    for font in (page.get("/Resources", {}).get("/Font", {}) or {}).values():
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        descriptor = inner.get("/FontDescriptor", {})
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield str(font.get("/BaseFont", "?"))
