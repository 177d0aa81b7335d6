"""Two frozen or finished sets of a report side by side: what changed between them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.errors import UsageError
from nianbao.finished.folder import report_folder
from nianbao.notebook.cells import Notebook
from nianbao.notebook.fill import section_cells
from nianbao.prose.differences import SentenceChange, compare_prose

_TABLES = {"decisions": "表二", "requests": "表三", "reviews": "表四"}


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A number of a table that differs; empty where it was not filled in."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two sets."""

    values: tuple[ValueChange, ...]
    sentences: tuple[SentenceChange, ...]


def compare_with_now(root: Path, agency: str, year: int, archive: bytes) -> Changes:
    """A frozen set against the finished set of now.

    Raises
    ------
    UsageError
        There is no finished set, or one of the two cannot be read.
    """
    folder = report_folder(root, agency, year)
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as frozen:
            before = [frozen.read(f"output/report.{kind}") for kind in ("json", "ipynb")]
        after = [(folder / f"report.{kind}").read_bytes() for kind in ("json", "ipynb")]
        twins = [json.loads(pair[0], parse_float=str) for pair in (before, after)]
        texts = [_sections(json.loads(pair[1])) for pair in (before, after)]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise UsageError("还没有可以比较的报告，请先生成") from None
    return Changes(tuple(_values(twins[0], twins[1])), tuple(compare_prose(*texts)))


def _sections(notebook: Notebook) -> dict[str, str]:
    return {key: "".join(cell["source"]) for key, cell in section_cells(notebook).items()}


def _numbers(twin: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every number of the tables with its place in words."""
    tables = twin["tables"]
    for row, columns in tables["decisions"].items():
        yield from ((f"表二　{row}　{column}", _word(v)) for column, v in columns.items())
    for table, rows in (("requests", tables["requests"]["rows"]), ("reviews", tables["reviews"])):
        for row, values in rows.items():
            name = f"{_TABLES[table]}　{row}"
            yield from ((f"{name}　第{i}列", _word(v)) for i, v in enumerate(values, 1))


def _word(value: object) -> str:
    return "" if value is None else str(value)


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ValueChange]:
    then, now = dict(_numbers(before)), dict(_numbers(after))
    for place in dict.fromkeys([*now, *then]):
        if then.get(place, "") != now.get(place, ""):
            yield ValueChange(place, then.get(place, ""), now.get(place, ""))
