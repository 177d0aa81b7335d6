"""Logging in, invitations and the journal; on one's own machine nobody needs an account."""

from __future__ import annotations

import csv
import hmac
import io
import re

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from nianbao.desk.access import (
    INVITED_DAYS,
    AccountRole,
    Need,
    check_password,
    fault_of,
    hash_password,
    is_throttled,
    new_token,
)
from nianbao.desk.routes.report import download
from nianbao.desk.service import Desk
from nianbao.desk.visit import HOURS, LOCAL_HOURS, NOT_HERE, Visit, door, set_session
from nianbao.errors import printable
from nianbao.files.writing import spreadsheet_text
from nianbao.inputs.project import FIRST_YEAR

MOST_LINES = 100_000
ONLY_FROM_THE_PROGRAM = (
    "为了不让这台电脑上的其他用户看到，要从程序窗口里给出的网址进入；窗口已经关掉的，请重新打开程序"
)
_PAGE = re.compile(r"agency/[a-z0-9_-]+/\d{4}/preview")
"""Where ``nianbao preview`` leads."""


def routes() -> list[BaseRoute]:
    """Return the routes of this subject."""
    return [
        Route("/enter/{key}", door(enter, Need.NOTHING)),
        Route("/login", door(login_page, Need.NOTHING)),
        Route("/login", door(login, Need.NOTHING), methods=["POST"]),
        Route("/logout", door(logout, Need.NOTHING), methods=["POST"]),
        Route("/invitation/{token}", door(invitation, Need.NOTHING)),
        Route("/invitation/{token}", door(take_up, Need.NOTHING), methods=["POST"]),
        Route("/accounts", door(accounts, Need.OFFICE)),
        Route("/accounts/invite", door(invite, Need.OFFICE), methods=["POST"]),
        Route("/accounts/active", door(set_active, Need.OFFICE), methods=["POST"]),
        Route("/journal", door(journal, Need.OFFICE)),
        Route("/journal.csv", door(export_journal, Need.OFFICE)),
    ]


def enter(visit: Visit) -> Response:
    """Let in the person who was shown this address by the program on their own machine."""
    desk = visit.desk
    given = str(visit.request.path_params["key"]).encode()
    if not desk.settings.is_local or not hmac.compare_digest(given, desk.key.encode()):
        return visit.show("refused.html.j2", 404, message=NOT_HERE)
    token = new_token()
    desk.store.open_session(token, None, LOCAL_HOURS)
    page = visit.query("to")
    answer = RedirectResponse(f"/{page}" if _PAGE.fullmatch(page) else "/", 303)
    set_session(desk, answer, token)
    return answer


def login_page(visit: Visit) -> Response:
    """Show the page to log in."""
    if visit.visitor.is_known:
        return visit.go("/")
    if visit.desk.settings.is_local:
        return visit.show("refused.html.j2", 403, message=ONLY_FROM_THE_PROGRAM)
    return visit.show("login.html.j2", problem="", login="")


def login(visit: Visit) -> Response:
    """Let somebody in with a new session; the one that they came with is left behind."""
    name = visit.text("login").strip()
    client = visit.request.client
    sources = (f"login {name}", f"address {client.host if client else ''}")
    if is_throttled(visit.desk.store, sources):
        said = "试的次数太多，请15分钟后再试；忘了密码的，请政务公开办重发邀请链接"
        return visit.show("login.html.j2", 429, problem=said, login=name)
    account = visit.desk.store.account_named(name)
    fits = check_password(account.password if account else None, visit.text("password"))
    if account is None or not account.active or not fits:
        for source in sources:
            visit.desk.store.note_attempt(source)
        return visit.show("login.html.j2", 401, problem="用户名或密码不对", login=name)
    return _enter(visit, account.id)


def _enter(visit: Visit, account: int) -> Response:
    token = new_token()
    visit.desk.store.open_session(token, account, HOURS)
    answer = RedirectResponse("/", 303)
    set_session(visit.desk, answer, token)
    return answer


def logout(visit: Visit) -> Response:
    """End the session."""
    visit.desk.store.close_session(visit.visitor.session)
    answer = RedirectResponse("/login", 303)
    set_session(visit.desk, answer, new_token())
    return answer


