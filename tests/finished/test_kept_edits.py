"""Edited files are kept by a rule: the newest as they were, older ones packed, none without end."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from nianbao.finished import kept_edits
from nianbao.finished.kept_edits import EARLIER, MOST_LOOSE, keep_edited, kept_folder, kept_size


def notebook(text: str) -> str:
    output = {"output_type": "stream", "text": "x" * 100_000}
    cells = [
        {"cell_type": "markdown", "source": text, "metadata": {}},
        {"cell_type": "code", "source": "1", "outputs": [output], "metadata": {}},
    ]
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def keep(target: Path, number: int, name: str = "report.ipynb") -> Path:
    file = target / name
    file.write_text(notebook(f"第{number}次修改"), "utf-8")
    os.utime(file, (number, number))
    return keep_edited(target, file)


def packed(target: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(kept_folder(target) / EARLIER) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_hundred_edits_take_little_room_and_each_is_found(tmp_path: Path) -> None:
    target = tmp_path / "2024"
    target.mkdir()
    names = [keep(target, number).name for number in range(101)]
    folder = kept_folder(target)
    loose = {file.name for file in folder.glob("*.ipynb")}
    assert MOST_LOOSE // 2 <= len(loose) <= MOST_LOOSE
    assert loose == set(names[-len(loose) :]), "the newest lie there as they were"
    assert all("x" * 1000 in (folder / name).read_text("utf-8") for name in loose)
    assert list(packed(target)) == names[: -len(loose)]
    for number, text in enumerate(packed(target).values()):
        assert f"第{number}次修改" in json.loads(text)["cells"][0]["source"]
        assert b"xxx" not in text, "what a run gives again is not kept"
    size = kept_size(folder)
    assert (size.files, size.bytes < 101 * 25_000) == (101, True)
    assert str(size) == f"101份，{size.bytes / 1e6:.1f} MB"


def test_the_oldest_go_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_edits, "MOST_LOOSE", 4)
    monkeypatch.setattr(kept_edits, "MOST_PACKED", 6)
    target = tmp_path / "2024"
    target.mkdir()
    names = [keep(target, number).name for number in range(20)]
    loose = [name for name in names if (kept_folder(target) / name).exists()]
    assert [*packed(target), *loose] == names[-6 - len(loose) :]
    monkeypatch.setattr(kept_edits, "MOST_PACKED_BYTES", 1)
    names += [keep(target, number).name for number in range(20, 24)]
    assert len(packed(target)) == 1


def test_a_run_killed_while_packing_loses_nothing(tmp_path: Path) -> None:
    """The archive is whole before a file goes; a file in both places is packed once."""
    target = tmp_path / "2024"
    target.mkdir()
    names = [keep(target, number).name for number in range(MOST_LOOSE + 1)]
    twice = names[0]
    (kept_folder(target) / twice).write_text(notebook("第0次修改"), "utf-8")
    os.utime(kept_folder(target) / twice, (0, 0))
    names += [keep(target, number).name for number in range(100, 100 + MOST_LOOSE)]
    loose = [file.name for file in kept_folder(target).glob("*.ipynb")]
    assert sorted([*packed(target), *loose]) == sorted(names)


def test_a_damaged_archive_is_laid_aside(tmp_path: Path) -> None:
    target = tmp_path / "2024"
    target.mkdir()
    kept_folder(target).mkdir(parents=True)
    (kept_folder(target) / EARLIER).write_bytes(b"no archive")
    for number in range(MOST_LOOSE + 1):
        keep(target, number)
    assert packed(target)
    assert len(list(kept_folder(target).glob("damaged-*"))) == 1
