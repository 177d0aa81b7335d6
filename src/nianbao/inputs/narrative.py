"""narrative.md: the bureau's own wording, one ``## <section id>`` heading a section."""

from __future__ import annotations

import re

from nianbao.errors import InputError, Place, Problem, raise_problems
from nianbao.files.characters import unfit_lines
from nianbao.files.sources import Source
from nianbao.files.words import MAX_PROBLEMS, visible
from nianbao.inputs.bundle import SectionText

MAX_BYTES = 300_000
"""Largest narrative.md; ten times the longest that we know."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_HINT = "标题写成“## overview.requests”这样，编号见 nianbao facts"


def read_narrative(source: Source) -> dict[str, SectionText]:
    """Split the file at its headings.

    Parameters
    ----------
    source
        The file as read.

    Returns
    -------
    dict
        The text by section id, in the order of the file; its place is the text's first line.
        Whether an id is one of the report's is for those who know the sections.

    Raises
    ------
    InputError
        With a problem for each line that cannot be printed, each heading without an id or
        without text below, each id that is repeated, and text before the first heading.

    Examples
    --------
    >>> text = "## overview.requests\\n\\n全年{{ 新收申请 }}。\\n"
    >>> read_narrative(Source("n.md", text.encode()))["overview.requests"].place.line
    3
    """
    if len(source.data) > MAX_BYTES:
        expected = f"不超过{MAX_BYTES // 1000} KB的正文"
        raise InputError(Problem("正文太长", Place(source.file), expected=expected))
    problems: list[Problem] = []
    sections: dict[str, SectionText] = {}
    headings: dict[str, int] = {}
    key, start, body = "", 0, list[str]()

    def close() -> None:
        """File the section that ends here."""
        blank = next((i for i, line in enumerate(body) if line.strip()), None)
        if blank is None:
            if start:
                remedy = "请写上文字，或删去这个标题"
                place = Place(source.file, line=start)
                problems.append(Problem("标题下面没有文字", place, key or None, remedy=remedy))
            return
        place = Place(source.file, line=start + 1 + blank)
        if not start:
            message = "第一个标题前有文字"
            problems.append(Problem(message, place, body[blank].strip(), "“## 章节编号”", _HINT))
        elif key:
            sections[key] = SectionText(key, "\n".join(body[blank:]).rstrip(), place)

    lines = _LINE_END.split(visible(source.text()))
    for number, wrong in unfit_lines(lines):
        place, remedy = Place(source.file, line=number), "请删去或改用规范的文字"
        problems.append(Problem(f"这一行{wrong}", place, remedy=remedy))
    for number, line in enumerate(lines, 1):
        if not line.startswith("##") or line.startswith("###"):
            body.append(line)
            continue
        close()
        key, start, body = line.strip("# \t\u3000"), number, []
        place = Place(source.file, line=number)
        if not key or len(key.split()) > 1 or not line.startswith("## "):
            problems.append(
                Problem("标题中没有章节编号", place, line.strip(), "“## 章节编号”", _HINT)
            )
            key = ""
        elif headings.setdefault(key, number) != number:
            remedy = f"第{headings[key]}行已有“{key}”，请合并成一处"
            problems.append(Problem("章节重复", place, key, "每个章节一个标题", remedy))
    close()
    raise_problems(InputError, problems[:MAX_PROBLEMS])
    return sections
