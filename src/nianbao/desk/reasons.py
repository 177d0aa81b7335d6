"""Reasons for findings, written where the bureau's other reasons stand."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from nianbao.errors import UsageError
from nianbao.files.grids import read_csv
from nianbao.files.sources import read_source
from nianbao.files.writing import write_bytes_safely
from nianbao.inputs.ledgers import ACKNOWLEDGED_FORM, read_acknowledged
from nianbao.inputs.project import data_folder

FILE = "acknowledged.csv"
LONGEST = 500


def write_reason(root: Path, agency: str, year: int, key: str, reason: str) -> None:
    """Record why a finding stands; an empty reason takes the record back.

    Raises
    ------
    UsageError
        The reason is too long.
    InputError
        The reasons that are there cannot be read.
    """
    words = " ".join(reason.split())
    if len(words) > LONGEST:
        raise UsageError(f"理由太长，请写在{LONGEST}字以内")
    path = root / data_folder(agency, year) / FILE
    known: dict[str, str] = {}
    if path.is_file():
        grid = read_csv(read_source(root, f"{data_folder(agency, year)}/{FILE}"))
        known = {k: found.reason for k, found in read_acknowledged(grid).items()}
    if words:
        known[key] = words
    else:
        known.pop(key, None)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in ACKNOWLEDGED_FORM.columns])
    writer.writerows(known.items())
    write_bytes_safely(path, stream.getvalue().encode("utf-8-sig"))
