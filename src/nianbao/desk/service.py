"""The desk itself: what all of its pages share."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

from nianbao.batch.worker import Outcome
from nianbao.desk.access import new_token
from nianbao.desk.builds import Builds
from nianbao.desk.finished_set import EXTRAS, Extra, make_extra
from nianbao.desk.preview import View, draw_view
from nianbao.desk.profile import Contact, read_contact
from nianbao.desk.settings import Settings
from nianbao.desk.standing import ReportState, Standing, days_left, read_standing
from nianbao.desk.storage import JournalEntry, Store
from nianbao.desk.versions import FINAL, Versions
from nianbao.desk.watch import Snapshot, look, watched
from nianbao.desk.wording import for_clerks
from nianbao.desk.workers import SLOW, Latest, P, T, Workers
from nianbao.errors import MOST_SHOWN, ExecutionError
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST
from nianbao.inputs.children import SUMMING
from nianbao.inputs.project import (
    FIRST_YEAR,
    agency_file,
    data_folder,
    list_agencies,
    list_years,
    workbook_file,
)

Key = tuple[str, int]
"""A report: agency and year."""
READING_PROCESSES = 2
"""Processes that read bureaus' reports; a government's, which takes seconds, has its own."""
READING, DRAWING = 2, 5
"""How far reading, and drawing and summing, stand back behind the server: pages show what was
known before meanwhile."""
MOST_STANDINGS, MOST_VIEWS, MOST_EXTRAS, MOST_RESULTS = 1000, 100, 60, 500
"""So many reports, drawn pages, extras of finished sets and results of forms are kept in memory."""
LOOK_SECONDS = 1.0
"""So old may be what the board and open pages know of the files: they are asked all the time."""
UNITS_SECONDS = 30.0
"""So often it is looked whether a unit of a government changed."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A bureau on the county's board; ``standing`` is None while it is being read."""

    agency: str
    name: str
    days: int
    standing: Standing | None
    state: ReportState | None
    last: JournalEntry | None
    handed_back: JournalEntry | None
    """Why the office handed it back, until it is frozen anew."""


