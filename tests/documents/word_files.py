"""Word files for tests: made from small Documents, taken apart, edited as editors do."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree
from tests.documents.sample_document import sample_document
from tests.programs import office, with_chinese_font

from nianbao.documents.readback import open_edited
from nianbao.documents.word import render_docx
from nianbao.prose.blocks import Block, Document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS = {"w": W, "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}
BODY = "word/document.xml"


def q(name: str) -> str:
    """A tag or attribute of the w: namespace."""
    return f"{{{W}}}{name}"


def val(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute of the w: namespace; None for no element."""
    return None if element is None else element.get(q(name))


def texts(element: etree._Element) -> str:
    """The text in an element; a hyphen that ends no line is a hyphen."""
    found = element.iter(q("t"), q("noBreakHyphen"))
    return "".join("-" if t.tag == q("noBreakHyphen") else t.text or "" for t in found)


def document_of(*blocks: Block, **changes: Any) -> Document:
    """A Document with these blocks only."""
    return replace(sample_document(), blocks=blocks, **{"signature": False, **changes})


def parts(data: bytes) -> dict[str, bytes]:
    """The files inside a .docx."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(data: bytes) -> etree._Element:
    """The body of a .docx."""
    found = etree.fromstring(parts(data)[BODY]).find(q("body"))
    assert found is not None
    return found


def zipped(files: dict[str, bytes]) -> bytes:
    """A .docx of these files."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def edited(data: bytes, edit: Callable[[etree._Element], None], part: str = BODY) -> bytes:
    """The file after an edit of the tree of one of its parts."""
    files = parts(data)
    root = etree.fromstring(files[part])
    edit(root)
    return zipped({**files, part: etree.tostring(root, xml_declaration=True, encoding="UTF-8")})


def with_part(data: bytes, name: str, content: str) -> bytes:
    """The file with one more part (no relationship: our readers look by name)."""
    return zipped({**parts(data), name: content.encode()})


def paragraph_with(root: etree._Element, words: str) -> etree._Element:
    """The one paragraph that holds these words."""
    (found,) = [p for p in root.iter(q("p")) if words in "".join(p.itertext(q("t")))]
    return found


_FORMS = {
    "docx": "docx:MS Word 2007 XML",
    "doc": "doc:MS Word 97",
    "odt": "odt",
    "pdf": "pdf",
}


def through_libreoffice(data: bytes, form: str, folder: Path, of: str = "docx") -> bytes:
    """Open a file in LibreOffice without a window and save it as another form."""
    return all_through_libreoffice({f"in.{of}": data}, form, folder)[f"in.{of}"]


def all_through_libreoffice(
    files: Mapping[str, bytes], form: str, folder: Path
) -> dict[str, bytes]:
    """The same for files by their names, in one call: to start it is more work than a file."""
    target, sources = folder / "out", [folder / name for name in files]
    for source in sources:
        source.write_bytes(files[source.name])
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office(), profile, "--headless", "--convert-to", _FORMS[form], "--outdir", target]
    environment = with_chinese_font(folder)
    subprocess.run(
        [*command, *sources], check=True, capture_output=True, timeout=300, env=environment
    )
    return {s.name: (target / f"{s.stem}.{form}").read_bytes() for s in sources}


def sample_docx(**changes: Any) -> bytes:
    """The rich sample as Word."""
    return render_docx(replace(sample_document(), **changes))


def sections_of(data: bytes) -> dict[str, str]:
    """The text of each section of a .docx as Markdown."""
    return open_edited(data).sections
