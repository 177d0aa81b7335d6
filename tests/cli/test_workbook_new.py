"""``nianbao workbook`` and ``nianbao new`` as people type them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli.test_main import nianbao
from tests.projects import copy_project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("cli"), "shili-zrzyj")


def test_a_workbook_is_written_and_is_enough_to_check(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "填报表.xlsx"
    made = nianbao("workbook", "shili-zrzyj", "2024", "--to", str(file), cwd=project)
    assert (made.returncode, made.stdout) == (0, f"{file}\n")
    folder = tmp_path / "only/data/shili-zrzyj/2024"
    folder.mkdir(parents=True)
    shutil.copy(file, folder / "workbook.xlsx")
    checked = nianbao("check", "shili-zrzyj", "2024", cwd=tmp_path / "only")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "写入 data/shili-zrzyj/2024/workbook.xlsx 的“核对说明”表；" in checked.stdout
    reported = nianbao("facts", "shili-zrzyj", "2024", cwd=tmp_path / "only").stdout
    assert "data/shili-zrzyj/2024/workbook.xlsx 工作表“基本信息”" in reported
    assert "params/" not in reported


def test_it_is_not_written_over(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"own")
    refused = nianbao("workbook", "shili-zrzyj", "2024", "--to", str(file), cwd=project)
    assert refused.returncode == 2
    assert "不会覆盖已有的文件" in refused.stderr
    assert file.read_bytes() == b"own"


def test_a_year_is_begun_and_says_what_is_left(project: Path) -> None:
    begun = nianbao("new", "shili-zrzyj", "2025", cwd=project)
    assert begun.returncode == 0, begun.stderr
    files = begun.stdout.splitlines()
    assert files[0] == "params/shili-zrzyj/2025.yaml"
    assert all((project / file).is_file() for file in files)
    assert "requests.xlsx：上年结转4件，补填办理结果和答复日期" in begun.stderr
    assert "5个章节是上年的文字" in begun.stderr
    again = nianbao("new", "shili-zrzyj", "2025", cwd=project)
    assert again.returncode == 2
    assert "已经有这个文件" in again.stderr
    blocked = nianbao("build", "shili-zrzyj", "2025", cwd=project)
    assert blocked.returncode == 1
    assert "待修订" in blocked.stderr
