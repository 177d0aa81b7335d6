"""Lists of words that rules look for, from wording.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML


@cache
def _wordings() -> Mapping[str, tuple[Any, ...]]:
    """Read wording.yaml, once; what stands there as one line is its words."""
    text = (resources.files(__package__) / "wording.yaml").read_text(encoding="utf-8")
    lists = YAML(typ="safe").load(text).items()
    return {k: tuple(v.split() if isinstance(v, str) else v) for k, v in lists}


def wording(kind: str) -> tuple[Any, ...]:
    """Return a list of wording.yaml."""
    return _wordings()[kind]
