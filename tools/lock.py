"""Pin every dependency: pyproject.toml -> requirements.lock -> environment.yml.

requirements.lock holds versions and hashes only, for every Python from 3.11 on and every
system, so that one file serves all machines. environment.yml gives conda users the same
versions of what the report needs directly.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
PYTHON = "3.11"

# conda-forge's names where they differ from the Python package's own.
CONDA_NAMES = {
    "jupyter-client": "jupyter_client",
    "matplotlib": "matplotlib-base",
    "typst": "typst-py",
}
# Not on conda-forge: pip installs them inside the conda environment.
ONLY_PIP = {"chinesecalendar", "mplfonts"}


def compile_lock(options: list[str]) -> None:
    """Resolve the runtime, every extra and the dev group into requirements.lock."""
    command = [
        *("uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--all-extras"),
        *("--universal", "--python-version", PYTHON, "--generate-hashes"),
        *("--no-annotate", "--no-header", "--quiet", "--output-file", LOCK.name),
    ]
    program = Path(sys.executable).with_name("uv")
    subprocess.run([program, *command[1:], *options], cwd=ROOT, check=True)


def locked_versions() -> dict[str, str]:
    """Return the version of each package for Python 3.11, where the lock holds several."""
    versions: dict[str, str] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", LOCK.read_text(), re.MULTILINE):
        versions.setdefault(name, version)
    return versions


def write_environment() -> None:
    """Write environment.yml from the direct dependencies and their locked versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["lab"], "pip"]
    names = sorted(re.split(r"[^\w.-]", wish, maxsplit=1)[0] for wish in wanted)
    versions = locked_versions()

    def pin(name: str, sign: str) -> str:
        version = versions.get(name.replace(".", "-"))
        return f"{CONDA_NAMES.get(name, name)}{sign}{version}" if version else name

    lines = [
        "# 供 conda 用户使用：conda env create -f environment.yml，然后 conda activate nianbao。",
        "# 由 make lock 写成，版本与 requirements.lock 相同；请勿手工修改。",
        "name: nianbao",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python={PYTHON}",
        *(f"  - {pin(name, '=')}" for name in names if name not in ONLY_PIP),
        "  - pip:",
        *(f"      - {pin(name, '==')}" for name in names if name in ONLY_PIP),
        "      - -e .",
    ]
    (ROOT / "environment.yml").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    compile_lock(sys.argv[1:])
    write_environment()
