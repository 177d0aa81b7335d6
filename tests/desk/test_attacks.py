"""The usual attacks: each is refused, and nothing is left of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from argon2 import PasswordHasher
from tests.desk.desks import COUNTY, Client, open_desk, visitor_of
from tests.desk.test_isolation import PASSWORD, join
from tests.projects import copy_project

from nianbao.desk.access import MOST_ATTEMPTS, AccountRole, check_password, hash_password
from nianbao.desk.guard import PAGE_POLICY
from nianbao.desk.settings import Settings
from nianbao.desk.visit import COOKIE

AGENCY = "shili-scjgj"
BASE = f"/agency/{AGENCY}/2024"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("county"), AGENCY)


@pytest.fixture(scope="module")
def clerk(root: Path) -> Iterator[Client]:
    with open_desk(root, COUNTY) as client:
        join(client, AccountRole.CLERK, AGENCY, "clerk")
        yield client


def test_a_form_without_its_token_does_nothing(clerk: Client) -> None:
    before = clerk.desk.store.journal(AGENCY, 2024)
    for token in ("", "0" * 64, visitor_of(clerk).token()):
        assert clerk.post(f"{BASE}/build", data={"csrf": token}).status_code == 403
    assert clerk.desk.builds.find(AGENCY, 2024) is None
    assert clerk.desk.store.journal(AGENCY, 2024) == before


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
def test_a_form_of_another_site_is_refused(clerk: Client, headers: dict[str, str]) -> None:
    data = {"csrf": clerk.token()}
    assert clerk.post(f"{BASE}/build", data=data, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "desk.example.evil.example", "", "desk.example@evil"]
)
def test_another_host_is_refused(clerk: Client, host: str) -> None:
    answer = clerk.get("/login", headers={"Host": host})
    assert answer.status_code == 421
    assert "evil" not in answer.text


def test_on_loopback_only_this_machines_names_are_served() -> None:
    local = Settings(Path("project"))
    assert all(local.serves(host) for host in ("127.0.0.1:8765", "localhost:8765"))
    others = ("127.0.0.1", "evil.example:8765", "10.0.0.5:8765", "[::1", "127.0.0.1:1")
    assert not any(local.serves(host) for host in others)
    open_to_all = replace(local, host="0.0.0.0")
    assert open_to_all.serves("10.0.0.5:8765")
    assert not open_to_all.serves("evil.example:8765")


def test_no_path_leads_out_of_a_folder(clerk: Client, root: Path) -> None:
    (root / "secret.txt").write_text("秘密", "utf-8")
    for name in (
        "..%2f..%2f..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "....//secret.txt",
        "C:\\secret.txt",
    ):
        for base in (f"{BASE}/files", "/static", "/agency"):
            answer = clerk.get(f"{base}/{name}")
            assert answer.status_code in {404, 421}, name
            assert "秘密" not in answer.text


def test_the_name_of_an_upload_is_no_path(clerk: Client, root: Path) -> None:
    names = (
        "../../../evil.csv",
        "..\\..\\figures.csv",
        "/etc/figures.csv",
        "a\x00.csv",
        "x" * 300 + ".csv",
    )

    def files() -> set[str]:
        """List the project's files but for the desk's own and for locks, which are empty."""
        found = (p for p in root.rglob("*") if p.is_file() and p.suffix != ".lock")
        return {p.relative_to(root).as_posix() for p in found if "/desk/" not in p.as_posix()}

    before = files()
    sent = [("files", (name, "名称,数值,单位,说明\n".encode())) for name in names]
    assert clerk.submit(f"{BASE}/hand-in", files=sent).status_code == 200
    assert files() - before <= {f"data/{AGENCY}/2024/figures.csv"}
    (root / f"data/{AGENCY}/2024/figures.csv").unlink(missing_ok=True)


def bomb(size: int) -> bytes:
    """An archive that says what a workbook says and unpacks to much more."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(size // 1_000_000):
                part.write(b"0" * 1_000_000)
    return stream.getvalue()


def test_a_zip_bomb_is_not_unpacked(clerk: Client, root: Path) -> None:
    data = bomb(400_000_000)
    sent = [("files", (f"填报表{end}", data)) for end in (".xlsx", ".docx")]
    answer = clerk.submit(f"{BASE}/hand-in", files=sent)
    assert answer.text.count("没有收下") == 2
    assert "太大" in answer.text


