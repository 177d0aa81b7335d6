"""The web application and the server that runs it: on loopback, or for a county.

Apart because the command line alone starts it, and the tests' desks without a server.
"""

from __future__ import annotations

import html
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import resources

import uvicorn
from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from nianbao.desk.access import INVITED_DAYS, AccountRole, new_token
from nianbao.desk.guard import Guard
from nianbao.desk.routes import accounts, county, files, report, uploads
from nianbao.desk.service import Desk
from nianbao.desk.settings import Settings
from nianbao.desk.visit import not_here
from nianbao.errors import UsageError

THREADS = 120


def make_app(settings: Settings) -> Starlette:
    """Make the desk's application; it begins and ends with the server that runs it."""
    desk = Desk(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # Pages wait for the processes that read reports; those that need none must not wait too.
        current_default_thread_limiter().total_tokens = THREADS
        yield
        desk.close()

    subjects = (accounts, county, report, uploads, files)
    static = Mount("/static", StaticFiles(directory=str(resources.files(__package__) / "static")))
    app = Starlette(
        routes=[static, *(route for subject in subjects for route in subject.routes())],
        middleware=[Middleware(Guard, settings=settings)],
        exception_handlers={404: not_here},
        lifespan=lifespan,
    )
    app.state.desk = desk
    return app


BACKLOG = 256


def open_socket(settings: Settings) -> socket.socket:
    """Listen at the desk's address.

    Raises
    ------
    UsageError
        The port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        # From here on a browser that is quicker than the server waits instead of being refused.
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        reason = f"端口{settings.port}不能使用（{error.strerror}），请用 --port 另选一个"
        raise UsageError(reason) from None
    return listening


def run_desk(settings: Settings, page: str = "", *, browser: bool = True) -> None:
    """Serve the desk until it is stopped.

    Port 0 is replaced by a free one. ``page`` is what the browser opens, where the desk is this
    machine's own.
    """
    listening = open_socket(settings)
    settings = replace(settings, port=listening.getsockname()[1])
    app = make_app(settings)
    desk: Desk = app.state.desk
    address = entrance(desk, page) if settings.is_local else settings.address
    # A blank, so that a terminal does not take what follows for a part of the address.
    print(f"请在浏览器中打开：{address} （按 Ctrl+C 停止）", flush=True)
    if not settings.is_local:
        _tell_first(desk)
    elif browser:
        threading.Timer(0.5, webbrowser.open, [_leading_file(settings, address)]).start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="on",
        proxy_headers=True, forwarded_allow_ips="127.0.0.1", timeout_graceful_shutdown=3,
        timeout_keep_alive=75,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listening])


def entrance(desk: Desk, page: str = "") -> str:
    """Tell the person at this machine, and nobody else, the address that lets them in."""
    to = f"?to={page}" if page else ""
    return f"{desk.settings.address}enter/{desk.key}{to}"


def _leading_file(settings: Settings, address: str) -> str:
    """Write a page that leads to the entrance: what a browser is started with all users see."""
    file = settings.folder / "open.html"
    file.touch(mode=0o600)
    link = html.escape(address)
    file.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><title>年报</title>'
        f'<meta http-equiv="refresh" content="0; url={link}"><a href="{link}">打开填报页面</a>',
        "utf-8",
    )
    return file.resolve().as_uri()


def _tell_first(desk: Desk) -> None:
    """Show the link to the first account, the office's: without an account nobody gets in."""
    if desk.store.accounts():
        return
    token = new_token()
    desk.store.invite(token, AccountRole.OFFICE, "", INVITED_DAYS)
    print(f"还没有账号。政务公开办请用这个链接设置第一个账号（{INVITED_DAYS}天内有效）：")
    print(f"  {desk.settings.address}invitation/{token}", flush=True)
