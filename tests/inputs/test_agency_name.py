"""An agency is called by its name as far as any of its files tells it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.inputs.builders import xlsx_bytes
from tests.projects import copy_project

from nianbao.inputs.agency_profile import agency_name

CODE = "shili-scjgj"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path, CODE)


def test_from_a_file_that_is_wrong_elsewhere(root: Path) -> None:
    (root / f"params/{CODE}/agency.yaml").write_text(
        "kind: 局\nname: 示例县某局\nxyz: 1\n", "utf-8"
    )
    assert agency_name(root, CODE) == "示例县某局"


def test_from_the_workbook_when_there_is_nothing_else(root: Path) -> None:
    shutil.rmtree(root / f"params/{CODE}")
    rows = [["项目", "内容"], ["机关全称", "示例县某某局"], ["机关类别", "说不清"]]
    (root / f"data/{CODE}/2024/workbook.xlsx").write_bytes(xlsx_bytes({"基本信息": rows}))
    assert agency_name(root, CODE) == "示例县某某局"


@pytest.mark.parametrize("text", ["kind: other\n", "name: [a, b]\n", "name: [", "name: ' '\n", ""])
def test_none_where_no_name_can_be_read(text: str, root: Path) -> None:
    (root / f"params/{CODE}/agency.yaml").write_text(text, "utf-8")
    assert agency_name(root, CODE) is None


def test_none_where_the_workbook_cannot_be_read(root: Path) -> None:
    shutil.rmtree(root / f"params/{CODE}")
    (root / f"data/{CODE}/2024/workbook.xlsx").write_bytes(b"no workbook")
    assert agency_name(root, CODE) is None
    (root / f"data/{CODE}/2024/workbook.xlsx").unlink()
    assert agency_name(root, CODE) is None
