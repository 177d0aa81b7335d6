"""Say where the numbers of a finding stand, so that nobody has to look for a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nianbao.errors import Place
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.model import Finding
from nianbao.statistics.naming import TABLE_NUMBERS


def with_places(s: Statistics, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Tell with each finding where its cells were typed, and name the first place in its message.

    A hint's message is left as it is, and so is one that names the file already. A number that
    was counted, from a ledger or over units, was typed nowhere.

    Parameters
    ----------
    s
        The figures that the findings are about.
    findings
        As the rules gave them.
    """
    places: Mapping[str, Place] | None = None
    for finding in findings:
        if finding.cells and not finding.places:
            places = _places(s) if places is None else places
            typed = tuple(places[name] for name in finding.cells if name in places)
            finding = replace(finding, places=typed)
            if typed and finding.severity != "info" and typed[0].file not in finding.message:
                finding = replace(finding, message=f"{finding.message}位置：{typed[0]}。")
        yield finding


def _places(s: Statistics) -> Mapping[str, Place]:
    """Where each cell was typed, by its name; of a total that was not typed, its row."""
    found = {
        f"数据“{name}”": figure.cell.place
        for name, figure in s.inputs.figures.items()
        if figure.cell.place
    }
    for table in TABLE_NUMBERS:
        # Where table 3 is counted from a ledger, a matrix may have been typed besides.
        typed = s.inputs.requests_table if table == "requests" and s.inputs.requests_table else {}
        cells = {key: typed.get(key, cell) for key, cell in s.entered(table).items()}
        rows = {row: cell.place for (row, _), cell in cells.items() if cell.place}
        for (row, column), cell in cells.items():
            beside = rows.get(row)
            if place := cell.place or (replace(beside, column=None) if beside else None):
                found[s.name(table, row, column)] = place
    return found
