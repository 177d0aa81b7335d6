"""Make one archive with all that an office without internet needs to run the desk.

    python tools/bundle.py [--platform linux_x86_64 …] [--python 3.11 …] [--to dist]

The archive holds the wheels of the locked versions for each platform (pip downloads them), this
package's own wheel, the typefaces that are in fonts/, a script to double-click for each system,
and one page of instructions. On the office's machine Python is all that must be there.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PARTS = Path(__file__).resolve().parent / "bundle"
NAME = "年报填报"
# For each platform pip's tags, and what its interpreter says of itself.
PLATFORMS = {
    "linux_x86_64": (
        ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix",
         "platform_machine": "x86_64"},
    ),
    "linux_aarch64": (
        ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix",
         "platform_machine": "aarch64"},
    ),
    "windows_amd64": (
        ("win_amd64",),
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt",
         "platform_machine": "AMD64"},
    ),
}  # fmt: skip


def say(words: str) -> None:
    """Tell how far it is."""
    print(words, file=sys.stderr, flush=True)


def run(*command: str | Path) -> None:
    """Run a program of this environment."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def locked(folder: Path) -> list[Requirement]:
    """What running needs, in the locked versions, for every system; nothing of the tests."""
    file = folder / "runtime.txt"
    run(
        Path(sys.executable).with_name("uv"), "pip", "compile", "pyproject.toml", "--universal",
        "--python-version", "3.11", "--constraint", "requirements.lock", "--no-annotate",
        "--no-header", "--quiet", "--output-file", file,
    )  # fmt: skip
    lines = file.read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", " "))]


def wanted(needs: Iterable[Requirement], about: dict[str, str], python: str) -> list[str]:
    """The pins of one platform and one Python."""
    environment = {**about, "python_version": python, "python_full_version": f"{python}.0",
                   "implementation_name": "cpython", "platform_python_implementation": "CPython",
                   "extra": ""}  # fmt: skip
    return sorted(
        f"{need.name}{need.specifier}"
        for need in needs if need.marker is None or need.marker.evaluate(environment)
    )  # fmt: skip


def download(wheels: Path, pins: list[str], tags: tuple[str, ...], python: str) -> list[str]:
    """Fetch the wheels of a platform; those that have none, which are built from source."""
    sources: list[str] = []
    platforms = [part for tag in tags for part in ("--platform", tag)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
               "--no-deps", "--only-binary", ":all:", "--python-version", python, *platforms,
               "--dest", str(wheels)]  # fmt: skip
    while True:
        left = [pin for pin in pins if pin not in sources]
        done = subprocess.run([*command, *left], cwd=ROOT, capture_output=True, text=True)
        if done.returncode == 0:
            return sources
        missing = re.search(r"No matching distribution found for (\S+)", done.stderr)
        if missing is None or missing[1] not in left:
            raise SystemExit(done.stderr)
        sources.append(missing[1])


def build(wheels: Path, sources: Iterable[str]) -> None:
    """Build this package, and what comes as source and is the same everywhere."""
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")
    run(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, ROOT)
    for pin in sorted(set(sources)):
        with tempfile.TemporaryDirectory() as name:
            run(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", name, pin)
            for wheel in Path(name).glob("*.whl"):
                if not wheel.name.endswith("-none-any.whl"):
                    raise SystemExit(f"{pin}：没有这个系统的安装包，也不能在本机为它编译")
                shutil.move(wheel, wheels / wheel.name)


def pack(folder: Path, archive: Path) -> None:
    """Write the archive; the scripts may be run."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"{NAME}/{path.relative_to(folder).as_posix()}"
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o755 if path.suffix == ".sh" else 0o644) << 16
            kept = path.suffix in {".whl", ".otf"}
            info.compress_type = zipfile.ZIP_STORED if kept else zipfile.ZIP_DEFLATED
            target.writestr(info, path.read_bytes())


def main() -> None:
    """Make the archive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--platform", action="append", choices=tuple(PLATFORMS))
    parser.add_argument("--python", action="append", help="3.11 by default; may be repeated")
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bundle-") as name:
        folder = Path(name) / NAME
        wheels = folder / "wheels"
        wheels.mkdir(parents=True)
        needs = locked(Path(name))
        sources: list[str] = []
        for platform in given.platform or PLATFORMS:
            for python in given.python or ["3.11"]:
                say(f"正在取 {platform} 上 Python {python} 用的安装包……")
                tags, about = PLATFORMS[platform]
                sources += download(wheels, wanted(needs, about, python), tags, python)
        build(wheels, sources)
        fonts = [p for p in (ROOT / "fonts").glob("*") if p.is_file()]
        if fonts:
            (folder / "fonts").mkdir()
            for font in fonts:
                shutil.copyfile(font, folder / "fonts" / font.name)
        for part in PARTS.iterdir():
            data = part.read_bytes()
            if part.suffix == ".cmd":  # Windows reads its scripts with its own line ends
                data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            (folder / part.name).write_bytes(data)
        archive = given.to / f"{NAME}.zip"
        pack(folder, archive)
    say(f"{archive}（{archive.stat().st_size / 1e6:.0f} MB）")


if __name__ == "__main__":
    main()
