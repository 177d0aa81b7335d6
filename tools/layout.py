"""Measure finished PDFs and write docs/layout.md: tools/layout.py output/*/2024/report.pdf

With --county 40 an invented county of so many bureaus, small and large, is built and measured too,
with the fonts of the project and with those of the wheels alone.
Exit code 1 when a point is off its standard.
"""

from __future__ import annotations

import argparse
import runpy
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

from nianbao.documents.document import document_from_notebook
from nianbao.documents.layout_check.check import LayoutReport, layout_markdown, measure
from nianbao.documents.pdf import render_pdf
from nianbao.fonts import find_fonts
from nianbao.inputs.project import list_agencies
from nianbao.publishing.build import BuildOptions, build_report

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "layout.md"
YEAR = 2024


def county_reports(count: int) -> Iterator[LayoutReport]:
    """Build and measure an invented county, each report with both sets of fonts."""
    make_county = runpy.run_path(str(ROOT / "tools" / "make_county.py"))["write_county"]
    sets = {"fonts/": find_fonts((ROOT / "fonts",), system=False), "自带": find_fonts(system=False)}
    with TemporaryDirectory(prefix="nianbao-") as name:
        folder = Path(name)
        make_county(folder, count=count)
        shutil.copytree(ROOT / "notebooks", folder / "notebooks", dirs_exist_ok=True)
        for agency in list_agencies(folder):
            built = build_report(folder, agency, YEAR, BuildOptions(formats=()))
            notebook = nbformat.read(built.folder / "report.ipynb", as_version=4)
            document = document_from_notebook(notebook)
            for label, fonts in sets.items():
                yield measure(render_pdf(document, fonts), f"{agency}（{label}字体）")


def faults(report: LayoutReport) -> list[str]:
    """List what is off; the wheels' faces are stand-ins, and known as such."""
    return [
        f"{report.name}：{measured.name}应为{measured.standard}，实测{measured.measured}"
        for measured in report.faults
        if not ("自带" in report.name and measured.name.endswith("字体"))
    ]


def main() -> int:
    """Measure, write the page, and print what is off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--county", type=int, default=0)
    given = parser.parse_args()
    if not given.files:
        parser.error("no files")
    names = {path: "/".join(path.parent.parts[-2:]) or path.stem for path in given.files}
    reports = [measure(path, name) for path, name in names.items()]
    county = list(county_reports(given.county)) if given.county else []
    off = [fault for report in (*reports, *county) for fault in faults(report)]
    passed = sum(not faults(report) for report in county)
    TARGET.write_text(layout_markdown(reports, (passed, len(county))), encoding="utf-8")
    print("\n".join(off))
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
