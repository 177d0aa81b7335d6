"""``nianbao import``: our own files come back whole, nothing is written over, faults are named."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counties import write_county
from tests.documents.readback_tools import WRITERS
from tests.inputs.published.drift import FORMAT, NAME, YEAR, Drift, figures, page
from tests.projects import copy_project
from tests.workbook.imports import Bureau, make_bureau
from typer.testing import CliRunner

from nianbao.cli.main import app
from nianbao.errors import InputError, NianbaoError, UsageError
from nianbao.files.pages import normalise_text
from nianbao.files.sources import Source
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import data_folder
from nianbao.inputs.published.report import read_published
from nianbao.inputs.values import parse_cell
from nianbao.notebook.report import Report
from nianbao.prose.blocks import Block, HeadingBlock, ListBlock, ParagraphBlock, plain_text
from nianbao.prose.markdown import to_blocks
from nianbao.publishing.build import BuildOptions, build_report
from nianbao.workbook.importing import import_report

SAMPLES = ("shili-qinghe-zhen", "shili-scjgj", "shili-zrzyj", "yiyuan-sfj")
SUFFIXES = ("html", "docx", "pdf")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "params").mkdir()
    (tmp_path / "data").mkdir()
    shutil.copytree(Path(__file__).parents[2] / "notebooks", tmp_path / "notebooks")
    return tmp_path


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All sample bureaus, built."""
    root = copy_project(tmp_path_factory.mktemp("samples"))
    for agency in SAMPLES:
        build_report(root, agency, 2024)
    return root


def shown(markdown: str, section: str) -> list[tuple[str, int, str]]:
    """What a section's Markdown shows: kind, level and words of each paragraph."""

    def walk(blocks: Iterable[Block]) -> Iterator[tuple[str, int, str]]:
        for block in blocks:
            match block:
                case HeadingBlock():
                    yield "heading", block.level, plain_text(block.inlines)
                case ParagraphBlock():
                    yield "paragraph", 0, plain_text(block.inlines)
                case ListBlock():
                    for item in block.items:
                        yield from walk(item)

    return list(walk(to_blocks([markdown], section)))


def written(text: str, root: Path) -> Path:
    path = root / "下载的年报.html"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("agency", SAMPLES)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_sample_bureaus_report_comes_back(
    samples: Path, project: Path, agency: str, suffix: str
) -> None:
    published = samples / "output" / agency / "2024" / f"report.{suffix}"
    import_report(project, published, agency, 2024)
    before, after = (Report.open(agency, 2024, root=root) for root in (samples, project))
    for table in ("decisions", "requests", "reviews"):
        cells = {k: (c.number, c.note) for k, c in before.tables[table].cells.items()}
        again = {k: (c.number, c.note) for k, c in after.tables[table].cells.items()}
        assert again == cells
    words = {key: shown(w.text, key) for key, w in before.wording.items()}
    assert {key: shown(w.text, key) for key, w in after.wording.items()} == words
    card = before.inputs.agency
    for field in ("name", "kind"):
        assert getattr(after.inputs.agency, field) == getattr(card, field)
    offered = (project / "params" / agency / "agency.yaml").read_text("utf-8")
    for field in ("address", "postcode", "phone", "email", "website"):
        value = getattr(card, field)
        assert value is None or f'\n# {field}: "{value}"' in offered
    assert after.inputs.params.report_date == before.inputs.params.report_date
    assert bool(after.inputs.params.signature) == bool(before.inputs.params.signature)


@pytest.mark.slow
@pytest.mark.parametrize("medium", WRITERS)
@given(bureau=st.integers(0, 10**9).map(make_bureau))
@settings(max_examples=8)  # each is a whole report with all its cells
def test_any_bureaus_report_comes_back(medium: str, bureau: Bureau) -> None:
    data = WRITERS[medium](bureau.document)
    found = read_published(Source("report", data), FORMAT)
    assert {k: v for k, v in bureau.values.items() if found.cells.get(k) != v} == {}
    texts = {key: shown(text, key) for key, text in found.prose.sections.items()}
    words = {key: [normalise_text(words) for _, _, words in part] for key, part in texts.items()}
    assert words == {key: list(map(normalise_text, part)) for key, part in bureau.prose.items()}
    agency, year = bureau.document.agency_name, bureau.document.year
    assert (found.identity.name, found.identity.year) == (agency, year)
    assert found.prose.signed == bureau.document.signature


