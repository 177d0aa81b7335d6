"""``nianbao verify``: what it confirms, what it catches, how it explains a difference."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from tests.documents.sample_blocks import with_cells, with_words
from tests.projects import WORKED
from typer.testing import CliRunner

from nianbao.cli.main import app
from nianbao.documents.document import document_from_notebook
from nianbao.documents.html import render_html
from nianbao.documents.pdf import render_pdf
from nianbao.documents.readback import compare, read_html
from nianbao.documents.word import render_docx
from nianbao.errors import UsageError
from nianbao.finished.differences import reasons
from nianbao.fonts import find_fonts
from nianbao.prose.blocks import Document, FactWords, GridBlock, inlines_of
from nianbao.publishing.build import BuildResult
from nianbao.publishing.proof import finished
from nianbao.publishing.verify import Verdict, verify_report

pytestmark = pytest.mark.slow
SET = Path("output", WORKED[0], str(WORKED[1]))
FILES, CELLS, REBUILT = "文件与发布时一致", "各格式与数据一致", "重新生成逐字节相同"


@pytest.fixture
def published(worked_project: Path, worked: BuildResult, tmp_path: Path) -> Path:
    """A project with a published set that a test may spoil."""
    assert worked.folder == worked_project / SET
    return Path(shutil.copytree(worked_project, tmp_path / "project", symlinks=True))


def verdicts(root: Path) -> dict[str, Verdict]:
    return {verdict.what: verdict for verdict in verify_report(root, *WORKED)}


def document_of(root: Path) -> Document:
    return document_from_notebook(nbformat.read(root / SET / "report.ipynb", as_version=4))


def _pdf(root: Path, document: Document) -> bytes:
    return render_pdf(document, find_fonts((root / "fonts",)))


WRITERS: dict[str, Callable[[Path, Document], bytes]] = {
    "html": lambda _, document: render_html(document).encode(),
    "pdf": _pdf,
    "docx": lambda _, document: render_docx(document),
}
MEDIA = {"html": "HTML", "pdf": "PDF", "docx": "Word"}


def write(root: Path, format_: str, document: Document) -> None:
    (root / SET / f"report.{format_}").write_bytes(WRITERS[format_](root, document))


def test_a_finished_set_passes(published: Path) -> None:
    found = verdicts(published)
    assert all(verdict.fine for verdict in found.values()), found
    assert {FILES, CELLS, REBUILT} < found.keys()
    assert "200格" in found[CELLS].found


@pytest.mark.parametrize("format_", WRITERS)
def test_false_cells_in_one_format_are_named(published: Path, format_: str) -> None:
    document = document_of(published)
    grids = [block for block in document.blocks if isinstance(block, GridBlock)]
    cells = [(grid.key, cell) for grid in grids for cell in grid.values]
    assert len(cells) == 200
    for key, false in random.Random(4).sample(cells, 5):
        document = with_cells(
            document, key, lambda c, false=false: replace(c, text=f"{c.text}9") if c == false else c
        )
    write(published, format_, document)
    found = verdicts(published)
    assert found[CELLS].found.count(f"{MEDIA[format_]} 里表") == 5
    assert found[CELLS].found.count("与数据不符") == 5
    assert found[FILES].found == f"与发布时不同：report.{format_}"
    assert found[REBUILT].found == (
        f"report.{format_}不同；原因：文件在发布后被改动：report.{format_}"
    )


@pytest.mark.parametrize("format_", WRITERS)
def test_a_false_sentence_in_one_format_is_quoted(published: Path, format_: str) -> None:
    document = document_of(published)
    true = next(
        inline.text
        for block in document.blocks
        for inlines in inlines_of(block)
        for inline in inlines
        if isinstance(inline, FactWords) and inline.fact.name.startswith("主动公开")
    )
    write(published, format_, with_words(document, true, f"9{true}"))
    found = verdicts(published)[CELLS]
    assert not found.fine
    assert found.found.startswith(f"{MEDIA[format_]} 的")
    assert f"9{true}" in found.found
    assert true in found.found


def test_a_false_label_in_a_chart_is_found_by_its_bytes(published: Path) -> None:
    page = published / SET / "report.html"
    text = page.read_text(encoding="utf-8")
    start = text.index("<svg")
    page.write_text(text[:start] + text[start:].replace("</text>", "0</text>", 1), encoding="utf-8")
    found = verdicts(published)
    assert not found[FILES].fine
    assert not found[REBUILT].fine


@pytest.mark.parametrize("name", ["report.html", "report.pdf", "report.docx", "report.ipynb"])
def test_a_damaged_file_is_a_verdict_and_no_crash(published: Path, name: str) -> None:
    (published / SET / name).write_bytes(b"\x00damaged")
    found = verdicts(published)
    assert not found[FILES].fine
    assert not found[CELLS].fine
    assert "report." in found[FILES].found


def test_a_file_that_is_gone_or_new_is_told(published: Path) -> None:
    (published / SET / "report.docx").unlink()
    (published / SET / "tables/extra.csv").write_text("1", encoding="utf-8")
    assert verdicts(published)[FILES].found == "与发布时不同：report.docx、tables/extra.csv"


def test_changed_data_are_named_as_the_reason(published: Path) -> None:
    file = f"data/{WORKED[0]}/{WORKED[1]}/figures.csv"
    text = (published / file).read_text(encoding="utf-8-sig")
    (published / file).write_text(text.replace("42", "43"), encoding="utf-8")
    found = verdicts(published)
    assert f"数据、参数或正文有变动：{file}（已修改）" in found[REBUILT].found
    assert not found[CELLS].fine
    assert found[FILES].fine


def test_other_versions_and_fonts_do_not_matter_while_the_bytes_are_the_same(
    published: Path,
) -> None:
    manifest = published / SET / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["versions"]["typst"] = "0.1"
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert all(verdict.fine for verdict in verdicts(published).values())


def test_the_command_prints_verdicts_or_json_and_exits_1(published: Path) -> None:
    command = ["verify", *map(str, WORKED), "--root", str(published)]
    good = CliRunner().invoke(app, [*command, "--json"])
    assert good.exit_code == 0
    assert [v["fine"] for v in json.loads(good.stdout)["verdicts"]] == [True] * 4
    page = published / SET / "report.html"
    page.write_bytes(page.read_bytes() + b"\n")
    bad = CliRunner().invoke(app, command)
    assert bad.exit_code == 1
    assert "不符　文件与发布时一致：与发布时不同：report.html" in bad.stdout
    assert "通过　各格式与数据一致" in bad.stdout


def test_what_was_never_published_cannot_be_verified(published: Path) -> None:
    shutil.rmtree(published / SET)
    with pytest.raises(UsageError, match="nianbao build"):
        verify_report(published, *WORKED)


FONT = {"family": "FandolFang", "sha256": "a" * 64}
MADE = {"outputs": {"report.pdf": "1"}}
MADE_NEW = {"outputs": {"report.pdf": "2"}}


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({}, {}, "原因不明"),
        ({"inputs": {"a": "1"}}, {"inputs": {"b": "1"}},
         "数据、参数或正文有变动：a（已删除）、b（新增）"),
        ({"versions": {"typst": "0.13", "python": "3.11"}},
         {"versions": {"typst": "0.14", "python": "3.11"}}, "软件版本有变动：typst 0.13→0.14"),
        ({"fonts": {"body": FONT}}, {"fonts": {"body": {**FONT, "sha256": "b" * 64}}},
         "字体有变动：仿宋 FandolFang（aaaaaaaa）→FandolFang（bbbbbbbb）"),
        ({"notebook": "1"}, {"notebook": "2"}, "主笔记本有变动"),
        ({"source": "1"}, {"source": "2"}, "nianbao 程序有变动"),
        ({"faces": "1"}, {"faces": "2"}, "备用字体有变动"),
    ],
)  # fmt: skip
def test_a_difference_is_explained_by_what_changed(
    before: Document, now: Document, told: str
) -> None:
    (found,) = reasons(MADE["outputs"], {**MADE, **before}, {**MADE_NEW, **now})
    assert told in found


def test_only_what_changed_the_bytes_is_a_reason() -> None:
    other = {"source": "2", "versions": {"typst": "0.14"}}
    assert reasons(MADE["outputs"], MADE, {**MADE, **other}) == []
    edited = reasons(MADE_NEW["outputs"], MADE, {**MADE, **other})
    assert edited == ["文件在发布后被改动：report.pdf"]


def test_every_reason_is_told() -> None:
    found = reasons(
        {"report.pdf": "3"},
        {**MADE, "source": "1", "notebook": "1"},
        {**MADE_NEW, "source": "2", "notebook": "2"},
    )
    assert found == ["文件在发布后被改动：report.pdf", "主笔记本有变动", "nianbao 程序有变动"]


def test_a_fragment_is_made_proved_and_verified(published: Path) -> None:
    command = [*map(str, WORKED), "--root", str(published)]
    made = CliRunner().invoke(app, ["build", *command, "--to", "html", "--fragment"])
    assert made.exit_code == 0, made.output
    fragment = published / SET / "report.fragment.html"
    assert str(fragment) in made.stdout
    text = fragment.read_text(encoding="utf-8")
    assert text.startswith("<style>")
    assert compare(read_html(text.encode()), document_of(published)) == ()
    assert all(verdict.fine for verdict in verdicts(published).values())
    fragment.write_text(text.replace("2017", "2018"), encoding="utf-8")
    found = verdicts(published)
    assert "2017" in found[CELLS].found
    assert found[FILES].found == "与发布时不同：report.fragment.html"


def test_only_the_documents_that_were_wanted_are_there(published: Path) -> None:
    CliRunner().invoke(app, ["build", *map(str, WORKED), "--root", str(published), "--to", "pdf"])
    assert finished(published / SET) == ("pdf",)
