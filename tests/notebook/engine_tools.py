"""Cells run by ipykernel and by our kernel, and what both showed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

CELLS = Path(__file__).resolve().parent.parent / "data" / "notebooks"
NAMES = sorted(path.stem for path in CELLS.glob("*.py"))

# Where the two are allowed to differ: the name of a cell's code (a kernel's holds its process
# number), addresses in memory, and the frame that refuses input().
_CODE_NAME = re.compile(r"\"?[^\s\"]*/ipykernel_\d+/\d+\.py|\"?<cell>-\d+\.py|\b\d+\.py(?=, line)")
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
_PICTURE = re.compile(r"iVBORw0KGgo")  # Base64, of a PNG: no name to look for in its one long word
_REFUSAL = re.compile(r"ipykernel/kernelbase\.py|notebook/in_process_kernel\.py")


def cells_of(name: str) -> list[str]:
    """The cells of a file in tests/data/notebooks."""
    text = (CELLS / f"{name}.py").read_text(encoding="utf-8")
    return [cell.strip("\n") for cell in text.split("# %%\n")]


def notebook(*cells: str) -> Any:
    """A notebook of these code cells."""
    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(source, id=f"cell-{number}")
            for number, source in enumerate(cells)
        ]
    )
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    return made


def shown_by_kernel(cells: list[str], folder: Path) -> list[dict[str, Any]]:
    """Outputs of all cells in an ordinary kernel; after an error it goes on."""
    client = NotebookClient(
        notebook(*cells), allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    ran = client.execute()
    return [_settled(cell.execution_count, cell.outputs) for cell in ran.cells]


_IN_A_PROCESS = """
import json, sys
from nianbao.notebook.in_process_kernel import InProcessKernel
kernel = InProcessKernel()
print(json.dumps([kernel.run(cell)[:2] for cell in json.load(sys.stdin)]))
"""


def shown_by_shell(cells: list[str], folder: Path) -> list[dict[str, Any]]:
    """Outputs of all cells in our kernel; after an error it goes on.

    In a process of its own, as a kernel is: pytest turns warnings into errors and takes logs.
    """
    done = subprocess.run(
        [sys.executable, "-c", _IN_A_PROCESS],
        input=json.dumps(cells), capture_output=True, text=True, check=True, cwd=folder,
    )  # fmt: skip
    return [_settled(count, outputs) for outputs, count in json.loads(done.stdout)]


def _settled(count: int, outputs: list[Any]) -> dict[str, Any]:
    """Count and outputs; texts of a stream that follow each other as one."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        plain = _plain(dict(output))
        last = joined[-1] if joined else {}
        if plain["output_type"] == "stream" and last.get("name") == plain["name"]:
            last["text"] += plain["text"]
        else:
            joined.append(plain)
    return {"count": count, "outputs": joined}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        kept = (each for each in value if not (isinstance(each, str) and _REFUSAL.search(each)))
        return [_plain(each) for each in kept]
    if isinstance(value, str) and not _PICTURE.match(value):
        return _ADDRESS.sub("ADDRESS", _CODE_NAME.sub("CELL", value))
    return value