class Desk:
    """Settings, memory, processes and builds of one desk.

    Parameters
    ----------
    settings
        How it is run.

    Attributes
    ----------
    key
        Opens this machine's own desk: who has it got it from the program.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.folder)
        self.versions = Versions(settings, self.store)
        self.secret = self.store.secret()
        self.key = new_token()
        self.closing = False
        self.builds = Builds(settings.root, settings.limits, self._built, self._batch_done)
        self._readers = Workers(READING_PROCESSES, READING)
        self._sums = Workers(1, DRAWING)
        self._drawer = Workers(1, DRAWING)
        self.standings: Latest[Key, Standing] = Latest(self._read, MOST_STANDINGS)
        self.views: Latest[Key, View] = Latest(self._draw, MOST_VIEWS)
        self._extras: Latest[tuple[str, int, Extra], dict[str, bytes]] = Latest(
            self._make, MOST_EXTRAS
        )
        self._results: dict[str, object] = {}
        self._touched: Counter[Key] = Counter()
        self._looked: dict[Key, tuple[float, Snapshot]] = {}
        self._made: dict[Key, float] = {}
        self._units: tuple[float, Snapshot] = (-UNITS_SECONDS, {})
        self._roster: tuple[float, Mapping[str, tuple[int, ...]]] = (-LOOK_SECONDS, {})
        self._contacts: dict[tuple[str, int], tuple[Snapshot, Contact]] = {}
        self._readers.warm_up()
        self._drawer.warm_up()

    def close(self) -> None:
        """End all processes and close the files."""
        self.closing = True
        self.builds.stop()
        self._readers.stop()
        self._sums.stop()
        self._drawer.stop()
        self.store.close()

    def _built(self, agency: str, year: int, outcome: Outcome) -> None:
        self._made[agency, year] = time.monotonic()
        if outcome.status == "built":
            self.store.note("系统", agency, year, "生成了报告")
        elif outcome.status == "failed":
            why = for_clerks(outcome.problems[0].replace(f"{data_folder(agency, year)}/", ""))
            more = f"；等共{len(outcome.problems)}项" if len(outcome.problems) > 1 else ""
            self.store.note("系统", agency, year, f"没有生成报告：{why[:MOST_SHOWN]}{more}")

    def _batch_done(self, year: int, problem: str) -> None:
        if problem:
            self.store.note("系统", "", year, f"批量生成没有做完：{problem[:MOST_SHOWN]}")

    # Digest.

    def contact(self, agency: str, year: int) -> Contact:
        """Return who reports, as the profile says now."""
        root = self.settings.root
        files = look((root / agency_file(agency), root / workbook_file(agency, year)))
        known = self._contacts.get((agency, year))
        if known is None or known[0] != files:
            known = (files, read_contact(root, agency, year))
            self._contacts[agency, year] = known
        return known[1]

    def files(self, agency: str, year: int, age: float = 0.0) -> Snapshot:
        """Return the files of a report's pages, as they stand or as they stood ``age`` ago.

        A government's are those of all its units; they are looked at every `UNITS_SECONDS`, for
        somebody is always writing in one of sixty, and reading all of them takes seconds.
        """
        key, at = (agency, year), time.monotonic()
        known = self._looked.get(key)
        # A look from before a build ended would show what was there before, and nobody looks again.
        if known is not None and known[0] > max(at - age, self._made.get(key, 0.0)):
            return known[1]
        root = self.settings.root
        manifest = report_folder(root, agency, year) / MANIFEST
        found = look((*watched(root, agency, year), manifest))
        if self._is_summing(agency, year):
            when, units = self._units
            if at - when > UNITS_SECONDS:
                units = look((root / "params", root / "data"))
                self._units = (at, units)
            found = units | found
        self._looked[key] = (at, found)
        return found

    def _read(self, key: Key) -> Future[Standing]:
        readers = self._sums if self._is_summing(*key) else self._readers
        return readers.submit(key[0], read_standing, self.settings.root, *key)

    def _draw(self, key: Key) -> Future[View]:
        sources = f"/agency/{key[0]}/{key[1]}/source"
        return self._drawer.submit(key[0], draw_view, self.settings.root, *key, sources)

    def _is_summing(self, agency: str, year: int) -> bool:
        return self.contact(agency, year).kind in SUMMING

    def standing(self, agency: str, year: int) -> Standing:
        """Return a report as its files stand now, read anew only when one of them changed.

        Raises
        ------
        ExecutionError
            It cannot be read in time.
        """
        key = (agency, year)
        standing, is_fresh = self.standings.get(key, self.files(*key))
        if not is_fresh:
            raise ExecutionError(SLOW)
        return standing

    def recent(self, agency: str, year: int, seconds: float | None = None) -> tuple[Standing, bool]:
        """Return the same for a page, and whether it is up to date.

        A page waits ``seconds`` at most, `DeskLimits.page_seconds` by default.
        """
        key = (agency, year)
        patience = self.settings.limits.page_seconds if seconds is None else seconds
        return self.standings.get(key, self.files(*key), patience)

    def glance(self, agency: str, year: int) -> Standing | None:
        """Return a report without waiting: what was read last, or None until it has been read."""
        key = (agency, year)
        return self.standings.glance(key, self.files(*key, LOOK_SECONDS))

    def view(self, agency: str, year: int) -> tuple[View | None, str]:
        """Return the page as it will be published, or as it was last drawn, and its mark.

        The page is None before that; its mark is the part behind the point in `mark`.
        """
        key = (agency, year)
        files = self.files(*key)
        view, is_fresh = self.views.soon(key, files, self.settings.limits.page_seconds)
        return view, _view_mark(files, is_fresh=is_fresh)

    def mark(self, agency: str, year: int, age: float = 0.0) -> str:
        """Return what changes with all that a report's pages show.

        A page carries the mark from before it was drawn, so that nothing is missed between its
        drawing and its first report of the stream. What stands behind its point changes with the
        report in its frame.
        """
        key, files = (agency, year), self.files(agency, year, age)
        view = _view_mark(files, is_fresh=self.views.is_fresh(key, files))
        finished = self._finished_files(agency, year)
        extras = tuple(self._extras.is_fresh((*key, kind), finished) for kind in EXTRAS)
        read = self.standings.is_fresh(key, files)
        build, touched = self.builds.find(agency, year), self._touched[key]
        return f"{hash((view, read, extras, build, touched))}.{view}"

    def _make(self, key: tuple[str, int, Extra]) -> Future[dict[str, bytes]]:
        return self._drawer.submit(key[0], make_extra, self.settings.root, *key)

    def _finished_files(self, agency: str, year: int) -> Snapshot:
        return look((report_folder(self.settings.root, agency, year) / MANIFEST,))

    def extra(self, agency: str, year: int, kind: Extra) -> dict[str, bytes]:
        """Return what is made of the finished set besides its documents."""
        return self._extras.get((agency, year, kind), self._finished_files(agency, year))[0]

    def fragments_soon(self, agency: str, year: int) -> dict[str, bytes]:
        """Return what is pasted into websites; nothing while it is being made.

        A page waits `DeskLimits.page_seconds` at most.
        """
        files = self._finished_files(agency, year)
        page, cms = (agency, year, EXTRAS[0]), (agency, year, EXTRAS[1])
        self._extras.glance(page, files)  # one process makes both, in this order
        made, is_fresh = self._extras.soon(cms, files, self.settings.limits.page_seconds)
        whole = self._extras.glance(page, files) if self._extras.is_fresh(page, files) else None
        return made | whole if made and whole and is_fresh else {}

    def read(self, agency: str, do: Callable[P, T], *given: P.args, **more: P.kwargs) -> T:
        """Have the agency's process do something with its files."""
        year = max(self.roster().get(agency, ()), default=FIRST_YEAR)
        readers = self._sums if self._is_summing(agency, year) else self._readers
        return readers.ask(agency, do, *given, **more)

    # States.

    def frozen(self, agency: str, year: int) -> str:
        """Return the checksum of the set that was frozen last; empty without one."""
        found = self.store.versions(agency, year, FINAL)
        return found[0].note if found else ""

    def state(self, standing: Standing) -> ReportState:
        """Return the state of a report, see `Standing.state`."""
        digest = standing.digest
        return standing.state(self.frozen(digest.agency, digest.year))

    def days(self, agency: str, year: int, deadline: date, state: ReportState | None) -> int:
        """Return the days until the deadline; of a frozen report, those left when it was frozen."""
        return days_left(deadline, self.day_of(agency, year, state))

    def day_of(self, agency: str, year: int, state: ReportState | None) -> date:
        """Return the day by which a report is judged: that of its freezing, else today."""
        kept = self.store.versions(agency, year, FINAL) if state is ReportState.FROZEN else []
        return date.fromisoformat(kept[0].at[:10]) if kept else date.today()

    def rows(self, year: int) -> list[BoardRow]:
        """Return the county's board of a year, as far as it is read."""
        last, back = self.store.last_entries(year), self.store.handed_back(year)
        return [self._row(a, year, last.get(a), back.get(a)) for a in self.agencies(year)]

    def _row(
        self, agency: str, year: int, last: JournalEntry | None, handed_back: JournalEntry | None
    ) -> BoardRow:
        contact = self.contact(agency, year)
        standing = self.glance(agency, year)
        state = self.state(standing) if standing else None
        left = self.days(agency, year, contact.deadline, state)
        return BoardRow(agency, contact.name, left, standing, state, last, handed_back)

    def roster(self) -> Mapping[str, tuple[int, ...]]:
        """Return the project's agencies with their years, looked up every `LOOK_SECONDS`."""
        at, found = self._roster
        if time.monotonic() - at > LOOK_SECONDS:
            root = self.settings.root
            found = {agency: list_years(root, agency) for agency in list_agencies(root)}
            self._roster = (time.monotonic(), found)
        return found

    def has(self, agency: str) -> bool:
        """Return whether there is such an agency; one that just came is looked for."""
        if agency not in self.roster():
            self.forget_roster()
        return agency in self.roster()

    def forget_roster(self) -> None:
        """Look for agencies and years anew: something was begun."""
        self._roster = (-LOOK_SECONDS, {})

    def agencies(self, year: int) -> list[str]:
        """Return the agencies that report for a year, or did for the year before."""
        return [a for a, years in self.roster().items() if {year, year - 1} & set(years)]

    def years(self) -> list[int]:
        """Return the years of which there are reports, newest first."""
        return sorted({year for years in self.roster().values() for year in years}, reverse=True)

    def touch(self, agency: str, year: int) -> None:
        """Have the pages of a report, and the board, look anew: somebody did something."""
        self._touched[agency, year] += 1

    def board_mark(self) -> str:
        """Return what changes with every build, every reading and everything that somebody did."""
        return f"{self.builds.number}-{self.standings.ended}-{self._touched.total()}"

    # What came of a form, for the page that is shown after it.

    def keep_result(self, result: object) -> str:
        """Keep what came of a form for a while; the token to ask for it."""
        token = new_token()
        self._results[token] = result
        while len(self._results) > MOST_RESULTS:
            del self._results[next(iter(self._results))]
        return token

    def result(self, token: str) -> object:
        """Return what came of a form; None when it was too long ago."""
        return self._results.get(token)


def _view_mark(files: Snapshot, *, is_fresh: bool) -> str:
    return str(hash((frozenset(files.items()), is_fresh)))
