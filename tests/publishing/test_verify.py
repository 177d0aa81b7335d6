"""``nianbao verify``: what it confirms, what it catches, how it explains a difference."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import Result
from tests.documents.sample_blocks import with_cells, with_words
from tests.projects import WORKED, copy_built
from typer.testing import CliRunner

from nianbao.cli.main import app
from nianbao.documents.document import document_from_notebook
from nianbao.documents.html import render_html
from nianbao.documents.layout_check import check
from nianbao.documents.pdf import render_pdf
from nianbao.documents.readback import compare, read_html
from nianbao.documents.word import render_docx
from nianbao.errors import InputError, UsageError
from nianbao.files import reading_process
from nianbao.files.reading_process import end_reading
from nianbao.files.sources import Source
from nianbao.files.writing import dump_json
from nianbao.finished.batch_context import read_batch_context
from nianbao.finished.freshness import compare_with_now
from nianbao.finished.manifest import Basis, Manifest, outputs, parse_manifest
from nianbao.finished.options import BuildOptions
from nianbao.finished.summary import Summary
from nianbao.fonts import find_fonts
from nianbao.notebook.report import Report
from nianbao.prose.blocks import Document, FactWords, GridBlock, inlines_of
from nianbao.publishing import verify as verifying
from nianbao.publishing.build import BuildResult
from nianbao.publishing.proof import finished
from nianbao.publishing.verify import Verdict, edited_files, field_differences, verify_report

pytestmark = pytest.mark.slow
SET = Path("output", WORKED[0], str(WORKED[1]))
FILES, CELLS, REBUILT = "文件与发布时一致", "各格式与数据一致", "重新生成逐字节相同"


@pytest.fixture
def published(worked_project: Path, worked: BuildResult, tmp_path: Path) -> Path:
    """A project with a published set that a test may spoil."""
    assert worked.folder == worked_project / SET
    return Path(shutil.copytree(worked_project, tmp_path / "project", symlinks=True))


@pytest.fixture
def built_again(worked: BuildResult, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the inputs are as they were, building again gives the set that was built.

    `test_a_finished_set_passes` and others build it again.
    """

    def copy(_: Report, folder: Path, *__: object) -> None:
        shutil.copytree(worked.folder, folder, dirs_exist_ok=True)

    monkeypatch.setattr(verifying, "make_set", copy)


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


@pytest.mark.usefixtures("built_again")
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


@pytest.mark.usefixtures("built_again")
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


@pytest.mark.usefixtures("built_again")
def test_a_false_label_in_a_chart_is_found_by_its_bytes(published: Path) -> None:
    page = published / SET / "report.html"
    text = page.read_text(encoding="utf-8")
    start = text.index("<svg")
    page.write_text(text[:start] + text[start:].replace("</text>", "0</text>", 1), encoding="utf-8")
    found = verdicts(published)
    assert not found[FILES].fine
    assert not found[REBUILT].fine


@pytest.mark.usefixtures("built_again")
@pytest.mark.parametrize("name", ["report.html", "report.pdf", "report.docx", "report.ipynb"])
def test_a_damaged_file_is_a_verdict_and_no_crash(published: Path, name: str) -> None:
    (published / SET / name).write_bytes(b"\x00damaged")
    found = verdicts(published)
    assert not found[FILES].fine
    assert not found[CELLS].fine
    assert "report." in found[FILES].found


@pytest.mark.usefixtures("built_again")
def test_a_file_that_is_gone_or_new_is_reported(published: Path) -> None:
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


FORGED: dict[str, Callable[[dict[str, Any]], object]] = {
    "agency": lambda m: m.update(agency="shili-gaj"),
    "year": lambda m: m.update(year=2023),
    "year as a text": lambda m: m.update(year="2024"),
    "an input": lambda m: m["inputs"].update({next(iter(m["inputs"])): "0" * 64}),
    "an input more": lambda m: m["inputs"].update({"data/yiyuan-sfj/2024/a.csv": "0" * 64}),
    "an input less": lambda m: m["inputs"].popitem(),
    "notebook": lambda m: m.update(notebook="0" * 64),
    "source": lambda m: m.update(source="0" * 64),
    "versions": lambda m: m["versions"].update(typst="0.1"),
    "a font": lambda m: m["fonts"]["body"].update(family="别的字体"),
    "a role of fonts": lambda m: m["fonts"].update(other={"family": "别的", "sha256": "0"}),
    "faces": lambda m: m.update(faces="0" * 64),
    "batch context": lambda m: m.update(batch_context="0" * 64),
    "options": lambda m: m["options"].update(fragment="page"),
    "an unknown format": lambda m: m["options"].update(formats=["exe"]),
    "an output": lambda m: m["outputs"].update({"report.html": "0" * 64}),
    "an output less": lambda m: m["outputs"].popitem(),
    "the name": lambda m: m["summary"].update(name="示例县别的局"),
    "a figure": lambda m: m["summary"]["figures"].update(新收申请=77),
    "the findings": lambda m: m["summary"].update(findings=[]),
    "a key more": lambda m: m.update(note="x"),
    "a key less": lambda m: m.pop("summary"),
    "a list for a text": lambda m: m.update(source=[]),
    "nothing of it": lambda m: m.clear(),
}


