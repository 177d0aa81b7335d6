"""One request as a page's function sees it, the one door through which it comes in, and its answer.

The templates of all pages are drawn here, with the few words and numbers that they write alike.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Concatenate

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from nianbao.desk.access import Need, Visitor, form_token, is_form_token, new_token
from nianbao.desk.service import Desk
from nianbao.desk.standing import FROZEN_IN_TIME, FROZEN_LATE, ReportState
from nianbao.desk.wording import for_clerks, tell
from nianbao.desk.workers import P, T
from nianbao.errors import NianbaoError, system_problem
from nianbao.inputs.project import FIRST_YEAR, LAST_YEAR, is_agency_code
from nianbao.prose.differences import word_marks
from nianbao.statistics.model import SEVERITIES

_TONES: Mapping[ReportState, str] = {
    ReportState.BLANK: "blank", ReportState.FAULTY: "faulty", ReportState.READY: "ready",
    ReportState.MADE: "made", ReportState.CHANGED: "changed", ReportState.FROZEN: "frozen",
}  # fmt: skip


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("nianbao.desk"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "left": days_words, "when": when_words, "number": figure_words, "size": size_words,
        "tone": lambda state: _TONES[state], "severity": lambda key: SEVERITIES[key],
        "clerk": for_clerks,
    }  # fmt: skip
    environment.globals |= {
        "word_marks": word_marks, "frozen_in_time": FROZEN_IN_TIME, "frozen_late": FROZEN_LATE,
    }  # fmt: skip
    return environment


def draw(template: str, values: Mapping[str, Any]) -> str:
    """Draw a page; all that comes from people is escaped."""
    return _environment().get_template(template).render(values)


def days_words(days: int) -> str:
    """Return how long there is until the deadline.

    Examples
    --------
    >>> days_words(12), days_words(0), days_words(-3)
    ('还有12天', '今天到期', '已逾期3天')
    """
    if days > 0:
        return f"还有{days}天"
    return f"已逾期{-days}天" if days else "今天到期"


def when_words(at: str) -> str:
    """Return a moment as people write it.

    Examples
    --------
    >>> when_words("2025-01-09T08:05:00+08:00")
    '1月9日 08:05'
    """
    moment = datetime.fromisoformat(at)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def figure_words(value: int | Decimal | str | None) -> str:
    """Return a key figure; a dash where it was not handed in."""
    return "—" if value is None else str(value)


def size_words(size: int) -> str:
    """Return a file's size.

    Examples
    --------
    >>> size_words(2_300_000), size_words(900)
    ('2.3 MB', '1 KB')
    """
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{max(1, round(size / 1000))} KB"


COOKIE = "nianbao"
LOCAL_HOURS, HOURS = 24 * 30, 12
"""How long a session lasts: at one's own machine, on a server."""
NOT_HERE = "没有这一页，或者不属于您的单位"
NO_AGENCY = "没有这个单位或年度；新的单位请在“全部单位”一页新增"
MOST_FIELDS = 400


@dataclass(frozen=True)
class Visit:
    """A request that was let in."""

    desk: Desk
    request: Request
    visitor: Visitor
    form: FormData

    @property
    def agency(self) -> str:
        """The agency in the address."""
        return str(self.request.path_params["agency"])

    @property
    def year(self) -> int:
        """The year in the address."""
        return int(self.request.path_params["year"])

    @property
    def base(self) -> str:
        """The address of the report's pages."""
        return f"/agency/{self.agency}/{self.year}"

    def text(self, name: str, default: str = "") -> str:
        """Return a field of the form; a file is none."""
        value = self.form.get(name, default)
        return value if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        """Return all the values of a field."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[tuple[str, bytes]]:
        """Return the files of a field, by the names that their senders gave them."""
        sent = (value for value in self.form.getlist(name) if isinstance(value, UploadFile))
        return [(file.filename or "", file.file.read()) for file in sent if file.filename]

    def query(self, name: str, default: str = "") -> str:
        """Return a value of the address."""
        return self.request.query_params.get(name, default)

    def ask(
        self, do: Callable[Concatenate[Path, str, int, P], T], *given: P.args, **more: P.kwargs
    ) -> T:
        """Have the report's process do something with its files, and wait for it."""
        root = self.desk.settings.root
        return self.desk.read(self.agency, do, root, self.agency, self.year, *given, **more)

    def note(self, what: str) -> None:
        """Write what the visitor did to this report into the journal."""
        self.desk.store.note(self.visitor.name, self.agency, self.year, what)

    def then(self, address: str, result: object) -> Response:
        """Send the browser to the page that shows what came of a form.

        A page that is the answer to a form itself could not be loaded anew without sending it
        again.
        """
        path, _, mark = address.partition("#")
        token = self.desk.keep_result((path, result))
        return self.go(f"{path}?done={token}{'#' + mark if mark else ''}")

    def result(self) -> object:
        """Return what came of the form that led here; None without one."""
        match self.desk.result(self.query("done")):
            case (self.request.url.path, result):
                return result
        return None

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """Draw a page."""
        return show(self.desk, self.request, self.visitor, template, status, **values)

    def go(self, address: str) -> Response:
        """Send the browser to another page after a form."""
        return RedirectResponse(address, 303)


