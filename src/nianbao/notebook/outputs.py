"""What a cell shows, kept in the form and order in which a kernel's client would keep it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jupyter_client.jsonutil import json_default
from nbformat import NotebookNode
from nbformat.v4 import new_output


class Outputs:
    """The outputs of a notebook's cells while they run.

    Several cells share one collector, because ``update_display`` may change what an earlier
    cell showed.
    """

    def __init__(self) -> None:
        self.cell: list[NotebookNode] = []
        self.count = 0
        self.below: list[Callable[[], None]] = []
        """Bring in what was written past Python's streams, so that it keeps its place."""
        self._shown: dict[str, list[NotebookNode]] = {}
        self._clear_first = False

    def start_cell(self, count: int) -> None:
        """Forget the outputs of the cell before; what it displayed can still be updated."""
        self.cell = []
        self.count = count
        self._clear_first = False

    def write(self, name: str, text: str) -> None:
        """Add to a standard stream."""
        self._bring_in()
        if text:
            self._write(name, text)

    def write_below(self, name: str, text: str) -> None:
        """Add what another program wrote to the file below a standard stream."""
        if text:
            self._write(name, text)

    def _write(self, name: str, text: str) -> None:
        last = self.cell[-1] if self.cell and not self._clear_first else None
        if last and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self._append(new_output("stream", name=name, text=text))

    def display(
        self, data: Mapping[str, Any], metadata: Mapping[str, Any] | None, id_: str | None
    ) -> None:
        """Add a display; earlier ones of the same id show the same from now on."""
        if id_:
            self.update(data, metadata, id_)
        self._add(new_output("display_data", data=_plain(data), metadata=_plain(metadata)), id_)

    def update(self, data: Mapping[str, Any], metadata: Mapping[str, Any] | None, id_: str) -> None:
        """Change the displays of this id, whichever cell made them."""
        for output in self._shown.get(id_, ()):
            output["data"], output["metadata"] = _plain(data), _plain(metadata)

    def result(self, data: Mapping[str, Any], metadata: Mapping[str, Any] | None) -> None:
        """Add the value of a cell's last line."""
        self._add(
            new_output(
                "execute_result",
                data=_plain(data),
                metadata=_plain(metadata),
                execution_count=self.count,
            )
        )

    def error(self, name: str, text: str, traceback: Sequence[str]) -> None:
        """Add an error."""
        self._add(new_output("error", ename=name, evalue=text, traceback=list(traceback)))

    def clear(self, *, wait: bool) -> None:
        """Take away what the cell has shown, at once or as soon as it shows something new."""
        if wait:
            self._clear_first = True
        else:
            self.cell.clear()

    def _bring_in(self) -> None:
        for bring in self.below:
            bring()

    def _add(self, output: NotebookNode, id_: str | None = None) -> None:
        self._bring_in()
        self._append(output)
        if id_:
            self._shown.setdefault(id_, []).append(output)

    def _append(self, output: NotebookNode) -> None:
        if self._clear_first:
            self.cell.clear()
            self._clear_first = False
        self.cell.append(output)


def _plain(data: Mapping[str, Any] | None) -> object:
    """Return a value as it arrives at a kernel's client: through JSON."""
    return json.loads(json.dumps(data or {}, default=json_default))


class Stream(io.TextIOBase):
    """A standard stream that adds what is written to the cell's outputs."""

    def __init__(self, name: str, outputs: Outputs, number: int) -> None:
        super().__init__()
        self._name, self._outputs, self._number = name, outputs, number

    @property
    def name(self) -> str:
        """Which stream it is, as a kernel's has it."""
        return f"<{self._name}>"

    @property
    def encoding(self) -> str:  # type: ignore[override]  # an attribute there
        """What a program asks before it prints Chinese."""
        return "UTF-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._outputs.write(self._name, text)
        return len(text)

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._number
