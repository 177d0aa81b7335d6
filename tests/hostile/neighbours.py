"""Hostile folders: what a bureau may hand in to the harm of those beside it, one kind each.

Each kind begins as a healthy bureau of its own and is then spoilt in one way. `plant` puts one
into a project; the bureaus beside it are not to feel it.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.hostile.newcomers import NEWCOMERS
from tests.hostile.returned import RETURNED
from tests.hostile.samples import empty_workbook, small_docx
from tests.hostile.spoils import (
    BESIDE,
    HANDED_IN,
    YEAR,
    Folder,
    Kind,
    at,
    beside,
    bomb,
    book,
    card,
    countless_strings,
    cycle,
    data,
    deep,
    directory,
    gone,
    in_finished_set,
    laughs,
    link,
    modules,
    named,
    output_elsewhere,
    params,
    picture_header,
    pipe,
    put,
    same_sheets,
    sheet_cells,
    sparse,
    swap,
    with_picture,
    write_bureau,
    yaml_bomb,
    year_elsewhere,
    zipped,
)
from tests.hostile.strangers import STRANGERS
from tests.inputs.builders import xlsx_bytes
from tests.projects import copy_project

_ROW = "2,2024-03-04,{},{},2024-03-15\n"
_LEDGER = HANDED_IN["requests.csv"]
PERSON = "钱十五娘"
"""A person's name that is typed where a category belongs."""

