"""What a disk may hold when the power fails: writes that nobody flushed are lost.

A job is run once, and each change that it makes to the disk is recorded. Then for every moment the
folders are put together as a disk may have them: of a file the bytes as of its last fsync, none
when there was none; of a folder its names as of some moment since its own last fsync. Folders lose
independently of each other, which is worse than most file systems are.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class File:
    """A file by the bytes that are safe."""

    safe: bytes = b""


@dataclass
class Folder:
    """A folder by its names at each change since they were last flushed, the newest last."""

    states: list[dict[str, File | Folder]] = field(default_factory=lambda: [{}])

    @property
    def now(self) -> dict[str, File | Folder]:
        """The names as programs see them."""
        return self.states[-1]

    def change(self, name: str, node: File | Folder | None) -> None:
        """Give a name to something, or take it away."""
        names = {k: v for k, v in self.now.items() if k != name}
        self.states.append(names if node is None else {**names, name: node})

    def flush(self) -> None:
        """Make the names as they are now safe."""
        self.states = [self.now]


Choose = Callable[[Folder], dict[str, "File | Folder"]]


class Disk:
    """A folder on a disk, followed from the changes that are made below it."""

    def __init__(self, root: Path) -> None:
        self.root, self.top = root, _read(root)

    def _find(self, path: Path) -> File | Folder | None:
        node: File | Folder | None = self.top
        for part in path.relative_to(self.root).parts:
            node = node.now.get(part) if isinstance(node, Folder) else None
        return node

    def _parent(self, path: Path) -> Folder:
        found = self._find(path.parent)
        assert isinstance(found, Folder), path
        return found

    def apply(self, what: str, *paths: Path) -> None:
        """Follow one change."""
        path, node = paths[0], self._find(paths[0])
        if what == "rename":
            old, new = self._parent(path), self._parent(paths[1])
            if old is not new:
                new.change(paths[1].name, node)
                old.change(path.name, None)
                return
            names = {k: v for k, v in old.now.items() if k != path.name}
            old.states.append(names if node is None else {**names, paths[1].name: node})
        elif what == "remove":
            self._parent(path).change(path.name, None)
        elif what == "mkdir" and node is None:
            self._parent(path).change(path.name, Folder())
        elif what == "write":
            if node is None:
                self._parent(path).change(path.name, File())
            elif isinstance(node, File):
                node.safe = b""  # cut to nothing, and what is written anew is not safe yet
        elif what == "flush" and isinstance(node, File):
            node.safe = path.read_bytes()
        elif what == "flush" and isinstance(node, Folder):
            node.flush()

    def folders(self) -> list[Folder]:
        """All folders, also those that are only there if a change was lost."""
        found: list[Folder] = [self.top]
        for folder in found:  # grows while it is walked
            for names in folder.states:
                found += [n for n in names.values() if isinstance(n, Folder) and n not in found]
        return found

    def after_power_loss(self) -> Iterator[dict[str, bytes | None]]:
        """Every disk that may be found, as paths with bytes, None for a folder.

        Nothing more was lost than must be, everything that can be, and for each folder and each
        of its moments all others kept or all others lost.
        """
        folders = self.folders()
        seen: list[dict[str, bytes | None]] = []
        for others in (0, -1):
            for special in folders:
                for moment in range(len(special.states)):
                    found = dict(
                        _tree(
                            self.top,
                            lambda f, s=special, m=moment, o=others: f.states[m if f is s else o],
                        )
                    )
                    if found not in seen:
                        seen.append(found)
                        yield found


def _read(folder: Path) -> Folder:
    names = {p.name: _read(p) if p.is_dir() else File(p.read_bytes()) for p in folder.iterdir()}
    return Folder([dict(names)])


def _tree(folder: Folder, choose: Choose, above: str = "") -> Iterator[tuple[str, bytes | None]]:
    for name, node in sorted(choose(folder).items()):
        path = f"{above}{name}"
        if isinstance(node, Folder):
            yield path, None
            yield from _tree(node, choose, f"{path}/")
        else:
            yield path, node.safe


def record(root: Path, job: Callable[[Path], None]) -> Iterator[dict[str, bytes | None]]:
    """Do a job; yield what may be found on the disk if the power fails before or after a change.

    The audit hook cannot be taken away again: call it in a process of its own.
    """
    disk, found = Disk(root), list[dict[str, bytes | None]]()

    def note(what: str, *paths: object) -> None:
        below = [Path(os.fsdecode(p)) for p in paths if isinstance(p, str | bytes | os.PathLike)]
        inside = below and all(root in p.parents or p == root for p in below)
        if inside and not any(p.suffix == ".lock" for p in below):
            found.extend(d for d in disk.after_power_loss() if d not in found)
            disk.apply(what, *below)

    def heard(event: str, given: tuple[object, ...]) -> None:
        if event == "open" and isinstance(given[2], int):
            if given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                note("write", given[0])
        elif event == "os.rename":
            note("rename", given[0], given[1])
        elif event in ("os.remove", "os.rmdir"):
            note("remove", _absolute(given))
        elif event == "os.mkdir":
            note("mkdir", given[0])

    def fsync(handle: int) -> None:
        real(handle)
        note("flush", Path(f"/proc/self/fd/{handle}").readlink())

    real, os.fsync = os.fsync, fsync
    sys.addaudithook(heard)
    job(root)
    found.extend(d for d in disk.after_power_loss() if d not in found)
    os.fsync = real
    yield from found


def _absolute(given: tuple[object, ...]) -> object:
    """The path of a removal, which shutil.rmtree gives with the handle of its folder."""
    path, handle = given[0], given[1] if len(given) > 1 else -1
    if isinstance(handle, int) and handle >= 0:
        return Path(f"/proc/self/fd/{handle}").readlink() / str(path)
    return path


def write_tree(root: Path, tree: dict[str, bytes | None]) -> None:
    """Put a disk as it was found into a folder."""
    for path, data in tree.items():
        if data is None:
            (root / path).mkdir(parents=True)
        else:
            (root / path).write_bytes(data)
