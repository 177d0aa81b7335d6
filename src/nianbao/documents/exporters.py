"""The nbconvert exporters, one for each format, as ``jupyter nbconvert --to nianbao_…`` finds them.

Apart because nbconvert takes a tenth of a second to load, and a build draws without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import Environment
from nbconvert.exporters import Exporter, TemplateExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from traitlets import Bool, default, validate

from nianbao.documents.html import FRAGMENT, NAME, PAGE, TEMPLATES, draw_with, equip
from nianbao.errors import UsageError
from nianbao.fonts import find_fonts
from nianbao.notebook.master import find_root
from nianbao.notebook.record import find_record
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
        document = document_from_notebook(nb)
        return self.draw(document, resources["metadata"].get("path")), resources


def project_fonts(notebook_folder: str | None) -> tuple[Path, ...]:
    """Return the fonts/ of the project that the notebook lies in, or of the current one, if any."""
    for start in (Path(notebook_folder), None) if notebook_folder else (None,):
        with suppress(UsageError):
            return (find_root(start) / "fonts",)
    return ()


class ReportHTMLExporter(TemplateExporter):  # type: ignore[misc]  # nbconvert has no types
    """nbconvert exporter of an executed report notebook."""

    export_from_notebook = "年报 HTML"
    output_mimetype = "text/html"

    fragment = Bool(False, help="不含页面头部，供粘贴到网站内容管理系统").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return NAME

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        # The parent's default is the working folder: what lies there is none of our business.
        return [str(TEMPLATES)]

    @default("extra_template_paths")
    def _extra_template_paths_default(self) -> list[str]:
        return [str(TEMPLATES)]  # where "nianbao/index.html.j2" is found by a template over it

    @validate("extra_template_basedirs", "extra_template_paths")
    def _with_ours(self, proposal: Any) -> list[str]:
        given: list[str] = proposal["value"]
        return given if str(TEMPLATES) in given else [*given, str(TEMPLATES)]

    def from_notebook_node(
        self, nb: Any, resources: Mapping[str, Any] | None = None, **kw: Any
    ) -> tuple[str, ResourcesDict]:
        """Draw the page of a notebook that has run."""
        from nianbao.documents.document import document_from_notebook

        # The parent's method would give the template the cells; ours gets the Document.
        notebook, made = Exporter.from_notebook_node(self, nb, resources, **kw)
        document = document_from_notebook(notebook)
        return draw_with(self.environment, FRAGMENT if self.fragment else PAGE, document), made

    def _create_environment(self) -> Environment:
        return equip(super()._create_environment())


class ReportPDFExporter(FileExporter):
    """``jupyter nbconvert --to nianbao_pdf``: an executed report notebook as PDF."""

    export_from_notebook = "年报 PDF"
    output_mimetype = "application/pdf"
    suffix = ".pdf"

    def draw(self, document: Document, folder: str | None) -> bytes:
        from nianbao.documents.pdf import render_pdf

        return render_pdf(document, find_fonts(project_fonts(folder)))


class ReportDocxExporter(FileExporter):
    """``jupyter nbconvert --to nianbao_docx``: an executed report notebook as .docx."""

    export_from_notebook = "年报 Word"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    suffix = ".docx"

    def draw(self, document: Document, folder: str | None) -> bytes:
        from nianbao.documents.word import render_docx

        return render_docx(document, find_fonts(project_fonts(folder)))


class ReportPosterExporter(FileExporter):
    """``jupyter nbconvert --to nianbao_poster``: an executed report notebook as a tall PNG."""

    export_from_notebook = "年报 一图读懂"
    output_mimetype = "image/png"
    suffix = ".png"

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[bytes, ResourcesDict]:
        """Export a notebook; the numbers are those of its record."""
        self._report = find_record(nb).report
        return super().from_notebook_node(nb, resources, **kw)

    def draw(self, document: Document, folder: str | None) -> bytes:
        from nianbao.documents.poster import render_poster

        fonts = find_fonts(project_fonts(folder))
        return render_poster(self._report, document, fonts)["poster.png"]
