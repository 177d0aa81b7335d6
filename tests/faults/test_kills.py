"""A command that is killed, wherever it is, costs nobody anything; benchmarks/kills.py has more."""

from __future__ import annotations

import random

import pytest
from tests.faults.kills import Kills
from tests.faults.runs import AGENCY, YEAR
from tests.projects import copy_project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kills(tmp_path_factory: pytest.TempPathFactory) -> Kills:
    place = tmp_path_factory.mktemp("kills")
    return Kills(copy_project(place / "project", AGENCY), place)


@pytest.mark.parametrize("moment", range(3))
def test_nothing_is_lost_at_any_moment(kills: Kills, moment: int) -> None:
    name = ("build", "pull", "batch")[moment]
    assert kills.once(name, random.Random(moment)) in {"old", "new", "between", "finished"}


@pytest.mark.parametrize(
    ("name", "event", "sign", "found"),
    [
        ("build", "os.rename", f"{YEAR} ", "old"),
        ("build", "os.rename", ".making-", "between"),
        ("build", "shutil.rmtree", f".{YEAR}.last", "new"),
        ("build", "shutil.copyfile", "report.ipynb", "old"),
        ("pull", "os.rename", ".narrative.md.", "old"),
        # A batch outlives its worker and puts the last set back at once.
        ("batch", "os.rename", ".making-", "old"),
    ],
)
def test_nothing_is_lost_between_two_steps(
    kills: Kills, name: str, event: str, sign: str, found: str
) -> None:
    assert kills.at(name, event, sign) == found
