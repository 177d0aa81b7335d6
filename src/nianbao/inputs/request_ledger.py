"""The ledger of requests: one row a case, or one row a number of cases, counted alike.

A case is counted relative to the year of the report: in by the day it was received, out by
the day it was answered. So one running ledger serves every year.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from itertools import compress
from types import MappingProxyType

import numpy as np
import pandas as pd

from nianbao.errors import Problem
from nianbao.files.grids import Grid
from nianbao.files.words import listing, normalise_word
from nianbao.inputs.counted import one_name, report_omitted, take_sums
from nianbao.inputs.heads import NUMBER, Column, Form
from nianbao.inputs.labels import (
    APPLICANTS,
    EVERY_WORD,
    OUTCOMES,
    Labels,
    plain_labels,
    request_labels,
    spoken,
    unknown_cells,
)
from nianbao.inputs.personal import OTHER_CHANNELS, is_request_channel, registry_number
from nianbao.inputs.records import Records, read_records, refuse
from nianbao.inputs.request_timeline import (
    BLANK,
    COUNT_HEADS,
    DAY_HEADS,
    FAR,
    LIFE_COLUMNS,
    UNREADABLE,
    day_reader,
    life_problems,
    read_life,
    years_near,
)
from nianbao.inputs.values import DATE_EXPECTED, Reading, misread, read_count, read_day
from nianbao.statutory import Format

NEW_KEY, CARRIED_IN_KEY, CARRIED_OUT_KEY = "new", "carried_in", "carried_out"

CHANNEL = "来源渠道"
"""Column that tells how a request came in; kept for the prose."""

_CHANNEL_ALIASES = ("渠道", "接收渠道", "申请渠道")
_CASE_HEADS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "收到日期": ("收到时间", "接收日期", "收件日期", "收到申请日期"),
        "申请人类型": ("申请人类别",),
        "办理结果": ("处理结果", "答复结果"),
        "答复日期": ("答复时间",),
    }
)
CASE_FORM = Form(
    (
        Column(NUMBER, aliases=("登记编号", "申请编号", "受理编号"), use="words"),
        *(Column(name, aliases=also, fills=True) for name, also in _CASE_HEADS.items()),
        Column(CHANNEL, False, (*_CHANNEL_ALIASES, "来源"), "words", fills=True),
        *LIFE_COLUMNS,
    ),
    personal=True,
)
GROUP_FORM = Form(
    (
        *(Column(n, fills=n != "件数") for n in ("来源", "申请人类型", "办理结果", "件数")),
        Column(CHANNEL, False, _CHANNEL_ALIASES, "words", fills=True),
        Column("说明", required=False, use="words"),
    ),
    personal=True,
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
_OUTCOME = f"表三的办理结果名称（{EVERY_WORD}）"
_PENDING = ("未办结", "未答复", "尚未答复", "办理中", "正在办理", "在办")
_PENDING_HINT = "尚未答复的，办理结果和答复日期都空着"
_ASKED_ABOUT: Mapping[tuple[str, ...], tuple[str, str]] = MappingProxyType(
    {
        ("不属于政府信息", "非政府信息", "不是政府信息", "不属政府信息", "咨询"): (
            "other_3",
            "不属于政府信息公开申请的没有单列的一行，请核对后写明，如“{}”",
        ),
        ("已主动公开", "主动公开", "告知获取途径", "告知查询途径", "告知获取方式和途径"): (
            "open",
            "已经主动公开、告知了获取途径的，请核对后写“{}”",
        ),
        ("非本机关职责", "不属于本机关", "非本机关", "告知向其他机关申请", "不属于本机关职责"): (
            "unavail_1",
            "不由本机关负责公开的，请核对后写“{}”",
        ),
        ("已答复", "已办结", "办结", "已回复"): ("open", "请写明答复的结果，如“{}”"),
    }
)
"""Words that may mean several things: the row that is likeliest, and what to do."""
_WITHDRAWN = ("撤回", "撤回申请", "申请人撤回", "申请人撤回申请", "主动撤回", "主动撤回申请")


@dataclass(frozen=True)
class Ledger:
    """A ledger of requests as read."""

    counts: pd.DataFrame
    """See `read_requests`."""
    cases: pd.DataFrame | None
    """One row a request of this report, see `Inputs.cases`; None for a ledger of numbers."""
    columns: frozenset[str]
    """Heads of the columns that the ledger has, those that are private left out."""


def read_requests(grid: Grid, year: int, format_: Format) -> pd.DataFrame:
    """Count a ledger of requests.

    Its columns are 登记号, 收到日期, 申请人类型, 办理结果, 答复日期, one row a case; or 来源,
    申请人类型, 办理结果, 件数, one row a number of cases.

    Returns
    -------
    DataFrame
        ``source``, ``applicant``, ``outcome``, ``count`` as in `Inputs.requests`, and
        ``channel`` when the ledger tells it; one row for each combination, in the order of
        table 3. No rows when the ledger holds none that belong to this year.

    Raises
    ------
    InputError
        With a problem for each cell that cannot be read or contradicts another.

    Notes
    -----
    A case received before the year and not answered before it is carried in; received in the
    year it is new; answered in the year it has its outcome, else it is carried out. Received
    after the year or answered before it, it is not in this report.
    Source: specification 1.4 (新收, 结转).
    """
    return read_ledger(grid, year, format_).counts


def read_ledger(
    grid: Grid, year: int, format_: Format, readings: list[Reading] | None = None
) -> Ledger:
    """Count a ledger of requests, and keep its cases; see `read_requests`.

    ``readings`` takes what was read otherwise than it stands there or was not counted: every row
    of the ledger is counted or reported.
    """
    records = read_records(grid, CASE_FORM, GROUP_FORM)
    reported = list(records.readings)
    if records.header.form is CASE_FORM:
        ledger = _read_cases(records, year, format_, reported)
    else:
        ledger = _count_groups(records, format_, reported)
    if readings is not None:
        readings += (_without_words(each) for each in reported)
    return ledger


def _without_words(reading: Reading) -> Reading:
    """Return a reading as it may be published.

    A ledger's words may be a person's, its numbers not.
    """
    if reading.kind == "merged":
        return replace(reading, read="上一格的内容")
    if reading.kind in ("hidden", "struck", "outside", "slip"):
        return replace(reading, written=registry_number(reading.written))
    return reading


def _channels(records: Records, reported: list[Reading]) -> list[str]:
    """Return the channel of each record; a word that may be a person's name is 其他渠道."""
    names = one_name(records, CHANNEL, reported)
    for i, name in enumerate(names):
        if name and not is_request_channel(name):
            reported.append(Reading("unlisted", records.place(i, CHANNEL), "", OTHER_CHANNELS))
            names[i] = OTHER_CHANNELS
    return names


