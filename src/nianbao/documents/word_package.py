"""The docx package: the reference document as data, and a zip that is the same every time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from nianbao.documents.word_xml import clean
from nianbao.prose.blocks import Document


def _files(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{path}{entry.name}/")
        else:
            yield path + entry.name, entry.read_bytes()


def write_zip(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts that depends on nothing else: sorted names, one fixed time.

    ``[Content_Types].xml`` sorts first, where some readers expect it.
    """
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name in sorted(parts):
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, parts[name], compresslevel=6)
    return out.getvalue()


def read_zip(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def open_template() -> WordDocument:
    """The reference document: styles, page, numbering, page numbers (templates/word/parts)."""
    folder = resources.files("nianbao.documents") / "templates" / "word" / "parts"
    return docx.Document(BytesIO(write_zip(dict(_files(folder)))))


def _property(text: str) -> str:
    """A text as a property: Word takes 255 characters of one line."""
    return " ".join(clean(text).split())[:255]


def set_properties(word: WordDocument, document: Document) -> None:
    """Title, author, language and dates of the file."""
    properties, day = word.core_properties, datetime.combine(document.day, time())
    properties.title = _property(document.title)
    properties.subject = _property(document.description)
    properties.author = properties.last_modified_by = _property(document.agency_name)
    properties.language = "zh-CN"
    properties.created = properties.modified = day
    properties.revision = 1


def drop_draft_mark(word: WordDocument) -> None:
    """Take the page heads with 草稿 out of a report that is final."""
    section = word.element.body.sectPr
    for reference in section.findall(qn("w:headerReference")):
        word.part.rels.pop(reference.get(qn("r:id")))
        section.remove(reference)


def to_bytes(word: WordDocument) -> bytes:
    """The finished file."""
    out = BytesIO()
    word.save(out)
    return write_zip(read_zip(out.getvalue()))
