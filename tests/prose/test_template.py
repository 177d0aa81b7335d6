from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.errors import NarrativeError, Place
from nianbao.prose.template import Placeholder, parse_path, parse_template

HERE = Place("data/a/2024/narrative.md", line=10)


def sources(text: str) -> list[str]:
    parts = parse_template(text, HERE).parts
    return [p.source if isinstance(p, Placeholder) else p for p in parts]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("新收申请", ("新收申请",)),
        (" 新收申请 . 同比 ", ("新收申请", "同比")),
        ('主动公开["“双随机、一公开”类"].明细', ("主动公开", "“双随机、一公开”类", "明细")),
        ("主动公开['网站']", ("主动公开", "网站")),
        ("", None),
        ("a|safe", None),
        ("a()", None),
        ("''.__class__", None),
        ("a + 1", None),
        ("a.b c", None),
        ('["a"]', None),
    ],
)
def test_a_placeholder_holds_a_name_and_nothing_else(
    name: str, path: tuple[str, ...] | None
) -> None:
    assert parse_path(name) == path


def test_lines_are_counted_from_where_the_section_starts() -> None:
    with pytest.raises(NarrativeError) as caught:
        parse_template("一行\n{{ a|b }}\n{% if x %}", HERE)
    assert [p.place.line for p in caught.value.problems if p.place] == [11, 12]
    assert "{{ a|b }}" in str(caught.value)


@pytest.mark.parametrize("text", ["{{ a", "a }}", "{{ a }} }}", "{# x #}", "{{{ a }}", "{{ {a} }}"])
def test_unpaired_braces_are_refused(text: str) -> None:
    with pytest.raises(NarrativeError):
        parse_template(text, HERE)


@given(st.lists(st.sampled_from(["收到", "\n", "{{ 甲 }}", "{{乙.丙}}", "件。", "{", "}", " "])))
def test_the_parts_give_the_text_again(pieces: list[str]) -> None:
    text = " ".join(pieces)
    try:
        assert "".join(sources(text)) == text
    except NarrativeError:
        assert "{ {" not in text or text.count("{{") != text.count("}}")


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        parts = sources(text)
    except NarrativeError as error:
        problems = error.problems
    else:
        problems = ()
        assert "".join(parts) == text
    assert all(p.place and p.remedy for p in problems)
