"""Real published figures come out as they were printed, and what is wrong in them is found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.statistics.factory import FORMAT, errors, findings, found
from tests.statistics.published import COMPLETE, entered, figures_of, request_rows

from nianbao.statistics.tables import build_tables


def _numbers(texts: list[str | None]) -> list[int | None]:
    return [None if text is None else int(text) for text in texts]


@pytest.mark.parametrize("name", COMPLETE)
def test_tables_show_the_published_numbers(name: str) -> None:
    data, tables = figures_of(name), build_tables(entered(name), FORMAT)
    for row, columns in data["decisions"].items():
        for column, text in columns.items():
            shown = tables["decisions"].frame.at[row, column]
            money = column in FORMAT.money_columns
            assert shown == (Decimal(text) if money else int(text))
            assert str(shown) == text  # money keeps its digits
    requests = tables["requests"].frame
    for row, texts in request_rows(name, imported=True).items():
        assert list(requests.loc[row]) == _numbers(texts), row
    wrong = set(data["errors"])
    for number, (group, texts) in enumerate(data["reviews"].items(), start=1):
        published = _numbers(texts)
        shown = list(tables["reviews"].frame.loc[group])
        if f"C{number}" in wrong:
            assert shown == [*published[:4], sum(n or 0 for n in published[:4])]
        else:
            assert shown == published


@pytest.mark.parametrize("name", COMPLETE)
def test_exactly_the_known_violations_are_errors(name: str) -> None:
    assert errors(entered(name)) == set(figures_of(name)["errors"])


def test_both_totals_are_reported() -> None:
    (finding,) = found(entered("hongze_2023"), "C1")
    assert (finding.left, finding.right) == ("11", "0")
    assert "10＋1＋0＋0＝11" in finding.message
    assert finding.cells[0] == "表四“行政复议”×“总计”"


def test_carry_over_holds_from_year_to_year() -> None:
    first = entered("pingtan_2021")
    second = entered("pingtan_2022", previous=first)
    third = entered("pingtan_2023", previous=entered("pingtan_2022"))
    for inputs in (second, third):
        assert errors(inputs) == set()
        assert [f for f in findings(inputs) if f.id in {"Y0", "Y1", "Y1c"}] == []


def test_stock_holds_one_year_and_breaks_the_next() -> None:
    assert found(entered("pingtan_2022", previous=entered("pingtan_2021")), "Y2") == []
    (broken,) = found(entered("pingtan_2023", previous=entered("pingtan_2022")), "Y2")
    assert (broken.severity, broken.left, broken.right) == ("warning", "643", "470")


def test_sixth_group_as_one_row_is_blank_when_handed_in_and_zero_when_imported() -> None:
    assert "V3" not in errors(entered("hongze_2023"))
    handed_in = entered("hongze_2023", imported=False)
    (blank,) = found(handed_in, "V3")
    assert len(blank.cells) == 12
    assert all("（六）其他处理" in cell for cell in blank.cells)
    assert build_tables(handed_in, FORMAT)["requests"].frame.at["other_1", "自然人"] is None


def test_totals_alone_are_shown_and_refused() -> None:
    inputs = entered("statistics_bureau_2023", imported=False)
    row = build_tables(inputs, FORMAT)["requests"].frame.loc["new"]
    assert list(row) == [None] * 6 + [0]
    assert {"B6", "V3", "V4"} <= errors(inputs)
    assert not {"B6", "V4"} & errors(entered("statistics_bureau_2023"))


def test_a_township_makes_no_rules() -> None:
    (finding,) = found(entered("nileke_town_2023"), "V8")
    assert finding.cells == ("表二“规章”×“现行有效件数”",)
    assert found(entered("suqian_2023"), "V8") == []


def test_a_part_of_a_report_shows_that_part() -> None:
    frame = build_tables(entered("changchun_veterans_2023"), FORMAT)["requests"].frame
    assert list(frame.loc["new"]) == [3, 0, 0, 0, 0, 0, 3]
    assert list(frame.loc["open"]) == [None] * 7
    assert list(frame.loc["total"]) == [None] * 7
