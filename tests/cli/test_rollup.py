"""``nianbao rollup`` as it is typed."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests import warm
from tests.counties import write_county
from tests.projects import REPOSITORY

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of four units."""
    return write_county(tmp_path_factory.mktemp("county"), 4)


@pytest.fixture(scope="module")
def incomplete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county that one bureau has not reported to."""
    root = write_county(tmp_path_factory.mktemp("incomplete"), 4)
    shutil.rmtree(root / "data/shili-gaj/2024")
    return root


def rollup(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the county's folder."""
    return warm.run("rollup", *words, cwd=root)


def test_it_prints_completeness_sums_and_units_and_writes_nothing(county: Path) -> None:
    done = rollup(county, "shili-xzf", "2024")
    assert done.returncode == 0, done.stderr
    assert "已报送5个，未报送0个" in done.stdout
    for words in ("示例县公安局", "表二　", "表三　", "表四　", "2024年各单位主要数据", "合计"):
        assert words in done.stdout
    assert not (county / "output").exists()


def test_a_cell_is_followed_down_to_each_unit(county: Path) -> None:
    lines = rollup(county, "shili-xzf", "2024", "--trace", "规范性文件×制发").stdout.splitlines()
    whole = int(lines[0].rsplit("：", 1)[1])
    parts = {name: int(n) for name, n, _ in (line.strip().split("\t") for line in lines[1:])}
    assert set(parts) == {
        "本级", "示例县公安局", "示例县发展和改革局", "示例县教育和体育局", "示例县民政局"
    }  # fmt: skip
    assert sum(parts.values()) == whole
    assert "data/shili-gaj/2024/decisions.csv" in "".join(lines)


def test_a_number_counted_from_a_ledger_names_it(county: Path) -> None:
    lines = rollup(county, "shili-xzf", "2024", "--trace", "新收×自然人").stdout.splitlines()
    assert len(lines) == 6
    for line in lines[1:]:
        name, number, source = line.strip().split("\t")
        assert source == "由 requests.csv 统计" or "requests_table.csv 第2行" in source, name
        assert number.isdigit()
    assert any("统计" in line for line in lines[1:])
    document = json.loads(rollup(county, "shili-xzf", "2024", "--json").stdout)
    sources = {unit["source"] for cell in document["cells"] for unit in cell["units"]}
    assert "由 requests.csv 统计" in sources
    assert "" not in sources


@pytest.mark.parametrize(
    ("cell", "said"), [("新受", "新收"), ("行政许可×自然人", "本年处理决定数量"), ("规章", "×")]
)
def test_a_cell_that_there_is_not_is_reported_with_the_nearest(
    county: Path, cell: str, said: str
) -> None:
    done = rollup(county, "shili-xzf", "2024", "--trace", cell)
    assert done.returncode == 2
    assert said in done.stderr


def test_as_json_it_has_200_cells_that_are_the_sums_of_their_units(county: Path) -> None:
    document = json.loads(rollup(county, "shili-xzf", "2024", "--json").stdout)
    assert len(document["cells"]) == 200
    for cell in document["cells"]:
        parts = [part["value"] for part in cell["units"]]
        assert len(parts) == 5
        assert sum(parts) == pytest.approx(cell["value"], abs=1e-9)
    assert document["missing"] == []


def test_a_missing_unit_stops_it_and_is_named(incomplete: Path) -> None:
    done = rollup(incomplete, "shili-xzf", "2024")
    assert done.returncode == 1
    assert "未报送：示例县公安局" in done.stdout
    allowed = rollup(incomplete, "shili-xzf", "2024", "--allow-missing")
    assert allowed.returncode == 0
    assert "未报送：示例县公安局" in allowed.stdout


def test_it_writes_every_cell_of_every_unit(county: Path, tmp_path: Path) -> None:
    root = shutil.copytree(county, tmp_path / "county", symlinks=True)
    done = rollup(root, "shili-xzf", "2024", "--write")
    assert "output/shili-xzf/rollup-2024.csv" in done.stdout
    file = root / "output/shili-xzf/rollup-2024.csv"
    with file.open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 200 * 6
    new = [r for r in rows if r["项目"].startswith("一、") and r["列"] == "总计"]
    assert sum(int(r["数值"]) for r in new[:-1]) == int(new[-1]["数值"])
    assert new[-1]["单位"] == "合计"


def test_an_agency_without_units_says_so(county: Path) -> None:
    done = rollup(county, "shili-gaj", "2024")
    assert done.returncode == 0
    assert "没有机关" in done.stdout


def test_the_examples_of_the_help_work_in_the_county_that_it_names(tmp_path: Path) -> None:
    shown = rollup(tmp_path, "--help").stdout
    maker = re.search(r"python (tools/make_county\.py) (\S+)", shown)
    assert maker is not None
    script = str(REPOSITORY / maker[1])
    subprocess.run([sys.executable, script, maker[2]], cwd=tmp_path, check=True)
    examples = re.findall(r"^ *nianbao rollup (.+)$", shown, re.MULTILINE)
    assert len(examples) == 3
    for words in examples:
        done = rollup(tmp_path / maker[2], *words.split())
        assert done.returncode == 0, done.stderr
