"""Ask the advisory service about every locked version; one it does not know counts as not clean.

    python tools/audit.py          (needs the network, and pip-audit: pip install pip-audit)

pip-audit by itself says "no known vulnerabilities" of packages that it could not look up, as
behind a mirror without advisories. Exit 0: all looked up, none known. 1: some known. 2: not asked.

Where the package safety-db is installed beside pip-audit, its list is asked too. The list ends in
July 2021, so that it can tell of an old version and never that a version is clean; it makes
nothing a success.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
COMMAND = ["-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json", "-r"]
_PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(lock: str) -> list[tuple[str, str]]:
    """Names and locked versions; a package may have one for each Python.

    Examples
    --------
    >>> pins("jinja2==3.1.6 \\\\\\n    --hash=sha256:00\\n")
    [('jinja2', '3.1.6')]
    """
    return _PIN.findall(lock)


def listed(known: Mapping[str, Any], locked: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What a list of advisories in safety-db's form says of locked versions, a line each."""
    from packaging.specifiers import SpecifierSet
    from packaging.utils import canonicalize_name

    by_name = {canonicalize_name(name): found for name, found in known.items() if name[0] != "$"}
    for name, version in locked:
        for advisory in by_name.get(canonicalize_name(name), ()):
            if any(SpecifierSet(spec).contains(version, True) for spec in advisory["specs"]):
                number = advisory.get("cve") or advisory["id"]
                yield f"{name} {version}: {number} ({' or '.join(advisory['specs'])})"


def second_source(locked: Sequence[tuple[str, str]]) -> int:
    """Ask safety-db, if it is there; so many advisories were found."""
    try:
        files = distribution("safety-db")
    except PackageNotFoundError:
        print("second source: safety-db is not installed")
        return 0
    # The package cannot be imported (it opens a path of its makers'), but its list can be read.
    path = files.locate_file("safety_db/insecure_full.json")
    known = json.loads(Path(str(path)).read_text("utf-8"))
    made = date.fromtimestamp(known["$meta"]["timestamp"])
    found = list(listed(known, locked))
    named = sum(name in known for name, _ in locked)
    print(*found, sep="\n", end="\n" if found else "")
    print(
        f"second source: safety-db of {made}: {named} of {len(locked)} versions are of a package "
        f"that it knows, {len(found)} advisories; it knows nothing newer"
    )
    return len(found)


def main() -> int:
    """Ask, and say what is known of which."""
    locked = pins(LOCK.read_text("utf-8"))
    old = second_source(locked)
    done = subprocess.run([sys.executable, *COMMAND, str(LOCK)], capture_output=True, text=True)
    if not done.stdout.strip():
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return 1 if old else 2
    packages = json.loads(done.stdout)["dependencies"]
    known = [p for p in packages if p.get("vulns")]
    unknown = [p["name"] for p in packages if "skip_reason" in p]
    for package in known:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "none"
            print(f"{package['name']} {package['version']}: {found['id']}, mended in {mended}")
    print(f"{len(packages)} packages, {len(unknown)} not looked up, {len(known)} with advisories")
    return 1 if known or old else 2 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
