"""The outcome of a pull, as it is reported and as it is remembered.

A later pull starts from what was pulled: without it, the same edit would be held against the
texts again, and whoever corrected a pulled sentence there would meet a conflict that was decided
already.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import NianbaoError, printable
from nianbao.files.sources import content
from nianbao.files.writing import write_safely
from nianbao.finished.folder import report_folder, texts_lock
from nianbao.finished.kept_edits import KeptSize, kept_folder
from nianbao.finished.manifest import listed_outputs, sha256
from nianbao.inputs.project import NARRATIVE

if TYPE_CHECKING:
    from nianbao.edits.found import Remark
    from nianbao.prose.edits import NumberChange


@dataclass(frozen=True, slots=True)
class PulledSection:
    """A section that an edit changed: the numbers it touched, and whether it needs a person.

    One that was ``emptied`` is left as it was: a section without words cannot be told from one
    that was forgotten, and the master's words would take its place. ``same`` says that no word
    of it was new, ``rejected`` how many of its sentences were not wanted. ``heading`` is the
    section's official heading. ``own_numbers`` were changed in ``home``, the other place of the
    text, since both were the same.
    """

    section: str
    heading: str
    origin: str
    numbers: tuple[NumberChange, ...] = ()
    conflicts: int = 0
    emptied: bool = False
    same: bool = False
    rejected: int = 0
    home: str = NARRATIVE
    own_numbers: tuple[NumberChange, ...] = ()

    @property
    def known(self) -> bool:
        """True if nothing of it is new, neither word nor number: it was merged before."""
        return self.same and not self.numbers and not self.emptied

    def lines(self, *, again: bool) -> Iterator[str]:
        """Yield what became of it, in Chinese; without ``again`` nothing that was merged before."""
        where = f"“{self.heading}”（{self.section}）"
        if self.emptied:
            yield (
                f"{where}：{self.origin} 中全部删去，没有并入；每个章节都要有文字，请在正文中改写"
            )
        elif self.known:
            if again:
                yield f"{where}：{self.origin} 中的修改此前已并入"
        elif self.same:
            yield f"{where}：{self.origin} 中改了由数据得出的数，没有并入"
        else:
            yield f"{where}：已并入 {self.origin} 中的修改"
        yield from (f"  {number_line(number)}" for number in self.numbers)
        yield from (f"  {self.home} 中：{number_line(number)}" for number in self.own_numbers)
        if self.rejected and again:
            yield f"  有{self.rejected}处未采纳，保持原文"
        if self.conflicts:
            yield f"  有{self.conflicts}处两边都改过，两种文字都保留在文件中，请选定"


def number_line(number: NumberChange) -> str:
    """Tell of a number that an edit changed, in Chinese."""
    context = f"上下文：{' '.join(number.context.split())}"
    if number.name:
        kept = "仍按数据印出，确需更改请改数据" if number.kept else "该句已改为文字"
        shown = f"编辑稿写作{number.edited}，数据为{number.data}"
        return f"数字“{number.name}”：{shown}，{kept}。{context}"
    if not number.edited:
        return f"正文中的数“{number.data}”删去了。{context}"
    how = f"由“{number.data}”改成“{number.edited}”" if number.data else f"加了“{number.edited}”"
    if number.agrees:
        return f"正文中的数{how}，与数据相符（{number.known}）。{context}"
    said = f"与数据不符（{number.known}）" if number.known else "数据中没有这个数，无法核对"
    return f"正文中的数{how}，{said}，请核对；确认前每次生成都会提醒。{context}"


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did: changed sections, comments, and the files that were written.

    ``left`` are the lines about what was not taken over, ``kept`` the edited files that were
    laid aside before a build, ``kept_size`` what all of the report's take. ``listed`` says that
    numbers were added to the list of those that edits changed.
    """

    sections: tuple[PulledSection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    written: tuple[Path, ...] = ()
    left: tuple[str, ...] = ()
    kept: tuple[Path, ...] = ()
    kept_size: KeptSize | None = None
    listed: bool = False

    @property
    def is_empty(self) -> bool:
        """True if nobody had changed anything."""
        return not (self.sections or self.remarks or self.left)

    @property
    def conflicts(self) -> int:
        """Places in the files that hold two versions."""
        return sum(s.conflicts for s in self.sections)

    def lines(self, *, again: bool = True) -> Iterator[str]:
        """Yield the merge report, in Chinese; without ``again`` nothing that was merged before."""
        for section in self.sections:
            yield from section.lines(again=again)
        yield from self.left
        if self.left or any(s.numbers or s.own_numbers for s in self.sections):
            yield from (f"改过的文件留存在 {file}" for file in self.kept)
            if self.kept_size:
                yield f"这份报告留存的改稿共{self.kept_size}"
        for remark in self.remarks:
            yield f"批注（{remark.author}，“{remark.heading}”）“{remark.quote}”：{remark.text}"
        yield from (f"已写入 {file}" for file in self.written)


@dataclass(frozen=True, slots=True)
class PulledText:
    """A section as it was pulled from a file."""

    text: str
    """The edited text with its placeholders as it was merged."""
    words: str
    """Its final words as they stood in the file, but for what was rejected."""
    rejected: tuple[tuple[str, str], ...] = ()
    """The edits that were not wanted: how each sentence read before and after."""


Texts = dict[str, dict[str, PulledText]]
"""By file name and section."""


def _set_of(folder: Path) -> str | None:
    """Return the checksum of the notebook as it was made: the name of this set among all others."""
    return (listed_outputs(folder) or {}).get("report.ipynb")


def _file(folder: Path) -> Path:
    return folder.parent / "edited" / folder.name / "pulled.json"


def read_pulled(folder: Path) -> Texts:
    """Return what was pulled from the files of the set that lies in this folder now.

    Returns
    -------
    dict
        Empty for a new set, whose files hold all that was pulled before.
    """
    try:
        kept = json.loads(_file(folder).read_text(encoding="utf-8"))
        texts = kept["texts"] if kept["set"] == _set_of(folder) else {}
        return {
            name: {
                section: PulledText(
                    pulled["text"],
                    pulled["words"],
                    tuple((before, after) for before, after in pulled["rejected"]),
                )
                for section, pulled in sections.items()
            }
            for name, sections in texts.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def is_pulled(folder: Path, name: str) -> bool:
    """Return whether a file of a finished set was pulled as it is now."""
    try:
        kept = json.loads(_file(folder).read_text(encoding="utf-8"))
        known = kept["set"], kept["files"][name]
        return known == (_set_of(folder), sha256(folder / name))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_pulled(folder: Path, texts: Texts, files: Collection[Path] = ()) -> None:
    """Remember what was pulled, and from which files of the set.

    Call it when the texts are safe on the disk.
    """
    if not (files or any(texts.values())) or (of := _set_of(folder)) is None:
        return
    _file(folder).parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "set": of,
        "files": {file.name: sha256(file) for file in files if file.parent == folder},
        "texts": {
            name: {section: asdict(pulled) for section, pulled in sections.items()}
            for name, sections in texts.items()
            if sections
        },
    }
    write_safely(_file(folder), json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


_MOST_LINES = 1000
"""More of ours are never waiting; a longer file is somebody else's."""


def _untold_file(root: Path, agency: str, year: int) -> Path:
    return kept_folder(report_folder(root, agency, year)) / "untold.txt"


def untold(root: Path, agency: str, year: int) -> tuple[str, ...]:
    """Return the lines about what was pulled for a report that are still to be shown."""
    try:
        file = _untold_file(root, agency, year).relative_to(root).as_posix()
    except ValueError:  # a code that leads elsewhere: there is no such report
        return ()
    text = content(root, file).decode("utf-8", "replace")
    return tuple(printable(line) for line in text.split("\n") if line)[:_MOST_LINES]


def keep_untold(root: Path, agency: str, year: int, lines: Iterable[str]) -> None:
    """Keep lines until they were shown; call it, under the lock of the texts, before they change.

    Lines that wait already, of a run that was killed, are not repeated.
    """
    waiting = untold(root, agency, year)
    every = tuple(dict.fromkeys((*waiting, *map(printable, lines))))
    if every != waiting:
        write_safely(_untold_file(root, agency, year), "\n".join(every) + "\n")


def forget_told(root: Path, agency: str, year: int, lines: Iterable[str]) -> None:
    """Forget lines that were shown to a person; those of another run stay."""
    told = frozenset(lines)
    if not told:
        return
    lock = texts_lock(report_folder(root, agency, year))
    with contextlib.suppress(NianbaoError, OSError), lock:  # else they are told once more
        left = [line for line in untold(root, agency, year) if line not in told]
        if left:
            write_safely(_untold_file(root, agency, year), "\n".join(left) + "\n")
        else:
            _untold_file(root, agency, year).unlink(missing_ok=True)
