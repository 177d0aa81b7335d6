"""Hold the checks of prose against published narratives; write docs/narrative-checks.md.

    python benchmarks/narrative_checks.py PATH

PATH is a file of narratives, one JSON object a line: ``text``, ``agency``, ``year`` and
``checks`` (type, numbers, ``holds``). A folder ``tables`` beside it is used where it has the
tables of the same body and year. The narratives themselves stay where they are: the page
gives their line numbers and figures, not their words.
"""

from __future__ import annotations

import json
import math
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "narrative-checks.md"
sys.path.insert(0, str(ROOT))

from tests.prose.review.cases import make_tables, read_cases  # noqa: E402  # needs the path

from nianbao.prose.review import ReviewContext, review_sections  # noqa: E402  # likewise
from nianbao.statistics.model import Finding  # noqa: E402  # likewise
from nianbao.statutory import load_format  # noqa: E402  # likewise

FORMAT = load_format()
RULES_OF = {
    "sum": {"N6", "N17"},
    "balance": {"N1", "N2", "N3", "N4"},
    "share": {"N7"},
    "growth": {"Y9", "Y10", "Y11"},
}
KINDS = (*RULES_OF, "other")
SLIPS = {"+1": 0.0, "+1 %": 0.01, "+10 %": 0.1, "+50 %": 0.5, "-1": -0.0, "-10 %": -0.1}


@dataclass(frozen=True)
class Narrative:
    """A published text with what was recorded about its figures."""

    line: int
    text: str
    context: ReviewContext
    checks: tuple[dict[str, Any], ...]

    def findings(self, text: str | None = None) -> tuple[Finding, ...]:
        """What our checks say of it, hints left out."""
        found = review_sections({"overview": text or self.text}, self.context)
        return tuple(f for f in found if f.severity != "info")


def _tables(folder: Path, agency: str, year: int) -> dict[str, Any]:
    """Tables of the same body and year; a blank or a stroke in print means 0."""
    for path in sorted(folder.glob("*.json")):
        given = json.loads(path.read_text("utf-8"))
        same = given["agency"].startswith(agency) and given["year"] == year
        if not same or given["format"] != FORMAT.version or "table3" not in given:
            continue
        keys = {r.path: r.key for r in FORMAT.request_rows}
        keys |= {f"三、{label}": key for label, key in FORMAT.group_as_row.items()}
        rows = {keys[label]: [v or 0 for v in values] for label, values in given["table3"]["rows"]}
        fours = [given["table4"][i : i + 5] for i in (0, 5, 10)]
        groups = dict(zip((g.key for g in FORMAT.review_groups), fours, strict=True))
        columns = [c for _, c in FORMAT.decision_cells]
        decided = {
            row: [values[c] for c in dict.fromkeys(columns) if c in values]
            for row, values in given["table2"].items()
        }
        named = {"requests": rows, "reviews": groups, "decisions": decided}
        return dict(make_tables(named, FORMAT))
    return {}


def read_narratives(path: Path) -> Iterator[Narrative]:
    """All narratives of a file."""
    for line, text in enumerate(path.read_text("utf-8").splitlines(), start=1):
        given = json.loads(text)
        kind = "government" if given["agency"].endswith(("政府", "区", "管委会")) else "department"
        context = ReviewContext(FORMAT, given["agency"], given["year"], kind)
        tables = _tables(path.parent / "tables", given["agency"], given["year"])
        yield Narrative(
            line, given["text"], replace(context, tables=tables), tuple(given["checks"])
        )


def _about(check: dict[str, Any], finding: Finding) -> bool:
    """Whether a finding is about the figures of a recorded check."""
    if check["type"] == "other":
        return True
    if finding.id not in RULES_OF[check["type"]]:
        return False
    shown = {finding.left, finding.right}
    match check["type"]:
        case "sum":
            return bool(shown & {str(check["stated"]), str(check["computed"])})
        case "share" | "growth":
            return f"{check['stated_pct']}%" in shown
    return True


