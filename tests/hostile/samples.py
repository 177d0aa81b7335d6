"""The good files that fuzzing begins with."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache

from nianbao.errors import Place
from nianbao.inputs.bundle import SectionText
from nianbao.notebook.record import RECORD_MIME, Picture, Record, record_to_json
from nianbao.prose.facts import Fact

YEAR = 2024
FACTS = {"新收申请": Fact("新收申请", 38, "38件"), "甲": Fact("甲", None, "<b>*甲*</b>|#")}


def zipped(template: Mapping[str, bytes], part: str, data: bytes) -> bytes:
    """An archive with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in template.items():
            archive.writestr(name, data if name == part else content)
    return stream.getvalue()


@cache
def empty_workbook() -> Mapping[str, bytes]:
    """The parts of a workbook with a header alone."""
    import openpyxl

    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["名称", "数值"])
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def shared_workbook(sheet: bytes, shared: bytes) -> bytes:
    """A workbook of one sheet, and its shared texts."""
    parts = dict(empty_workbook())
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    relation = (
        b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    types, links = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    parts[types] = parts[types].replace(b"</Types>", part)
    parts[links] = parts[links].replace(b"</Relationships>", relation)
    parts |= {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": shared}
    return zipped(parts, "", b"")


_FILTERS = ("", "/FlateDecode", "/LZWDecode", "/ASCIIHexDecode", "/RunLengthDecode", "/DCTDecode")


def pdf_with(choice: bytes, stream: bytes) -> bytes:
    """A PDF of one page; its contents or its map of letters are given, in a filter or plain."""
    number = choice[0] if choice else 0
    name = _FILTERS[number // 4 % len(_FILTERS)]
    packed = zlib.compress(stream) if name == "/FlateDecode" else stream
    given = b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(packed), name.encode(), packed)
    plain = b"BT /F1 12 Tf 72 720 Td <0102> Tj ET"
    fixed = b"<</Length %d>>stream\n%s\nendstream" % (len(plain), plain)
    contents, letters = (fixed, given) if number % 4 == 1 else (given, fixed)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        contents, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>", letters,
    )  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for each, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (each, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 7\n0000000000 65535 f \n" + table + end


@cache
def small_docx() -> Mapping[str, bytes]:
    """The parts of a Word file with a heading, a list and a table."""
    import docx

    stream = io.BytesIO()
    file = docx.Document()
    file.add_heading("一、总体情况", 1)
    file.add_paragraph("甲乙。", style="List Number")
    file.add_table(2, 2)
    file.save(stream)
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return {**parts, "word/comments.xml": b"<x/>", "word/numbering.xml": b"<x/>"}


TEMPLATE = "收到{{ 新收申请 }}。"


def edited_notebook() -> bytes:
    """A small finished notebook, one section of it edited."""
    record = Record(
        agency="a", name="示例县示例局", year=YEAR, title="报告", date=None,
        description="", signature=False, sources=False, draft=False, facts=FACTS,
        sections={"other": SectionText("other", TEMPLATE, Place("narrative.md", line=2))},
        images={"甲.png": Picture("image/png", b"png")}, defaults={"other": TEMPLATE}, report="{}",
    )  # fmt: skip
    about = {"section": "other", "template": TEMPLATE, "words": "收到38件。"}
    prose = {"cell_type": "markdown", "id": "a", "metadata": {"nianbao": about}}
    output = {"output_type": "display_data", "data": {RECORD_MIME: record_to_json(record)}}
    code = {"cell_type": "code", "source": "", "metadata": {}, "outputs": [output]}
    cells = [{**prose, "source": ["共收到38件。"]}, code]
    return json.dumps({"cells": cells}, ensure_ascii=False, separators=(",", ":")).encode()


PAGE = (
    "<html><title>示例县示例局2023年政府信息公开工作年度报告</title><body><h1>一、总体情况</h1>"
    "<p>甲</p><h1>二、主动公开政府信息情况</h1><table><tr><td colspan=4>第二十条第（一）项</td>"
    "</tr><tr><td>信息内容</td><td rowspan=2>本年制发件数</td></tr><tr><td>规章</td><td>1</td>"
    "</tr></table><ul><li>乙<ol start=3><li>丙</ol></ul></body></html>"
)
