"""Each hostile folder of tests/hostile/neighbours.py alone beside three healthy bureaus.

    python benchmarks/neighbours.py [WORD ...]     every kind, or those whose names hold a word
    python benchmarks/neighbours.py --page         the figures into docs/security.md

For each: one batch of the page alone. Were the neighbours' files the same to the byte, how much
longer did the neighbour's build take than beside nobody, what did the hostile bureau's check say.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "benchmarks" / "neighbours.json"
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- neighbours: begin -->", "<!-- neighbours: end -->"
COMMAND = (sys.executable, "-P", "-c", "from nianbao.cli.main import main; main()")
SECONDS = 120
sys.path.insert(0, str(ROOT))


def run(root: Path, *words: str) -> tuple[int | str, str, str, float]:
    """Run a command in the project: exit code, what it printed, seconds."""
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [*COMMAND, *words, "--root", str(root)], cwd=root, capture_output=True,
            text=True, errors="replace", timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "hangs", "", "", SECONDS
    return done.returncode, done.stdout, done.stderr, time.perf_counter() - start


def batch(root: Path) -> tuple[int | str, dict[str, dict[str, object]]]:
    """Make every report; exit code, and what came of each."""
    code, out, _, _ = run(root, "batch", "--year", "2024", "--to", "html", "--json", "--force")
    try:
        return code, {row["agency"]: row for row in json.loads(out)["reports"]}
    except (ValueError, KeyError):
        return code, {}


def build(root: Path, times: int) -> float:
    """Seconds of the fastest of some builds of the neighbour."""
    from tests.hostile.neighbours import BESIDE

    return min(run(root, "build", BESIDE, "2024", "--to", "html")[3] for _ in range(times))


def main() -> int:
    """Try them."""
    from tests.hostile.neighbours import HEALTHY, KINDS, finished, plant, write_healthy

    wanted = [w for w in sys.argv[1:] if not w.startswith("-")]
    if "--page" in sys.argv:
        page()
        return 0
    rows = {} if not wanted or not FIGURES.is_file() else json.loads(FIGURES.read_text("utf-8"))
    broken = 0
    with tempfile.TemporaryDirectory(prefix="nianbao-neighbours-") as name:
        alone = write_healthy(Path(name) / "alone")
        batch(alone)
        expected = finished(alone)
        for number, kind in enumerate(KINDS):
            if wanted and not any(word in kind for word in wanted):
                continue
            root = Path(name) / "project"
            write_healthy(root)
            code = plant(root, number)
            ended, reports = batch(root)
            same = finished(root) == expected
            healthy = {reports.get(each, {}).get("status") for each in HEALTHY}
            base, beside = build(alone, 1), build(root, 1)
            for _ in range(2):
                if beside > 1.5 * base:  # another program may have been busy
                    base, beside = min(base, build(alone, 1)), min(beside, build(root, 1))
            checked, out, err, _ = run(root, "check", code, "2024")
            own = reports.get(code, {"status": "not in the batch", "problems": []})
            said = list(own["problems"]) or [line for line in (out + err).splitlines() if line]
            rows[kind] = {
                "batch": ended, "same": same, "ratio": round(beside / base, 2),
                "own": own["status"], "problems": len(own["problems"]), "check": checked,
                "said": said[0][:160] if said else "",
                "fault": "程序出错" in json.dumps(own, ensure_ascii=False) + out + err,
            }  # fmt: skip
            bad = not same or healthy != {"built"} or rows[kind]["fault"] or ended not in (0, 1)
            broken += bad
            print("BROKEN" if bad else "ok", kind, rows[kind], healthy, flush=True)
            FIGURES.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
            subprocess.run(["rm", "-rf", str(root)], check=True)  # 1,500 folders in each other
        shutil.rmtree(alone)
    return 1 if broken else 0


def page() -> None:
    """Put the figures into docs/security.md."""
    rows = json.loads(FIGURES.read_text("utf-8"))
    ratios = [row["ratio"] for row in rows.values()]
    lines = [
        "| hostile folder | batch ends with | others' files | neighbour's time | its own report |",
        "|---|---:|---|---:|---|",
    ]
    for kind, row in rows.items():
        same = "the same" if row["same"] else "**changed**"
        lines.append(
            f"| {kind} | {row['batch']} | {same} | × {row['ratio']} | {row['own']}"
            f"{', program fault' if row['fault'] else ''} |"
        )
    lines += ["", f"{len(rows)} kinds; time × {statistics.median(ratios)} in the middle, "
              f"× {max(ratios)} at most."]  # fmt: skip
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    shown = "\n".join(lines)
    PAGE.write_text(f"{before}{BEGIN}\n{shown}\n{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
