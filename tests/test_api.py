"""The public names: a small list, loaded when asked for, with examples that run."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from tests.projects import copy_project

import nianbao

REPOSITORY = Path(__file__).resolve().parent.parent
FUNCTIONS = [n for n in nianbao.__all__ if inspect.isfunction(getattr(nianbao, n))]
METHODS = [
    n for n, m in vars(nianbao.Report).items() if inspect.isfunction(m) and not n.startswith("_")
]


def test_the_list_is_sorted_and_every_name_is_there() -> None:
    assert nianbao.__all__ == sorted(nianbao.__all__)
    assert [n for n in nianbao.__all__ if not hasattr(nianbao, n)] == []
    assert set(nianbao.__all__) < set(dir(nianbao))
    with pytest.raises(AttributeError, match="no attribute 'open'"):
        nianbao.open  # noqa: B018


def test_types_see_the_names_that_are_loaded_later() -> None:
    tree = ast.parse(Path(inspect.getfile(nianbao)).read_text("utf-8"))
    typed = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    assert set(nianbao.__all__) <= typed


@pytest.mark.parametrize(
    ("modules", "heavy"),
    [
        ("nianbao", {"pandas", "nianbao.errors"}),
        # The main process of a batch, before and after its workers do the work.
        ("nianbao.batch.index, nianbao.cli.batch_progress", {"pandas", "nianbao.prose.review"}),
    ],
)
def test_importing_it_loads_nothing_heavy(modules: str, heavy: set[str]) -> None:
    script = f"import sys, {modules}; print(*({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == []


def test_the_page_is_up_to_date() -> None:
    made = runpy.run_path(str(REPOSITORY / "tools/api.py"))["api_markdown"]()
    assert (REPOSITORY / "docs/api.md").read_text("utf-8") == made, "run make docs"
    named = re.findall(r"^## nianbao\.(\w+)|^- \*\*(\w+)\*\*", made, re.MULTILINE)
    assert sorted("".join(names) for names in named) == nianbao.__all__


def test_docstrings_begin_in_chinese_and_go_on_in_english() -> None:
    things = [getattr(nianbao, n) for n in FUNCTIONS]
    things += [getattr(nianbao.Report, n) for n in METHODS]
    for thing in things:
        first, *rest = (inspect.getdoc(thing) or "").splitlines()
        assert first.endswith("。"), thing
        assert any(line.isascii() and line for line in rest), thing


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_project(tmp_path, "yiyuan-sfj", "shili-scjgj")
    monkeypatch.chdir(tmp_path)
    things = {n: getattr(nianbao, n) for n in FUNCTIONS}
    things |= {f"Report.{n}": getattr(nianbao.Report, n) for n in METHODS}
    values = {n: getattr(nianbao, n) for n in ("Finding", "NianbaoError", "Report", "Table")}
    assert all("Examples" in (thing.__doc__ or "") for thing in values.values())
    things |= values
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    names = {"nianbao": nianbao, "report": nianbao.open_report("shili-scjgj", 2024)}
    tried = 0
    for name, thing in things.items():
        given = names | {n: getattr(nianbao, n) for n in FUNCTIONS}
        for example in doctest.DocTestFinder(recurse=False).find(thing, name, globs=given):
            tried += runner.run(example).attempted
    assert runner.failures == 0
    assert tried > 5
