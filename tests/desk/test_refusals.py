"""What the desk does not do, and the sentence with which it says so."""

from __future__ import annotations

import io
import socket
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn

import lxml.html
import pytest
from tests.desk.desks import COUNTY, Client, open_desk, visitor_of
from tests.desk.test_isolation import PASSWORD, join
from tests.projects import copy_project

from nianbao.batch.run import BatchOptions
from nianbao.batch.worker import Job
from nianbao.desk import app, intake, page_marks, profile
from nianbao.desk import builds as builds_
from nianbao.desk.access import AccountRole, fault_of
from nianbao.desk.app import _leading_file, _tell_first, open_socket
from nianbao.desk.builds import Batch, Build, Builds
from nianbao.desk.digest import SectionView, cut_text
from nianbao.desk.finished_set import compare_with_frozen
from nianbao.desk.intake import Taken, Upload, recognise
from nianbao.desk.profile import legal_deadline
from nianbao.desk.settings import DeskLimits, Settings
from nianbao.desk.standing import SLUGS, Finished, ReportState, checklist, list_steps
from nianbao.desk.storage import Store
from nianbao.desk.versions import Versions
from nianbao.desk.visit import days_words, size_words
from nianbao.desk.wording import merged_lines
from nianbao.desk.workers import DIED, SLOW, Workers
from nianbao.desk.writing import LONGEST, LONGEST_REASON, save_section, write_reason
from nianbao.edits.found import Remark
from nianbao.edits.pulled import Pulled, PulledSection
from nianbao.errors import ExecutionError, InputError, NarrativeError, UsageError
from nianbao.files.sources import Source
from nianbao.finished.options import BuildOptions
from nianbao.inputs.recognise import Recognised
from nianbao.prose.review.notices import CheckedLimit, CheckedPoint, Checklist
from nianbao.statutory.notices import Notice

AGENCY, YEAR = "shili-scjgj", 2024
BASE = f"/agency/{AGENCY}/{YEAR}"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("county"), AGENCY)


@pytest.fixture(scope="module")
def office(root: Path) -> Iterator[Client]:
    with open_desk(root, COUNTY) as client:
        join(client, AccountRole.OFFICE, "", "office")
        yield client


def test_what_cannot_be_done_is_said_with_what_to_do_instead(office: Client) -> None:
    (own,) = (a.id for a in office.desk.store.accounts() if a.login == "office")
    for path, status, said in (
        (f"{BASE}/sums?table=none", 422, "没有这张表"),
        (f"{BASE}/sums", 422, "没有汇总所属单位的数"),
        (f"{BASE}/source?fact=没有的数", 200, "没有这个名称的数据"),
        (f"{BASE}/source?table=requests&row=new&column=火星人", 200, "没有这一格"),
        (f"{BASE}/files/report.pdf", 404, "请先生成报告"),
        (f"{BASE}/final.zip", 422, "还没有生成报告"),
        (f"{BASE}/website.zip", 422, "还没有生成报告"),
        (f"{BASE}/versions/99", 422, "没有这个版本"),
        (f"{BASE}/word/99", 422, "没有这个文件"),
        (f"{BASE.replace(AGENCY, 'nobody')}", 404, "请在“全部单位”一页新增"),
        ("/agency/shili-scjgj/1999", 404, ""),
        (f"/county/{YEAR}/all.zip", 422, f"{YEAR}年还没有生成任何报告"),
    ):
        answer = office.get(path)
        assert (answer.status_code, said in answer.text) == (status, True), path
    for path, data, status, said in (
        (f"{BASE}/freeze", {}, 422, "报告还没有生成"),
        (f"{BASE}/word", {}, 422, "没有选择文件"),
        (f"{BASE}/hand-in", {}, 200, "没有选择文件"),
        (f"{BASE}/reason", {"key": "B1-00000000", "reason": "核实过"}, 409, "这条提醒已经不在了"),
        (f"{BASE}/texts/other", {"text": "", "how": "mine"}, 422, "每一节都要有文字"),
        (f"{BASE}/texts/none", {"text": "无。", "how": "mine"}, 422, "没有“none”这一节"),
        ("/accounts/invite", {"role": "clerk", "agency": "nobody"}, 400, "请选择单位"),
        ("/accounts/active", {"account": "x"}, 400, "不能停用自己的账号"),
        ("/accounts/active", {"account": str(own)}, 400, "自己的"),
    ):
        answer = office.submit(path, data=data)
        assert (answer.status_code, said in answer.text) == (status, True), path
    word = [("file", ("a.wps", b"x"))]
    assert "另存为 .docx" in office.submit(f"{BASE}/word", files=word).text
    assert office.request("PUT", BASE).status_code == 405
    assert office.get(f"{BASE}/freeze").url.path == f"{BASE}/final", "there is nothing to confirm"