def _read_cases(records: Records, year: int, format_: Format, reported: list[Reading]) -> Ledger:
    records, sums = take_sums(records, (NUMBER, "收到日期", "申请人类型"), ())
    applicants, outcomes = applicant_labels(format_), outcome_words(format_)
    read_date = day_reader(records, year)
    applicant = records.parsed("申请人类型", applicants.find)
    outcome = records.parsed("办理结果", outcomes.find)
    received = records.parsed("收到日期", read_date)
    answered = records.parsed("答复日期", read_date)
    days = (
        *_outcome_problems(records, outcome, received, answered, year),
        *life_problems(records, received, year),
        *_undated(records, outcome, answered),
    )
    refuse(
        records,
        (
            *unknown_cells(records, "申请人类型", applicants),
            *unknown_cells(records, "办理结果", outcomes, _OUTCOME, may_be_blank=True),
            *_repeated(records, NUMBER),
            *days,
        ),
    )
    start, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    alive = [
        day <= end and (not done or done >= start)
        for day, done in zip(received, answered, strict=True)
    ]
    reported += [*sums, *_days_reported(records, year)]
    reported += _left_out(records, received, answered, alive, year)
    words: dict[str, Sequence[str | None]] = {
        "source": [CARRIED_IN_KEY if day < start else NEW_KEY for day in received],
        "applicant": applicant,
        "outcome": [
            found if start <= done <= end else CARRIED_OUT_KEY
            for found, done in zip(outcome, answered, strict=True)
        ],
        "channel": _channels(records, reported),
    }
    every = read_life(records, received, answered, year, words)
    cases = every if all(alive) else every[np.array(alive, dtype=bool)].reset_index(drop=True)
    combined = compress(zip(*words.values(), strict=True), alive)
    counts = _summed(((*each, 1) for each in combined), CHANNEL in records, format_)
    return Ledger(counts, cases, frozenset(records.columns))


