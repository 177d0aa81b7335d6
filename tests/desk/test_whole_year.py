"""The whole year of a bureau and of a county, in a real browser, as people click their way."""

from __future__ import annotations

import os
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Browser, Page, expect
from tests.counties import write_county
from tests.desk.desks import served
from tests.desk.keyboard import Keyboard
from tests.desk.test_browser import AXE
from tests.desk.test_standing import edited
from tests.programs import PATIENCE, node_tool
from tests.projects import copy_project

from nianbao.workbook.content import workbook_content
from nianbao.workbook.draw import draw_workbook

pytestmark = pytest.mark.slow
AGENCY, YEAR = "shili-zrzyj", 2024
TABLE_2 = "法定公开（表二）"
BUREAU = f"agency/{AGENCY}/{YEAR}"
WIDTHS = (375, 900, 1440)
STEP = "nav.steps a"
RECORDER = """window.seen = [];
new MutationObserver(() => window.seen.push(document.querySelector("progress")?.value))
  .observe(document.querySelector("[data-fragment]"), { childList: true })"""
"""Notes each state of the progress bar; gone when the page is loaded anew."""


def open_page(browser: Browser, entrance: str) -> Page:
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000},
        bypass_csp=True,
        locale="zh-CN",
        reduced_motion="reduce",  # what turns while it works is drawn sixty times a second
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    page.goto(entrance)
    return page


def look(page: Page, name: str) -> None:
    """Hold a page against axe, the narrowest and the widest; nothing of it is beside the window.

    Every page is held against it at each width in test_browser.py; here are more of their states.
    Pictures are kept where somebody wants to see them.
    """
    page.wait_for_load_state("load")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if width in (WIDTHS[0], WIDTHS[-1]):
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


def hand_in(page: Page, keys: Keyboard, data: bytes) -> None:
    keys.follow(STEP, "交填报表", "**/hand-in")
    keys.choose_file("[data-drop] button[type=button]", "我们单位的表.xlsx", data)
    keys.follow("button", "交上去", "**/hand-in?done=*")
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


def write(page: Page, keys: Keyboard, section: str, words: str, *, back: bool = False) -> None:
    keys.follow(f"a[href$='section={section}']", "", f"**/texts?section={section}", back=back)
    keys.to(".rich")
    page.keyboard.press("Control+End")
    page.keyboard.type(words)
    expect(page.locator("[data-status]")).to_have_text("已保存")


def build(page: Page, keys: Keyboard, button: str, *, back: bool = False) -> None:
    keys.follow(STEP, "看报告", "**/report", back=back)
    keys.press("button", button)
    expect(page.locator(".bar-card")).to_contain_text("报告已生成，与数据和文字一致")


def ask_for_source(page: Page, keys: Keyboard) -> None:
    """Go into the report's frame, to a number of a table, and follow it."""
    report = page.frame_locator("iframe[name=page]")
    expect(report.locator("td a.source").first).to_be_attached()
    keys.to("iframe[name=page]")
    for _ in range(400):
        page.keyboard.press("Tab")
        if report.locator("td a.source:focus").count():
            break
    page.keyboard.press("Enter")
    expect(page.frame_locator("iframe[name=source]").locator("h1")).to_contain_text("表")