def confusion(narratives: list[Narrative]) -> tuple[Counter[tuple[str, str, bool]], list[str]]:
    """Count (type, recorded, found), and list what is found."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    said = []
    for n in narratives:
        found = n.findings()
        for check in n.checks:
            about = [f for f in found if _about(check, f)]
            if check["type"] == "other":
                about = [f for f in about if not _of_a_number_check(f, n)]
            recorded = {True: "right", False: "wrong", None: "open"}[check["holds"]]
            counts[check["type"], recorded, bool(about)] += 1
        said += [
            f"- line {n.line}: {f.id} {f.severity}, {f.left or '—'} against {f.right or '—'}"
            for f in found
        ]
    return counts, said


def _of_a_number_check(finding: Finding, narrative: Narrative) -> bool:
    return any(c["type"] != "other" and _about(c, finding) for c in narrative.checks)


def _slipped(narrative: Narrative, check: dict[str, Any], size: float) -> str | None:
    """The text with the total of a right check changed by so much, or None."""
    key = {"sum": "stated", "share": "stated_pct", "growth": "stated_pct"}.get(check["type"])
    if key is None:
        return None
    printed = str(check[key])
    pattern = re.compile(rf"(?<![\d.,]){re.escape(printed)}(?![\d.,])")
    decimals = len(printed.partition(".")[2])
    # The smallest slip of a percentage that is no rounding is two of its last digits.
    step = 1 if check["type"] == "sum" else 2 * 10**-decimals
    slip = max(step, float(printed) * abs(size))
    changed = f"{max(float(printed) + math.copysign(slip, size), 0):.{decimals}f}"
    text, count = pattern.subn(changed, narrative.text, count=1)
    return text if count else None


def sensitivity(narratives: list[Narrative]) -> dict[tuple[str, str], Counter[bool]]:
    """How many of the right numbers are reported when they are made wrong."""
    counts: dict[tuple[str, str], Counter[bool]] = {}
    for n in narratives:
        before = {f.key for f in n.findings()}
        for check in n.checks:
            if check["holds"] is not True:
                continue
            for name, size in SLIPS.items():
                if text := _slipped(n, check, size):
                    new = [f for f in n.findings(text) if f.key not in before]
                    counts.setdefault((check["type"], name), Counter())[bool(new)] += 1
    return counts


def milliseconds(rounds: int = 20) -> tuple[int, int]:
    """Characters of the longest case and the median time of reading it, in CPU time."""
    case = max(read_cases(), key=lambda c: sum(map(len, c.sections.values())))
    times = []
    for _ in range(rounds):
        start = time.process_time()
        case.findings()
        times.append(time.process_time() - start)
    return sum(map(len, case.sections.values())), round(statistics.median(times) * 1000)


def _confusion_rows(counts: Counter[tuple[str, str, bool]]) -> Iterator[str]:
    for kind in KINDS:
        cells = [counts[kind, r, f] for r in ("wrong", "right", "open") for f in (True, False)]
        yield f"| {kind} | {' | '.join(map(str, cells))} |"


def _case_rows() -> Iterator[str]:
    fault, silent = Counter[str](), Counter[str]()
    for case in read_cases():
        for rule in {words.split()[0] for words in case.expect}:
            fault[rule] += 1
        if not case.expect:
            silent[case.file] += 1
    named = sorted(fault, key=lambda r: ("NYL".index(r[0]), int(r[1:])))
    yield "| " + " | ".join(named) + " |"
    yield "|" + "---|" * len(named)
    yield "| " + " | ".join(str(fault[r]) for r in named) + " |"
    yield ""
    yield f"{sum(silent.values())} further cases are right and must stay without any finding."


def page(path: Path) -> str:
    """The page, as Markdown."""
    narratives = list(read_narratives(path))
    counts, said = confusion(narratives)
    right = [sum(counts[k, "right", f] for k in KINDS) for f in (False, True)]
    rate = 100 * right[1] / max(sum(right), 1)
    slips = sensitivity(narratives)
    lines = [
        "# What the checks of prose find",
        "",
        "Made by `python benchmarks/narrative_checks.py PATH`; do not edit. How the rules work,",
        "what they accept and how a finding is acknowledged: `src/nianbao/prose/review/`.",
        "",
        f"## {len(narratives)} published narratives",
        "",
        "Figures, units and connecting words as published; each check was recomputed by hand.",
        "*Open* lists (其中 with examples only) need not add up. Errors and warnings count as",
        "found, hints do not.",
        "",
        "| check | wrong, found | wrong, missed | right, alarm | right, silent | open, alarm "
        "| open, silent |",
        "|---|---|---|---|---|---|---|",
        *_confusion_rows(counts),
        "",
        f"False alarms: {right[1]} of {sum(right)} right checks ({rate:.1f} %; the limit is",
        "2 %). *Other* are remarks that a reader noted: words, the layout, a part counted in",
        "another sentence, a missing unit; most of them cannot be seen in the condensed text, and",
        "one that counts as found may be another fault of the same line.",
        "",
        "All errors and warnings on these texts:",
        "",
        *said,
        "",
        "## Right numbers made wrong",
        "",
        "The total of each right list, and each right percentage, changed in the text: how many",
        "of the slips are reported. A list that may be open is reported only when it misses its",
        "total by a hair or exceeds it: a larger total is found where the words close the list",
        "(其他, 分别为, 按…分). Silence there is on purpose: examples need not add up.",
        "",
        "| number | " + " | ".join(SLIPS) + " |",
        "|---|" + "---|" * len(SLIPS),
    ]
    for kind in ("sum", "share", "growth"):
        cells = [slips.get((kind, name), Counter()) for name in SLIPS]
        told = [f"{c[True]} of {c.total()}" for c in cells]
        lines.append(f"| {kind} | {' | '.join(told)} |")
    lines += ["", "## Cases of our own", ""]
    lines += ["`tests/data/narratives/`, by the rule that must speak:", "", *_case_rows(), ""]
    return "\n".join(lines)


def main() -> None:
    """Write the page and say how long a report takes."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    PAGE.write_text(page(Path(sys.argv[1])), "utf-8")
    characters, median = milliseconds()
    print(f"{PAGE.relative_to(ROOT)}; {characters} characters in {median} ms (median, CPU time)")


if __name__ == "__main__":
    main()
