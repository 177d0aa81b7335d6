"""Write a file so that a reader finds the old text or the new one, never half of it.

What a spreadsheet program might run when it opens a CSV file is decided here too, for all of them,
and how numbers stand in JSON.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import simplejson

_FORMULA = re.compile(r"[\s'\"]*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?")


def dump_json(data: Mapping[str, object]) -> str:
    """Return JSON text with exact decimals and a final newline."""
    return simplejson.dumps(data, ensure_ascii=False, indent=1, use_decimal=True) + "\n"


def flush_folder(folder: Path) -> None:
    """Make sure that a new name is on the disk; Windows knows no such thing."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each with its name safe on the disk."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        flush_folder(each.parent)


def clear_leavings(path: Path) -> None:
    """Remove what killed runs left of a file that they were writing; under the report's lock."""
    for leaving in path.parent.glob(f".{path.name}.*"):
        leaving.unlink(missing_ok=True)


def write_safely(path: Path, text: str) -> None:
    """Write a text file in UTF-8 beside its place, flush it, then give it its name."""
    write_bytes_safely(path, text.encode())


def write_bytes_safely(path: Path, data: bytes) -> None:
    """Write a file beside its place, flush it, then give it its name."""
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    making = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        making.chmod(path.stat().st_mode if path.exists() else 0o644)
        making.replace(path)
        flush_folder(path.parent)
    except BaseException:
        making.unlink(missing_ok=True)
        raise


def spreadsheet_text(text: str) -> str:
    """Return a text that a spreadsheet shows and does not compute.

    What a program would take for a formula gets an apostrophe before it; a number is left alone,
    a negative one and a share too. See docs/decisions.md.

    Examples
    --------
    >>> spreadsheet_text("=HYPERLINK(A1)"), spreadsheet_text("政策法规"), spreadsheet_text("-3")
    ("'=HYPERLINK(A1)", '政策法规', '-3')
    """
    risky = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text
