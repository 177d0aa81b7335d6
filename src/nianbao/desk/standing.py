"""How far a report has come: what it still needs, in one of six words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from nianbao.desk.digest import Digest, read_report
from nianbao.finished.batch_context import BatchContext, read_batch_context
from nianbao.finished.folder import EDITABLE, report_folder
from nianbao.finished.freshness import compare_with_now
from nianbao.finished.manifest import MANIFEST, is_edited, read_manifest, sha256
from nianbao.inputs.project import list_agencies
from nianbao.notebook.master import master_notebook


class State(StrEnum):
    """The states of a report, each under the word that clerks see."""

    BLANK = "未填"
    FAULTY = "有错误"
    READY = "可生成"
    MADE = "已生成"
    CHANGED = "已修改"
    FROZEN = "已定稿"


@dataclass(frozen=True, slots=True)
class Finished:
    """The finished set of a report.

    Parameters
    ----------
    files
        Their names.
    draft
        It was made in spite of errors.
    why
        What changed since it was made; empty when nothing did.
    edited
        The notebook or Word file in which somebody wrote since.
    checksum
        Of the whole set, the same for the same files.
    """

    files: tuple[str, ...]
    draft: bool
    why: str
    edited: tuple[str, ...]
    checksum: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A report as its files stand, and its finished set, if there is one."""

    digest: Digest
    finished: Finished | None

    def state(self, frozen: str = "") -> State:
        """Return the report's state.

        Parameters
        ----------
        frozen
            Checksum of the set that was frozen last.
        """
        done = self.finished
        if done is not None and not done.draft:
            if done.why or done.edited:
                return State.FAULTY if self.digest.errors else State.CHANGED
            return State.FROZEN if done.checksum == frozen else State.MADE
        if self.digest.is_blank:
            return State.BLANK
        return State.FAULTY if self.digest.errors else State.READY


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
