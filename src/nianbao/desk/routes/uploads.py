"""Handing in: files of any kind, what was recognised, findings by sheet, and reasons."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nianbao.desk.access import Need
from nianbao.desk.intake import Taken, take_in
from nianbao.desk.reasons import write_reason
from nianbao.desk.routes.report import context
from nianbao.desk.visit import Visit, door


def routes() -> list[BaseRoute]:
    """The routes of this subject."""
    base = "/agency/{agency}/{year:int}"
    return [
        Route(f"{base}/hand-in", door(hand_in, Need.READ)),
        Route(f"{base}/hand-in", door(receive, Need.WRITE, files=True), methods=["POST"]),
        Route(f"{base}/reason", door(reason, Need.SIGN), methods=["POST"]),
    ]


def hand_in(visit: Visit) -> Response:
    """Where files are handed in, and what the checks say of them."""
    return _show(visit, ())


def _show(visit: Visit, taken: tuple[Taken, ...]) -> Response:
    shared = context(visit, "hand-in")
    return visit.show("handin.html.j2", **shared, taken=taken)


def receive(visit: Visit) -> Response:
    """Take in files; what is acknowledged is on the disk."""
    sent = visit.files("files")
    desk, root = visit.desk, visit.desk.settings.root
    taken = take_in(root, visit.agency, visit.year, sent, desk.versions, visit.visitor.name)
    kept = [each.name for each in taken if not each.refused]
    if kept:
        visit.note(f"交了{'、'.join(kept)}")
    return _show(visit, tuple(taken) or (Taken("", refused="没有选择文件"),))


def reason(visit: Visit) -> Response:
    """Record why a finding stands."""
    key, words = visit.text("key"), visit.text("reason")
    findings = visit.desk.standing(visit.agency, visit.year).digest.findings
    known = next((f for f in findings if f.key == key and (f.open_to_reason or f.reason)), None)
    if known is None:
        return visit.show("refused.html.j2", 409, message="这条提醒已经不在了，没有记录理由")
    write_reason(visit.desk.settings.root, visit.agency, visit.year, key, words)
    visit.note(f"为〔{known.id}〕写了理由" if words.strip() else f"收回了〔{known.id}〕的理由")
    back = "texts" if visit.text("back") == "texts" else "hand-in"
    return visit.go(f"{visit.base}/{back}#finding-{known.number}")
