"""The standing of a report: its state in one of six words, its six steps, what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.desk.digest import PROSE, Digest, SectionView, read_report
from nianbao.files.words import day_words
from nianbao.finished.batch_context import BatchContext, read_batch_context
from nianbao.finished.folder import EDITABLE, report_folder
from nianbao.finished.freshness import compare_with_now
from nianbao.finished.manifest import MANIFEST, is_edited, read_manifest, sha256
from nianbao.inputs.labels import bare
from nianbao.inputs.project import list_agencies
from nianbao.notebook.master import master_notebook
from nianbao.prose.review.notices import Checklist

if TYPE_CHECKING:
    from nianbao.desk.builds import Build  # not loaded in the processes that read


class ReportState(StrEnum):
    """The states of a report, each under the word that clerks see."""

    BLANK = "未填"
    FAULTY = "有错误"
    READY = "可生成"
    MADE = "已生成"
    CHANGED = "已修改"
    FROZEN = "已定稿"


@dataclass(frozen=True, slots=True)
class Finished:
    """The finished set of a report."""

    files: tuple[str, ...]
    """Their names."""
    draft: bool
    """It was made in spite of errors."""
    why: str
    """What changed since it was made; empty when nothing did."""
    edited: tuple[str, ...]
    """The notebook or Word file in which somebody wrote since."""
    checksum: str
    """Of the whole set, the same for the same files."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A report as its files stand, and its finished set, if there is one."""

    digest: Digest
    finished: Finished | None

    def state(self, frozen: str = "") -> ReportState:
        """Return the report's state.

        ``frozen`` is the checksum of the set that was frozen last.
        """
        done = self.finished
        if done is not None and not done.draft:
            if done.why or done.edited:
                return ReportState.FAULTY if self.digest.errors else ReportState.CHANGED
            return ReportState.FROZEN if done.checksum == frozen else ReportState.MADE
        if self.digest.is_blank:
            return ReportState.BLANK
        return ReportState.FAULTY if self.digest.errors else ReportState.READY


def read_standing(root: Path, agency: str, year: int) -> Standing:
    """Read a report and look at its finished set."""
    return Standing(read_report(root, agency, year), read_finished(root, agency, year))


def read_finished(root: Path, agency: str, year: int) -> Finished | None:
    """Return the finished set, and what changed since it was made; None when there is none."""
    folder = report_folder(root, agency, year)
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    edited = tuple(name for name in EDITABLE if is_edited(folder, name, manifest.outputs))
    verdict = compare_with_now(
        root, agency, year, manifest.options, _context(root, year, _stamp(root))
    )
    known = verdict.current or verdict.only_context
    return Finished(
        tuple(name for name in manifest.outputs if "/" not in name), manifest.options.draft,
        "" if known else verdict.why, edited, sha256(folder / MANIFEST),
    )  # fmt: skip


def _stamp(root: Path) -> tuple[object, ...]:
    """Return a value that changes when an agency comes or goes, or the master is edited."""
    return (master_notebook(root).stat().st_mtime_ns, *list_agencies(root))


@lru_cache(maxsize=8)
def _context(root: Path, year: int, stamp: tuple[object, ...]) -> BatchContext:
    """Return what reports are made with; this program and its fonts stay while it runs."""
    return read_batch_context(root, year)


def days_left(deadline: date, today: date) -> int:
    """Return days until the deadline; negative when it is over.

    Examples
    --------
    >>> days_left(date(2025, 1, 31), date(2025, 2, 2))
    -2
    """
    return (deadline - today).days


