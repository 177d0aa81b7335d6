"""Measure the layout of a finished PDF against GB/T 9704-2012, point by point.

What the file says of itself is measured here: standards, language, title, bookmarks, tags, fonts;
what its pages show, in `nianbao.documents.layout_check.page`. Typst refuses to write a file that
breaks a rule of PDF/A-2a (ISO 19005-2) or PDF/UA-1 (ISO 14289-1) it knows; this looks at the
finished file with another program, pikepdf.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from nianbao.documents.layout_check import page
from nianbao.documents.layout_check.letters import Measurement, Page, none_of, read_pages

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


__all__ = ["LayoutReport", "Measurement", "layout_markdown", "measure"]


@dataclass(frozen=True, slots=True)
class LayoutReport:
    """The measurements of one PDF in the order of the standard."""

    name: str
    measurements: tuple[Measurement, ...]

    @property
    def ok(self) -> bool:
        """True if every point is within its tolerance."""
        return all(measured.ok for measured in self.measurements)

    @property
    def faults(self) -> tuple[Measurement, ...]:
        """The points that are not."""
        return tuple(measured for measured in self.measurements if not measured.ok)

    def __getitem__(self, name: str) -> Measurement:
        return next(measured for measured in self.measurements if measured.name == name)


def measure(pdf: bytes | Path, name: str = "") -> LayoutReport:
    """Measure a PDF.

    ``name`` is what the report calls it; without one, its path.

    Examples
    --------
    >>> measure(Path("report.pdf"))["天头"].measured  # doctest: +SKIP
    '37.00 mm'
    """
    data = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
    pages = read_pages(data)
    points = (
        *page.page_measurements(pages),
        *page.title_measurements(pages),
        *page.number_measurements(pages),
        *page.flow_measurements(pages),
        *page.font_measurements(pages),
        *page.heading_measurements(pages),
        *page.table_measurements(pages),
        *page.glyph_measurements(pages),
        *file_measurements(data, pages),
    )
    return LayoutReport(name or (pdf.as_posix() if isinstance(pdf, Path) else "PDF"), points)


_INTRO = """\
# 版面实测

由 `.venv/bin/python tools/layout.py 文件……` 量出并写成，不要手改。标准值取自 GB/T 9704—2012
《党政机关公文格式》；“实测”是从成品 PDF 中读出的值，读取所用的 pypdfium2、pikepdf 不参与排版。

- 行距取版心高的 1/22，末行之下的行间空白计入版心，所以末行的字距版心下边缘还有 4.6 mm。
- 字体一栏是文件中实际嵌入的字体。方正小标宋、仿宋_GB2312 等不得随软件分发，装在本机或放入
  `fonts/` 时优先使用；没有时用 Fandol 代替，其中没有小标宋，用 FandolSong Bold。
- PDF/A-2a 和 PDF/UA-1 由 Typst 在写文件时逐条把关，不合格就不写出；这里另行核对文件的声明、
  标签、书签和嵌入字体。veraPDF 不在所用的软件源中，没有用它核验。
- 另用两个独立的核验程序看过四份样例（outloud 0.2.1、pdfua 0.1.3，均可用 pip 临时安装，不是
  本项目的依赖）。pdfua 的 12 项检查没有发现问题（其中一项因程序自身出错没有做）。outloud 按
  Matterhorn 1.1 的 31 组：13 组通过，14 组没有这类内容，3 组要由人判断，1 组（15 表格）报“各行
  列数不一（9 至 10）”。这是误报：它没有把末列中到本行为止的跨行单元格数进去；按标签中的跨行、
  跨列数逐行相加，每行都是 10 列。有一份的 09 组另有一条提醒：图和图题画在页上的先后与标签的
  次序不同；朗读、复制都按标签的次序。
- PDF/UA 的判定条件（Matterhorn Protocol 1.1，共 31 组）由谁核对：

  | 组 | 内容 | 核对 |
  | --- | --- | --- |
  | 01、18 | 内容均有标签，页码标为装饰 | 本表“正文均有标签”“页码文字” |
  | 06、07 | 元数据、标题及其显示 | 本表“无障碍标准”“文档标题” |
  | 11 | 语言 | 本表“语言” |
  | 13 | 图有替代文字 | 本表“图有替代文字”；读回时与底稿逐字核对 |
  | 14 | 标题层级 | 本表“书签”；读回时核对每个标题 |
  | 15 | 表头、行列跨度 | 本表“表格数据有表头”“跨页表格重复表头” |
  | 28 | 链接有说明 | 本表“链接有说明” |
  | 10、31 | 字能取出，字体嵌入 | 本表“缺字”“字体均已嵌入”；读回时逐字核对 |
  | 02、09、16、30 | 角色映射、标签嵌套、列表、外部对象 | Typst 把关，这里不另核对 |
  | 03、05、08、12、17、19 至 27、29 | 闪烁、声音、公式、注释、附件、表单、脚本等 | 没有这类内容 |
  | 04、13-005、14-001 | 颜色与对比、替代文字是否达意、标题是否得当 | 要由人判断 |

- 各面占版心高按该面最低的一行字或表格线计；法定表格不跨页，图不离开所在部分，其余靠图的大小
  和表格行高调剂（documents/pagination.py）。
- 替代文字是否说清了图意、阅读顺序是否通顺，只有人能判断。
"""


_COUNTY = """\
另用 `tools/layout.py --county` 虚构一个县（县政府和规模不同的各单位），每份报告分别用 `fonts/`
的字体和安装包自带的字体排版，共 {made} 份，各项全部符合的 {passed} 份（自带字体代替仿宋等，
不计为不符）。"""


def layout_markdown(reports: Sequence[LayoutReport], county: tuple[int, int] = (0, 0)) -> str:
    """Write the measured points as docs/layout.md: one table, a column for each PDF.

    ``county`` is how many of the PDFs of an invented county passed, and how many were made.
    """
    names = list(
        dict.fromkeys(measured.name for report in reports for measured in report.measurements)
    )
    heads = ["项目", "标准", "允许偏差", *(report.name for report in reports)]
    rows = [heads, ["---"] * len(heads)]
    for name in names:
        found = [next((p for p in r.measurements if p.name == name), None) for r in reports]
        known = next(measured for measured in found if measured)
        cells = [
            "—" if p is None else p.measured if p.ok else f"**不符：{p.measured}**" for p in found
        ]
        rows.append([name, known.standard, known.tolerance or "—", *cells])
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    passed, made = county
    line = f"\n{_COUNTY.format(made=made, passed=passed)}\n" if made else ""
    return f"{_INTRO}{line}\n{table}\n"
