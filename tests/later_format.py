"""A made-up later format beside the shipped one, and a bureau that reports across the change.

For another format lay its file beside `LATER` and hand it over: `later_format(folder, file)`,
`write_project(root, year)` with the year from which it holds.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.projects import REPOSITORY

from nianbao.statutory import Format, format_for, load_format, model

CODE = "shili-slj"
SHIPPED = REPOSITORY / "src" / "nianbao" / "statutory" / "format_2021.yaml"
LATER = REPOSITORY / "tests" / "data" / "format_2027.yaml"
DECIDED = 38
"""Decisions of the first such row of table 2; each further row has one more."""


@contextmanager
def later_format(folder: Path, later: Path = LATER) -> Iterator[None]:
    """As if the package came with that format too."""
    folder.mkdir()
    for file in (SHIPPED, later):
        shutil.copy(file, folder)
    with patch.object(model, "FORMAT_FILES", folder):
        _forget()
        yield
    _forget()


def _forget() -> None:
    load_format.cache_clear()
    model.all_formats.cache_clear()


def requests_of(format_: Format, year: int) -> dict[str, list[int]]:
    """Table 3 by row: every outcome another number, and the flow balanced."""
    outcomes = [row.key for row in format_.outcome_rows]
    width = len(format_.applicants)
    rows = {key: [n + c for c in range(width)] for n, key in enumerate(outcomes, 1)}
    totals = [sum(rows[key][c] for key in outcomes) for c in range(width)]
    before, carried = (2, 3) if year == format_.since else (0, 2)
    rows["carried_in"], rows["carried_out"] = [before] * width, [carried] * width
    rows["new"] = [total + carried - before for total in totals]
    return rows


def write_year(root: Path, year: int, stock: int) -> None:
    """Hand in a year, under the labels of its own format."""
    format_ = format_for(year)
    folder = root / "data" / CODE / str(year)
    folder.mkdir(parents=True)
    (root / "params" / CODE / f"{year}.yaml").write_text(f"agency: {CODE}\nyear: {year}\n")
    columns = list(dict.fromkeys(column for _, column in format_.decision_cells))
    standing = format_.decision_names["standing"]
    decided = {row: str(n) for n, row in enumerate(format_.decided_rows, DECIDED)}
    lines = [",".join(["项目", *columns])]
    for row in dict.fromkeys(row for row, _ in format_.decision_cells):
        documents = row == format_.decision_names["documents"]
        own = [c for r, c in format_.decision_cells if r == row]
        stocks = {c: str(stock if documents and c == standing else 0) for c in own}
        value = {c: decided.get(row, n) for c, n in stocks.items()}
        lines.append(",".join([row, *(value.get(c, "") for c in columns)]))
    _write(folder / "decisions.csv", lines)
    numbers = requests_of(format_, year)
    labelled = [(row.path, numbers[row.key]) for row in format_.request_rows if row.key in numbers]
    head = ",".join(["项目", *format_.applicants])
    body = (f'"{label}",{",".join(map(str, n))}' for label, n in labelled)
    _write(folder / "requests_table.csv", [head, *body])
    results = (c for c in format_.review_columns if c != format_.total)
    pairs = [(group.key, c) for c in results for group in format_.review_groups]
    _write(folder / "reviews.csv", ["类型,结果,件数", *(f"{g},{c},0" for g, c in pairs)])
    _write(folder / "disclosures.csv", ["渠道,类别,条数", f"政府网站,政策文件,{year - 2000}"])
    _write(folder / "figures.csv", ["名称,数值,单位,说明", "信息处理费,0,元,"])


def _write(file: Path, lines: list[str]) -> None:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_project(root: Path, since: int = 2027) -> Path:
    """A bureau with a year in the later format and the year before in the shipped one."""
    (root / "params" / CODE).mkdir(parents=True)
    card = ["name: 示例县水利局", "kind: department", "address: 示例县河堤路1号"]
    card += ['postcode: "000000"', "phone: 000-0000000", "website: https://slj.example"]
    _write(root / "params" / CODE / "agency.yaml", card)
    write_year(root, since - 1, stock=7)
    write_year(root, since, stock=9)
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    return root
