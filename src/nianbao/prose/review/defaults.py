"""Sections in which a report still has the wording that is the same for all (L12): a hint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding, Span, section_name
from nianbao.prose.review.text import Bound

FEW_WORDS = 10
"""A section with fewer words beside its figures says nothing but the figures."""
_NOT_WORDS = re.compile(r"\W|\d")


def check_defaults(
    sections: Mapping[str, str], context: ReviewContext, bound: Bound
) -> Iterator[ProseFinding]:
    """Find the sections that the body has not put in its own words, all in one hint.

    The preface has the same form everywhere, and a section of figures alone is the body's own.
    """
    own = context.own_sections
    if own is None:
        return
    names = [
        f"{section_name(key, context.format_)}（{key}）"
        for key, text in sections.items()
        if key not in own and key not in {"title", "preface", "signature"}
        if len(_words(text, bound.get(key, ()))) >= FEW_WORDS
    ]
    if names:
        message = (
            f"有{len(names)}节用的是通用文字，还不是本机关的情况：{'、'.join(names)}。"
            "请写在数据文件夹的 narrative.md 里，以“## ”加括号内的编号为标题，"
            "或写在填报表的“正文”表；通用文字与实际相符的，可以不改"
        )
        yield ProseFinding("L12", "info", "", "", (), message)


def _words(text: str, printed: Sequence[Span]) -> str:
    """The words of a text that our software did not print from facts."""
    kept, end = [], 0
    for start, stop in sorted(printed):
        kept.append(text[end:start])
        end = stop
    return _NOT_WORDS.sub("", "".join([*kept, text[end:]]))
