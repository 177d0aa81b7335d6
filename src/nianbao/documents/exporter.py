"""The base of nbconvert exporters that give a file of bytes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import Exporter, ResourcesDict
from nbformat import NotebookNode
from traitlets import default

from nianbao.errors import UsageError
from nianbao.notebook.master import find_root
from nianbao.prose.blocks import Document


class FileExporter(Exporter):  # type: ignore[misc]  # nbconvert has no types
    """An executed report notebook as a file; each format says its ``suffix`` and how to draw."""

    suffix = ""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return self.suffix

    @default("default_preprocessors")
    def _no_preprocessors(self) -> list[str]:
        # The notebook is read as it was executed; nothing of nbconvert's chain is wanted.
        return []

    def draw(self, document: Document, folder: str | None) -> bytes:
        """Draw the file; ``folder`` is where the notebook lies, if anywhere."""
        raise NotImplementedError

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[bytes, ResourcesDict]:
        """Export a notebook; see `nbconvert.exporters.Exporter.from_notebook_node`."""
        from nianbao.documents.document import document_from_notebook

        nb, resources = super().from_notebook_node(nb, resources, **kw)
        resources["output_extension"] = self.file_extension
        document = document_from_notebook(nb, resources)
        return self.draw(document, resources["metadata"].get("path")), resources


def project_fonts(notebook_folder: str | None) -> tuple[Path, ...]:
    """Return the fonts/ of the project that the notebook lies in, or of the current one, if any."""
    for start in (Path(notebook_folder), None) if notebook_folder else (None,):
        with suppress(UsageError):
            return (find_root(start) / "fonts",)
    return ()