def show(
    desk: Desk, request: Request, visitor: Visitor, template: str, status: int = 200, **values: Any
) -> Response:
    """Draw a page with what all pages have."""
    shared = {
        "visitor": visitor,
        "csrf": form_token(desk.secret, visitor.session),
        "is_local": desk.settings.is_local,
        "path": request.url.path,
    }
    return Response(draw(template, shared | values), status, media_type="text/html")


Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def door(handler: Handler, need: Need, *, files: bool = False) -> Endpoint:
    """Let a request in to a page's function, or send it away.

    The handler is called in a thread, so that it may wait for files and processes. ``files`` says
    that its form carries some.
    """

    async def endpoint(request: Request) -> Response:
        desk: Desk = request.app.state.desk
        visitor = await run_in_threadpool(_visitor, desk, request)
        answer = await _admitted(desk, request, visitor)
        _keep_session(desk, request, visitor, answer)
        return answer

    async def _admitted(desk: Desk, request: Request, visitor: Visitor) -> Response:
        params = request.path_params
        agency = str(params.get("agency", ""))
        if not visitor.may(need, agency):
            if not visitor.is_known and request.method == "GET":
                return RedirectResponse("/login", 303)
            return _refuse(desk, request, visitor, 404, NOT_HERE)
        if not await run_in_threadpool(_exists, desk, params):
            said = NO_AGENCY if agency and visitor.is_office else NOT_HERE
            return _refuse(desk, request, visitor, 404, said)
        form = FormData()
        if request.method == "POST":
            read = await _read_form(desk, request, visitor, files=files)
            if isinstance(read, Response):
                return read
            form = read
        try:
            answer = await run_in_threadpool(handler, Visit(desk, request, visitor, form))
            if request.method == "POST":
                desk.touch(agency, int(params.get("year", 0)))
            return answer
        except NianbaoError as error:
            year, to_clerk = int(params.get("year", LAST_YEAR)), visitor.reads_words(agency)
            reported = tell(error.problems, agency, year, to_clerk=to_clerk)
            return show(desk, request, visitor, "problems.html.j2", 422, problems=reported)
        except OSError as error:
            problem = system_problem(error)
            if problem is None:
                raise
            return _refuse(desk, request, visitor, 507, str(problem))
        finally:
            await form.close()

    return endpoint


async def _read_form(
    desk: Desk, request: Request, visitor: Visitor, *, files: bool
) -> FormData | Response:
    """Read a form that this visitor was given; else return the answer that refuses it."""
    limits = desk.settings.limits
    try:
        form = await request.form(
            max_files=limits.files if files else 0,
            max_fields=MOST_FIELDS,
            max_part_size=limits.form_bytes,
        )
    except HTTPException as error:
        return _refuse(desk, request, visitor, 400, f"没有收下：{error.detail}")
    given = form.get("csrf") or request.headers.get("X-Form-Token", "")
    if is_form_token(desk.secret, visitor.session, str(given)):
        return form
    await form.close()
    said = "页面已经过期，没有保存；请返回上一页，刷新后再试一次"
    return _refuse(desk, request, visitor, 403, said)


def _exists(desk: Desk, params: Mapping[str, Any]) -> bool:
    if "year" in params and not FIRST_YEAR <= int(params["year"]) <= LAST_YEAR:
        return False
    agency = params.get("agency")
    if agency is None:
        return True
    return is_agency_code(agency) and desk.has(agency)


def _visitor(desk: Desk, request: Request) -> Visitor:
    token = request.cookies.get(COOKIE, "")
    if desk.settings.is_local:
        own = bool(token) and desk.store.is_own_session(token)
        return Visitor(token or new_token(), is_local=own)
    account = desk.store.session_account(token) if token else None
    return Visitor(token or new_token(), account)


def _keep_session(desk: Desk, request: Request, visitor: Visitor, answer: Response) -> None:
    """Give a browser without a session one of its own; never one that it brought unknown."""
    if COOKIE in {part.split("=")[0] for part in answer.headers.getlist("set-cookie")}:
        return
    if request.cookies.get(COOKIE) != visitor.session:
        set_session(desk, answer, visitor.session)


def set_session(desk: Desk, answer: Response, token: str) -> None:
    """Put a session into the browser's cookie."""
    hours = LOCAL_HOURS if desk.settings.is_local else HOURS
    answer.set_cookie(
        COOKIE, token, max_age=hours * 3600, httponly=True, samesite="lax",
        secure=desk.settings.is_secure, path="/",
    )  # fmt: skip


async def not_here(request: Request, _: Exception) -> Response:
    """Answer an address that no page has as one that its visitor may not see."""
    desk: Desk = request.app.state.desk
    visitor = await run_in_threadpool(_visitor, desk, request)
    return _refuse(desk, request, visitor, 404, NOT_HERE)


def _refuse(desk: Desk, request: Request, visitor: Visitor, status: int, message: str) -> Response:
    return show(desk, request, visitor, "refused.html.j2", status, message=message)
