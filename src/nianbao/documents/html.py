"""The report as one HTML file: no script, no outside address, nothing but the Document.

``jupyter nbconvert --to nianbao_html`` finds the exporter by its entry point. The look is the
nbconvert template folder ``templates/nianbao``; it extends no other template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from nbconvert.exporters import Exporter, TemplateExporter
from traitlets import Bool, default

from nianbao.documents.html_parts import Document, breakable, prepare

TEMPLATES = Path(__file__).resolve().parent / "templates"
NAME = "nianbao"
PAGE, FRAGMENT = "index.html.j2", "fragment.html.j2"
_LINE_END = re.compile(r"[ \t]*\n[ \t\n]*")


def render_html(document: Document, *, fragment: bool = False) -> str:
    """Draw a Document as HTML.

    Parameters
    ----------
    document
        Its form is in docs/architecture.md; its texts are text, never markup.
    fragment
        Without head and body, to be pasted into the page of a content system; its styles
        concern nothing outside it.

    Returns
    -------
    str
        The same for the same document, byte for byte.

    Raises
    ------
    ExportError
        A drawing or a picture holds what a page must not hold.
    """
    return _render(templates().get_template(FRAGMENT if fragment else PAGE), document)


@cache
def templates() -> Environment:
    """The page's templates, kept: compiling them takes longer than drawing a page.

    A template that is edited is read again.
    """
    return _equip(Environment(loader=FileSystemLoader(TEMPLATES / NAME)))


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

    def from_notebook_node(
        self, nb: Any, resources: Mapping[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page of a notebook that has run."""
        from nianbao.documents.document import document_from_notebook

        # The parent's method would give the template the cells; ours gets the Document.
        notebook, made = Exporter.from_notebook_node(self, nb, resources, **kw)
        template = self.environment.get_template(FRAGMENT) if self.fragment else self.template
        return _render(template, document_from_notebook(notebook, made)), made

    def _create_environment(self) -> Environment:
        return _equip(super()._create_environment())


def _equip(environment: Environment) -> Environment:
    """Escape everything, and stop at a name that the document does not have."""
    environment.autoescape = True
    environment.undefined = StrictUndefined
    environment.filters["breakable"] = breakable
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment


def _render(template: Template, document: Document) -> str:
    page = template.render(prepare(document))
    # Indentation is for whoever edits the template; a reader's phone need not load it.
    return _LINE_END.sub("\n", page).strip() + "\n"
