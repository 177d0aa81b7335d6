"""Hostile files: each is refused in one line, quickly, and harms nothing beside it."""

from __future__ import annotations

import io
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.hostile.corpus import is_quiet
from tests.inputs.builders import CODE, FOLDER, YEAR, write_project, xlsx_bytes

from nianbao.documents.readback_sections import read_docx_sections
from nianbao.errors import InputError, NarrativeError, UsageError
from nianbao.inputs.characters import MAX_PARAGRAPH
from nianbao.inputs.folder import MAX_FILES
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import file_name_fault, require_report
from nianbao.notebook.pictures import MOST_PIXELS, load_pictures
from nianbao.notebook.report import Report
from nianbao.prose.markdown import to_blocks
from nianbao.runs.cache import input_files
from nianbao.runs.surroundings import Surroundings, read_surroundings

CARD = f"params/{CODE}/agency.yaml"
PARAMS = f"params/{CODE}/{YEAR}.yaml"
SHEET = "xl/worksheets/sheet1.xml"


@contextmanager
def quickly(seconds: float = 10) -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < seconds


def told(root: Path, **files: bytes | str) -> str:
    named = {k.replace("_csv", ".csv").replace("_xlsx", ".xlsx"): v for k, v in files.items()}
    with quickly(), pytest.raises(InputError) as caught:
        load_inputs(write_project(root, named), CODE, YEAR)
    text = str(caught.value)
    assert all(is_quiet(line) and len(line) < 1500 for line in text.splitlines())
    return text


def around(root: Path) -> Surroundings:
    return read_surroundings(root, YEAR)


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
    "many unknown keys": ("".join(f"k{n}: 1\n" for n in range(3000)), "没有这个参数"),
}


@pytest.mark.parametrize("name", BAD_YAML)
def test_a_hostile_parameter_file_is_refused(name: str, tmp_path: Path) -> None:
    text, words = BAD_YAML[name]
    assert words in told(tmp_path, **{CARD: text})


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
    assert f"{PARAMS} 第" in told(tmp_path, **{PARAMS: text})


def workbook(edit: dict[str, Callable[[bytes], bytes]], more: dict[str, bytes]) -> bytes:
    """A good workbook with parts changed and added."""
    source = io.BytesIO(xlsx_bytes({"其他数字": [["名称", "数值"], ["培训次数", 2]]}))
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
    assert "打不开这个工作簿" in told(tmp_path, workbook_xlsx=workbook(edit, {}))


def test_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    book = workbook({}, {"xl/media/image1.bin": bytes(310_000_000)})
    assert len(book) < 1_000_000
    assert "展开后太大" in told(tmp_path, workbook_xlsx=book)
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(210_000_000))
    with quickly(), pytest.raises(InputError, match="展开后太大"):
        read_docx_sections(word.getvalue())


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
        assert len(str(read_docx_sections(file.getvalue()))) < 1000


