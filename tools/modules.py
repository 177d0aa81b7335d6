"""The modules of the package and what each imports of it, read from the source alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "nianbao"

# In the order of the flow: a folder may import from those before it.
FOLDERS = (
    *("files", "inputs", "statistics", "prose", "notebook", "documents", "workbook"),
    *("finished", "edits", "publishing", "batch", "desk", "cli"),
)
# What every folder may use, and what uses none of them.
SHARED = ("errors", "statutory", "fonts", "processes", "libyaml")


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
