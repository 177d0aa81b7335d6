"""The modules of the package and what each imports of it, read from the source alone."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "nianbao"

# In the order of the flow: a folder may import from those before it.
FOLDERS = (
    *("files", "inputs", "statistics", "prose", "notebook", "documents", "workbook"),
    *("finished", "edits", "publishing", "batch", "desk", "cli"),
)
# What every folder may use, and what uses none of them.
SHARED = ("errors", "statutory", "fonts")


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    """Yield (dotted name, path, tree) of every module of the package."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, path, ast.parse(path.read_text("utf-8"))


def room(name: str) -> str:
    """Return the folder (or shared module) a dotted name lies in; "" for the package itself."""
    return [*name.split("."), ""][1]


def imports(name: str, path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of all that a module imports from the package."""
    package = name.split(".") if path.stem == "__init__" else name.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            targets = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for target in targets:
            if target.split(".")[0] == "nianbao":
                yield node.lineno, target


def _module_of(target: str, known: set[str]) -> str:
    """The module that an imported name lies in."""
    while target not in known:
        target = target.rpartition(".")[0]
    return target


def _first_sentence(tree: ast.Module) -> str:
    words = " ".join((ast.get_docstring(tree) or "").partition("\n\n")[0].split())
    return words.replace("|", "\\|")


def modules_markdown() -> str:
    """docs/modules.md: who imports whom, folder by folder and module by module."""
    read = [(name, path, tree) for name, path, tree in modules() if ast.get_docstring(tree)]
    known = {name for name, _, _ in modules()}
    used = {
        name: {_module_of(target, known) for _, target in imports(name, path, tree)} - {name}
        for name, path, tree in read
    }
    rooms = [*SHARED, *FOLDERS]
    counts = Counter(
        (room(name), room(target)) for name, targets in used.items() for target in targets
    )
    sizes = Counter(room(name) for name, _, _ in read)
    lines = [
        "# Modules",
        "",
        "Made by `make docs` from the source; `tests/test_architecture.py` holds it to it.",
        "",
        "A line says how many imports the modules of a folder have from each folder. Right of the",
        "folder itself would stand the imports against the flow: there is none.",
        "",
        f"| from ↓ imports → | modules | {' | '.join(rooms)} |",
        f"|---|{'---:|' * (len(rooms) + 1)}",
    ]
    for own in rooms:
        cells = (str(counts[own, other] or "·") for other in rooms)
        lines.append(f"| **{own}** | {sizes[own]} | {' | '.join(cells)} |")
    for own in rooms:
        lines += ["", f"## {own}", "", "| module | its job | imports |", "|---|---|---|"]
        for name, _, tree in read:
            if room(name) == own:
                short = name.removeprefix("nianbao.")
                targets = (t.removeprefix("nianbao.") for t in sorted(used[name]) if room(t))
                shown = ", ".join(
                    t.removeprefix(f"{own}.") if t.startswith(f"{own}.") else f"*{t}*"
                    for t in targets
                )
                lines.append(f"| `{short}` | {_first_sentence(tree)} | {shown} |")
    return "\n".join([*lines, ""])