def png(width: int, height: int) -> bytes:
    """A picture of one colour: a few bytes, however large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    line = zlib.compress(b"\0" * min((width // 8 + 2) * height, 20_000_000), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", line) + chunk(b"IEND", b"")


GOOD = png(8, 8)
BAD_PICTURES = {
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a page": b"<html><script>alert(1)</script>",
    "the first bytes alone": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "cut short": GOOD[:-20],
    "damaged": GOOD.replace(b"IDAT", b"IDAX"),
    "a gif": b"GIF89a" + bytes(40),
    "a program": b"MZ" + bytes(100),
    "a zip file": b"PK\x03\x04" + bytes(100),
    "nothing": b"",
    "more than the memory holds": png(60_000, 60_000),
    "no end in sight": png(2**31 - 1, 2**31 - 1),
}


def pictures(root: Path, prose: str, files: dict[str, bytes]) -> dict[str, tuple[str, bytes]]:
    named = {**files, "narrative.md": f"## other\n\n{prose}\n"}
    inputs = load_inputs(write_project(root, named), CODE, YEAR)
    return dict(load_pictures(root, inputs))


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_picture_that_is_none_is_refused_by_name(name: str, tmp_path: Path) -> None:
    assert MOST_PIXELS < 60_000**2
    with quickly(), pytest.raises(NarrativeError) as caught:
        pictures(tmp_path, "![图](图片.png)", {"图片.png": BAD_PICTURES[name]})
    assert str(caught.value).startswith(
        f"{FOLDER}/narrative.md 第3行：不是可用的图片；值为“图片.png”"
    )


@pytest.mark.parametrize(
    "name", ["a.png", "图片 1(2).jpg", "子文件夹/图.png", "a[1].png", "ａ.PNG"]
)
def test_a_picture_of_any_honest_name_is_found(name: str, tmp_path: Path) -> None:
    assert pictures(tmp_path, f"![图]({name})", {name: GOOD}) == {name: ("image/png", GOOD)}


OUTSIDE = [
    "../2023/a.png", "../../other/2024/a.png", "/etc/passwd", "../../../etc/passwd", "..",
    ".", "a/../../../b.png", "~/a.png", "C:\\a.png", "C:/a.png", "\\\\server\\a.png", "file:///a.png",
    "https://bad.example/a.png", "//bad.example/a.png", "data:image/png;base64,AA", "con.png",
    "a" * 300 + ".png", "a:b.png", "a?.png", "$HOME/a.png", "%2e%2e/a.png", "", " ", "a.png\u3000",
]  # fmt: skip


@pytest.mark.parametrize("file", OUTSIDE)
def test_a_picture_leads_nowhere_else(file: str, tmp_path: Path) -> None:
    (tmp_path / "data" / "other" / "2024").mkdir(parents=True)
    (tmp_path / "data" / "other" / "2024" / "a.png").write_bytes(GOOD)
    with pytest.raises(NarrativeError) as caught:
        pictures(tmp_path, f"![图]({file})", {})
    reasons = ("不在本单位", "文件名", "没有找到图片")
    assert any(reason in str(caught.value) for reason in reasons)


@pytest.mark.parametrize(
    "name", ["con.png", "NUL.jpg", "com1.png", "a .png .", "甲\u202egnp.png", "\ue000.png"]
)
def test_a_name_that_not_every_system_has_is_refused(name: str, tmp_path: Path) -> None:
    assert file_name_fault(name)
    if name.endswith(("png", "jpg")):
        assert "图片的文件名" in told(tmp_path, **{name: GOOD})


@pytest.mark.parametrize(
    "code",
    ["con", "nul", "com1", "../x", "/etc", "a/b", "A", "甲", "", ".", "..", "a" * 65, "a b", "a\0b",
     "-rf", "${HOME}", "a;id", "aux"],
)  # fmt: skip
def test_an_agency_code_is_no_path(code: str, tmp_path: Path) -> None:
    write_project(tmp_path, {})
    with pytest.raises(UsageError, match=r"机关代码不合规则|没有这个机关"):
        require_report(tmp_path, code, YEAR)


LINKED = ["figures.csv", "narrative.md", "a.png", f"../../../{CARD}", f"../../../{PARAMS}"]


@pytest.mark.parametrize("name", LINKED)
def test_a_link_is_not_followed(name: str, tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", {"figures.csv": "名称,数值\n甲,1\n"})
    secret = tmp_path / "secret"
    secret.write_text("名称,数值\n秘密,1\n", "utf-8")
    place = (root / FOLDER / name).resolve()
    place.unlink(missing_ok=True)
    place.symlink_to(secret)
    with pytest.raises(InputError, match="是指向别处的链接，不读取"):
        load_inputs(root, CODE, YEAR)
    assert not any("secret" in file for file in input_files(root, CODE, YEAR, around(root)))


def test_a_folder_that_links_to_another_bureau_is_not_read(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"figures.csv": "名称,数值\n甲,1\n"})
    folder = root / FOLDER
    other = root / "data" / "shili-other" / str(YEAR)
    other.parent.mkdir()
    folder.rename(other)
    folder.symlink_to(other)
    with pytest.raises(InputError, match="链接"):
        load_inputs(root, CODE, YEAR)


def test_the_folder_of_all_data_may_lie_elsewhere(tmp_path: Path) -> None:
    root = write_project(tmp_path / "p", {"figures.csv": "名称,数值\n甲,1\n"})
    (root / "data").rename(tmp_path / "share")
    (root / "data").symlink_to(tmp_path / "share")
    assert list(load_inputs(root, CODE, YEAR).figures) == ["甲"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    root = write_project(tmp_path, {})
    os.mkfifo(root / FOLDER / "figures.csv")
    with quickly():
        assert load_inputs(root, CODE, YEAR).figures == {}
        assert not any("figures" in file for file in input_files(root, CODE, YEAR, around(root)))


def test_too_many_files_are_told_and_none_is_read(tmp_path: Path) -> None:
    assert "文件太多" in told(tmp_path, **{f"a{n}.png": b"" for n in range(MAX_FILES + 1)})


def test_a_workbook_of_another_agency_is_refused_by_name(tmp_path: Path) -> None:
    rows = [["项目", "内容"], ["机关代码", "shili-other"], ["报告年度", str(YEAR)]]
    book = xlsx_bytes({"基本信息": [*rows, ["机关全称", "示例县另一局"]]})
    text = told(tmp_path, workbook_xlsx=book)
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
