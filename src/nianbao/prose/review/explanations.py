"""What a rule about the prose means, for those who have to mend a finding."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from ruamel.yaml import YAML


@cache
def prose_rules() -> Mapping[str, tuple[str, str]]:
    """Title and explanation of every rule about the prose, by id.

    Examples
    --------
    >>> prose_rules()["Y9"][0]
    '增长率'
    """
    text = (resources.files(__package__) / "explanations.yaml").read_text(encoding="utf-8")
    data = YAML(typ="safe").load(text)
    return MappingProxyType({id_: (e["title"], e["text"]) for id_, e in data.items()})
