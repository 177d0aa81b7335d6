"""A look of the project's own: honoured wherever the page is drawn, and safe."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from PIL import Image
from tests.projects import WORKED, copy_project
from traitlets.config import Config

from nianbao.desk.preview import Session
from nianbao.documents.document import document_from_notebook
from nianbao.documents.exporters import ReportHTMLExporter
from nianbao.documents.html import render_html
from nianbao.errors import ExportError, InputError
from nianbao.finished.batch_context import read_batch_context
from nianbao.finished.freshness import compare_with_now
from nianbao.notebook.blocks import SVG_MIME
from nianbao.notebook.record import RECORD_MIME
from nianbao.notebook.report import Report
from nianbao.notebook.theme import read_theme
from nianbao.publishing.build import BuildOptions, build_report

STYLE = ".nianbao-page h1 { color: #0b6e4f }\n.nianbao-page .nianbao-top::after { content: '—' }\n"
CHARTS = "# 县里的颜色\naxes.prop_cycle: cycler(color=['0b6e4f', 'a9d6c5'])\nlines.linewidth: 2.5\n"


def logo(size: tuple[int, int] = (40, 20)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "#0b6e4f").save(stream, "PNG")
    return stream.getvalue()


def with_theme(root: Path, **files: str | bytes) -> Path:
    (root / "theme").mkdir(exist_ok=True)
    for name, data in files.items():
        file = root / "theme" / name.replace("_", ".")
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a theme, its report built in all formats."""
    root = copy_project(tmp_path_factory.mktemp("theme"), WORKED[0])
    with_theme(root, logo_png=logo(), page_css=STYLE, charts_mplstyle=CHARTS)
    build_report(root, *WORKED)
    return root


def output(root: Path, file: str) -> bytes:
    return (root / "output/yiyuan-sfj/2024" / file).read_bytes()


def test_the_page_bears_the_logo_the_style_and_the_colours(built: Path) -> None:
    page = output(built, "report.html").decode()
    assert re.search(r'<img class="nianbao-logo" src="data:image/png;base64,[^"]+" alt="">', page)
    screen = page[page.index("@media screen {") :]
    assert "color: #0b6e4f" in screen[: screen.index("</style>")]
    assert "--now: #0b6e4f;" in page
    assert "--pale" not in page[page.index("--now: #0b6e4f;") :].split("}")[0]


def test_charts_have_their_colours_in_every_format_and_the_layout_stays(built: Path) -> None:
    notebook = nbformat.read(built / "output/yiyuan-sfj/2024/report.ipynb", as_version=4)
    drawn = [o.data[SVG_MIME] for c in notebook.cells for o in c.get("outputs", ())
             if SVG_MIME in o.get("data", {})]  # fmt: skip
    assert drawn
    assert all("#0b6e4f" in "".join(svg) and "#1f4e79" not in "".join(svg) for svg in drawn)
    assert "#0b6e4f" not in output(built, "report.docx").decode("latin-1")


