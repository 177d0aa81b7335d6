"""Files that come in: ledgers and workbooks with their findings, and the leader's Word file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nianbao.desk.access import Need
from nianbao.desk.intake import Intake, Taken, plain_name
from nianbao.desk.routes.report import context
from nianbao.desk.storage import Version
from nianbao.desk.versions import EDITED
from nianbao.desk.visit import Visit, door
from nianbao.desk.wording import merged_lines
from nianbao.desk.writing import write_reason
from nianbao.edits.proposal import EditProposal, propose_edits, waiting_numbers
from nianbao.edits.pull import apply_edits
from nianbao.errors import NianbaoError, UsageError
from nianbao.files.sources import Source


def routes() -> list[BaseRoute]:
    """Return the routes of this subject."""
    base = "/agency/{agency}/{year:int}"
    return [
        Route(f"{base}/hand-in", door(hand_in, Need.READ)),
        Route(f"{base}/hand-in", door(receive, Need.WRITE, files=True), methods=["POST"]),
        Route(f"{base}/reason", door(reason, Need.SIGN), methods=["POST"]),
        Route(f"{base}/word", door(word, Need.READ)),
        Route(f"{base}/word", door(receive_word, Need.WRITE, files=True), methods=["POST"]),
        Route(f"{base}/word/{{number:int}}", door(decide, Need.READ)),
        Route(f"{base}/word/{{number:int}}", door(apply, Need.SIGN), methods=["POST"]),
    ]


def hand_in(visit: Visit) -> Response:
    """Show the page on which files are handed in, and what the checks say of them."""
    taken = visit.result() or ()
    seconds = visit.desk.settings.limits.answer_seconds if taken else None
    shared = context(visit, "hand-in", seconds=seconds)
    return visit.show("handin.html.j2", **shared, taken=taken)


def receive(visit: Visit) -> Response:
    """Take in files; what is acknowledged is on the disk."""
    sent = visit.files("files")
    desk, agency = visit.desk, visit.agency
    read = partial(desk.read, agency)
    root = desk.settings.root
    intake = Intake(root, agency, visit.year, desk.versions, visit.visitor.name, read)
    taken = [intake.take(name, data) for name, data in sent]
    kept = [each.name for each in taken if not each.refused]
    if kept:
        visit.note(f"交了{'、'.join(kept)}")
    nothing = (Taken("", refused="没有选择文件"),)
    return visit.then(f"{visit.base}/hand-in#taken", tuple(taken) or nothing)


def reason(visit: Visit) -> Response:
    """Record why a finding stands."""
    keys, words = set(visit.texts("key")), visit.text("reason")
    findings = visit.desk.standing(visit.agency, visit.year).digest.findings
    known = [f for f in findings if f.key in keys and (f.open_to_reason or f.reason)]
    if not known:
        return visit.show("refused.html.j2", 409, message="这条提醒已经不在了，没有记录理由")
    for finding in known:
        write_reason(visit.desk.settings.root, visit.agency, visit.year, finding.key, words)
    rule = known[0].id
    visit.note(f"为〔{rule}〕写了理由" if words.strip() else f"收回了〔{rule}〕的理由")
    back = "texts" if visit.text("back") == "texts" else "hand-in"
    return visit.go(f"{visit.base}/{back}#finding-{known[0].number}")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Returned:
    """A Word file that came back, and what the desk does with it in the report's process."""

    root: Path
    agency: str
    year: int
    name: str
    data: bytes

    def propose(self) -> EditProposal:
        """Return what changed in it."""
        return self._with_file(lambda file: propose_edits(self.root, self.agency, self.year, file))

    def accept(self, accepted: frozenset[str]) -> tuple[int, tuple[str, ...]]:
        """Take the accepted sentences; return how many, and what was done, line by line."""

        def take(file: Path) -> tuple[int, tuple[str, ...]]:
            proposal = propose_edits(self.root, self.agency, self.year, file)
            wanted = accepted & {change.id for change in proposal.changes if not change.is_void}
            pulled = apply_edits(self.root, proposal, wanted)
            return len(wanted), tuple(merged_lines(pulled))

        return self._with_file(take)

    def _with_file(self, do: Callable[[Path], T]) -> T:
        with tempfile.TemporaryDirectory(prefix="nianbao-desk-") as folder:
            file = Path(folder) / self.name
            file.write_bytes(self.data)
            return do(file)


def _page(visit: Visit, version: Version | None = None, proposal: object = None) -> Response:
    shared = context(visit, "word")
    versions = visit.desk.store.versions(visit.agency, visit.year, EDITED)
    headings = {s.key: s.heading for s in shared["digest"].sections}
    waiting = _waiting(visit) if shared["finished"] and shared["finished"].edited else ()
    return visit.show(
        "word.html.j2", **shared, versions=versions[:8], version=version, proposal=proposal,
        waiting=waiting, done=visit.result(), headings=headings,
    )  # fmt: skip


def word(visit: Visit) -> Response:
    """Show the page from which the Word file goes to the leader, and to which it comes back."""
    return _page(visit)


def _waiting(visit: Visit) -> tuple[str, ...]:
    """Return the numbers that were changed where the finished files lie, a line each."""
    try:
        by_file = visit.ask(waiting_numbers)
    except NianbaoError:  # what stands in the way is shown where the files are handed in
        return ()
    return tuple(line for lines in by_file.values() for line in lines)


def receive_word(visit: Visit) -> Response:
    """Keep the file that came back; what changed in it is shown next."""
    sent = visit.files("file")
    if not sent:
        raise UsageError("没有选择文件")
    name, data = sent[0]
    shown = plain_name(name)
    if Path(shown).suffix.lower() != ".docx":
        raise UsageError("请交 .docx 文件；其他格式请在 Word 或 WPS 里另存为 .docx")
    number = visit.desk.versions.keep(
        visit.agency, visit.year, EDITED, Source(shown, data), visit.visitor.name
    )
    visit.note(f"交回了Word文件{shown}")
    return visit.go(f"{visit.base}/word/{number}")


def _returned(visit: Visit) -> tuple[Version, Returned]:
    number = int(visit.request.path_params["number"])
    found = visit.desk.versions.find(visit.agency, visit.year, number)
    if found is None or found.kind != EDITED:
        raise UsageError("没有这个文件，可能已经超出保留的数量")
    data = visit.desk.versions.read(found)
    root = visit.desk.settings.root
    return found, Returned(root, visit.agency, visit.year, found.name, data)


def decide(visit: Visit) -> Response:
    """Return what changed in a file, to be accepted or rejected."""
    version, returned = _returned(visit)
    proposal = visit.desk.read(visit.agency, returned.propose)
    if not proposal.changes and not version.note and visit.visitor.may(Need.WRITE, visit.agency):
        visit.desk.store.note_version(version.id, "没有要选定的修改")
    return _page(visit, proposal=proposal, version=version)


def apply(visit: Visit) -> Response:
    """Take the sentences that were accepted."""
    version, returned = _returned(visit)
    ticked = frozenset(visit.texts("accept"))
    count, lines = visit.desk.read(visit.agency, returned.accept, ticked)
    done = f"采用{count}句" if count else "没有采用"
    visit.desk.store.note_version(version.id, done)
    visit.note(f"处理了{version.name}中的修改，{done}")
    return visit.then(f"{visit.base}/word", (version.name, lines or ("没有新的修改。",)))
