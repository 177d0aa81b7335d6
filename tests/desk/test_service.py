"""What all pages of the desk share: how it knows of files that change."""

from __future__ import annotations

from pathlib import Path

from tests.desk.desks import open_desk
from tests.projects import copy_project

from nianbao.batch.worker import Outcome
from nianbao.desk.service import LOOK_SECONDS

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
