"""Typefaces are found by family, the real ones before the free ones."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from nianbao.errors import ExportError
from nianbao.fonts import ROLES, Font, Fonts, face_names, find_fonts, missing_glyphs, system_folders


def make_font(names: dict[str, str], characters: str = "政府") -> TTFont:
    """A font of blank glyphs with these names."""
    glyphs = [".notdef", *(f"u{ord(c):04X}" for c in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(c): f"u{ord(c):04X}" for c in characters})
    builder.setupGlyf(dict.fromkeys(glyphs, Glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable(names)
    builder.setupPost()
    return builder.font


def save_font(file: Path, family: str, style: str = "Regular", characters: str = "政府") -> Path:
    """A font file of that family."""
    full = family if style == "Regular" else f"{family} {style}"
    names = {"familyName": family, "styleName": style, "fullName": full}
    file.parent.mkdir(parents=True, exist_ok=True)
    make_font(names, characters).save(file)
    return file


def test_every_role_has_a_face_from_the_python_packages_alone() -> None:
    fonts = find_fonts(system=False)
    assert set(fonts.chains) == set(ROLES)
    assert all(fonts.first(role).path.is_file() for role in ROLES)


def test_the_proprietary_face_inside_the_package_is_not_used() -> None:
    names = {font.path.name for font in find_fonts(system=False).all}
    assert not any("hei" in name.casefold() for name in names)


@pytest.mark.parametrize(
    ("family", "role"),
    [
        ("方正小标宋简体", "title"),
        ("仿宋_GB2312", "body"),
        ("仿宋", "body"),
        ("黑体", "heading1"),
        ("楷体_GB2312", "heading2"),
        ("宋体", "song"),
    ],
)
def test_an_official_face_in_the_project_comes_first(
    tmp_path: Path, family: str, role: str
) -> None:
    file = save_font(tmp_path / "deeper" / "a.ttf", family)
    fonts = find_fonts((tmp_path,), system=False)
    assert fonts.first(role).path == file
    assert role not in fonts.substituted()
    # A rare character still comes from the face that has nearly all.
    assert len(fonts.chains[role]) > 1


def test_gb2312_is_preferred_to_the_plain_face_and_both_to_fandol(tmp_path: Path) -> None:
    for name in ("FandolFang", "仿宋", "仿宋_GB2312"):
        save_font(tmp_path / f"{name}.ttf", name)
    chain = find_fonts((tmp_path,), system=False).chains["body"]
    assert [font.family for font in chain][:3] == ["仿宋_GB2312", "仿宋", "FandolFang"]


def test_a_bold_face_is_not_taken_for_the_regular_one(tmp_path: Path) -> None:
    bold = save_font(tmp_path / "b.ttf", "FandolSong", "Bold")
    fonts = find_fonts((tmp_path,), system=False)
    assert fonts.first("title").path == bold
    assert bold not in fonts.files("song")


def test_a_face_inside_a_collection_is_found_by_its_number(tmp_path: Path) -> None:
    collection = TTCollection()
    for family in ("新宋体", "宋体"):
        names = {"familyName": family, "styleName": "Regular", "fullName": family}
        collection.fonts.append(make_font(names))
    collection.save(tmp_path / "simsun.ttc")
    assert find_fonts((tmp_path,), system=False).first("song").index == 1


def test_charts_never_get_a_later_face_of_a_collection(tmp_path: Path) -> None:
    collection = TTCollection()
    for family in ("Noto Sans CJK JP", "Noto Sans CJK SC"):
        names = {"familyName": family, "styleName": "Regular", "fullName": family}
        collection.fonts.append(make_font(names))
    collection.save(tmp_path / "noto.ttc")
    fonts = find_fonts((tmp_path,), system=False)
    assert fonts.first("sans").path.parent != tmp_path
    assert all(font.index == 0 for font in fonts.chains["sans"])


def test_what_is_no_font_has_no_names(tmp_path: Path) -> None:
    for number, data in enumerate([b"", b"ttcf\0\0\0\0\xff\xff\xff\xff", b"OTTO" * 30]):
        file = tmp_path / f"{number}.ttf"
        file.write_bytes(data)
        assert face_names(file) == ()
    assert find_fonts((tmp_path, tmp_path / "absent"), system=False).chains["body"]


def test_a_font_added_later_is_found_at_the_next_call(tmp_path: Path) -> None:
    before = find_fonts((tmp_path,), system=False).first("body")
    added = save_font(tmp_path / "f.ttf", "仿宋")
    assert before.path != added == find_fonts((tmp_path,), system=False).first("body").path


def test_no_face_at_all_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.fonts.find_spec", lambda _: None)
    with pytest.raises(ExportError, match=r"小标宋、仿宋.*make fonts"):
        find_fonts(system=False)


def test_missing_letters_are_reported_by_role(tmp_path: Path) -> None:
    file = save_font(tmp_path / "f.ttf", "仿宋", characters="政府")
    fonts = Fonts({"body": (Font("仿宋", file),)})
    assert missing_glyphs("政 府\n\t\u200b", fonts, ("body",)) == {}
    assert missing_glyphs("政公\ue000", fonts, ("body",)) == {"body": {"公", "\ue000"}}


def test_a_later_face_of_the_chain_fills_the_gap(tmp_path: Path) -> None:
    faces = (
        Font("仿宋", save_font(tmp_path / "a.ttf", "仿宋", characters="政")),
        Font("宋体", save_font(tmp_path / "b.ttf", "宋体", characters="龘")),
    )
    assert missing_glyphs("政龘", Fonts({"body": faces}), ("body",)) == {}


def test_the_symbols_of_official_documents_are_all_there(repository: Path) -> None:
    symbols = "〔2024〕—·①⑩“‘《》、，。；：？！…％‰℃㎡×→★〇ⅠⅣ龘"
    assert missing_glyphs(symbols, find_fonts((repository / "fonts",))) == {}


def test_checksum_is_that_of_the_file_and_fonts_survive_a_process(tmp_path: Path) -> None:
    file = save_font(tmp_path / "f.ttf", "仿宋")
    fonts = find_fonts((tmp_path,), system=False)
    digest = fonts.first("body").sha256
    assert pickle.loads(pickle.dumps(fonts)).first("body").sha256 == digest
    file.write_bytes(file.read_bytes() + b"\0")
    assert find_fonts((tmp_path,), system=False).first("body").sha256 != digest


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, "/usr/share/fonts"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/fonts"),
        ("darwin", {}, "/Library/Fonts"),
        ("win32", {"WINDIR": "D:/Windows"}, "D:/Windows/Fonts"),
    ],
)
def test_where_each_system_keeps_its_fonts(
    platform: str, environ: dict[str, str], expected: str
) -> None:
    assert Path(expected) in system_folders(platform, environ, Path("/home/x"))
