"""Numbers of persons: never kept, refused where words are published, quoted by nobody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inputs.builders import FORMAT, YEAR, grid

from nianbao.errors import InputError
from nianbao.files.grids import Grid
from nianbao.inputs.ledgers import read_disclosures, read_figures
from nianbao.inputs.personal import (
    OTHER_CHANNELS,
    covered,
    is_identity_number,
    masked,
    personal_numbers,
)
from nianbao.inputs.request_ledger import read_ledger
from nianbao.inputs.values import Reading

IDENTITY = "11010519491231002X"
"""The example of the standard GB 11643."""
MOBILE = "13800001234"


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    """Draw numbers with the check character that the standard's formula gives."""
    born = draw(st.dates(date(1930, 1, 1), date(2015, 12, 31)))
    first = draw(st.integers(110000, 659999))
    number = f"{first}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(number))
    check = (12 - total % 11) % 11
    return number + ("X" if check == 10 else str(check))


@given(identity_numbers(), st.integers(0, 16))
def test_the_check_character_tells_identity_numbers_from_others(number: str, at: int) -> None:
    assert is_identity_number(number)
    other = str((int(number[at]) + 1) % 10)
    assert not is_identity_number(number[:at] + other + number[at + 1 :])


@given(identity_numbers(), st.sampled_from(["申请人{}提出", "{}", "（{}）", "身份证：{}。"]))
def test_no_message_spreads_a_number(number: str, text: str) -> None:
    (found,) = personal_numbers(text.format(number), mobile=False)
    assert number[4:14] not in found[1]
    assert number[4:14] not in covered(text.format(number))
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    assert is_identity_number(spaced)
    assert [kind for kind, _ in personal_numbers(text.format(spaced), mobile=False)] == [
        "居民身份证号码"
    ]
    assert number[4:14] not in masked(text.format(number))
    assert number[4:14] not in masked(text.format(number.translate(FULL_WIDTH)))


FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.mark.parametrize(
    "text",
    [
        "138 0000 1234",
        "138-0000-1234",
        "+8613800001234",
        "１３８００００１２３４",
        "电13800001234话",
    ],
)
def test_mobile_numbers_in_any_writing(text: str) -> None:
    assert [kind for kind, _ in personal_numbers(text)] == ["手机号码"]


@pytest.mark.parametrize("text", ["2024-00012", "0533-3241234", "138000012345", "12800001234", ""])
def test_other_numbers_are_left_alone(text: str) -> None:
    assert list(personal_numbers(text)) == []
    assert masked(text) == text


HEAD = "登记号,收到日期,申请人类型,办理结果,答复日期"
CASE = "2024-1,2024-03-05,自然人,予以公开,2024-03-20"


@pytest.mark.parametrize(
    "head", ["申请人姓名", "身份证号", "联系电话", "住址", "申请人", "备注", "申请内容", "承办人"]
)
def test_who_applied_may_stand_in_the_ledger_and_is_not_kept(head: str) -> None:
    text = f"示例人 {IDENTITY} {MOBILE}"
    ledger = read_ledger(grid(f"{HEAD},{head}", f"{CASE},{text}"), YEAR, FORMAT)
    assert ledger.cases is not None
    for frame in (ledger.counts, ledger.cases):
        assert (
            not frame.astype(str).apply(lambda c: c.str.contains("示例人|0105|0000")).any(axis=None)
        )


def test_a_row_of_private_cells_alone_is_a_row_and_its_problem_names_no_one() -> None:
    with pytest.raises(InputError) as caught:
        read_ledger(grid(f"{HEAD},申请人姓名", f",,,,,示例人{IDENTITY}"), YEAR, FORMAT)
    reported = str(caught.value)
    assert "缺少登记号" in reported
    assert "示例人" not in reported