SLUGS = ("workbook", "hand-in", "texts", "report", "word", "final")
TITLES = ("取填报表", "交填报表", "写正文", "看报告", "改 Word", "定稿")


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its address, its name, how it stands, and whether it is what comes next.

    ``is_done`` is None of a step that may be left out.
    """

    slug: str
    title: str
    word: str
    is_done: bool | None
    is_next: bool = False


Word = tuple[str, bool | None]


def list_steps(
    standing: Standing,
    state: ReportState,
    build: Build | None,
    *,
    decided: bool | None = None,
    handed_back: bool = False,
) -> tuple[Step, ...]:
    """Return the steps of a report as they stand.

    ``decided`` says whether the changes in the Word file that came back last were decided on; None
    where none came. ``handed_back``: the county's office asks for changes, and it was not frozen
    since.
    """
    words = (
        _fetched(standing),
        _handed_in(standing),
        _texts(standing),
        _report(state, standing, build),
        _word(standing, decided=decided),
        _frozen(state, handed_back=handed_back),
    )
    first = next((i for i, (_, done) in enumerate(words) if done is False), len(words))
    return tuple(
        Step(slug, title, word, done, i == first)
        for i, (slug, title, (word, done)) in enumerate(zip(SLUGS, TITLES, words, strict=True))
    )


def _frozen(state: ReportState, *, handed_back: bool) -> Word:
    if handed_back:
        return "已退回，改好再定稿", False
    return ("已定稿", True) if state is ReportState.FROZEN else ("未定稿", False)


def _fetched(standing: Standing) -> Word:
    if standing.digest.is_blank:
        return "可以下载", False
    return ("已填好交回", True) if standing.digest.workbook else ("可以下载", None)


def _handed_in(standing: Standing) -> Word:
    digest = standing.digest
    if digest.is_blank:
        return "还没有交", False
    if digest.problems:
        return f"有{len(digest.problems)}项读不出来", False
    errors = sum(f.severity == "error" and f.sheet != PROSE for f in digest.findings)
    return (f"有{errors}处错误", False) if errors else ("已交，没有错误", True)


_PREFACE, _PROBLEMS, _IS_COMMON = "preface", "problems", "L12"


def common_problems(digest: Digest) -> tuple[SectionView, ...]:
    """Return the sections of part five that are still in the master's words.

    They are nobody's problems, and rule L12 warns of them; where its warning has a reason they
    stand.
    """
    if any(
        f.id == _IS_COMMON and f.section.split(".")[0] == _PROBLEMS and f.reason
        for f in digest.findings
    ):
        return ()
    return tuple(s for s in _common(digest) if s.key.split(".")[0] == _PROBLEMS)


def other_common(digest: Digest) -> tuple[SectionView, ...]:
    """Return the other sections in the master's words: whether they fit only a person can say.

    The preface is the same words everywhere.
    """
    return tuple(s for s in _common(digest) if s.key.split(".")[0] not in {_PREFACE, _PROBLEMS})


def _common(digest: Digest) -> Iterator[SectionView]:
    return (s for s in digest.sections if not s.is_own and s.text.strip())


def quoted_headings(sections: Iterable[SectionView]) -> str:
    """Return sections by their names, without their numbers."""
    return "".join(f"“{bare(section.heading)}”" for section in sections)


def _texts(standing: Standing) -> Word:
    digest = standing.digest
    errors = sum(f.severity == "error" and f.sheet == PROSE for f in digest.findings)
    if digest.is_blank:  # what its sentences lack are the numbers that nobody handed in yet
        return "交表以后写", False
    if errors:
        return f"有{errors}处错误", False
    if common := common_problems(digest):
        which = quoted_headings(common) if len(common) == 1 else f"有{len(common)}节"
        return f"{which}还是通用文字", False
    own = sum(section.is_own for section in digest.sections)
    if own and (common := other_common(digest)):
        return f"已写{own}节，{len(common)}节是通用文字", None
    return f"已写{own}节，共{len(digest.sections)}节", own > 0 and bool(digest.files)


def _report(state: ReportState, standing: Standing, build: Build | None) -> Word:
    if build is not None and build.is_open:
        return build.word, False
    if standing.finished is None:
        made = build is not None and build.phase == "built"  # and nobody has looked at it yet
        return "正在核对" if made else "还没有生成", False
    if standing.finished.draft:
        return "只有草稿", False
    if state in {ReportState.MADE, ReportState.FROZEN}:
        return "已生成", True
    return "改过，要重新生成", False


def _word(standing: Standing, *, decided: bool | None) -> Word:
    done = standing.finished
    if done is None:
        return "生成后可改", None
    if done.edited:
        return "有修改没有并入", False
    if decided is None:
        return "需要时下载", None
    return ("交回的修改已处理", True) if decided else ("交回的修改还没有处理", False)


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A point of the list."""

    text: str
    is_done: bool | None
    """None of what only a person can see to."""
    how: str = ""
    step: str = ""
    """While it is open, what is to be done about it, and at which step."""


