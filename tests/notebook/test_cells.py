"""A notebook is written as nbformat writes it."""

from __future__ import annotations

from typing import Any

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.notebook.cells import notebook_text

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(
    SCALARS, lambda below: st.lists(below) | st.dictionaries(st.text(), below), max_leaves=8
)
BUNDLES = st.fixed_dictionaries(
    {}, optional={"text/plain": st.text(), "image/svg+xml": st.text(), "x/y+json": JSON}
)


@st.composite
def notebooks(draw: st.DrawFn) -> Any:
    """A notebook with texts and outputs of every kind, as a run leaves it."""
    shown = draw(st.lists(BUNDLES, max_size=3))
    outputs = [
        {"output_type": "display_data", "data": data, "metadata": draw(BUNDLES)} for data in shown
    ]
    outputs += [
        {"output_type": "stream", "name": "stdout", "text": draw(st.text())},
        {"output_type": "error", "ename": "E", "evalue": draw(st.text()), "traceback": []},
    ]
    picture = {"a.png": {"image/png": draw(st.text()), "text/plain": draw(st.text())}}
    code = {"cell_type": "code", "execution_count": 1, "outputs": outputs}
    prose = {"cell_type": "markdown", "attachments": picture}
    cells = [
        {**cell, "id": f"cell-{number}", "metadata": draw(BUNDLES), "source": draw(st.text())}
        for number, cell in enumerate((code, prose))
    ]
    return nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": draw(BUNDLES), "cells": cells}
    )


@settings(max_examples=60)
@given(notebooks())
def test_the_bytes_are_those_of_nbformat_and_the_notebook_stays_as_it_was(notebook: Any) -> None:
    before = repr(notebook)
    assert notebook_text(notebook) == nbformat.writes(notebook) + "\n"
    assert repr(notebook) == before
