"""Make the page of plain ``jupyter nbconvert --to html`` one to send to a colleague.

A notebook that is not a report, or has not run, is left as it is. Apart because nbconvert imports
the preprocessor by its name.
"""

from __future__ import annotations

import copy
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat.v4 import new_output


class PlainPage(Preprocessor):  # type: ignore[misc]  # nbconvert has no types
    """Fill in the words; leave out the code, and what is for the person at the notebook alone."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Give nbconvert the notebook that it is to draw."""
        from nianbao.errors import NianbaoError
        from nianbao.notebook.display import NOTE_MIME
        from nianbao.notebook.fill import fill_notebook
        from nianbao.notebook.record import find_record
        from nianbao.notebook.session import is_ours

        try:
            record = find_record(nb)
            filled = copy.deepcopy(nb)
            fill_notebook(filled, record)
        except NianbaoError:
            return nb, resources
        resources.setdefault("metadata", {})["name"] = record.title
        kept = []
        for cell in filled.cells:
            tags = cell.metadata.get("tags", ())
            if cell.cell_type == "code":
                cell.metadata["transient"] = {"remove_source": True}
                shown = [output.get("data", {}) for output in cell.outputs]
                cell.outputs = [  # without the number of the run before it
                    new_output("display_data", data=data)
                    for data in shown
                    if is_ours(data) and NOTE_MIME not in data
                ]
                if cell.outputs:
                    kept.append(cell)
            elif cell.cell_type == "markdown" and "internal" not in tags and cell.source.strip():
                kept.append(cell)
        filled.cells = kept
        return filled, resources
