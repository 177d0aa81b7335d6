"""pyproject.toml, requirements.lock and environment.yml say the same about every dependency."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from nianbao.libyaml import parse_yaml

# Two packages have another name on conda-forge than on the Python index.
PYTHON_NAMES = {"matplotlib-base": "matplotlib", "typst-py": "typst"}
# Tools of conda itself, not dependencies of the project.
CONDA_TOOLS = {"python", "pip"}

ENTRY = re.compile(r"(?P<requirement>[\w.-]+==[^\s;]+(?: ; [^\\]+)?) \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


@pytest.fixture(scope="module")
def project(repository: Path) -> dict[str, object]:
    return tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def lock(repository: Path) -> str:
    return (repository / "requirements.lock").read_text("utf-8")


@pytest.fixture(scope="module")
def conda(repository: Path) -> dict[str, object]:
    return parse_yaml((repository / "environment.yml").read_text("utf-8"))


def locked(lock: str, python: str) -> dict[str, str]:
    """Return name -> version of what the lock installs on Linux with this Python."""
    machine = default_environment() | {
        "sys_platform": "linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "python_version": python,
        "python_full_version": f"{python}.6",
    }
    versions: dict[str, str] = {}
    for match in ENTRY.finditer(lock):
        requirement = Requirement(match["requirement"])
        if requirement.marker is None or requirement.marker.evaluate(machine):
            assert requirement.name not in versions, f"{requirement.name} is locked twice"
            versions[requirement.name] = str(requirement.specifier).removeprefix("==")
    return versions


def direct(project: dict[str, object], *, everything: bool) -> list[Requirement]:
    """Return the direct dependencies: of the report and JupyterLab, or of all there is."""
    table = project["project"]
    extras = table["optional-dependencies"]
    wanted = [*table["dependencies"], *extras["lab"]]
    if everything:
        wanted += [wish for extra in extras.values() for wish in extra]
        wanted += project["dependency-groups"]["dev"]
        wanted += project["build-system"]["requires"]
    return [Requirement(wish) for wish in wanted]


def pinned_by_conda(conda: dict[str, object]) -> dict[str, str]:
    versions: dict[str, str] = {}
    for entry in conda["dependencies"]:
        if isinstance(entry, dict):
            pins = [pin.split("==") for pin in entry["pip"] if pin != "-e ."]
        else:
            pins = [entry.split("=")]
        for name, *version in pins:
            if name not in CONDA_TOOLS:
                versions[canonicalize_name(PYTHON_NAMES.get(name, name))] = version[0]
    return versions


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the top-level names that a module imports, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_every_library_the_source_imports_is_declared(
    project: dict[str, object], repository: Path
) -> None:
    table = project["project"]
    declared = [*table["dependencies"], *table["optional-dependencies"]["cluster"]]
    names = {canonicalize_name(Requirement(wish).name) for wish in declared}
    providers = packages_distributions()
    undeclared = {
        f"{path.name} imports {name}"
        for path in (repository / "src").rglob("*.py")
        for name in imported(ast.parse(path.read_text("utf-8")))
        if name not in {*sys.stdlib_module_names, "nianbao"}
        and names.isdisjoint(map(canonicalize_name, providers.get(name, [])))
    }
    assert undeclared == set()


def test_lock_holds_nothing_but_versions_and_hashes(lock: str) -> None:
    lines = lock.splitlines()
    assert [line for line in lines if not (ENTRY.fullmatch(line) or HASH.fullmatch(line))] == []
    # An entry's line ends in a backslash, so that a hash must follow it.
    assert HASH.fullmatch(lines[-1])


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_lock_satisfies_every_direct_dependency(
    project: dict[str, object], lock: str, python: str
) -> None:
    versions = locked(lock, python)
    for requirement in direct(project, everything=True):
        version = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_conda_has_the_locked_version_of_every_direct_dependency(
    project: dict[str, object], lock: str, conda: dict[str, object]
) -> None:
    versions = locked(lock, "3.11")
    names = {canonicalize_name(r.name) for r in direct(project, everything=False)}
    assert pinned_by_conda(conda) == {name: versions[name] for name in names}


def test_conda_python_is_one_the_project_supports(
    project: dict[str, object], conda: dict[str, object]
) -> None:
    pin = next(e for e in conda["dependencies"] if str(e).startswith("python="))
    supported = Requirement(f"python{project['project']['requires-python']}").specifier
    assert supported.contains(pin.removeprefix("python="))


def test_conda_installs_the_project_itself(conda: dict[str, object]) -> None:
    assert "-e ." in conda["dependencies"][-1]["pip"]


def test_every_locked_version_has_its_licence_on_the_page(repository: Path, lock: str) -> None:
    page = (repository / "docs" / "licences.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\w.-]+) \| (\d\S*) \| (.+) \|$", page, re.MULTILINE)
    pins = {tuple(m["requirement"].split(" ;")[0].split("==")) for m in ENTRY.finditer(lock)}
    assert {(name, version) for name, version, _ in rows} <= pins
    assert {name for name, _, _ in rows} == {name for name, _ in pins}


def test_no_dependency_binds_those_who_use_the_project(repository: Path) -> None:
    page = (repository / "docs" / "licences.md").read_text("utf-8")
    packages = page.partition("## Fonts")[0]
    assert re.findall(r"A?GPL|UNKNOWN|[Pp]roprietary", packages) == []