KINDS: dict[str, Kind] = {
    # names that would be found in every other report
    "name: within the statutory wording": Kind(named("公开")),
    "name: a word of every report": Kind(named("信息")),
    "name: a figure": Kind(named('"0"')),
    "name: the title of the report": Kind(named("政府信息公开")),
    "name: a row of table 3": Kind(named("属于国家秘密")),
    "name: one letter": Kind(named("局")),
    "name: the neighbour's": Kind(named("沂源县司法局")),
    "name: an alias that is the neighbour's": Kind(
        card("name: NAME\nkind: department\naliases: [沂源县司法局]\n")
    ),
    "name: a short name that is the neighbour's": Kind(
        card("name: NAME\nkind: department\nshort_name: 沂源县司法局\n")
    ),
    "name: a short name within the wording": Kind(
        card("name: NAME\nkind: department\nshort_name: 申请\n")
    ),
    "name: an alias of one letter": Kind(card("name: NAME\nkind: department\naliases: [的]\n")),
    "name: signs that turn the line": Kind(named('"示例县\\u202e科学局"')),
    "name: half a character": Kind(named('"示例县\\ud800科学局"')),
    "name: five thousand letters": Kind(named("示例县" + "局" * 5000)),
    "name: a terminal code": Kind(named('"示例县\\e[2J科学局"')),
    # the card
    "card: empty": Kind(card("")),
    "card: missing": Kind(at(gone, "card")),
    "card: a list": Kind(card("- a\n- b\n")),
    "card: no text": Kind(card(bytes(range(256)) * 4)),
    "card: UTF-16 cut off": Kind(card("name: 甲\n".encode("utf-16")[:-1])),
    "card: a pipe": Kind(at(pipe, "card")),
    "card: a folder": Kind(at(directory, "card")),
    "card: a link to endless zeros": Kind(at(lambda p: link(p, "/dev/zero"), "card")),
    "card: a link to the neighbour's": Kind(
        lambda f: link(f.card, beside(f, "params", BESIDE, "agency.yaml"))
    ),
    "card: 30 GB": Kind(at(sparse, "card")),
    "card: 5 MB": Kind(card("name: NAME\n" + "a: 1\n" * 1_000_000)),
    "card: a bomb of aliases": Kind(card(yaml_bomb())),
    "card: a call": Kind(card('name: !!python/object/apply:os.system ["id"]\n')),
    "card: 20,000 unknown keys": Kind(
        card("name: NAME\nkind: department\n" + "".join(f"k{n}: 1\n" for n in range(20_000)))
    ),
    "card: ten thousand brackets": Kind(card("name: " + "[" * 10_000)),
    "card: keys twice": Kind(card("name: NAME\nname: NAME\nkind: department\n")),
    "card: an unknown kind": Kind(card("name: NAME\nkind: emperor\n")),
    "card: its own parent": Kind(
        lambda f: card(f"name: NAME\nkind: department\nparent: {f.code}\n")(f)
    ),
    "card: parents in a ring": Kind(cycle),
    # the parameter file
    "parameters: another agency's": Kind(params(f"agency: {BESIDE}\nyear: {YEAR}\n")),
    "parameters: code": Kind(params(f'agency: CODE\nyear: {YEAR}\n"draft=1;import os": 1\n')),
    "parameters: a pipe": Kind(at(pipe, "params")),
    "parameters: 30 GB": Kind(at(sparse, "params")),
    # the text
    "text: a pipe": Kind(at(pipe, "data", "narrative.md")),
    "text: a link to endless zeros": Kind(
        at(lambda p: link(p, "/dev/zero"), "data", "narrative.md")
    ),
    "text: 30 GB": Kind(at(sparse, "data", "narrative.md")),
    "text: a folder": Kind(at(directory, "data", "narrative.md")),
    "text: a link to the neighbour's": Kind(
        lambda f: link(
            f.data / "narrative.md", beside(f, "data", BESIDE, str(YEAR), "narrative.md")
        )
    ),
    "text: an unknown placeholder": Kind(data("narrative.md", "## overview\n\n{{ 没有 }}\n")),
    "text: an unknown section": Kind(data("narrative.md", "## nowhere\n\n甲。\n")),
    "text: two versions": Kind(
        data("narrative.md", "## overview\n\n<<<<<<< a\n甲\n=======\n乙\n>>>>>>> b\n")
    ),
    "text: no text": Kind(data("narrative.md", b"## overview\n\n\x81\xff\xfe\x00\n")),
    "text: 5 MB": Kind(data("narrative.md", "## overview\n\n" + "甲" * 2_000_000)),
    "text: quotes in quotes": Kind(
        data("narrative.md", "## overview\n\n" + ">" * 1500 + "甲\n"), built=True
    ),
    "text: lists in lists": Kind(
        data(
            "narrative.md",
            "## overview\n\n" + "".join("  " * n + "- 甲\n" for n in range(400)),
        ), built=True),
    "text: signs that turn the line": Kind(data("narrative.md", "## overview\n\n甲\u202e乙\n")),
    "picture: out of the folder": Kind(
        data("narrative.md", "## overview\n\n甲。\n\n![图](../../../../secret.png)\n")
    ),
    "picture: a pipe": Kind(with_picture("a.png", pipe)),
    "picture: endless zeros": Kind(with_picture("a.png", lambda p: link(p, "/dev/zero"))),
    "picture: 30 GB": Kind(with_picture("a.png", sparse)),
    "picture: ten thousand million pixels": Kind(
        with_picture("a.png", lambda p: p.write_bytes(picture_header(100_000, 100_000)))
    ),
    # the tables
    "table: a pipe": Kind(at(pipe, "data", "figures.csv")),
    "table: a link to endless zeros": Kind(
        at(lambda p: link(p, "/dev/zero"), "data", "figures.csv")
    ),
    "table: 30 GB": Kind(at(sparse, "data", "figures.csv")),
    "table: a quote that never ends": Kind(
        data("figures.csv", '名称,数值\n"甲' + "乙,\n" * 100_000)
    ),
    "table: zeros between the letters": Kind(data("figures.csv", b"\xc3\xfb\x00\xb3\xc6,\x00\n1")),
    "table: a million columns": Kind(data("figures.csv", "名称,数值" + "," * 1_000_000 + "\n")),
    "table: 200,001 rows": Kind(
        data("requests.csv", _LEDGER + _ROW.format("自然人", "其他") * 200_001)
    ),
    "table: a number of 5,000 digits": Kind(
        data("disclosures.csv", f"渠道,类别,条数\n政府网站,政策文件,{'9' * 5000}\n")
    ),
    "table: below zero": Kind(data("disclosures.csv", "渠道,类别,条数\n政府网站,政策文件,-3\n")),
    "folder: 1,500 in each other": Kind(deep),
    "folder: 600 files": Kind(lambda f: [put(f.data / f"{n}.png", b"x") for n in range(600)]),
    "folder: a ring of links": Kind(lambda f: link(f.data / "ring", f.data)),
    "folder: names that act on a terminal": Kind(
        lambda f: put(f.data / "a\x1b[2J\n附件.csv", "甲,乙\n")
    ),
    "folder: a link to the neighbour's": Kind(swap),
    "folder: modules of Python": Kind(modules),
    "folder: a PDF": Kind(data("年报.pdf", b"%PDF-1.7\n" + b"0" * 100_000)),
    # workbooks
    "workbook: four thousand million strings": Kind(book(countless_strings)),
    "workbook: two sheets of one name": Kind(book(same_sheets)),
    "workbook: a cell in the last corner": Kind(
        book(lambda: sheet_cells(b'<c r="XFD190000" x="a/b"/>')), built=True),
    "workbook: a cell that ends early": Kind(
        book(lambda: sheet_cells(b'<c r="A1" x="/>"/>')), built=True
    ),
    "workbook: entities": Kind(book(laughs)),
    "workbook: 310 MB unpacked": Kind(book(bomb)),
    "workbook: half of it": Kind(book(lambda: zipped(empty_workbook())[:900])),
    "workbook: a pipe": Kind(at(pipe, "data", "workbook.xlsx")),
    "workbook: 30 GB": Kind(at(sparse, "data", "workbook.xlsx")),
    "workbook: a link to endless zeros": Kind(
        at(lambda p: link(p, "/dev/zero"), "data", "workbook.xlsx")
    ),
    "workbook: a Word file": Kind(book(lambda: zipped(small_docx()))),
    "workbook: of the neighbour": Kind(
        book(
            lambda: xlsx_bytes(
                {"基本信息": [["项目", "内容"], ["机关代码", BESIDE], ["报告年度", str(YEAR)]]}
            )
        )
    ),
    # personal words
    "person: as a kind of applicant": Kind(
        data("requests.csv", _LEDGER + _ROW.format(PERSON, "予以公开"))
    ),
    "person: as an outcome": Kind(data("requests.csv", _LEDGER + _ROW.format("自然人", PERSON))),
    "person: as a channel": Kind(
        data(
            "requests.csv",
            "登记号,收到日期,申请人类型,办理结果,答复日期,来源渠道\n"
            f"1,2024-03-04,自然人,予以公开,2024-03-15,{PERSON}\n",
        ),
        built=True,
    ),
    # what is finished
    "output: a link to the neighbour's": Kind(output_elsewhere),
    "output: the year a link to the neighbour's": Kind(year_elsewhere),
    "output: the year a file": Kind(
        lambda f: put(f.output / str(YEAR), b"x")
    ),
    "output: a manifest of brackets": Kind(
        in_finished_set("manifest.json", lambda p: p.write_text("[" * 100_000)), built=True
    ),
    "output: a notebook of brackets": Kind(
        in_finished_set("report.ipynb", lambda p: p.write_text("[" * 100_000))
    ),
    "output: a notebook that is a pipe": Kind(in_finished_set("report.ipynb", pipe), built=True),
    "output: a manifest that is a pipe": Kind(in_finished_set("manifest.json", pipe), built=True),
    "output: a Word file of 30 GB": Kind(in_finished_set("report.docx", sparse), built=True),
} | STRANGERS | NEWCOMERS | RETURNED  # fmt: skip
"""Every kind, by its name. ``built``: the bureau's own report comes to be, as nothing of its
own is wrong, or what is wrong is put right by building."""


