"""Fuzz every reader with atheris for a while and write down what was done and found.

    python benchmarks/fuzz/run.py [--seconds 600] [TARGET …]     run, keep the figures
    python benchmarks/fuzz/run.py --more [TARGET …]              the same, added to those before
    python benchmarks/fuzz/run.py --page                         write them into docs/security.md

Each row says on which day it was last run. Figures are added up (`--more`) where a run goes on
with one before: executions, seconds and findings; of the coverage the larger counts.

atheris is a tool for this alone and not in the lock file: no version of it has wheels for all
the Pythons that we support. Install it beside the project: pip install atheris.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIGURES = Path(__file__).with_name("figures.json")
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- fuzzing: begin -->", "<!-- fuzzing: end -->"
MEMORY_MB, SLOWEST = 2048, 20
sys.path.insert(0, str(ROOT))


def fuzz_here(name: str, arguments: list[str]) -> None:
    """Fuzz in this process until libFuzzer has had enough; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["nianbao", "markdown_it"]):
        from tests.hostile.targets import TARGETS, fuzz

    atheris.Setup([sys.argv[0], *arguments], lambda data: fuzz(TARGETS[name], data))
    atheris.Fuzz()


def run(name: str, seconds: int, keep: Path) -> dict[str, Any]:
    """One target for a while, in a process of its own; a finding ends it early."""
    from tests.hostile.targets import TARGETS

    corpus = keep / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    log = keep / f"{name}.log"
    limits = [f"-rss_limit_mb={MEMORY_MB}", f"-timeout={SLOWEST}", "-max_len=8000"]
    limits += [f"-max_total_time={seconds}", f"-artifact_prefix={keep}/{name}-", str(corpus)]
    with log.open("w", encoding="utf-8") as out:
        command = ["nice", "-n", "19", sys.executable, __file__, "--here", name, *limits]
        done = subprocess.run(command, stdout=out, stderr=out, env={**os.environ, "TZ": "UTC"})
    text = log.read_text("utf-8", "replace")
    counts = re.findall(r"^#(\d+)\s.*?cov: (\d+)", text, re.MULTILINE)
    runs, coverage = counts[-1] if counts else ("0", "0")
    took = re.search(r"Done \d+ runs in (\d+) second", text)
    findings = sorted(p.name for p in keep.glob(f"{name}-*") if p.is_file())
    return {
        "title": TARGETS[name].title,
        "executions": int(runs),
        "seconds": int(took[1]) if took else None,
        "coverage": int(coverage),
        "findings": findings,
        "exit": done.returncode,
        "day": date.today().isoformat(),
    }


def added(before: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """What two runs of a target come to."""
    sums = {key: (before[key] or 0) + (row[key] or 0) for key in ("executions", "seconds")}
    findings = sorted({*before["findings"], *row["findings"]})
    most = max(before["coverage"], row["coverage"])
    return row | sums | {"coverage": most, "findings": findings}


def about() -> dict[str, str]:
    from importlib.metadata import version

    return {"python": platform.python_version(), "atheris": version("atheris")}


def page() -> None:
    """Put the figures into docs/security.md."""
    figures = json.loads(FIGURES.read_text("utf-8"))
    lines = ["| what | executions | seconds | code points reached | findings | last run |"]
    lines.append("|---|---:|---:|---:|---:|---|")
    for name, row in figures["targets"].items():
        numbers = f"{row['executions']:,} | {row['seconds'] or '—'} | {row['coverage']:,}"
        found = len(row["findings"])
        lines.append(f"| `{name}`: {row['title']} | {numbers} | {found} | {row['day']} |")
    lines += ["", f"Python {figures['python']}, atheris {figures['atheris']}."]
    text = PAGE.read_text("utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", "utf-8")


def main() -> int:
    """Run what the command line names; exit 1 when something was found."""
    if sys.argv[1:2] == ["--here"]:
        fuzz_here(sys.argv[2], sys.argv[3:])
    from tests.hostile.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", choices=[*TARGETS, []])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--more", action="store_true", help="add to the figures of before")
    parser.add_argument("--keep", type=Path, help="folder for corpus, logs and findings")
    parser.add_argument("--page", action="store_true", help="write docs/security.md, run nothing")
    chosen = parser.parse_args()
    if chosen.page:
        page()
        return 0
    keep = chosen.keep or Path(tempfile.mkdtemp(prefix="nianbao-fuzz-"))
    known = json.loads(FIGURES.read_text("utf-8")) if FIGURES.is_file() else {"targets": {}}
    bad = False
    for name in chosen.targets or TARGETS:
        row = run(name, chosen.seconds, keep)
        bad = bad or bool(row["findings"]) or row["exit"] != 0
        print(name, row, flush=True)
        before = known["targets"].get(name)
        row = added(before, row) if before and chosen.more else row
        order = {n: known["targets"].get(n) for n in TARGETS} | {name: row}
        known = {**about(), "targets": {n: r for n, r in order.items() if r}}
        FIGURES.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"corpus, logs and findings: {keep}")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
