"""Measure finished PDFs and write docs/layout.md: tools/layout.py output/*/2024/report.pdf

Exit code 1 when a point is off its standard.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nianbao.documents.layout_check.check import layout_markdown, measure

TARGET = Path(__file__).resolve().parent.parent / "docs" / "layout.md"


def main(files: list[str]) -> int:
    """Measure the files; a report is called after its folders (agency and year)."""
    if not files:
        sys.exit(__doc__)
    paths = [Path(file) for file in files]
    reports = [measure(path, "/".join(path.parent.parts[-2:]) or path.stem) for path in paths]
    TARGET.write_text(layout_markdown(reports), encoding="utf-8")
    for report in reports:
        for point in report.faults:
            print(f"{report.name}：{point.name}应为{point.standard}，实测{point.measured}")
    return 0 if all(report.ok for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
