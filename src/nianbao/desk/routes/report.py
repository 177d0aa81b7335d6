"""A report's own pages: the steps, the workbook, the prose, the finished page and its sources.

Also what happens, reported to open pages as it happens (server-sent events).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import TypedDict
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from nianbao.desk.access import Need
from nianbao.desk.beginning import blank_workbook, marked_workbook
from nianbao.desk.builds import Build
from nianbao.desk.digest import Digest, SectionView, section_at
from nianbao.desk.guard import REPORT_POLICY
from nianbao.desk.intake import sent_names
from nianbao.desk.lookup import find_sources
from nianbao.desk.picker import WITH_UNIT, search_facts
from nianbao.desk.preview import View
from nianbao.desk.profile import CLERK, OF_THE_OFFICE, Contact, read_fields, write_fields
from nianbao.desk.standing import Finished, ReportState, Standing, Step, list_steps
from nianbao.desk.storage import Draft, JournalEntry, Version, now
from nianbao.desk.versions import EDITED, SEEN, TEXT
from nianbao.desk.visit import Visit, door
from nianbao.desk.wording import tell
from nianbao.desk.writing import current_text, current_texts, normal, save_section
from nianbao.errors import NianbaoError, UsageError
from nianbao.files.sources import Source
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST, sha256
from nianbao.finished.options import BuildOptions
from nianbao.inputs.project import EDITED_NUMBERS
from nianbao.statutory import format_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def routes() -> list[BaseRoute]:
    """Return the routes of this subject."""
    base = "/agency/{agency}/{year:int}"
    return [
        Route(base, door(overview, Need.READ)),
        Route(f"{base}/about", door(about, Need.READ)),
        Route(f"{base}/about", door(change_about, Need.WRITE), methods=["POST"]),
        Route(f"{base}/workbook", door(workbook, Need.READ)),
        Route(f"{base}/workbook.xlsx", door(download_workbook, Need.READ)),
        Route(f"{base}/marked.xlsx", door(download_marked, Need.READ)),
        Route(f"{base}/report", door(report, Need.READ)),
        Route(f"{base}/page", door(page, Need.READ)),
        Route(f"{base}/preview", door(preview, Need.READ)),
        Route(f"{base}/source", door(source, Need.READ)),
        Route(f"{base}/build", door(build, Need.WRITE), methods=["POST"]),
        Route(f"{base}/seen", door(see, Need.SIGN), methods=["POST"]),
        Route(f"{base}/texts", door(texts, Need.READ)),
        Route(f"{base}/texts/{{section}}", door(save, Need.WRITE), methods=["POST"]),
        Route(f"{base}/facts", door(facts, Need.READ)),
        Route(f"{base}/events", door(report_events, Need.READ)),
        Route("/events", door(county_events, Need.OFFICE)),
    ]


class PageContext(TypedDict):
    """The values that the templates of a report's pages read."""

    agency: str
    year: int
    years: tuple[int, ...]
    base: str
    here: str
    standing: Standing
    is_fresh: bool
    mark: str
    digest: Digest
    sent: Mapping[str, str]
    finished: Finished | None
    state: ReportState
    build: Build | None
    steps: tuple[Step, ...]
    contact: Contact
    days: int
    handed_back: JournalEntry | None
    reviews: bool
    seen: Version | None
    is_seen: bool
    may_write: bool
    may_sign: bool


def context(visit: Visit, here: str, *, seconds: float | None = None) -> PageContext:
    """Return what all pages of a report show: its state, its steps, the days left.

    ``here`` is the step that is open, empty for none. For what was just changed to be checked it
    waits so many ``seconds``, `DeskLimits.page_seconds` by default.
    """
    desk = visit.desk
    mark = desk.mark(visit.agency, visit.year)  # first: what changes from here on is reported
    standing, is_fresh = desk.recent(visit.agency, visit.year, seconds)
    state, build = desk.state(standing), desk.builds.find(visit.agency, visit.year)
    contact = standing.digest.contact
    versions = desk.store.versions(visit.agency, visit.year)
    edited = next((version for version in versions if version.kind == EDITED), None)
    decided = None if edited is None else bool(edited.note)
    handed_back = desk.store.handed_back(visit.year).get(visit.agency)
    steps = list_steps(standing, state, build, decided=decided, handed_back=handed_back is not None)
    sent = sent_names(standing.digest.files, versions) | {f"{EDITED_NUMBERS}.csv": "修改记录"}
    digest = standing.digest
    seen = next((v for v in versions if v.kind == SEEN and v.who == visit.visitor.name), None)
    manifest = report_folder(desk.settings.root, visit.agency, visit.year) / MANIFEST
    if not visit.visitor.reads_words(visit.agency):
        digest = digest.for_others()
    return {
        "agency": visit.agency, "year": visit.year, "base": visit.base, "here": here,
        "years": desk.roster().get(visit.agency, ()),
        "standing": standing, "is_fresh": is_fresh, "mark": mark,
        "digest": digest.called(sent), "sent": sent, "finished": standing.finished,
        "state": state, "build": build, "steps": steps, "contact": contact,
        "handed_back": handed_back,
        "reviews": visit.visitor.reviews(visit.agency),
        "seen": seen,
        "is_seen": seen is not None and manifest.is_file() and seen.note == sha256(manifest),
        "days": desk.days(visit.agency, visit.year, contact.deadline, state),
        "may_write": visit.visitor.may(Need.WRITE, visit.agency),
        "may_sign": visit.visitor.may(Need.SIGN, visit.agency),
    }  # fmt: skip