def test_a_bureau_from_the_blank_workbook_to_the_next_year_by_the_keyboard_alone(
    browser: Browser, tmp_path: Path
) -> None:
    root = copy_project(tmp_path, AGENCY)
    own = load_workbook(BytesIO(draw_workbook(workbook_content(root, AGENCY, YEAR))))
    folder = root / f"data/{AGENCY}/{YEAR}"
    shutil.rmtree(folder)
    folder.mkdir()
    with served(root) as address:
        page = open_page(browser, address.entrance)
        keys = Keyboard(page)
        keys.follow(f"a[href='/{BUREAU}']", "", f"**/{BUREAU}")
        expect(page.locator(".standing")).to_contain_text("未填")
        expect(page.locator("h2").first).to_have_text("接下来：取填报表")
        look(page, "bureau-blank")
        keys.follow("a.button", "取填报表", "**/workbook")
        look(page, "bureau-workbook")
        book = load_workbook(BytesIO(keys.download("下载填报表")))
        filled(book, own)
        # Wrong three times: a word for a number, a cell left blank, an outcome that nobody knows.
        place = cell_of(book, TABLE_2, "行政许可", "本年处理决定数量")
        right = book[TABLE_2][place].value
        for wrong, said in (("若干", "若干"), (None, "行政许可")):
            book[TABLE_2][place].value = wrong
            hand_in(page, keys, saved(book))
            expect(page.locator("#result")).to_contain_text(said)
        look(page, "bureau-wrong")
        marked = load_workbook(BytesIO(keys.download("下载标出问题的填报表")))
        assert any(c.comment for s in marked.worksheets for r in s.iter_rows() for c in r)
        book[TABLE_2][place].value = right
        ledger = book["申请台账"]
        outcome = next(c for r in ledger.iter_rows() for c in r if c.value == "（一）予以公开")
        outcome.value = "部份公开了"
        hand_in(page, keys, saved(book))
        expect(page.locator("#result")).to_contain_text("部份公开了")
        outcome.value = "（一）予以公开"
        hand_in(page, keys, saved(book))
        expect(page.locator("#result .summary")).to_contain_text("没有错误")
        expect(page.locator("#taken")).to_contain_text("换下了以前交的“我们单位的表.xlsx”")
        look(page, "bureau-right")
        keys.follow(".standing a", "单位信息", "**/about")
        keys.to("#report_date")
        for part in ("2025", "01", "24"):
            page.keyboard.type(part)
            page.keyboard.press("ArrowRight")
        keys.follow("button", "保存", "**/about?done=*")
        expect(page.get_by_role("status").first).to_contain_text("已保存：成文日期")
        look(page, "bureau-about")
        keys.follow(STEP, "写正文", "**/texts")
        write(page, keys, "problems.issues", "公开目录与业务系统没有完全对应起来。")
        write(page, keys, "other", "本年没有收取信息处理费。", back=True)
        expect(page.frame_locator("iframe[name=page]").locator("body")).to_contain_text(
            "本年没有收取信息处理费。"
        )
        look(page, "bureau-texts")
        assert [p.name for p in folder.iterdir()] == ["workbook.xlsx"], "one source of every word"
        build(page, keys, "生成报告", back=True)  # ahead lies the page with all its numbers
        look(page, "bureau-report")
        ask_for_source(page, keys)
        keys.follow(STEP, "改 Word", "**/word")
        changed = edited(
            keys.download("下载 Word"), ("本年没有收取信息处理费", "本年未收取信息处理费"),
            ("没有完全对应起来", "没有对应起来"),
        )  # fmt: skip
        keys.choose_file("[data-drop] button[type=button]", "局长改稿.docx", changed)
        keys.follow("button", "交回", "**/word/*")
        expect(page.locator("input[name=accept]")).to_have_count(3)
        look(page, "bureau-word")
        for _ in range(page.locator(".edit", has_text="公开目录与业务").locator("input").count()):
            keys.press("input[name=accept]:checked", "公开目录与业务", key="Space")
        keys.follow("button", "采用打勾的各句", "**/word?done=*")
        expect(page.get_by_role("status").first).to_contain_text("已处理")
        build(page, keys, "重新生成")
        keys.follow(STEP, "定稿", "**/final")
        look(page, "bureau-final")
        keys.follow("main button", "定稿", "**/freeze")  # the way to improve is still common words
        look(page, "bureau-confirm")
        keys.press("main button", "确认定稿")
        expect(page.locator(".standing")).to_contain_text("已定稿")
        with zipfile.ZipFile(BytesIO(keys.download("全部文件（ZIP）"))) as archive:
            html = next(archive.read(n).decode() for n in archive.namelist() if n.endswith("html"))
        assert "本年未收取信息处理费" in html
        assert "没有完全对应起来" in html
        assert "2025年1月24日" in html
        keys.follow("header a", "全部单位", f"**/county/{YEAR}")
        keys.press("summary", "开始下一年度")
        keys.follow("button", f"开始{YEAR + 1}年", f"**/county/{YEAR + 1}?done=*")
        expect(page.get_by_role("status").first).to_contain_text("已建好")
        next_year = f"agency/{AGENCY}/{YEAR + 1}"
        keys.follow(f"a[href='/{next_year}']", "", f"**/{next_year}")
        expect(page.locator(".standing")).to_contain_text("未填")
        page.context.close()


def test_a_county_of_seven_with_two_late(browser: Browser, tmp_path: Path) -> None:
    root = write_county(tmp_path, 7)
    late = ("shili-gaj", "shili-mzj")
    for agency in late:
        shutil.rmtree(root / f"data/{agency}/2024")
    params = root / "params/shili-xzf/2024.yaml"
    params.write_text(f"{params.read_text('utf-8')}allow_missing: true\n", "utf-8")
    with served(root) as address:
        page = open_page(browser, address.entrance)
        expect(page.get_by_text("正在核对")).to_have_count(0)
        expect(page.locator("tbody tr")).to_have_count(8)
        expect(page.locator("tbody .state", has_text="未填")).to_have_count(2)
        look(page, "county-board")
        # The bar of the batch moves on, and nobody loads the page.
        Keyboard(page).press("button", "生成全部报告")
        page.wait_for_selector("progress")
        page.evaluate(RECORDER)
        expect(page.locator(".progress")).to_contain_text("生成完了", timeout=3 * PATIENCE)
        assert len(page.evaluate("[...new Set(window.seen)]")) > 3
        expect(page.locator("tbody .state", has_text="已生成")).to_have_count(6)
        look(page, "county-built")
        page.get_by_role("link", name="催报文字").click()
        text = page.locator("#reminder").input_value()
        assert "示例县公安局：尚未填报" in text
        assert text.count("尚未填报") == 2
        assert text.count("已生成，尚未定稿") == 5
        look(page, "county-reminder")
        page.goto(f"{address}county/2024")
        page.get_by_role("link", name="看汇总").click()
        page.get_by_label("表", exact=True).select_option("requests")
        page.get_by_role("button", name="看", exact=True).click()
        look(page, "county-sums")
        rows = page.locator("tbody tr").all_inner_texts()
        total = page.locator("tfoot td").all_inner_texts()
        numbers = [[int(n.replace("—", "0")) for n in row.split("\t")[1:]] for row in rows]
        assert len(rows) == 6
        assert [sum(column) for column in zip(*numbers, strict=True)] == list(map(int, total))
        page.goto(f"{address}county/2024")
        with zipfile.ZipFile(BytesIO(download(page, "下载全部文件"))) as archive:
            assert len(archive.namelist()) == 6 * 3
        page.get_by_text("开始下一年度").click()
        page.get_by_role("button", name="开始2025年").click()
        expect(page.locator("tbody tr")).to_have_count(8)
        expect(page.get_by_role("status").first).to_contain_text("6个单位的填报表已建好")
        expect(page.get_by_role("status").first.locator("li")).to_have_count(2)
        look(page, "county-next")
        page.context.close()
