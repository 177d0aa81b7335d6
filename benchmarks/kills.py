"""Kill build, pull and batch at random moments; write down what was found there.

    python benchmarks/kills.py [--moments 200] [--seed 7]    run; every moment is written down
    python benchmarks/kills.py --page                        the figures into docs/security.md

Each time from the same state: a published report whose notebook somebody edited. After the kill
the inputs, the edit and the published set are looked at, then the next run must be right (see
tests/faults/kills.py). A broken promise is counted and ends the run. A run adds to the figures
of those before it.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "benchmarks" / "kills.json"
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- kills: begin -->", "<!-- kills: end -->"
FOUND = {
    "old": "the last set, edit and all",
    "new": "the new set",
    "between": "between two renames; the next run put the last set back",
    "finished": "the command had ended",
    "broken": "something lost or broken, or the next run failed",
}
sys.path.insert(0, str(ROOT))


def read_figures() -> dict[str, dict[str, int]]:
    """What was found so far, by command."""
    found: dict[str, dict[str, int]] = {}
    if FIGURES.is_file():
        found = json.loads(FIGURES.read_text("utf-8"))
    return found


def page() -> None:
    """Put the figures into docs/security.md."""
    lines = ["| command | moments | " + " | ".join(FOUND.values()) + " |"]
    lines.append("|---|---:" + "|---:" * len(FOUND) + "|")
    figures = read_figures()
    for name, counts in figures.items():
        numbers = " | ".join(str(counts.get(key, 0)) for key in FOUND)
        lines.append(f"| `{name}` | {sum(counts.values())} | {numbers} |")
    total = sum(sum(counts.values()) for counts in figures.values())
    lines += ["", f"{total} moments, {date.today().isoformat()}."]
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    shown = "\n".join(lines)
    PAGE.write_text(f"{before}{BEGIN}\n{shown}\n{END}{rest.split(END)[1]}", "utf-8")


def main() -> int:
    """Kill as often as asked."""
    from tests.faults.kills import WORDS, Kills
    from tests.faults.runs import AGENCY
    from tests.projects import copy_project

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--page", action="store_true", help="write docs/security.md, run nothing")
    chosen = parser.parse_args()
    if chosen.page:
        page()
        return 0
    chance = random.Random(chosen.seed)
    figures = {name: Counter(read_figures().get(name, {})) for name in WORDS}
    with tempfile.TemporaryDirectory(prefix="nianbao-kills-") as folder:
        place = Path(folder)
        kills = Kills(copy_project(place / "project", AGENCY), place)
        for moment in range(chosen.moments):
            name = list(WORDS)[moment % len(WORDS)]
            broken = None
            try:
                found = kills.once(name, chance)
            except (AssertionError, subprocess.CalledProcessError) as problem:
                found, broken = "broken", problem
            figures[name][found] += 1
            print(moment + 1, name, dict(figures[name]), broken or "", flush=True)
            FIGURES.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
            if broken is not None:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
