"""Measure how many small faults put into the code the tests find (cosmic-ray's operators).

    python -m venv /tmp/mutation && /tmp/mutation/bin/pip install cosmic-ray
    PYTHONPATH=/tmp/mutation/lib/python3.11/site-packages python tools/mutation.py [PART…]

cosmic-ray itself starts Python anew for each fault, which takes longer than the tests. Here one
process loads the libraries and is forked for each fault; the child gets the faulty module instead
of the true one and runs the module's tests until one fails. Nothing on the disk is changed.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.abc
import importlib.util
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
SECONDS = 120
"""A fault that makes the tests run on is found too; of the processor, whatever else it does."""

# One fault of a kind at a place: cosmic-ray has eleven for each plus sign, and all but the first
# are found by the same test.
OPERATORS = [
    *(f"core/ReplaceBinaryOperator_{a}_{b}" for a, b in (
        ("Add", "Sub"), ("Sub", "Add"), ("Mul", "Div"), ("Div", "Mul"), ("FloorDiv", "Mul"),
        ("Mod", "Mul"), ("Pow", "Mul"), ("BitOr", "BitAnd"), ("BitAnd", "BitOr"),
    )),
    *(f"core/ReplaceComparisonOperator_{a}_{b}" for a, b in (
        ("Eq", "NotEq"), ("NotEq", "Eq"), ("Lt", "LtE"), ("LtE", "Lt"), ("Gt", "GtE"),
        ("GtE", "Gt"), ("Is", "IsNot"), ("IsNot", "Is"),
    )),
    *(f"core/{name}" for name in (
        "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr",
        "ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak",
        "NumberReplacer", "RemoveDecorator", "ZeroIterationForLoop",
        "ReplaceUnaryOperator_USub_UAdd", "ReplaceUnaryOperator_Delete_USub",
        "ReplaceUnaryOperator_Delete_Not",
    )),
]  # fmt: skip

LIBRARIES = (
    *("pytest", "hypothesis.strategies", "pandas", "pydantic"),
    *("yaml", "openpyxl", "python_calamine", "lxml.html", "nbformat", "typer"),
    # What tests/conftest.py needs: longer to import than the tests of a module take.
    *("matplotlib.figure", "mplfonts", "nbconvert", "playwright.sync_api"),
)

CHECKS, TABLES, PROSE = "statistics/checks", "statistics/tables.py", "prose"
PARTS = {"checks": [CHECKS], "tables": [TABLES]} | {
    "facts": [f"{PROSE}/{name}.py" for name in ("facts", "vocabulary", "phrases")]
}
# What is tried first; then the whole folder.
NEAREST = {
    "balance": ["test_balance", "test_identities"],
    "running": ["test_running", "test_registry"],
    "deadlines": ["../test_deadlines"],
    "across_tables": ["test_across_tables", "../test_fees"],
}


@dataclass(frozen=True)
class Fault:
    """One change to one module."""

    module: str
    path: Path
    operator: str
    code: str

    def difference(self) -> str:
        """The first line that changed, as it was and as it is."""
        pairs = zip(self.path.read_text("utf-8").splitlines(), self.code.splitlines(), strict=False)
        return next(
            (f"{n}: {a.strip()}  ->  {b.strip()}" for n, (a, b) in enumerate(pairs, 1) if a != b),
            "a line less",
        )


def _meaning(code: str) -> str:
    """What a module does, without what changes no result.

    That is annotations, how an argument may be passed, whether a dataclass is frozen, whether
    `zip` makes sure that its lists are of one length, and whether a result is kept.
    """
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
            given = node.args
            given.args = [*given.posonlyargs, *given.args, *given.kwonlyargs]
            given.defaults = [*given.defaults, *(d for d in given.kw_defaults if d)]
            given.posonlyargs, given.kwonlyargs, given.kw_defaults = [], [], []
            decorators = node.decorator_list
            node.decorator_list = [d for d in decorators if ast.unparse(d) != "cache"]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "dataclass":
            node.keywords = []
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "zip":
            node.keywords = [k for k in node.keywords if k.arg != "strict"]
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def faults(path: Path) -> Iterator[Fault]:
    """Every fault of a module, once."""
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    code = path.read_text("utf-8")
    seen = {_meaning(code)}
    for name in OPERATORS:
        operator, occurrence = get_operator(name)(), 0
        while (changed := mutate_code(code, operator, occurrence)) is not None:
            occurrence += 1
            try:
                meaning = _meaning(changed)
            except SyntaxError:
                continue
            if meaning not in seen:
                seen.add(meaning)
                yield Fault(module, path, name, changed)


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the faulty module in the place of the true one."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self.fault.module:
            return None
        package = self.fault.path.stem == "__init__"
        where = [str(self.fault.path.parent)] if package else None
        return importlib.util.spec_from_file_location(
            name, self.fault.path, loader=self, submodule_search_locations=where
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.fault.code, str(self.fault.path), "exec"), module.__dict__)


def tests_of(path: Path) -> list[str]:
    """The tests of a module, the likeliest to fail first."""
    tests = ROOT / "tests"
    if path.is_relative_to(SOURCE / "nianbao" / PROSE):
        order = [tests / "prose" / f"test_{path.stem}.py", tests / "prose" / "test_vocabulary.py"]
        rest = sorted((tests / "prose").glob("test_*.py"))
        # A page of all facts as it was: it would find every fault and explain none.
        rest = [path for path in rest if path.stem != "test_facts_list"]
        return _once([*order, *rest, tests / "test_later_format.py"])
    if path.name == "tables.py":
        order = [tests / "statistics" / "test_tables.py"]
    else:
        names = NEAREST.get(path.stem, [f"test_{path.stem}"])
        order = [tests / CHECKS / f"{name}.py" for name in names]
    folder = sorted((tests / CHECKS).glob("test_*.py"))
    more = ["test_published", "test_fees", "test_deadlines", "test_rollup", "test_tables",
            "test_comparison", "test_disclosures"]  # fmt: skip
    rest = [tests / "statistics" / f"{name}.py" for name in more]
    return _once([*order, *folder, *rest, tests / "test_later_format.py"])


def _once(paths: Sequence[Path]) -> list[str]:
    return [str(p) for p in dict.fromkeys(path.resolve() for path in paths) if p.is_file()]


def found(fault: Fault | None, tests: Sequence[str]) -> bool:
    """Whether a test fails with the fault (None: with the true code); the likeliest run alone."""
    return any(_fails(fault, some) for some in (tests[:1], tests[1:]) if some)


def _fails(fault: Fault | None, tests: Sequence[str]) -> bool:
    child = os.fork()
    if child == 0:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        signal.alarm(30 * SECONDS)  # one that only waits
        if fault is not None:
            sys.meta_path.insert(0, _Instead(fault))
        import pytest

        plain = ["-x", "-q", "-m", "not slow", "-p", "no:cacheprovider"]
        os._exit(0 if pytest.main([*plain, *tests]) == 0 else 1)
    return os.waitpid(child, 0)[1] != 0


def _load_libraries() -> None:
    """All that the tests import but the package itself, so that a child has it already."""
    for name in LIBRARIES:
        importlib.import_module(name)
    from hypothesis import settings

    # tests/conftest.py derives its settings from these: a fault is nearly always found at once.
    settings.register_profile("few", max_examples=10)
    settings.load_profile("few")
    assert not [name for name in sys.modules if name.split(".")[0] == "nianbao"]


def main() -> None:
    """Print the share of each module, then the faults that no test found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}, or paths in nianbao/")
    parser.add_argument("--sample", type=int, help="so many faults of each module, by chance")
    parser.add_argument("--json", type=Path, help="write the faults that were not found")
    given = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["CI"] = "true"  # hypothesis tries the same examples each time
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # loading them takes longer than a test
    _load_libraries()
    wanted = [w for part in given.parts or PARTS for w in PARTS.get(part, [part])]
    places = [SOURCE / "nianbao" / w for w in wanted]
    paths = [p for place in places for p in (sorted(place.glob("*.py")) or [place])]
    survivors: list[tuple[str, str, str]] = []
    total = killed = 0
    for path in paths:
        every = list(faults(path))
        if given.sample and len(every) > given.sample:
            every = random.Random(path.name).sample(every, given.sample)
        if not every:
            continue
        tests, begun = tests_of(path), time.monotonic()
        if found(None, tests):
            sys.exit(f"the tests of {path.name} fail without a fault")
        left = [fault for fault in every if not found(fault, tests)]
        total, killed = total + len(every), killed + len(every) - len(left)
        share = 100 * (len(every) - len(left)) / len(every)
        spent = time.monotonic() - begun
        print(
            f"{share:5.1f} %  {len(every):4}  {path.relative_to(SOURCE)}  {spent:.0f} s", flush=True
        )
        survivors += [(str(f.path.relative_to(SOURCE)), f.operator, f.difference()) for f in left]
        if given.json:
            given.json.write_text(json.dumps(survivors, ensure_ascii=False, indent=1))
    print(f"{100 * killed / total:5.1f} %  {total:4}  all")
    for where, operator, what in survivors:
        print(f"{where}:{what}   ({operator.removeprefix('core/')})")


if __name__ == "__main__":
    main()
