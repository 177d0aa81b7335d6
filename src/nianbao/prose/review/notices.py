"""Hold a text against a notice, point by point, as a checklist and as rules (S12, S13, S17)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from nianbao.files.words import day_words
from nianbao.prose.review.manuscript import Manuscript
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Passage
from nianbao.statutory.notices import Limit, Notice, RequiredPoint

_NOT_PROSE = frozenset({"title", "signature"})


_END = re.compile(r"(?<=[。；！？\n])")
_COUNT = re.compile(r"[\d０-９]|[一二三四五六七八九十百千万两]+[件条次个期场处篇份余]|[未没无]|零")
_MARKUP = re.compile(r"^\s{0,3}(?:#{1,6}|[-+*]|\d+[.)])\s+|[*_`|]", re.MULTILINE)
MOST_QUOTED = 40
"""Characters of a sentence that a checklist quotes."""


@dataclass(frozen=True, slots=True)
class CheckedPoint:
    """A point of a notice: the section and sentence that make it, both empty where none does."""

    point: RequiredPoint
    section: str = ""
    sentence: str = ""

    @property
    def is_made(self) -> bool:
        """Return whether the text makes the point."""
        return bool(self.sentence)


@dataclass(frozen=True, slots=True)
class CheckedLimit:
    """A limit of a notice, and how many characters the section has."""

    limit: Limit
    length: int

    @property
    def is_kept(self) -> bool:
        """Return whether the section is no longer than it should be."""
        return self.length <= self.limit.most


@dataclass(frozen=True, slots=True)
class Checklist:
    """A notice held against a text."""

    notice: Notice
    points: tuple[CheckedPoint, ...]
    limits: tuple[CheckedLimit, ...]

    @property
    def tally(self) -> str:
        """The points that are made out of all, for one line about a bureau: ``7/9``."""
        return f"{sum(p.is_made for p in self.points)}/{len(self.points)}"


def _belongs(key: str, section: str) -> bool:
    return key == section or key.startswith(f"{section}.")


def _sentences(sections: Mapping[str, str], section: str) -> Iterator[tuple[str, str]]:
    """Yield the sentences of a section and its sub-sections; a text of the part above counts."""
    above = section.split(".", maxsplit=1)[0]
    for key, text in sections.items():
        if _belongs(key, section) or key == above:
            yield from ((key, piece.strip()) for piece in _END.split(_MARKUP.sub("", text)))


def _check_point(point: RequiredPoint, sections: Mapping[str, str]) -> CheckedPoint:
    for key, sentence in _sentences(sections, point.section):
        if any(sign in sentence for sign in point.signs):
            if point.counted and not _COUNT.search(sentence):
                continue
            return CheckedPoint(point, key, sentence)
    return CheckedPoint(point)


def text_length(sections: Mapping[str, str], section: str) -> int:
    """Count the characters of a section and its sub-sections, without blanks and markup.

    Examples
    --------
    >>> text_length({"overview": "总体情况。", "overview.requests": "**收到** 3件。"}, "overview")
    10
    """
    texts = (text for key, text in sections.items() if _belongs(key, section))
    return sum(len("".join(_MARKUP.sub("", text).split())) for text in texts)


def check_notice(notice: Notice, sections: Mapping[str, str], kind: str) -> Checklist:
    """Hold a notice against the final words of a report.

    ``kind`` is the agency's; points for other kinds are left out.
    """
    asked = (point for point in notice.points if not point.kinds or kind in point.kinds)
    return Checklist(
        notice,
        tuple(_check_point(point, sections) for point in asked),
        tuple(CheckedLimit(lim, text_length(sections, lim.section)) for lim in notice.limits),
    )


def checklist_lines(checklist: Checklist, names: Mapping[str, str]) -> Iterator[str]:
    """Write a checklist as people read it, a line a point.

    ``names`` are the Chinese names of the sections, see `Format.texts`.
    """
    yield f"对照{checklist.notice.name}："
    for checked in checklist.limits:
        name, mark = names.get(checked.limit.section, ""), "✓" if checked.is_kept else "✗"
        yield f"{mark} “{name}”不超过{checked.limit.most}字：现有{checked.length}字"
    for made in checklist.points:
        if made.is_made:
            shown = made.sentence[:MOST_QUOTED]
            more = "……" if len(made.sentence) > MOST_QUOTED else ""
            yield f"✓ {made.point.asks}：见“{names.get(made.section, '')}”，{shown}{more}"
        else:
            where = names.get(made.point.section, "")
            offer = f"；可写：{made.point.offer}" if made.point.offer else ""
            yield f"✗ {made.point.asks}：“{where}”中没有写到{offer}"
    yield from (f"请核对：{reminder}" for reminder in checklist.notice.reminders)


def _checklist(manuscript: Manuscript) -> Checklist | None:
    """Hold the notice against a whole report; of prose without part 一 nothing is asked."""
    notice = manuscript.context.notice
    sections = {k: text for k, text in manuscript.sections.items() if k not in _NOT_PROSE}
    if notice is None or not any(key.startswith("overview") for key in sections):
        return None
    return check_notice(notice, sections, manuscript.context.kind)


@check(
    "S12",
    severity="warning",
    title="上级通知要求的内容没有写到",
    source="上级机关的编报通知（agency.yaml 的 notice）",
    explanation="上级机关的编报通知要求写明的事项，在应写的部分没有找到。请补写；没有发生的也写明没有。",
)
def text_makes_the_points_of_the_notice(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find the points that the text does not make, all in one finding."""
    checklist = _checklist(manuscript)
    missing = [c.point for c in checklist.points if not c.is_made] if checklist else []
    if checklist and missing:
        names = manuscript.context.format_.texts()
        listed = "；".join(
            f"“{names.get(point.section, point.section)}”应写明{point.asks}"
            + (f"，可写：{point.offer}" if point.offer else "")
            for point in missing
        )
        total = len(checklist.points)
        message = f"{checklist.notice.name}要求的{total}项中有{len(missing)}项没有写到：{listed}"
        yield Finding(rule.id, rule.severity, message)