def test_an_import_makes_a_year_that_loads(project: Path) -> None:
    imported = import_report(project, written(page(figures(), Drift()), project), "shili-sw", YEAR)
    assert imported.kept == ()
    assert set(imported.files) == {
        *(f"data/shili-sw/{YEAR}/{n}.csv" for n in ("decisions", "requests_table", "reviews")),
        f"data/shili-sw/{YEAR}/narrative.md",
        f"params/shili-sw/{YEAR}.yaml",
        "params/shili-sw/agency.yaml",
    }
    inputs = load_inputs(project, "shili-sw", YEAR)
    assert (inputs.agency.name, inputs.agency.kind) == (NAME, "department")
    given_cells = {
        **{("decisions", *k): c for k, c in inputs.decisions.items()},
        **{("requests", *k): c for k, c in (inputs.requests_table or {}).items()},
        **{("reviews", *k): c for k, c in (inputs.reviews or {}).items()},
    }
    wanted = {key: parse_cell(value).number for key, value in figures().items()}
    assert {key: cell.number for key, cell in given_cells.items()} == wanted
    assert imported.missing == ()


GOVERNMENT = "shili-xzf"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A government over three bodies, its report built."""
    root = write_county(tmp_path_factory.mktemp("county"), count=3)
    build_report(root, GOVERNMENT, YEAR, BuildOptions(("html",)))
    return root


def published_by(county: Path) -> Path:
    return county / f"output/{GOVERNMENT}/{YEAR}/report.html"


def without_data(county: Path, folder: Path) -> Path:
    """The county, its government's own data gone."""
    root = shutil.copytree(county, folder / "county", symlinks=True)
    shutil.rmtree(root / f"data/{GOVERNMENT}/{YEAR}")
    return root


def test_a_governments_own_report_is_compared_with_its_units_not_added(
    county: Path, tmp_path: Path
) -> None:
    root = without_data(county, tmp_path)
    imported = import_report(root, published_by(county), GOVERNMENT, YEAR)
    assert f"data/{GOVERNMENT}/{YEAR}/figures.csv" in imported.files
    report = Report.open(GOVERNMENT, YEAR, root=root)
    codes = [unit.agency.code for unit in report.inputs.units]
    units = [Report.open(code, YEAR, root=root).tables for code in codes]
    assert len(units) == 3
    for key in ("decisions", "requests", "reviews"):
        for cell, shown in report.tables[key].cells.items():
            parts = [tables[key].cells[cell] for tables in units]
            assert shown.number == sum(part.number for part in parts if part.number is not None)
    reported = [f for f in report.findings if f.id == "R1"]
    assert {f.severity for f in reported} == {"warning"}, "its own office is in no unit's figures"


def test_without_the_units_the_published_sums_stand(county: Path, tmp_path: Path) -> None:
    root = without_data(county, tmp_path)
    import_report(root, published_by(county), GOVERNMENT, YEAR)
    shutil.rmtree(root / f"data/shili-fgj/{YEAR}")
    before, after = (
        Report.open(GOVERNMENT, YEAR, root=project, allow_missing=True).tables["requests"].frame
        for project in (county, root)
    )
    assert after.to_numpy().tolist() == before.to_numpy().tolist()


def test_figures_that_are_there_stay_and_the_row_is_asked_for(county: Path, tmp_path: Path) -> None:
    root = without_data(county, tmp_path)
    file = root / f"data/{GOVERNMENT}/{YEAR}/figures.csv"
    file.parent.mkdir()
    file.write_text("名称,数值\n培训次数,3\n", "utf-8")
    imported = import_report(root, published_by(county), GOVERNMENT, YEAR)
    assert file.read_text("utf-8") == "名称,数值\n培训次数,3\n"
    (reported,) = (line for line in imported.lines() if "figures.csv" in line)
    assert reported.startswith("未动：")
    assert "数据范围,全部单位" in reported


