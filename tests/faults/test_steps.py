"""Killed before each single step of publishing: all of a set or nothing, and no edit lost."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.batch.batch_tools import in_a_copy
from tests.faults.steps import LATE, walk

Step = dict[str, Any]


@cache
def steps(job: str) -> list[Step]:
    """What a job left on the disk at each step, and after the next run."""
    with tempfile.TemporaryDirectory(prefix="nianbao-steps-") as place:
        return in_a_copy(lambda: list(walk(job, Path(place))))


def whole(files: dict[str, str], folder: str, words: str) -> bool:
    """Whether a folder holds a set of one origin, all of it."""
    kept = {name: text for name, text in files.items() if name.startswith(f"{folder}/")}
    own = {f"{folder}/{name}" for name in ("report.html", "report.ipynb", "manifest.json")}
    if set(kept) - {f"{folder}/failed/report.ipynb"} != own:
        return False
    edited = words == "last" and kept[f"{folder}/report.ipynb"] in ("", LATE)
    return kept[f"{folder}/report.html"] == words and (
        edited or kept[f"{folder}/report.ipynb"] == words
    )


def test_each_step_of_publishing() -> None:
    seen, saved = set(), False
    found = steps("publish")
    for step in found:
        left, mended = step["left"], step["mended"]
        if whole(left, "2024", "last"):
            seen.add("last")
        elif whole(left, "2024", "new"):
            seen.add("new")
        else:
            assert not any(name.startswith("2024/") for name in left), step
            assert whole(left, ".2024.last", "last"), step
            seen.add("between")
        assert whole(mended, "2024", "last") or whole(mended, "2024", "new"), step
        assert not [name for name in mended if name.startswith(".2024")], step
        saved = saved or LATE in left.values()
        assert not saved or LATE in mended.values(), step
        edited = [text for name, text in mended.items() if name.startswith("edited/")]
        assert edited in ([], [LATE]), step
    assert seen == {"last", "between", "new"}
    assert saved
    assert found[-1]["before"] == "", "the last time nobody killed it"
    assert whole(found[-1]["mended"], "2024", "new")


def test_each_step_of_publishing_for_the_first_time() -> None:
    found = steps("first")
    for step in found:
        for files in (step["left"], step["mended"]):
            published = any(name.startswith("2024/") for name in files)
            assert not published or whole(files, "2024", "new"), step
        assert not [name for name in step["mended"] if name.startswith(".2024")], step
    assert whole(found[-1]["left"], "2024", "new")


def test_each_step_of_a_run_that_fails() -> None:
    found = steps("fail")
    for step in found:
        assert whole(step["left"], "2024", "last"), step
        assert whole(step["mended"], "2024", "last"), step
        assert not [name for name in step["mended"] if name.startswith(".2024")], step
    assert found[-1]["left"]["2024/failed/report.ipynb"] == "half"


def test_each_step_of_writing_the_narrative() -> None:
    found = steps("write")
    assert {step["left"]["narrative.md"] for step in found} == {"old\n", "new\n"}
    for step in found:
        assert step["mended"]["narrative.md"] == step["left"]["narrative.md"], step
        assert {n for n in step["mended"] if "narrative" in n} == {"narrative.md"}, step


@pytest.mark.parametrize("job", ["publish", "first", "fail", "write"])
def test_the_walk_meets_every_rename(job: str) -> None:
    renames = [s["before"] for s in steps(job) if s["before"].startswith("os.rename")]
    assert len(renames) == {"publish": 3, "first": 1, "fail": 1, "write": 1}[job]
