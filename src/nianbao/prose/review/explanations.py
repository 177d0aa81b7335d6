"""What a rule about the prose means, for those who have to mend a finding."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from ruamel.yaml import YAML

from nianbao.statistics.checks import CHECKS


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


def every_rule() -> Mapping[str, tuple[str, str]]:
    """Title and explanation of every rule by id: those about the figures, then the prose.

    The explanation is empty where nobody has written one yet.

    Raises
    ------
    ValueError
        A rule about the figures and one about the prose have the same id.

    Examples
    --------
    >>> every_rule()["B1"][0]
    '一加二等于三（七）加四'
    """
    twice = sorted(CHECKS.keys() & prose_rules().keys())
    if twice:
        raise ValueError(f"rules {', '.join(twice)} are declared for figures and for prose")
    figures = {rule.id: (rule.title, rule.explanation) for rule in CHECKS.values()}
    return MappingProxyType({**figures, **prose_rules()})
