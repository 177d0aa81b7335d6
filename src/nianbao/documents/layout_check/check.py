"""Measure the layout of a finished PDF against GB/T 9704-2012, point by point.

python -m nianbao.documents.layout_check.check output/*/2024/report.pdf > docs/layout.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nianbao.documents.layout_check.measurement import Point

__all__ = ["LayoutReport", "Point", "layout_markdown", "measure"]


@dataclass(frozen=True, slots=True)
class LayoutReport:
    """The points of one PDF in the order of the standard."""

    name: str
    points: tuple[Point, ...]

    @property
    def ok(self) -> bool:
        """Whether every point is within its tolerance."""
        return all(point.ok for point in self.points)

    @property
    def faults(self) -> tuple[Point, ...]:
        """The points that are not."""
        return tuple(point for point in self.points if not point.ok)

    def __getitem__(self, name: str) -> Point:
        return next(point for point in self.points if point.name == name)


def measure(pdf: bytes | Path, name: str = "") -> LayoutReport:
    """Measure a PDF.

    Parameters
    ----------
    pdf
        The file, or its contents.
    name
        How it is called in the report; the path without this.

    Examples
    --------
    >>> measure(Path("report.pdf"))["天头"].measured  # doctest: +SKIP
    '37.00 mm'
    """
    from nianbao.documents.layout_check import file, flow, letters, page, parts

    data = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
    pages = letters.read_pages(data)
    points = (
        *page.page_points(pages),
        *page.title_points(pages),
        *page.number_points(pages),
        *flow.flow_points(pages),
        *parts.font_points(pages),
        *parts.heading_points(pages),
        *parts.table_points(pages),
        *parts.glyph_points(pages),
        *file.file_points(data, pages),
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
- 替代文字是否说清了图意、阅读顺序是否通顺，只有人能判断。
"""


def layout_markdown(reports: Sequence[LayoutReport]) -> str:
    """The measured points as docs/layout.md: one table, a column for each PDF."""
    names = list(dict.fromkeys(point.name for report in reports for point in report.points))
    heads = ["项目", "标准", "允许偏差", *(report.name for report in reports)]
    rows = [heads, ["---"] * len(heads)]
    for name in names:
        found = [next((p for p in r.points if p.name == name), None) for r in reports]
        known = next(point for point in found if point)
        cells = [
            "—" if p is None else p.measured if p.ok else f"**不符：{p.measured}**" for p in found
        ]
        rows.append([name, known.standard, known.tolerance or "—", *cells])
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"{_INTRO}\n{table}\n"
