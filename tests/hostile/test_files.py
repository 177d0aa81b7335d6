"""Hostile files: each is refused in one line, quickly, and harms nothing beside it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.documents.word_files import sections_of
from tests.hostile.refusals import quickly, reported
from tests.inputs.builders import CODE, FOLDER, FORMAT, YEAR, write_project, xlsx_bytes

from nianbao.errors import InputError
from nianbao.files.sources import Source
from nianbao.files.words import MAX_PARAGRAPH
from nianbao.inputs.load import load_inputs
from nianbao.inputs.published.report import read_published
from nianbao.notebook.report import Report
from nianbao.prose.markdown import to_blocks

PROFILE = f"params/{CODE}/agency.yaml"
PARAMS = f"params/{CODE}/{YEAR}.yaml"
SHEET = "xl/worksheets/sheet1.xml"


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [哈, 哈, 哈, 哈, 哈, 哈, 哈, 哈, 哈]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


BAD_YAML = {
    "a bomb of aliases": (laughs(12), "不能使用YAML引用"),
    "an alias of itself": ("name: &a [*a]\nkind: department\n", "不能使用YAML引用"),
    "merged keys": ("a: &a {name: 甲}\n<<: *a\nkind: department\n", "不能使用YAML引用"),
    "a call": ('name: !!python/object/apply:os.system ["id"]\nkind: department\n', "标签"),
    "an object": ("name: !!python/object:subprocess.Popen {}\nkind: department\n", "标签"),
    "a module": ("name: !!python/module:os ''\nkind: department\n", "标签"),
    "bytes": ("name: !!binary aGk=\nkind: department\n", "标签"),
    "a tag of its own": ("%TAG ! tag:x,2000:\n---\nname: !y 甲\nkind: department\n", "标签"),
    "a thousand layers": ("name: " + "[" * 1000 + "]" * 1000, "层次太多"),
    "ten thousand braces": ("name: " + "{a: " * 10_000, "层次太多"),
    "a name that is code": (
        '"x=1\\nimport os\\ny": 1\nname: 甲\nkind: department\n',
        "没有这个参数",
    ),
    "a dunder": ("__class__: 甲\nname: 甲\nkind: department\n", "没有这个参数"),
    "a method of the model": ("model_config: 甲\nname: 甲\nkind: department\n", "没有这个参数"),
    "a megabyte of keys": ("a: 1\n" * 200_001, "太大"),
    "many unknown keys": ("".join(f"k{n}: 1\n" for n in range(3000)), "内容太多"),
}


@pytest.mark.parametrize("name", BAD_YAML)
def test_a_hostile_parameter_file_is_refused(name: str, tmp_path: Path) -> None:
    text, words = BAD_YAML[name]
    assert words in reported(tmp_path, **{PROFILE: text})


@pytest.mark.parametrize(
    "text",
    [
        f'agency: {CODE}\nyear: {YEAR}\n"draft = True; import os": 1\n',
        f"agency: {CODE}\nyear: {YEAR}\nreport_date: '2025-01-20\"; import os #'\n",
        f"agency: {CODE}\nyear: {YEAR}\ndraft: __import__('os')\n",
        f"agency: other\nyear: {YEAR}\n",
        f"agency: {CODE}\nyear: 2025\n",
        f"agency: ../{CODE}\nyear: {YEAR}\n",
        f"agency: {CODE}\nyear: {'9' * 5000}\n",
    ],
)
def test_hostile_parameters_are_refused(text: str, tmp_path: Path) -> None:
    assert f"{PARAMS} 第" in reported(tmp_path, **{PARAMS: text})


def workbook(edit: dict[str, Callable[[bytes], bytes]], more: dict[str, bytes]) -> bytes:
    """A good workbook with parts changed and added."""
    source = io.BytesIO(xlsx_bytes({"其他数据": [["名称", "数值"], ["培训次数", 2]]}))
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, edit.get(name, bytes)(old.read(name)))
        for name, data in more.items():
            new.writestr(name, data)
    return out.getvalue()


ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b"<!DOCTYPE x [" + b'<!ENTITY a0 "haha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
) + b"]>"  # fmt: skip


def declared(doctype: bytes, entity: bytes) -> Callable[[bytes], bytes]:
    """Declare an entity in a part and use it where a text stands."""

    def edit(xml: bytes) -> bytes:
        start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
        body = xml[start:].replace("培训次数".encode(), entity, 1).replace(b'"Sheet', b'"&', 1)
        return xml[:start] + doctype + body

    return edit


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"])
@pytest.mark.parametrize(("doctype", "entity"), [(ENTITY, b"&e;"), (LAUGHS, b"&a11;")])
def test_entities_of_a_workbook_are_not_followed(
    part: str, doctype: bytes, entity: bytes, tmp_path: Path
) -> None:
    book = workbook({part: declared(doctype, entity)}, {})
    try:
        with quickly():
            root = write_project(tmp_path, {"workbook.xlsx": book})
            found = "".join(load_inputs(root, CODE, YEAR).figures)
    except InputError as refused:
        found = str(refused)
    assert "root:" not in found
    assert "hahahaha" not in found
    assert len(found) < 1000


def test_a_workbook_opens_nothing_outside_itself(tmp_path: Path) -> None:
    """Links to other files and addresses, macros and objects are there and mean nothing."""
    secret = tmp_path / "secret.xml"
    secret.write_text("<a>geheim</a>", "utf-8")
    link = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" TargetMode="External" Target="{secret.as_uri()}" Type="x"/>'
        f"</Relationships>"
    ).encode()
    more = {
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": link,
        "xl/worksheets/_rels/sheet1.xml.rels": link,
        "xl/vbaProject.bin": b"\0" * 100,
        "../../outside.txt": b"x",
        "/abs.txt": b"x",
    }
    inputs = load_inputs(
        write_project(tmp_path / "p", {"workbook.xlsx": workbook({}, more)}), CODE, YEAR
    )
    assert list(inputs.figures) == ["培训次数"]
    assert {p.name for p in tmp_path.iterdir()} == {"secret.xml", "p"}


@pytest.mark.parametrize("target", ["../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", ""])
def test_a_sheet_that_is_said_to_lie_elsewhere_is_not_found(target: str, tmp_path: Path) -> None:
    rels = "xl/_rels/workbook.xml.rels"
    edit = {rels: lambda xml: xml.replace(b"/xl/worksheets/sheet1.xml", target.encode())}
    assert "打不开这个工作簿" in reported(tmp_path, workbook_xlsx=workbook(edit, {}))


def test_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    book = workbook({}, {"xl/media/image1.bin": bytes(310_000_000)})
    assert len(book) < 1_000_000
    assert "展开后太大" in reported(tmp_path, workbook_xlsx=book)
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(210_000_000), compresslevel=1)
    with quickly(), pytest.raises(InputError, match="展开后太大"):
        sections_of(word.getvalue())


@pytest.mark.parametrize("level", ["x", "-1", "99999999999999999999", "²", "1e9", ""])
def test_hostile_numbers_of_a_word_file_are_no_numbers(level: str) -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f'<w:document {w}><w:body><w:p><w:pPr><w:outlineLvl w:val="{level}"/></w:pPr></w:p><w:p>'
        f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>甲</w:t></w:r></w:p></w:body></w:document>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", body)
    with quickly():
        assert len(str(sections_of(file.getvalue()))) < 1000


def test_a_workbook_of_another_agency_is_refused_by_name(tmp_path: Path) -> None:
    rows = [["项目", "内容"], ["机关代码", "shili-other"], ["报告年度", str(YEAR)]]
    book = xlsx_bytes({"基本信息": [*rows, ["机关全称", "示例县另一局"]]})
    text = reported(tmp_path, workbook_xlsx=book)
    assert "shili-other" in text
    assert f"{FOLDER}/workbook.xlsx 工作表“基本信息”" in text


@pytest.mark.parametrize(
    "piece", ["（", "1、", "*甲_乙**", "![", "甲", "“", "第1条", "{{ 甲 }}", "比上年增长1%，", "|"]
)
def test_the_worst_paragraph_is_read_and_checked_in_seconds(piece: str, tmp_path: Path) -> None:
    most = MAX_PARAGRAPH // len(piece)
    text = f"## overview\n\n{piece * most}\n\n## other\n\n{piece * (most // 2)}\n"
    root = write_project(tmp_path, {"narrative.md": text, "figures.csv": "名称,数值\n甲,1\n"})
    with quickly(20):
        report = Report.open(CODE, YEAR, root=root)
        to_blocks([report.inputs.narrative["overview"].text], "overview")
        assert report.findings
    more = text.replace(piece, piece * 3, 1)
    (root / FOLDER / "narrative.md").write_text(more + "\n" + "甲" * 200_000, "utf-8")
    with quickly(), pytest.raises(InputError, match="正文太长"):
        Report.open(CODE, YEAR, root=root)


@pytest.mark.parametrize(
    "words", ["8" * 5000 + "甲", "其他" * 2000 + "甲", "规章其他8" * 900 + "甲"]
)
def test_an_imported_page_is_read_in_seconds_whatever_stands_beside_its_tables(words: str) -> None:
    """Found by fuzzing: a regular expression that tried every way to cut a row of digits."""
    page = (
        f"<h1>二、主动公开政府信息情况</h1><p>{words}</p><h1>六、其他需要报告的事项</h1><p>乙</p>"
    )
    with quickly():
        assert read_published(Source("a.html", page.encode()), FORMAT).prose.sections
