"""A Word file is read as it is shown: what is printed is taken as text, or it is listed.

The large run is benchmarks/word_reading.py.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.documents.word_constructs import BLOCKS, INLINE, SPACES, field, run
from tests.documents.word_edits import convert, edited_files, lost_signs, read, signs, unprinted
from tests.documents.word_files import (
    BODY,
    W,
    edited,
    paragraph_with,
    parts,
    q,
    sample_docx,
    sections_of,
    zipped,
)

from nianbao.documents.readback import open_edited
from nianbao.errors import InputError
from nianbao.files.reading_process import reading_here
from nianbao.files.word import numbering
from nianbao.files.word.package import chunk_text
from nianbao.files.word.symbols import enclosed, symbol

SECTION = "overview.management"
NAMED: dict[str, Any] = {"namespaces": {"w": W}}


@pytest.fixture(scope="module")
def sample() -> bytes:
    return sample_docx()


def with_runs(data: bytes, source: str) -> bytes:
    """The file with runs at the end of a paragraph."""

    def add(root: etree._Element) -> None:
        paragraph = paragraph_with(root, "落实公文公开属性")
        for element in etree.fromstring(f'<x xmlns:w="{W}">{source}</x>'):
            paragraph.append(element)

    return edited(data, add)


SUM_FORMULA = (
    f'<m:oMath xmlns:m="{SPACES["m"]}"><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub><m:r>'
    "<m:t>i</m:t></m:r></m:sub><m:sup><m:r><m:t>3</m:t></m:r></m:sup><m:e><m:d><m:dPr><m:begChr "
    'm:val="["/><m:endChr m:val="]"/></m:dPr><m:e><m:r><m:t>x</m:t></m:r></m:e></m:d></m:e>'
    "</m:nary></m:oMath>"
)


@pytest.mark.parametrize(
    ("source", "words", "listed"),
    [
        ('<w:r><w:sym w:font="Symbol" w:char="F025"/></w:r>', "%", []),
        ('<w:r><w:sym w:font="Wingdings" w:char="F04E"/></w:r>', "", [("符号", "Wingdings F04E")]),
        (field(r" eq \o\ac(○,3) "), "③", []),
        (field(r" EQ \* jc2 \o\ad(\s\up 9(yǎn),䶮) "), "䶮", [("拼音", "yǎn")]),
        (field(" EQ x "), "", [("公式", "x")]),
        (field(" PAGE ", "7"), "7", []),
        (field(r' SYMBOL 176 \f "Symbol" '), "°", []),
        (field(r" SYMBOL 78 \f Wingdings "), "", [("符号", r"SYMBOL 78 \f Wingdings")]),
        (field(" MACROBUTTON Nothing 点这里填 "), "点这里填", []),
        (field(" FORMCHECKBOX "), "", [("复选框", "FORMCHECKBOX")]),
        (field(" HYPERLINK http://www.example.cn/b "), "", []),
        (field(" TOC "), "", []),
        ('<w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>', "7", []),
        (run("2", '<w:vertAlign w:val="superscript"/>'), "²", []),
        (run("旧", "<w:strike/>"), "旧", [("删除线", "旧")]),
        (run("abc", "<w:caps/>"), "ABC", []),
        (SUM_FORMULA, "", [("公式", "∑i3[x]")]),
        (run("暗", "<w:vanish/>"), "", [("隐藏文字", "暗")]),
        ('<w:r><w:br w:type="page"/></w:r>' + run("接排。"), "接排。", []),
        (run("上半句") + "<w:r><w:br/></w:r>" + run("下半句。"), "上半句下半句。", []),
        (run("一句。") + "<w:r><w:br/></w:r>" + run("另一段。"), "一句。\n\n另一段。", []),
        ("<w:r><w:novelty>新鲜</w:novelty></w:r>", "", [("程序不认识的内容", "新鲜")]),
    ],
)
def test_each_kind_is_taken_or_listed(
    sample: bytes, source: str, words: str, listed: list[tuple[str, str]]
) -> None:
    before = sections_of(sample)[SECTION]
    report = open_edited(with_runs(sample, source))
    assert report.sections[SECTION] == before + words
    found = [(beside.found.kind, beside.found.text) for beside in report.beside]
    assert found == listed


OBJECT = (
    '<w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" '
    'ProgID="Excel.Sheet.12"/></w:object></w:r>'
)
PROMPT = f"<w:sdt><w:sdtPr>{{}}</w:sdtPr><w:sdtContent>{run('请填写')}</w:sdtContent></w:sdt>"
WINGDINGS = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'


def test_what_stands_beside_the_text_is_listed_by_its_kind(sample: bytes) -> None:
    before = sections_of(sample)[SECTION]
    math = f'<m:oMath xmlns:m="{SPACES["m"]}">{{}}</m:oMath>'
    for source, words, listed in (
        (PROMPT.format("<w:showingPlcHdr/>"), "", [("填写提示", "请填写")]),
        (PROMPT.format('<w:showingPlcHdr w:val="0"/>'), "请填写", []),
        (OBJECT, "", [("嵌入对象", "Excel.Sheet.12")]),
        (run("\uf0fc", WINGDINGS), "✓", []),
        (run("\uf04e甲", WINGDINGS), "甲", [("符号", "Wingdings F04E")]),
        (run("暗", "<w:vanish/>") + run("处", "<w:vanish/>"), "", [("隐藏文字", "暗处")]),
        (math.format("<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
                     "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"), "", [("公式", "1/2")]),
        (field(r" eq \o\ac(○,三) "), "㊂", []),
        (field(r" eq \o\ac(○,b) "), "ⓑ", []),
    ):  # fmt: skip
        report = open_edited(with_runs(sample, source))
        found = [(beside.found.kind, beside.found.text) for beside in report.beside]
        assert (report.sections[SECTION].removeprefix(before), found) == (words, listed), source


def test_a_sign_is_known_by_its_face_and_what_is_enclosed_has_its_own() -> None:
    for face, code, sign in (
        ("宋体", 0x2460, "①"), ("宋体", 0xF0B0, None), ("Symbol", 0xF0B0, "°"), (None, 0x41, "A"),
        ("Symbol", 0xF0FF, None),
    ):  # fmt: skip
        assert symbol(face, code) == sign, (face, code)
    for text, sign in (
        ("0", "⓪"), ("20", "⑳"), ("21", "㉑"), ("35", "㉟"), ("36", "㊱"), ("50", "㊿"),
        ("51", None),
        ("十", "㊉"), ("Z", "Ⓩ"), ("z", "ⓩ"), ("甲", None), ("ab", None), ("", None),
    ):  # fmt: skip
        assert enclosed(text) == sign, text


NESTED = (
    "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    "<w:p><w:r><w:t>34</w:t></w:r></w:p><w:p><w:r><w:t>处</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


def test_two_numbers_of_a_cell_stay_two_and_a_table_within_it_is_listed(sample: bytes) -> None:
    def add(root: etree._Element) -> None:
        table = etree.fromstring(f'<x xmlns:w="{W}">{NESTED}</x>')[0]
        paragraph_with(root, "落实公文公开属性").addnext(table)

    word = open_edited(edited(sample, add))
    assert "| 12 34处 |" in word.sections[SECTION]
    assert [(b.found.kind, b.found.text) for b in word.beside] == [("嵌套表格", "12")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0rest", "旧格式的.doc"),
        (b"{\\rtf1 x}", "RTF"),
        (b"<html><body>x</body></html>", "网页"),
        (b"PK\x03\x04" + b"application/vnd.oasis.opendocument.text", ".odt"),
        (b"x", "不是可以读取的Word文件"),
    ],
)
def test_a_file_that_only_has_the_name_of_a_word_file_is_named(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        open_edited(data, "改稿.docx")
    assert "改稿.docx" in str(caught.value)


def test_a_strict_file_and_a_main_part_of_another_name_are_read(sample: bytes) -> None:
    files = parts(sample)
    old, new = W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    strict = {name: content.replace(old, new) for name, content in files.items()}
    assert sections_of(zipped(strict)) == sections_of(sample)
    moved = {name.replace("document.xml", "text.xml"): c for name, c in files.items()}
    moved["_rels/.rels"] = moved["_rels/.rels"].replace(b"document.xml", b"text.xml")
    assert sections_of(zipped(moved)) == sections_of(sample)


def written(data: bytes) -> Counter[str]:
    """What stands in the body of a file, but for what is there twice or in no row of its table."""
    root = etree.fromstring(parts(data)[BODY])
    twice = [*root.iter(f"{{{SPACES['mc']}}}Fallback")]
    for element in (*twice, *root.xpath("//w:tbl/w:sdt//w:tc[not(ancestor::w:tr)]", **NAMED)):
        element.getparent().remove(element)
    return signs("".join(text.text or "" for text in root.iter(q("t"))))


def test_whatever_an_editor_can_put_into_a_file_is_taken_or_listed() -> None:
    seen: set[str] = set()
    with reading_here():
        for name, data in edited_files(40, seed=5, most=9):
            seen |= set(name.partition(": ")[2].split("、"))
            taken, listed = read(data, pages=1)
            lost = (written(data) - taken - listed) + (unprinted(data) - listed)
            assert not lost, name
    assert seen >= INLINE.keys() | BLOCKS.keys()


def test_whatever_libreoffice_prints_is_taken_or_listed(tmp_path: Path) -> None:
    made = dict(edited_files(24, seed=11))
    files = {name.partition(":")[0]: data for name, data in made.items()}
    saved = dict(list(files.items())[:8])
    files |= convert(saved, "docx", tmp_path / "saved")
    pages = convert(files, "pdf", tmp_path / "printed")
    assert len(pages) == len(files)
    lost = {name: lost_signs(files[name], pdf) for name, pdf in pages.items()}
    assert {name: dict(signs) for name, signs in lost.items() if signs} == {}


def test_the_words_of_a_file_that_was_taken_in_are_known_by_its_form() -> None:
    mail = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        "Content-Type: text/html; charset=utf-8\n\n<p>信里 一段</p>\n--b--\n"
    )
    for data, said in (
        ("<html><head><title>题</title></head><p>网页</p><script>x</script></html>", "网页"),
        (mail, "信里 一段"),
        ("一段\n文本", "一段 文本"),
        (r"{\rtf1{\fonttbl{\f0 SimSun;}}\'d6\'d0\u25991?\line\{\~\par}", "中文 {~"),
        ("PK 不是压缩包", ""),
    ):
        assert chunk_text(data.encode(), lambda _: "") == said
    assert chunk_text(b"PK", lambda _: " 内 文 ") == "内 文"


def test_numbers_of_lists_are_shown_in_every_form() -> None:
    for form, third, sixteenth in (
        ("decimal", "3", "16"), ("upperRoman", "III", "XVI"), ("lowerRoman", "iii", "xvi"),
        ("upperLetter", "C", "P"), ("lowerLetter", "c", "p"), ("chineseCounting", "三", "十六"),
        ("japaneseCounting", "三", "十六"), ("chineseCountingThousand", "三", "十六"),
        ("decimalEnclosedCircle", "③", "⑯"), ("decimalFullWidth", "３", "１６"),
        ("chineseLegalSimplified", "叁", "壹拾陆"), ("ideographDigital", "三", "一六"),
        ("decimalEnclosedParen", "⑶", "⒃"), ("numberInDash", "- 3 -", "- 16 -"),
        ("decimalZero", "03", "16"), ("none", "", ""),
        ("ideographTraditional", "丙", "己"), ("ideographZodiac", "寅", "卯"),
    ):  # fmt: skip
        write = numbering._FORMATS[form]
        assert [write(3), write(16)] == [third, sixteenth], form