def invitation(visit: Visit) -> Response:
    """Show the page on which somebody who was invited chooses a name and a password."""
    return _invitation(visit, "", "", "")


def _invitation(visit: Visit, problem: str, login: str, person: str) -> Response:
    found = visit.desk.store.invitation(str(visit.request.path_params["token"]))
    if found is None:
        said = "这个邀请链接已经用过或者过期，请政务公开办重发"
        return visit.show("refused.html.j2", 410, message=said)
    year = max(visit.desk.years(), default=FIRST_YEAR)
    unit = visit.desk.contact(found.agency, year).name if found.agency else "政务公开办"
    return visit.show(
        "invitation.html.j2", 400 if problem else 200, problem=problem, login=login,
        person=person, unit=unit, role=AccountRole(found.role),
    )  # fmt: skip


def take_up(visit: Visit) -> Response:
    """Make the account of an invitation and let its owner in."""
    token = str(visit.request.path_params["token"])
    login, person = visit.text("login").strip(), printable(visit.text("person").strip())
    password = visit.text("password")
    problem = fault_of(login, person, password, visit.text("again"))
    if not problem and visit.desk.store.account_named(login) is not None:
        problem = "这个用户名已经有人用了，请换一个"
    if problem:
        return _invitation(visit, problem, login, person)
    account = visit.desk.store.take_up(token, login, person, hash_password(password))
    if account is None:
        return _invitation(visit, "没有建成账号，请再试一次", login, person)
    visit.desk.store.note(person, account.agency, 0, f"设置了{AccountRole(account.role).word}账号")
    return _enter(visit, account.id)


def accounts(visit: Visit) -> Response:
    """Show who has an account, who is invited, and whom to invite."""
    return _accounts(visit, "")


def _accounts(visit: Visit, link: str, unit: str = "") -> Response:
    store = visit.desk.store
    return visit.show(
        "accounts.html.j2", accounts=store.accounts(), invitations=store.open_invitations(),
        names=_names(visit.desk), roles=list(AccountRole), link=link, unit=unit, days=INVITED_DAYS,
    )  # fmt: skip


def _names(desk: Desk) -> dict[str, str]:
    """Return the names of the county's units by code."""
    year = max(desk.years(), default=FIRST_YEAR)
    return {code: desk.contact(code, year).name for code in desk.roster()}


def invite(visit: Visit) -> Response:
    """Make an invitation; its link is shown once."""
    role, agency = AccountRole(visit.text("role", AccountRole.CLERK)), visit.text("agency")
    if role is AccountRole.OFFICE:
        agency = ""
    elif not visit.desk.has(agency):
        return visit.show("refused.html.j2", 400, message="请选择单位")
    token = new_token()
    visit.desk.store.invite(token, role, agency, INVITED_DAYS)
    visit.desk.store.note(visit.visitor.name, agency, 0, f"邀请了{role.word}")
    return _accounts(visit, f"{visit.desk.settings.address}invitation/{token}", agency)


def set_active(visit: Visit) -> Response:
    """Shut an account out, or let it in again."""
    number = visit.text("account")
    own = visit.visitor.account
    if not number.isdigit() or (own is not None and own.id == int(number)):
        return visit.show("refused.html.j2", 400, message="不能停用自己的账号")
    active = visit.text("active") == "1"
    visit.desk.store.set_active(int(number), active)
    what = f"{'恢复' if active else '停用'}了账号{number}"
    visit.desk.store.note(visit.visitor.name, "", 0, what)
    return visit.go("/accounts")


def journal(visit: Visit) -> Response:
    """Show who did what when."""
    entries = visit.desk.store.journal(most=500)
    return visit.show("journal.html.j2", entries=entries, names=_names(visit.desk))


def export_journal(visit: Visit) -> Response:
    """Return the whole journal as a table for Excel."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["时间", "谁", "机关代码", "年度", "做了什么"])
    for e in visit.desk.store.journal(most=MOST_LINES):
        cells = [e.at, e.who, e.agency, str(e.year or ""), e.what]
        writer.writerow(map(spreadsheet_text, cells))
    return download(stream.getvalue().encode("utf-8-sig"), "操作记录.csv", "text/csv")
