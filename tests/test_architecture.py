"""The house rules of docs/architecture.md, checked on the source itself."""

from __future__ import annotations

import ast
import re
import runpy
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# The walk over the source is that of the tool that draws the picture of it.
TOOL = runpy.run_path(str(Path(__file__).resolve().parent.parent / "tools" / "modules.py"))
SOURCE, FOLDERS, SHARED = TOOL["SOURCE"], TOOL["FOLDERS"], set(TOOL["SHARED"])
room = TOOL["room"]
# python -m nianbao: starts the command and is imported by nothing.
ENTRY = "__main__"
# Given their inputs these say the same wherever and whenever they run.
PURE = ("statutory", "files", "inputs", "statistics", "prose")
# The one way to write a file.
WRITER = "nianbao.files.writing"

LONGEST = 500
# A module that only one other imports, and that is shorter than this, says why it is alone.
SMALL = 130
REASON = re.compile(r"(?:^|[.]\s+|\n\n)Apart because\s+\S")

# What may be called while a module is imported: it builds a constant and reads nothing.
# Names in capitals (Path, Decimal, TypeVar, a dataclass …) are constructors and may be called.
BUILDERS = {
    *("dict", "enumerate", "field", "frozenset", "len", "list", "map", "max", "min", "namedtuple"),
    *("date", "partial", "range", "set", "sorted", "str", "timedelta", "tuple", "zip"),
    *("compile", "escape", "fromkeys", "items", "join", "keys", "maketrans", "split", "values"),
    # The place of a file inside the package (nothing is opened); an option of an exporter.
    *("files", "tag"),
}
NOT_AT_IMPORT = {"TYPE_CHECKING", "not sys.flags.safe_path", "__name__ == '__main__'"}
# Statements that register a command or an option group, and do nothing else.
REGISTRATIONS = {"add_to", "add_typer", "command", "callback"}

# Calls that ask for the clock, the working folder, the environment or chance, or that print.
IMPURE = {
    *("now", "today", "perf_counter", "monotonic", "cwd", "getcwd", "chdir", "getenv"),
    *("random", "urandom", "uuid4", "print"),
}
TOUCHES = {
    *("exists", "glob", "is_dir", "is_file", "iterdir", "load", "open", "read_bytes", "read_text"),
    *("import_module", "load_workbook", "Popen", "read_csv", "run"),
}
WRITES = {"write_text", "write_bytes", "mkdir", "unlink", "rmtree"}

# Written so that this file does not contain what it looks for.
TRACES = re.compile(
    rb"(?<![\w./-])/(?:wor[k]|roo[t]|home/\w+|opt/whe[e]ls)/"
    rb"|pypi[.]or[g]|pythonhosted[.]or[g]|registry[.]npmjs|deb[.]debian[.]or[g]"
    rb"|/tmp/[w]/|[.]librar[y]/"
)


@cache
def modules() -> tuple[tuple[str, Path, ast.Module], ...]:
    """Return (dotted name, path, tree) of every module, read once."""
    return tuple(TOOL["modules"]())


@cache
def imports(name: str, path: Path, tree: ast.Module) -> tuple[tuple[int, str], ...]:
    """Return (line, dotted name) of all that a module imports from the package, found once."""
    return tuple(TOOL["imports"](name, path, tree))


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Return all that a module is made of, walked through once."""
    return tuple(ast.walk(tree))


def called(node: ast.Call) -> str:
    """Return the last part of the name that is called."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else "?"


def run_at_import(tree: ast.AST) -> Iterator[ast.stmt | ast.expr]:
    """Yield what runs when a module is imported: no bodies of functions, no annotations."""
    for statement in tree.body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from statement.args.defaults
                yield from (d for d in statement.args.kw_defaults if d)
            case ast.ClassDef():
                yield from run_at_import(statement)
            case ast.If() if ast.unparse(statement.test) in NOT_AT_IMPORT:
                pass
            case _:
                yield statement


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that happen when ``node`` is evaluated; a lambda's body is not."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from calls(child)


