"""What happens, reported to open pages as it happens (server-sent events).

Apart because the routes of a subject are a module, listed in `app`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from nianbao.desk.access import Need
from nianbao.desk.visit import Visit, door

NEAR, FAR = 0.05, 0.5
"""Seconds between two looks: for the person at this machine, for a county's."""
ALIVE = 15.0
"""Seconds after which a silent stream says that it is alive."""


def routes() -> list[BaseRoute]:
    """Return the routes of this subject."""
    return [
        Route("/events", door(county_events, Need.OFFICE)),
        Route("/agency/{agency}/{year:int}/events", door(report_events, Need.READ)),
    ]


def county_events(visit: Visit) -> Response:
    """Report builds, reports that were read and what people do."""
    return _stream(visit, visit.desk.board_mark)


def report_events(visit: Visit) -> Response:
    """Report changed files of a report, its build and what people do with it."""
    age = _interval(visit) / 2
    return _stream(visit, lambda: visit.desk.mark(visit.agency, visit.year, age))


def _interval(visit: Visit) -> float:
    return NEAR if visit.desk.settings.is_local else FAR


def _stream(visit: Visit, mark: Callable[[], str]) -> Response:
    interval = _interval(visit)

    async def events() -> AsyncIterator[str]:
        seen = ""
        silent = 0.0
        yield "retry: 2000\n\n"
        while not visit.desk.closing and not await visit.request.is_disconnected():
            now = await run_in_threadpool(mark)
            if now != seen:
                # The first is for pages that were drawn before something happened, or whose
                # stream broke; one that was drawn with this mark takes no notice.
                yield f"data: {now}\n\n"
                seen, silent = now, 0.0
            elif silent >= ALIVE:
                yield ": alive\n\n"
                silent = 0.0
            await asyncio.sleep(interval)
            silent += interval

    return StreamingResponse(events(), media_type="text/event-stream")
