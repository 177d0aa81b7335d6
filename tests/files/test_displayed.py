"""Number formats of every kind, as a spreadsheet program shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.files.displayed import ShownNumber, in_format, is_number_format, read_shown
from nianbao.files.excel import read_workbook
from nianbao.files.sources import Source

DATA = Path(__file__).resolve().parents[1] / "data" / "workbooks"
COMMA_STYLE = '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "shown", "read", "kind", "other"),
    [
        # thousands, millions, 万
        (12345, "#,##0.0,", "12.3", "12.3", "scaled", "12345"),
        (12345678, "0.00,,", "12.35", "12.35", "scaled", "12345678"),
        (12000, "0,", "12", "12", "scaled", "12000"),
        (123456, '0!.0,"万"', "12.3万", "12.3万", "rounded", "123456"),
        (120000, '0!.0,"万"', "12.0万", "12万", None, ""),
        (123456, '[>=10000]0!.0,"万";0', "12.3万", "12.3万", "rounded", "123456"),
        (999, '[>=10000]0!.0,"万";0', "999", "999", None, ""),
        (12345, '#,"千"', "12千", "12千", "rounded", "12345"),
        # more places than a decimal number has digits by itself
        (1120, f"0.{'0' * 30}", f"1120.{'0' * 30}", "1120", None, ""),
        # words
        (4, '0"条"', "4条", "4", None, ""),
        (5, '"共"0"件"', "共5件", "5", None, ""),
        (5, 'G/通用格式"天"', "5天", "5", None, ""),
        (12, '0"万"', "12万", "12万", None, ""),
        (5000, '0"元"', "5000元", "5000元", None, ""),
        (98, '0"%"', "98%", "98%", None, ""),
        (0.985, "0.0%", "98.5%", "98.5%", None, ""),
        (0.985, "0%", "99%", "99%", "rounded", "0.985"),
        # blank and other words in place of a number
        (0, "0;;;", "", "0", "unshown", ""),
        (5, ";;;", "", "5", "unshown", ""),
        (0, "#,###", "", "0", "unshown", ""),
        (0, COMMA_STYLE, "-", "0", "unshown", "-"),
        (1234, COMMA_STYLE, "1234", "1234", None, ""),
        (0, '0;-0;"无"', "无", "0", "unshown", "无"),
        (1, '[=1]"有";[=0]"无";0', "有", "1", "unshown", "有"),
        # signs
        (-5, "#,##0_);(#,##0)", "(5)", "-5", None, ""),
        (-5, "0;0", "5", "5", "scaled", "-5"),
        (-1.5, "0.00_ ;[Red]\\-0.00\\ ", "-1.50", "-1.5", None, ""),
        (-0.4, "0", "0", "0", "rounded", "-0.4"),
        (12, "[$¥-804]#,##0.00", "¥12.00", "12", None, ""),
        # fractions, powers, codes
        (0.5, "# ?/?", "1/2", "0.5", None, ""),
        (1.5, "# ?/?", "1 1/2", "1.5", None, ""),
        (0.34, "# ?/?", "1/3", "0.34", "unshown", "1/3"),
        (12345, "0.00E+00", "1.23E+04", "12345", "unshown", "1.23E+04"),
        (12300, "0.00E+00", "1.23E+04", "12300", None, ""),
        (12, "00000", "00012", "00012", None, ""),
        (12, '"2024-"00000', "2024-00012", "2024-00012", None, ""),
        (13812345678, "000-0000-0000", "138-1234-5678", "138-1234-5678", None, ""),
        (1e17, "0", "100000000000000000", "1.00000000000000E+17", None, ""),
        # places
        (7.666, "0.00", "7.67", "7.67", "rounded", "7.666"),
        (1234.5, "#,##0.00", "1234.50", "1234.5", None, ""),
        (3, "0.##", "3.", "3", None, ""),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_shown_or_both_are_told(
    value: float, code: str, shown: str, read: str, kind: str | None, other: str
) -> None:
    assert is_number_format(code)
    assert in_format(value, code) == shown
    assert read_shown(value, shown) == ShownNumber(read, kind, other)


@pytest.mark.parametrize(
    "code", ["General", "@", "yyyy-mm-dd", 'm"月"d"日"', "[h]:mm", "上午/下午h"]
)
def test_a_format_of_days_or_of_none_shows_no_number_of_its_own(code: str) -> None:
    assert not is_number_format(code)


@given(
    st.integers(-10**9, 10**9).map(lambda n: n / 1000),
    st.sampled_from(["0", "0.00", "#,##0.0,", "0%", '0"条"', COMMA_STYLE, "0;0;", ";;;", "# ?/?",
                     "0.0E+00", '0!.0,"万"', "[<0]\"无\";0.0", "???.??"]),
)  # fmt: skip
def test_a_number_that_is_read_without_a_word_is_the_one_that_is_kept(
    value: float, code: str
) -> None:
    shown = read_shown(value, in_format(value, code))
    plain = shown.text.removesuffix("%").removesuffix("万")
    if shown.kind is None:
        scale = 100 if shown.text.endswith("%") else 1 / 10**4 if shown.text.endswith("万") else 1
        assert float(plain) == pytest.approx(value * scale, rel=1e-12)


@pytest.mark.parametrize("file", ["formats.xlsx", "formats.xls", "formats.ods"])
def test_the_three_forms_of_workbook_show_the_same(file: str) -> None:
    """LibreOffice wrote the other two, and into the last what it shows of each cell."""
    grid = read_workbook(Source(file, (DATA / file).read_bytes()))[0]
    assert [texts[0] for texts in grid.rows] == [
        "12.3", "12.35", "12.3万", "4", "0", "5", "0", "98.5%", "0.5", "12345", "00012", "-5",
        "7.67", "12.3万", "5", "2024-00012", "0", "0.34", "5000元", "98%",
    ]  # fmt: skip
    assert [(mark.kind, mark.row, mark.kept) for mark in grid.marks] == [
        ("scaled", 1, "12345"), ("scaled", 2, "12345678"), ("rounded", 3, "123456"),
        ("unshown", 5, ""), ("unshown", 6, ""), ("unshown", 7, "-"), ("unshown", 10, "1.23E+04"),
        ("rounded", 13, "7.666"), ("rounded", 14, "123456"), ("unshown", 17, "无"),
        ("unshown", 18, "1/3"),
    ]  # fmt: skip
