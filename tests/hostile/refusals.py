"""What a refusal is: an error of ours, quickly, in lines that do nothing to a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.hostile.corpus import is_quiet
from tests.inputs.builders import CODE, YEAR, write_project

from nianbao.errors import InputError
from nianbao.inputs.load import load_inputs


@contextmanager
def quickly(seconds: float = 10) -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < seconds


def reported(root: Path, **files: bytes | str) -> str:
    named = {k.replace("_csv", ".csv").replace("_xlsx", ".xlsx"): v for k, v in files.items()}
    with quickly(), pytest.raises(InputError) as caught:
        load_inputs(write_project(root, named), CODE, YEAR)
    text = str(caught.value)
    assert all(is_quiet(line) and len(line) < 1500 for line in text.splitlines())
    return text