def test_the_office_invites_and_the_invited_choose_a_name_and_a_password(office: Client) -> None:
    for role, agency, unit in (("clerk", AGENCY, "市场监督管理局"), ("office", "", "政务公开办")):
        page = office.submit("/accounts/invite", data={"role": role, "agency": agency}).text
        link = page.split(f"{COUNTY}/invitation/")[1].split("<")[0].split('"')[0]
        invited = visitor_of(office)
        assert unit in invited.get(f"/invitation/{link}").text
        taken = {"login": "office", "person": "某某", "password": PASSWORD, "again": PASSWORD}
        answer = invited.submit(f"/invitation/{link}", data=taken)
        assert (answer.status_code, "已经有人用了" in answer.text) == (400, True)
        answer = invited.submit(f"/invitation/{link}", data=taken | {"login": f"new-{role}"})
        assert answer.status_code == 200
    for login, person, password, again, said in (
        ("甲", "某某", PASSWORD, PASSWORD, "用户名用2至40个"),
        ("clerk", "", PASSWORD, PASSWORD, "请写姓名"),
        ("clerk", "某某", "短", "短", "密码至少"),
        ("clerk", "某某", "aaaabbbbaaaabbbb", "aaaabbbbaaaabbbb", "密码太简单"),
        ("春风又绿", "某某", PASSWORD, PASSWORD, "密码太简单"),
        ("clerk", "某某", PASSWORD, PASSWORD + "x", "不一样"),
    ):
        assert said in fault_of(login, person, password, again)
    assert fault_of("clerk", "某某", PASSWORD, PASSWORD) == ""


def test_a_file_is_taken_where_it_belongs_and_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    for found, name, wanted in (
        (Recognised("report", year=YEAR - 1), "a.pdf", Upload(what="2023年的年报", published=True)),
        (Recognised("report", year=YEAR), "a.pdf", "是本年的报告"),
        (Recognised("report", year=2019), "a.pdf", "是2019年的年报；这里收本年的台账"),
        (Recognised("report"), "a.pdf", "看不出是哪一年的年报"),
        (Recognised("workbook", year=2019), "a.xlsx", "是2019年的填报表，这里收2024年的"),
        (Recognised("workbook", code="other", agency="某局"), "a.xlsx", "某局（other）"),
        (Recognised("picture"), "a.png", Upload("a.png", "图片")),
        (Recognised("picture"), "a?.png", "文件名"),
        (Recognised("narrative"), "a.md", Upload("narrative.md", "正文")),
    ):
        monkeypatch.setattr(intake, "recognise_file", lambda *_, found=found: found)
        upload = recognise(name, b"", AGENCY, YEAR)
        assert wanted == upload if isinstance(wanted, Upload) else wanted in upload.refused, name
    monkeypatch.setattr(intake, "MAX_BYTES", 1)
    assert "文件太大" in recognise("a.xlsx", b"xx", AGENCY, YEAR).refused
    monkeypatch.undo()
    assert intake._replaced(root / "none", Upload("a.csv")) == []


