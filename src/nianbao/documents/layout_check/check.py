"""Measure the layout of a finished PDF against GB/T 9704-2012, point by point.

Apart because it is the door of this package: tools/layout.py and the tests measure through it,
and what reads the file is imported only when something is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nianbao.documents.layout_check.measurement import Measurement

__all__ = ["LayoutReport", "Measurement", "layout_markdown", "measure"]


@dataclass(frozen=True, slots=True)
class LayoutReport:
    """The measurements of one PDF in the order of the standard."""

    name: str
    measurements: tuple[Measurement, ...]

    @property
    def ok(self) -> bool:
        """Whether every point is within its tolerance."""
        return all(measured.ok for measured in self.measurements)

    @property
    def faults(self) -> tuple[Measurement, ...]:
        """The points that are not."""
        return tuple(measured for measured in self.measurements if not measured.ok)

    def __getitem__(self, name: str) -> Measurement:
        return next(measured for measured in self.measurements if measured.name == name)


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
    from nianbao.documents.layout_check import file, letters, page

    data = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
    pages = letters.read_pages(data)
    points = (
        *page.page_measurements(pages),
        *page.title_measurements(pages),
        *page.number_measurements(pages),
        *page.flow_measurements(pages),
        *page.font_measurements(pages),
        *page.heading_measurements(pages),
        *page.table_measurements(pages),
        *page.glyph_measurements(pages),
        *file.file_measurements(data, pages),
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
