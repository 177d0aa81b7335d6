"""The process that has loaded everything once and is copied for each report.

``python -m nianbao.batch.worker_server NUMBER`` talks over the socket of that number with the
batch that started it. It is a process of its own, without threads, so that copying it is safe;
what it loads and tries out beforehand is of no report.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from nianbao.batch.worker_pool import Children
from nianbao.errors import NianbaoError
from nianbao.files.reading_process import end_reading
from nianbao.finished.batch_context import BatchContext
from nianbao.finished.options import BuildOptions
from nianbao.fonts import find_fonts

# Everything that a report may have, once: it is to pass through as much of the program as it can.
_INVENTED = {
    "params/warm-up/agency.yaml": "name: 示例单位\nkind: department\nshort_name: 本单位\n",
    "params/warm-up/2024.yaml": "agency: warm-up\nyear: 2024\nreport_date: 2025-01-20\n",
    "data/warm-up/2024/disclosures.csv": (
        "渠道,类别,条数\n政府网站,政策文件,12\n政务微信,工作动态,34\n公告栏,通知公告,5678\n"
        "其他渠道,财政信息,90\n"
    ),
    "data/warm-up/2024/decisions.csv": (
        "项目,本年制发件数,本年废止件数,现行有效件数,本年处理决定数量,本年收费金额（万元）,说明\n"
        "规章,0,0,0,,,\n行政规范性文件,1,0,2,,,\n行政许可,,,,3,,\n行政处罚,,,,4,,\n"
        "行政强制,,,,5,,\n行政事业性收费,,,,,6.70,\n"
    ),
    "data/warm-up/2024/requests.csv": (
        "登记号,收到日期,申请人类型,办理结果,答复日期\n1,2024-03-04,自然人,予以公开,2024-03-15\n"
        "2,2024-06-04,商业企业,部分公开,2024-06-20\n3,2024-09-04,其他,重复申请,2024-09-10\n"
        "4,2024-10-08,法律服务机构,属于国家秘密,2024-10-20\n"
    ),
    "data/warm-up/2024/reviews.csv": "类型,结果,件数\n行政复议,结果维持,1\n",
    "data/warm-up/2023/requests.csv": (
        "登记号,收到日期,申请人类型,办理结果,答复日期\n1,2023-03-06,自然人,予以公开,2023-03-15\n"
    ),
}


def warm_up(root: Path, context: BatchContext, kept: Path) -> None:
    """Load all that a report needs and use it once, since first uses are slow.

    A report of an invented bureau is made in a folder that is thrown away, as a page only:
    Typst, when it sets the PDF and draws the pictures for Word, starts threads, and the copy of
    a process with threads waits for ever for those that it does not have.

    ``kept`` is made, and has to stay as long as the copies.
    """
    from nianbao.documents.document import document_from_notebook
    from nianbao.documents.pdf import prepare_copies
    from nianbao.publishing.build import build_report

    with tempfile.TemporaryDirectory(prefix="warm-up-") as name:
        folder = Path(name)
        for file, text in _INVENTED.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        for shared in ("notebooks", "fonts"):
            if (root / shared).is_dir():
                (folder / shared).symlink_to(root / shared)
        options = BuildOptions(("html",), draft=True)
        # A master that does not run is reported with the reports.
        with contextlib.suppress(NianbaoError):
            made = build_report(
                folder, "warm-up", 2024, options, BatchContext(folder, 2024, context.basis, "")
            )
            import nbformat  # which the run of a notebook imports at less cost

            notebook = nbformat.read(made.folder / "report.ipynb", as_version=4)
            prepare_copies(document_from_notebook(notebook), find_fonts((root / "fonts",)), kept)
    _load_the_rest()


def _load_the_rest() -> None:
    """Load what the other formats need."""
    import pikepdf
    import pypdfium2
    import typst

    from nianbao.documents import pdf, readback, word

    assert all((pikepdf, pypdfium2, typst, pdf, readback, word))


@contextmanager
def ended_with(batch: Connection, folder: str) -> Iterator[None]:
    """Meanwhile end as soon as the batch has hung up; a thread looks, which is gone afterwards."""
    done, end = os.pipe()

    def watch() -> None:
        ends = select.poll()
        for number in (batch.fileno(), done):
            ends.register(number, 0)  # only that the other side is closed
        if batch.fileno() in dict(ends.poll()):
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(1)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        os.close(end)
        thread.join()
        os.close(done)


def serve(batch: Connection) -> None:
    """Take jobs and give outcomes until the batch ends or hangs up."""
    root: Path
    context: BatchContext
    root, context = batch.recv()
    folder = tempfile.mkdtemp(prefix="nianbao-batch-")
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    with ended_with(batch, folder):
        warm_up(root, context, Path(folder) / "kept")
    from nianbao.documents.readback.compare import printed_name

    context.read_ahead()
    for peer in context.peers:
        printed_name(peer.agency.name)
    end_reading()
    # The collector of a copy need not walk through, and so copy, all this. It is not asked to look
    # through it here either: a tenth of the server's start, for a megabyte.
    gc.freeze()
    children = Children("fork", context, (batch,))
    try:
        while True:
            for outcome in children.wait((batch,)):
                batch.send(outcome)
            while batch.poll():
                children.start(batch.recv())
    except (EOFError, OSError):  # the batch has ended, or was ended
        children.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Serve the batch at the other end of the socket."""
    gc.set_threshold(500_000)  # as in every command; each copy is gone after one report
    serve(Connection(int(sys.argv[1])))
    os._exit(0)  # not taken apart object by object, for which the batch would wait


if __name__ == "__main__":
    main()