def test_violated_identities_are_reported_and_the_figures_kept(project: Path) -> None:
    values = figures() | {("reviews", "行政复议", "总计"): "77", ("requests", "new", "总计"): "5"}
    imported = import_report(project, written(page(values, Drift()), project), "shili-sw", YEAR)
    assert {f.id for f in imported.findings} >= {"C1", "B3"}
    lines = list(imported.lines())
    assert any(line.startswith("不符：〔C1〕") and "77" in line for line in lines)
    assert "结果维持" in (project / data_folder("shili-sw", YEAR) / "reviews.csv").read_text()
    text = (project / data_folder("shili-sw", YEAR) / "reviews.csv").read_text("utf-8")
    assert "行政复议,总计,77" in text


@pytest.mark.parametrize(
    "file", ["requests.csv", "requests_table.xlsx", "workbook.xlsx", "narrative.md", "reviews.csv"]
)
def test_nothing_is_written_where_there_are_data(project: Path, file: str) -> None:
    there = project / data_folder("shili-sw", YEAR) / file
    there.parent.mkdir(parents=True)
    there.write_bytes("甲".encode())
    source = written(page(figures(), Drift()), project)
    with pytest.raises(UsageError, match="已经有数据"):
        import_report(project, source, "shili-sw", YEAR)
    assert [p.name for p in there.parent.iterdir()] == [file]
    assert not (project / "params" / "shili-sw").exists()


