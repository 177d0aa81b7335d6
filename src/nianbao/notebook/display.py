"""Displays of the report's cells: MIME bundles, of which each medium picks its own.

Where there is nothing to show, the person at the notebook reads why; the public reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.errors import UsageError
from nianbao.files.words import perhaps
from nianbao.notebook.blocks import BLOCK_MIME, SVG_MIME, ShownBlock, block_to_json
from nianbao.notebook.cells import Bundle
from nianbao.prose.blocks import FigureBlock, GridBlock
from nianbao.statistics.model import SEVERITIES, Finding

if TYPE_CHECKING:
    from jinja2 import Environment

NOTE_MIME = "application/vnd.nianbao.note+json"
"""In the bundle of all that is for the person at the notebook alone."""
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "disclosures_by_channel": "主动公开的数不足三个渠道，正文已经说明，这里没有图。",
        "disclosures_by_category": "主动公开的数不足三类，正文已经说明，这里没有图。",
        "disclosures_by_month": "主动公开台账没有逐条写明日期，这里没有图。",
        "requests_flow": "申请的来源和去向不足三项，或两边的数不相等，这里没有图。",
        "requests_by_outcome": "办结的申请不足三种结果，正文已经说明，这里没有图。",
        "requests_by_applicant": "新收的申请不足三类申请人，正文已经说明，这里没有图。",
        "requests_by_days": "申请台账没有写明日期，或答复所用时间不足三段，这里没有图。",
        "comparison": "没有上年的数，不能与上年比较。",
    }
)
"""By chart or table, where more can be said than `NO_DATA`. The published report says nothing."""
NO_DATA = "本年度没有这方面的数，这里没有图。"
"""Of a chart that has no reason of its own."""


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # a check shows no cell

    loader = PackageLoader("nianbao.notebook", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)


def _html(template: str, **parts: object) -> str:
    return _templates().get_template(template).render(**parts)


@dataclass(frozen=True)
class Display:
    """An object that Jupyter shows by its MIME bundle."""

    bundle: Bundle

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        return self.bundle


def show_block(block: ShownBlock, text: str) -> Display:
    """Return a block beside the HTML or the drawing that Jupyter shows for it."""
    match block:
        case FigureBlock():
            from markupsafe import Markup

            page = _html("figure.html.j2", svg=Markup(block.svg), title=block.title)
            shown = {SVG_MIME: block.svg, "text/html": page}
        case GridBlock():
            shown = {"text/html": _html("grid.html.j2", title=block.title, rows=block.rows)}
        case _:
            table = {"title": block.title, "head": block.head, "rows": block.texts}
            shown = {"text/html": _html("table.html.j2", **table)}
    return Display({BLOCK_MIME: block_to_json(block), **shown, "text/plain": text})


def show_note(text: str) -> Display:
    """Return a sentence in the place of a table or chart, for the person at the notebook alone."""
    return Display({NOTE_MIME: {}, "text/plain": text})


def show_plain_table(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    extra: Bundle,
    *,
    folded: bool,
) -> Display:
    """Return a table for the person at the notebook alone: not a block, so not in the report."""
    shown = _html("note.html.j2", title=title, head=head, rows=rows, folded=folded)
    return Display({NOTE_MIME: {}, **extra, "text/html": shown, "text/plain": title})


def show_findings(findings: Sequence[Finding]) -> Display:
    """Return the findings as a table, worst first, each with the key to acknowledge it by.

    It is folded where none of them wants anything done.
    """
    head = ("编号", "程度", "内容", "公式", "左边", "右边", "标识")
    rows = [
        (f.id, SEVERITIES[f.severity], f.message, f.formula, f.left or "", f.right or "", f.key)
        for f in findings
    ]
    found = f"{len(rows)}项发现" if rows else "没有发现问题"
    title = f"勾稽、格式与正文检查：{found}"
    folded = all(f.severity == "info" for f in findings)
    return show_plain_table(title, head, rows, {}, folded=folded)


def nothing_to_show(key: str, tables: Iterable[str]) -> str:
    """Return why a chart or table is not there.

    A table is known by being there; one that may be missing has its reason in `REASONS`.

    Raises
    ------
    UsageError
        There is none of that name; the nearest are named.

    Examples
    --------
    >>> nothing_to_show("comparison", ())
    '没有上年的数，不能与上年比较。'
    """
    from nianbao.statistics.charts import CHARTS

    if key in REASONS:
        return REASONS[key]
    if key in CHARTS:
        return NO_DATA
    known = tuple(dict.fromkeys((*tables, *CHARTS, *REASONS)))
    hint = perhaps(key, known)
    ended = f"，{hint}" if hint else "。"
    raise UsageError(f"没有名为“{key}”的表或图{ended}可用的名称：{'、'.join(known)}")
