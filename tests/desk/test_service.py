"""What all pages of the desk share: how it knows of files that change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.desk.desks import open_desk
from tests.projects import copy_project

from nianbao.batch.worker import Outcome
from nianbao.desk.builds import Builds
from nianbao.desk.service import LOOK_SECONDS
from nianbao.desk.settings import Limits

AGENCY, YEAR = "shili-zrzyj", 2024


def test_a_look_from_before_a_build_ended_is_not_shown_after_it(tmp_path: Path) -> None:
    with open_desk(copy_project(tmp_path, AGENCY)) as client:
        desk = client.desk
        before = desk.files(AGENCY, YEAR)
        published = tmp_path / "output" / AGENCY / str(YEAR) / "manifest.json"
        published.parent.mkdir(parents=True)
        published.write_text("{}", "utf-8")
        assert desk.files(AGENCY, YEAR, 60 * LOOK_SECONDS) == before, "one look serves all pages"
        desk._built(AGENCY, YEAR, Outcome(AGENCY, YEAR, "built"))
        assert str(published) in desk.files(AGENCY, YEAR, 60 * LOOK_SECONDS)


def test_what_happens_after_a_page_was_drawn_is_told_by_its_first_report(tmp_path: Path) -> None:
    with open_desk(copy_project(tmp_path, AGENCY)) as client:
        desk, base = client.desk, f"/agency/{AGENCY}/{YEAR}"
        frame = client.get(f"{base}/page").text
        drawn = mark_of(client.get(f"{base}/report").text)
        assert drawn == desk.mark(AGENCY, YEAR)
        assert f'<meta name="mark" content="{drawn.split(".")[1]}">' in frame, "and the frame's"
        (tmp_path / "data" / AGENCY / str(YEAR) / "narrative.md").write_text(
            "## other\n无。\n", "utf-8"
        )
        assert drawn != desk.mark(AGENCY, YEAR)
        board = mark_of(client.get(f"/county/{YEAR}").text)
        desk.standing(AGENCY, YEAR)
        assert board != desk.board_mark(), "the board hears of what was read"
        board = mark_of(client.get(f"/county/{YEAR}").text)
        client.submit(f"{base}/texts/other", data={"text": "没有其他事项。", "how": "mine"})
        assert board != desk.board_mark(), "and of what somebody did"


def mark_of(page: str) -> str:
    found = re.search(r'data-mark="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_build_is_over_whatever_becomes_of_the_journal(tmp_path: Path) -> None:
    def fail(agency: str, year: int, outcome: Outcome) -> None:
        raise OSError("no space left")

    builds = Builds(tmp_path, Limits(), fail)
    with pytest.raises(OSError, match="no space"):
        builds._finish(Outcome(AGENCY, YEAR, "built"))
    build = builds.find(AGENCY, YEAR)
    assert build is not None
    assert (build.phase, builds.number) == ("built", 1)
