"""Agencies and report parameters."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from tests.inputs.builders import CODE, YEAR, write_project

from nianbao.errors import InputError, UsageError
from nianbao.files.sources import Source
from nianbao.files.words import normalise_characters, normalise_word
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.params import (
    _ALSO,
    KINDS,
    Agency,
    ReportParams,
    make_params,
    parse_agency,
    read_params,
)

AGENCY_FILE = f"params/{CODE}/agency.yaml"
PARAMS_FILE = f"params/{CODE}/{YEAR}.yaml"

FULL = """\
code: shili-ju
name: 示例县示例局
kind: department
short_name: 县示例局
parent: shili-xian
address: 示例县示例路1号
postcode: 012345
phone: 0000—00000000
email: a@example.invalid
website: https://www.example.invalid/
can_make_rules: false
enforcement: true
deadline: 01-26
aliases:
  - 县局
  - 007
"""


def test_everything_an_agency_may_tell(tmp_path: Path) -> None:
    agency = read_agency(write_project(tmp_path, {AGENCY_FILE: FULL}), CODE)
    assert agency == Agency(
        code="shili-ju",
        name="示例县示例局",
        kind="department",
        short_name="县示例局",
        parent="shili-xian",
        address="示例县示例路1号",
        postcode="012345",
        phone="0000—00000000",
        email="a@example.invalid",
        website="https://www.example.invalid/",
        enforcement=True,
        deadline="01-26",
        aliases=("县局", "007"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_parameter_file_in_any_of_the_usual_encodings(encoding: str) -> None:
    assert parse_agency(Source("a.yaml", FULL.encode(encoding)), CODE).name == "示例县示例局"


def test_the_least_an_agency_tells(tmp_path: Path) -> None:
    agency = read_agency(write_project(tmp_path, {}), CODE)
    assert (agency.code, agency.name, agency.kind) == (CODE, "示例县示例局", "department")
    assert agency.postcode is None
    assert agency.aliases == ()


def test_a_code_may_begin_with_zeros(tmp_path: Path) -> None:
    files = {
        "params/007/agency.yaml": "code: 007\nname: 示例局\nkind: other\n",
        "params/007/2024.yaml": "agency: 007\nyear: 2024\n",
    }
    root = write_project(tmp_path, files)
    assert read_agency(root, "007").code == "007"
    assert read_params(root, "007", 2024).agency == "007"


@pytest.mark.parametrize("value", [None, True, False])
def test_a_switch_may_be_left_to_its_default(value: bool | None) -> None:
    params = ReportParams(agency=CODE, year=YEAR, signature=value, sources=value, draft=value)
    assert bool(params.draft) is bool(value)


def test_report_parameters(tmp_path: Path) -> None:
    text = "agency: shili-ju\nyear: 2024\nreport_date: 2025-01-20\nsignature: true\ndraft:\n"
    params = read_params(write_project(tmp_path, {PARAMS_FILE: text}), CODE, YEAR)
    assert params == make_params(
        {"agency": CODE, "year": YEAR, "report_date": "2025-01-20", "signature": True}
    )


@pytest.mark.parametrize("code", ["", "A", "-a", "a b", "a/b", "..", "con", "lpt9", "a" * 65, "局"])
def test_codes_that_are_no_folder_names_are_refused(code: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="机关代码不合规则"):
        read_agency(write_project(tmp_path, {}), code)
    with pytest.raises(InputError, match="机关代码"):
        make_params({"agency": code, "year": YEAR})


@pytest.mark.parametrize("code", ["a", "0", "yiyuan-sfj", "a_b-1", "console", "com10", "a" * 64])
def test_codes_that_are_folder_names_are_taken(code: str) -> None:
    assert make_params({"agency": code, "year": YEAR}).agency == code


@pytest.mark.parametrize("year", [2019, 2100])
def test_years_of_the_regulation_are_taken(year: int) -> None:
    assert make_params({"agency": CODE, "year": year}).year == year


def test_a_quoted_year_and_switch_are_read_as_in_a_file() -> None:
    """So papermill's ``-r`` and a quoted parameter file give them."""
    given = {"agency": CODE, "year": "2024", "draft": "true"}
    assert make_params(given) == make_params({"agency": CODE, "year": 2024, "draft": True})


@pytest.mark.parametrize("year", [2018, 2101, "二〇二四", 2024.0, True, None])
def test_other_years_are_refused(year: object) -> None:
    with pytest.raises(InputError, match=r"“year”（报告年度）不合要求.*2019至2100之间的四位年份"):
        make_params({"agency": CODE, "year": year})


