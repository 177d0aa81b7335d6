"""The desk's memory besides the files of the reports: one SQLite file.

Accounts, invitations and sessions; the journal; which versions of files are kept; drafts.
Tokens are stored as checksums, so that a copy of the file lets nobody in. A call returns after
its change is on the disk.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = "desk.sqlite"
ATTEMPT_MINUTES = 15.0
"""So long a failed login counts."""
SAME_MINUTES = 10.0
"""A section that is written saves itself all the time; so long its saves are one line."""
HANDED_BACK, FROZEN = "退回修改：", "定稿"
"""How the lines of the journal begin that say so; why it was handed back follows."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
  id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, person TEXT NOT NULL, role TEXT NOT NULL,
  agency TEXT NOT NULL DEFAULT '', password TEXT NOT NULL, made TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS invitations (
  token TEXT PRIMARY KEY, role TEXT NOT NULL, agency TEXT NOT NULL DEFAULT '',
  made TEXT NOT NULL, expires TEXT NOT NULL, used TEXT);
CREATE TABLE IF NOT EXISTS sessions (
  token TEXT PRIMARY KEY, account INTEGER REFERENCES accounts(id), expires TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS attempts (who TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS attempts_who ON attempts (who, at);
CREATE TABLE IF NOT EXISTS journal (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, agency TEXT NOT NULL,
  year INTEGER NOT NULL, what TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS journal_report ON journal (agency, year, id);
CREATE TABLE IF NOT EXISTS versions (
  id INTEGER PRIMARY KEY, agency TEXT NOT NULL, year INTEGER NOT NULL, kind TEXT NOT NULL,
  name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, at TEXT NOT NULL,
  who TEXT NOT NULL, note TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS versions_report ON versions (agency, year, id);
CREATE TABLE IF NOT EXISTS drafts (
  agency TEXT NOT NULL, year INTEGER NOT NULL, section TEXT NOT NULL, who TEXT NOT NULL,
  base TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (agency, year, section, who));
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in; ``agency`` is empty for the county office."""

    id: int
    login: str
    person: str
    role: str
    agency: str
    password: str
    made: str
    active: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link by which an account is made, once."""

    role: str
    agency: str
    made: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A line of the journal: who did what when."""

    at: str
    who: str
    agency: str
    year: int
    what: str


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was once; ``kind`` is ``upload``, ``replaced``, ``text`` or ``final``.

    Of a Word file that came back, ``note`` is empty until its changes were decided on.
    """

    id: int
    agency: str
    year: int
    kind: str
    name: str
    sha256: str
    size: int
    at: str
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that could not be put into its section, kept until its writer has decided."""

    section: str
    who: str
    base: str
    text: str
    at: str


def now() -> str:
    """Return the time to the second, in this machine's zone."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def later(**span: float) -> str:
    """Return the time after a span, comparable as text with `utc_now`."""
    return (datetime.now(UTC) + timedelta(**span)).isoformat(timespec="seconds")


def utc_now() -> str:
    """Return the time in UTC, comparable as text."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def token_checksum(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Store:
    """The desk's memory, usable from all threads.

    Parameters
    ----------
    folder
        Where the file is or is to be; readable by its owner alone.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._connection, self._reader = _connect(folder / FILE), _connect(folder / FILE)
        self._lock, self._reading = threading.RLock(), threading.Lock()
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock, self._reading:
            self._connection.close()
            self._reader.close()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """Provide one change that is made wholly or not at all."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Read what was committed: a page does not wait until another's change is on the disk."""
        with self._reading:
            return self._reader.execute(query, values).fetchall()

    # Accounts and invitations.

    def invite(self, token: str, role: str, agency: str, days: float) -> None:
        """Record an invitation; one that is open for the same role and agency ends."""
        with self._write() as write:
            write.execute(
                "DELETE FROM invitations WHERE role = ? AND agency = ? AND used IS NULL",
                (role, agency),
            )
            _insert(
                write, "invitations", token=token_checksum(token), role=role, agency=agency,
                made=now(), expires=later(days=days),
            )  # fmt: skip

    def invitation(self, token: str) -> Invitation | None:
        """Return an invitation that can still be taken up."""
        rows = self._rows(
            "SELECT role, agency, made FROM invitations"
            " WHERE token = ? AND used IS NULL AND expires > ?",
            token_checksum(token), utc_now(),
        )  # fmt: skip
        return Invitation(**dict(rows[0])) if rows else None

    def open_invitations(self) -> list[Invitation]:
        """Return the invitations that nobody has taken up yet."""
        rows = self._rows(
            "SELECT role, agency, made FROM invitations"
            " WHERE used IS NULL AND expires > ? ORDER BY agency, role", utc_now(),
        )  # fmt: skip
        return [Invitation(**dict(row)) for row in rows]

    def take_up(self, token: str, login: str, person: str, password: str) -> Account | None:
        """Make the account of an invitation; None when it was used or the name is taken."""
        with self._write() as write:
            found = self.invitation(token)
            if found is None or self.account_named(login) is not None:
                return None
            write.execute(
                "UPDATE invitations SET used = ? WHERE token = ?", (now(), token_checksum(token))
            )
            _insert(
                write, "accounts", login=login, person=person, role=found.role,
                agency=found.agency, password=password, made=now(),
            )  # fmt: skip
        return self.account_named(login)

    def account_named(self, login: str) -> Account | None:
        """Return the account of a login name."""
        rows = self._rows("SELECT * FROM accounts WHERE login = ?", login)
        return _account(rows[0]) if rows else None

    def accounts(self) -> list[Account]:
        """Return all accounts, the office's first."""
        rows = self._rows("SELECT * FROM accounts ORDER BY agency, login")
        return [_account(row) for row in rows]

    def set_active(self, account: int, active: bool) -> None:
        """Shut an account out, or let it in again; its sessions end."""
        with self._write() as write:
            write.execute("UPDATE accounts SET active = ? WHERE id = ?", (active, account))
            write.execute("DELETE FROM sessions WHERE account = ?", (account,))

    # Sessions. One without an account is of the person at this machine.

    def open_session(self, token: str, account: int | None, hours: float) -> None:
        """Begin a session; those that are over are forgotten."""
        with self._write() as write:
            write.execute("DELETE FROM sessions WHERE expires <= ?", (utc_now(),))
            _insert(
                write, "sessions", token=token_checksum(token), account=account,
                expires=later(hours=hours),
            )  # fmt: skip

    def session_account(self, token: str) -> Account | None:
        """Return whose session it is; None when it is over or the account is shut out."""
        rows = self._rows(
            "SELECT accounts.* FROM sessions JOIN accounts ON accounts.id = sessions.account"
            " WHERE token = ? AND expires > ? AND active = 1",
            token_checksum(token), utc_now(),
        )  # fmt: skip
        return _account(rows[0]) if rows else None

    def is_own_session(self, token: str) -> bool:
        """Return whether a session is open of the person at this machine, who has no account."""
        query = "SELECT 1 FROM sessions WHERE token = ? AND account IS NULL AND expires > ?"
        return bool(self._rows(query, token_checksum(token), utc_now()))

    def close_session(self, token: str) -> None:
        """End a session."""
        with self._write() as write:
            write.execute("DELETE FROM sessions WHERE token = ?", (token_checksum(token),))

    def note_attempt(self, who: str) -> None:
        """Count a failed login; old ones are forgotten."""
        with self._write() as write:
            write.execute("DELETE FROM attempts WHERE at <= ?", (later(minutes=-ATTEMPT_MINUTES),))
            _insert(write, "attempts", who=who, at=utc_now())

    def attempts(self, who: str) -> int:
        """Return the failed logins in the last `ATTEMPT_MINUTES`."""
        rows = self._rows(
            "SELECT count(*) AS n FROM attempts WHERE who = ? AND at > ?",
            who, later(minutes=-ATTEMPT_MINUTES),
        )  # fmt: skip
        return int(rows[0]["n"])

    def secret(self) -> bytes:
        """Return the key of the forms' tokens: kept, so that open pages outlive a restart."""
        with self._write() as write:
            write.execute("INSERT OR IGNORE INTO secrets VALUES ('forms', ?)",
                          (secrets.token_bytes(32),))  # fmt: skip
        return bytes(self._rows("SELECT key FROM secrets WHERE name = 'forms'")[0]["key"])

    # The journal.

    def note(self, who: str, agency: str, year: int, what: str) -> None:
        """Write a line into the journal."""
        with self._write() as write:
            _insert(write, "journal", at=now(), who=who, agency=agency, year=year, what=what)

    def note_once(self, who: str, agency: str, year: int, what: str) -> None:
        """Write a line into the journal; what is done again within `SAME_MINUTES` is one line."""
        since = (datetime.now(UTC) - timedelta(minutes=SAME_MINUTES)).astimezone()
        with self._write() as write:
            same = write.execute(
                "SELECT 1 FROM journal WHERE agency = ? AND year = ? AND who = ? AND what = ?"
                " AND at > ? LIMIT 1",
                (agency, year, who, what, since.isoformat(timespec="seconds")),
            ).fetchone()
            if same is None:
                _insert(write, "journal", at=now(), who=who, agency=agency, year=year, what=what)

    def journal(
        self, agency: str | None = None, year: int = 0, most: int = 200
    ) -> list[JournalEntry]:
        """Return the newest lines, of one report or of all."""
        where, values = ("", ()) if agency is None else ("WHERE agency = ? AND year = ?",
                                                         (agency, year))  # fmt: skip
        rows = self._rows(
            f"SELECT at, who, agency, year, what FROM journal {where} ORDER BY id DESC LIMIT ?",
            *values, most,
        )  # fmt: skip
        return [JournalEntry(**dict(row)) for row in rows]

    def last_entries(self, year: int) -> dict[str, JournalEntry]:
        """Return the newest line of each agency of a year."""
        rows = self._rows(
            "SELECT at, who, agency, year, what FROM journal WHERE id IN"
            " (SELECT max(id) FROM journal WHERE year = ? GROUP BY agency)", year,
        )  # fmt: skip
        return {row["agency"]: JournalEntry(**dict(row)) for row in rows}

    def handed_back(self, year: int) -> dict[str, JournalEntry]:
        """Return why the office handed reports of a year back, those frozen anew left out."""
        rows = self._rows(
            "SELECT at, who, agency, year, what FROM journal WHERE id IN"
            " (SELECT max(id) FROM journal WHERE year = ? AND (what LIKE ? OR what LIKE ?)"
            " GROUP BY agency) AND what LIKE ?",
            year, f"{HANDED_BACK}%", f"{FROZEN}%", f"{HANDED_BACK}%",
        )  # fmt: skip
        return {
            row["agency"]: replace(
                JournalEntry(**dict(row)), what=row["what"].removeprefix(HANDED_BACK)
            )
            for row in rows
        }

    # Versions of files; the bytes lie beside, see `versions`.

    def add_version(self, version: Version) -> int:
        """Record a version of today; return its number."""
        row = asdict(replace(version, at=now()))
        del row["id"]
        with self._write() as write:
            return _insert(write, "versions", **row)

    def versions(self, agency: str, year: int, *kinds: str) -> list[Version]:
        """Return the versions of a report, newest first."""
        rows = self._rows(
            "SELECT * FROM versions WHERE agency = ? AND year = ? ORDER BY id DESC", agency, year
        )
        found = [Version(**dict(row)) for row in rows]
        return [version for version in found if not kinds or version.kind in kinds]

    def note_version(self, number: int, note: str) -> None:
        """Record what became of a version."""
        with self._write() as write:
            write.execute("UPDATE versions SET note = ? WHERE id = ?", (note, number))

    def forget_version(self, number: int) -> bool:
        """Take a version off the list; return whether no other version has its bytes."""
        with self._write() as write:
            gone = write.execute(
                "DELETE FROM versions WHERE id = ? RETURNING sha256", (number,)
            ).fetchone()
            same = "SELECT 1 FROM versions WHERE sha256 = ? LIMIT 1"
            return gone is not None and write.execute(same, (gone["sha256"],)).fetchone() is None

    # Drafts.

    def keep_draft(self, agency: str, year: int, draft: Draft) -> None:
        """Keep somebody's text of a section."""
        with self._write() as write:
            write.execute(
                "INSERT OR REPLACE INTO drafts (agency, year, section, who, base, text, at)"
                " VALUES (?,?,?,?,?,?,?)",
                (agency, year, draft.section, draft.who, draft.base, draft.text, draft.at),
            )

    def drafts(self, agency: str, year: int, who: str) -> dict[str, Draft]:
        """Return somebody's drafts of a report by section."""
        rows = self._rows(
            "SELECT section, who, base, text, at FROM drafts"
            " WHERE agency = ? AND year = ? AND who = ?", agency, year, who,
        )  # fmt: skip
        return {row["section"]: Draft(**dict(row)) for row in rows}

    def drop_draft(self, agency: str, year: int, section: str, who: str) -> None:
        """Forget a draft that was decided on."""
        with self._write() as write:
            write.execute(
                "DELETE FROM drafts WHERE agency = ? AND year = ? AND section = ? AND who = ?",
                (agency, year, section, who),
            )


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _insert(write: sqlite3.Connection, table: str, **values: object) -> int:
    """Insert a row; return its number."""
    marks = ",".join("?" * len(values))
    query = f"INSERT INTO {table} ({','.join(values)}) VALUES ({marks})"
    return int(write.execute(query, tuple(values.values())).lastrowid or 0)


def _account(row: sqlite3.Row) -> Account:
    return Account(**{**dict(row), "active": bool(row["active"])})
