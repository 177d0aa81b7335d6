"""The power fails at any moment: the old set or the new one is there, whole, and the edit too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.batch.batch_tools import in_a_copy
from tests.faults import steps
from tests.faults.power import record, write_tree
from tests.faults.steps import JOBS, LATE, files, make_set, mend
from tests.faults.test_steps import whole


def publish(root: Path) -> None:
    """As the job of the steps; the editor makes sure that its file is on the disk."""
    target = root / "2024"
    with steps.report_lock(target), steps.staged(target) as making:
        make_set(making, "new")
        with (target / "report.ipynb").open("w", encoding="utf-8") as file:
            file.write(LATE)
            file.flush()
            os.fsync(file.fileno())


WORK: dict[str, Callable[[Path], None]] = {**JOBS, "publish": publish}


def disks(name: str, place: Path) -> Iterator[dict[str, dict[str, str]]]:
    """Each disk that may be found, and the files after the next run has put it right."""
    root = place / name
    root.mkdir()
    if name != "first":
        (root / "2024").mkdir()
        make_set(root / "2024", "last")
    (root / "narrative.md").write_text("old\n", "utf-8")
    for number, tree in enumerate(record(root, WORK[name])):
        found = place / f"{name}-{number}"
        found.mkdir()
        write_tree(found, tree)
        left = files(found)
        mend(found)
        yield {"left": left, "mended": files(found)}


def found(name: str, place: Path) -> list[dict[str, dict[str, str]]]:
    return in_a_copy(lambda: list(disks(name, place)))


@pytest.mark.parametrize(("name", "least"), [("publish", 30), ("first", 10), ("fail", 10)])
def test_a_set_is_the_old_or_the_new_one_whole(name: str, least: int, tmp_path: Path) -> None:
    every = found(name, tmp_path)
    assert len(every) >= least, "the disks differ"
    sets, saved = set(), False
    for disk in every:
        left, mended = disk["left"], disk["mended"]
        published = {n for n in mended if n.startswith("2024/") and "/failed/" not in n}
        which = [words for words in ("last", "new") if whole(mended, "2024", words)]
        assert which or (name == "first" and not published), disk
        sets |= set(which)
        saved = saved or LATE in left.values()
        assert not saved or LATE in mended.values(), disk
    assert sets == {"publish": {"last", "new"}, "first": {"new"}, "fail": {"last"}}[name]
    assert saved == (name == "publish")
    assert whole(every[-1]["mended"], "2024", "last" if name == "fail" else "new")


def test_the_narrative_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    every = [disk["mended"]["narrative.md"] for disk in found("write", tmp_path)]
    assert set(every) == {"old\n", "new\n"}
    assert every[-1] == "new\n"