def test_a_published_report_is_imported_or_the_reason_told(
    monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    class Imported:
        def lines(self) -> Iterator[str]:
            yield "表三：24格"

    again = Taken("a.pdf", refused="已经有2023年的数据，没有重复导入")
    for done, wanted in (
        (Imported, Taken("a.pdf", "2023年的年报", lines=("表三：24格",))),
        (lambda: refuse(InputError("没有表三")), Taken("a.pdf", refused="没有表三")),
        (lambda: refuse(UsageError("已有")), again),
    ):  # fmt: skip
        monkeypatch.setattr(intake, "import_report", lambda *_, done=done: done())
        assert intake._import(root, AGENCY, YEAR, "../a.pdf", b"x") == replace(
            wanted, name="../a.pdf"
        )


def test_words_that_cannot_stand_are_refused_before_anything_is_written(root: Path) -> None:
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file() and "data" in p.parts}
    for text, error, said in (
        ("字" * (LONGEST + 1), UsageError, "太长"),
        ("## 另一节\n无。", NarrativeError, "第1行不能以“##”开头"),
        ("", UsageError, "每一节都要有文字"),
    ):
        with pytest.raises(error, match=said):
            save_section(root, AGENCY, YEAR, "other", "", text)
    with pytest.raises(UsageError, match="理由太长"):
        write_reason(root, AGENCY, YEAR, "B1-1", "字" * (LONGEST_REASON + 1))
    assert {p: p.read_bytes() for p in before} == before


def test_the_program_shows_its_address_to_this_machines_person_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], office: Client
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="请用 --port 另选一个"):
            open_socket(Settings(tmp_path, port=taken.getsockname()[1]))
    settings = Settings(tmp_path)
    settings.folder.mkdir()
    assert _leading_file(settings, "http://a/?b&c").startswith("file://")
    page = settings.folder / "open.html"
    assert "http://a/?b&amp;c" in page.read_text("utf-8")
    assert page.stat().st_mode & 0o077 == 0
    _tell_first(office.desk)
    assert capsys.readouterr().out == "", "somebody has an account"


def test_what_came_of_a_word_file_is_told_line_by_line() -> None:
    conflict = PulledSection("other", "六、其他需要报告的事项", "report.docx", conflicts=2)
    emptied = PulledSection("other", "六、其他需要报告的事项", "report.docx", emptied=True)
    remark = Remark("other", "六、其他", "局长", "一句话", "请核实")
    lines = tuple(merged_lines(Pulled((conflict, emptied), (remark,))))
    assert "有2处两边都改过" in lines[1]
    assert "文字全部删去了，没有并入" in lines[2]
    assert lines[3] == "批注（局长，“六、其他”）“一句话”：请核实"


def test_days_and_sizes_are_said_in_words() -> None:
    assert [days_words(days) for days in (12, 0, -3)] == ["还有12天", "今天到期", "已逾期3天"]
    assert [size_words(size) for size in (2_300_000, 1_000_000, 900)] == [
        "2.3 MB",
        "1.0 MB",
        "1 KB",
    ]
    assert legal_deadline("department", YEAR, "01-20") == date(YEAR + 1, 1, 20)


def test_the_oldest_versions_give_way_and_the_newest_never(tmp_path: Path) -> None:
    settings = Settings(tmp_path, limits=DeskLimits(kept_files=2, kept_bytes=5))
    settings.folder.mkdir()
    versions = Versions(settings, Store(settings.folder))
    for data in (b"1", b"22", b"333", b"4" * 9):
        versions.keep(AGENCY, YEAR, "upload", Source("a.csv", data), "某某")
    (kept,) = versions.listed(AGENCY, YEAR)
    assert versions.read(kept) == b"4" * 9
    assert len([p for p in settings.folder.rglob("*") if p.is_file() and len(p.name) == 64]) == 1


class Pool:
    """A pool whose process dies, or never answers."""

    def __init__(self, problem: Exception) -> None:
        self.problem, self._processes = problem, {}

    def submit(self, *_: object) -> Pool:
        if isinstance(self.problem, BrokenProcessPool):
            raise self.problem
        return self

    def result(self, seconds: float) -> object:
        raise self.problem

    def shutdown(self, **_: object) -> None:
        """It has nothing to end."""