def as_an_office_wrote_it() -> str:
    """A page with titles of its own, text above and notes below tables, one-line signature."""
    text = page(figures(), Drift())
    start, end = text.index("<p>（一）主动公开</p>"), text.index("<p><b>二、")
    titles = ("（一）依申请公开有温度，答复件件有着落", "（二）主动公开", "（三）队伍建设")
    link = '<a href="https://www.shili.gov.cn/zn_1">公开指南</a>'
    own = "".join(f"<p>{t}</p><p>这一部分写做法{n}，见{link}。</p>" for n, t in enumerate(titles))
    text = text[:start] + own + text[end:]
    above = "<p><b>三、收到和处理政府信息公开申请情况</b></p>"
    below = "<p><b>五、存在的主要问题及改进情况</b></p>"
    for old, new in (
        (above, f"{above}<p>申请按收到日期统计。</p>"),
        (below, f"<p>注：件数含上年度结转。</p>{below}"),
        ("</body>", "<p>示例县水务局　2024年1月18日</p><p>附件：1.水质监测表</p></body>"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.slow
def test_a_report_as_an_office_wrote_it_comes_back_after_a_build(project: Path) -> None:
    imported = import_report(project, written(as_an_office_wrote_it(), project), "shili-sw", YEAR)
    assert imported.missing == ()
    before = imported.report
    assert "公开指南（https://www.shili.gov.cn/zn" in "".join(before.prose.sections.values())
    build_report(project, "shili-sw", YEAR)
    for suffix in SUFFIXES:
        file = project / f"output/shili-sw/{YEAR}/report.{suffix}"
        again = read_published(Source(file.name, file.read_bytes()), FORMAT)
        assert again.cells == before.cells
        assert (again.identity.name, again.prose.date) == (NAME, "2024-01-18")
        texts = [
            {k: shown(text, k) for k, text in found.prose.sections.items()}
            for found in (before, again)
        ]
        assert texts[1] == texts[0], suffix


@pytest.mark.slow
def test_a_report_of_the_form_of_2019_comes_back_after_a_draft(project: Path) -> None:
    """Its table 2 counts other things and is not taken: only a draft can be built without one."""
    heads = ("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")
    rows = (
        "".join(f"<td>{cell}</td>" for cell in row) for row in (heads, ("规章", "3", "3", "41"))
    )
    old = f"<table><tr>{'</tr><tr>'.join(rows)}</tr></table>"
    text = page(figures(), Drift(one_row=True), year=2019)
    start, end = text.index("<table"), text.index("<p><b>三、")
    imported = import_report(
        project, written(text[:start] + old + text[end:], project), "shili-sw", 2019
    )
    before = imported.report
    assert before.superseded == "2019"
    build_report(project, "shili-sw", 2019, options=BuildOptions(SUFFIXES, draft=True))
    for suffix in SUFFIXES:
        file = project / f"output/shili-sw/2019/report.{suffix}"
        again = read_published(Source(file.name, file.read_bytes()), FORMAT)
        assert {k: again.cells[k] for k in before.cells} == before.cells
        assert {k: shown(v, k) for k, v in again.prose.sections.items()} == {
            k: shown(v, k) for k, v in before.prose.sections.items()
        }


def test_contact_of_a_past_year_is_offered_and_not_imposed(project: Path) -> None:
    card = project / "params" / "shili-sw" / "agency.yaml"
    card.parent.mkdir()
    card.write_text(f"name: {NAME}\nkind: department\naddress: 示例县新城路8号\n", "utf-8")
    source = written(page(figures(), Drift()), project)
    imported = import_report(project, source, "shili-sw", YEAR)
    (reported,) = (line for line in imported.lines() if "示例县新城路8号" in line)
    assert reported.startswith("请核对：地址：报告所载为“示例县示例路3号”")
    assert "新城路8号" in card.read_text("utf-8")


def test_parameters_that_are_there_stay(project: Path) -> None:
    card = project / "params" / "shili-sw" / "agency.yaml"
    card.parent.mkdir()
    card.write_text(f"name: {NAME}\nkind: other\n", encoding="utf-8")
    source = written(page(figures(), Drift()), project)
    imported = import_report(project, source, "shili-sw", YEAR)
    assert imported.kept == ("params/shili-sw/agency.yaml",)
    assert card.read_text("utf-8") == f"name: {NAME}\nkind: other\n"
    assert f"params/shili-sw/{YEAR}.yaml" in imported.files


@pytest.mark.parametrize(
    ("agency", "year", "words"),
    [
        ("shili-sw", YEAR - 1, "另一年的报告"),
        ("shili-jyj", YEAR, "别的机关的报告"),
        ("../x", YEAR, "机关代码不合规则"),
        ("shili-sw", 1999, "年度不对"),
    ],
)
def test_what_does_not_belong_is_refused(project: Path, agency: str, year: int, words: str) -> None:
    other = project / "params" / "shili-jyj" / "agency.yaml"
    other.parent.mkdir()
    other.write_text("name: 示例县教育局\nkind: department\n", encoding="utf-8")
    source = written(page(figures(), Drift()), project)
    with pytest.raises(NianbaoError, match=words):
        import_report(project, source, agency, year)
    assert list((project / "data").iterdir()) == []


def test_a_former_name_is_an_alias(project: Path) -> None:
    card = project / "params" / "shili-sw" / "agency.yaml"
    card.parent.mkdir()
    lines = f"name: 示例县水利和湖泊局\nkind: department\naliases:\n  - {NAME}\n"
    card.write_text(lines, encoding="utf-8")
    source = written(page(figures(), Drift()), project)
    assert import_report(project, source, "shili-sw", YEAR).findings == ()


def test_a_file_without_a_name_needs_an_agency(project: Path) -> None:
    text = page(figures(), Drift()).replace(NAME, "").replace("<title></title>", "")
    with pytest.raises(InputError, match="没有机关名称"):
        import_report(project, written(text, project), "shili-sw", YEAR)


def test_the_command_tells_what_it_did_and_fails_where_cells_are_lost(project: Path) -> None:
    source = written(page(figures(), Drift(zero="/")), project)
    root = ["--root", str(project)]
    done = CliRunner().invoke(app, ["import", str(source), "shili-sw", str(YEAR), *root])
    assert done.exit_code == 0, done.output
    assert "表二10格、表三175格、表四15格" in done.output
    assert "按0计：表四写作“/”的" in done.output
    lost = written(page(figures(), Drift()).replace("四、结转下年度继续办理", "甲乙丙丁"), project)
    done = CliRunner().invoke(app, ["import", str(lost), "shili-sw-2", str(YEAR), *root])
    assert done.exit_code == 1
    assert "没认出：表三缺7格：“四、结转下年度继续办理”" in done.output
