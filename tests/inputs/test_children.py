"""The units below a government, read from their own folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from nianbao.errors import InputError
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.children import read_profiles, read_tree
from nianbao.inputs.load import load_inputs

TOP = "shili-xzf"
YEAR = 2024


def write(root: Path, file: str, text: str) -> None:
    """Write a file and its folders."""
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(text, encoding="utf-8")


def agency(
    root: Path,
    code: str,
    *,
    kind: str = "department",
    years: tuple[int, ...] = (YEAR,),
    **card: str,
) -> None:
    """Write a card, and for each year a folder with a figure."""
    about = {"name": f"示例{code}", "kind": kind, **card}
    write(root, f"params/{code}/agency.yaml", "".join(f"{k}: {v}\n" for k, v in about.items()))
    for year in years:
        write(root, f"data/{code}/{year}/figures.csv", "名称,数值,单位\n信息处理费,0,元\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A government with a bureau and a township."""
    agency(tmp_path, TOP, kind="government", name="示例县人民政府")
    write(tmp_path, f"params/{TOP}/{YEAR}.yaml", f"agency: {TOP}\nyear: {YEAR}\n")
    agency(tmp_path, "zhen", kind="township", parent=TOP)
    agency(tmp_path, "ju", parent=TOP)
    return tmp_path


def codes(inputs: Inputs) -> list[str]:
    """Codes of the units right below."""
    return [unit.agency.code for unit in inputs.children]


def problems(root: Path) -> Mapping[str, str]:
    """What is wrong, by file."""
    with pytest.raises(InputError) as caught:
        load_inputs(root, TOP, YEAR)
    return {p.place.file: str(p) for p in caught.value.problems if p.place}


def test_who_names_the_government_as_parent_is_read_along(root: Path) -> None:
    agency(root, "other")
    inputs = load_inputs(root, TOP, YEAR)
    assert codes(inputs) == ["ju", "zhen"]
    assert inputs.missing == ()
    for unit in ("ju", "zhen"):
        assert f"data/{unit}/{YEAR}/figures.csv" in inputs.files
        assert f"params/{unit}/agency.yaml" in inputs.files
    assert "params/other/agency.yaml" not in inputs.files


def test_a_bureau_has_no_children_and_reads_nobody_elses_files(root: Path) -> None:
    write(root, f"params/ju/{YEAR}.yaml", f"agency: ju\nyear: {YEAR}\n")
    write(root, "params/zhen/agency.yaml", "kind: nonsense\n")
    inputs = load_inputs(root, "ju", YEAR)
    assert inputs.children == ()
    assert all("/ju/" in file for file in inputs.files)


def test_levels_are_stacked(root: Path) -> None:
    agency(root, "city", kind="government")
    write(root, f"params/city/{YEAR}.yaml", f"agency: city\nyear: {YEAR}\n")
    card = root / f"params/{TOP}/agency.yaml"
    card.write_text(card.read_text(encoding="utf-8") + "parent: city\n", encoding="utf-8")
    city = load_inputs(root, "city", YEAR)
    assert codes(city) == [TOP]
    assert codes(city.children[0]) == ["ju", "zhen"]
    assert f"data/zhen/{YEAR}/figures.csv" in city.files


def test_a_unit_without_data_is_missing(root: Path) -> None:
    agency(root, "late", parent=TOP, years=(2023,), name="示例县迟报局")
    inputs = load_inputs(root, TOP, YEAR)
    assert inputs.missing == ("示例县迟报局",)
    assert codes(inputs) == ["ju", "zhen"]


def test_a_unit_that_is_no_more_is_not_missing(root: Path) -> None:
    agency(root, "gone", parent=TOP, years=(2023,), until="2023")
    inputs = load_inputs(root, TOP, YEAR)
    assert inputs.missing == ()
    assert inputs.previous is not None
    assert codes(inputs.previous) == ["gone"]


def test_last_year_has_its_own_units_even_without_data_of_the_government(root: Path) -> None:
    write(root, "data/ju/2023/figures.csv", "名称,数值,单位\n信息处理费,7,元\n")
    inputs = load_inputs(root, TOP, YEAR)
    assert inputs.previous is not None
    assert inputs.previous.params.year == 2023
    assert codes(inputs.previous) == ["ju"]
    assert inputs.previous.missing == ("示例zhen",)
    (unit,) = inputs.previous.children
    assert unit.figures["信息处理费"].cell.number == 7
    assert inputs.children[0].previous is not None
    assert "data/ju/2023/figures.csv" in inputs.files


def test_without_any_data_of_last_year_there_is_none(root: Path) -> None:
    assert load_inputs(root, TOP, YEAR).previous is None


def test_what_is_wrong_with_a_unit_is_reported_with_its_file(root: Path) -> None:
    write(root, f"data/ju/{YEAR}/reviews.csv", "类型,结果,件数\n行政复议,结果维持,若干\n")
    write(root, f"data/zhen/{YEAR}/reviews.csv", "类型,结果,件数\n行政复议,结果维持,若干\n")
    assert set(problems(root)) == {f"data/{unit}/{YEAR}/reviews.csv" for unit in ("ju", "zhen")}


def test_a_card_that_cannot_be_read_counts_where_it_names_the_government(root: Path) -> None:
    write(root, "params/other/agency.yaml", f"name: 示例县某局\nkind: nonsense\nparent: {TOP}\n")
    write(root, "params/stranger/agency.yaml", "name: 示例县别局\nkind: nonsense\n")
    assert list(problems(root)) == ["params/other/agency.yaml"]


@pytest.mark.parametrize("above", [TOP, "zhen"])
def test_a_circle_of_parents_is_refused(root: Path, above: str) -> None:
    card = root / f"params/{TOP}/agency.yaml"
    card.write_text(card.read_text(encoding="utf-8") + f"parent: {above}\n", encoding="utf-8")
    found = problems(root)
    assert "循环" in found[f"params/{TOP}/agency.yaml"]


def test_a_unit_below_a_bureau_would_be_lost_and_is_refused(root: Path) -> None:
    agency(root, "station", parent="ju")
    found = problems(root)
    assert "会漏掉" in found["params/station/agency.yaml"]


def test_a_misspelt_parent_would_be_lost_and_is_refused(root: Path) -> None:
    agency(root, "lost", parent="shili-xfz")
    assert "shili-xzf" in problems(root)["params/lost/agency.yaml"]


def test_another_governments_units_are_no_concern(root: Path) -> None:
    agency(root, "far", parent="another-county-altogether")
    assert codes(load_inputs(root, TOP, YEAR)) == ["ju", "zhen"]


def test_profiles_that_were_read_already_are_not_read_again(root: Path) -> None:
    top, profiles = read_agency(root, TOP), read_profiles(root)
    tree = read_tree(root, top)
    for code in profiles.read:
        (root / f"params/{code}/agency.yaml").unlink()
    assert tree == read_tree(root, top, profiles)
    assert tree is not None
    assert tree.below == {TOP: ("ju", "zhen")}


def test_units_that_cannot_be_read_are_errors_with_given_profiles_too(root: Path) -> None:
    write(root, "params/ju/agency.yaml", f"name: [\nparent: {TOP}\n")
    for profiles in (None, read_profiles(root)):
        with pytest.raises(InputError, match=r"params/ju/agency\.yaml"):
            read_tree(root, read_agency(root, TOP), profiles)
