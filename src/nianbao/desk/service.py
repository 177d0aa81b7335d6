"""The desk itself: what all of its pages share."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date

from nianbao.batch.worker import Outcome
from nianbao.desk.builds import Builds
from nianbao.desk.digest import Contact, read_contact
from nianbao.desk.page.drawing import draw_view
from nianbao.desk.page.session import View
from nianbao.desk.page.watch import Snapshot, look, watched
from nianbao.desk.settings import Settings
from nianbao.desk.standing import Standing, State, days_left, read_standing
from nianbao.desk.storage import Entry, Store
from nianbao.desk.versions import FINAL, Versions
from nianbao.desk.workers import Workers
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST
from nianbao.inputs.children import SUMMING
from nianbao.inputs.project import agency_file, list_agencies, list_years, workbook_file

READERS = 2
"""Processes that read reports."""


@dataclass(frozen=True, slots=True)
class Row:
    """A bureau on the county's board; ``standing`` is None while it is being read."""

    agency: str
    name: str
    days: int
    standing: Standing | None
    state: State | None
    last: Entry | None


class Desk:
    """Settings, memory, processes and builds of one desk.

    Parameters
    ----------
    settings
        How it is run.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.folder)
        self.versions = Versions(settings, self.store)
        self.secret = self.store.secret()
        self.closing = False
        self.builds = Builds(settings.root, settings.limits, self._built)
        self._readers = Workers(READERS)
        self._drawer = Workers(1)
        self._known: dict[tuple[str, int], tuple[Snapshot, Standing]] = {}
        self._pending: set[tuple[str, int]] = set()
        self._lock = threading.Lock()
        self._contacts: dict[tuple[str, int], tuple[Snapshot, Contact]] = {}
        self._readers.warm_up()
        self._drawer.warm_up()

    def close(self) -> None:
        """End all processes and close the files."""
        self.closing = True
        self.builds.stop()
        self._readers.stop()
        self._drawer.stop()
        self.store.close()

    def _built(self, agency: str, year: int, outcome: Outcome) -> None:
        if outcome.status == "built":
            self.store.note("系统", agency, year, "生成了报告")

    # Digest.

    def contact(self, agency: str, year: int) -> Contact:
        """Who reports, as the card says now."""
        root = self.settings.root
        files = look(iter((root / agency_file(agency), root / workbook_file(agency, year))))
        known = self._contacts.get((agency, year))
        if known is None or known[0] != files:
            known = (files, read_contact(root, agency, year))
            self._contacts[agency, year] = known
        return known[1]

    def _files(self, agency: str, year: int) -> Snapshot:
        """The files that a report's pages are made from, as they stand."""
        root = self.settings.root
        manifest = report_folder(root, agency, year) / MANIFEST
        paths = [*watched(root, agency, year), manifest]
        if self.contact(agency, year).kind in SUMMING:
            paths += [root / "params", root / "data"]
        return look(iter(paths))

    def standing(self, agency: str, year: int) -> Standing:
        """A report as its files stand now, read anew only when one of them changed."""
        files = self._files(agency, year)
        known = self._known.get((agency, year))
        if known is not None and known[0] == files:
            return known[1]
        found = self._readers.ask(agency, read_standing, self.settings.root, agency, year)
        self._known[agency, year] = (files, found)
        return found

    def glance(self, agency: str, year: int) -> Standing | None:
        """The same without waiting: what is known, or None until it has been read."""
        key = (agency, year)
        files = self._files(agency, year)
        known = self._known.get(key)
        if known is not None and known[0] == files:
            return known[1]
        with self._lock:
            if key in self._pending:
                return known[1] if known else None
            self._pending.add(key)
        future = self._readers.submit(agency, read_standing, self.settings.root, agency, year)

        def keep(done: object) -> None:
            with self._lock:
                self._pending.discard(key)
            if not future.cancelled() and future.exception() is None:
                self._known[key] = (files, future.result())

        future.add_done_callback(keep)
        return known[1] if known else None

    def view(self, agency: str, year: int) -> View:
        """The page as it will be published."""
        sources = f"/agency/{agency}/{year}/source"
        return self._drawer.ask(agency, draw_view, self.settings.root, agency, year, sources)

    def read(self, agency: str, do: object, *given: object) -> object:
        """Have the agency's process do something with its files."""
        return self._readers.ask(agency, do, *given)  # type: ignore[arg-type]

    # States.

    def frozen(self, agency: str, year: int) -> str:
        """Checksum of the set that was frozen last; empty without one."""
        found = self.store.versions(agency, year, FINAL)
        return found[0].note if found else ""

    def state(self, standing: Standing) -> State:
        """The state of a report, see `Standing.state`."""
        digest = standing.digest
        return standing.state(self.frozen(digest.agency, digest.year))

    def rows(self, year: int) -> list[Row]:
        """The county's board of a year, as far as it is read."""
        last = self.store.last_entries(year)
        return [self._row(agency, year, last.get(agency)) for agency in self.agencies(year)]

    def _row(self, agency: str, year: int, last: Entry | None) -> Row:
        contact = self.contact(agency, year)
        standing = self.glance(agency, year)
        state = self.state(standing) if standing else None
        left = days_left(contact.deadline, date.today())
        return Row(agency, contact.name, left, standing, state, last)

    def agencies(self, year: int) -> list[str]:
        """The agencies that report for a year, or did for the year before."""
        root = self.settings.root
        return [a for a in list_agencies(root) if {year, year - 1} & set(list_years(root, a))]

    def years(self) -> list[int]:
        """Years of which there are reports, newest first."""
        root = self.settings.root
        found = {year for agency in list_agencies(root) for year in list_years(root, agency)}
        return sorted(found, reverse=True)

    def number(self) -> int:
        """Counts on with every build that begins or ends and every report that was read."""
        return self.builds.number + len(self._known)
