"""YAML files as written: text, with lines."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calls import calls

from nianbao.errors import InputError
from nianbao.files.yaml_file import read_mapping


def entries(text: str) -> dict[str, tuple[object, int]]:
    found, problems = read_mapping(text, "a.yaml")
    assert problems == []
    return {key: (entry.value, entry.line) for key, entry in found}


@pytest.mark.parametrize(
    "written",
    [*("007", "0256100", "1_000", "2025-01-20", "12:30:00", "1e3", "0x10", "no", ".inf", "0533—1")],
)
def test_what_yaml_would_make_a_number_of_stays_text(written: str) -> None:
    assert entries(f"phone: {written}") == {"phone": (written, 1)}
    assert entries(f"phone: '{written}'") == {"phone": (written, 1)}


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_nothing_is_none_and_quoted_is_text(written: str) -> None:
    assert entries(f"phone: {written}") == {"phone": (None, 1)}
    assert entries(f"phone: '{written}'") == {"phone": (written, 1)}


def test_lines_are_counted_over_comments_and_lists() -> None:
    text = "# 注释\nname: 示例局\n\naliases:\n  - 甲\n  - 007\nphone: 1 # 值班\n"
    assert entries(text) == {
        "name": ("示例局", 2),
        "aliases": (("甲", "007"), 4),
        "phone": ("1", 7),
    }


def test_repeated_keys_are_all_there() -> None:
    found, _ = read_mapping("a: 1\nb: 2\na: 3\n", "a.yaml")
    assert [(key, entry.value, entry.line) for key, entry in found] == [
        ("a", "1", 1),
        ("b", "2", 2),
        ("a", "3", 3),
    ]


@pytest.mark.parametrize("text", ["", "# 只有注释\n", "~", "---\n"])
def test_nothing_written_is_nothing(text: str) -> None:
    assert entries(text) == {}


def test_what_is_refused_is_reported_and_the_rest_is_read() -> None:
    text = "a: {b: 1}\n? [x]\n: 2\nc: [1, [2]]\nd: &n 3\ne: *n\nf: !x 4\ng: 5\n"
    found, problems = read_mapping(text, "a.yaml")
    assert [(p.place.line if p.place else None) for p in problems] == [1, 2, 4, 5, 6, 7]
    assert dict(found)["g"].value == "5"
    assert dict(found)["c"].value is None


def test_depth_is_refused_without_going_to_the_bottom() -> None:
    def refused(depth: int) -> None:
        with pytest.raises(InputError, match="层次太多"):
            read_mapping("a: " + "[" * depth, "a.yaml")

    refused(5_000)  # what is done once in a process is done now
    assert calls(lambda: refused(200_000)) < calls(lambda: refused(5_000)) * 1.1


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        found, problems = read_mapping(text, "a.yaml")
        assert all(isinstance(key, str) for key, _ in found)
        assert all(problem.place and problem.place.line for problem in problems)
