"""CSV files in any of the usual encodings and delimiters, as grids of text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inputs.builders import csv_bytes
from tests.inputs.strategies import ENCODINGS

from nianbao.errors import InputError
from nianbao.files import grids as readers
from nianbao.files.grids import read_csv
from nianbao.files.sources import Source

cells = st.text(st.sampled_from('年报 ，、（）“”0123,;\t"\n=Aé'), max_size=6)
tables = st.lists(st.lists(cells, min_size=3, max_size=5), min_size=1, max_size=6)


def read(data: bytes) -> list[list[str]]:
    return [list(row) for row in read_csv(Source("a.csv", data)).rows]


def trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Drop empty cells and rows at the end, the slow way."""
    kept = [list(row) for row in rows]
    for row in kept:
        while row and row[-1].strip() == "":
            row.pop()
    while kept and not kept[-1]:
        kept.pop()
    return kept


@given(tables, st.sampled_from(ENCODINGS), st.sampled_from(",\t;"))
def test_what_is_written_is_read(rows: list[list[str]], encoding: str, delimiter: str) -> None:
    # A header of several heads is what every table has, and what tells the delimiter.
    rows = [["登记号", "收到日期", "办理结果"], *rows]
    clean = [[cell.replace("\n", "") for cell in row] for row in rows]
    assert read(csv_bytes(clean, encoding, delimiter)) == trimmed(clean)


def test_a_cell_may_have_several_lines_and_counts_as_one_row() -> None:
    assert read('名称,说明\n培训,"一,\n二"\n参训,三\n'.encode()) == [
        ["名称", "说明"],
        ["培训", "一,\n二"],
        ["参训", "三"],
    ]


def test_blank_lines_keep_the_numbers_that_excel_shows() -> None:
    assert read("标题\n\n名称,数值\n".encode()) == [["标题"], [], ["名称", "数值"]]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_end_of_line(ending: str) -> None:
    assert read(f"名称,数值{ending}培训,2{ending}".encode()) == [["名称", "数值"], ["培训", "2"]]


def test_the_delimiter_is_that_of_most_lines() -> None:
    text = "甲;乙;丙;丁;戊\n名称,说明\n培训,一;二;三\n参训,四\n"
    assert read(text.encode())[1:] == [["名称", "说明"], ["培训", "一;二;三"], ["参训", "四"]]


def test_delimiters_in_quotation_marks_are_text() -> None:
    text = '"名,称";数值\n"培,训";2\n'
    assert read(text.encode()) == [["名,称", "数值"], ["培,训", "2"]]


def test_the_guise_of_text_for_excel_is_taken_off() -> None:
    assert read('登记号,结果\n="007",予以公开\n'.encode())[1] == ["007", "予以公开"]


def test_signs_that_nobody_sees_are_dropped() -> None:
    assert read("名\u200b称,数值\n培训\ufeff,2\n".encode()) == [["名称", "数值"], ["培训", "2"]]


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_ROWS", 3)
    assert len(read(b"a,b\n" * 3 + b",\n" * 5)) == 3
    with pytest.raises(InputError) as raised:
        read(b"a,b\n" * 4)
    assert str(raised.value) == "a.csv 第4行：行数太多：“4”，应为不超过3行"


def test_too_many_columns_are_refused() -> None:
    assert len(read(b"a" + b"," * 100_000 + b"\n")[0]) == 1
    with pytest.raises(InputError) as raised:
        read(b"a" + b"," * 600 + b"b\n")
    assert str(raised.value) == "a.csv：列数太多：“601”，应为不超过500列"


def test_a_cell_without_end_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv 第1行：引号不成对，或一格太长"):
        read(b"a," + b"x" * 200_000)


@pytest.mark.parametrize("delimiter", ["|", "，"])
def test_a_bar_or_a_chinese_comma_parts_the_cells_where_every_line_has_it(delimiter: str) -> None:
    assert read(f"名称{delimiter}数值\n培训{delimiter}2\n".encode()) == [
        ["名称", "数值"],
        ["培训", "2"],
    ]
    assert read(f"名称,说明\n培训,甲{delimiter}乙\n".encode())[1] == ["培训", f"甲{delimiter}乙"]


def test_the_end_mark_of_an_old_program_is_no_cell() -> None:
    assert read("名称,数值\n培训,2\n\x1a".encode()) == [["名称", "数值"], ["培训", "2"]]