def test_folders_import_only_from_their_left() -> None:
    wrong = []
    for name, path, tree in modules():
        own = room(name)
        for line, target in imports(name, path, tree):
            other = room(target)
            if own in FOLDERS:
                allowed = {*SHARED, *FOLDERS[: FOLDERS.index(own) + 1], "", "__version__"}
            else:
                # The package itself names what it loads when it is asked for.
                allowed = {"": {other}, ENTRY: {"cli"}}.get(own, SHARED)
            if other not in allowed:
                wrong.append(f"{path.relative_to(SOURCE)}:{line} imports {target}")
    assert wrong == []


def test_every_module_has_its_place() -> None:
    assert {room(name) for name, _, _ in modules()} <= {"", ENTRY, *FOLDERS, *SHARED}


def test_no_file_is_too_long() -> None:
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path, _ in modules()}
    assert {name: count for name, count in lengths.items() if count > LONGEST} == {}


def importers() -> dict[str, set[str]]:
    """Return for each module the modules of the package that import it."""
    found: dict[str, set[str]] = {name: set() for name, _, _ in modules()}
    for name, path, tree in modules():
        for _, target in imports(name, path, tree):
            # Of "from a import b" either is a module; b where it is one.
            imported = target if target in found else target.rpartition(".")[0]
            if imported in found and imported != name:
                found[imported].add(name)
    return found


def lonely(name: str, path: Path, tree: ast.Module, imported_by: dict[str, set[str]]) -> bool:
    """Whether a module is small, serves one other, and does not say why it is not part of it."""
    small = len(path.read_text("utf-8").splitlines()) < SMALL
    entry = path.stem in ("__init__", ENTRY)
    reason = REASON.search(ast.get_docstring(tree) or "")
    return small and not entry and len(imported_by[name]) == 1 and not reason


def test_a_small_module_that_serves_one_other_says_why_it_is_alone() -> None:
    imported_by = importers()
    assert [name for name, path, tree in modules() if lonely(name, path, tree, imported_by)] == []


def test_a_lonely_module_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "part.py"
    for docstring, expected in (
        ("Some part.", True),
        ("Some part.\n\nApart because it is a plug-in.\n", False),
    ):
        file.write_text(f'"""{docstring}"""\n', "utf-8")
        tree = ast.parse(file.read_text("utf-8"))
        assert lonely("a.part", file, tree, {"a.part": {"a.whole"}}) is expected


def is_untyped(hint: ast.AST) -> bool:
    """Whether a hint has ``dict[str, Any]`` in it."""
    return any(
        isinstance(part, ast.Subscript) and ast.unparse(part) == "dict[str, Any]"
        for part in ast.walk(hint)
    )


def untyped_signatures(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of functions, fields and aliases with ``dict[str, Any]``."""
    for node in nodes(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                given = node.args
                every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
                hints = [node.returns, *(argument.annotation for argument in every)]
                name = node.name
            case ast.AnnAssign():
                hints, name = [node.annotation], ast.unparse(node.target)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript()):  # an alias
                hints = [node.value]
            case _:
                continue
        if any(is_untyped(hint) for hint in hints if hint is not None):
            yield node.lineno, name


def test_no_signature_passes_on_a_dictionary_of_anything() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)}:{line} {name}"
        for _, path, tree in modules()
        for line, name in untyped_signatures(tree)
    ]
    assert wrong == []


def test_a_dictionary_of_anything_is_seen() -> None:
    code = (
        "def f(a: list[dict[str, Any]]) -> None: ...\nB = dict[str, Any]\nc: dict[str, int] = {}\n"
    )
    assert [name for _, name in untyped_signatures(ast.parse(code))] == ["f", "B"]


def own_functions() -> dict[str, list[ast.FunctionDef]]:
    """Return the package's functions by name."""
    functions: dict[str, list[ast.FunctionDef]] = {}
    for _, _, tree in modules():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                functions.setdefault(node.name, []).append(node)
    return functions


def working_calls(node: ast.AST, functions: dict[str, list[ast.FunctionDef]]) -> Iterator[str]:
    """Yield what ``node`` calls that may do work.

    A function of the package may build a constant: its body, and what that calls of the
    package, must then not touch the machine.
    """
    for call in calls(node):
        name = called(call)
        if name in functions:
            yield from (f"{name} -> {work}" for work in touching_calls(name, functions, set()))
        elif name not in BUILDERS | REGISTRATIONS and not name[0].isupper():
            yield name


def touching_calls(
    name: str, functions: dict[str, list[ast.FunctionDef]], seen: set[str]
) -> Iterator[str]:
    """Yield the calls by which a function of the package touches the machine."""
    if name in seen:
        return
    seen.add(name)
    for function in functions[name]:
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if called(call) in TOUCHES | IMPURE | WRITES:
                yield called(call)
            elif called(call) in functions:
                yield from touching_calls(called(call), functions, seen)


def test_importing_a_module_does_no_work() -> None:
    functions = own_functions()
    plain = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Pass, ast.expr)
    wrong = []
    for _, path, tree in modules():
        for node in run_at_import(tree):
            place = f"{path.relative_to(SOURCE)}:{node.lineno}"
            if isinstance(node, ast.Expr):
                fine = isinstance(node.value, ast.Constant) or (
                    isinstance(node.value, ast.Call) and called(node.value) in REGISTRATIONS
                )
            else:
                fine = isinstance(node, plain) or type(node).__name__ == "TypeAlias"
            if not fine:
                wrong.append(f"{place} {type(node).__name__}")
            wrong += [f"{place} calls {name}()" for name in working_calls(node, functions)]
    assert wrong == []


