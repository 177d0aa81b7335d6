"""Files that turn into something else while a batch reads them: their bureau's trouble alone."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests import warm
from tests.hostile.neighbours import BESIDE, HEALTHY, YEAR, finished, write_healthy
from tests.hostile.spoils import HANDED_IN, Folder, link, pipe, sparse, write_bureau

from nianbao.publishing.build import BuildOptions, build_report

pytestmark = pytest.mark.slow


def turned(path: Path, make: Callable[[Path], object]) -> None:
    """Put something in the place of a file, at once."""
    beside = path.with_name(f".{path.name}.new")
    make(beside)
    beside.replace(path)


def turns(folder: Folder) -> Iterator[None]:
    """Turn a text, a table, a card and the whole folder into something else, one each time."""
    text, table = folder.data / "narrative.md", folder.data / "disclosures.csv"
    away = folder.data.with_name("away")
    whole = folder.card.read_text("utf-8")
    others = (
        lambda path: link(path, "/dev/zero"), pipe, sparse,
        lambda path: path.write_text("## overview\n\n甲。\n", "utf-8"),
    )  # fmt: skip
    for number in itertools.count():
        turned(text, others[number % len(others)])
        yield
        turned(table, others[number % 3])
        yield
        turned(table, lambda path: path.write_text(HANDED_IN["disclosures.csv"], "utf-8"))
        turned(
            folder.card, lambda path, n=number: path.write_text(whole[: n % len(whole)], "utf-8")
        )
        yield
        turned(folder.card, lambda path: path.write_text(whole, "utf-8"))
        folder.data.rename(away)
        folder.data.symlink_to(folder.root / "data" / BESIDE / str(YEAR))
        yield
        folder.data.unlink()
        away.rename(folder.data)


def test_what_turns_into_something_else_meanwhile_disturbs_nobody(tmp_path: Path) -> None:
    root, alone = write_healthy(tmp_path / "beside"), write_healthy(tmp_path / "alone")
    for code in HEALTHY:
        build_report(alone, code, YEAR, BuildOptions(("html",)))
    folder = Folder(root, "a-hostile", 1)
    write_bureau(folder)
    batch = warm.Running(
        "batch", "--year", str(YEAR), "--to", "html", "--json", "--root", str(root), cwd=root
    )
    turning = turns(folder)
    while batch.poll() is None:
        next(turning)
        time.sleep(0.005)  # the batch has work to do
    shown, _ = batch.communicate()
    assert batch.returncode in (0, 1)
    rows = {r["agency"]: r for r in json.loads(shown)["reports"]}
    assert [rows[code]["status"] for code in HEALTHY] == ["built"] * len(HEALTHY)
    assert finished(root) == finished(alone)
    said = "".join(rows["a-hostile"]["problems"]) if "a-hostile" in rows else ""
    assert "程序出错" not in said, said
    assert os.path.lexists(folder.data)