def _days_reported(records: Records, year: int) -> Iterator[Reading]:
    read = partial(read_day, year=year, since_1904=records.grid.since_1904)
    for head in ("收到日期", "答复日期", *DAY_HEADS):
        yield from records.reported(head, read)
    for head in COUNT_HEADS:
        yield from records.reported(head, read_count)


def _left_out(
    records: Records,
    received: Sequence[int],
    answered: Sequence[int],
    alive: Sequence[bool],
    year: int,
) -> Iterator[Reading]:
    """Yield the requests that are not of this report, each with the day that says so."""

    def why(i: int) -> tuple[str, str]:
        day, done = (date.fromordinal(days[i] or 1) for days in (received, answered))
        if day.year > year:
            return "收到日期", f"{day}收到"
        return "答复日期", f"{done}已答复"

    if all(alive):
        return
    own = re.compile(rf"(?<!\d){year}(?!\d)")
    numbers = records.columns[NUMBER]
    claimed = [i for i, inside in enumerate(alive) if not inside and own.search(numbers[i])]
    yield from report_omitted(records, alive, why, claimed)


def _count_groups(records: Records, format_: Format, reported: list[Reading]) -> Ledger:
    """Count what is given in numbers, which are of the year already."""
    records, sums = take_sums(records, ("来源", "申请人类型", "办理结果"), ("件数",))
    sources, applicants, outcomes = (
        source_labels(format_),
        applicant_labels(format_),
        outcome_words(format_),
    )
    counts = [found[0] if found else None for found in records.parsed("件数", read_count)]
    problems = [
        *unknown_cells(records, "来源", sources),
        *unknown_cells(records, "申请人类型", applicants),
        *unknown_cells(records, "办理结果", outcomes, _OUTCOME),
        *(
            records.problem(i, "件数", "件数不能识别", "不小于0的整数，没有就填0")
            for i, count in enumerate(counts)
            if count is None
        ),
    ]
    refuse(records, problems)
    reported += [*sums, *records.reported("件数", read_count)]
    combined = zip(
        records.parsed("来源", sources.find),
        records.parsed("申请人类型", applicants.find),
        records.parsed("办理结果", outcomes.find),
        _channels(records, reported),
        (count or 0 for count in counts),
        strict=True,
    )
    summed = _summed((each for each in combined if each[-1]), CHANNEL in records, format_)
    return Ledger(summed, None, frozenset(records.columns))


Counted = tuple[str | None, str | None, str | None, str, int]
"""Source, applicant, outcome and channel of some requests, and how many they are."""


def _summed(counted: Iterable[Counted], channel: bool, format_: Format) -> pd.DataFrame:
    """Return one row for each combination, in the order of table 3."""
    orders = {
        "source": [NEW_KEY, CARRIED_IN_KEY],
        "applicant": list(format_.applicants),
        "outcome": [row.key for row in format_.request_rows],
    }
    keys = [*orders, *(["channel"] if channel else [])]
    sums: Counter[tuple[str, ...]] = Counter()
    for each in counted:
        words = (each[0] or "", each[1] or "", each[2] or "", each[3])
        sums[words[: len(keys)]] += each[4]
    places = [{word: i for i, word in enumerate(order)} for order in orders.values()]

    def place(combination: tuple[str, ...]) -> tuple[object, ...]:
        found = (order[word] for order, word in zip(places, combination, strict=False))
        return (*found, *combination[len(places) :])

    ordered = sorted(sums, key=place)
    columns = {
        key: pd.array([combination[i] for combination in ordered], dtype="str")
        for i, key in enumerate(keys)
    }
    counts = np.array([sums[combination] for combination in ordered], dtype="int64")
    return pd.DataFrame({**columns, "count": counts})