@check(
    "S13",
    severity="warning",
    title="超过上级通知要求的篇幅",
    source="上级机关的编报通知（agency.yaml 的 notice）",
    explanation="上级机关的编报通知限定了这一部分的字数。请精简文字；图表不计入。",
)
def sections_are_as_short_as_the_notice_asks(
    manuscript: Manuscript, rule: Check
) -> Iterator[Finding]:
    """Find the sections that are longer than the notice allows."""
    checklist = _checklist(manuscript)
    for checked in checklist.limits if checklist else ():
        if not checked.is_kept:
            notice = checklist.notice.name if checklist else ""
            limit = checked.limit
            message = f"现有{checked.length}字，{notice}要求一般不超过{limit.most}字"
            passage = Passage(limit.section, remark=message)
            yield Finding(rule.id, rule.severity, message, passage=passage)


@check(
    "S17",
    severity="warning",
    title="晚于上级通知的公布日期",
    source="上级机关的编报通知（agency.yaml 的 notice）",
    explanation="上级机关的编报通知要求的公布日期早于条例的期限时，成文日期（report_date）也不应晚于它。"
    "请核对日期；上级另有安排的，写明。",
)
def date_is_within_the_days_of_the_notice(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Hold the report's date against the day by which the notice wants it published."""
    context = manuscript.context
    if context.notice is None or context.notice.publish is None or context.report_date is None:
        return
    limit = date.fromisoformat(f"{context.year + 1}-{context.notice.publish}")
    if limit < context.report_date:
        written, last = day_words(context.report_date), day_words(limit)
        message = (
            f"成文日期（report_date）写作{written}，{context.notice.name}要求在{last}前公布；"
            "请核对日期，确已逾期的写明情况"
        )
        yield Finding(rule.id, rule.severity, message)
