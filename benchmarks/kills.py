"""Kill build, pull and batch at random moments; write down what was found there.

    python benchmarks/kills.py [--moments 200] [--seed 7]

Each time from the same state: a published report whose notebook somebody edited. After the kill
the inputs, the edit and the published set are looked at, then the next run must be right (see
tests/faults/kills.py). Stops at the first promise that is broken. Writes docs/security.md.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- kills: begin -->", "<!-- kills: end -->"
FOUND = {
    "old": "the last set, edit and all",
    "new": "the new set",
    "between": "between two renames; the next run put the last set back",
    "finished": "the command had ended",
}
sys.path.insert(0, str(ROOT))


def page(found: dict[str, Counter[str]], seed: int) -> str:
    """The table of docs/security.md."""
    lines = ["| command | moments | " + " | ".join(FOUND.values()) + " | lost or broken |"]
    lines.append("|---|---:" + "|---:" * (len(FOUND) + 1) + "|")
    for name, counts in found.items():
        numbers = " | ".join(str(counts[key]) for key in FOUND)
        lines.append(f"| `{name}` | {counts.total()} | {numbers} | 0 |")
    total = sum(c.total() for c in found.values())
    return "\n".join([*lines, "", f"{total} moments, seed {seed}, {date.today().isoformat()}."])


def main() -> int:
    """Kill as often as asked."""
    from tests.faults.kills import WORDS, Kills
    from tests.faults.runs import AGENCY
    from tests.projects import copy_project

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    found = {name: Counter[str]() for name in WORDS}
    with tempfile.TemporaryDirectory(prefix="nianbao-kills-") as folder:
        place = Path(folder)
        kills = Kills(copy_project(place / "project", AGENCY), place)
        for moment in range(chosen.moments):
            name = list(WORDS)[moment % len(WORDS)]
            found[name][kills.once(name, chance)] += 1
            print(moment + 1, name, dict(found[name]), flush=True)
    text = PAGE.read_text("utf-8")
    before, rest = text.split(BEGIN)
    shown = page(found, chosen.seed)
    PAGE.write_text(f"{before}{BEGIN}\n{shown}\n{END}{rest.split(END)[1]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
