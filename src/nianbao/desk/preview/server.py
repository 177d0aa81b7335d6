"""The preview over HTTP: on the loopback address, for this machine's browser alone.

The page is shown in a frame that runs no script; the one small script is the preview's own and
stands around it. A request that names another host (a page elsewhere that has its name resolve
to this machine) or comes from another site is refused.
"""

from __future__ import annotations

import json
import mimetypes
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from nianbao.desk.preview.session import Session, View
from nianbao.desk.preview.watch import changes
from nianbao.errors import UsageError
from nianbao.finished.folder import report_folder
from nianbao.statistics.checks import can_be_acknowledged

LOOPBACK = "127.0.0.1"
PORT = 8765
ALIVE = 10.0
"""Seconds after which a silent event stream says that it is alive."""

_SHELL = {"/": "shell.html", "/shell.js": "shell.js", "/shell.css": "shell.css"}
_SHELL_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_OFFERED = ("report.html", "report.pdf", "report.docx", "report.json", "report.ipynb")


class PreviewServer(ThreadingHTTPServer):
    """Serves one session.

    Raises
    ------
    UsageError
        The port is taken.
    """

    daemon_threads = True

    def __init__(self, session: Session, port: int) -> None:
        self.session = session
        self.folder = report_folder(session.root, session.agency, session.year)
        self.changed = threading.Condition()
        self.stopping = False
        try:
            super().__init__((LOOPBACK, port), _Handler)
        except OSError as error:
            reason = f"端口{port}不能使用（{error.strerror}），请用 --port 另选一个"
            raise UsageError(reason) from None

    @property
    def address(self) -> str:
        """What to type into the browser."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    @property
    def hosts(self) -> frozenset[str]:
        """Names under which a browser on this machine may ask."""
        return frozenset(f"{name}:{self.server_port}" for name in (LOOPBACK, "localhost"))

    def tell(self) -> None:
        """Tell every open page that there is something new, or that the preview stops."""
        with self.changed:
            self.changed.notify_all()

    def numbers(self) -> Iterator[int | None]:
        """The number of the view now, and of each that follows; None after a silent while."""
        seen = -1
        while not self.stopping:
            with self.changed:
                if self.session.view.number == seen:
                    self.changed.wait(ALIVE)
                number = self.session.view.number
            yield number if number != seen else None
            seen = number

    def state(self) -> dict[str, Any]:
        """What the shell shows around the page."""
        view: View = self.session.view
        return {
            "number": view.number,
            "title": f"{self.session.agency} {self.session.year}",
            "page": view.page is not None,
            "edits": self.session.edits(),
            "problems": list(view.problems),
            "findings": [
                {
                    "id": finding.id,
                    "severity": finding.severity,
                    "message": finding.message,
                    "place": str(finding.line) if finding.line else "",
                    "key": finding.key if can_be_acknowledged(finding) else "",
                    "anchor": f"finding-{i}" if i in view.placed else "",
                }
                for i, finding in enumerate(view.findings)
            ],
            "files": [name for name in _OFFERED if (self.folder / name).is_file()],
        }

    def file(self, name: str) -> Path | None:
        """A finished file of the report's own output folder, or None."""
        folder = self.folder.resolve()
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    server_version = "nianbao"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self._is_ours():
            self._send(403, b"", "text/plain")
            return
        path = unquote(urlsplit(self.path).path)
        if path in _SHELL:
            data = (resources.files(__package__) / _SHELL[path]).read_bytes()
            self._send(200, data, mimetypes.guess_type(_SHELL[path])[0] or "", _SHELL_POLICY)
        elif path == "/page" and self.server.session.view.page is not None:
            page = self.server.session.view.page.encode()
            self._send(200, page, "text/html", _PAGE_POLICY)
        elif path == "/state":
            state = json.dumps(self.server.state(), ensure_ascii=False).encode()
            self._send(200, state, "application/json")
        elif path == "/events":
            self._stream()
        elif path.startswith("/files/") and (file := self.server.file(path[7:])) is not None:
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self._send(200, file.read_bytes(), kind, _PAGE_POLICY)
        else:
            self._send(404, "没有这一页".encode(), "text/plain")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _is_ours(self) -> bool:
        site = self.headers.get("Sec-Fetch-Site", "none")
        return self.headers.get("Host") in self.server.hosts and site in {"same-origin", "none"}

    def _send(
        self, status: int, body: bytes, kind: str, policy: str = "default-src 'none'"
    ) -> None:
        self.send_response(status)
        charset = "; charset=utf-8" if kind.startswith("text/") or kind.endswith("json") else ""
        self.send_header("Content-Type", kind + charset)
        self.send_header("Content-Length", str(len(body)))
        self._protect(policy)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _protect(self, policy: str) -> None:
        for name, value in {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        }.items():
            self.send_header(name, value)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self._protect("default-src 'none'")
        self.end_headers()
        self.close_connection = True
        if self.command == "HEAD":
            return
        try:
            for number in self.server.numbers():
                line = ": alive\n\n" if number is None else f"data: {number}\n\n"
                self.wfile.write(line.encode())
                self.wfile.flush()
        except OSError:  # the page was closed
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
        """Say nothing: stderr is for the clerk."""


def watch_and_tell(server: PreviewServer) -> None:
    """Refresh the session whenever its files change, until the server stops."""
    session = server.session
    for changed in changes(session.root, session.agency, session.year):
        if server.stopping:
            return
        if changed:
            session.refresh(changed)
            server.tell()


def serve_preview(server: PreviewServer) -> None:
    """Serve until Ctrl-C.

    Parameters
    ----------
    server
        Of a session that was refreshed once.
    """
    listening = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    listening.start()
    try:
        watch_and_tell(server)
    except KeyboardInterrupt:
        pass
    finally:
        server.stopping = True
        server.tell()
        server.shutdown()
        server.server_close()
        listening.join()
