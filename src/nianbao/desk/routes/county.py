"""The county's board: all bureaus at a glance, and what is done for all of them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TypedDict

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nianbao.desk.access import Need
from nianbao.desk.beginning import add_agency, begin_years
from nianbao.desk.builds import Batch, Build
from nianbao.desk.lookup import unit_sums
from nianbao.desk.routes.files import PUBLISHED
from nianbao.desk.routes.report import context, download
from nianbao.desk.service import BoardRow
from nianbao.desk.standing import ReportState
from nianbao.desk.storage import HANDED_BACK
from nianbao.desk.versions import zip_files
from nianbao.desk.visit import Visit, door
from nianbao.errors import UsageError
from nianbao.files.words import day_words
from nianbao.finished.folder import report_folder
from nianbao.finished.summary import KEY_FIGURES
from nianbao.inputs.params import KINDS
from nianbao.inputs.project import list_years
from nianbao.statutory import TABLE_NUMBERS

_LONGEST_REASON = 500


def routes() -> list[BaseRoute]:
    """Return the routes of this subject."""
    return [
        Route("/", door(home, Need.ACCOUNT)),
        Route("/county/{year:int}", door(board, Need.OFFICE)),
        Route("/county/{year:int}/rows", door(board_rows, Need.OFFICE)),
        Route("/county/{year:int}/batch", door(batch, Need.OFFICE), methods=["POST"]),
        Route("/county/{year:int}/reminder", door(reminder, Need.OFFICE)),
        Route("/county/{year:int}/all.zip", door(all_reports, Need.OFFICE)),
        Route("/county/{year:int}/next", door(next_year, Need.OFFICE), methods=["POST"]),
        Route("/county/{year:int}/new", door(new_agency, Need.OFFICE), methods=["POST"]),
        Route("/agency/{agency}/{year:int}/sums", door(sums, Need.READ)),
        Route(
            "/agency/{agency}/{year:int}/hand-back", door(hand_back, Need.OFFICE), methods=["POST"]
        ),
    ]


def home(visit: Visit) -> Response:
    """Return the board for the office, a clerk's own report for a clerk."""
    due = date.today().year - 1
    if visit.visitor.agency:
        own = list_years(visit.desk.settings.root, visit.visitor.agency)
        return visit.go(f"/agency/{visit.visitor.agency}/{year_in_hand(own, due)}")
    years = visit.desk.years()
    if not years:
        return visit.show("empty.html.j2", year=due, kinds=KINDS)
    return visit.go(f"/county/{year_in_hand(years, due)}")


def year_in_hand(years: Collection[int], due: int) -> int:
    """Return the year to open: the last that is over, though a later one may be begun already.

    Examples
    --------
    >>> year_in_hand((2024, 2025, 2026), 2025), year_in_hand((2026,), 2025), year_in_hand((), 2025)
    (2025, 2026, 2025)
    """
    return max((year for year in years if year <= due), default=min(years, default=due))


class BoardContext(TypedDict):
    """The values that the templates of the board read."""

    year: int
    mark: str
    rows: list[BoardRow]
    figures: Mapping[str, str]
    counts: list[tuple[ReportState, int]]
    unread: int
    batch: Batch | None
    builds: dict[str, Build | None]
    kinds: Mapping[str, str]
    points: dict[str, str]


def _shared(visit: Visit) -> BoardContext:
    mark = visit.desk.board_mark()  # first: what changes from here on is reported
    rows = visit.desk.rows(visit.year)
    counts = Counter(row.state for row in rows)
    return {
        "year": visit.year, "mark": mark, "rows": rows, "figures": KEY_FIGURES,
        "counts": [(state, counts[state]) for state in ReportState if counts[state]],
        "unread": counts[None], "batch": visit.desk.builds.batch,
        "builds": {row.agency: visit.desk.builds.find(row.agency, visit.year) for row in rows},
        "kinds": KINDS, "points": dict(_points(rows)),
    }  # fmt: skip


def _points(rows: Iterable[BoardRow]) -> Iterator[tuple[str, str]]:
    """Yield of each bureau how many points of its notice its text makes."""
    for row in rows:
        asked = row.standing.digest.checklist if row.standing else None
        if asked is not None and asked.points:
            yield row.agency, asked.tally


def board(visit: Visit) -> Response:
    """Return all bureaus of a year."""
    shared, years = _shared(visit), visit.desk.years()
    return visit.show("county.html.j2", **shared, years=years, reported=visit.result() or {})


def board_rows(visit: Visit) -> Response:
    """Return the board without the page around it, for the script that keeps it fresh."""
    return visit.show("countyrows.html.j2", **_shared(visit))


