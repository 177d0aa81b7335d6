"""Pictures that the wording names: each that cannot be printed is told with what to do."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from nianbao.errors import Place, Problem
from nianbao.notebook import pictures
from nianbao.notebook.pictures import picture_media


def png(kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (3, 2)).save(data, kind)
    return data.getvalue()


def test_what_cannot_be_printed_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.png").write_bytes(png())
    (folder / "a.gif").write_bytes(png("GIF"))
    (tmp_path / "b.png").write_bytes(png())
    place = Place("narrative.md", row=1)
    for file, alt, said in (
        ("a.png", " ", "图片没有文字说明"),
        ("attachment:a.png", "图", "图片只贴在笔记本里"),
        ("../b.png", "图", "图片不在本单位的数据文件夹内"),
        ("/a.png", "图", "图片不在本单位的数据文件夹内"),
        ("con.png", "图", "图片的文件名"),
        ("c.png", "图", "没有找到图片"),
        ("a.gif", "图", "不是可用的图片"),
    ):
        problem = pictures._read(folder, file, alt, place)
        assert isinstance(problem, Problem)
        assert said in problem.message, file
    picture = pictures._read(folder, "a.png", "图", place)
    assert not isinstance(picture, Problem)
    assert (picture.media, picture.data) == ("image/png", png())
    monkeypatch.setattr(pictures, "MOST_BYTES", len(png()))
    assert pictures._read(folder, "a.png", "图", place) == picture
    monkeypatch.setattr(pictures, "MOST_BYTES", len(png()) - 1)
    large = pictures._read(folder, "a.png", "图", place)
    assert isinstance(large, Problem)
    assert large.message == "图片过大"


def test_a_picture_of_too_many_points_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [picture_media(png(kind)) for kind in ("PNG", "JPEG", "GIF")] == [
        "image/png", "image/jpeg", None,
    ]  # fmt: skip
    monkeypatch.setattr(pictures, "MOST_PIXELS", 6)
    assert picture_media(png()) == "image/png"
    monkeypatch.setattr(pictures, "MOST_PIXELS", 5)
    assert picture_media(png()) is None
