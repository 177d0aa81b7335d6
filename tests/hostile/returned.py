"""Hostile files that come back to a bureau: edited Word files and notebooks, pages it imports.

Beside `tests.hostile.newcomers`: the build of the bureau pulls its edited files by itself, and what
it imported of an earlier year is read with every report. A finished set is made once for all kinds.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from tests.hostile.samples import pdf_with, small_docx
from tests.hostile.spoils import BESIDE, YEAR, Folder, Kind, Spoil, write_bureau, zipped
from tests.projects import copy_project

from nianbao.errors import NianbaoError
from nianbao.publishing.build import BuildOptions, build_report
from nianbao.workbook.importing import import_report

_MODEL = "k-hostile-model"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_EARLIER = YEAR - 2
"""A year of which a report takes the figures alone."""


@cache
def _finished() -> tuple[str, str, str]:
    """The notebook and the manifest of a finished set, and the name of its bureau."""
    with tempfile.TemporaryDirectory(prefix="nianbao-returned-") as name:
        folder = Folder(copy_project(Path(name)), _MODEL, 0)
        write_bureau(folder)
        build_report(folder.root, _MODEL, YEAR, BuildOptions(("docx",)))
        made = folder.output / str(YEAR)
        files = ((made / file).read_text("utf-8") for file in ("report.ipynb", "manifest.json"))
        notebook, manifest = files
        return notebook, manifest, folder.name


def returned(name: str, make: Callable[[str], bytes]) -> Spoil:
    """An edited file in a finished set; ``make`` is given the notebook as it was made."""

    def spoil(folder: Folder) -> None:
        notebook, manifest, model = _finished()
        notebook = notebook.replace(_MODEL, folder.code).replace(model, folder.name)
        known = json.loads(manifest.replace(_MODEL, folder.code))
        known["outputs"]["report.ipynb"] = hashlib.sha256(notebook.encode()).hexdigest()
        target = folder.output / str(YEAR)
        target.mkdir(parents=True)
        (target / "report.ipynb").write_bytes(notebook.encode())
        (target / "manifest.json").write_text(json.dumps(known), "utf-8")
        (target / name).write_bytes(make(notebook))

    return spoil


def imported(name: str, make: Callable[[], bytes]) -> Spoil:
    """A published report of an earlier year that the bureau imports, as far as it lets itself."""

    def spoil(folder: Folder) -> None:
        file = folder.data.parent / name
        file.write_bytes(make().replace(b"NAME", folder.name.encode()))
        with suppress(NianbaoError):
            import_report(folder.root, file, folder.code, _EARLIER)

    return spoil


def word(body: str, head: str = "") -> bytes:
    """A Word file with this body; ``head`` is declared before it."""
    text = f"{head}<w:document {_W} {_R}><w:body>{body}</w:body></w:document>"
    return zipped({**small_docx(), "word/document.xml": text.encode()})


def _laughs() -> bytes:
    """A Word file whose one word is ten thousand million of them."""
    kinds = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return word(_paragraph("&a11;"), f'<!DOCTYPE w [<!ENTITY a0 "甲">{kinds}]>')


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _tables(deep: int) -> str:
    begin, end = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return begin * deep + _paragraph("甲") + end * deep


def _words_of_ours() -> str:
    """What would be markup, a name or two versions if it were taken as it stands."""
    texts = ("{{ 没有 }}", "## overview", "&lt;&lt;&lt;&lt;&lt;&lt;&lt; a", "=======", "{% x %}")
    return "".join(map(_paragraph, ("一、总体情况", "（一）主动公开", *texts)))


def _edited(change: Callable[[dict[str, Any]], object]) -> Callable[[str], bytes]:
    def make(notebook: str) -> bytes:
        made = json.loads(notebook)
        change(made)
        return json.dumps(made, ensure_ascii=False).encode()

    return make


def _cell(kind: str, source: str) -> dict[str, Any]:
    code: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **code}


def _say(notebook: dict[str, Any], text: str) -> None:
    """Put a text in the place of the first one."""
    cells = notebook["cells"]
    next(c for c in cells if c["metadata"].get("nianbao", {}).get("section"))["source"] = text


def _deep(layers: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(layers):
        found = {"a": found}
    return found


def page(body: str, name: str = "NAME") -> Callable[[], bytes]:
    """A published page of an earlier year."""
    title = f"{name}{_EARLIER}年政府信息公开工作年度报告"
    text = f"<html><title>{title}</title><body><h1>{title}</h1><h2>一、总体情况</h2>{body}</body>"
    return lambda: text.encode()


def _spans() -> str:
    row = '<tr><td colspan="999999999" rowspan="999999999">规章</td><td>1</td></tr>'
    return f"<table>{row * 500}</table>"


def _word(make: Callable[[], bytes], *, built: bool = True) -> Kind:
    return Kind(returned("report.docx", lambda _: make()), built)


def _notebook(change: Callable[[dict[str, Any]], object], *, built: bool = True) -> Kind:
    return Kind(returned("report.ipynb", _edited(change)), built)


def _imported(name: str, make: Callable[[], bytes]) -> Kind:
    return Kind(imported(name, make), built=True)


_LONG = "甲" * 400_000
_WIDE = '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>'
_ELSEWHERE = '<w:r><w:drawing><a:blip xmlns:a="a" r:link="rId1"/></w:drawing></w:r>'
_CHANGE = "<w:ins><w:r><w:t>甲</w:t></w:r></w:ins><w:del/>"
RETURNED: dict[str, Kind] = {
    "Word: 2,000 tables in tables": _word(lambda: word(_tables(2000)), built=False),
    "Word: entities": _word(_laughs, built=False),
    "Word: half of it": _word(lambda: zipped(small_docx())[:900], built=False),
    "Word: spans without end": _word(
        lambda: word(f"<w:tbl><w:tr>{_WIDE}{_paragraph('甲')}</w:tc></w:tr></w:tbl>")
    ),
    "Word: 100,000 changes": _word(lambda: word(f"<w:p>{_CHANGE * 100_000}</w:p>")),
    "Word: marks of ours": _word(lambda: word(_words_of_ours())),
    "Word: a paragraph of a megabyte": _word(
        lambda: word(_paragraph("一、总体情况") + _paragraph(_LONG))
    ),
    "Word: a picture on another machine": _word(lambda: word(f"<w:p>{_ELSEWHERE}</w:p>")),
    "notebook: 10,000 cells": _notebook(
        lambda n: n["cells"].extend(_cell("markdown", "甲。") for _ in range(10_000))
    ),
    "notebook: a cell that ends its process": _notebook(
        lambda n: n["cells"].append(_cell("code", "import os; os._exit(77)")), built=False
    ),
    "notebook: a text of a megabyte": _notebook(lambda n: _say(n, _LONG)),
    "notebook: names that are not there": _notebook(lambda n: _say(n, "{{ 没有 }}<<<<<<< 甲")),
    "notebook: 900 layers": _notebook(lambda n: n["metadata"].update(_deep(900))),
    "notebook: of the neighbour": Kind(
        returned("report.ipynb", lambda t: re.sub("[az]-hostile-[0-9]+", BESIDE, t).encode()),
        built=True,
    ),
    "import: markup 50,000 deep": _imported("a.html", page("<div>" * 50_000 + "甲")),
    "import: spans without end": _imported("a.html", page(_spans())),
    "import: in the neighbour's name": _imported("a.html", page("<p>甲。</p>", "沂源县司法局")),
    "import: a text of a megabyte": _imported("a.html", page(f"<p>{_LONG}</p>")),
    "import: a Word file of entities": _imported("a.docx", _laughs),
    "import: a PDF of one endless line": _imported(
        "a.pdf", lambda: pdf_with(b"\0", b"0 0 m " + b"9 9 l " * 1_000_000 + b"S")
    ),
}