def batch(visit: Visit) -> Response:
    """Make all reports of the year that changed."""
    if visit.desk.builds.start_batch(visit.year):
        visit.desk.store.note(visit.visitor.name, "", visit.year, "批量生成")
    return visit.go(f"/county/{visit.year}")


def reminder(visit: Visit) -> Response:
    """Return a text to remind those who are not done, to be copied."""
    desk, year = visit.desk, visit.year
    late = [
        row for row in desk.rows(year)
        if (row.state is not ReportState.FROZEN or row.handed_back)
        and desk.contact(row.agency, year).kind != "government"
    ]  # fmt: skip
    return visit.show("reminder.html.j2", year=visit.year, late=late, text=_reminder(visit, late))


def _reminder(visit: Visit, late: list[BoardRow]) -> str:
    lines = [
        f"{i}. {row.name}：{_what_is_left(row)}"
        + (f"，已逾期{-row.days}天" if row.days < 0 else "")
        for i, row in enumerate(late, 1)
    ]
    day = day_words(date(visit.year + 1, 1, 31))
    head = (
        f"各有关单位：\n　　按照《中华人民共和国政府信息公开条例》规定，{visit.year}年"
        f"政府信息公开工作年度报告应于{day}前公布。截至目前，下列单位还没有完成，请抓紧填报、核对、定稿：\n"
    )
    if visit.desk.settings.is_local:  # nobody else can come to this machine
        return head + "\n".join(lines)
    return head + "\n".join(lines) + f"\n　　填报网址：{visit.desk.settings.address}"


def _what_is_left(row: BoardRow) -> str:
    """Return how far a bureau is."""
    if row.handed_back:
        return f"已退回修改（{row.handed_back.what.rstrip('。')}）"
    words = {
        ReportState.BLANK: "尚未填报", ReportState.FAULTY: "填报数据有错误",
        ReportState.MADE: "已生成，尚未定稿", None: "尚未核对",
    }  # fmt: skip
    return words.get(row.state, "尚未生成或改后未重新生成")


def hand_back(visit: Visit) -> Response:
    """Hand a report back to its bureau, which reads why until it freezes the report anew."""
    why = " ".join(visit.text("why").split())
    if not 0 < len(why) <= _LONGEST_REASON:
        raise UsageError(f"请写明要改什么，不超过{_LONGEST_REASON}字")
    visit.note(f"{HANDED_BACK}{why}")
    return visit.go(visit.base)


def all_reports(visit: Visit) -> Response:
    """Return the documents of all bureaus as one archive."""
    root, files = visit.desk.settings.root, {}
    for row in visit.desk.rows(visit.year):
        folder = report_folder(root, row.agency, visit.year)
        for name in PUBLISHED:
            if (folder / name).is_file():
                title = f"{row.name}{visit.year}年政府信息公开工作年度报告{Path(name).suffix}"
                files[f"{row.name}/{title}"] = (folder / name).read_bytes()
    if not files:
        raise UsageError(f"{visit.year}年还没有生成任何报告")
    return download(zip_files(files), f"{visit.year}年全部年度报告.zip", "application/zip")


def next_year(visit: Visit) -> Response:
    """Begin the year for all bureaus that have not."""
    desk, year, root = visit.desk, visit.year, visit.desk.settings.root
    new = [a for a in desk.agencies(year) if year not in list_years(root, a)]
    reported = desk.read("", begin_years, root, new, year)
    desk.forget_roster()
    reported = {desk.contact(agency, year).name: words for agency, words in reported.items()}
    desk.store.note(visit.visitor.name, "", year, f"为{len(new)}个单位开始{year}年")
    return visit.then(f"/county/{year}", reported)


def new_agency(visit: Visit) -> Response:
    """Add an agency that begins with this year, and open its report."""
    desk, year, root = visit.desk, visit.year, visit.desk.settings.root
    code, name = visit.text("code").strip(), visit.text("name").strip()
    desk.read("", add_agency, root, code, year, name, visit.text("kind"))
    desk.forget_roster()
    desk.store.note(visit.visitor.name, code, year, f"新增了单位“{name}”")
    return visit.go(f"/agency/{code}/{year}")


def sums(visit: Visit) -> Response:
    """Return a government's sums, unit by unit."""
    table, row = visit.query("table", "requests"), visit.query("row", "new")
    if table not in TABLE_NUMBERS:
        raise UsageError("没有这张表")
    found = visit.ask(unit_sums, table, row)
    return visit.show(
        "sums.html.j2", **context(visit, ""), found=found, table=table, tables=TABLE_NUMBERS
    )