def test_too_much_is_refused_before_it_is_read(clerk: Client) -> None:
    limits = clerk.desk.settings.limits
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    large = clerk.post("/login", content=b"a" * (limits.form_bytes + 1), headers=headers)
    assert large.status_code == 413
    parts = (b"a" * 1_000_000 for _ in range(limits.form_bytes // 1_000_000 + 2))
    assert clerk.post("/login", content=parts, headers=headers).status_code == 413  # type: ignore[arg-type]
    many = [("files", (f"{i}.csv", b"")) for i in range(limits.files + 1)]
    assert clerk.submit(f"{BASE}/hand-in", files=many).status_code == 400


def test_a_notebook_is_not_taken(clerk: Client, root: Path) -> None:
    answer = clerk.submit(f"{BASE}/hand-in", files=[("files", ("report.ipynb", b"{}"))])
    assert "不接收笔记本" in answer.text
    assert list(root.rglob("*.ipynb")) == [root / "notebooks/report.ipynb"]


def test_markup_in_names_cells_and_texts_is_text(clerk: Client, root: Path) -> None:
    rows = f"名称,数值,单位,说明\n{SCRIPT},1,{SCRIPT},{SCRIPT}\n"
    sent = [("files", (f"{SCRIPT}.csv", b"x")), ("files", ("其他数据.csv", rows.encode()))]
    pages = [clerk.submit(f"{BASE}/hand-in", files=sent).text]
    text = f"{SCRIPT}<img src=x onerror=alert(1)>"
    clerk.submit(f"{BASE}/texts/other", data={"base": "", "text": text, "how": "mine"})
    steps = (
        "",
        "/hand-in",
        "/texts?section=other",
        "/page",
        "/preview",
        "/final",
        "/facts?q=script",
    )
    pages += [clerk.get(BASE + step).text for step in steps]
    for page in pages:
        tree = lxml.html.document_fromstring(page)
        assert tree.xpath("//script[not(@src)] | //@*[starts-with(name(), 'on')]") == []
    (root / f"data/{AGENCY}/2024/figures.csv").unlink(missing_ok=True)


def test_every_answer_stands_under_a_policy_without_inline_scripts(clerk: Client) -> None:
    for path in ("/login", BASE, f"{BASE}/texts", f"{BASE}/page", "/nothing", "/static/desk.js"):
        headers = clerk.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        script = re.search(r"script-src ([^;]+)", policy)
        assert script is None or script[1] == "'self'"
        assert headers["x-content-type-options"] == "nosniff"
    assert "'unsafe" not in PAGE_POLICY
    page = clerk.get(f"{BASE}/texts").text
    assert not re.search(r"\sstyle=|\son\w+=|<script(?! src=)|(?:src|href|action)=.https?:", page)


def test_a_session_that_was_brought_along_is_not_the_one_after_the_login(clerk: Client) -> None:
    victim = visitor_of(clerk)
    victim.cookies.set(COOKIE, "fixed-by-an-attacker", domain="desk.example")
    victim.submit("/login", data={"login": "clerk", "password": PASSWORD})
    assert victim.get(BASE).status_code == 200
    attacker = visitor_of(clerk)
    attacker.cookies.set(COOKIE, "fixed-by-an-attacker", domain="desk.example")
    assert attacker.get(BASE, follow_redirects=False).headers["location"] == "/login"


def test_a_session_ends_with_the_logout(clerk: Client) -> None:
    client = visitor_of(clerk)
    client.submit("/login", data={"login": "clerk", "password": PASSWORD})
    session = client.cookies[COOKIE]
    client.submit("/logout")
    again = visitor_of(clerk)
    again.cookies.set(COOKIE, session, domain="desk.example")
    assert again.get(BASE, follow_redirects=False).headers["location"] == "/login"


def test_cookies_are_kept_from_scripts_and_other_sites(clerk: Client) -> None:
    given = visitor_of(clerk).get("/login").headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in given.split(";")}
    assert Settings(Path("project"), site="https://desk.example").is_secure


def test_passwords_cannot_be_guessed_in_a_row(clerk: Client) -> None:
    guesser = visitor_of(clerk)
    said = [
        guesser.submit("/login", data={"login": "nobody", "password": f"guess-{i}"}).status_code
        for i in range(MOST_ATTEMPTS + 1)
    ]
    assert said == [401] * MOST_ATTEMPTS + [429]


def test_a_hash_is_as_hard_as_argon2_recommends(
    real_hasher: Callable[[], PasswordHasher],
) -> None:
    assert real_hasher().hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_a_password_is_stored_as_its_hash_alone(root: Path, clerk: Client) -> None:
    stored = hash_password(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert check_password(stored, PASSWORD)
    assert not check_password(stored, PASSWORD + "x")
    assert not check_password(None, PASSWORD)
    for file in (root / "desk").glob("desk.sqlite*"):
        data = file.read_bytes()
        assert PASSWORD.encode() not in data
        assert clerk.cookies[COOKIE].encode() not in data


def test_an_invitation_is_good_for_one_account(clerk: Client) -> None:
    clerk.desk.store.invite("once-only", AccountRole.CLERK, AGENCY, 1)
    chosen = {"person": "甲", "login": "jia", "password": PASSWORD, "again": PASSWORD}
    assert visitor_of(clerk).submit("/invitation/once-only", data=chosen).status_code == 200
    chosen["login"] = "yi"
    assert visitor_of(clerk).submit("/invitation/once-only", data=chosen).status_code == 410
    clerk.desk.store.invite("too-late", AccountRole.CLERK, AGENCY, -1)
    assert visitor_of(clerk).get("/invitation/too-late").status_code == 410


def test_the_exported_journal_holds_no_formula(clerk: Client) -> None:
    clerk.desk.store.note("=HYPERLINK(1)", AGENCY, 2024, "+A1")
    office = visitor_of(clerk)
    join(office, AccountRole.OFFICE, "", "office")
    table = office.get("/journal.csv").content.decode("utf-8-sig")
    assert not re.search(r"(?m)(^|,)[=+@-]", table)
