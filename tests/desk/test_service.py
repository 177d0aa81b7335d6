"""What all pages of the desk share: how it knows of files that change."""

from __future__ import annotations

import re
from concurrent.futures import Future
from pathlib import Path

import pytest
from tests.desk.desks import open_desk
from tests.projects import copy_project

from nianbao.batch.worker import Job, Outcome, failed
from nianbao.desk.builds import UNEXPLAINED, Batch, Build, Builds
from nianbao.desk.digest import Digest
from nianbao.desk.service import LOOK_SECONDS
from nianbao.desk.settings import DeskLimits
from nianbao.desk.standing import ReportState, Standing, list_steps

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

    builds = Builds(tmp_path, DeskLimits(), fail)
    with pytest.raises(OSError, match="no space"):
        builds._finish(Outcome(AGENCY, YEAR, "built"))
    build = builds.find(AGENCY, YEAR)
    assert build is not None
    assert (build.phase, builds.number) == ("built", 1)


def test_a_build_that_makes_nothing_says_why_to_the_page_and_to_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Outcome] = []
    builds = Builds(tmp_path, DeskLimits(), lambda agency, year, outcome: told.append(outcome))
    job = Job(tmp_path, AGENCY, YEAR)

    def broken(job: Job) -> Outcome:
        raise OSError("no process")

    for ends, said in (
        (lambda job: None, "服务停止"),
        (broken, "OSError"),
        (lambda job: Outcome(AGENCY, YEAR, "failed"), UNEXPLAINED),
        (lambda job: failed(job, f"data/{AGENCY}/{YEAR}/a.csv：不能识别"), "a.csv：不能识别"),
    ):
        monkeypatch.setattr(builds, "_make", ends)
        builds._run(job)
        build = builds.find(AGENCY, YEAR)
        assert build is not None
        assert build.phase == "failed"
        assert said in build.lines[0]
        assert "data/" not in build.lines[0]
        assert told.pop().problems


def test_what_a_lost_batch_had_begun_is_over_with_it(tmp_path: Path) -> None:
    ends: list[tuple[int, str]] = []
    builds = Builds(tmp_path, DeskLimits(), lambda *_: None, lambda *end: ends.append(end))
    builds._batch = Batch(YEAR)
    builds._take_note(Job(tmp_path, AGENCY, YEAR))
    builds._end_batch(YEAR, "中途退出")
    build = builds.find(AGENCY, YEAR)
    assert build is not None
    assert (build.phase, build.lines) == ("failed", ("中途退出",))
    assert ends == [(YEAR, "中途退出")]
    assert builds.batch is not None
    assert builds.batch.over


def test_a_page_does_not_call_unmade_what_it_has_not_looked_at(tmp_path: Path) -> None:
    root = copy_project(tmp_path, AGENCY)
    with open_desk(root) as client:
        desk = client.desk
        standing = Standing(Digest(AGENCY, YEAR, desk.contact(AGENCY, YEAR)), None)
        assert list_steps(standing, ReportState.READY, Build("built"))[3].word == "正在核对"
        assert list_steps(standing, ReportState.READY, None)[3].word == "还没有生成"
        desk.builds._note(Job(root, AGENCY, YEAR), Build("built"))
        key = (AGENCY, YEAR)
        desk.standings._known[key] = ({}, standing)  # read before the build ended
        desk.standings._begin = lambda key: Future()
        object.__setattr__(desk.settings, "limits", DeskLimits(page_seconds=0))
        page = client.get(f"/agency/{AGENCY}/{YEAR}/report").text
    assert "已经生成，正在核对" in page
    assert f'href="/agency/{AGENCY}/{YEAR}/page" target="_blank"' in page, "a telephone reads it so"
    assert "还没有生成" not in page
