"""Lists of words that rules look for, from wording.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from nianbao.libyaml import read_shipped


@cache
def _wordings() -> Mapping[str, tuple[Any, ...]]:
    """Read wording.yaml, once; what stands there as one line is its words."""
    lists = read_shipped(resources.files(__package__) / "wording.yaml").items()
    return {k: tuple(v.split() if isinstance(v, str) else v) for k, v in lists}


def wording(kind: str) -> tuple[Any, ...]:
    """Return a list of wording.yaml."""
    return _wordings()[kind]
