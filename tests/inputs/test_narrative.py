"""The bureau's own wording, by section."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.files.sources import Source
from nianbao.inputs.narrative import read_narrative

keys = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?", fullmatch=True)
prose = st.lists(
    st.text(st.sampled_from("全年公开{ }#*、。1|-"), min_size=1).filter(
        lambda line: line.strip() and not line.startswith("##")
    ),
    min_size=1,
)


def read(text: str, encoding: str = "utf-8") -> dict[str, tuple[str, int | None]]:
    sections = read_narrative(Source("narrative.md", text.encode(encoding)))
    return {key: (section.text, section.place.line) for key, section in sections.items()}


@given(st.dictionaries(keys, prose), st.sampled_from(["\n", "\r\n", "\r"]))
def test_sections_read_back_with_the_line_of_their_text(
    sections: dict[str, list[str]], ending: str
) -> None:
    lines: list[str] = []
    expected = {}
    for key, body in sections.items():
        lines += [f"## {key}", "", *body, ""]
        first = len(lines) - len(body)
        expected[key] = ("\n".join(body).rstrip(), first)
    assert read(ending.join(lines)) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_of_the_usual_encodings(encoding: str) -> None:
    text = "## other\n全年未收取信息处理费。\n"
    assert read(text, encoding) == {"other": ("全年未收取信息处理费。", 2)}


def test_lower_headings_and_hard_breaks_belong_to_the_text() -> None:
    assert read("## overview\n### 小标题\n一行  \n\n另一段\n\n\n") == {
        "overview": ("### 小标题\n一行  \n\n另一段", 2)
    }


def test_closing_signs_and_blanks_of_a_heading_are_no_part_of_the_id() -> None:
    assert read("##  overview.requests  ##\n文字。\n") == {"overview.requests": ("文字。", 2)}


def test_an_empty_file_has_no_sections() -> None:
    assert read("\n\n") == {}
