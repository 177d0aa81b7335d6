"""The hostile texts, and a project that holds many of them at once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from nianbao.inputs.words import visible

DATA = Path(__file__).parents[1] / "data" / "hostile"


def _read(name: str) -> tuple[str, ...]:
    topics = json.loads((DATA / name).read_text("utf-8"))
    items = (item for topic in topics.values() for item in topic)
    return tuple(i if isinstance(i, str) else i["repeat"] * i["times"] for i in items)


SHOWN = _read("shown.json")
REFUSED = _read("refused.json")


def printed(text: str) -> str:
    """What a cell's text is in the report: trimmed, without signs that nobody sees."""
    return visible(text).strip()


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as Excel writes them."""
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return stream.getvalue()


def card(fields: Mapping[str, str]) -> str:
    """A parameter file; JSON's strings are YAML's, but for what no text can hold."""
    values = {"name": "示例县示例局", "kind": "department", **fields}
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items())
