"""Share what was read once and need not be read again in this process.

Whoever builds a report opens it, counts it, and runs a notebook that opens it again; whoever
builds a county compares each report with the same other agencies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.inputs.bundle import Inputs
from nianbao.inputs.params import ReportParams
from nianbao.inputs.peers import Peer

if TYPE_CHECKING:
    from nianbao.notebook.report import Report


@dataclass(frozen=True)
class Shared:
    """What ``Report.open`` may take instead of reading it."""

    root: Path
    peers: tuple[Peer, ...]
    """The project's agencies; of one report all others are its peers."""
    inputs: Inputs
    """Of one report, with the parameters of its file."""
    reports: dict[ReportParams, Report] = field(default_factory=dict)
    """Those opened from `inputs`, by their parameters."""


_SHARED: ContextVar[Shared | None] = ContextVar("shared", default=None)
_PEERS: ContextVar[tuple[Path, tuple[Peer, ...]] | None] = ContextVar("peers", default=None)


@contextmanager
def sharing(shared: Shared) -> Iterator[None]:
    """Let ``Report.open`` take what was read already, while this runs."""
    token = _SHARED.set(shared)
    try:
        with sharing_peers(shared.root, shared.peers):
            yield
    finally:
        _SHARED.reset(token)


@contextmanager
def sharing_peers(root: Path, peers: tuple[Peer, ...]) -> Iterator[None]:
    """Let every report of a project be compared with the same agencies, while this runs."""
    token = _PEERS.set((root, peers))
    try:
        yield
    finally:
        _PEERS.reset(token)


def shared_inputs(root: Path, agency: str, year: int) -> Shared | None:
    """Return what is shared of this very report, or None."""
    shared = _SHARED.get()
    if shared is None:
        return None
    own = (shared.root, shared.inputs.agency.code, shared.inputs.params.year)
    return shared if own == (root, agency, year) else None


def shared_peers(root: Path, agency: str) -> tuple[Peer, ...] | None:
    """Return the other agencies of this project, or None when they have not been read."""
    of, peers = _PEERS.get() or (None, ())
    return None if of != root else tuple(peer for peer in peers if peer.agency.code != agency)
