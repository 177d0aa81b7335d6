"""What the higher office looks at before a report is published, and whether it is so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nianbao.desk.pages import day_words
from nianbao.desk.standing import Standing, State
from nianbao.prose.review.notices import Checklist


@dataclass(frozen=True, slots=True)
class Item:
    """A point of the list; ``how`` says what is to be done about it while it is open."""

    text: str
    is_done: bool
    how: str = ""


def checklist(standing: Standing, state: State, today: date) -> tuple[Item, ...]:
    """The points of a report as it stands."""
    digest, done = standing.digest, standing.finished
    reasons = sum(f.severity == "warning" and not f.reason for f in digest.findings)
    preface = any(f.id == "S8" for f in digest.findings)
    whole = done is not None and not done.draft and not (done.why or done.edited)
    deadline = digest.contact.deadline
    return (
        Item("三张统计表填写完整，勾稽关系没有错误", bool(digest.files) and not digest.errors,
             "到“交填报表”改正错误"),
        Item("各项提醒已经改正，或写明理由", bool(digest.files) and not reasons,
             f"还有{reasons}条提醒没有理由"),
        Item("前言写明统计期限、查阅网址、联系方式", bool(digest.files) and not preface,
             "到填报表“基本信息”补填"),
        Item("六个部分的文字是本单位的", all(s.is_own for s in digest.sections if s.key in _OWN),
             "到“写正文”改写“总体情况”“存在的主要问题及改进情况”"),
        Item("报告已经生成，之后没有再改动", whole, "到“看报告”生成"),
        *_asked(digest.checklist),
        Item(f"在{day_words(deadline)}前定稿公布", state is State.FROZEN and today <= deadline,
             "核对无误后在下面定稿"),
    )  # fmt: skip


def _asked(asked: Checklist | None) -> Iterator[Item]:
    """Turn what the notice of the higher office asks into points of the list."""
    if asked is None:
        return
    for limit in asked.limits:
        most, has = limit.limit.most, limit.length
        yield Item(f"“总体情况”等部分不超过{most}字", limit.is_kept, f"现有{has}字，请精简")
    for made in asked.points:
        offer = f"可写：{made.point.offer}" if made.point.offer else "到“写正文”补写"
        yield Item(f"写明{made.point.asks}", made.is_made, offer)
    for reminder in asked.notice.reminders:
        yield Item(f"请核对：{reminder}", True)


_OWN = frozenset({"overview", "problems.issues", "problems.improvements"})
