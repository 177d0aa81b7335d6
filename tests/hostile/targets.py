"""What is fuzzed: every reader of what people hand in, each as one function of bytes.

A target may raise an error of ours and nothing else; its message is one line that a person can
read. Used by a short seeded run of the tests, and by benchmarks/fuzz for a long one.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.samples import (
    FACTS,
    PAGE,
    YEAR,
    edited_notebook,
    empty_workbook,
    pdf_with,
    shared_workbook,
    small_docx,
    zipped,
)

from nianbao.documents.readback import open_edited
from nianbao.edits.found import notebook_edits, open_built
from nianbao.errors import NianbaoError, Place
from nianbao.files.excel import read_workbook
from nianbao.files.grids import Grid, read_csv
from nianbao.files.reading_process import reading_here
from nianbao.files.sources import Source
from nianbao.inputs.agency_profile import read_profile
from nianbao.inputs.ledgers import read_acknowledged, read_disclosures, read_figures
from nianbao.inputs.matrices import read_decisions, read_requests_table, read_reviews
from nianbao.inputs.narrative import read_narrative
from nianbao.inputs.params import Agency, ReportParams, parse_agency, parse_params
from nianbao.inputs.published.report import read_pages, read_published
from nianbao.inputs.request_ledger import read_ledger
from nianbao.prose.blocks import FactWords, inlines_of
from nianbao.prose.edits import reapply
from nianbao.prose.facts import resolve
from nianbao.prose.markdown import to_blocks, words
from nianbao.prose.merge import merge_texts
from nianbao.prose.template import parse_template
from nianbao.statutory import load_format

FORMAT = load_format()
TABLES: Mapping[str, Callable[[Grid], object]] = {
    "disclosures": lambda grid: read_disclosures(grid, YEAR),
    "decisions": lambda grid: read_decisions(grid, FORMAT),
    "requests": lambda grid: read_ledger(grid, YEAR, FORMAT),
    "requests_table": lambda grid: read_requests_table(grid, FORMAT),
    "reviews": lambda grid: read_reviews(grid, FORMAT),
    "figures": read_figures,
    "acknowledged": read_acknowledged,
}
_PLACE = Place("narrative.md", line=1)


def _tables(data: bytes) -> None:
    """The first byte says which table, the rest is its CSV file."""
    if data:
        name = list(TABLES)[data[0] % len(TABLES)]
        TABLES[name](read_csv(Source(f"{name}.csv", data[1:])))


def _workbook(data: bytes) -> None:
    """A whole file, or a part of one: the sheet, the list of sheets, the shared texts, links."""
    parts = (
        "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml",
        "xl/_rels/workbook.xml.rels", "xl/styles.xml",
    )  # fmt: skip
    choice = data[0] % (len(parts) + 1) if data else len(parts)
    content = data[1:]
    if choice < len(parts):
        content = zipped(empty_workbook(), parts[choice], content)
    for grid in read_workbook(Source("a.xlsx", content)):
        for read in TABLES.values():
            try:
                read(grid)
            except NianbaoError as error:
                _one_line(error)


_ELEMENTS = ("c", "row", "dimension", "mergeCell", "col", "sheetFormatPr", "f", "si", "v")
_NAMES = ("r", "s", "t", "x", "ref", "spans", "hidden", "ht", "count", "uniqueCount", "si", "min")
_VALUES = (
    "A1", "B2", "XFD190000", "XFD1048576", "ZZZZZZZ9", "A0", "A4294967296", "A1:XFD1048576", "0",
    "1", "-1", "4294967295", "18446744073709551616", "1e999", "a/b", "/>", "&#88;FD190000", "s",
    "inlineStr", "d", "e", "b", "str", "true", "", "shared", "array",
)  # fmt: skip


def _attributes(data: bytes) -> None:
    """A workbook's sheet and shared texts, made of elements with attributes of the worst values.

    Read in the reading process: that it dies is no finding, that anything else suffers is.
    """
    texts = ["", ""]
    for element, name, value in zip(data[1::3], data[2::3], data[3::3], strict=False):
        tag = _ELEMENTS[element % len(_ELEMENTS)]
        quote = "'" if element & 128 else '"'
        attribute = f"{_NAMES[name % len(_NAMES)]}={quote}{_VALUES[value % len(_VALUES)]}{quote}"
        end = "/>" if name & 128 else f"><v>1</v></{tag}>"
        texts[tag == "si"] += f"<{tag} {attribute}{' x=' + quote * 2 if value & 128 else ''}{end}"
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    head = _VALUES[data[0] % len(_VALUES)] if data else ""
    sheet = f"<worksheet {space}><sheetData>{texts[0]}</sheetData></worksheet>"
    shared = f'<sst {space} uniqueCount="{head}" count="{head}">{texts[1]}</sst>'
    file = shared_workbook(sheet.encode(), shared.encode())
    for grid in read_workbook(Source("a.xlsx", file)):
        for read in TABLES.values():
            try:
                read(grid)
            except NianbaoError as error:
                _one_line(error)


def _pdf(data: bytes) -> None:
    """A PDF: its page contents, a map of its letters, or a filter that they claim to be in.

    Read in the reading process, as `_attributes` is.
    """
    read_pages(Source("a.pdf", pdf_with(data[:1], data[1:])))


def _card(data: bytes) -> None:
    """The card of an agency, in its file and as a sheet: fields of any value, repeated, unknown."""
    fields = (*Agency.model_fields, *ReportParams.model_fields, "甲")
    words = data.decode("utf-8", "replace").split("\0")
    pairs = [(fields[len(word) % len(fields)], word) for word in words]
    sheet = Grid("a.xlsx", "基本信息", [["项目", "内容"], *([key, word] for key, word in pairs)])
    text = "".join(f"{key}: {word}\n" for key, word in pairs)
    for read, source in (
        (lambda given: parse_agency(given, "a"), Source("params/a/agency.yaml", text.encode())),
        (lambda given: parse_params(given, "a", YEAR), Source("params/a/2024.yaml", text.encode())),
        (read_profile, sheet),
    ):
        try:
            read(source)
        except NianbaoError as error:
            _one_line(error)


def _yaml(data: bytes) -> None:
    """The card of an agency, or the parameters of a report."""
    if data[:1] == b"p":
        parse_params(Source("params/a/2024.yaml", data[1:]), "a", YEAR)
    else:
        parse_agency(Source("params/a/agency.yaml", data), "a")


def _narrative(data: bytes) -> None:
    """The prose of a bureau, to the blocks that are drawn and the words of the notebook."""
    for section in read_narrative(Source("narrative.md", data)).values():
        parts = resolve(parse_template(section.text, section.place), FACTS, "other", section.place)
        blocks = to_blocks(parts, "other")
        str(blocks).encode()
        inlines = (inline for block in blocks for line in inlines_of(block) for inline in line)
        assert {i.fact.name for i in inlines if isinstance(i, FactWords)} <= {"新收申请", "甲"}
        words(parts)


def _merge(data: bytes) -> None:
    """Two people's edits of one text; what nobody changed comes back to the letter."""
    texts = data.decode("utf-8", "replace").split("\0")[:3]
    base, ours, theirs = (*texts, "", "")[:3]
    merged = merge_texts(base, ours, theirs)
    assert merged.conflicts or merged.text is not None
    assert merge_texts(base, base, theirs).text == theirs
    template = parse_template(base, _PLACE)
    filled = resolve(template, FACTS, "other", _PLACE)
    reapply(template, filled, theirs)


