"""What libyaml makes of the package's own files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import yaml

from nianbao.libyaml import parse_yaml


def test_the_parser_in_python_reads_the_same() -> None:
    files = sorted(Path(str(resources.files("nianbao"))).rglob("*.yaml"))
    assert len(files) > 6
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert repr(parse_yaml(text)) == repr(yaml.safe_load(text)), file.name  # 1 is not True