def overview(visit: Visit) -> Response:
    """Return the six steps of a report."""
    journal = visit.desk.store.journal(visit.agency, visit.year, 8)
    return visit.show("overview.html.j2", **context(visit, ""), journal=journal)


def about(visit: Visit) -> Response:
    """Show who reports and on which day: what stands in the preface and at the end."""
    changed = visit.result()
    fields = visit.ask(read_fields)
    shared = context(visit, "about")
    names = {code: visit.desk.contact(code, visit.year).name for code in visit.desk.roster()}
    return visit.show("about.html.j2", **shared, fields=fields, names=names, changed=changed)


def change_about(visit: Visit) -> Response:
    """Write what was changed; a bureau's clerk changes neither its name nor whom it belongs to."""
    keys = (*CLERK, *OF_THE_OFFICE) if visit.visitor.is_office else CLERK
    given = {key: visit.text(key) for key in keys if key in visit.form}
    changed = visit.ask(write_fields, given, keys)
    if changed:
        visit.note(f"修改了{'、'.join(changed)}")
    return visit.then(f"{visit.base}/about", changed)


def workbook(visit: Visit) -> Response:
    """Show the page from which the workbook to fill in is fetched."""
    return visit.show("workbook.html.j2", **context(visit, "workbook"))


def download(data: bytes, name: str, media: str) -> Response:
    """Return a file for the browser to save under a Chinese name."""
    answer = Response(data, media_type=media)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _name(visit: Visit) -> str:
    digest: Digest = visit.desk.standing(visit.agency, visit.year).digest
    return f"{digest.contact.name}{visit.year}年"


def download_workbook(visit: Visit) -> Response:
    """Return the workbook with what is known already and last year's numbers beside."""
    sums = visit.query("sums") == "1"
    data = visit.ask(blank_workbook, sums)
    visit.note("下载了填报表")
    return download(data, f"{_name(visit)}填报表{'（申请只填汇总数）' if sums else ''}.xlsx", XLSX)


def download_marked(visit: Visit) -> Response:
    """Return the workbook that was handed in, with the findings marked in its cells."""
    data = visit.ask(marked_workbook)
    return download(data, f"{_name(visit)}填报表（已标出问题）.xlsx", XLSX)


def report(visit: Visit) -> Response:
    """Return the finished page, and the PDF beside it."""
    shown = "pdf" if visit.query("as") == "pdf" else "html"
    return visit.show("report.html.j2", **context(visit, "report"), shown=shown)


def _view(visit: Visit) -> tuple[View | None, str]:
    """Return the page as it was drawn last, with what this visitor may read of its problems."""
    view, mark = visit.desk.view(visit.agency, visit.year)
    if view is not None and not visit.visitor.reads_words(visit.agency):
        view = replace(view, problems=view.guarded)
    return view, mark


def preview(visit: Visit) -> Response:
    """Return the page that is being written, with its findings: what ``nianbao preview`` opens."""
    view = _view(visit)[0] or View()
    return visit.show("preview.html.j2", **context(visit, ""), view=view)


def page(visit: Visit) -> Response:
    """Return the report as it will be published, with links from its numbers.

    Nothing runs in it; by its mark the page around it knows whether it is of now.
    """
    view, mark = _view(visit)
    if view is None or view.page is None:
        problems = () if view is None else view.problems
        read = visit.desk.glance(visit.agency, visit.year)
        nothing = read is not None and read.digest.is_blank and not read.digest.files
        html = visit.show("nopage.html.j2", problems=problems, mark=mark, nothing=nothing)
    else:
        marked = view.page.replace("<head>", f'<head>\n<meta name="mark" content="{mark}">', 1)
        html = Response(marked, media_type="text/html")
    html.headers["Content-Security-Policy"] = REPORT_POLICY.replace(
        "style-src 'unsafe-inline'", "style-src 'self' 'unsafe-inline'"
    )
    return html


def source(visit: Visit) -> Response:
    """Show where a number comes from: the rows of the files that it was counted from."""
    if not visit.request.url.query:
        return _framed(visit.show("source.html.j2", found=None))
    asked = {k: visit.query(k) for k in ("fact", "table", "row", "column") if visit.query(k)}
    return _framed(visit.show("source.html.j2", found=visit.ask(find_sources, asked)))


