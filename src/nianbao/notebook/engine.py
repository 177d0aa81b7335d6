"""The papermill engine ``nianbao``: the notebook's cells run in this process.

Apart because papermill loads every engine while it is itself being imported, so that nothing but
papermill's own engine class is imported here at the top.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

from papermill.engines import Engine


class ReportEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """Run all cells, then fill the narrative with the final words.

    A cell that fails, or a narrative that cannot be filled, leaves an error output in the
    notebook, from which papermill raises, as with any engine.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        execution_timeout: float | None = None,
        **options: Any,
    ) -> None:
        """Run ``nb_man.nb`` and report each cell that runs, as papermill's contract says.

        ``execution_timeout`` is papermill's ``--execution-timeout``: seconds for one cell.
        """
        from nianbao.notebook.in_process_kernel import InProcessKernel
        from nianbao.notebook.page import without_page

        with without_page(), closing(InProcessKernel()) as kernel:
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                cell.outputs, cell.execution_count, failed = kernel.run(
                    cell.source, execution_timeout
                )
                if failed:
                    nb_man.cell_exception(cell, index)
                    return
                nb_man.cell_complete(cell, index)
        _fill(nb_man)


def _fill(nb_man: Any) -> None:
    from nbformat.v4 import new_output

    from nianbao.errors import ExportError, NianbaoError
    from nianbao.notebook.fill import fill_notebook
    from nianbao.notebook.record import find_record

    try:
        record = find_record(nb_man.nb)
    except ExportError:
        return  # no report, as the exporters will say; papermill may run any notebook by us
    try:
        fill_notebook(nb_man.nb, record)
    except NianbaoError as error:
        last = [cell for cell in nb_man.nb.cells if cell.cell_type == "code"][-1]
        name, text = type(error).__name__, str(error)
        last.outputs.append(new_output("error", ename=name, evalue=text, traceback=[text]))
        nb_man.cell_exception(last)
