"""The whole year of a bureau and of a county, in a real browser, as people click their way."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Browser, Page, expect
from tests.counties import write_county
from tests.desk.desks import served
from tests.desk.test_browser import AXE
from tests.desk.test_steps import edited
from tests.programs import node_tool, open_browser, with_chinese_font
from tests.projects import copy_project

from nianbao.workbook.content import workbook_content
from nianbao.workbook.draw import draw_workbook

pytestmark = pytest.mark.slow
AGENCY, YEAR = "shili-zrzyj", 2024
TABLE_2 = "法定公开（表二）"
BUREAU = f"agency/{AGENCY}/{YEAR}"
WIDTHS = (375, 900, 1440)
PATIENCE = 90_000
"""Milliseconds for whatever happens: the machine of a test may be busy."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with open_browser(with_chinese_font(tmp_path_factory.mktemp("fonts"))) as opened:
        yield opened


def open_page(browser: Browser, entrance: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, bypass_csp=True)
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    page.goto(entrance)
    return page


def look(page: Page, name: str) -> None:
    """Hold a page against axe at three widths; keep pictures where somebody wants to see them."""
    page.wait_for_load_state("load")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if not page.evaluate("'axe' in window"):
            page.evaluate(Path(node_tool("axe-core/axe.min.js")).read_text("utf-8"))
        assert page.evaluate(AXE) == [], (name, width)
        if folder := os.environ.get("DESK_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{width}.png")
    page.set_viewport_size({"width": 1440, "height": 1000})


def download(page: Page, link: str) -> bytes:
    """Click a link that gives a file."""
    with page.expect_download() as given:
        page.get_by_role("link", name=link, exact=True).click()
    return given.value.path().read_bytes()


def hand_in(page: Page, address: str, data: bytes) -> None:
    page.goto(f"{address}{BUREAU}/hand-in")
    file = {"name": "我们单位的表.xlsx", "mimeType": "application/octet-stream", "buffer": data}
    page.locator("#files").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="交上去").click()
    expect(page.locator("#taken")).to_contain_text("认作填报表")


def filled(book: Workbook, source: Workbook) -> None:
    """Fill a workbook in as a clerk does: every cell that the bureau's own one has."""
    for sheet in book.worksheets:
        if sheet.title in source.sheetnames and not sheet.protection.sheet:
            _copy(sheet, source[sheet.title])


def _copy(sheet: Worksheet, source: Worksheet) -> None:
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None and not str(cell.value).startswith("="):
                sheet[cell.coordinate].value = cell.value


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell_of(book: Workbook, sheet: str, row: str, head: str) -> str:
    """The place of a value by the first cell of its row and the head of its column."""
    rows = list(book[sheet].iter_rows())
    heads = next(r for r in rows if any(str(c.value).startswith(head) for c in r))
    column = next(c.column_letter for c in heads if str(c.value).startswith(head))
    found = next(r for r in rows if r[0].row > heads[0].row and row in {str(c.value) for c in r})
    return f"{column}{found[0].row}"


def write(page: Page, words: str) -> None:
    page.locator(".rich").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)
    expect(page.locator("[data-status]")).to_have_text("已保存")


def build(page: Page, address: str, button: str) -> None:
    page.goto(f"{address}{BUREAU}/report")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".bar-card")).to_contain_text("报告已生成，与数据和文字一致")


