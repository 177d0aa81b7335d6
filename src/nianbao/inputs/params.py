"""The agency and the parameters of one report: one schema for checks, help and docs.

The files are params/<agency>/agency.yaml and params/<agency>/<year>.yaml. Codes, postcodes,
telephone numbers and dates are text and stay as written.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

from nianbao.errors import InputError, Place, Problem, raise_problems
from nianbao.files.sources import Source, read_source
from nianbao.files.words import (
    MAX_LINE,
    MAX_PROBLEMS,
    ask_for,
    listing,
    normalise_characters,
    normalise_word,
    unfit,
)
from nianbao.files.yaml_file import MAX_YAML_BYTES, Entry, read_mapping
from nianbao.inputs.project import (
    CODE_RULE,
    FIRST_YEAR,
    LAST_YEAR,
    is_agency_code,
    own_name,
    own_short_name,
    params_file,
    require_report,
)
from nianbao.inputs.values import Reading, parse_date

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "department": "政府部门",
        "township": "乡镇政府、街道办事处",
        "government": "县级以上人民政府",
        "other": "其他机关、组织",
    }
)
"""Kinds of agency and what they mean."""

# 政府 and 人民政府 alone may be a county's or a township's, and are asked about.
_ALSO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "department": (
            *("部门", "工作部门", "政府工作部门", "人民政府部门", "人民政府工作部门"),
            *("县政府部门", "县级政府部门", "县级人民政府部门", "县级以上人民政府部门"),
            *("市政府部门", "市级政府部门", "区政府部门", "县直部门", "市直部门", "区直部门"),
        ),
        "township": (
            *("乡镇", "街道", "乡镇（街道）", "乡镇政府", "乡镇人民政府"),
            *("街道办事处", "镇政府", "镇人民政府", "乡政府", "乡人民政府", "街道办"),
        ),
        "government": (
            *("县级人民政府", "县级政府", "县级以上政府", "县人民政府", "县政府", "市人民政府"),
            *("市政府", "区人民政府", "区政府", "市级人民政府", "市级政府"),
        ),
        "other": ("其他", "其他机关", "其他组织", "其他单位"),
    }
)
ALLOWED = "、".join(f"{kind}（{name}）" for kind, name in KINDS.items())
"""The kinds as a message lists them."""


def kind_of(text: object) -> object:
    """Return the kind that a text means; a text that may mean several comes back as it is.

    Examples
    --------
    >>> kind_of("县级人民政府部门"), kind_of("Department"), kind_of("政府")
    ('department', 'department', '政府')
    """
    return _meant().get(normalise_word(text).casefold(), text) if isinstance(text, str) else text


@cache
def _meant() -> Mapping[str, str]:
    """Return the kind by each of its words, without punctuation."""
    return {
        normalise_word(word).casefold(): kind
        for kind, name in KINDS.items()
        for word in (kind, name, *_ALSO[kind])
    }


_NOT_TEXT = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Control and format signs, ends of line and paragraph."""


def _one_line(text: str) -> str:
    if not text.isprintable() and any(category(letter) in _NOT_TEXT for letter in text):
        raise ValueError("一行文字，没有换行和控制符")
    if wrong := unfit(text, MAX_LINE):
        raise ValueError(f"可以印出的一行文字；这里{wrong}")
    return normalise_characters(text)


def _agency_code(code: str) -> str:
    if not is_agency_code(code):
        raise ValueError(CODE_RULE)
    return code


def _iso_date(text: str) -> str:
    day = None if text.isdigit() and len(text) != 8 else parse_date(text)
    if day is None or any(mark in text for mark in "T:："):
        raise ValueError("实际存在的日期，如2025-01-20、2025/1/20、2025年1月20日")
    return day.isoformat()


