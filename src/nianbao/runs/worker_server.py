"""The process that has loaded everything once and is copied for each report.

``python -m nianbao.runs.worker_server NUMBER`` talks over the socket of that number with the
batch that started it. It is a process of its own, without threads, so that copying it is safe;
what it loads and tries out beforehand is of no report.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path

from nianbao.runs.surroundings import Surroundings
from nianbao.runs.worker_children import Children


def warm_up(root: Path) -> None:
    """Load all that a report needs and use it once, since first uses are slow."""
    import matplotlib as mpl
    import papermill
    import pdfplumber
    import typst

    from nianbao.documents import pdf, readback, word
    from nianbao.documents.html import PAGE, templates
    from nianbao.fonts import find_fonts
    from nianbao.notebook.shell import Shell
    from nianbao.runs import build
    from nianbao.statistics.drawing import Bars, draw_bars

    assert all((papermill, pdfplumber, typst, build, pdf, readback, word))
    mpl.use("svg")
    draw_bars(
        Bars(("甲",), {"数量": (Decimal(1),)}), "件", find_fonts((root / "fonts",)).files("sans")
    )
    templates().get_template(PAGE)
    shell = Shell()
    shell.run("1")
    shell.close()


def serve(batch: Connection) -> None:
    """Take jobs and give outcomes until the batch ends or hangs up."""
    root: Path
    around: Surroundings
    root, around = batch.recv()
    folder = tempfile.mkdtemp(prefix="nianbao-batch-")
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    warm_up(root)
    gc.collect()
    gc.freeze()  # the collector of a copy need not walk through, and so copy, all this
    children = Children("fork", around, (batch,))
    try:
        while True:
            for outcome in children.wait((batch,)):
                batch.send(outcome)
            while batch.poll():
                children.start(batch.recv())
    except (EOFError, OSError):  # the batch has ended, or was ended
        children.stop()
    finally:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Serve the batch at the other end of the socket."""
    serve(Connection(int(sys.argv[1])))


if __name__ == "__main__":
    main()