def test_pure_folders_ask_nothing_of_the_machine() -> None:
    wrong = []
    for name, path, tree in modules():
        if room(name) not in PURE or name == WRITER:
            continue
        for node in nodes(tree):
            if not isinstance(node, ast.Call | ast.Attribute | ast.Name | ast.Global):
                continue
            place = f"{path.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}"
            match node:
                case ast.Call() if called(node) in IMPURE | WRITES:
                    wrong.append(f"{place} calls {called(node)}()")
                case ast.Call(func=ast.Attribute(value=ast.Name(id="time"))):
                    wrong.append(f"{place} asks for the time")
                case ast.Attribute(attr="environ") | ast.Name(id="environ"):
                    wrong.append(f"{place} reads the environment")
                case ast.Global():
                    wrong.append(f"{place} keeps a global")
    assert wrong == []


def test_parsing_a_command_loads_no_heavy_library() -> None:
    heavy = (
        *("matplotlib", "nbconvert", "papermill", "typst", "docx", "distributed", "starlette"),
        *("numpy", "pandas", "pydantic", "yaml", "lxml", "openpyxl", "jinja2"),
    )
    script = f"import sys, nianbao.cli.main; print(*({set(heavy)} & set(sys.modules)))"
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


def test_no_tracked_file_names_this_machine(repository: Path) -> None:
    command = ["git", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=repository, check=True, capture_output=True).stdout
    wrong = []
    for name in filter(None, listing.decode().split("\0")):
        path = repository / name
        if not path.is_file():  # deleted, not yet committed
            continue
        texts = {name: path.read_bytes()}
        if zipfile.is_zipfile(path):  # workbooks and Word files
            with zipfile.ZipFile(path) as archive:
                texts = {f"{name}!{part}": archive.read(part) for part in archive.namelist()}
        wrong += [
            f"{part}: {found[0]!r}"
            for part, text in texts.items()
            if (found := TRACES.search(text))
        ]
    assert wrong == []


def test_the_picture_of_the_rooms_is_drawn_from_the_imports(repository: Path) -> None:
    drawn = subprocess.run(
        [sys.executable, "-c", "import rooms; print(rooms.draw_rooms(), end='')"],
        cwd=repository / "tools", text=True, check=True, capture_output=True,
    ).stdout  # fmt: skip
    assert (repository / "docs/images/rooms.svg").read_text("utf-8") == drawn, "make docs"


def test_the_functions_that_the_architecture_names_are_there(repository: Path) -> None:
    text = (repository / "docs/architecture.md").read_text("utf-8")
    named = re.findall(r"`([\w/]+\.py):(\w+)`", text)
    assert len(named) > 10
    files = {path: (SOURCE / path).read_text("utf-8") for path, _ in named}
    assert [(p, f) for p, f in named if f"def {f}(" not in files[p]] == []
    folders = re.findall(r"`([a-z_/]+)/`", text)
    assert [f for f in folders if not list(SOURCE.rglob(f)) and not (repository / f).is_dir()] == []
