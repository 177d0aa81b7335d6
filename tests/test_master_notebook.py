"""The notebooks in the repository: no outputs, thin cells, the parameters of the schema."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

import nianbao
from nianbao.inputs.params import ReportParams

MOST_LINES = 5
PUBLIC = {n for n in nianbao.__all__ if n[0].islower()}


@pytest.fixture(scope="module")
def notebooks(repository: Path) -> dict[str, Any]:
    """Return every notebook in the repository by name."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.ipynb"]
    listing = subprocess.run(command, cwd=repository, check=True, capture_output=True).stdout
    names = [name for name in listing.decode().split("\0") if name]
    assert "notebooks/report.ipynb" in names
    return {name: nbformat.read(repository / name, as_version=4) for name in names}


def code_cells(notebooks: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield (where, cell) of every code cell but those that hold the parameters."""
    for name, notebook in notebooks.items():
        for number, cell in enumerate(notebook.cells, 1):
            if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
                yield f"{name} cell {number}", cell


def speaks_to_the_report_only(statement: ast.stmt) -> bool:
    """Tell whether a statement opens the report, asks it for something or hands on names."""
    match statement:
        case ast.ImportFrom(module="nianbao", names=names):
            return all(a.name in PUBLIC and a.asname is None for a in names)
        case ast.Expr(value=ast.Call() as call):
            return receiver(call) == "report" and all(
                isinstance(argument, ast.Constant | ast.Name) for argument in call.args
            )
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=ast.Name(id=name)) as call):
            return name in PUBLIC and all(isinstance(a, ast.Name) for a in call.args)
        case ast.Assign(targets=[ast.Name()], value=ast.Call() as call):
            return ast.unparse(call.func) == "report.frame"
        case ast.Assign(targets=[ast.Name()], value=ast.Dict(keys=keys, values=values)):
            return all(isinstance(key, ast.Constant) for key in keys) and all(
                isinstance(value, ast.Name) for value in values
            )
    return False


def receiver(call: ast.Call) -> str:
    """Return the name whose method is called."""
    function = call.func
    named = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return function.value.id if named else ""


def test_no_notebook_stores_outputs(notebooks: dict[str, Any]) -> None:
    stored = [
        name
        for name, notebook in notebooks.items()
        for cell in notebook.cells
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None)
    ]
    assert stored == []


def test_every_notebook_is_well_formed(notebooks: dict[str, Any]) -> None:
    for notebook in notebooks.values():
        nbformat.validate(notebook)


def test_code_cells_are_short(notebooks: dict[str, Any]) -> None:
    long = [place for place, cell in code_cells(notebooks) if cell.source.count("\n") >= MOST_LINES]
    assert long == []


def test_code_cells_only_call_the_report(notebooks: dict[str, Any]) -> None:
    wrong = [
        f"{place}: {ast.unparse(statement)}"
        for place, cell in code_cells(notebooks)
        for statement in ast.parse(cell.source).body
        if not speaks_to_the_report_only(statement)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    [
        "import pandas",
        "from nianbao.files.grids import read_csv",
        "from nianbao import open_report as o",
        "table = report.page()",
        "table = count_requests(report.frame('cases'))",
        "for key in ('a', 'b'):\n    report.table(key)",
        "def f(): ...",
        "total = 3 + 4",
        "report = open('x')",
        "print(report)",
        "report.table(sum([1, 2]))",
        "given = {'year': 2024}",
    ],
)
def test_the_rule_for_cells_refuses(source: str) -> None:
    assert not all(speaks_to_the_report_only(statement) for statement in ast.parse(source).body)


def test_master_takes_the_parameters_of_the_schema(notebooks: dict[str, Any]) -> None:
    cells = notebooks["notebooks/report.ipynb"].cells
    [cell] = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    body = ast.parse(cell.source).body
    assert all(isinstance(statement, ast.AnnAssign) for statement in body)
    assert {statement.target.id for statement in body} == set(ReportParams.model_fields)