def test_parameters_given_by_hand_are_reported_like_those_of_a_file() -> None:
    with pytest.raises(InputError) as raised:
        make_params({"yaer": 2024, "agency": CODE, "draft": "yes", "report_date": 20250120})
    assert str(raised.value).splitlines() == [
        "缺少“year”（报告年度）。请加一行“year: …”，统计期限所在的年份，不是公布的年份",
        "“report_date”（成文日期）不合要求：“20250120”，应为一行文字，不能为空",
        "“draft”（草稿）不合要求：“yes”，应为true或false，不加引号",
        "没有这个参数：“yaer”，应为agency、year、report_date、signature、sources、draft、allow_missing之一。"
        "是否应为“year”",
    ]


@pytest.mark.parametrize(
    ("agency", "year", "reported"),
    [
        (
            "shili-jv",
            2024,
            "params/shili-jv/agency.yaml：没有这个机关：“shili-jv”，应为shili-ju之一。"
            "最接近的是“shili-ju”",
        ),
        (
            "shili-ju",
            2020,
            "params/shili-ju/2020.yaml：没有这个年度的参数文件：“2020”，应为2024之一。"
            "最接近的是2024年",
        ),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(
    agency: str, year: int, reported: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as raised:
        read_params(write_project(tmp_path, {}), agency, year)
    assert str(raised.value) == reported


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    root = write_project(tmp_path, {AGENCY_FILE: FULL + "#" * 1_000_001})
    with pytest.raises(InputError, match="文件太大，应为不超过1 MB的文件"):
        read_agency(root, CODE)


def test_models_are_frozen_and_survive_pickling() -> None:
    params = make_params({"agency": CODE, "year": YEAR})
    assert pickle.loads(pickle.dumps(params)) == params
    with pytest.raises(ValidationError):
        params.year = 2025


lines = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1).filter(str.strip)


@given(lines)
def test_any_line_of_text_is_kept_as_written(text: str) -> None:
    quoted = text.replace("'", "''")
    card = f"name: 示例县示例局\nkind: other\nnotice: '{quoted}'\n"
    agency = parse_agency(Source("a.yaml", card.encode()), CODE)
    assert agency.notice == normalise_characters(text.strip())


@pytest.mark.parametrize("model", [Agency, ReportParams])
def test_every_field_has_title_meaning_and_unit(model: type[BaseModel]) -> None:
    for key, field in model.model_fields.items():
        assert field.title, key
        assert field.description, key
        assert isinstance(field.json_schema_extra, dict), key
        assert field.json_schema_extra["unit"], key


@pytest.mark.parametrize(
    "written",
    [
        "2025-01-20",
        "2025-1-20",
        "2025/1/20",
        "2025.1.20",
        "2025年1月20日",
        "２０２５年1月20日",
        "20250120",
    ],
)
def test_a_day_may_be_written_as_clerks_do(written: str) -> None:
    params = make_params({"agency": CODE, "year": YEAR, "report_date": written})
    assert params.report_date == "2025-01-20"


@pytest.mark.parametrize("written", ["45677", "2025-01", "1月20日", "2025-01-20 08:30", "25-1-20"])
def test_a_day_that_is_not_whole_or_not_alone_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="如2025-01-20、2025/1/20、2025年1月20日"):
        make_params({"agency": CODE, "year": YEAR, "report_date": written})


@pytest.mark.parametrize("written", ["01-31", "1-31", "1/31", "1月31日"])
def test_a_deadline_may_be_written_as_clerks_do(written: str) -> None:
    text = f"name: 示例局\nkind: other\ndeadline: {written}\n"
    assert parse_agency(Source("a.yaml", text.encode()), CODE).deadline == "01-31"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("department", "department"),
        ("政府部门", "department"),
        ("县级人民政府部门", "department"),
        ("乡镇政府、街道办事处", "township"),
        ("街道办事处", "township"),
        ("县级以上人民政府", "government"),
        ("县人民政府", "government"),
        ("其他机关、组织", "other"),
    ],
)
def test_the_kind_may_be_written_in_chinese(written: str, kind: str) -> None:
    text = f"name: 示例局\nkind: {written}\n"
    assert parse_agency(Source("a.yaml", text.encode()), CODE).kind == kind


@pytest.mark.parametrize("written", ["政府", "人民政府", "局", "单位"])
def test_a_kind_that_may_be_several_is_answered_with_all(written: str) -> None:
    text = f"name: 示例局\nkind: {written}\n"
    with pytest.raises(InputError, match="department（政府部门）、township（乡镇政府"):
        parse_agency(Source("a.yaml", text.encode()), CODE)


def test_no_word_means_two_kinds() -> None:
    words = [normalise_word(word) for kind in KINDS for word in (*_ALSO[kind], KINDS[kind])]
    assert len(words) == len(set(words))


def test_a_switch_may_be_written_in_chinese() -> None:
    text = "name: 示例局\nkind: other\ncan_make_rules: 是\nenforcement: 否\n"
    agency = parse_agency(Source("a.yaml", text.encode()), CODE)
    assert (agency.can_make_rules, agency.enforcement) == (True, False)