def _outcome_problems(
    records: Records,
    outcome: Sequence[str | None],
    received: Sequence[int],
    answered: Sequence[int],
    year: int,
) -> Iterator[Problem]:
    """Yield the days that cannot be read or are in the wrong order, and answers without outcome."""
    for column, days in (("收到日期", received), ("答复日期", answered)):
        for i, day in enumerate(days) if min(days, default=0) < 0 else ():
            if day == UNREADABLE:
                message = misread(records.columns[column][i])
                yield records.problem(i, column, message, DATE_EXPECTED)
            elif day == FAR:
                yield records.problem(i, column, "日期离报告年度太远", years_near(year))
    written = records.columns["办理结果"]
    for i, (day, done, found) in enumerate(zip(received, answered, outcome, strict=True)):
        if day == BLANK:
            yield records.problem(i, "收到日期", "缺少收到日期", DATE_EXPECTED)
        if 0 < done < day:
            yield records.problem(i, "答复日期", "答复日期早于收到日期", "收到当日或以后的日期")
        if done != BLANK and not written[i]:
            yield records.problem(i, "办理结果", "有答复日期，没有办理结果", _OUTCOME)
        if done != BLANK and found == CARRIED_OUT_KEY:
            message = "有答复日期，办理结果却是结转"
            yield records.problem(i, "办理结果", message, _OUTCOME)


def _undated(
    records: Records, outcome: Sequence[str | None], answered: Sequence[int]
) -> Iterator[Problem]:
    for i, (found, done) in enumerate(zip(outcome, answered, strict=True)):
        if done == BLANK and found is not None and found != CARRIED_OUT_KEY:
            message = "有办理结果，没有答复日期"
            yield records.problem(i, "答复日期", message, DATE_EXPECTED, _PENDING_HINT)


def _repeated(records: Records, column: str) -> Iterator[Problem]:
    """Yield the cells that are blank, have lost digits or repeat an earlier one."""
    first: dict[str, int] = {}
    for i, text in enumerate(records.parsed(column, _same_number)):
        if not text:
            yield records.problem(i, column, f"缺少{column}", "每件一个不重复的登记号")
        elif _SCIENTIFIC.fullmatch(text):
            message = f"{column}太长，表格软件改成了科学记数，后几位已经丢失"
            remedy = "请把这一列的格式设为“文本”，再按原登记号重新填写"
            yield records.problem(i, column, message, remedy=remedy)
        elif text in first:
            remedy = f"与第{records.rows[first[text]]}行相同；同一件只登记一行"
            yield records.problem(i, column, f"{column}重复", "每件一个不重复的登记号", remedy)
        else:
            first[text] = i


def _same_number(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def source_labels(format_: Format) -> Labels:
    """Return where a number of requests comes from: new or carried in."""
    words = {
        "本年新收": NEW_KEY,
        "新收": NEW_KEY,
        "上年结转": CARRIED_IN_KEY,
        "结转": CARRIED_IN_KEY,
    }
    rows = request_labels(format_, {NEW_KEY, CARRIED_IN_KEY}).keys
    keys = {**rows, **{normalise_word(word): key for word, key in words.items()}}
    return Labels(keys, {NEW_KEY: "本年新收", CARRIED_IN_KEY: "上年结转"}, {})


@cache
def applicant_labels(format_: Format) -> Labels:
    """Return the six kinds of applicants."""
    head = format_.request_heads[1]
    words = {head + o: o for o in format_.organisations}
    words |= {short + o: o for short in head.split("或") for o in format_.organisations}
    labels = plain_labels(format_.applicants, words).also(spoken(APPLICANTS))
    which = f"“{{}}”要写明是哪一类：{listing(f'“{o}”' for o in format_.organisations)}"
    unclear = {normalise_word(word): which.format(word) for word in (head, *head.split("或"))}
    return replace(labels, unclear=unclear)


@cache
def outcome_words(format_: Format) -> Labels:
    """Return what may stand in the column 办理结果."""
    labels = request_labels(format_, {r.key for r in format_.outcome_rows} | {CARRIED_OUT_KEY})
    unclear = dict.fromkeys(map(normalise_word, _PENDING), _PENDING_HINT)
    if last := labels.official.get("other_3"):
        hint = f"撤回的申请没有单列的一行，请核对后写明，如“{last}”"
        unclear |= dict.fromkeys(map(normalise_word, _WITHDRAWN), hint)
    for words, (key, remedy) in _ASKED_ABOUT.items():
        if label := labels.official.get(key):
            unclear |= dict.fromkeys(map(normalise_word, words), remedy.format(label))
    return replace(labels, unclear={**labels.unclear, **unclear}).also(spoken(OUTCOMES))
