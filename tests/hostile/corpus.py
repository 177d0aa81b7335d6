"""The hostile texts, and a project that holds many of them at once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from unicodedata import category

from nianbao.files.words import normalise_characters

DATA = Path(__file__).parents[1] / "data" / "hostile"


def _read(name: str) -> tuple[str, ...]:
    topics = json.loads((DATA / name).read_text("utf-8"))
    items = (item for topic in topics.values() for item in topic)
    return tuple(i if isinstance(i, str) else i["repeat"] * i["times"] for i in items)


SHOWN = _read("shown.json")
REFUSED = _read("refused.json")


def printed(text: str) -> str:
    """What a cell's text is in the report: trimmed, without signs that nobody sees."""
    return normalise_characters(text).strip()


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as Excel writes them."""
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return stream.getvalue()


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain)


def card(fields: Mapping[str, str]) -> str:
    """A parameter file; what a file cannot hold is written as YAML escapes it."""
    values = {"name": "示例县示例局", "kind": "department", **fields}
    return "".join(f'{key}: "{_quoted(value)}"\n' for key, value in values.items())


def is_quiet(message: str) -> bool:
    """Whether a message does nothing to a terminal and stands on one line."""
    return not any(category(c) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} for c in message)
