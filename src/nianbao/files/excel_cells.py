"""Write texts into cells of somebody's workbook; all else of the file stays as it was.

The sheet's XML is changed in place: a library that reads and writes the whole file would lose
drawings, validations and styles that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

from nianbao.errors import InputError
from nianbao.files.excel import sheet_parts

MAX_TEXT = 32_767
"""Most characters of a cell."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def write_cells(data: bytes, sheet: str, texts: Mapping[str, str]) -> bytes:
    """Put texts into cells of a sheet.

    Parameters
    ----------
    data
        The workbook, .xlsx or .xlsm.
    sheet
        Its name.
    texts
        By cell, such as ``C5``; the cell keeps its style.

    Raises
    ------
    InputError
        One of the cells holds a formula, or a text is too long for a cell.
    """
    with ZipFile(BytesIO(data)) as archive:
        part = sheet_parts(archive)[sheet]
        root = etree.fromstring(archive.read(part), etree.XMLParser(resolve_entities=False))
        namespace = _MAIN if root.tag.startswith(_MAIN) else root.tag.removesuffix("worksheet")
        for reference, text in texts.items():
            _write(root, namespace, reference, text)
        changed = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        out = BytesIO()
        with ZipFile(out, "w") as written:
            for entry in archive.infolist():
                content = changed if entry.filename == part else archive.read(entry)
                written.writestr(entry, content, entry.compress_type)
    return out.getvalue()


def _write(root: etree._Element, namespace: str, reference: str, text: str) -> None:
    cell = _cell(root, namespace, reference)
    if cell.find(f"{namespace}f") is not None:
        raise InputError(f"单元格 {reference} 是公式，不能写入文字；请改成普通文字")
    if len(text) > MAX_TEXT:
        raise InputError(f"单元格 {reference} 放不下这么长的文字（{len(text)}个字）")
    for old in list(cell):
        cell.remove(old)
    cell.set("t", "inlineStr")
    inside = etree.SubElement(etree.SubElement(cell, f"{namespace}is"), f"{namespace}t")
    inside.set(_SPACE, "preserve")
    inside.text = text


def _cell(root: etree._Element, namespace: str, reference: str) -> etree._Element:
    """A cell of the sheet, made where there is none yet."""
    rows = root.find(f"{namespace}sheetData")
    if rows is None:
        raise InputError("工作表已损坏，不能写入文字")
    letters, number = _place(reference)
    row = next((r for r in rows if int(r.get("r", "0")) >= int(number)), None)
    if row is None or row.get("r") != number:
        row = _insert(rows, f"{namespace}row", number, row)
    after = (c for c in row if _column(_place(c.get("r", ""))[0]) >= _column(letters))
    cell = next(after, None)
    if cell is None or cell.get("r") != reference:
        cell = _insert(row, f"{namespace}c", reference, cell)
    return cell


def _insert(
    parent: etree._Element, tag: str, reference: str, before: etree._Element | None
) -> etree._Element:
    made = etree.Element(tag, r=reference)
    if before is None:
        parent.append(made)
    else:
        before.addprevious(made)
    return made


def _place(reference: str) -> tuple[str, str]:
    """Letters and number of a reference."""
    match = _REFERENCE.fullmatch(reference)
    return (match[1], match[2]) if match else ("", "0")


def _column(letters: str) -> tuple[int, str]:
    """Columns in their order: Z comes before AA."""
    return len(letters), letters