def test_a_bureau_from_the_blank_workbook_to_the_next_year(
    browser: Browser, tmp_path: Path
) -> None:
    root = copy_project(tmp_path, AGENCY)
    own = load_workbook(BytesIO(draw_workbook(workbook_content(root, AGENCY, YEAR))))
    folder = root / f"data/{AGENCY}/{YEAR}"
    shutil.rmtree(folder)
    folder.mkdir()
    with served(root) as address:
        page = open_page(browser, address.entrance)
        page.goto(f"{address}{BUREAU}")
        expect(page.locator(".standing")).to_contain_text("未填")
        expect(page.locator("h2").first).to_have_text("接下来：取填报表")
        look(page, "bureau-blank")
        page.get_by_role("link", name="取填报表", exact=True).last.click()
        book = load_workbook(BytesIO(download(page, "下载填报表")))
        filled(book, own)
        # Wrong three times: a word for a number, a cell left blank, an outcome that nobody knows.
        place = cell_of(book, TABLE_2, "行政许可", "本年处理决定数量")
        right = book[TABLE_2][place].value
        for wrong, said in (("若干", "若干"), (None, "行政许可")):
            book[TABLE_2][place].value = wrong
            hand_in(page, address, saved(book))
            expect(page.locator("#result")).to_contain_text(said)
        look(page, "bureau-wrong")
        marked = load_workbook(BytesIO(download(page, "下载标出问题的填报表")))
        assert any(c.comment for s in marked.worksheets for r in s.iter_rows() for c in r)
        book[TABLE_2][place].value = right
        ledger = book["申请台账"]
        outcome = next(c for r in ledger.iter_rows() for c in r if c.value == "（一）予以公开")
        outcome.value = "部份公开了"
        hand_in(page, address, saved(book))
        expect(page.locator("#result")).to_contain_text("部份公开了")
        outcome.value = "（一）予以公开"
        hand_in(page, address, saved(book))
        expect(page.locator("#result .summary")).to_contain_text("没有错误")
        look(page, "bureau-right")
        page.goto(f"{address}{BUREAU}/about")
        page.get_by_label("成文日期").fill("2025-01-24")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("status").first).to_contain_text("已保存：成文日期")
        look(page, "bureau-about")
        page.goto(f"{address}{BUREAU}/texts?section=problems.issues")
        write(page, "公开目录与业务系统没有完全对应起来。")
        page.goto(f"{address}{BUREAU}/texts?section=other")
        write(page, "本年没有收取信息处理费。")
        expect(page.frame_locator("iframe[name=page]").locator("body")).to_contain_text(
            "本年没有收取信息处理费。"
        )
        look(page, "bureau-texts")
        assert [p.name for p in folder.iterdir()] == ["workbook.xlsx"], "one source of every word"
        build(page, address, "生成报告")
        look(page, "bureau-report")
        page.frame_locator("iframe[name=page]").locator("td a.source").first.click()
        expect(page.frame_locator("iframe[name=source]").locator("h1")).to_contain_text("表")
        page.goto(f"{address}{BUREAU}/word")
        changed = edited(
            download(page, "下载 Word"), ("本年没有收取信息处理费", "本年未收取信息处理费"),
            ("没有完全对应起来", "没有对应起来"),
        )  # fmt: skip
        name = {"name": "局长改稿.docx", "mimeType": "application/octet-stream", "buffer": changed}
        page.locator("#file").set_input_files(name)  # type: ignore[arg-type]
        page.get_by_role("button", name="交回").click()
        boxes = page.locator("input[name=accept]")
        expect(boxes).to_have_count(3)
        look(page, "bureau-word")
        for box in page.locator(".edit", has_text="没有对应起来").locator("input").all():
            box.uncheck()
        page.get_by_role("button", name="采用打勾的各句").click()
        expect(page.get_by_role("status").first).to_contain_text("已处理")
        build(page, address, "重新生成")
        page.goto(f"{address}{BUREAU}/final")
        look(page, "bureau-final")
        page.get_by_role("button", name="定稿", exact=True).click()
        expect(page.locator(".standing")).to_contain_text("已定稿")
        with zipfile.ZipFile(BytesIO(download(page, "全部文件（ZIP）"))) as archive:
            html = next(archive.read(n).decode() for n in archive.namelist() if n.endswith("html"))
        assert "本年未收取信息处理费" in html
        assert "没有完全对应起来" in html
        assert "2025年1月24日" in html
        page.goto(f"{address}county/{YEAR}")
        page.get_by_text("开始下一年度").click()
        page.get_by_role("button", name=f"开始{YEAR + 1}年").click()
        expect(page.get_by_role("status").first).to_contain_text("已建好")
        page.goto(f"{address}agency/{AGENCY}/{YEAR + 1}")
        expect(page.locator(".standing")).to_contain_text("未填")
        page.context.close()


def test_a_county_of_twenty_with_two_late(browser: Browser, tmp_path: Path) -> None:
    root = write_county(tmp_path, 20)
    late = ("shili-gaj", "shili-tjj")
    for agency in late:
        shutil.rmtree(root / f"data/{agency}/2024")
    params = root / "params/shili-xzf/2024.yaml"
    params.write_text(f"{params.read_text('utf-8')}allow_missing: true\n", "utf-8")
    with served(root) as address:
        page = open_page(browser, address.entrance)
        expect(page.get_by_text("正在核对")).to_have_count(0)
        expect(page.locator("tbody tr")).to_have_count(21)
        expect(page.locator("tbody .state", has_text="未填")).to_have_count(2)
        look(page, "county-board")
        # The keyboard alone leads to the batch, whose progress comes without loading the page.
        page.evaluate("window.loaded = true")
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "生成全部报告":
                break
        page.keyboard.press("Enter")
        page.wait_for_selector("progress")
        page.evaluate("window.loaded = true")
        seen: set[str | None] = set()
        while "生成完了" not in page.locator(".progress").inner_text():
            seen.add(page.locator("progress").get_attribute("value"))
            page.wait_for_timeout(300)
        assert len(seen) > 3, "the bar moved"
        assert page.evaluate("window.loaded"), "and nobody loaded the page"
        expect(page.locator("tbody .state", has_text="已生成")).to_have_count(19)
        look(page, "county-built")
        page.get_by_role("link", name="催报文字").click()
        text = page.locator("#reminder").input_value()
        assert "示例县公安局：尚未填报" in text
        assert text.count("尚未填报") == 2
        assert "\n3. " not in text
        look(page, "county-reminder")
        page.goto(f"{address}county/2024")
        page.get_by_role("link", name="看汇总").click()
        page.get_by_label("表", exact=True).select_option("requests")
        page.get_by_role("button", name="看", exact=True).click()
        look(page, "county-sums")
        rows = page.locator("tbody tr").all_inner_texts()
        total = page.locator("tfoot td").all_inner_texts()
        numbers = [[int(n.replace("—", "0")) for n in row.split("\t")[1:]] for row in rows]
        assert len(rows) >= 18
        assert [sum(column) for column in zip(*numbers, strict=True)] == list(map(int, total))
        page.goto(f"{address}county/2024")
        with zipfile.ZipFile(BytesIO(download(page, "下载全部文件"))) as archive:
            assert len(archive.namelist()) == 19 * 3
        page.get_by_text("开始下一年度").click()
        page.get_by_role("button", name="开始2025年").click()
        expect(page.locator("tbody tr")).to_have_count(21)
        assert page.get_by_role("status").first.locator("li").count() >= 19
        look(page, "county-next")
        page.context.close()