def test_a_process_that_dies_twice_or_takes_too_long_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for problem, said, begun in ((BrokenProcessPool(), "启动不了", 3), (TimeoutError(), SLOW, 2)):
        opened: list[Pool] = []

        def start(self: Workers, problem: Exception = problem, opened: list[Pool] = opened) -> Pool:
            opened.append(Pool(problem))
            return opened[-1]

        monkeypatch.setattr(Workers, "_open", start)
        with pytest.raises(ExecutionError, match=said):
            Workers(1).ask(AGENCY, len, "x")
        assert len(opened) == begun, "each time a new one"
    monkeypatch.setattr(Pool, "submit", lambda self, *_: self)
    monkeypatch.setattr(Workers, "_open", lambda self: Pool(BrokenProcessPool()))
    with pytest.raises(ExecutionError, match=DIED):
        Workers(1).ask(AGENCY, len, "x")


def test_what_is_no_finished_set_is_not_compared(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("output/report.json", "{}")
    for kept in (b"no archive", stream.getvalue()):
        with pytest.raises(UsageError, match="还没有可以比较的报告"):
            compare_with_frozen(tmp_path, AGENCY, YEAR, kept)


def test_a_desk_without_an_account_shows_the_link_to_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[str] = []

    def serve(_: object, sockets: list[socket.socket]) -> None:
        served.append(sockets[0].getsockname()[0])
        sockets[0].close()

    monkeypatch.setattr(app.uvicorn.Server, "run", serve)
    opened: list[str] = []
    monkeypatch.setattr(app.webbrowser, "open", opened.append)
    monkeypatch.setattr(app.threading, "Timer", lambda _, do, given: Now(do, given))
    app.run_desk(Settings(copy_project(tmp_path, AGENCY), port=0, site=COUNTY))
    said = capsys.readouterr().out
    assert f"请在浏览器中打开：{COUNTY}/ " in said
    assert f"  {COUNTY}/invitation/" in said
    app.run_desk(Settings(tmp_path, port=0), browser=False)
    assert opened == []
    app.run_desk(Settings(tmp_path, port=0), f"agency/{AGENCY}/{YEAR}/preview")
    assert f"?to=agency/{AGENCY}/{YEAR}/preview" in capsys.readouterr().out
    assert [Path(page.removeprefix("file://")).name for page in opened] == ["open.html"]
    assert served == ["127.0.0.1"] * 3


class Now:
    """A timer that does not wait."""

    def __init__(self, do: Callable[..., object], given: list[object]) -> None:
        self.start = lambda: do(*given)


def test_a_report_or_a_batch_that_is_at_work_is_not_begun_twice(tmp_path: Path) -> None:
    ends: list[str] = []
    builds = Builds(tmp_path, DeskLimits(), lambda *_: None, lambda _, why: ends.append(why))
    builds._builds[AGENCY, YEAR] = Build("running")
    builds._batch = Batch(YEAR)
    assert not builds.start(AGENCY, YEAR, BuildOptions())
    assert not builds.start_batch(YEAR)
    builds._make = lambda job: refuse(UsageError("没有字体"))  # type: ignore[assignment]
    builds._run(Job(tmp_path, AGENCY, YEAR))
    build = builds.find(AGENCY, YEAR)
    assert build is not None
    assert (build.phase, build.lines) == ("failed", ("没有字体",))


def refuse(error: BaseException) -> NoReturn:
    raise error


def test_the_last_word_of_a_batch_is_what_stopped_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    class Writer:
        send = staticmethod(sent.append)

    for error in (UsageError("没有报告"), ValueError("x"), BrokenPipeError()):
        monkeypatch.setattr(builds_, "stand_back", lambda _: None)
        monkeypatch.setattr(builds_, "choose_reports", lambda *_, error=error: refuse(error))
        builds_._make_all(tmp_path, YEAR, BatchOptions(), 0, Writer())  # type: ignore[arg-type]
    assert sent == ["没有报告", "程序出错：ValueError：x"], "who has hung up is told nothing"


def test_what_the_notice_asks_stands_in_the_list(office: Client) -> None:
    standing = office.desk.standing(AGENCY, YEAR)
    point = {"asks": "培训次数", "section": "overview", "signs": ["培训"]}
    notice = Notice.model_validate({
        "title": "通知", "number": "〔2025〕1号", "issuer": "示例县政务公开办", "source": "x",
        "limits": [{"section": "overview", "most": 100}], "points": [point],
        "reminders": ["报送纸质件"],
    })  # fmt: skip
    asked = Checklist(
        notice,
        (CheckedPoint(notice.points[0]),
         CheckedPoint(notice.points[0].model_copy(update={"offer": "培训{{ 培训 }}次"}), "a", "b")),
        (CheckedLimit(notice.limits[0], 120),),
    )  # fmt: skip
    digest = replace(standing.digest, checklist=asked)
    items = checklist(replace(standing, digest=digest), ReportState.READY, date(2025, 1, 1))[-5:-1]
    assert [(item.text, item.is_done, item.how) for item in items] == [
        ("“总体情况”等部分不超过100字", False, "现有120字，请精简"),
        ("写明培训次数", False, "到“写正文”补写"),
        ("写明培训次数", True, "可写：培训{{ 培训 }}次"),
        ("请核对：报送纸质件", None, ""),
    ]
    assert asked.tally == "1/2"


def test_a_draft_or_an_edited_set_is_no_finished_step(office: Client) -> None:
    known = office.desk.standing(AGENCY, YEAR)
    for made, state, slug, word in (
        (Finished(("report.docx",), True, "", (), ""), ReportState.FAULTY, "report", "只有草稿"),
        (
            Finished(("report.docx",), False, "", ("report.docx",), ""), ReportState.CHANGED,
            "word", "有修改没有并入",
        ),
        (
            Finished((), False, "数据有改动", (), ""), ReportState.CHANGED,
            "report", "改过，要重新生成",
        ),
    ):  # fmt: skip
        step = list_steps(replace(known, finished=made), state, None)[SLUGS.index(slug)]
        assert (step.word, step.is_done) == (word, False)


def test_a_text_is_shown_as_it_stands_when_it_cannot_be_cut() -> None:
    assert [piece.text for piece in cut_text("全年{{ 坏 ", {})] == ["全年{{ 坏 "]
    section = SectionView("other", "六", "无。", True, (), "")
    assert section.with_text("无。", {}) is section
    assert section.with_text("有。", {}).pieces[0].text == "有。"


def test_a_project_without_a_report_begins_with_the_first_unit(tmp_path: Path) -> None:
    for folder in ("params", "data"):
        (tmp_path / folder).mkdir()
    with open_desk(tmp_path, COUNTY) as empty:
        join(empty, AccountRole.OFFICE, "", "office")
        assert "机关代码" in empty.get("/").text


def test_a_value_of_the_form_is_written_as_its_place_wants_it() -> None:
    for key, value, in_file, in_cell in (
        ("signature", "true", True, "是"), ("signature", "false", False, "否"),
        ("signature", "", None, ""), ("until", "2026", 2026, "2026"),
        ("name", "某局", "某局", "某局"),
        ("report_date", "2025-01-20", "2025-01-20", "2025年1月20日"),
        ("kind", "department", "department", "政府部门"),
    ):  # fmt: skip
        assert profile._for_file(key, value) == in_file, key
        assert profile._for_cell(key, value) == in_cell, key


def test_an_items_paragraphs_are_looked_for_one_by_one() -> None:
    tree = lxml.html.document_fromstring(
        "<ul id='other'><li><p>甲。</p><p>乙。</p></li><li>丙<ol><li>丁</li></ol></li></ul>"
    )
    blocks = list(page_marks._sections(tree))
    assert [element.tag for _, element in blocks] == ["p", "p", "li", "li"]
    texts = ["".join(c.sign for c in page_marks._characters(block)) for _, block in blocks]
    assert texts == ["甲。", "乙。", "丙", "丁"]