def _month_day(text: str) -> str:
    # Any leap year will do, so that 02-29 is a day.
    written = (f"2024{mark}{text}" for mark in "-/.年")
    day = next(filter(None, map(parse_date, written)), None)
    if day is None or any(mark in text for mark in "T:："):
        raise ValueError("实际存在的月和日，如01-31、1月31日")
    return day.strftime("%m-%d")


Text = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1),
    AfterValidator(_one_line),
]
"""One line of text, never made from a number."""

_WIDE = str.maketrans(
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
    "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ－＠．／＿",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-@./_",
)


def half_width(text: str) -> str:
    """Write letters and digits half-width, as an address and a number are printed.

    Examples
    --------
    >>> half_width("０５３３－３２４１２３４"), half_width("健康路７号（东侧）")
    ('0533-3241234', '健康路7号（东侧）')
    """
    return text.translate(_WIDE)


Name = Annotated[Text, AfterValidator(own_name)]
ShortName = Annotated[Text, AfterValidator(own_short_name)]
Contact = Annotated[Text, AfterValidator(half_width)]
Code = Annotated[Text, AfterValidator(_agency_code)]
IsoDate = Annotated[Text, AfterValidator(_iso_date)]
MonthDay = Annotated[Text, AfterValidator(_month_day)]


def _field(default: Any, title: str, description: str, unit: str, **rules: Any) -> Any:
    """Return a field with what messages and docs/parameters.md say of it."""
    return Field(
        default,
        title=title,
        description=description,
        json_schema_extra={"unit": unit},
        **rules,
    )


CONTACTS: Mapping[str, str] = MappingProxyType(
    {
        "address": "地址",
        "postcode": "邮政编码",
        "phone": "电话",
        "email": "电子邮箱",
        "website": "网址",
    }
)
"""Fields of the agency that are printed half-width, and what the prose calls them."""


class Agency(BaseModel):
    """An administrative body as its reports name it (params/<agency>/agency.yaml).

    Only ``name`` and ``kind`` are compulsory in the file; ``code`` is the folder's name.
    What else is missing is missing from the preface, and a finding says so.

    Examples
    --------
    >>> Agency(code="shili-sfj", name="示例县司法局", kind="department").postcode is None
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code = _field(..., "机关代码", "即文件夹名，可以不写；写了须与文件夹名一致", "代码")
    name: Name = _field(..., "机关全称", "标题、前言和落款所用的法定全称", "文字")
    kind: Annotated[
        Literal["department", "township", "government", "other"], BeforeValidator(kind_of)
    ] = _field(..., "机关类别", "；".join(f"{k} {v}" for k, v in KINDS.items()), "四选一")
    short_name: ShortName | None = _field(None, "机关简称", "正文中再次提到本机关时所用", "文字")
    parent: Code | None = _field(None, "上级机关代码", "汇总到哪个政府的报告", "代码")
    address: Contact | None = _field(None, "地址", "前言中的联系地址", "文字")
    postcode: Contact | None = _field(None, "邮政编码", "前言中的邮编，前导0照写", "6位数字")
    phone: Contact | None = _field(None, "电话", "前言中的联系电话，含区号", "电话号码")
    email: Contact | None = _field(None, "电子邮箱", "前言中的电子邮箱", "邮箱地址")
    website: Contact | None = _field(None, "网址", "报告电子版的查阅、下载网址", "网址")
    can_make_rules: StrictBool = _field(
        False, "有规章制定权", "没有的，规章各格应为0", "true或false"
    )
    enforcement: StrictBool | None = _field(
        None, "有行政执法职能", "许可、处罚、强制应不应有数；不写则不核对", "true或false"
    )
    deadline: MonthDay | None = _field(
        None, "公布期限", "次年的月和日，如01-20；当地规定早于法定期限的在此写明", "月-日"
    )
    until: StrictInt | None = _field(
        None, "最后报告年度", "机构撤并后不再报送的，写最后一个报告年度", "年",
        ge=FIRST_YEAR, le=LAST_YEAR,
    )  # fmt: skip
    notice: Text | None = _field(
        None,
        "执行的通知",
        "上级编报通知的名称；不写则按上级机关的",
        "名称",
    )
    aliases: tuple[ShortName, ...] = _field(
        (), "其他名称", "正文中也算本机关的名称", "文字，可多个"
    )


class ReportParams(BaseModel):
    """Parameters of one report (params/<agency>/<year>.yaml); the notebook's parameters.

    A switch that is None is off: a notebook's parameter may be left None.

    Examples
    --------
    >>> ReportParams(agency="shili-sfj", year=2024, report_date="2025-01-20").draft is None
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: Code = _field(..., "机关代码", "params/下的文件夹名", "代码")
    year: StrictInt = _field(
        ..., "报告年度", "统计期限所在的年份，不是公布的年份", "年", ge=FIRST_YEAR, le=LAST_YEAR
    )
    report_date: IsoDate | None = _field(None, "成文日期", "落款所写的日期；有落款才印", "年-月-日")
    signature: StrictBool | None = _field(
        None, "落款", "文末是否写机关名称和成文日期；不写为否", "true或false"
    )
    sources: StrictBool | None = _field(
        None, "数据来源", "文末是否附“数据来源”：逐项列出数字、写法和出处；不写为否", "true或false"
    )
    draft: StrictBool | None = _field(
        None, "草稿", "数据不全也出稿，稿上注明草稿；不写为否", "true或false"
    )
    allow_missing: StrictBool | None = _field(
        None,
        "允许缺报",
        "政府汇总时，有单位未报送也出报告，报告中写明未包括的单位；不写为否",
        "true或false",
    )


