"""The desk itself: what all of its pages share."""

from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from functools import partial

from nianbao.batch.worker import Outcome
from nianbao.desk.builds import Builds
from nianbao.desk.digest import Contact, read_contact
from nianbao.desk.preview import View, draw_view
from nianbao.desk.settings import Settings
from nianbao.desk.standing import Standing, State, days_left, read_standing
from nianbao.desk.storage import Entry, Store
from nianbao.desk.versions import FINAL, Versions
from nianbao.desk.watch import Snapshot, look, watched
from nianbao.desk.workers import PATIENCE, Workers
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST
from nianbao.inputs.children import SUMMING
from nianbao.inputs.project import agency_file, list_agencies, list_years, workbook_file

Key = tuple[str, int]
"""A report: agency and year."""
READERS = 2
"""Processes that read reports."""
UNITS_SECONDS = 30.0
"""So often it is looked whether a unit of a government changed."""


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
        self._known: dict[Key, tuple[Snapshot, Standing]] = {}
        self._running: dict[Key, tuple[Snapshot, Future[Standing]]] = {}
        self._units: tuple[float, Snapshot] = (-UNITS_SECONDS, {})
        self._lock = threading.RLock()
        self.reads = 0
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
        """The files that a report's pages are made from, as they stand.

        A government's are those of all its units; they are looked at every `UNITS_SECONDS`, for
        somebody is always writing in one of sixty, and reading all of them takes seconds.
        """
        root = self.settings.root
        manifest = report_folder(root, agency, year) / MANIFEST
        own = look(iter((*watched(root, agency, year), manifest)))
        if self.contact(agency, year).kind not in SUMMING:
            return own
        at, units = self._units
        if time.monotonic() > at + UNITS_SECONDS:
            units = look(iter((root / "params", root / "data")))
            self._units = (time.monotonic(), units)
        return units | own

    def _begin(self, agency: str, year: int) -> tuple[Standing | None, Future[Standing] | None]:
        """What is known of a report if it is up to date, else also its reading, begun once."""
        key, files = (agency, year), self._files(agency, year)
        with self._lock:
            known = self._known.get(key)
            if known is not None and known[0] == files:
                return known[1], None
            running = self._running.get(key)
            if running is None or running[0] != files:
                future = self._readers.submit(
                    agency, read_standing, self.settings.root, agency, year
                )
                running = self._running[key] = (files, future)
                future.add_done_callback(partial(self._keep, key, files))
            return (known[1] if known else None), running[1]

    def _keep(self, key: Key, files: Snapshot, future: Future[Standing]) -> None:
        with self._lock:
            if self._running.get(key, (None, None))[1] is future:
                del self._running[key]
            if not future.cancelled() and future.exception() is None:
                self._known[key] = (files, future.result())
                self.reads += 1

    def standing(self, agency: str, year: int) -> Standing:
        """A report as its files stand now, read anew only when one of them changed.

        Raises
        ------
        ExecutionError
            It cannot be read in time.
        """
        known, future = self._begin(agency, year)
        if future is None:
            assert known is not None
            return known
        try:
            return future.result(PATIENCE)
        except (BrokenProcessPool, CancelledError, TimeoutError):
            return self._readers.ask(agency, read_standing, self.settings.root, agency, year)

    def glance(self, agency: str, year: int) -> Standing | None:
        """The same without waiting: what was read last, or None until it has been read."""
        return self._begin(agency, year)[0]

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
        return self.builds.number + self.reads
