"""Writing the prose: the sections beside the page, facts to put in, saves that lose nothing.

Apart because the routes of a subject are a module, listed in `app`.
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from nianbao.desk.access import Need
from nianbao.desk.digest import Digest, SectionView
from nianbao.desk.routes.report import context
from nianbao.desk.storage import Draft, now
from nianbao.desk.tasks import search_facts
from nianbao.desk.versions import TEXT
from nianbao.desk.visit import Visit, door
from nianbao.desk.writing import current_text, current_texts, normal, save_section
from nianbao.errors import NianbaoError, group_problems


def routes() -> list[BaseRoute]:
    """Return the routes of this subject."""
    base = "/agency/{agency}/{year:int}"
    return [
        Route(f"{base}/texts", door(texts, Need.READ)),
        Route(f"{base}/texts/{{section}}", door(save, Need.WRITE), methods=["POST"]),
        Route(f"{base}/facts", door(facts, Need.READ)),
    ]


def texts(visit: Visit) -> Response:
    """Return the sections, one of them open."""
    shared = context(visit, "texts")
    sections = shared["digest"].sections
    if not shared["is_fresh"]:  # whoever writes begins from what is there, checked or not
        sections = _as_they_stand(visit, shared["digest"])
    key = visit.query("section")
    chosen = next((s for s in sections if s.key == key), _first(sections))
    drafts = visit.desk.store.drafts(visit.agency, visit.year, visit.visitor.name)
    words = visit.query("q")
    found = _facts(visit, words) if words else ()
    return visit.show(
        "texts.html.j2",
        **shared,
        sections=sections,
        section=chosen,
        drafts=drafts,
        words=words,
        found=found,
    )


def _as_they_stand(visit: Visit, digest: Digest) -> tuple[SectionView, ...]:
    """Return the sections with their texts of now."""
    facts = {fact.name: fact for fact in digest.facts}
    try:
        now = current_texts(visit.desk.settings.root, visit.agency, visit.year)
    except NianbaoError:
        return digest.sections  # what cannot be read is told when it has been checked
    return tuple(s.with_text(now.get(s.key, s.text), facts) for s in digest.sections)


def _first(sections: tuple[SectionView, ...]) -> SectionView | None:
    """Return the section to begin with: the first that is not the bureau's own yet."""
    blank = next((s for s in sections if not s.is_own and s.key != "preface"), None)
    return blank or (sections[0] if sections else None)


def _facts(visit: Visit, words: str) -> object:
    root = visit.desk.settings.root
    return visit.desk.read(visit.agency, search_facts, root, visit.agency, visit.year, words)


def facts(visit: Visit) -> Response:
    """Return the facts that hold the words, as a list to choose from."""
    return visit.show("factlist.html.j2", found=_facts(visit, visit.query("q")))


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
        return JSONResponse({"problems": list(group_problems(error.problems))}, 422)
    if saved.conflict:
        desk.store.keep_draft(agency, year, Draft(section, who, base, normal(text), now()))
    else:
        desk.store.drop_draft(agency, year, section, who)
        if saved.text != before:
            desk.versions.keep(agency, year, TEXT, section, before.encode(), who)
            if not by_script:
                visit.note(f"修改了正文（{section}）")
    if by_script:
        state = {"text": saved.text, "merged": saved.merged, "conflict": saved.conflict}
        return JSONResponse(state)
    mark = "#conflict" if saved.conflict else "#saved"
    return visit.go(f"{visit.base}/texts?section={section}{mark}")