@pytest.fixture(scope="module")
def page_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a published page alone, which is verified in a moment."""
    return copy_built(tmp_path_factory.mktemp("page"), "html")


def verify(root: Path) -> Result:
    return CliRunner().invoke(app, ["verify", *map(str, WORKED), "--root", str(root)])


def test_every_field_of_the_manifest_is_recomputed(page_only: Path) -> None:
    """Forge each: it is told apart from that of a new build, and a batch does not pass it by."""
    file = page_only / SET / "manifest.json"
    context = read_batch_context(page_only, WORKED[1])
    true = file.read_text("utf-8")
    made = parse_manifest(true)
    assert made is not None
    for name, forge in FORGED.items():
        reported = json.loads(true)
        forge(reported)
        file.write_text(dump_json(reported), "utf-8")
        forged = parse_manifest(file.read_text("utf-8"))
        if forged is not None:
            others = edited_files(outputs(page_only / SET), forged)
            assert [*field_differences(forged, made), *others], name
        fresh = compare_with_now(page_only, *WORKED, BuildOptions(("html",)), context)
        assert not fresh.current, name
    file.write_text(true, "utf-8")


def test_a_forged_or_damaged_manifest_is_a_finding(page_only: Path) -> None:
    file = page_only / SET / "manifest.json"
    true = file.read_text("utf-8")
    assert verify(page_only).exit_code == 0
    reported = json.loads(true)
    reported["summary"]["figures"]["新收申请"] = 77
    file.write_text(dump_json(reported), "utf-8")
    forged = verify(page_only)
    assert forged.exit_code == 1
    assert "不符　清单各项与重新算出的一致：清单中的摘要" in forged.stdout
    for damaged in ("", "[]", "[" * 100_000, '{"year": 1e999999}', "\ud800"):
        file.write_bytes(damaged.encode("utf-8", "surrogatepass"))
        found = verify(page_only)
        assert (found.exit_code, "程序出错" in found.output) == (1, False), damaged
        assert "manifest.json 损坏或被改动" in found.stdout
    file.write_text(true, "utf-8")


@pytest.mark.usefixtures("built_again")
def test_the_command_prints_verdicts_or_json_and_exits_1(published: Path) -> None:
    command = ["verify", *map(str, WORKED), "--root", str(published)]
    good = CliRunner().invoke(app, [*command, "--json"])
    assert good.exit_code == 0
    assert [v["fine"] for v in json.loads(good.stdout)["verdicts"]] == [True] * 5
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


def manifest(**other: Any) -> Manifest:
    basis = Basis("1", "1", {"typst": "0.13", "python": "3.11"}, {"body": FONT}, "1", {})
    basis = replace(basis, **{k: other.pop(k) for k in list(other) if hasattr(basis, k)})
    summary = Summary("示例县示例局", "", 0, {}, ())
    made = Manifest("a", 2024, BuildOptions(), {"a": "1"}, "1", basis, {"report.pdf": "1"}, summary)
    return replace(made, **other)


FONT = {"family": "FandolFang", "sha256": "a" * 64}
NEWER = {"typst": "0.14", "python": "3.11"}


@pytest.mark.parametrize(
    ("now", "reported"),
    [
        ({"inputs": {"b": "1"}}, "数据、参数或正文有变动：a（已删除）、b（新增）"),
        ({"versions": NEWER}, "软件版本有变动：typst 0.13→0.14"),
        ({"fonts": {"body": {**FONT, "sha256": "b" * 64}}},
         "字体有变动：仿宋 FandolFang（aaaaaaaa）→FandolFang（bbbbbbbb）"),
        ({"notebook": "2"}, "主笔记本有变动"),
        ({"source": "2"}, "nianbao 程序有变动"),
        ({"faces": "2"}, "备用字体有变动"),
        ({"batch_context": "2"}, "其他机关的名称、正文或词表有变动"),
    ],
)  # fmt: skip
def test_a_difference_is_explained_by_what_changed(now: dict[str, Any], reported: str) -> None:
    assert list(field_differences(manifest(), manifest(**now))) == [reported]


def test_every_difference_is_reported() -> None:
    found = list(field_differences(manifest(), manifest(source="2", notebook="2")))
    assert found == ["主笔记本有变动", "nianbao 程序有变动"]
    assert list(field_differences(manifest(), manifest())) == []
    assert list(edited_files({"report.pdf": "3"}, manifest())) == ["文件在发布后被改动：report.pdf"]


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


def test_a_finished_file_that_kills_its_reader_is_a_finding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verifying, "read_document", lambda *_: os.abort())
    monkeypatch.setattr(check, "measure", lambda *_: os.abort())
    # The next one is a copy of this process as it is now, whatever threads other tests left.
    monkeypatch.setattr(reading_process, "is_alone", lambda: True)
    end_reading()
    for read in (lambda file: verifying._read(file, "pdf"), verifying._measure):
        with pytest.raises(InputError, match=r"^report\.pdf：读不了这个文件.*SIGABRT"):
            read(Source("report.pdf", b""))
    end_reading()