def _docx_file(data: bytes) -> bytes:
    parts = (
        "word/document.xml", "word/styles.xml", "word/numbering.xml", "word/comments.xml",
        "[Content_Types].xml",
    )  # fmt: skip
    choice = data[0] % (len(parts) + 1) if data else len(parts)
    return data[1:] if choice == len(parts) else zipped(small_docx(), parts[choice], data[1:])


def _word(data: bytes) -> None:
    """A Word file that comes back from a leader, whole or one part of it."""
    file = _docx_file(data)
    report = open_edited(file)
    assert isinstance(report.sections, dict)
    assert isinstance(report.comments, tuple)


def _import(data: bytes) -> None:
    """A published report: a page, a Word file, a PDF."""
    if data[:1] == b"w":
        read_published(Source("a.docx", _docx_file(data[1:])), FORMAT)
    elif data[:1] == b"p":
        read_published(Source("a.pdf", data[1:]), FORMAT)
    else:
        read_published(Source("a.html", data), FORMAT)


def _notebook(data: bytes) -> None:
    """A finished notebook that somebody edited, with whatever program."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "output" / "a" / "2024"
        folder.mkdir(parents=True)
        (folder / "report.ipynb").write_bytes(data)
        built = open_built(folder)
        if built:
            notebook_edits(built)
            built.words()


@dataclass(frozen=True, slots=True)
class Target:
    """What is fuzzed, in words; its function; what it begins with."""

    title: str
    run: Callable[[bytes], None]
    seeds: Sequence[bytes]


def _seeds(*texts: str) -> list[bytes]:
    return [text.encode() for text in texts]


def _parts(files: Mapping[str, bytes], *names: str) -> list[bytes]:
    return [bytes([n]) + files[name] for n, name in enumerate(names) if name in files]


TARGETS: Mapping[str, Target] = {
    "tables": Target(
        "CSV 台账和各表",
        _tables,
        _seeds(
            "\0渠道,类别,条数\n政府网站,政策法规,8\n",
            "\0渠道;类别;日期;标题\n网站;政策;2024年3月5日;甲\n",
            "\x01项目,本年制发件数,本年废止件数,现行有效件数,本年处理决定数量,本年收费金额（万元）\n"
            "规章,1,0,2,,\n行政事业性收费,,,,,59.2450\n",
            "\x02登记号,收到日期,申请人类型,办理结果,答复日期\n1,2024-03-05,自然人,予以公开,45400\n",
            "\x02来源,申请人类型,办理结果,件数\n本年新收,自然人,予以公开,3\n",
            "\x03项目,自然人,商业企业,科研机构,社会公益组织,法律服务机构,其他,总计\n"
            "（七）总计,1,２,/,,0,0,3\n",
            '\x04类型,结果,件数\n行政复议,结果维持,"1,234"\n',
            "\x05名称,数值,单位,说明\n培训次数,22（其中2件）,次,\n",
            "\x06标识,理由\nY2-59c8849a,已核实\n",
        ),
    ),
    "workbook": Target(
        "xlsx 工作簿",
        _workbook,
        _parts(
            empty_workbook(),
            "xl/worksheets/sheet1.xml",
            "xl/workbook.xml",
            "xl/sharedStrings.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
        ),
    ),
    "attributes": Target(
        "xlsx 工作簿：XML 属性",
        _attributes,
        [b"\0\0\0\0\0\1\1", bytes(range(60)), b"\x0b\0\0\2\0\x80\x8f"],
    ),
    "pdf": Target(
        "PDF：页面内容、字符表、压缩",
        _pdf,
        [
            b"\0BT /F1 12 Tf 72 720 Td (nianbao) Tj ET 0 0 m 9 9 l S",
            b"\1begincmap 1 beginbfchar <01> <4E00> endbfchar endcmap",
            b"\2q 1 0 0 1 0 0 cm /P <</MCID 0>> BDC (a) Tj EMC Q",
        ],
    ),
    "card": Target(
        "机关信息：卡片文件和工作表",
        _card,
        _seeds("\0示例县示例局\0a\0department\0007\02024\02025-01-20", "是\0[a, b]\0{a: b}\0*a"),
    ),
    "yaml": Target(
        "参数文件",
        _yaml,
        _seeds(
            "name: 示例县示例局\nkind: department\npostcode: '007'\naliases:\n- 甲\n- \"乙\\n\"\n",
            "pagency: a\nyear: 2024\nreport_date: 2025-01-20 # 注\n",
            "a: &x [*x, !!python/name:os.system {b: |\n  c\n}]\n---\n? [1]\n: 2\n",
        ),
    ),
    "narrative": Target(
        "正文、占位符、Markdown",
        _narrative,
        _seeds(
            "## overview\n\n**一是{{ 新收申请 }}。**甲*乙*\n\n（一）甲\n\n1. 子\n   - 丑\n",
            "## other\n\n| 甲 | 乙 |\n|---|--:|\n| {{ 甲 }} | `{{ 新收申请 }}` |\n![图](a.png)\n",
            '## other\n\n{{ 甲["乙"].丙 }} {% raw %} {{ 7*7 }} \\{\\{ <b>&lt; ~~~\n',
        ),
    ),
    "merge": Target(
        "合并修改",
        _merge,
        _seeds(
            "甲{{ 新收申请 }}乙。\n\0甲{{ 新收申请 }}乙丙。\n\0甲38件乙丁。\n", "一\n二\0一\0二"
        ),
    ),
    "word": Target(
        "改过的 Word 文件",
        _word,
        _parts(small_docx(), "word/document.xml", "word/styles.xml", "word/numbering.xml"),
    ),
    "import": Target(
        "导入已发布的报告",
        _import,
        [PAGE.encode(), b"w\0" + small_docx()["word/document.xml"], b"p%PDF-1.4\n"],
    ),
    "notebook": Target(
        "改过的笔记本",
        _notebook,
        [edited_notebook()],
    ),
}


def _one_line(error: NianbaoError) -> None:
    for problem in error.problems:
        text = str(problem)
        seen = all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn"} for c in text)
        assert seen, f"a message with unseen characters: {text!r}"
        assert len(text) < 3000, f"a message of {len(text)} characters"


def fuzz(target: Target, data: bytes) -> None:
    """Run a target; an error of ours, reported in words, is no finding.

    In this process, where it is watched, but for readers that may die.
    """
    try:
        if target.run in (_attributes, _pdf):
            target.run(data)
        else:
            with reading_here():
                target.run(data)
    except NianbaoError as error:
        _one_line(error)
