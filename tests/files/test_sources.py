"""Files read once: bytes, checksum, text."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.errors import InputError
from nianbao.files.sources import (
    MAX_DEPTH,
    Source,
    TextForm,
    content,
    decode,
    files_below,
    is_there,
    read_source,
)

TEXT = "政府信息公开，年报①"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_usual_encodings_are_told_apart(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "a.csv") == TEXT


def test_both_orders_of_utf_16_are_read_by_their_mark() -> None:
    assert decode(b"\xff\xfe" + TEXT.encode("utf-16-le"), "a.csv") == TEXT
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be"), "a.csv") == TEXT


def test_utf_16_without_a_mark_is_known_by_its_zeros() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode(f"## other\n{TEXT}".encode(encoding), "a.md") == f"## other\n{TEXT}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_written_again_in_the_form_it_had(encoding: str) -> None:
    data = f"{TEXT}\r\n第二行\r\n".encode(encoding)
    source = Source("narrative.md", data)
    assert source.form().encode(source.text()) == data


def test_a_form_that_lacks_a_character_gives_way_to_utf_8() -> None:
    assert TextForm("ascii").encode("年报") == "年报".encode()


@pytest.mark.parametrize("data", [b"\xff\xff", b"a\0b", b"\xef\xbb\xbf\xff", b"\xff\xfea"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.csv：不是可以识别的文本"):
        decode(data, "a.csv")


def test_a_source_is_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"1")
    source = read_source(tmp_path, "a.csv")
    (tmp_path / "a.csv").write_bytes(b"2")
    assert source == Source("a.csv", b"1")
    assert source.sha256 == hashlib.sha256(b"1").hexdigest()


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * 2_000_001)
    assert len(read_source(tmp_path, "a.csv").data) == 2_000_001
    with pytest.raises(InputError) as raised:
        read_source(tmp_path, "a.csv", 2_000_000)
    assert str(raised.value) == "a.csv：文件太大，应为不超过2 MB的文件"


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv：读不了这个文件"):
        read_source(tmp_path, "a.csv")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _holes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(30 << 30)


def _folder(path: Path) -> None:
    path.mkdir()


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize(
    ("make", "what"),
    [(_pipe, "不是普通文件"), (_device, "链接"), (_holes, "文件太大"), (_folder, "不是普通文件"),
     (_socket, "不是普通文件")],
)  # fmt: skip
def test_what_is_no_file_is_refused_at_once_and_says_nothing_to_neighbours(
    tmp_path: Path, make: Callable[[Path], None], what: str
) -> None:
    (tmp_path / "data").mkdir()
    make(tmp_path / "data" / "a.md")
    with pytest.raises(InputError, match=rf"^data/a\.md：.*{what}"):
        read_source(tmp_path, "data/a.md")
    assert content(tmp_path, "data/a.md") == b""
    assert is_there(tmp_path, "data/a.md")


def test_a_device_itself_is_not_read() -> None:
    with pytest.raises(InputError, match="不是普通文件"):
        read_source(Path("/dev"), "zero")


def test_folders_in_folders_are_walked_so_deep_and_no_deeper(tmp_path: Path) -> None:
    here = tmp_path
    for _ in range(MAX_DEPTH):
        here = here / "a"
        here.mkdir()
    (here / "a.csv").write_text("")
    assert list(files_below(tmp_path)) == [here / "a.csv"]
    for _ in range(5):
        here = here / "a"
        here.mkdir()
    with pytest.raises(InputError, match=f"文件夹套了{MAX_DEPTH}层以上"):
        list(files_below(tmp_path))


def test_a_folder_that_becomes_a_link_after_the_look_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "other").mkdir(parents=True)
    (tmp_path / "data" / "other" / "a.csv").write_text("别的单位", "utf-8")
    monkeypatch.setattr("nianbao.files.sources.refuse_link", lambda *_: None)
    (tmp_path / "data" / "own").symlink_to(tmp_path / "data" / "other")
    with pytest.raises(InputError):
        read_source(tmp_path, "data/own/a.csv")
    (tmp_path / "data" / "b.csv").symlink_to(tmp_path / "data" / "other" / "a.csv")
    with pytest.raises(InputError):
        read_source(tmp_path, "data/b.csv")
    assert read_source(tmp_path, "data/other/a.csv").text() == "别的单位"


def test_a_line_in_another_encoding_is_named_and_never_read_as_other_characters() -> None:
    first, second = "正文都是本机关的。", "贴来的一行"
    for most, other in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
        data = f"{first}\n{first}\n".encode(most) + second.encode(other)
        with pytest.raises(InputError, match=r"第3行：这一行的编码与其他行不同"):
            decode(data, "narrative.md")
