"""The floor: what the same reports cost in plain warm processes that do nothing else.

Read the data, count the tables, run the checks, draw the charts, draw the page, set the PDF:
no notebook, no kernel, no locks, no manifest. The words of the narrative are taken as given.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bureaus import YEAR

Seconds = tuple[float, float]
"""On the clock, and of processors."""


def _report(root: Path, code: str, peers: Any, document: Any) -> tuple[bytes, ...]:
    from nianbao.documents.html import render_html
    from nianbao.documents.pdf import render_pdf
    from nianbao.inputs.load import load_inputs
    from nianbao.notebook.report import Report
    from nianbao.notebook.shared import Shared, sharing
    from nianbao.prose.blocks import FigureBlock

    keys = {block.key for block in document.blocks if isinstance(block, FigureBlock)}
    with sharing(Shared(root, peers, load_inputs(root, code, YEAR))):
        report = Report.open(code, YEAR, root=root)
        assert report.findings is not None
        for table in report.tables:
            report.table(table)
        drawn = {key: report.figure(key) for key in keys}
    blocks = tuple(
        replace(block, svg=drawn[block.key].svg) if isinstance(block, FigureBlock) else block
        for block in document.blocks
    )
    whole = replace(document, blocks=blocks)
    return render_html(whole).encode(), render_pdf(whole, report.fonts)


def _documents(root: Path, codes: Sequence[str]) -> dict[str, Any]:
    import nbformat

    from nianbao.documents.document import document_from_notebook

    folders = {code: root / "output" / code / str(YEAR) for code in codes}
    return {
        code: document_from_notebook(nbformat.read(f / "report.ipynb", as_version=4))
        for code, f in folders.items()
    }


def _work(root: Path, codes: Sequence[str], above: Connection) -> None:
    from nianbao.documents import readback
    from nianbao.inputs.peers import read_peers

    peers = read_peers(root, "", YEAR)
    documents = _documents(root, codes)
    made = _report(root, codes[0], peers, documents[codes[0]])  # warm
    readback.read_pdf(made[1])
    above.send("ready")
    above.recv()
    start = _now()
    files = {code: _report(root, code, peers, documents[code]) for code in codes}
    plain = _now()
    for code, (page, pdf) in files.items():
        for found in (readback.read_html(page), readback.read_pdf(pdf)):
            if wrong := list(readback.compare(found, documents[code], ())):
                raise RuntimeError(f"{code}: {wrong[0]}")
    above.send(
        [[later - s for later, s in zip(end, start, strict=True)] for end in (plain, _now())]
    )


def _now() -> Seconds:
    return time.perf_counter(), time.process_time()


def measure(root: Path, codes: Sequence[str], jobs: int) -> list[Seconds]:
    """Seconds a report in so many warm processes at the same time.

    Returns
    -------
    list
        Without, and with reading the finished files back.
    """
    context = multiprocessing.get_context("spawn")
    workers = []
    for number in range(jobs):
        ours, theirs = context.Pipe()
        context.Process(target=_work, args=(root, codes[number::jobs], theirs), daemon=True).start()
        theirs.close()  # so that a worker that breaks is noticed
        workers.append(ours)
    for worker in workers:
        worker.recv()
    for worker in workers:
        worker.send("go")
    costs = []
    for of_all in zip(*(worker.recv() for worker in workers), strict=True):
        clock, processor = zip(*of_all, strict=True)
        costs.append((max(clock) / len(codes), sum(processor) / len(codes)))
    return costs
