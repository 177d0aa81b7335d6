"""docs/licences.md: under which licence each locked package and each font comes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"

HEAD = """# Licences

Made by `make docs` from the packages' own metadata; do not edit. nianbao itself is under the MIT
licence (LICENSE). It ships no package and no font: pip and `make fonts` fetch them.
"""

# Only on another system or Python than the one this page is made on (Linux, 3.11).
ELSEWHERE = {
    "aiohappyeyeballs": "PSF-2.0",
    "aiohttp": "Apache-2.0 AND MIT",
    "aiosignal": "Apache-2.0",
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "frozenlist": "Apache-2.0",
    "httpx2-jsfetch": "BSD-3-Clause",
    "multidict": "Apache-2.0",
    "propcache": "Apache-2.0",
    "pywinpty": "MIT",
    "yarl": "Apache-2.0",
}

# What the common ways of naming a licence in metadata come down to.
SPELLINGS = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}

FONTS = """
## Fonts

| font | from | licence |
| --- | --- | --- |
| Fandol 仿宋, 黑体, 楷体, 宋体 | `make fonts` (texlive-lang-chinese) | GPL with font exception |
| Noto Sans CJK SC, Noto Serif CJK SC | package mplfonts | OFL-1.1 |
| 方正小标宋, 仿宋_GB2312, 楷体_GB2312, 黑体 … | used where the office has them | their makers' |

The font exception and the OFL both allow a font to be embedded in a document of any licence. The
package mplfonts also holds SimHei, a proprietary face; nianbao never takes it from there.
"""


def licence(package: Distribution) -> str:
    """Return a package's licence as an SPDX expression where its metadata allow."""
    metadata = package.metadata
    if expression := metadata["License-Expression"]:
        return str(expression)
    classes = [
        c.split(" :: ")[-1]
        for c in metadata.get_all("Classifier") or ()
        if c.startswith("License :: ") and c != "License :: OSI Approved"
    ]
    text = ", ".join(SPELLINGS.get(c, c) for c in classes) or str(metadata["License"] or "")
    return SPELLINGS.get(text, text).strip().splitlines()[0]


def needed(names: Iterable[str], found: set[str]) -> set[str]:
    """Add to ``found`` the packages named, and all that they need, on this machine."""
    for name in map(canonicalize_name, names):
        if name not in found:
            found.add(name)
            needed(requirements(name), found)
    return found


def requirements(name: str) -> Iterator[str]:
    """Yield what an installed package requires here, extras aside."""
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def licences_markdown() -> str:
    """Return docs/licences.md."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", LOCK.read_text("utf-8"), re.MULTILINE)
    installed = {canonicalize_name(package.name): package for package in distributions()}
    report = needed(["nianbao"], set())

    def table(title: str, wanted: bool) -> str:
        lines = [f"\n## {title}\n", "| package | version | licence |", "| --- | --- | --- |"]
        for name, version in pins:
            package = installed.get(canonicalize_name(name))
            if (name in report) == wanted and (package is None or package.version == version):
                terms = licence(package) if package else ELSEWHERE[name]
                lines.append(f"| {name} | {version} | {terms} |")
        return "\n".join(lines) + "\n"

    return (
        HEAD
        + table("Needed to make a report", wanted=True)
        + table("For JupyterLab, several machines, tests and other systems", wanted=False)
        + FONTS
    )
