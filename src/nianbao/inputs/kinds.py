"""Kinds of agency, and the ways in which a clerk names them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from nianbao.files.words import fold

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "department": "政府部门",
        "township": "乡镇政府、街道办事处",
        "government": "县级以上人民政府",
        "other": "其他机关、组织",
    }
)
"""Kinds of agency and what they mean."""

# 政府 and 人民政府 alone may be a county's or a township's, and are asked about.
_ALSO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "department": (
            *("部门", "工作部门", "政府工作部门", "人民政府部门", "人民政府工作部门"),
            *("县政府部门", "县级政府部门", "县级人民政府部门", "县级以上人民政府部门"),
            *("市政府部门", "市级政府部门", "区政府部门", "县直部门", "市直部门", "区直部门"),
        ),
        "township": (
            *("乡镇", "街道", "乡镇（街道）", "乡镇政府", "乡镇人民政府"),
            *("街道办事处", "镇政府", "镇人民政府", "乡政府", "乡人民政府", "街道办"),
        ),
        "government": (
            *("县级人民政府", "县级政府", "县级以上政府", "县人民政府", "县政府", "市人民政府"),
            *("市政府", "区人民政府", "区政府", "市级人民政府", "市级政府"),
        ),
        "other": ("其他", "其他机关", "其他组织", "其他单位"),
    }
)
ALLOWED = "、".join(f"{kind}（{name}）" for kind, name in KINDS.items())
"""The kinds as a message lists them."""


def kind_of(text: object) -> object:
    """The kind that a text means; a text that may mean several comes back as it is.

    Examples
    --------
    >>> kind_of("县级人民政府部门"), kind_of("Department"), kind_of("政府")
    ('department', 'department', '政府')
    """
    return _meant().get(fold(text).casefold(), text) if isinstance(text, str) else text


@cache
def _meant() -> Mapping[str, str]:
    """The kind by each of its words, without punctuation."""
    return {
        fold(word).casefold(): kind
        for kind, name in KINDS.items()
        for word in (kind, name, *_ALSO[kind])
    }
