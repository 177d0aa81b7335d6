"""A clerk's six steps, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass

from nianbao.desk.builds import Build
from nianbao.desk.digest import PROSE
from nianbao.desk.standing import Standing, State

SLUGS = ("workbook", "hand-in", "texts", "report", "word", "final")
TITLES = ("取填报表", "交填报表", "写正文", "看报告", "改 Word", "定稿")


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its address, its name, how it stands, and whether it is what comes next."""

    slug: str
    title: str
    word: str
    is_done: bool
    is_next: bool = False


def list_steps(standing: Standing, state: State, build: Build | None) -> tuple[Step, ...]:
    """The steps of a report as they stand."""
    words = (
        ("可以下载", not standing.digest.is_blank),
        _handed_in(standing),
        _texts(standing),
        _report(state, standing, build),
        _word(standing),
        ("已定稿", True) if state is State.FROZEN else ("未定稿", False),
    )
    first = next((i for i, (_, done) in enumerate(words) if not done), len(words))
    return tuple(
        Step(slug, title, word, done, i == first)
        for i, (slug, title, (word, done)) in enumerate(zip(SLUGS, TITLES, words, strict=True))
    )


def _handed_in(standing: Standing) -> tuple[str, bool]:
    digest = standing.digest
    if digest.is_blank:
        return "还没有交", False
    if digest.problems:
        return f"有{len(digest.problems)}处读不出来", False
    errors = sum(f.severity == "error" and f.sheet != PROSE for f in digest.findings)
    return (f"有{errors}处错误", False) if errors else ("已交，没有错误", True)


def _texts(standing: Standing) -> tuple[str, bool]:
    digest = standing.digest
    errors = sum(f.severity == "error" and f.sheet == PROSE for f in digest.findings)
    if errors:
        return f"有{errors}处错误", False
    own = sum(section.is_own for section in digest.sections)
    return f"已写{own}节，共{len(digest.sections)}节", own > 0 and bool(digest.files)


def _report(state: State, standing: Standing, build: Build | None) -> tuple[str, bool]:
    if build is not None and build.is_open:
        return build.word, False
    if standing.finished is None:
        return "还没有生成", False
    if standing.finished.draft:
        return "只有草稿", False
    if state in {State.MADE, State.FROZEN}:
        return "已生成", True
    return "改过，要重新生成", False


def _word(standing: Standing) -> tuple[str, bool]:
    done = standing.finished
    if done is None:
        return "生成后可改", False
    if done.edited:
        return "有修改没有并入", False
    return "可以下载", not done.draft
