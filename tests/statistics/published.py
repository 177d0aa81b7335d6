"""The figures of published reports, as a bureau would hand them in or as an import reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.statistics.factory import cells, make_inputs, matrix, reviews

from nianbao.inputs.bundle import Inputs

FOLDER = Path(__file__).resolve().parents[1] / "data" / "published"

COMPLETE = (
    "hongze_2023",
    "pingtan_2021",
    "pingtan_2022",
    "pingtan_2023",
    "shuyang_county_2025",
    "suqian_2023",
)


def figures_of(name: str) -> Any:
    """The contents of a file."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def _typed(texts: Sequence[str | None], imported: bool) -> list[str | None]:
    # In a published report blank and / mean zero; in what a bureau hands in they do not.
    return ["0" if imported and text in (None, "/") else text for text in texts]


def request_rows(name: str, *, imported: bool) -> dict[str, list[str | None]]:
    """Rows of table 3; （六） as one row is 3.其他, the two others are blank (0 if imported)."""
    rows = {key: _typed(v, imported) for key, v in figures_of(name)["requests"].items()}
    if "other" in rows:
        rows["other_3"] = rows.pop("other")
        blank = _typed([None] * 7, imported)
        rows |= {"other_1": blank, "other_2": blank}
    return rows


def entered(name: str, *, imported: bool = True, previous: Inputs | None = None) -> Inputs:
    """A published report as inputs; ``imported`` reads blank and ``/`` as zero."""
    data = figures_of(name)
    table2 = {
        (r, c): text for r, columns in data["decisions"].items() for c, text in columns.items()
    }
    typed = dict(zip(table2, _typed(list(table2.values()), imported), strict=True))
    table4 = {g: _typed(v, imported) for g, v in data.get("reviews", {}).items()}
    return make_inputs(
        year=data["year"],
        kind=data["kind"],
        agency={"can_make_rules": data["can_make_rules"]},
        decisions_=cells(typed, "decisions.csv"),
        requests_table=matrix(request_rows(name, imported=imported)),
        reviews_=reviews(**table4),
        previous=previous,
    )
