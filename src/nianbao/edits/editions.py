"""The words of earlier finished sets: what a Word file that comes back late was made with.

A file goes out for review, the report is built again meanwhile, and only then the file comes back.
Held against the newer set, all that was changed since would look as if the reviewer had put the
old words back. So each set's words are kept in output/<agency>/edited/<year>/ when it is replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from nianbao.documents.document import edition_of
from nianbao.edits.left_out import LeftOut
from nianbao.errors import InputError
from nianbao.files.sources import refuse_link
from nianbao.files.writing import write_safely
from nianbao.finished.kept_edits import kept_folder
from nianbao.finished.manifest import read_kept
from nianbao.prose.merge import MIDDLE, OURS, THEIRS, merge_texts

_FILE = "editions.json"
_MOST = 30
"""So many editions are kept; a report is built more often than it goes out for review."""
_BOTH = re.compile(rf"^{OURS} .*\n((?:.*\n)*?){MIDDLE}\n((?:.*\n)*?){THEIRS} .*\n", re.MULTILINE)

Words = Mapping[str, str]
"""The final words by section."""


def remember_edition(folder: Path, words: Words) -> None:
    """Keep the words of a set that is about to be replaced.

    Where that cannot be done nothing is: a file of that set is then reported as an unknown one.
    """
    kept, edition, file = _read(folder), edition_of(words), kept_folder(folder) / _FILE
    if edition in kept:
        return
    newest = [*kept.items(), (edition, dict(words))][-_MOST:]
    text = json.dumps(dict(newest), ensure_ascii=False, indent=1)
    root = folder.parents[2]
    with suppress(OSError, InputError):
        refuse_link(root, file.relative_to(root).as_posix())
        write_safely(file, f"{text}\n")


def earlier_words(folder: Path, edition: str) -> Words | None:
    """Return the words of an earlier set of this report, None when they were not kept."""
    return _read(folder).get(edition)


def _read(folder: Path) -> dict[str, dict[str, str]]:
    try:
        kept = json.loads(read_kept(kept_folder(folder) / _FILE))
        return {
            str(edition): {str(section): str(text) for section, text in words.items()}
            for edition, words in kept.items()
        }
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def carry_over(section: str, made: str, ours: str, edited: str, refused: list[LeftOut]) -> str:
    """Carry an edit of an earlier set's words over to those of the newest.

    Where both were changed in the same place the newer words stay; it is reported.
    """
    base, now, theirs = (
        f"{text.strip()}\n" if text.strip() else "" for text in (made, ours, edited)
    )
    merged = merge_texts(base, now, theirs)
    if merged.conflicts:
        refused += _refused(section, merged.text)
    return _BOTH.sub(lambda both: both[1], merged.text).strip("\n")


def _refused(section: str, merged: str) -> Iterator[LeftOut]:
    for both in _BOTH.finditer(merged):
        newer, edited = (" ".join(text.split()) for text in both.groups())
        what = f"改成的“{edited or '（删去）'}”，后来已经另改为“{newer or '（删去）'}”"
        yield LeftOut(section, what, "以后改的为准；确需采用的，请在正文中改写")
