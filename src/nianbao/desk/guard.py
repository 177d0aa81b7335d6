"""Check the host and size of every request, and set the headers of every answer."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nianbao.desk.settings import Settings

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Of a finished report and of the page in the frame: nothing runs in it."""
_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class TooLargeError(Exception):
    """A request holds more than is taken."""


class Guard:
    """Refuse what names another host, comes from another site or is too large."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        answering = _Answering(send)
        if refusal is not None:
            await refusal(scope, receive, answering)
            return
        try:
            await self._app(scope, _bounded(receive, self._most(headers)), answering)
        except TooLargeError:
            if answering.begun:
                raise
            await _too_large()(scope, receive, answering)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        if not self._settings.serves(headers.get("host", "")):
            return PlainTextResponse("不能用这个地址访问", 421)
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            return PlainTextResponse("不支持这种请求", 405)
        site = headers.get("sec-fetch-site", "none")
        foreign = site not in {"none", "same-origin"}
        if scope["method"] == "POST" and (foreign or not self._is_own(headers)):
            return PlainTextResponse("请求来自别的网站，没有接受", 403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._most(headers):
            return _too_large()
        return None

    def _is_own(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return origin is None or origin.partition("://")[2] == headers.get("host")

    def _most(self, headers: Headers) -> int:
        limits = self._settings.limits
        files = headers.get("content-type", "").startswith("multipart/form-data")
        return limits.upload_bytes if files else limits.form_bytes


def _too_large() -> PlainTextResponse:
    return PlainTextResponse("内容太大，没有收下；请分几次交，或去掉文件里的大图片", 413)


def _bounded(receive: Receive, most: int) -> Receive:
    left = most

    async def bounded() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLargeError
        return message

    return bounded


class _Answering:
    """Sends an answer with the headers that every answer has; its own ones stay."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)
