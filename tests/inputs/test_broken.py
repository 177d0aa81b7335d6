"""Every way to break an input that we know of, and the words in which a clerk is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.inputs.builders import CODE, YEAR, write_project

from nianbao.errors import InputError
from nianbao.inputs.load import load_inputs
from nianbao.libyaml import parse_yaml

CASES = Path(__file__).parents[1] / "data" / "inputs" / "broken"


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in parse_yaml(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("case", cases())
def test_what_is_broken_is_reported_in_full(case: dict[str, Any], tmp_path: Path) -> None:
    encoding = case.get("encoding", "utf-8")
    files = {
        name: content.encode(encoding) if isinstance(content, str) else content
        for name, content in case["files"].items()
    }
    write_project(tmp_path, files)
    with pytest.raises(InputError) as raised:
        load_inputs(tmp_path, CODE, YEAR)
    assert str(raised.value).splitlines() == case["reported"]


def test_the_cases_are_many_and_each_has_its_name() -> None:
    names = [param.id for param in cases()]
    assert len(names) == len(set(names)) >= 60
