"""Hostile texts through the whole chain: what comes out of it shows them and does nothing else."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pdfplumber
import pikepdf
import pytest
from lxml import etree, html
from playwright.sync_api import Browser
from tests.hostile.corpus import SHOWN, card, csv_text, printed
from tests.programs import PATIENCE, drawn, office
from tests.projects import copy_project

from nianbao.files.writing import spreadsheet_text
from nianbao.inputs.values import State, parse_cell
from nianbao.publishing.build import BuildOptions, BuildResult, build_report

pytestmark = pytest.mark.slow

AGENCY, YEAR = "yiyuan-sfj", 2024
FIELDS = ("short_name", "address", "postcode", "phone", "email", "website")
# A number is printed as a number is, a dash alone is no text.
KEPT = [text for text in SHOWN if parse_cell(printed(text)).state is State.TEXT]
PARTS = 3
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def project(folder: Path, part: int) -> tuple[Path, list[str]]:
    """A project with a part of the corpus in every field of every input."""
    texts = KEPT[part::PARTS]
    root = copy_project(folder, AGENCY)
    data = root / "data" / AGENCY / str(YEAR)
    figures = [[f"数{i}", text, "", text] for i, text in enumerate(texts)]
    figures += [[f"计{i}", i, text[:20], text] for i, text in enumerate(texts[:30])]
    (data / "figures.csv").write_text(
        csv_text([["名称", "数值", "单位", "说明"], *figures]), "utf-8"
    )
    short = [text for text in texts if len(text) < 60]
    rows = [["政府网站", text, i + 1] for i, text in enumerate(short[:34])]
    rows += [[text, "政策", i + 1] for i, text in enumerate(short[34:60])]
    (data / "disclosures.csv").write_text(csv_text([["渠道", "类别", "条数"], *rows]), "utf-8")
    lines = ["## overview", ""]
    for i in range(len(texts)):
        lines += [f"甲{{{{ 数{i} }}}}乙", ""]
    lines += [f"计{i}为{{{{ 计{i}.带单位 }}}}。\n" for i in range(30)]
    lines += ["## overview.disclosure", "", "{{ 主动公开.政府网站.明细 }}。"]
    (data / "narrative.md").write_text("\n".join(lines), "utf-8")
    plain = [t for t in short if printed(t) == t.strip() and len(t) < 40]
    named = {field: plain[i] for i, field in enumerate(FIELDS)}
    card_file = root / "params" / AGENCY / "agency.yaml"
    card_file.write_text(card({"name": f"示例县{plain[7 + part]}局", **named}), "utf-8")
    return root, texts


@pytest.fixture(scope="module", params=range(PARTS))
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[BuildResult, list[str]]:
    """A report with a part of the corpus in it."""
    root, texts = project(tmp_path_factory.mktemp("hostile"), request.param)
    return build_report(root, AGENCY, YEAR, BuildOptions(draft=True, fragment="page")), texts


@pytest.mark.parametrize("name", ["report.html", "report.fragment.html"])
def test_the_page_shows_the_texts_and_does_nothing(
    built: tuple[BuildResult, list[str]], browser: Browser, name: str, tmp_path: Path
) -> None:
    result, texts = built
    file = result.folder / name
    if name == "report.fragment.html":  # pasted into a page of a website that allows everything
        page_text = (
            f'<!DOCTYPE html><meta charset="utf-8"><title>x</title>{file.read_text("utf-8")}'
        )
        file = tmp_path / name
        file.write_text(page_text, "utf-8")
    happened: list[str] = []
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    address = file.as_uri()
    page.on("dialog", lambda d: (happened.append(f"dialog {d.message}"), d.dismiss()))
    page.on("request", lambda r: r.url == address or happened.append(f"request {r.url[:90]}"))
    page.on("console", lambda m: happened.append(f"console {m.text}"))
    page.on("pageerror", lambda e: happened.append(f"error {e}"))
    page.on("popup", lambda p: happened.append("popup"))
    page.on("download", lambda d: happened.append("download"))
    page.goto(address)
    # What waits for a person: every element is hovered, focused, clicked.
    page.evaluate(
        """() => document.querySelectorAll('*').forEach(e => {
            for (const t of ['mouseover', 'focus', 'toggle', 'pointerenter', 'click', 'error'])
                e.dispatchEvent(new Event(t, {bubbles: true}))
        })"""
    )
    drawn(page)
    happened = [h for h in happened if not h.startswith("request data:")]
    assert happened == []
    assert page.url.startswith(address)
    assert (
        page.evaluate("document.scripts.length + document.querySelectorAll('iframe').length") == 0
    )
    text = squeezed(page.evaluate("document.body.textContent"))
    assert [t for t in texts if squeezed(f"甲{printed(t)}乙") not in text] == []
    context.close()


LEADS = ("http://", "https://", "mailto:")
"""What an address that stands in a text may become a link to."""


def test_the_page_names_no_address_that_is_loaded(built: tuple[BuildResult, list[str]]) -> None:
    root = html.fromstring((built[0].folder / "report.html").read_bytes())
    loaded = ("src", "href", "data", "action", "poster", "background", "srcset", "xlink:href")
    found = {
        e.get(name)
        for e in root.iter()
        for name in loaded
        if isinstance(e.tag, str) and not (e.tag == "a" and name == "href")
    }
    assert {a for a in found if a and not a.startswith(("#", "data:image/"))} == set()
    # A link is followed by whoever clicks it; it may lead to a page or write a letter, no more.
    led = {a.get("href", "") for a in root.iter("a")}
    assert {a for a in led if not a.startswith(("#", *LEADS))} == set()
    assert not any(n.startswith("on") for e in root.iter() for n in e.attrib)


def test_the_word_file_shows_them_and_has_no_field_of_theirs(
    built: tuple[BuildResult, list[str]],
) -> None:
    result, texts = built
    fields, shown, linked = set(), "", []
    with zipfile.ZipFile(result.folder / "report.docx") as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            root = etree.fromstring(archive.read(name))
            fields |= {e.text.split()[0] for e in root.iter(f"{W}instrText") if e.text}
            fields |= {str(e.get(f"{W}instr")).split()[0] for e in root.iter(f"{W}fldSimple")}
            linked += [e.attrib for e in root.iter() if e.get("TargetMode") == "External"]
            if name == "word/document.xml":
                shown = "".join(e.text or "" for e in root.iter(f"{W}t"))
    assert fields <= {"PAGE", "SEQ", "TOC", "NUMPAGES"}
    assert [a for a in linked if not a["Target"].startswith(LEADS)] == []
    assert {a["Type"].rpartition("/")[2] for a in linked} <= {"hyperlink"}
    assert [t for t in texts if squeezed(f"甲{printed(t)}乙") not in squeezed(shown)] == []


def test_the_pdf_shows_them_and_has_no_action(built: tuple[BuildResult, list[str]]) -> None:
    result, texts = built
    with pdfplumber.open(result.folder / "report.pdf") as pdf:
        pages = [p.filter(lambda o: 0 < o.get("top", 1) < 745 and _upright(o)) for p in pdf.pages]
        text = squeezed("".join(page.extract_text() for page in pages))
    # A sign of a fallback face may be read a little out of its line: the proof of the build has
    # compared the words; here nearly all must be found by an independent reader.
    missing = [t for t in texts if squeezed(f"甲{printed(t)}乙") not in text]
    assert len(missing) <= len(texts) // 10, missing
    with pikepdf.open(result.folder / "report.pdf") as file:
        found = {key for o in file.objects if isinstance(o, pikepdf.Dictionary) for key in o}
        linked = (o for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/URI" in o)
        led = [str(o.URI) for o in linked]
    assert not found & {"/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/RichMedia", "/AA"}
    assert [address for address in led if not address.startswith(LEADS)] == []


def _upright(thing: dict[str, Any]) -> bool:
    return bool(thing.get("upright", True))


def test_the_twin_and_the_notebook_hold_them_to_the_letter(
    built: tuple[BuildResult, list[str]],
) -> None:
    result, texts = built
    written = json.loads((result.folder / "report.json").read_text("utf-8"))
    facts = written["facts"]
    for i, text in enumerate(texts):
        if isinstance(facts[f"数{i}"]["value"], str):
            assert facts[f"数{i}"]["value"] == printed(text)
    notebook = nbformat.read(result.folder / "report.ipynb", as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            shown = output.get("data", {}).get("text/html")
            if shown:
                root = html.fromstring(shown)
                assert not list(root.iter("script", "iframe", "object", "img", "base", "link"))
                assert not any(n.startswith("on") for e in root.iter() for n in e.attrib)


def test_a_spreadsheet_computes_nothing_of_the_tables(
    built: tuple[BuildResult, list[str]],
) -> None:
    cells = [
        cell
        for file in sorted((built[0].folder / "tables").glob("*.csv"))
        for row in csv.reader(io.StringIO(file.read_text("utf-8-sig")))
        for cell in row
    ]
    assert sum(cell.startswith("'") for cell in cells) >= 1
    bad = re.compile(r"\s*[=+\-@＝＋－＠\t\r](?![0-9.]+%?$)")
    assert [cell for cell in cells if bad.match(cell)] == []


def test_libreoffice_takes_them_for_texts_and_numbers_for_numbers(tmp_path: Path) -> None:
    texts = [t for t in KEPT if "\n" not in t and len(t) < 200 and spreadsheet_text(t) != t]
    assert len(texts) > 30
    file = tmp_path / "a.csv"
    rows = [["-3", "12.5", spreadsheet_text(text)] for text in texts]
    file.write_text(csv_text(rows).replace('"-3"', "-3").replace('"12.5"', "12.5"), "utf-8")
    options = [
        "--headless",
        "--infilter=CSV:44,34,76",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
    ]
    subprocess.run(
        [office(), *options, "--convert-to", "xlsx", "--outdir", str(tmp_path), str(file)],
        check=True, capture_output=True, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert {cell.data_type for cell in sheet["C"]} == {"s"}
    assert {cell.value for cell in sheet["A"]} == {-3}
    assert {cell.value for cell in sheet["B"]} == {12.5}
