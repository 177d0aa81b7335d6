"""The site of documents: links good, nothing from outside, Chinese found; pages up to date."""

from __future__ import annotations

import csv
import functools
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from nianbao import __version__
from nianbao.errors import InputError
from nianbao.files.grids import read_csv
from nianbao.files.sources import Source
from nianbao.inputs.params import parse_agency
from nianbao.inputs.request_ledger import read_requests
from nianbao.statutory import load_format

REPOSITORY = Path(__file__).resolve().parent.parent
TOOLS = REPOSITORY / "tools"
LOADED = re.compile(r"""<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=["']?([^"'\s>]+)""")

NAMED = re.compile(
    r"""<(?!a\b)\w+\b[^>]*\b(?:src|srcset|href|data|poster|style)=["']?([^"'\s>]+)"""
)
"""Any file that anything but a link names."""


def tool(name: str) -> dict[str, Callable[..., str]]:
    """What a script of tools/ defines."""
    return runpy.run_path(str(TOOLS / f"{name}.py"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does: a warning stops it."""
    folder = tmp_path_factory.mktemp("site")
    mkdocs = Path(sys.executable).parent / "mkdocs"
    done = subprocess.run(
        [mkdocs, "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder


@pytest.mark.slow
def test_every_page_is_there_in_chinese(site: Path) -> None:
    pages = {file.stem for file in (REPOSITORY / "docs").glob("*.md")}
    assert pages <= {file.stem for file in site.glob("*.html")}
    first = (site / "index.html").read_text("utf-8")
    assert '<html lang="zh-CN"' in first
    assert all(reader in first for reader in ("办事人员", "统计人员", "开发人员"))


@pytest.mark.slow
def test_no_page_names_an_outside_address_to_load(site: Path) -> None:
    loaded = {a for file in site.glob("*.html") for a in LOADED.findall(file.read_text("utf-8"))}
    assert "css/base.css" in loaded
    assert {address for address in loaded if "//" in address} == set()
    styles = "".join(file.read_text("utf-8") for file in site.rglob("*.css"))
    assert re.findall(r"url\(['\"]?(?:https?:)?//|@import", styles) == []


@pytest.mark.slow
def test_opened_from_the_disk_it_asks_for_nothing_from_outside(site: Path, page: Page) -> None:
    """One page of those that name the same files: all have a template and scripts in common."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    named = {frozenset(NAMED.findall(f.read_text("utf-8"))): f for f in site.glob("*.html")}
    for file in named.values():
        page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")
    inside = site.as_uri()
    assert len(asked) > 50
    assert [url for url in asked if not url.startswith((inside, "data:"))] == []


@pytest.mark.slow
def test_the_search_finds_chinese_and_leads_there(site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    page.locator("[data-bs-target='#mkdocs_search_modal']").click()
    field = page.locator("#mkdocs-search-query")
    field.fill("填报 总计")
    results = page.locator("#mkdocs-search-results article")
    results.first.wait_for()
    shown = results.all_inner_texts()
    assert all("填报" in text or "总计" in text for text in shown)
    field.fill("没有这样的词语吧")
    page.locator("#mkdocs-search-results:not(:has(article))", has_text="没有").wait_for()
    field.fill("一加二等于三")
    link = page.locator("#mkdocs-search-results a").first
    page.wait_for_function("document.querySelectorAll('#mkdocs-search-results a').length < 5")
    assert "B1" in link.inner_text()
    link.click()
    page.wait_for_url("**/findings.html#*")


def test_an_option_is_not_broken_at_its_hyphens() -> None:
    page = tool("docs_site")["on_post_page"]
    assert page("<p><code>nianbao check --explain 编号</code></p>") == (
        '<p><code>nianbao check <span class="whole">--explain</span> 编号</code></p>'
    )
    for same in (
        "<pre><code>nianbao build --to html</code></pre>",
        "<p>a-b</p>",
        f"<code>{'-' * 25}</code>",
    ):
        assert page(same) == same


def test_the_pages_made_of_data_are_up_to_date() -> None:
    docs = REPOSITORY / "docs"
    made = tool("values")["values_markdown"](load_format(), REPOSITORY)
    assert (docs / "values.md").read_text("utf-8") == made, "run make docs"
    assert (docs / "findings.md").read_text("utf-8") == tool("findings")["findings_markdown"]()
    assert (docs / "parameters.md").read_text("utf-8") == tool("parameters")[
        "parameters_markdown"
    ]()


def test_the_manual_leads_to_every_group_of_rules() -> None:
    manual = (REPOSITORY / "docs" / "manual.zh-CN.md").read_text("utf-8")
    groups = runpy.run_path(str(TOOLS / "findings.py"))["GROUPS"]
    assert groups
    assert [t for t in groups.values() if f"](findings.md#{t})" not in manual] == []


# What the page of words offers is what the readers take.


@functools.cache
def values() -> str:
    return (REPOSITORY / "docs" / "values.md").read_text("utf-8")


def section(title: str) -> str:
    return values().partition(f"## {title}")[2].partition("\n## ")[0]


def ledger(rows: list[list[str]]) -> Source:
    lines = [["登记号", "收到日期", "申请人类型", "办理结果", "答复日期"], *rows]
    return Source("requests.csv", "\n".join(",".join(line) for line in lines).encode())


def test_every_outcome_on_the_page_is_read_as_another_row() -> None:
    words = re.findall(r"^\| \S+ \| (\S+) \|$", section("办理结果"), re.MULTILINE)[2:]
    rows = [[f"{i}", "2024-3-5", "自然人", word, "2024-3-6"] for i, word in enumerate(words)]
    counted = read_requests(read_csv(ledger(rows)), 2024, load_format())
    assert len(words) == len(set(counted["outcome"])) == 21


def test_every_applicant_on_the_page_is_read() -> None:
    words = section("申请人类型").split("\n\n")[1].partition("。")[0].split("、")
    rows = [[f"{i}", "2024-3-5", word, "", ""] for i, word in enumerate(words)]
    counted = read_requests(read_csv(ledger(rows)), 2024, load_format())
    assert list(counted["applicant"]) == list(load_format().applicants) == words


def test_the_rows_of_table_four_are_all_of_them() -> None:
    text = "\n".join(re.findall(r"^    (.+)$", section("表四的各行"), re.MULTILINE))
    rows = list(csv.DictReader(text.splitlines()))
    assert len({(row["类型"], row["结果"]) for row in rows}) == len(rows) == 12


def test_the_dates_on_the_page_are_read_and_those_to_avoid_are_not() -> None:
    good, bad = re.search(r"^\| 日期 \| (.+) \| (.+) \|$", values(), re.MULTILINE).groups()
    for day in re.sub(r"（.*?）", "", good).replace("；", "、").split("、"):
        case = [["1", day, "自然人", "", ""]]
        assert len(read_requests(read_csv(ledger(case)), 2024, load_format())) == 1, day
    for day in bad.split("、"):
        with pytest.raises(InputError, match="日期"):
            read_requests(read_csv(ledger([["1", day, "自然人", "", ""]])), 2024, load_format())


def test_the_example_of_an_agency_file_is_one() -> None:
    text = "\n".join(re.findall(r"^    (.+)$", section("机关信息"), re.MULTILINE))
    agency = parse_agency(Source("params/a/agency.yaml", text.encode()), "a")
    assert agency.name.startswith("示例县")


def test_the_newest_version_tells_which_numbers_changed() -> None:
    text = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
    newest = text.partition("\n## ")[2].partition("\n## ")[0]
    assert newest.startswith(__version__)
    reported = newest.partition("### Numbers changed\n")[2].partition("\n### ")[0]
    assert reported.strip()


def test_pictures_are_small_and_every_one_is_shown() -> None:
    pictures = list((REPOSITORY / "docs" / "images").glob("*.png"))
    assert len(pictures) >= 7
    assert [p.name for p in pictures if p.stat().st_size > 150_000] == []
    pages = [*(REPOSITORY / "docs").glob("*.md"), *REPOSITORY.glob("README*.md")]
    text = "".join(page.read_text("utf-8") for page in pages)
    assert [p.name for p in pictures if f"images/{p.name})" not in text] == []


def test_the_kinds_of_agency_may_be_written_either_way() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \|$", section("机关信息"), re.MULTILINE)
    assert len(rows) == 4
    for kind, words in rows:
        for written in (kind, words):
            text = f"name: 示例县水利局\nkind: {written}\n"
            assert parse_agency(Source("params/a/agency.yaml", text.encode()), "a").kind == kind
