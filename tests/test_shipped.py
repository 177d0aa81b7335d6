"""The YAML files of the package say the same to both readers of YAML."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from ruamel.yaml import YAML

from nianbao.shipped import read_shipped


def test_both_readers_read_the_same() -> None:
    files = sorted(Path(str(resources.files("nianbao"))).rglob("*.yaml"))
    assert len(files) > 6
    for file in files:
        slow = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
        assert repr(read_shipped(file)) == repr(slow), file.name  # 1 and True are not the same
