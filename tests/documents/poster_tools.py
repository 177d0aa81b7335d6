"""What the tests of the poster share: one of a bureau with many numbers, and any other."""

from __future__ import annotations

from functools import cache

from tests.documents.sample_document import sample_document
from tests.projects import REPOSITORY

from nianbao.documents.poster import Poster, make_poster, render_poster
from nianbao.fonts import find_fonts
from nianbao.notebook.report import Report
from nianbao.notebook.report_json import report_json_text

BUSY = ("shili-zrzyj", 2024)


@cache
def report_json(agency: str, year: int) -> str:
    return report_json_text(Report.open(agency, year, root=REPOSITORY))


@cache
def made(agency: str = BUSY[0], year: int = BUSY[1]) -> dict[str, bytes]:
    fonts = find_fonts((REPOSITORY / "fonts",))
    return render_poster(report_json(agency, year), sample_document(), fonts)


def poster_of(agency: str = BUSY[0], year: int = BUSY[1]) -> Poster:
    return make_poster(report_json(agency, year), sample_document())
