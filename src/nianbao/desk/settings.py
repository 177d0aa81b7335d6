"""Settings of a desk: for one person at this machine, or for a county on a server."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
PORT = 8765
FOLDER = "desk"
"""Below the project: accounts, journal and kept versions. Nothing of a report is made from it."""


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """DeskLimits on what a visitor may ask of the machine."""

    form_bytes: int = 2_000_000
    upload_bytes: int = 64_000_000
    """Of a request without and with files."""
    files: int = 40
    """So many files at once."""
    kept_bytes: int = 300_000_000
    kept_files: int = 400
    """Of the versions that are kept for one report; the oldest give way, frozen ones never."""
    builds: int = 2
    """Reports that are made at the same time."""
    build_seconds: float = 3600.0
    build_cpu_seconds: int = 300
    build_memory_mb: int = 2048
    """Of one report: by the clock, which runs on while others have the processor; of computing; of
    data. The first is for what hangs, the second for what never ends.
    """
    page_seconds: float = 0.1
    answer_seconds: float = 1.0
    """So long a page waits for what was just changed to be checked, and the one after files were
    handed in; then it shows what was known before, says so, and is loaded again when the checks are
    through.
    """


@dataclass(frozen=True, slots=True)
class Settings:
    """The project of a desk, its address, and whom it serves."""

    root: Path
    host: str = LOOPBACK
    port: int = PORT
    """Where it listens."""
    site: str = ""
    """The address under which a county's clerks reach it, behind nginx; empty without one."""
    limits: DeskLimits = DeskLimits()
    """What a visitor may ask."""

    @property
    def is_local(self) -> bool:
        """True if only this machine's browser is served, and nobody needs an account."""
        return self.host in {LOOPBACK, "localhost", "::1"} and not self.site

    @property
    def is_secure(self) -> bool:
        """True if browsers come by HTTPS, so that cookies are kept to it."""
        return self.site.startswith("https://")

    @property
    def folder(self) -> Path:
        """The folder of accounts, journal and versions."""
        return self.root / FOLDER

    @property
    def address(self) -> str:
        """The address to type into the browser."""
        host = LOOPBACK if self.host == "0.0.0.0" else self.host
        return self.site.rstrip("/") + "/" if self.site else f"http://{host}:{self.port}/"

    def serves(self, host: str) -> bool:
        """Return whether a request may name this host.

        A page elsewhere can have its own name resolve to this machine, but not an address made
        of numbers: on a server those are let in along with the names that were given.
        """
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if self.is_local:
            return name in {LOOPBACK, "localhost", "::1"} and (port or 80) == self.port
        if name in {urlsplit(self.site).hostname, self.host, LOOPBACK, "localhost"}:
            return True
        return not self.site and _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
