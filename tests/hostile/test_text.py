"""Hostile texts where they come in: kept to the letter, or refused by file, row and column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile.corpus import REFUSED, SHOWN, card, csv_text, is_quiet, printed
from tests.inputs.builders import CODE, FOLDER, YEAR, write_project, xlsx_bytes

from nianbao.errors import InputError
from nianbao.files.words import MAX_LINE, MAX_PROBLEMS
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.load import load_inputs
from nianbao.inputs.params import CONTACTS, half_width

PROFILE = f"params/{CODE}/agency.yaml"
TEXTS = ("name", "short_name", "address", "postcode", "phone", "email", "website")
KEPT = [text for text in SHOWN if printed(text)]


def read(root: Path, **files: str | bytes) -> Inputs:
    named = {name.replace("_csv", ".csv").replace("_xlsx", ".xlsx"): c for name, c in files.items()}
    return load_inputs(write_project(root, named), CODE, YEAR)


def reported(root: Path, **files: str | bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(root, **files)
    return [str(problem) for problem in caught.value.problems]


def test_the_corpus_is_large_and_says_nothing_twice() -> None:
    assert len(SHOWN) > 300
    assert len(REFUSED) > 100
    assert len({*SHOWN, *REFUSED}) == len(SHOWN) + len(REFUSED)
    assert max(map(len, REFUSED)) == 10_000_000


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_cell_keeps_its_text_to_the_letter(kind: str, tmp_path: Path) -> None:
    rows = [["名称", "数值", "单位", "说明"]]
    rows += [[f"数{i}", "1", text, text] for i, text in enumerate(KEPT)]
    # A number before each: names that differ in blanks or brackets alone are one name.
    named = [f"{i}路{text}" for i, text in enumerate(KEPT)]
    channels = [["渠道", "类别", "条数"], *([text, text, "1"] for text in named)]
    if kind == "csv":
        inputs = read(tmp_path, figures_csv=csv_text(rows), disclosures_csv=csv_text(channels))
    else:
        # A text that looks like a formula is one to openpyxl: written by hand into the file.
        book = {"其他数据": rows, "主动公开": channels}
        inputs = read(tmp_path, workbook_xlsx=as_text(book))
    expected = [printed(text) for text in KEPT]
    assert [figure.note for figure in inputs.figures.values()] == expected
    assert [figure.unit for figure in inputs.figures.values()] == expected
    assert inputs.disclosures is not None
    for head in ("渠道", "类别"):
        assert list(inputs.disclosures[head]) == [printed(text) for text in named]


def as_text(sheets: dict[str, list[list[str]]]) -> bytes:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, text in enumerate(row, 1):
                cell = sheet.cell(r, c)
                cell.value = text
                cell.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_text_may_stand_where_a_number_is_expected_and_stays_a_text(tmp_path: Path) -> None:
    rows = [["名称", "数值"], *([f"数{i}", text] for i, text in enumerate(KEPT))]
    inputs = read(tmp_path, figures_csv=csv_text(rows))
    for text, figure in zip(KEPT, inputs.figures.values(), strict=True):
        if figure.cell.state == "TEXT":
            assert figure.cell.raw == printed(text).strip()
        else:
            assert figure.cell.state == "NA" or any(c.isdigit() for c in text), text


def test_a_parameter_keeps_its_text_to_the_letter(tmp_path: Path) -> None:
    for text in KEPT:
        plain = printed(text)
        if plain == text.strip() or "⽤" in text:
            # A name must be one: a sign alone is refused.
            names = dict.fromkeys(("name", "short_name"), f"示例县{text.strip()}局")
            texts = dict.fromkeys(TEXTS, text) | names
            agency = read(tmp_path, **{PROFILE: card(texts)}).agency
            assert agency.name == agency.short_name == f"示例县{plain}局"
            for field in set(TEXTS) - names.keys():
                kept = half_width(plain) if field in CONTACTS else plain
                assert getattr(agency, field) == kept


def writable() -> Iterator[str]:
    """Those that a UTF-8 file can hold."""
    return (text for text in REFUSED if text.isascii() or not any(map(is_half, text)))


def is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


@pytest.mark.parametrize("column", ["数值", "单位", "说明", "名称"])
def test_what_cannot_be_printed_is_refused_with_its_cell(column: str, tmp_path: Path) -> None:
    heads = ["名称", "数值", "单位", "说明"]
    texts = [t for t in writable() if "\0" not in t and len(t) < 100_000]
    for start in range(0, len(texts), MAX_PROBLEMS):
        part = texts[start : start + MAX_PROBLEMS]
        rows = [[f"数{i}", "1", "", ""] for i in range(len(part))]
        for row, text in zip(rows, part, strict=True):
            row[heads.index(column)] = text
        messages = reported(tmp_path, figures_csv=csv_text([heads, *rows]))
        for number, message in enumerate(messages, 2):
            assert message.startswith(f"{FOLDER}/figures.csv 第{number}行“{column}”列：这一格"), (
                message
            )
            assert is_quiet(message)
            assert len(message) < 600
        assert len(messages) == len(part)


def test_a_file_that_is_no_text_is_refused_as_a_whole(tmp_path: Path) -> None:
    for text in REFUSED:
        halves = any(map(is_half, text))
        if halves or "\0" in text or len(text) >= 100_000:
            data = csv_text([["名称", "数值"], ["甲", text]]).encode("utf-8", "surrogatepass")
            (message,) = reported(tmp_path, figures_csv=data)
            assert message.startswith(f"{FOLDER}/figures.csv")
            reasons = ("不是可以识别的文本", "一格太长", "自造字", "太长")
            assert any(reason in message for reason in reasons), message


def test_a_parameter_that_cannot_be_printed_is_refused_with_its_line(tmp_path: Path) -> None:
    long = [text for text in KEPT if len(text) > MAX_LINE]
    for text in (*REFUSED, *long):
        if len(text) > 100_000:  # the whole file is refused
            continue
        messages = reported(tmp_path, **{PROFILE: card(dict.fromkeys(TEXTS, text))})
        if any("\ud800" <= letter <= "\udfff" for letter in text):  # no escape of YAML's
            assert ["第1行：不是有效的YAML" in message for message in messages] == [True]
            continue
        assert [m.partition("“")[2].partition("”")[0] for m in messages] == list(TEXTS)
        assert all(m.startswith(f"params/{CODE}/agency.yaml 第") for m in messages)
        assert all(is_quiet(m) and len(m) < 600 for m in messages)


def test_prose_that_cannot_be_printed_is_refused_with_its_line(tmp_path: Path) -> None:
    texts = [t for t in writable() if not {"\0", "{", "}", "\n"} & set(t)]
    texts = [t for t in texts if len(t) < 100_000 and len(t.splitlines()) == 1]
    for start in range(0, len(texts), MAX_PROBLEMS):
        part = texts[start : start + MAX_PROBLEMS]
        lines = ["## overview", "", *(f"公开{text}" for text in part)]
        messages = reported(tmp_path, **{"narrative.md": "\n".join(lines)})
        assert len(messages) == len(part)
        for number, message in enumerate(messages, 3):
            assert message.startswith(f"{FOLDER}/narrative.md 第{number}行：这一行"), message
            assert is_quiet(message)


def test_a_ten_megabyte_text_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    vast = "a" * 10_000_000
    for name in ("figures_csv", "narrative.md", PROFILE):
        content = {
            "figures_csv": f"名称,数值\n甲,{vast}\n",
            "narrative.md": f"## overview\n\n{vast}\n",
            PROFILE: f"kind: department\nname: {vast}\n",
        }[name]
        (message,) = reported(tmp_path / name.replace("/", "-"), **{name: content})
        assert "长" in message or "大" in message
        assert len(message) < 400
    book = xlsx_bytes({"其他数据": [["名称", "数值"], ["甲", "a" * 32_767]]})
    assert read(tmp_path / "most", workbook_xlsx=book).figures["甲"].cell.raw == "a" * 32_767
