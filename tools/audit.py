"""Ask the advisory service about every locked version; one it does not know counts as not clean.

    python tools/audit.py          (needs the network, and pip-audit: pip install pip-audit)

pip-audit by itself says "no known vulnerabilities" of packages that it could not look up, as
behind a mirror without advisories. Exit 0: all looked up, none known. 1: some known. 2: not asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
COMMAND = ["-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json", "-r"]


def main() -> int:
    """Ask, and say what is known of which."""
    done = subprocess.run([sys.executable, *COMMAND, str(LOCK)], capture_output=True, text=True)
    if not done.stdout.strip():
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return 2
    packages = json.loads(done.stdout)["dependencies"]
    known = [p for p in packages if p.get("vulns")]
    unknown = [p["name"] for p in packages if "skip_reason" in p]
    for package in known:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "none"
            print(f"{package['name']} {package['version']}: {found['id']}, mended in {mended}")
    print(f"{len(packages)} packages, {len(unknown)} not looked up, {len(known)} with advisories")
    return 1 if known else 2 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
