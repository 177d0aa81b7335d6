"""Make PDFs of Documents and read them back, for tests."""

from __future__ import annotations

import io
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pdfplumber

from nianbao.documents.pdf import render_pdf
from nianbao.fonts import Fonts, find_fonts
from nianbao.prose.blocks import Document

ROOT = Path(__file__).resolve().parents[2]


@cache
def project_fonts() -> Fonts:
    """What a user has after `make fonts`."""
    return find_fonts((ROOT / "fonts",), system=False)


@cache
def packaged_fonts() -> Fonts:
    """What a user has without it."""
    return find_fonts(system=False)


def pdf_of(document: Document, fonts: Fonts | None = None) -> bytes:
    """A Document as PDF."""
    return render_pdf(document, fonts or project_fonts())


def squeezed(text: str) -> str:
    """The text without blanks and line ends, which a line break may move."""
    return "".join(text.split())


def text_of(pdf: bytes) -> str:
    """All upright text in the order in which it is read, squeezed; the draft mark is turned."""
    return squeezed("".join(c["text"] for c in letters_of(pdf) if not c["matrix"][1]))


@lru_cache(2)
def tables_of(pdf: bytes) -> list[list[list[str]]]:
    """Every table as rows of squeezed cells; a place that a span covers is left out."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        found = [table for page in document.pages for table in page.extract_tables()]
    return [[[squeezed(c) for c in row if c is not None] for row in table] for table in found]


@lru_cache(2)
def letters_of(pdf: bytes) -> list[dict[str, Any]]:
    """Every letter with page, place and type."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [char for page in document.pages for char in page.chars]


def words_at(pdf: bytes, words: str) -> list[dict[str, Any]]:
    """The letters of the last place where these words stand."""
    letters = letters_of(pdf)
    start = "".join(c["text"] for c in letters).rindex(words)
    return letters[start : start + len(words)]
