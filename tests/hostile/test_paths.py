"""Paths, links and pictures: nothing leads out of the bureau's own folder."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import pytest
from tests.hostile.refusals import quickly, reported
from tests.inputs.builders import CODE, FOLDER, YEAR, write_project

from nianbao.errors import InputError, NarrativeError, UsageError
from nianbao.finished.batch_context import BatchContext, read_batch_context
from nianbao.finished.freshness import input_files
from nianbao.inputs.folder import MAX_FILES
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import file_name_fault, require_report
from nianbao.notebook.pictures import MOST_PIXELS, load_pictures

PROFILE = f"params/{CODE}/agency.yaml"
PARAMS = f"params/{CODE}/{YEAR}.yaml"


def context_of(root: Path) -> BatchContext:
    return read_batch_context(root, YEAR)


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
    assert str(caught.value).startswith(f"{FOLDER}/narrative.md 第3行：不是可用的图片：“图片.png”")


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
        assert "图片的文件名" in reported(tmp_path, **{name: GOOD})


@pytest.mark.parametrize(
    "code",
    ["con", "nul", "com1", "../x", "/etc", "a/b", "A", "甲", "", ".", "..", "a" * 65, "a b", "a\0b",
     "-rf", "${HOME}", "a;id", "aux"],
)  # fmt: skip
def test_an_agency_code_is_no_path(code: str, tmp_path: Path) -> None:
    write_project(tmp_path, {})
    with pytest.raises(UsageError, match=r"机关代码不合规则|没有这个机关"):
        require_report(tmp_path, code, YEAR)


LINKED = ["figures.csv", "narrative.md", "a.png", f"../../../{PROFILE}", f"../../../{PARAMS}"]


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
    assert not any("secret" in file for file in input_files(root, CODE, YEAR, context_of(root)))


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


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    root = write_project(tmp_path, {})
    os.mkfifo(root / FOLDER / "figures.csv")
    with quickly():
        with pytest.raises(InputError, match=r"figures\.csv：不是普通文件"):
            load_inputs(root, CODE, YEAR)
        assert not any(
            "figures" in file for file in input_files(root, CODE, YEAR, context_of(root))
        )


def test_too_many_files_are_reported_and_none_is_read(tmp_path: Path) -> None:
    assert "文件太多" in reported(tmp_path, **{f"a{n}.png": b"" for n in range(MAX_FILES + 1)})
