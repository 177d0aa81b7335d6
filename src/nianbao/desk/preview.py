"""Draw the page as it stands: the report, its findings, or what keeps it from being drawn.

Drawn in a process of its own, which keeps the executed notebooks of the reports it draws.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from nianbao.desk.page_marks import link_numbers, mark_findings, wrap_numbers
from nianbao.desk.watch import Snapshot, finished_files, look, watched
from nianbao.desk.wording import tell_both
from nianbao.errors import NianbaoError
from nianbao.inputs.project import narrative_file
from nianbao.notebook.cells import Cell, Kept, Notebook, Output, about
from nianbao.notebook.master import read_master
from nianbao.notebook.pictures import load_pictures
from nianbao.notebook.record import RECORD_MIME, Record, find_record, record_to_json
from nianbao.notebook.report import Report
from nianbao.statistics.model import Finding

NOT_DRAWN = "页面没有画成；原因只给本单位的填报员看"
MOST_KEPT = 40
"""So many reports keep their executed notebook in memory."""


@dataclass(frozen=True)
class View:
    """One state of the preview."""

    number: int = 0
    """Counts on with every change."""
    page: str | None = None
    """The report with its findings marked; the last good one when `problems` holds any, None when
    there never was one.
    """
    problems: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    """Why the page could not be made anew, as the bureau's clerk reads it and as others do."""
    findings: tuple[Finding, ...] = ()
    """Worst first."""
    placed: frozenset[int] = frozenset()
    """Numbers of the findings that the page shows beside their sentence."""


class Session:
    """The preview of one report; keeps the executed notebook between changes of the prose.

    Parameters
    ----------
    sources
        The address at which the desk tells where a number comes from.
    """

    def __init__(self, root: Path, agency: str, year: int, sources: str = "source") -> None:
        self.root, self.agency, self.year, self.sources = root, agency, year, sources
        self.view = View()
        self.runs = 0
        self._notebook: Notebook | None = None
        self._files: Snapshot | None = None

    def look(self) -> View:
        """Return the page of the files as they stand now."""
        before, self._files = self._files, look(watched(self.root, self.agency, self.year))
        if before is None:
            return self.refresh()
        if before == self._files:
            return self.view
        names = before.keys() | self._files.keys()
        changed = (Path(p) for p in names if before.get(p) != self._files.get(p))
        return self.refresh(frozenset(changed))

    def refresh(self, changed: frozenset[Path] | None = None) -> View:
        """Make the page anew and return what is shown from now on.

        ``changed`` are the files that did, None for everything. When it is the prose alone, the
        notebook does not run again; of an edited finished file the page only tells.
        """
        finished = frozenset(finished_files(self.root, self.agency, self.year))
        if changed and changed <= finished:
            self.view = replace(self.view, number=self.view.number + 1)
            return self.view
        changed = None if changed is None else changed - finished
        if changed != frozenset({self.root / narrative_file(self.agency, self.year)}):
            self._notebook = None
        number = self.view.number + 1
        try:
            self.view = self._draw(number)
        except NianbaoError as error:
            problems, guarded = tell_both(error.problems, self.agency, self.year)
            self.view = replace(self.view, number=number, problems=problems, guarded=guarded)
        except Exception as error:  # a preview outlives whatever an unfinished edit brings
            reported = f"程序出错：{type(error).__name__}：{error}"
            self.view = replace(
                self.view, number=number, problems=(reported,), guarded=(NOT_DRAWN,)
            )
        return self.view

    def _draw(self, number: int) -> View:
        from nianbao.documents.document import document_from_notebook
        from nianbao.documents.html import render_html

        report = Report.open(self.agency, self.year, root=self.root)
        findings = report.findings
        # As `build` would: with errors there is nothing but a draft.
        draft = bool(report.inputs.params.draft) or any(
            finding.severity == "error" for finding in findings
        )
        if self._notebook is None:
            self._notebook = self._run(report)
        record = replace(
            find_record(self._notebook),
            sections=report.inputs.narrative,
            images=load_pictures(self.root, report.inputs),
            draft=draft,
        )
        sections = read_master(self.root).sections
        document = document_from_notebook(_reworded(self._notebook, sections, record))
        wrapped, asked = wrap_numbers(document)
        page = link_numbers(render_html(wrapped), asked, self.sources)
        page, placed = mark_findings(page, findings)
        return View(number, page, findings=findings, placed=placed)

    def _run(self, report: Report) -> Notebook:
        from nianbao.notebook.execution import run_notebook

        given = report.inputs.params.model_dump(mode="json") | {"draft": True}
        parameters = {key: value for key, value in given.items() if value is not None}
        with tempfile.TemporaryDirectory(prefix="nianbao-preview-") as folder:
            notebook: Notebook = run_notebook(self.root, parameters, Path(folder) / "report.ipynb")
        self.runs += 1
        return notebook


def _reworded(notebook: Notebook, sections: Mapping[str, str], record: Record) -> Notebook:
    """Return the notebook as it was before it was filled, with a new record to fill it from."""
    return {**notebook, "cells": [_fresh(cell, sections, record) for cell in notebook["cells"]]}


def _fresh(cell: Cell, sections: Mapping[str, str], record: Record) -> Cell:
    if cell["cell_type"] == "markdown":
        kept = about(cell)
        source = sections.get(kept.get("section", ""), kept.get("template", cell["source"]))
        fresh: Kept = {"section": kept["section"]} if "section" in kept else {}
        return {**cell, "source": source, "metadata": {**cell["metadata"], "nianbao": fresh}}
    outputs = [_recorded(output, record) for output in cell.get("outputs", ())]
    return {**cell, "outputs": outputs} if cell["cell_type"] == "code" else cell


def _recorded(output: Output, record: Record) -> Output:
    data = output.get("data", {})
    if RECORD_MIME not in data:
        return output
    return {**output, "data": {**data, RECORD_MIME: record_to_json(record)}}


@lru_cache(maxsize=MOST_KEPT)
def _session(root: Path, agency: str, year: int, sources: str) -> Session:
    return Session(root, agency, year, sources)


def draw_view(root: Path, agency: str, year: int, sources: str) -> View:
    """Return the page of a report as its files stand.

    Where only the prose changed, the notebook is not run again.
    """
    return _session(root, agency, year, sources).look()
