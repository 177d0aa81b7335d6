"""A clerk's year at the desk, step by step, through the forms alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import lxml.html
import openpyxl
import pytest
from tests.desk.desks import Client, open_desk
from tests.projects import copy_project

from nianbao.desk.digest import PROSE, SectionView, cut_text, handed_in, read_report
from nianbao.desk.guard import REPORT_POLICY
from nianbao.desk.profile import read_fields
from nianbao.desk.standing import SLUGS, Finished, ReportState, checklist, list_steps, open_points
from nianbao.finished.folder import report_folder
from nianbao.publishing.build import build_report
from nianbao.workbook.draw import write_workbook
from nianbao.workbook.new_year import begin_year

SURVEYORS = ("shili-zrzyj", 2024)
BASE = "/agency/shili-zrzyj/2024"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("desk"), SURVEYORS[0])


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[Client]:
    with open_desk(root) as opened:
        yield opened


def state(client: Client) -> ReportState:
    return client.desk.state(client.desk.standing(*SURVEYORS))


def test_every_step_has_a_page(client: Client) -> None:
    for step in ("", "/workbook", "/hand-in", "/texts", "/report", "/word", "/final", "/preview"):
        answer = client.get(BASE + step)
        assert answer.status_code == 200, step
        assert client.desk.contact(*SURVEYORS).name in answer.text


def test_the_board_is_where_the_office_begins(client: Client) -> None:
    answer = client.get("/")
    assert answer.url.path == "/county/2024"
    assert BASE in answer.text


def test_a_ledger_is_taken_and_the_one_before_it_kept(client: Client, root: Path) -> None:
    file = root / "data/shili-zrzyj/2024/figures.csv"
    before = file.read_bytes()
    after = before + "培训场次,7,场,\n".encode()
    sent = [("files", ("其他数据.csv", after)), ("files", ("照片.exe", b"MZ"))]
    answer = client.submit(f"{BASE}/hand-in", files=sent)
    assert "认作其他数据" in answer.text
    assert "不认识这种文件" in answer.text
    assert file.read_bytes() == after
    kept = client.desk.store.versions(*SURVEYORS, "replaced")
    assert client.desk.versions.read(kept[0]) == before


def test_a_reason_stands_with_its_finding(client: Client) -> None:
    digest = client.desk.standing(*SURVEYORS).digest
    finding = next(f for f in digest.findings if f.open_to_reason)
    client.submit(f"{BASE}/reason", data={"key": finding.key, "reason": "清理后重新公布"})
    again = client.desk.standing(*SURVEYORS).digest
    explained = next(f for f in again.findings if f.key == finding.key)
    assert (explained.severity, explained.reason) == ("info", "清理后重新公布")
    client.submit(f"{BASE}/reason", data={"key": finding.key, "reason": ""})
    assert client.desk.standing(*SURVEYORS).digest.count("warning") == digest.count("warning")


def test_a_finding_about_a_file_stands_under_the_table_that_the_file_holds(client: Client) -> None:
    sheets = client.desk.standing(*SURVEYORS).digest.by_sheet()
    found = {sheet for sheet, groups in sheets.items() for g in groups for f in g if f.id == "D1"}
    assert found == {"主动公开", "表二"}


def text_of(client: Client, section: str) -> str:
    digest = client.desk.standing(*SURVEYORS).digest
    return next(s.text for s in digest.sections if s.key == section)


def save(client: Client, section: str, base: str, text: str) -> dict[str, object]:
    answer = client.submit(
        f"{BASE}/texts/{section}", data={"base": base, "text": text},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    found: dict[str, object] = answer.json()
    return found


def test_two_people_who_write_lose_nothing(client: Client) -> None:
    base = text_of(client, "other")
    first, second = f"甲的话。\n\n{base}", f"{base}\n\n乙的话。"
    assert save(client, "other", base, first)["merged"] is False
    merged = save(client, "other", base, second)
    assert merged["merged"] is True
    assert {"甲的话。", "乙的话。"} <= set(str(merged["text"]).split("\n"))
    assert text_of(client, "other") == merged["text"]


def test_two_who_change_the_same_words_are_asked(client: Client) -> None:
    save(client, "problems.issues", text_of(client, "problems.issues"), "共同的一句话。")
    save(client, "problems.issues", "共同的一句话。", "甲改的一句话。")
    answer = save(client, "problems.issues", "共同的一句话。", "乙改的一句话。")
    assert answer["conflict"] is True
    assert text_of(client, "problems.issues") == "甲改的一句话。"
    page = client.get(f"{BASE}/texts?section=problems.issues").text
    assert "乙改的一句话。" in page
    chosen = {"how": "mine", "base": "甲改的一句话。", "text": "乙改的一句话。"}
    client.submit(f"{BASE}/texts/problems.issues", data=chosen)
    assert text_of(client, "problems.issues") == "乙改的一句话。"
    assert client.desk.store.drafts(*SURVEYORS, "本机") == {}


def test_facts_are_found_by_name_and_by_value(client: Client) -> None:
    listed = client.get(f"{BASE}/facts", params={"q": "新收申请"}).text
    assert 'data-fact="新收申请"' in listed
    value = client.desk.standing(*SURVEYORS).digest.figures["新收申请"]  # type: ignore[index]
    assert 'data-fact="新收申请"' in client.get(f"{BASE}/facts", params={"q": str(value)}).text


@pytest.mark.slow
def test_a_report_is_made_frozen_changed_and_restored(client: Client, root: Path) -> None:
    client.submit(f"{BASE}/build")
    assert client.waited(*SURVEYORS) == "built"
    assert state(client) is ReportState.MADE
    made = {p.name: p.read_bytes() for p in (root / "output/shili-zrzyj/2024").glob("report.*")}
    build_report(root, *SURVEYORS)
    again = {p.name: p.read_bytes() for p in (root / "output/shili-zrzyj/2024").glob("report.*")}
    assert made == again, "the desk and the command make the same bytes"
    asked = client.submit(f"{BASE}/freeze")
    points = open_points(client.desk.standing(*SURVEYORS))
    assert state(client) is ReportState.MADE
    assert f"仍有{len(points)}项未办" in asked.text
    assert all(point.text in asked.text for point in points)
    client.submit(f"{BASE}/freeze", data={"confirmed": str(len(points))})
    assert state(client) is ReportState.FROZEN
    assert f"仍有{len(points)}项未办，已确认" in client.desk.store.journal(*SURVEYORS)[0].what
    assert "定稿时已过期限" in client.get("/county/2024").text
    with zipfile.ZipFile(io.BytesIO(client.get(f"{BASE}/final.zip").content)) as archive:
        assert sorted(name[-4:] for name in archive.namelist()) == [".pdf", "docx", "html"]
    page = client.get(f"{BASE}/final").text
    assert 'id="cms"' in page
    assert "一图读懂" in page
    assert client.get(f"{BASE}/poster/poster.png").content.startswith(b"\x89PNG")
    assert client.get(f"{BASE}/poster/manifest.json").status_code == 404
    for name, saved in (("poster/poster.png", "png"), ("files/report.pdf", "pdf")):
        answer = client.get(f"{BASE}/{name}", params={"save": "1"})
        assert answer.headers["content-disposition"].endswith(f".{saved}")
    assert client.get(f"{BASE}/files/report.html").headers["content-security-policy"] == (
        REPORT_POLICY
    )
    assert client.get(f"{BASE}/review").headers["content-security-policy"] == REPORT_POLICY
    assert client.get(f"{BASE}/freeze").url.path == f"{BASE}/final"
    client.submit(f"{BASE}/freeze")
    assert len(client.desk.store.versions(*SURVEYORS, "final")) == 1, "it is final once"
    with zipfile.ZipFile(io.BytesIO(client.get(f"{BASE}/website.zip").content)) as archive:
        assert {"report.cms.html", "cms/pictures.csv"} <= set(archive.namelist())
    kept = text_of(client, "other")
    save(client, "other", kept, f"{kept}\n\n又补一句。")
    assert state(client) is ReportState.CHANGED
    frozen = client.desk.store.versions(*SURVEYORS, "final")[0]
    client.submit(f"{BASE}/versions/{frozen.id}/restore")
    assert text_of(client, "other") == kept
    assert state(client) is ReportState.FROZEN
    assert "没有不同" in client.get(f"{BASE}/versions/{frozen.id}/compare").text
    other = next(v for v in client.desk.store.versions(*SURVEYORS) if v.kind != "final")
    assert client.get(f"{BASE}/versions/{other.id}").content == client.desk.versions.read(other)
    assert "只有定稿和看过的一稿可以比较" in client.get(f"{BASE}/versions/{other.id}/compare").text
    assert "只有定稿可以恢复" in client.submit(f"{BASE}/versions/{other.id}/restore").text


def edited(data: bytes, *changes: tuple[str, str]) -> bytes:
    """A Word file as a leader leaves it."""
    document = docx.Document(io.BytesIO(data))
    for paragraph in document.paragraphs:
        for old, new in changes:
            if old in paragraph.text:
                text = paragraph.text.replace(old, new)
                for run in paragraph.runs[1:]:
                    run.text = ""
                paragraph.runs[0].text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.slow
def test_the_leaders_edits_are_decided_sentence_by_sentence(tmp_path: Path) -> None:
    root = copy_project(tmp_path, SURVEYORS[0])
    with open_desk(root) as client:
        base = text_of(client, "problems.improvements")
        typed = "全年新收政府信息公开申请40件。"
        save(client, "problems.improvements", base, f"{base}\n\n{typed}")
        client.submit(f"{BASE}/build")
        assert client.waited(*SURVEYORS) == "built"
        word = client.get(f"{BASE}/files/report.docx").content
        changes = (
            ("图解、问答等形式用得不多", "图解形式用得不多"),
            ("没有完全对应起来", "没有对应起来"),
            ("新收政府信息公开申请40件", "新收政府信息公开申请41件"),
        )
        sent = [("file", ("局长改稿.docx", edited(word, *changes)))]
        answer = client.submit(f"{BASE}/word", files=sent)
        page = lxml.html.document_fromstring(answer.text)
        assert page.xpath("//section[@id='changes']//h3/text()") == [
            "（二）依申请公开", "（一）存在的主要问题", "（二）改进情况",
        ], "in the order of the report"  # fmt: skip
        (void,) = page.xpath("//input[@name='accept' and @disabled]/@value")
        boxes = page.xpath("//input[@name='accept' and not(@disabled) and @checked]/@value")
        assert len(boxes) == 2, "what the data contradict is left to whoever decides"
        assert "与数据不一致" in answer.text
        assert "overview.requests" in void, "the number is computed from data"
        assert "图解形式用得不多" in answer.text
        assert "交回的修改还没有处理" in answer.text
        assert "逐句选定 局长改稿.docx" in client.get(f"{BASE}/word").text
        done = client.submit(answer.url.path, data={"accept": [str(boxes[0]), str(void)]})
        assert "已并入" in done.text
        assert "交回的修改已处理" in done.text
        assert "逐句选定" not in done.text
        assert str(root) not in done.text
        assert "采用1句" in client.desk.store.journal(*SURVEYORS)[0].what
        text = text_of(client, "problems.issues")
        made = report_folder(root, *SURVEYORS) / "report.docx"
        made.write_bytes(edited(word, ("新收政府信息公开申请40件", "新收政府信息公开申请41件")))
        assert state(client) is ReportState.CHANGED
        assert "由“40”改成“41”" in client.get(f"{BASE}/word").text
    assert ("图解形式用得不多" in text) != ("没有对应起来" in text), "one was taken, one was not"


def test_a_bureau_that_has_a_workbook_alone_begins_at_the_desk(tmp_path: Path) -> None:
    root, base = copy_project(tmp_path, SURVEYORS[0]), "/agency/shili-swj/2025"
    file = write_workbook(root, "shili-swj", 2025)
    with open_desk(root) as client:
        page = client.get(base).text
        assert "读不出来" not in page + client.get(f"{base}/hand-in").text
        assert "机关全称、" in page
        assert client.get(f"{base}/workbook.xlsx").content == file.read_bytes()
        assert "disabled" in client.get(f"{base}/workbook").text
        about = lxml.html.document_fromstring(client.get(f"{base}/about").text)
        assert about.xpath("//input[@name='name']/@value") == [""]
        assert about.xpath("//select[@name='kind']/option[@selected]/@value") == [""]
        asked = {"name": "示例县水务局", "kind": "department", "phone": "0000-0000000"}
        saved = client.submit(f"{base}/about", data=asked)
        assert (saved.status_code, "示例县水务局" in saved.text) == (200, True)
        # Nothing is in the ledger that the first workbook has: the choice still stands.
        assert "disabled" not in client.get(f"{base}/workbook").text
        for sums, has in (("1", "申请汇总（表三）"), ("0", "申请台账")):
            data = client.get(f"{base}/workbook.xlsx?sums={sums}").content
            names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
            assert [n for n in names if n.startswith("申请")] == [has]
        book = openpyxl.load_workbook(io.BytesIO(data))
        book["法定公开（表二）"]["B5"] = "很多"
        book.save(file)
        files = [("files", ("水务局填报表.xlsx", file.read_bytes()))]
        assert "已收下" in client.submit(f"{base}/hand-in", files=files).text
        page = client.get(f"{base}/hand-in").text
        assert "<p>水务局填报表.xlsx</p>" in page
        assert "很多" in page
        assert "workbook.xlsx" not in page, "the file is called as it was sent"


def test_the_list_names_the_button_to_freeze_only_where_it_is(client: Client) -> None:
    standing, late = client.desk.standing(*SURVEYORS), date(2030, 1, 1)
    said = {each: checklist(standing, each, late)[-1].how for each in ReportState}
    assert [each for each, how in said.items() if "下面定稿" in how] == [ReportState.MADE]
    assert "定稿时已过期限" in said[ReportState.FROZEN]


def test_a_reason_is_offered_for_an_error_only_where_it_lifts_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = client.desk.standing(*SURVEYORS)
    some = replace(known.digest.findings[0], severity="error", reason="")
    for lifts in (True, False):
        found = (replace(some, open_to_reason=lifts),)
        standing = replace(known, digest=replace(known.digest, findings=found))
        monkeypatch.setattr(client.desk, "recent", lambda *_, now=standing: (now, True))
        page = client.get(f"{BASE}/hand-in").text
        assert ("写明理由后也可以生成报告" in page) is lifts
        assert ("要改正后才能生成报告" in page) is not lifts


def test_findings_that_say_the_same_stand_together(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = client.desk.standing(*SURVEYORS)
    one = replace(
        known.digest.findings[0], sheet="表二", reason="", open_to_reason=True, group=0,
        together="“…”打不开（共3处）",
    )  # fmt: skip
    for sheets, cards in ((("表二",) * 3, 1), (("表二", "表二", "表三"), 3)):
        found = tuple(
            replace(one, number=i, key=f"L14-{i}", sheet=sheet) for i, sheet in enumerate(sheets)
        )
        standing = replace(known, digest=replace(known.digest, findings=found))
        monkeypatch.setattr(client.desk, "recent", lambda *_, now=standing: (now, True))
        page = lxml.html.fromstring(client.get(f"{BASE}/hand-in").text)
        assert len(page.xpath("//ol[@class='findings']/li")) == cards
        assert len(page.xpath("//form[@class='reason']")) == cards
        assert len(page.xpath("//form[@class='reason']//input[@name='key']")) == 3, (
            "a reason is for all"
        )


def test_nothing_is_ticked_that_nobody_did(client: Client) -> None:
    known = client.desk.standing(*SURVEYORS)
    blank = replace(known, digest=replace(known.digest, is_blank=True, files=()), finished=None)
    assert not any(step.is_done for step in list_steps(blank, ReportState.BLANK, None))
    made = Finished(("report.docx",), False, "", (), "")
    for decided, then in ((None, "final"), (False, "word"), (True, "final")):
        steps = list_steps(replace(known, finished=made), ReportState.MADE, None, decided=decided)
        assert steps[SLUGS.index("word")].is_done is decided
        assert steps[SLUGS.index("workbook")].is_done is None, "ledgers were handed in instead"
        assert [step.slug for step in steps if step.is_next] == [then]


def test_what_is_still_generic_is_named_alike_by_the_step_and_the_list(client: Client) -> None:
    known = client.desk.standing(*SURVEYORS)
    generic = tuple(replace(s, is_own=False) for s in known.digest.sections)
    none_own = replace(known, digest=replace(known.digest, sections=generic, findings=()))
    word = list_steps(none_own, ReportState.READY, None)[SLUGS.index("texts")].word
    assert word == "有2节还是通用文字"  # two names would not go into one step
    today, text = date(2025, 1, 10), "六个部分的文字是本单位的"
    for common, named, done in (
        ("problems.improvements", "到“写正文”改写“改进情况”", False),
        ("overview", "“总体情况”用的是通用文字；与实际相符的，可以不改", None),
        ("", "", True),
    ):
        sections = tuple(replace(s, is_own=s.key != common) for s in known.digest.sections)
        now = replace(known, digest=replace(known.digest, sections=sections, findings=()))
        item = next(i for i in checklist(now, ReportState.READY, today) if i.text == text)
        step = list_steps(now, ReportState.READY, None)[SLUGS.index("texts")]
        assert (item.is_done, item.how) == (done, named)
        assert step.is_done is done
        assert (step.word == "“改进情况”还是通用文字") is (done is False)


def test_a_part_of_the_report_leads_to_its_first_section(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = client.desk.standing(*SURVEYORS)
    one = replace(known.digest.findings[0], section="problems", message="不是本机关的问题")
    standing = replace(known, digest=replace(known.digest, findings=(one,)))
    monkeypatch.setattr(client.desk, "recent", lambda *_: (standing, True))
    page = lxml.html.document_fromstring(client.get(f"{BASE}/texts?section=problems").text)
    assert page.xpath("//form/@data-section") == ["problems.issues"]
    assert "不是本机关的问题" in page.xpath("string(//ol[@class='findings'])")


def test_nothing_is_offered_that_there_is_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = client.desk.standing(*SURVEYORS)
    made = Finished(("report.docx",), False, "", (), "")
    for has in (True, False):
        digest = replace(known.digest, has_previous=has, is_blank=True)
        standing = replace(known, digest=digest, finished=made)
        monkeypatch.setattr(client.desk, "recent", lambda *_, now=standing: (now, True))
        assert (f"{BASE}/review" in client.get(f"{BASE}/final").text) is has
        assert ("旁边有上年的数" in client.get(BASE).text) is has
    some = replace(known.digest.findings[0], severity="warning")
    for places, marked in (((), False), (("填报表.xlsx的“正文”表第3行",), True)):
        digest = replace(
            known.digest, files=("填报表.xlsx",), findings=(replace(some, places=places),)
        )
        assert digest.is_markable is marked


def test_a_bureau_is_not_offered_as_its_own_parent(root: Path) -> None:
    parent = next(field for field in read_fields(root, *SURVEYORS) if field.key == "parent")
    assert SURVEYORS[0] not in dict(parent.choices)


def test_what_can_be_read_is_checked_beside_what_cannot(tmp_path: Path) -> None:
    root, agency, year = copy_project(tmp_path, "shili-scjgj"), "shili-scjgj", 2024
    file = root / f"data/{agency}/{year}/workbook.xlsx"
    workbook = openpyxl.load_workbook(file)
    workbook["decisions"]["D4"], workbook["reviews"]["C2"] = "约五件", None
    workbook.save(file)
    base = f"/agency/{agency}/{year}"
    with open_desk(root) as client:
        page = lxml.html.fromstring(client.get(f"{base}/hand-in").content).text_content()
        marked = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}/marked.xlsx").content))
        standing = client.desk.standing(agency, year)
        file.write_bytes(b"PK\x03\x04 not a workbook")
        damaged = client.get(f"{base}/hand-in").text
    for words in ("有1项读不出来", "不是数字：“约五件”", "其余部分已经核对", "表四有1格未填"):
        assert words in page
    assert "项读不出来" in damaged
    assert "marked.xlsx" not in damaged  # it would have no cells
    assert "不是数字" in marked["decisions"]["D4"].comment.text
    assert "未填" in marked["reviews"]["C2"].comment.text
    assert standing.digest.errors == 2
    open_points = [
        p.text for p in checklist(standing, ReportState.FAULTY, date.max) if not p.is_done
    ]
    assert "各项提醒已经改正，或写明理由" in open_points  # nobody knows of all of them yet


def test_an_empty_ledger_counts_no_zero_before_a_unit_fills_anything_in(tmp_path: Path) -> None:
    root = copy_project(tmp_path, SURVEYORS[0])
    begin_year(root, SURVEYORS[0], 2025)
    figures = read_report(root, SURVEYORS[0], 2025).figures or {}
    assert (figures["新收申请"], figures["上年结转申请"]) == (None, 4)


def test_many_places_are_folded_and_a_whole_table_is_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = client.desk.standing(*SURVEYORS)
    one = replace(known.digest.findings[0], places=(), group=0, reason="", sheet="表三")
    for cells, shown in (
        (tuple(f"第{i}格" for i in range(9)), "等9处"),
        (("表三全表",), "表三全表"),
    ):
        found = (replace(one, cells=cells),)
        standing = replace(known, digest=replace(known.digest, findings=found))
        monkeypatch.setattr(client.desk, "recent", lambda *_, now=standing: (now, True))
        page = lxml.html.fromstring(client.get(f"{BASE}/hand-in").text)
        assert shown in page.xpath("string(//p[@class='cells'])")
        assert ("第8格" in page.xpath("string(//details[@class='cells'])")) is (len(cells) > 1)


def test_an_unreadable_row_of_the_ledger_stands_for_the_whole_table(tmp_path: Path) -> None:
    root = copy_project(tmp_path, SURVEYORS[0])
    ledger = next((root / "data/shili-zrzyj/2024").glob("requests.*"))
    book = openpyxl.load_workbook(ledger)
    sheet = book.active
    assert sheet is not None
    sheet.append(["不是日期"] * sheet.max_column)
    book.save(ledger)
    findings = read_report(root, *SURVEYORS).findings
    assert [f.cells for f in findings if f.id == "D9"] == [("表三全表",)]


def test_a_text_that_cannot_be_filled_in_hides_nothing_of_the_tables(tmp_path: Path) -> None:
    root = copy_project(tmp_path, SURVEYORS[0])
    file = root / "data/shili-zrzyj/2024/narrative.md"
    before = read_report(root, *SURVEYORS)
    with file.open("a", encoding="utf-8") as narrative:
        narrative.write("\n全年{{ 没有这个 }}件。\n")
    found = read_report(root, *SURVEYORS)
    assert "没有这个" in "".join(found.problems)
    of_tables = {f.message for f in before.findings if f.sheet != PROSE}
    assert of_tables <= {f.message for f in found.findings}
    assert of_tables
    assert found.sections
    assert found.facts


def test_the_sides_of_an_identity_are_called_by_their_terms(client: Client) -> None:
    one = client.desk.standing(*SURVEYORS).digest.findings[0]
    broken = replace(one, formula="自然人+法人=总计", left="1", right="0")
    assert broken.sides == (("自然人+法人", "1"), ("总计", "0"))


def test_writing_that_saves_itself_is_one_line_of_the_journal(client: Client) -> None:
    base = text_of(client, "other")
    save(client, "other", base, f"{base}\n\n记一笔。")
    save(client, "other", f"{base}\n\n记一笔。", base)
    lines = [e.what for e in client.desk.store.journal(*SURVEYORS)]
    assert lines.count("修改了正文“六、其他需要报告的事项”") == 1


def test_a_placeholder_that_prints_nothing_says_so(client: Client) -> None:
    blank = replace(client.desk.standing(*SURVEYORS).digest.facts[0], text="")
    (piece,) = cut_text(f"{{{{ {blank.name} }}}}", {})
    view = SectionView("other", "", "", True, (), "")
    pieces = view.with_text(piece.text, {blank.name: blank}).pieces
    assert [p.shown for p in pieces] == [f"{blank.name}（本年无，不印）"]


def test_notices_are_chosen_by_number_and_title(client: Client) -> None:
    page = client.get(f"{BASE}/about").text
    assert "武政办发〔2025〕54号　关于做好2025年" in page
    assert ">wuwei-2025<" not in page


def test_the_record_of_edited_numbers_is_not_handed_in(client: Client, root: Path) -> None:
    file = root / "data/shili-zrzyj/2024/edited_numbers.csv"
    file.touch()
    assert file.name not in handed_in(root, *SURVEYORS)
    file.unlink()
