"""Desks for tests: asked without a network, or served to a browser."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.testclient import TestClient

from nianbao.desk.app import entrance, make_app, open_socket
from nianbao.desk.service import Desk
from nianbao.desk.settings import DeskLimits, Settings

COUNTY = "http://desk.example"
"""The address of a county's desk."""
PATIENT = DeskLimits(page_seconds=120, answer_seconds=120)
"""Pages wait for what a test has just changed."""
_TOKEN = re.compile(r'name="form-token" content="([0-9a-f]+)"')


class Client(TestClient):
    """A browser without a window: it keeps its cookies and sends the forms' token."""

    @property
    def desk(self) -> Desk:
        """The desk behind it."""
        desk: Desk = self.app.state.desk  # type: ignore[attr-defined]
        return desk

    def token(self) -> str:
        """The token that a page of this session carries."""
        found = _TOKEN.search(self.get("/login").text)
        assert found is not None
        return found[1]

    def submit(self, path: str, **more: object):  # httpx's answer
        """Send a form as its page would."""
        data = {"csrf": self.token(), **more.pop("data", {})}  # type: ignore[dict-item]
        return self.post(path, data=data, **more)  # type: ignore[arg-type]

    def waited(self, agency: str, year: int) -> str:
        """Wait for a build; how it ended."""
        for _ in range(6000):
            build = self.desk.builds.find(agency, year)
            if build is not None and not build.is_open:
                return build.phase
            time.sleep(0.1)
        raise AssertionError("the build does not end")


@contextlib.contextmanager
def open_desk(root: Path, site: str = "") -> Iterator[Client]:
    """A desk of one's own machine, or a county's with accounts."""
    settings = Settings(root, site=site, limits=PATIENT)
    with Client(make_app(settings), base_url=site or settings.address.rstrip("/")) as client:
        if not site:
            assert client.get(f"/enter/{client.desk.key}").status_code == 200
        yield client


def visitor_of(client: Client) -> Client:
    """Somebody else at the same desk, with cookies of their own."""
    return Client(client.app, base_url=str(client.base_url))


class Address(str):
    """A desk's address; ``entrance`` lets a browser of this machine's own person in."""

    entrance: str


@contextlib.contextmanager
def served(root: Path) -> Iterator[Address]:
    """The address of a desk that a browser can ask."""
    listening = open_socket(Settings(root, port=0))
    settings = Settings(root, port=listening.getsockname()[1], limits=PATIENT)
    app = make_app(settings)
    address = Address(settings.address)
    address.entrance = entrance(app.state.desk)
    config = uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()
