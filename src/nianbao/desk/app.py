"""The web application: its routes, and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from nianbao.desk.guard import Guard
from nianbao.desk.routes import accounts, county, events, files, report, texts, uploads, word
from nianbao.desk.service import Desk
from nianbao.desk.settings import Settings

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

    subjects = (accounts, county, report, uploads, texts, word, files, events)
    static = Mount("/static", StaticFiles(directory=str(resources.files(__package__) / "static")))
    app = Starlette(
        routes=[static, *(route for subject in subjects for route in subject.routes())],
        middleware=[Middleware(Guard, settings=settings)],
        lifespan=lifespan,
    )
    app.state.desk = desk
    return app