def _framed(answer: Response) -> Response:
    """Return a page that stands in a frame of ours and runs nothing."""
    answer.headers["Content-Security-Policy"] = REPORT_POLICY.replace(
        "style-src 'unsafe-inline'", "style-src 'self'"
    )
    return answer


def build(visit: Visit) -> Response:
    """Make the report, or a draft of it."""
    draft = visit.text("draft") == "1"
    started = visit.desk.builds.start(visit.agency, visit.year, BuildOptions(draft=draft))
    if started:
        visit.note("要求生成草稿" if draft else "要求生成报告")
    return visit.go(f"{visit.base}/report")


def see(visit: Visit) -> Response:
    """Note that somebody has read the finished set: what changes later is listed to them."""
    standing = visit.desk.standing(visit.agency, visit.year)
    if standing.finished is None:
        raise UsageError("报告还没有生成，没有可以看的")
    visit.desk.versions.see(visit.agency, visit.year, visit.visitor.name)
    visit.note("看过了这一稿")
    return visit.go(f"{visit.base}/report")


def texts(visit: Visit) -> Response:
    """Return the sections, one of them open."""
    shared = context(visit, "texts")
    sections = shared["digest"].sections
    if not shared["is_fresh"]:  # whoever writes begins from what is there, checked or not
        sections = _as_they_stand(visit, shared["digest"])
    chosen = section_at(sections, visit.query("section")) or _first(shared["digest"], sections)
    drafts = visit.desk.store.drafts(visit.agency, visit.year, visit.visitor.name)
    words = visit.query("q")
    found = visit.ask(search_facts, words) if words else ()
    return visit.show(
        "texts.html.j2", **shared, sections=sections, section=chosen, drafts=drafts,
        words=words, found=found,
    )  # fmt: skip


def _as_they_stand(visit: Visit, digest: Digest) -> tuple[SectionView, ...]:
    """Return the sections with their texts of now."""
    facts = {fact.name: fact for fact in digest.facts}
    facts |= {f"{f.name}.{WITH_UNIT}": replace(f, text=f.shown) for f in digest.facts if f.unit}
    try:
        now = current_texts(visit.desk.settings.root, visit.agency, visit.year)
    except NianbaoError:
        return digest.sections  # what cannot be read is reported when it has been checked
    return tuple(s.with_text(now.get(s.key, s.text), facts) for s in digest.sections)


def _first(digest: Digest, sections: tuple[SectionView, ...]) -> SectionView | None:
    """Return the section to begin with: the first with something to put right.

    Else the first that is not the bureau's own yet.
    """
    faulty = (s for s in sections if any(f.severity != "info" for f in digest.of_section(s)))
    blank = (s for s in sections if not s.is_own and s.key != "preface")
    return next(faulty, None) or next(blank, None) or next(iter(sections), None)


def facts(visit: Visit) -> Response:
    """Return the facts that hold the words, as a list to choose from."""
    words = visit.query("q")
    return visit.show("factlist.html.j2", found=visit.ask(search_facts, words), words=words)


def save(visit: Visit) -> Response:
    """Save a section; a script is answered in JSON, a form by the page."""
    section = str(visit.request.path_params["section"])
    base, text = visit.text("base"), visit.text("text")
    by_script = "application/json" in visit.request.headers.get("accept", "")
    desk, who = visit.desk, visit.visitor.name
    root, agency, year = desk.settings.root, visit.agency, visit.year
    try:
        before = normal(current_text(root, agency, year, section))
        if visit.text("how") == "mine":  # decided by the writer, who saw both
            base = before
        saved = save_section(root, agency, year, section, base, text)
    except NianbaoError as error:
        desk.store.keep_draft(agency, year, Draft(section, who, base, normal(text), now()))
        if not by_script:
            raise
        told = tell(error.problems, agency, year, to_clerk=visit.visitor.reads_words(agency))
        return JSONResponse({"problems": told}, 422)
    if saved.conflict:
        desk.store.keep_draft(agency, year, Draft(section, who, base, normal(text), now()))
    else:
        desk.store.drop_draft(agency, year, section, who)
        if saved.text != before:
            desk.versions.keep(agency, year, TEXT, Source(section, before.encode()), who)
            heading = format_for(year).texts().get(section, "前言")
            desk.store.note_once(who, agency, year, f"修改了正文“{heading}”")
    if by_script:
        state = {"text": saved.text, "merged": saved.merged, "conflict": saved.conflict}
        return JSONResponse(state)
    mark = "#conflict" if saved.conflict else "#saved"
    return visit.go(f"{visit.base}/texts?section={section}{mark}")


NEAR, FAR = 0.05, 0.5
"""Seconds between two looks: for the person at this machine, for a county's."""
ALIVE = 15.0
"""Seconds after which a silent stream says that it is alive."""


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