@pytest.mark.parametrize(("head", "number"), [("说明", MOBILE), ("来源渠道", IDENTITY)])
def test_a_number_in_a_published_column_of_the_ledger_is_an_error(head: str, number: str) -> None:
    with pytest.raises(InputError) as caught:
        read_ledger(grid(f"{HEAD},{head}", CASE + ",", f"2{CASE},见{number}"), YEAR, FORMAT)
    (problem,) = caught.value.problems
    assert str(problem.place) == f"a.csv 第3行“{head}”列"
    assert number not in str(problem)
    assert "会公开" in problem.message
    assert problem.remedy == "请删去，个人信息放在“申请人姓名”等列"


def test_a_registry_number_may_look_like_a_telephone_but_not_be_an_identity() -> None:
    read_ledger(grid(HEAD, CASE.replace("2024-1", MOBILE, 1)), YEAR, FORMAT)
    with pytest.raises(InputError, match="居民身份证号码（110…2X）"):
        read_ledger(grid(HEAD, CASE.replace("2024-1", IDENTITY, 1)), YEAR, FORMAT)


@pytest.mark.parametrize(
    "lines",
    [
        ("渠道,类别,条数", f"网站,政策{IDENTITY},3"),
        ("渠道,类别,日期,标题", f"网站,政策,2024-03-05,答{MOBILE}"),
    ],
)
def test_so_it_is_in_the_other_tables(lines: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="这一列的内容会公开"):
        read_disclosures(grid(*lines), YEAR)
    with pytest.raises(InputError, match="第2行“说明”列") as caught:
        read_figures(grid("名称,数值,说明", f"培训次数,2,联系{MOBILE}"))
    # There is no column for names in this table.
    assert caught.value.problems[0].remedy == "请删去"
    # A sum of money may have eleven digits.
    assert read_figures(grid("名称,数值", f"投资额,{MOBILE}"))["投资额"].cell.number == int(MOBILE)


def test_a_cell_that_cannot_be_read_is_quoted_without_the_number() -> None:
    with pytest.raises(InputError) as caught:
        read_ledger(grid(HEAD, CASE.replace("自然人", f"示例 {IDENTITY}")), YEAR, FORMAT)
    assert IDENTITY not in str(caught.value)
    assert "110…2X" in str(caught.value)


PERSON = "钱十五娘"
HEADS = "登记号,收到日期,申请人类型,办理结果,答复日期,来源渠道"


def ledger(*rows: str) -> Grid:
    return grid(HEADS, *rows)


def test_a_person_is_quoted_to_the_bureau_alone_and_shortened() -> None:
    long = PERSON * 20
    with pytest.raises(InputError) as caught:
        read_ledger(
            ledger(
                f"1,2024-03-04,{PERSON},予以公开,2024-03-15,网络",
                f"2,2024-03-04,自然人,{long},2024-03-15,网络",
                f"3,{PERSON},自然人,予以公开,2024-03-15,网络",
            ),
            YEAR, FORMAT,
        )  # fmt: skip
    assert len(caught.value.problems) == 3
    for problem in caught.value.problems:
        assert PERSON in str(problem)
        assert long not in str(problem)
        assert PERSON not in str(problem.for_others())
        assert str(problem.for_others()).startswith("a.csv 第")


def test_a_channel_that_is_none_is_not_published() -> None:
    readings: list[Reading] = []
    found = read_ledger(
        ledger(
            f"1,2024-03-04,自然人,予以公开,2024-03-15,{PERSON}",
            "2,2024-03-04,自然人,予以公开,2024-03-15,政府网站（在线）",
            f"3-{PERSON},2023-03-04,自然人,予以公开,2023-03-15,{PERSON}",
        ),
        YEAR, FORMAT, readings,
    )  # fmt: skip
    assert set(found.counts["channel"]) == {OTHER_CHANNELS, "政府网站（在线）"}
    assert [(r.kind, r.place.row) for r in readings] == [
        ("outside", 4), ("unlisted", 2), ("unlisted", 4),
    ]  # fmt: skip
    assert found.cases is not None
    assert PERSON not in f"{readings}{found.cases.to_csv()}{found.counts.to_csv()}"
