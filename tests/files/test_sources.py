"""Files read once: bytes, checksum, text."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from nianbao.errors import InputError
from nianbao.files.sources import Source, TextForm, decode, read_source

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
    assert str(raised.value) == "a.csv：文件太大；应为不超过2 MB的文件"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(InputError, match=r"a\.csv：读不了这个文件"):
        read_source(tmp_path, "a.csv")