def checklist(standing: Standing, state: ReportState, day: date) -> tuple[ChecklistItem, ...]:
    """Return the points of a report as it stands.

    ``day`` is that on which it was frozen, else today.
    """
    deadline = standing.digest.contact.deadline
    in_time = state is ReportState.FROZEN and day <= deadline
    return (
        *_points(standing),
        ChecklistItem(f"在{day_words(deadline)}前定稿公布", in_time, _how_to_freeze(state)),
    )


def open_points(standing: Standing) -> tuple[ChecklistItem, ...]:
    """Return what is not done of what is to be done before a report is frozen."""
    return tuple(item for item in _points(standing) if item.is_done is False)


def _points(standing: Standing) -> tuple[ChecklistItem, ...]:
    digest, done = standing.digest, standing.finished
    reasons = sum(f.severity == "warning" and not f.reason for f in digest.findings)
    preface = any(f.id == "S8" for f in digest.findings)
    checked = bool(digest.files) and not digest.problems
    whole = done is not None and not done.draft and not (done.why or done.edited)
    return (
        ChecklistItem(
            "三张统计表填写完整，勾稽关系没有错误", checked and not digest.errors,
            "到“交填报表”改正错误", "hand-in",
        ),
        ChecklistItem(
            "各项提醒已经改正，或写明理由", checked and not reasons,
            f"还有{reasons}条提醒没有理由" if checked else "交表核对以后再看", "hand-in",
        ),
        ChecklistItem(
            "前言写明统计期限、查阅网址、联系方式", checked and not preface,
            "到“单位信息”补填" if checked else "交表核对以后再看", "about",
        ),
        _own_words(digest),
        ChecklistItem("报告已经生成，之后没有再改动", whole, "到“看报告”生成", "report"),
        *_asked(digest.checklist),
    )  # fmt: skip


def _own_words(digest: Digest) -> ChecklistItem:
    """Return the point about words of the bureau's own.

    Those of part five must be; whether others fit the bureau, only a person can say.
    """
    text = "六个部分的文字是本单位的"
    if common := common_problems(digest):
        return ChecklistItem(text, False, f"到“写正文”改写{quoted_headings(common)}", "texts")
    if common := other_common(digest):
        how = f"{quoted_headings(common)}用的是通用文字；与实际相符的，可以不改"
        return ChecklistItem(text, None, how, "texts")
    return ChecklistItem(text, bool(digest.sections))


FROZEN_IN_TIME, FROZEN_LATE = "按期定稿", "定稿时已过期限"


def _how_to_freeze(state: ReportState) -> str:
    """Return what to do about the last point.

    The button to freeze stands only below a finished set.
    """
    if state is ReportState.FROZEN:
        return f"{FROZEN_LATE}，请尽快公布"
    return "核对无误后在下面定稿" if state is ReportState.MADE else "生成报告以后在这里定稿"


def _asked(asked: Checklist | None) -> Iterator[ChecklistItem]:
    """Turn what the notice of the higher office asks into points of the list."""
    if asked is None:
        return
    for limit in asked.limits:
        most, has = limit.limit.most, limit.length
        yield ChecklistItem(
            f"“总体情况”等部分不超过{most}字", limit.is_kept, f"现有{has}字，请精简", "texts"
        )
    for made in asked.points:
        offer = f"可写：{made.point.offer}" if made.point.offer else "到“写正文”补写"
        yield ChecklistItem(f"写明{made.point.asks}", made.is_made, offer, "texts")
    for reminder in asked.notice.reminders:
        yield ChecklistItem(f"请核对：{reminder}", None)