Model = TypeVar("Model", Agency, ReportParams)


def make_params(values: Mapping[str, object]) -> ReportParams:
    """Return the parameters given by hand, as a notebook's cell does, checked like a file's.

    Raises
    ------
    InputError
        With one problem for each parameter that is unknown, missing or wrong.

    Examples
    --------
    >>> make_params({"agency": "shili-sfj", "year": 2024}).year
    2024
    """
    read = {key: _plain(ReportParams, key, value) for key, value in values.items()}
    return _validate(ReportParams, read, {}, None)


def read_params(root: Path, code: str, year: int) -> ReportParams:
    """Read params/<code>/<year>.yaml.

    Raises
    ------
    UsageError
        There is no such agency or year; those that exist are named.
    InputError
        With every problem of the file and its line.
    """
    require_report(root, code, year)
    return parse_params(read_source(root, params_file(code, year), MAX_YAML_BYTES), code, year)


@lru_cache(maxsize=512)  # every report looks at all cards of its county
def parse_agency(source: Source, code: str) -> Agency:
    """Read the agency that a file describes; see `nianbao.inputs.agency_profile.read_agency`."""
    return _parse(Agency, source, {"code": code}, given={"code": code})


@lru_cache(maxsize=512)
def _mapping(source: Source) -> tuple[tuple[tuple[str, Entry], ...], tuple[Problem, ...]]:
    entries, problems = read_mapping(source.text(), source.file)
    return tuple(entries), tuple(problems)


def wide_contacts(source: Source) -> tuple[Reading, ...]:
    """Report the contacts of an agency's file that are written full-width, printed half-width."""
    entries, _ = _mapping(source)
    texts = ((key, entry.value, entry.line) for key, entry in entries)
    return tuple(
        Reading("width", Place(source.file, line=line), text, half_width(text))
        for key, text, line in texts
        if key in CONTACTS and isinstance(text, str) and half_width(text) != text
    )


def parse_params(source: Source, code: str, year: int) -> ReportParams:
    """Return the parameters in a file that has been read; see `read_params`."""
    return _parse(ReportParams, source, {"agency": code, "year": year}, given={})


