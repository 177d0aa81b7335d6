"""The leader's Word file: what changed in it, sentence by sentence, and what is taken."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nianbao.desk.access import Need
from nianbao.desk.intake import plain_name
from nianbao.desk.routes.report import context
from nianbao.desk.storage import Version
from nianbao.desk.versions import EDITED
from nianbao.desk.visit import Visit, door
from nianbao.edits.proposal import EditProposal, propose_edits
from nianbao.edits.pull import apply_edits
from nianbao.errors import UsageError

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
        """What changed in it."""
        return self._with_file(lambda file: propose_edits(self.root, self.agency, self.year, file))

    def accept(self, accepted: frozenset[str]) -> tuple[str, ...]:
        """Take the accepted sentences; what was done, line by line."""

        def take(file: Path) -> tuple[str, ...]:
            proposal = propose_edits(self.root, self.agency, self.year, file)
            known = {change.id for change in proposal.changes}
            return tuple(apply_edits(self.root, proposal, accepted & known).lines())

        return self._with_file(take)

    def _with_file(self, do: Callable[[Path], T]) -> T:
        with tempfile.TemporaryDirectory(prefix="nianbao-desk-") as folder:
            file = Path(folder) / self.name
            file.write_bytes(self.data)
            return do(file)


def routes() -> list[BaseRoute]:
    """The routes of this subject."""
    base = "/agency/{agency}/{year:int}/word"
    return [
        Route(base, door(word, Need.READ)),
        Route(base, door(receive, Need.WRITE, files=True), methods=["POST"]),
        Route(f"{base}/{{number:int}}", door(decide, Need.READ)),
        Route(f"{base}/{{number:int}}", door(apply, Need.SIGN), methods=["POST"]),
    ]


def _page(
    visit: Visit,
    version: Version | None = None,
    proposal: object = None,
    lines: tuple[str, ...] = (),
) -> Response:
    shared = context(visit, "word")
    versions = visit.desk.store.versions(visit.agency, visit.year, EDITED)
    headings = {s.key: s.heading for s in shared["digest"].sections}
    return visit.show(
        "word.html.j2", **shared, versions=versions[:8], version=version, proposal=proposal,
        lines=lines, headings=headings,
    )  # fmt: skip


def word(visit: Visit) -> Response:
    """Where the Word file goes to the leader and comes back."""
    return _page(visit)


def receive(visit: Visit) -> Response:
    """Keep the file that came back; what changed in it is shown next."""
    sent = visit.files("file")
    if not sent:
        raise UsageError("没有选择文件")
    name, data = sent[0]
    shown = plain_name(name)
    if Path(shown).suffix.lower() != ".docx":
        raise UsageError("请交 .docx 文件；其他格式请在 Word 或 WPS 里另存为 .docx")
    number = visit.desk.versions.keep(
        visit.agency, visit.year, EDITED, shown, data, visit.visitor.name
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
    """What changed in a file, to be accepted or rejected."""
    version, returned = _returned(visit)
    proposal = visit.desk.read(visit.agency, returned.propose)
    return _page(visit, proposal=proposal, version=version)


def apply(visit: Visit) -> Response:
    """Take the sentences that were accepted."""
    version, returned = _returned(visit)
    lines = visit.desk.read(visit.agency, returned.accept, frozenset(visit.texts("accept")))
    assert isinstance(lines, tuple)
    visit.note(f"并入了{version.name}中的修改，采用{len(visit.texts('accept'))}句")
    return _page(visit, lines=lines or ("没有新的修改。",), version=version)
