"""Rewrite what people at a terminal are told for those who sit at the desk's pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nianbao.edits.pulled import Pulled, PulledSection, number_line
from nianbao.errors import Problem, group_problems
from nianbao.inputs.project import data_folder, may_be_workbook
from nianbao.statutory import Format, format_for

PREFACE = "前言（标题之下、第一部分之前）"
_FOR_CLERKS = (
    (
        re.compile(
            r"；已重新生成的，改过的文件留存在 .*$|，?或用命令 nianbao import [^；，。]*"
            r"|（(?:参数文件中写 )?[a-z_]+(?:: true)?(?:，或用 --[a-z-]+)?）"
        ),
        "",
    ),
    (
        re.compile(r"全部名称见 nianbao facts|可用名称见 nianbao facts"),
        "名称在“写正文”一步的“找数据”里点选",
    ),
    (re.compile(r"(?:机关的 |其 | )?agency\.yaml "), "“单位信息”页"),
    (re.compile(r"（首处见.*?[列行]）|位置：[^。]*[列行]。$"), ""),
)
"""What people at a terminal need to know, and those at the desk are shown otherwise: where a file
lies that they were given to download, a command for what they hand in, the name in a file of what
a page calls in Chinese, a list of names that they pick from, the file behind a page of the desk,
the place of a finding that stands below it anyway. Any other message fits both where it is made."""


def for_clerks(message: str) -> str:
    """Return a message without the names of files and codes that the desk does for its clerks.

    Examples
    --------
    >>> for_clerks("没有这个名称，全部名称见 nianbao facts")
    '没有这个名称，名称在“写正文”一步的“找数据”里点选'
    """
    for written, said in _FOR_CLERKS:
        message = written.sub(said, message)
    return message


def by_heading(message: str, headings: Mapping[str, str]) -> str:
    """Return a message in which sections are called by their headings, not by their ids.

    Examples
    --------
    >>> by_heading("overview.requests：没有这个数", {"overview.requests": "（二）依申请公开"})
    '“（二）依申请公开”：没有这个数'
    """
    for key in sorted(headings, key=len, reverse=True):
        written = f"(?<!工作表)“{re.escape(key)}”"  # a sheet is called as it is called there
        if "." in key:  # any other is a word of English too
            written += rf"|(?<![A-Za-z\d_./]){re.escape(key)}(?![A-Za-z\d_.])"
        message = re.sub(written, f"“{headings[key]}”", message)
    return message


def headings_of(format_: Format) -> dict[str, str]:
    """Return what the sections of a report are called at the desk, by id."""
    return format_.texts() | {"preface": PREFACE}


def tell(problems: Iterable[Problem], agency: str, year: int, *, to_clerk: bool) -> tuple[str, ...]:
    """Return problems in words, those of one kind together, by the names of files and headings.

    Free words of a request ledger are quoted to the clerk of the bureau alone whose ledger it is.
    """
    own = (f"data/{agency}/", f"params/{agency}/")
    said = group_problems(
        p if to_clerk and (p.place is None or p.place.file.startswith(own)) else p.for_others()
        for p in problems
    )
    folder, headings = f"{data_folder(agency, year)}/", headings_of(format_for(year))
    return tuple(by_heading(for_clerks(line).replace(folder, ""), headings) for line in said)


def tell_both(
    problems: Sequence[Problem], agency: str, year: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return problems in words for the bureau's clerk, and for others."""
    return (
        tell(problems, agency, year, to_clerk=True),
        tell(problems, agency, year, to_clerk=False),
    )


def merged_lines(pulled: Pulled) -> Iterator[str]:
    """Yield what became of the edits of a Word file that came back, as the desk says it."""
    for section in pulled.sections:
        yield f"“{section.heading}”：{_merged(section)}"
        yield from map(number_line, (*section.numbers, *section.own_numbers))
        if section.conflicts:
            yield f"有{section.conflicts}处两边都改过，两种文字都在，请到“写正文”选定"
    yield from map(for_clerks, pulled.left)
    for remark in pulled.remarks:
        yield f"批注（{remark.author}，“{remark.heading}”）“{remark.quote}”：{remark.text}"
    if any(may_be_workbook(path.name) for path in pulled.written):
        yield "文字写进了填报表的“正文”表"


def _merged(section: PulledSection) -> str:
    if section.emptied:
        return "文字全部删去了，没有并入；每一节都要有文字，请到“写正文”改写"
    rejected = f"，有{section.rejected}处没有采用，保持原文" if section.rejected else ""
    if section.same:
        return f"文字没有变{rejected}"
    return f"已并入{rejected}"
