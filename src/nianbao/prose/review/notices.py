"""What the notice of a higher office asks of the text beside the format (S12, S13)."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.prose.notices import Checklist, check_notice
from nianbao.prose.review.manuscript import Manuscript
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Passage

_NOT_PROSE = frozenset({"title", "signature"})


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