def test_every_way_draws_the_same_page(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = output(built, "report.html").decode()
    notebook = nbformat.read(built / "output/yiyuan-sfj/2024/report.ipynb", as_version=4)
    by_nbconvert, _ = get_exporter("nianbao_html")().from_notebook_node(notebook)
    assert by_nbconvert == page
    shown = Report.open(*WORKED, root=built).page().bundle["text/html"]
    assert "nianbao-logo" in shown
    preview = Session(built, *WORKED).refresh()
    assert preview.page is not None
    assert "nianbao-logo" in preview.page
    assert "color: #0b6e4f" in preview.page


def test_a_changed_theme_makes_the_set_stale(built: Path) -> None:
    manifest = json.loads(output(built, "manifest.json"))
    assert set(manifest["theme"]) == {
        f"theme/{n}" for n in ("logo.png", "page.css", "charts.mplstyle")
    }

    def why() -> str:
        context = read_batch_context(built, 2024)
        return compare_with_now(built, *WORKED, BuildOptions(), context).why

    assert why() == "与上次相比没有变化"
    with_theme(built, page_css=STYLE.replace("6e4f", "6e50"))
    assert "theme/page.css" in why()
    with_theme(built, page_css=STYLE)


def test_plain_nbconvert_draws_a_template_that_extends_ours(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "conf.json").write_text('{"base_template": "nianbao"}', "utf-8")
    (folder / "index.html.j2").write_text(
        '{% extends "nianbao/index.html.j2" %}{% block footer %}<p>县政务公开办</p>{% endblock %}',
        "utf-8",
    )
    settings = Config({"TemplateExporter": {"extra_template_basedirs": [str(tmp_path)]}})
    exporter = ReportHTMLExporter(template_name="mine", config=settings)
    notebook = nbformat.read(built / "output/yiyuan-sfj/2024/report.ipynb", as_version=4)
    page, _ = exporter.from_notebook_node(notebook)
    assert "<p>县政务公开办</p>" in page
    assert page.replace("<p>县政务公开办</p>", "") == output(built, "report.html").decode()


OUTSIDE, ELSEWHERE = (
    "a{}\nh1 { background: url(//a.example/b) }",
    "h1 { background: \\75rl('//a') }",
)
FAMILY = "axes.grid: True\nfont.family: Arial"
WRONG = {
    "an outside address": ("page_css", OUTSIDE, "第2行", "外部地址"),
    "an escaped address": ("page_css", ELSEWHERE, "第1行", "外部地址"),
    "an import": ("page_css", "\n\n@import 'a.css';", "第3行", "@import"),
    "a typeface": ("page_css", "@font-face { src: url(a.woff) }", "第1行", "@font-face"),
    "words of its own": ("page_css", "p::after { content: '为0件' }", "第1行", "添字"),
    "an end of the style": ("page_css", "p { color: '</style><script>' }", "第1行", "</"),
    "a broken style": ("page_css", "p { color: red }\n}", "第2行", "写得不对"),
    "no picture": ("logo_png", "<svg/>", "theme/logo.png", "PNG"),
    "a vast picture": ("logo_png", b"\x89PNG" + bytes(1_100_000), "theme/logo.png", "1 MB"),
    "an unknown file": ("Page_css", "a {}", "theme/Page.css", "page.css"),
    "a typeface of charts": ("charts_mplstyle", FAMILY, "第2行", "font.family"),
    "a slip of the pen": ("charts_mplstyle", "axes.edgecolour: red", "第1行", "axes.edgecolor"),
    "no colour": ("charts_mplstyle", "axes.edgecolor: reddish", "第1行", "reddish"),
    "pale letters": ("charts_mplstyle", "text.color: cccccc", "text.color", "看不清"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_used_is_reported_with_file_and_place(tmp_path: Path, name: str) -> None:
    file, data, place, words = WRONG[name]
    with pytest.raises(InputError) as caught:
        read_theme(with_theme(tmp_path, **{file: data}))
    reported = str(caught.value)
    assert "theme/" in reported
    assert place in reported
    assert words in reported


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    root = with_theme(tmp_path, page_css="}", logo_png="x", charts_mplstyle="backend: svg")
    with pytest.raises(InputError) as caught:
        read_theme(root)
    assert len(caught.value.problems) == 3


def test_a_style_in_a_foreign_notebook_is_checked_too(built: Path) -> None:
    notebook = nbformat.read(built / "output/yiyuan-sfj/2024/report.ipynb", as_version=4)
    for cell in notebook.cells:
        for shown in cell.get("outputs", ()):
            if RECORD_MIME in shown.get("data", {}):
                shown.data[RECORD_MIME]["theme"]["css"] = "p { background: url(http://a.example) }"
    with pytest.raises(ExportError, match="外部地址"):
        render_html(document_from_notebook(notebook))


def test_without_a_theme_nothing_is_written(tmp_path: Path) -> None:
    theme = read_theme(with_theme(tmp_path, README_md="样式"))
    assert (theme.css, theme.logo, dict(theme.tones)) == ("", None, {})