HEALTHY = (BESIDE, "m-government", "m-bureau")
"""The bureaus beside a hostile one: the worked example, a government, and its only unit."""


def write_healthy(root: Path) -> Path:
    """A project with healthy bureaus alone."""
    copy_project(root, BESIDE)
    government, unit = (Folder(root, code, 900 + n) for n, code in enumerate(HEALTHY[1:]))
    for folder, more in ((government, ""), (unit, f"parent: {government.code}\n")):
        write_bureau(folder)
        kind = "department" if more else "government"
        name = "示例县教育局" if more else "示例县人民政府"
        folder.card.write_text(f"name: {name}\nkind: {kind}\n{more}", "utf-8")
    for file in government.data.iterdir():
        file.unlink()
    put(government.data / "figures.csv", HANDED_IN["figures.csv"])
    return root


def finished(root: Path) -> dict[str, bytes]:
    """The finished files of the healthy bureaus, without the manifest's line about all others."""
    return {
        path.relative_to(root).as_posix(): re.sub(
            rb'"batch_context": "[0-9a-f]+"', b"", path.read_bytes()
        )
        for code in HEALTHY
        for path in sorted((root / "output" / code).rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def code_of(number: int) -> str:
    """The code of the hostile bureau with a number: some stand before all others, some after."""
    return f"{'a' if number % 2 else 'z'}-hostile-{number:02d}"


def plant(root: Path, number: int) -> str:
    """Put the hostile bureau with a number into a project; its code."""
    folder = Folder(root, code_of(number), number)
    write_bureau(folder)
    list(KINDS.values())[number].spoil(folder)
    return folder.code
