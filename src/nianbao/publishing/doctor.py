"""Look at what this machine has and lacks for making reports.

Apart because it looks at the machine and not at a report, and has to work where nothing else does.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nianbao.finished.kept_edits import kept_size
from nianbao.finished.manifest import package_versions
from nianbao.fonts import ROLES, find_fonts


@dataclass(frozen=True, slots=True)
class Item:
    """One thing looked at: whether it is fine, what was found, and what to do."""

    name: str
    fine: bool
    found: str
    remedy: str = ""


def _fonts(root: Path) -> Iterator[Item]:
    fonts = find_fonts((root / "fonts",))
    substituted = fonts.substituted()
    for role, substitute in substituted.items():
        official = "、".join(ROLES[role].official[:2])
        remedy = f"正式付印前可安装{official}，或运行 make fonts 取得免费的替代字体"
        yield Item(f"字体（{ROLES[role].name}）", True, f"以{substitute.family}代替", remedy)
    for role in fonts.chains:
        if role not in substituted:
            yield Item(f"字体（{ROLES[role].name}）", True, fonts.first(role).family)


def _kernel() -> Item:
    from jupyter_client.kernelspec import KernelSpecManager

    names = KernelSpecManager().find_kernel_specs()
    fine = "python3" in names
    remedy = "" if fine else "请运行 python -m ipykernel install --sys-prefix"
    return Item("Jupyter 内核", fine, "、".join(sorted(names)) or "没有", remedy)


def _plugins() -> Iterator[Item]:
    from importlib.metadata import entry_points

    for group, title in (("papermill.engine", "运行引擎"), ("nbconvert.exporters", "导出格式")):
        own = sorted(e.name for e in entry_points(group=group) if e.name.startswith("nianbao"))
        remedy = "" if own else "请重新安装 nianbao"
        yield Item(title, bool(own), "、".join(own) or "没有登记", remedy)


def _kept(root: Path) -> Item:
    size = kept_size(*(root / "output").glob("*/edited/*"))
    return Item("留存的改稿", True, str(size) if size.files else "没有")


def examine(root: Path) -> Iterator[Item]:
    """Yield everything that making a report depends on."""
    yield Item("操作系统", True, platform.platform())
    for name, version in package_versions().items():
        yield Item(name, True, version)
    yield _kernel()
    yield from _plugins()
    yield from _fonts(root)
    yield _kept(root)
