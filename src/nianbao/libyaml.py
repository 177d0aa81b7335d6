"""YAML by libyaml, the parser in C of PyYAML: values, and the events of files read as text."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any

import yaml


def parse_yaml(text: str) -> Any:
    """Return the values that a YAML text stands for.

    Raises
    ------
    yaml.YAMLError
        It is no YAML, or it asks for more than plain values.

    Examples
    --------
    >>> parse_yaml("- {wrong: 转结, right: 结转}")
    [{'wrong': '转结', 'right': '结转'}]
    """
    return yaml.load(text, Loader=_loader())


def parse_events(text: str) -> Iterator[yaml.Event]:
    """Yield what a YAML text consists of, nothing of it interpreted; the errors of `parse_yaml`."""
    yield from yaml.parse(text, Loader=_loader())


def read_shipped(file: Traversable) -> Any:
    """Return the values in a YAML file of the package.

    Examples
    --------
    >>> from importlib import resources
    >>> read_shipped(resources.files("nianbao.statutory") / "format_2021.yaml")["version"]
    '2021'
    """
    return parse_yaml(file.read_text(encoding="utf-8"))


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML may be built without libyaml