def _parse(
    model: type[Model],
    source: Source,
    path: Mapping[str, str | int],
    given: Mapping[str, object],
) -> Model:
    """Check a parameter file.

    ``path`` is what the file's path says and the file may not deny; ``given`` is what the
    file may leave out for that reason.
    """
    values: dict[str, object] = dict(given)
    lines: dict[str, int] = {}
    entries, found = _mapping(source)
    problems = list(found)
    for key, entry in entries:
        place = Place(source.file, line=entry.line)
        if key in lines:
            remedy = f"第{lines[key]}行已经写过，请只留一处"
            problems.append(Problem("键重复", place, key, remedy=remedy))
            continue
        lines[key] = entry.line
        if entry.value is not None or key not in model.model_fields:
            values[key] = _plain(model, key, entry.value, quoted=entry.quoted)
        if key in path and type(values.get(key)) is type(path[key]) and values[key] != path[key]:
            message = f"“{key}”与文件所在位置不符"
            problems.append(Problem(message, place, str(values[key]), str(path[key])))
    try:
        made = _validate(model, values, lines, source.file)
    except InputError as error:
        # A value already refused as written has its line reported once.
        reported = {_line(problem) for problem in problems} - {0}
        problems.extend(p for p in error.problems if _line(p) not in reported)
    raise_problems(InputError, sorted(problems, key=_line))
    return made


def _line(problem: Problem) -> int:
    return (problem.place.line if problem.place else None) or 0


def _plain(model: type[Model], key: str, text: object, *, quoted: bool = False) -> object:
    """Return the entry as its field wants it; what does not fit is left to the schema to refuse."""
    kinds = field_kinds(model, key)
    if isinstance(text, str) and bool in kinds and not quoted:
        return {"true": True, "false": False, "是": True, "否": False}.get(text.lower(), text)
    if isinstance(text, str) and int in kinds:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    return text


@cache
def field_kinds(model: type[BaseModel], key: str) -> frozenset[object]:
    """Return the plain types that a field takes: ``StrictBool | None`` takes bool and None.

    There are none of a field that the model does not have.
    """
    return _kinds(model.model_fields[key].annotation) if key in model.model_fields else frozenset()


def _kinds(annotation: object) -> frozenset[object]:
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return frozenset().union(*map(_kinds, get_args(annotation)))
    return frozenset({get_origin(annotation) or annotation})


def _validate(
    model: type[Model], values: Mapping[str, object], lines: Mapping[str, int], file: str | None
) -> Model:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise InputError(
            *(_problem(model, each, lines, file) for each in error.errors()[:MAX_PROBLEMS])
        ) from None


def _problem(
    model: type[Model], detail: ErrorDetails, lines: Mapping[str, int], file: str | None
) -> Problem:
    """Return what the schema found wrong, in the clerk's words."""
    key = str(detail["loc"][0])
    place = Place(file, line=lines.get(key)) if file else None
    fields = model.model_fields
    if detail["type"] == "extra_forbidden":
        return Problem("没有这个参数", place, key, f"{listing(fields)}之一", ask_for(key, fields))
    name = f"“{key}”（{fields[key].title}）"
    if detail["type"] == "missing":
        return Problem(
            f"缺少{name}", place, remedy=f"请加一行“{key}: …”，{fields[key].description}"
        )
    cause = detail.get("ctx", {}).get("error")
    expected = str(cause) if cause else _expected(key, field_kinds(model, key))
    found = detail["input"]
    written = listing(found) if isinstance(found, tuple) else str(found)
    return Problem(f"{name}不合要求", place, written, expected)


def _expected(key: str, kinds: frozenset[object]) -> str:
    if key == "kind":
        return f"{ALLOWED}之一"
    if int in kinds:
        return f"{FIRST_YEAR}至{LAST_YEAR}之间的四位年份"
    if bool in kinds:
        return "true或false，不加引号"
    return "一列文字，每行以“- ”开头" if tuple in kinds else "一行文字，不能为空"
