"""Every route with another bureau's session: nothing of the other bureau may come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from tests.desk.desks import COUNTY, Client, open_desk, visitor_of
from tests.projects import copy_project

from nianbao.desk.access import AccountRole, new_token
from nianbao.files.sources import Source
from nianbao.finished.folder import report_folder

OWN, OTHER = "shili-scjgj", "shili-zrzyj"
PASSWORD = "春风又绿江南岸2024"
SECRET = "只有自然资源局知道的一句话"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_project(tmp_path_factory.mktemp("county"), OWN, OTHER)
    narrative = root / f"data/{OTHER}/2024/narrative.md"
    narrative.write_text(narrative.read_text("utf-8") + f"\n{SECRET}。\n", "utf-8")
    folder = report_folder(root, OTHER, 2024)
    folder.mkdir(parents=True)
    (folder / "report.html").write_text(SECRET, "utf-8")
    return root


@pytest.fixture(scope="module")
def office(root: Path) -> Iterator[Client]:
    with open_desk(root, COUNTY) as client:
        client.desk.versions.keep(OTHER, 2024, "upload", Source("a.csv", SECRET.encode()), "他人")
        join(client, AccountRole.OFFICE, "", "office")
        yield client


def join(client: Client, role: AccountRole, agency: str, login: str) -> None:
    """Take up an invitation with this client."""
    token = new_token()
    client.desk.store.invite(token, role, agency, 1)
    chosen = {"person": "某某", "login": login, "password": PASSWORD, "again": PASSWORD}
    answer = client.submit(f"/invitation/{token}", data=chosen)
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def clerk(office: Client) -> Client:
    client = visitor_of(office)
    join(client, AccountRole.CLERK, OWN, "clerk")
    return client


def routes(client: Client) -> list[tuple[str, str]]:
    """Every method and path of the application, filled in for the other bureau."""
    values = {
        "agency": OTHER, "year:int": "2024", "name": "report.html", "section": "other",
        "number:int": "1", "token": "x", "key": "x",
    }  # fmt: skip
    found = []
    for route in client.app.routes:  # type: ignore[attr-defined]
        if isinstance(route, Mount) and route.path == "/static":
            assert isinstance(route.app, StaticFiles)  # nobody's, and the same for all
            continue
        assert isinstance(route, Route), f"the test does not know how to ask for {route}"
        path = route.path
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, f"the test does not know how to ask for {path}"
        found += [(method, path) for method in (route.methods or ()) if method != "HEAD"]
    return found


def test_the_own_report_is_open(clerk: Client) -> None:
    assert clerk.get("/").url.path == f"/agency/{OWN}/2024"
    assert clerk.get(f"/agency/{OWN}/2024/texts").status_code == 200


def test_no_route_gives_or_takes_anything_of_another_bureau(clerk: Client, root: Path) -> None:
    before = {p: p.read_bytes() for p in root.glob(f"data/{OTHER}/**/*") if p.is_file()}
    versions = clerk.desk.store.versions(OTHER, 2024)
    of_agency = 0
    for method, path in routes(clerk):
        files = [("files", ("figures.csv", b"x")), ("file", ("a.docx", b"x"))]
        data = {
            "csrf": clerk.token(),
            "text": "改",
            "base": "",
            "key": "Y2-495a58d5",
            "reason": "x",
        }
        sent = {"data": data, "files": files} if method == "POST" and "events" not in path else {}
        if path == "/logout":
            continue
        answer = clerk.request(method, path, follow_redirects=False, **sent)  # type: ignore[arg-type]
        assert SECRET not in answer.text, path
        if f"/agency/{OTHER}/" in path or path.endswith(f"/{OTHER}"):
            of_agency += 1
            assert answer.status_code == 404, (method, path, answer.status_code)
            # The same answer as for a bureau that is not there at all.
            nobody = clerk.request(
                method,
                path.replace(OTHER, "nobody"),
                follow_redirects=False,
                **sent,  # type: ignore[arg-type]
            )
            assert nobody.status_code == 404
    assert of_agency >= 20
    assert {p: p.read_bytes() for p in root.glob(f"data/{OTHER}/**/*") if p.is_file()} == before
    assert clerk.desk.store.versions(OTHER, 2024) == versions
    assert clerk.desk.store.journal(OTHER, 2024) == []


def test_a_version_of_another_bureau_is_not_found_under_the_own_address(clerk: Client) -> None:
    number = clerk.desk.store.versions(OTHER, 2024)[0].id
    for end in ("", "/compare"):
        assert SECRET not in clerk.get(f"/agency/{OWN}/2024/versions/{number}{end}").text


def test_without_a_session_there_is_only_the_page_to_log_in(office: Client) -> None:
    stranger = visitor_of(office)
    for method, path in routes(office):
        if path in {"/login", "/logout"} or path.startswith(("/invitation", "/enter")):
            continue
        data = {"csrf": stranger.token()} if method == "POST" else None
        answer = stranger.request(method, path, data=data, follow_redirects=False)
        wanted = (303, "/login") if method == "GET" else (404, None)
        assert (answer.status_code, answer.headers.get("location")) == wanted, path
        assert SECRET not in answer.text


def test_the_board_is_the_offices_alone(clerk: Client, office: Client) -> None:
    for path in ("/county/2024", "/county/2024/all.zip", "/accounts", "/journal", "/journal.csv"):
        assert clerk.get(path).status_code == 404
    assert office.get("/county/2024").status_code == 200


def test_a_unit_is_added_by_the_office_alone(clerk: Client, office: Client, root: Path) -> None:
    asked = {"code": "shili-swj", "name": "示例县水务局", "kind": "department"}
    new = root / "params/shili-swj"
    for visitor in (clerk, visitor_of(office)):
        assert visitor.submit("/county/2024/new", data=asked).status_code == 404
    assert office.post("/county/2024/new", data=asked).status_code == 403  # no token
    taken = office.desk.contact(OTHER, 2024).name
    wrong = (
        {"code": OTHER}, {"code": "../x"}, {"code": "con"}, {"name": taken}, {"name": ""},
        {"name": "甲\n乙"}, {"kind": "bureau"},
    )  # fmt: skip
    for change in wrong:
        assert office.submit("/county/2024/new", data=asked | change).status_code == 422, change
        assert not new.exists()
    answer = office.submit("/county/2024/new", data=asked)
    assert (answer.status_code, answer.url.path) == (200, "/agency/shili-swj/2024")
    assert "示例县水务局" in office.get("/county/2024").text
    assert office.get("/agency/shili-swj/2024/workbook.xlsx").content.startswith(b"PK")
    assert clerk.get("/agency/shili-swj/2024").status_code == 404
    assert "没有这一页" in clerk.get("/no/such/page").text
    assert office.submit("/county/2024/new", data=asked).status_code == 422, "it is there now"


def test_the_office_hands_a_report_back_until_it_is_frozen_anew(
    clerk: Client, office: Client
) -> None:
    back, why = f"/agency/{OWN}/2024/hand-back", "表三结转一行请再核"
    assert clerk.submit(back, data={"why": why}).status_code == 404
    for words in (" ", "改" * 501):
        assert office.submit(back, data={"why": words}).status_code == 422
    assert office.submit(back, data={"why": f"{why}\n"}).status_code == 200
    for step in ("hand-in", "final"):
        assert f"：{why}</p>" in clerk.get(f"/agency/{OWN}/2024/{step}").text
    assert why not in office.get(f"/agency/{OTHER}/2024").text
    assert "已退回" in office.get("/county/2024/rows").text
    assert f"已退回修改（{why}）" in office.get("/county/2024/reminder").text
    office.desk.store.note("甲", OWN, 2024, "定稿（仍有1项未办，已确认）")
    assert why not in office.get("/county/2024/reminder").text
    assert office.desk.store.handed_back(2024) == {}


def test_a_reviewer_reads_and_signs_and_does_not_write(office: Client) -> None:
    reviewer = visitor_of(office)
    join(reviewer, AccountRole.REVIEWER, OWN, "reviewer")
    base = f"/agency/{OWN}/2024"
    assert reviewer.get(f"{base}/texts").status_code == 200
    assert "交上去" not in reviewer.get(f"{base}/hand-in").text
    for path in ("/hand-in", "/texts/other", "/build"):
        assert reviewer.submit(base + path, data={"text": "改"}).status_code == 404
    assert reviewer.submit(f"{base}/freeze").status_code == 422  # may, but nothing is made yet


def test_an_account_that_is_shut_out_is_out_at_once(office: Client) -> None:
    leaver = visitor_of(office)
    join(leaver, AccountRole.CLERK, OWN, "leaver")
    assert leaver.get(f"/agency/{OWN}/2024").status_code == 200
    number = next(a.id for a in office.desk.store.accounts() if a.login == "leaver")
    office.submit("/accounts/active", data={"account": str(number), "active": "0"})
    gone = leaver.get(f"/agency/{OWN}/2024", follow_redirects=False)
    assert gone.headers["location"] == "/login"


def test_on_ones_own_machine_only_the_browser_that_the_program_opened_is_let_in(
    root: Path,
) -> None:
    with open_desk(root) as own:
        assert own.get(f"/agency/{OTHER}/2024/texts").status_code == 200
        stranger = visitor_of(own)
        for method, path in routes(own):
            if path in {"/login", "/logout"}:
                continue
            data = {"csrf": stranger.token()} if method == "POST" else None
            answer = stranger.request(method, path, data=data, follow_redirects=False)
            assert answer.status_code in {303, 404, 410}, (method, path)
            assert answer.headers.get("location", "/login") == "/login"
            assert SECRET not in answer.text
        guessed = visitor_of(own)
        guessed.cookies.set("nianbao", own.desk.key, domain="127.0.0.1")
        assert guessed.get("/journal", follow_redirects=False).status_code == 303
        page = f"agency/{OTHER}/2024/preview"
        for asked, led in ((page, f"/{page}"), ("//evil.example", "/"), ("../etc", "/")):
            answer = visitor_of(own).get(
                f"/enter/{own.desk.key}", params={"to": asked}, follow_redirects=False
            )
            assert answer.headers["location"] == led


def test_only_names_of_the_finished_set_are_served(clerk: Client, root: Path) -> None:
    folder = report_folder(root, OWN, 2024)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (".lock", "notes.txt", "secret.html"):
        (folder / name).write_text(SECRET, "utf-8")
    for name in (".lock", "notes.txt", "secret.html", "a%00b", "x" * 5000, "%2e%2e", "~$a.docx"):
        answer = clerk.get(f"/agency/{OWN}/2024/files/{name}")
        assert answer.status_code == 404, name
        assert SECRET not in answer.text


def test_a_name_in_a_ledger_is_quoted_to_the_bureau_alone(tmp_path: Path) -> None:
    name, base = "钱十五娘", f"/agency/{OTHER}/2024"
    folder = copy_project(tmp_path, OTHER) / f"data/{OTHER}/2024"
    (folder / "requests.xlsx").unlink()
    row = f"2024-1,2024-03-05,{name},予以公开,2024-03-20"
    head = "登记号,收到日期,申请人类型,办理结果,答复日期"
    (folder / "requests.csv").write_text(f"{head}\n{row}\n", "utf-8")
    pages = (base, *(f"{base}/{page}" for page in (
        "hand-in", "texts", "report", "page", "preview", "final", "word", "workbook",
        "workbook.xlsx", "source?fact=新收申请", "facts?q=新收", "review", "about",
    )))  # fmt: skip
    with open_desk(tmp_path, COUNTY) as office:
        join(office, AccountRole.OFFICE, "", "office")
        seen = "".join(office.get(page).text for page in ("/county/2024", "/journal", *pages))
        clerk, reviewer = visitor_of(office), visitor_of(office)
        join(clerk, AccountRole.CLERK, OTHER, "clerk")
        join(reviewer, AccountRole.REVIEWER, OTHER, "reviewer")
        assert name in clerk.get(f"{base}/hand-in").text
        seen += "".join(reviewer.get(page).text for page in pages)
        assert name not in seen
        assert "requests.csv 第2行“申请人类型”列：申请人类型不能识别" in seen, (
            "where it is, is told"
        )


def test_a_reviewer_sees_what_changed_since_she_looked(tmp_path: Path) -> None:
    root = copy_project(tmp_path / "p", OTHER)
    base = f"/agency/{OTHER}/2024"
    with open_desk(root, COUNTY) as clerk:
        join(clerk, AccountRole.CLERK, OTHER, "clerk")
        reviewer = visitor_of(clerk)
        join(reviewer, AccountRole.REVIEWER, OTHER, "reviewer")
        assert "没有可以看的" in reviewer.submit(f"{base}/seen").text, "nothing is made yet"
        assert "看过" not in clerk.get(base).text, "a clerk does not read her own report over"

        clerk.submit(f"{base}/build")
        assert clerk.waited(OTHER, 2024) == "built"
        assert "您还没有看过这份报告" in reviewer.get(base).text
        reviewer.submit(f"{base}/seen")
        for page in (base, f"{base}/report"):
            assert "以后没有改动" in reviewer.get(page).text

        said = root / "data" / OTHER / "2024" / "narrative.md"
        said.write_text(
            said.read_text("utf-8").replace("征地信息查找不便", "征地信息不好找"), "utf-8"
        )
        figures = root / "data" / OTHER / "2024" / "decisions.csv"
        figures.write_bytes(figures.read_bytes().replace(b",29,", b",30,"))
        clerk.submit(f"{base}/build")
        assert clerk.waited(OTHER, 2024) == "built"
        page = reviewer.get(base).text
        assert "又重新生成过" in page
        assert ">新</span>" in page
        number = clerk.desk.store.versions(OTHER, 2024, "seen")[0].id
        changes = reviewer.get(f"{base}/versions/{number}/compare").text
        for change in ("<ins>", ">29</td>", ">30</td>"):
            assert change in changes
        assert "看过的一稿" not in reviewer.get(f"{base}/final").text
