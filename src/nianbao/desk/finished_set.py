"""Make of a finished set what is made besides its documents, and tell it from another set."""

from __future__ import annotations

import html
import io
import json
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from nianbao.errors import ExportError, UsageError, raise_problems
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST, sha256
from nianbao.notebook.cells import parse_notebook
from nianbao.notebook.master import read_notebook
from nianbao.prose.differences import SentenceChange, compare_prose
from nianbao.publishing.compare import (
    ValueChange,
    compare_report,
    kept_side,
    render_page,
    value_changes,
)
from nianbao.statutory import format_for

Extra = Literal["page", "cms", "poster"]
"""What is made of a finished set besides its documents, see `make_extra`."""

EXTRAS: tuple[Extra, ...] = ("page", "cms", "poster")


def make_extra(root: Path, agency: str, year: int, kind: Extra) -> dict[str, bytes]:
    """Make something of the finished set, read back as the set itself was.

    Parameters
    ----------
    kind
        ``page``: the page without its head; ``cms``: the page for content systems that strip
        styles, its pictures and their list; ``poster``: 一图读懂.

    Returns
    -------
    dict
        Files by path; empty without a finished set.

    Raises
    ------
    ExportError
        What was made does not say what the report says.
    """
    manifest = report_folder(root, agency, year) / MANIFEST
    return _extra(root, agency, year, kind, sha256(manifest)) if manifest.is_file() else {}


@lru_cache(maxsize=8)
def _extra(root: Path, agency: str, year: int, kind: Extra, checksum: str) -> dict[str, bytes]:
    """Keep what was made of a set; another set has another ``checksum``."""
    from nianbao.documents import readback
    from nianbao.documents.cms import render_cms
    from nianbao.documents.document import document_from_notebook
    from nianbao.documents.html import render_html
    from nianbao.documents.poster import make_poster, render_poster
    from nianbao.fonts import find_fonts

    folder = report_folder(root, agency, year)
    document = document_from_notebook(read_notebook(folder / "report.ipynb"))
    fonts = find_fonts((root / "fonts",))
    if kind == "poster":
        report = (folder / "report.json").read_text(encoding="utf-8")
        files = render_poster(report, document, fonts)
        read, poster = readback.read_poster(files["poster.svg"]), make_poster(report, document)
        raise_problems(ExportError, readback.compare_poster(read, poster, "poster.svg"))
        return files
    if kind == "cms":
        files = render_cms(document, fonts)
        whole = f"<h1>{html.escape(document.title)}</h1>".encode() + files["report.cms.html"]
    else:
        whole = render_html(document, fragment=True).encode()
        files = {"report.fragment.html": whole}
    raise_problems(ExportError, readback.compare(readback.read_html(whole), document))
    return files


def review_sheet(root: Path, agency: str, year: int) -> str:
    """Return the 审校单 against last year."""
    return render_page(compare_report(root, agency, year))


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences between two sets."""

    values: tuple[ValueChange, ...]
    sentences: tuple[SentenceChange, ...]


def compare_with_frozen(root: Path, agency: str, year: int, archive: bytes) -> Changes:
    """Return a frozen set against the finished set of now.

    Raises
    ------
    UsageError
        There is no finished set, or one of the two cannot be read.
    """
    folder = report_folder(root, agency, year)
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as frozen:
            before = [frozen.read(f"output/report.{kind}") for kind in ("json", "ipynb")]
        after = [(folder / f"report.{kind}").read_bytes() for kind in ("json", "ipynb")]
        then, now = (
            kept_side(label, json.loads(report, parse_float=Decimal), parse_notebook(notebook))
            for label, (report, notebook) in (("定稿", before), ("现在", after))
        )
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise UsageError("还没有可以比较的报告，请先生成") from None
    changes = tuple(value_changes(then, now, format_for(year)))
    return Changes(changes, compare_prose(then.sections, now.sections))
