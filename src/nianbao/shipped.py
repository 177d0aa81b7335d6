"""YAML files that come with this package: the statutory format, lists of words, looks.

They are read by libyaml (PyYAML), ten times as fast as by the YAML reader in Python that takes what
people write; that both read them the same is tested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def read_shipped(file: Traversable) -> Any:
    """Return the values in a YAML file of the package.

    Examples
    --------
    >>> from importlib import resources
    >>> read_shipped(resources.files("nianbao.statutory") / "format_2021.yaml")["version"]
    '2021'
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # built without libyaml: in Python
    return yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
