"""Finished files: looking at them, taking them away, freezing, earlier versions."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nianbao.desk.access import Need
from nianbao.desk.finished_set import Extra, compare_with_frozen, review_sheet
from nianbao.desk.guard import REPORT_POLICY
from nianbao.desk.routes.report import context, download
from nianbao.desk.standing import ReportState, checklist, open_points
from nianbao.desk.storage import FROZEN, Version
from nianbao.desk.versions import FINAL, SEEN, VERSION_KINDS, zip_files
from nianbao.desk.visit import Visit, door
from nianbao.errors import NianbaoError, UsageError, group_problems
from nianbao.finished.folder import report_folder

MEDIA = {
    ".html": "text/html", ".pdf": "application/pdf", ".json": "application/json",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ipynb": "application/x-ipynb+json", ".png": "image/png",
}  # fmt: skip
PUBLISHED = ("report.html", "report.pdf", "report.docx")
SHOWN = frozenset({"report.html", "report.pdf"})
"""What a browser shows by itself; everything else is saved."""


def routes() -> list[BaseRoute]:
    """Return the routes of this subject."""
    base = "/agency/{agency}/{year:int}"
    return [
        Route(f"{base}/files/{{name}}", door(finished_file, Need.READ)),
        Route(f"{base}/final", door(final, Need.READ)),
        Route(f"{base}/final.zip", door(all_files, Need.READ)),
        Route(f"{base}/poster/{{name}}", door(poster, Need.READ)),
        Route(f"{base}/website.zip", door(website, Need.READ)),
        Route(f"{base}/review", door(review, Need.READ)),
        Route(f"{base}/freeze", door(confirm, Need.SIGN)),
        Route(f"{base}/freeze", door(freeze, Need.SIGN), methods=["POST"]),
        Route(f"{base}/versions/{{number:int}}", door(old_file, Need.READ)),
        Route(f"{base}/versions/{{number:int}}/compare", door(compare, Need.READ)),
        Route(f"{base}/versions/{{number:int}}/restore", door(restore, Need.WRITE),
              methods=["POST"]),
    ]  # fmt: skip


def _folder(visit: Visit) -> Path:
    return report_folder(visit.desk.settings.root, visit.agency, visit.year)


def _title(visit: Visit) -> str:
    name = visit.desk.standing(visit.agency, visit.year).digest.contact.name
    return f"{name}{visit.year}年政府信息公开工作年度报告"


def finished_file(visit: Visit) -> Response:
    """Return a file of the finished set, by a name that the set has."""
    name = str(visit.request.path_params["name"])
    done = visit.desk.standing(visit.agency, visit.year).finished
    if done is None or name not in done.files:
        return visit.show("refused.html.j2", 404, message="没有这个文件，请先生成报告")
    data = (_folder(visit) / name).read_bytes()
    suffix = Path(name).suffix
    if name in SHOWN and visit.query("save") != "1":
        answer = Response(data, media_type=MEDIA[suffix])
        answer.headers["Content-Security-Policy"] = REPORT_POLICY
        return answer
    media = MEDIA.get(suffix, "application/octet-stream")
    return download(data, f"{_title(visit)}{suffix}", media)


def final(visit: Visit) -> Response:
    """Return everything that leaves the house, the points to look at, and earlier versions."""
    shared = context(visit, "final")
    page, cms, problems = _fragments(visit) if shared["finished"] else ("", "", ())
    versions = visit.desk.store.versions(visit.agency, visit.year)
    return visit.show(
        "final.html.j2", **shared, page=page, cms=cms, problems=problems,
        items=checklist(
            shared["standing"], shared["state"],
            visit.desk.day_of(visit.agency, visit.year, shared["state"]),
        ),
        frozen=[v for v in versions if v.kind == FINAL],
        others=[v for v in versions if v.kind not in {FINAL, SEEN}], kinds=VERSION_KINDS,
        headings={s.key: s.heading for s in shared["digest"].sections},
    )  # fmt: skip


def _extra(visit: Visit, kind: Extra) -> dict[str, bytes]:
    return visit.desk.extra(visit.agency, visit.year, kind)


def _fragments(visit: Visit) -> tuple[str, str, tuple[str, ...]]:
    """Return two fragments to paste into a website: one with a style of its own, one without.

    The third is why there are none; all are empty while they are being made.
    """
    try:
        made = visit.desk.fragments_soon(visit.agency, visit.year)
    except NianbaoError as error:
        return "", "", group_problems(error.problems)
    page, cms = (made.get(f"report.{name}.html", b"").decode() for name in ("fragment", "cms"))
    return page, cms, ()


def poster(visit: Visit) -> Response:
    """Send 一图读懂, as the picture on the page and as files to take away."""
    files, title = _extra(visit, "poster"), f"{_title(visit)}（一图读懂）"
    name = str(visit.request.path_params["name"])
    if name not in files:
        return visit.show("refused.html.j2", 404, message="没有这个文件，请先生成报告")
    if name == "poster.png" and visit.query("save") != "1":
        return Response(files[name], media_type="image/png")
    media = MEDIA.get(Path(name).suffix, "application/octet-stream")
    return download(files[name], f"{title}{Path(name).suffix}", media)


def website(visit: Visit) -> Response:
    """Return the fragment for content systems with its pictures and their list, as one archive."""
    files = _extra(visit, "cms")
    if not files:
        raise UsageError("还没有生成报告")
    return download(zip_files(files), f"{_title(visit)}（贴到网站）.zip", "application/zip")


def all_files(visit: Visit) -> Response:
    """Return the documents of the finished set as one archive."""
    folder, title = _folder(visit), _title(visit)
    files = {
        f"{title}{Path(name).suffix}": (folder / name).read_bytes()
        for name in PUBLISHED if (folder / name).is_file()
    }  # fmt: skip
    if not files:
        raise UsageError("还没有生成报告")
    return download(zip_files(files), f"{title}.zip", "application/zip")


def review(visit: Visit) -> Response:
    """Return the 审校单: what changed against last year, for whoever signs."""
    answer = Response(visit.ask(review_sheet), media_type="text/html")
    answer.headers["Content-Security-Policy"] = REPORT_POLICY
    return answer


def confirm(visit: Visit) -> Response:
    """Ask whoever signs whether the report is final with what is still open, point by point."""
    shared = context(visit, "final")
    points = open_points(shared["standing"])
    if shared["state"] is not ReportState.MADE or not points:
        return visit.go(f"{visit.base}/final")
    warnings = [f for f in shared["digest"].findings if f.severity == "warning" and not f.reason]
    return visit.show("confirm.html.j2", **shared, points=points, warnings=warnings)


def freeze(visit: Visit) -> Response:
    """Keep the finished set for good; with points open, when as many were confirmed."""
    desk = visit.desk
    standing = desk.standing(visit.agency, visit.year)
    state = desk.state(standing)
    handed_back = visit.agency in desk.store.handed_back(visit.year)
    if state is ReportState.FROZEN and not handed_back:
        return visit.go(f"{visit.base}/final")
    if state not in {ReportState.MADE, ReportState.FROZEN}:
        raise UsageError("报告还没有生成，或者生成以后又改过；请重新生成后再定稿")
    count = len(open_points(standing))
    if count and visit.text("confirmed") != str(count):
        return visit.go(f"{visit.base}/freeze")
    desk.versions.freeze(visit.agency, visit.year, visit.visitor.name)
    visit.note(f"{FROZEN}（仍有{count}项未办，已确认）" if count else FROZEN)
    return visit.go(f"{visit.base}/final")


def _version(visit: Visit) -> Version:
    number = int(visit.request.path_params["number"])
    found = visit.desk.versions.find(visit.agency, visit.year, number)
    if found is None:
        raise UsageError("没有这个版本，可能已经超出保留的数量")
    return found


def old_file(visit: Visit) -> Response:
    """Return a version of a file, to be saved."""
    found = _version(visit)
    name = found.name if "." in found.name else f"{found.name}.md"
    data = visit.desk.versions.read(found)
    return download(data, name, "application/octet-stream")


def compare(visit: Visit) -> Response:
    """Return a frozen version, or one that somebody had read, beside the finished set of now."""
    found = _version(visit)
    if found.kind not in {FINAL, SEEN}:
        raise UsageError("只有定稿和看过的一稿可以比较")
    changes = visit.ask(compare_with_frozen, visit.desk.versions.read(found))
    return visit.show("compare.html.j2", **context(visit, "final"), version=found, changes=changes)


def restore(visit: Visit) -> Response:
    """Put the data and texts of a frozen version back."""
    found = _version(visit)
    if found.kind != FINAL:
        raise UsageError("只有定稿可以恢复；其他文件请下载后重新交")
    desk = visit.desk
    changed = desk.versions.restore(visit.agency, visit.year, found, visit.visitor.name)
    visit.note(f"恢复了{found.at[:10]}的定稿，改动{len(changed)}个文件")
    return visit.go(f"{visit.base}/final")
