"""Kill a command at any moment, and see that nobody lost anything."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import time
from pathlib import Path

from tests import warm
from tests.faults.runs import AGENCY, YEAR, run, state, whole

_OUT, _DATA = f"output/{AGENCY}", f"data/{AGENCY}/{YEAR}"
_BUILD = (f"{_OUT}/.{YEAR}.last", f"{_OUT}/.{YEAR}.making-*/report.html", f"{_OUT}/edited/*")
SIGNS: dict[str, tuple[str | None, ...]] = {
    "build": (None, None, *_BUILD),
    "pull": (None, None, f"{_OUT}/.{YEAR}.lock", f"{_DATA}/.narrative.md.*"),
    "batch": (None, None, *_BUILD),
}
"""What there is when something is about to happen; None: any moment at all."""

EDIT = "这一句是局长在笔记本里加的。"
WORDS = {
    "build": ("build", AGENCY, YEAR, "--to", "html,docx"),
    "pull": ("pull", AGENCY, YEAR),
    "batch": ("batch", "--year", YEAR, "--to", "html", "--force"),
}


DIE_AT = """
import os, signal, sys

def seen(event, given):
    if event == os.environ["DIE_EVENT"] and os.environ["DIE_SIGN"] in " ".join(map(str, given)):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(seen)
"""
"""Run first by the command and by the server of a batch; each process, and each that is copied
from it, dies as by kill -9, with no word to anybody."""


def edit(root: Path) -> None:
    """Add a sentence to the finished notebook, as somebody would in JupyterLab."""
    path = root / "output" / AGENCY / YEAR / "report.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    cells = notebook["cells"]
    cell = next(c for c in cells if c["metadata"].get("nianbao", {}).get("section") == "overview")
    cell["source"] = "".join(cell["source"]).rstrip() + EDIT + "\n"
    path.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


def kill(root: Path, words: tuple[str, ...], seconds: float, sign: str | None = None) -> bool:
    """Run a command and kill it, and all that it started, after so long.

    Parameters
    ----------
    sign
        A pattern below the project: the time runs from when there is such a file. The moments
        that matter are short, and by chance alone hardly ever met.
    """
    process = warm.Running(*words, "--root", str(root), cwd=root)
    while sign and process.poll() is None and not any(root.glob(sign)):
        time.sleep(0.0005)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    finally:
        process.kill()
    return False


def narrative(root: Path) -> Path:
    return root / "data" / AGENCY / YEAR / "narrative.md"


def look(root: Path, before: dict[str, str], old: str, merged: str) -> str:
    """Hold what a killed command left to the promises; says in a word what it was."""
    changed = {k: v for k, v in state(root).items() if before.get(k) != v}
    hidden = {name for name in changed if "/.narrative.md." in name}
    assert set(changed) - hidden <= {f"data/{AGENCY}/{YEAR}/narrative.md"}, changed
    assert len(hidden) <= 1
    assert set(before) <= set(state(root)), "an input is gone"
    assert narrative(root).read_text("utf-8") in (old, merged), "half a narrative.md"
    target = root / "output" / AGENCY / YEAR
    if not target.exists():
        # Between two renames: the last set waits to be put back.
        assert target.with_name(f".{YEAR}.last").is_dir()
        return "between"
    text = json.loads((target / "report.ipynb").read_text("utf-8"))
    edited = EDIT in json.dumps(text, ensure_ascii=False)
    assert edited, "the edit is gone"
    others = state(target, ".")
    listed = json.loads((target / "manifest.json").read_text("utf-8"))["outputs"]
    names = [n for n in listed if n != "report.ipynb"]
    assert {n: others.get(n) for n in names} == {n: listed[n] for n in names}, "half a set"
    return "new" if whole(target) else "old"


class Kills:
    """A project to kill commands in, again and again, each time from the same state."""

    def __init__(self, root: Path, place: Path) -> None:
        self.root, self.place = root, place
        run(root, "build", AGENCY, YEAR, "--to", "html,docx", check=True)
        edit(root)
        self.old = narrative(root).read_text("utf-8")
        done = self._fresh("merged")
        run(done, "pull", AGENCY, YEAR, check=True)
        self.merged = narrative(done).read_text("utf-8")
        assert EDIT in self.merged
        self.seconds: dict[str, float] = {}

    def _fresh(self, name: str) -> Path:
        copy = self.place / name
        if copy.exists():
            shutil.rmtree(copy)
        return Path(shutil.copytree(self.root, copy, symlinks=True))

    def measure(self, name: str) -> float:
        """How long the command takes when nobody kills it."""
        if name not in self.seconds:
            copy, start = self._fresh("measured"), time.perf_counter()
            run(copy, *WORDS[name], check=True)
            self.seconds[name] = time.perf_counter() - start
        return self.seconds[name]

    def once(self, name: str, chance: random.Random) -> str:
        """Kill a command somewhere in its course, look, and let the next run do it right."""
        copy = self._fresh(name)
        before = state(copy)
        sign = chance.choice(SIGNS[name])
        longest = 0.02 if sign else 1.05 * self.measure(name)
        killed = kill(copy, WORDS[name], chance.uniform(0, longest), sign)
        found = look(copy, before, self.old, self.merged) if killed else "finished"
        self._next_run_is_right(copy)
        return found

    def at(self, name: str, event: str, sign: str) -> str:
        """Kill the process that is just about to do something, look, and let the next run mend it.

        Parameters
        ----------
        event, sign
            Name of an audit event, and what its arguments hold.
        """
        copy = self._fresh(name)
        before = state(copy)
        given = {"DIE_EVENT": event, "DIE_SIGN": sign}
        words = (*WORDS[name], "--root", str(copy))
        done = warm.run(*words, cwd=copy, env={**os.environ, **given}, first=DIE_AT)
        assert done.returncode != 0, "nothing of the kind was done"
        assert "Traceback" not in done.stderr, done.stderr
        found = look(copy, before, self.old, self.merged)
        self._next_run_is_right(copy)
        return found

    def _next_run_is_right(self, copy: Path) -> None:
        run(copy, "build", AGENCY, YEAR, "--to", "html,docx", check=True)
        target = copy / "output" / AGENCY / YEAR
        assert whole(target)
        assert narrative(copy).read_text("utf-8") == self.merged
        assert EDIT in (target / "report.html").read_text("utf-8")
        left = [p.name for p in target.parent.iterdir() if "making" in p.name or "last" in p.name]
        assert left == []
        assert not list(narrative(copy).parent.glob(".narrative.md.*"))
