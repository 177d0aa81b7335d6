"""Pages drawn in a process of their own, which keeps the sessions of the reports it draws."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nianbao.desk.page.session import Session, View
from nianbao.desk.page.watch import Snapshot, look, watched

MOST_KEPT = 40
"""So many reports keep their executed notebook in memory."""


class _Drawn:
    """A session, and the files as they were when it drew last."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.files: Snapshot | None = None

    def view(self) -> View:
        """The page of the files as they stand now."""
        session, before = self.session, self.files
        now = look(watched(session.root, session.agency, session.year))
        if before is None:
            session.refresh()
        elif now != before:
            names = before.keys() | now.keys()
            session.refresh(frozenset(p for p in names if before.get(p) != now.get(p)))
        self.files = now
        return session.view


@lru_cache(maxsize=MOST_KEPT)
def _drawn(root: Path, agency: str, year: int, sources: str) -> _Drawn:
    return _Drawn(Session(root, agency, year, sources))


def draw_view(root: Path, agency: str, year: int, sources: str) -> View:
    """The page of a report as its files stand; of the prose alone the notebook is not run again."""
    return _drawn(root, agency, year, sources).view()
