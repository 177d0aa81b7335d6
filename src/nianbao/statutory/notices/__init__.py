"""Notices of higher offices: what a report must hold beside the statutory format, as data.

A notice is one YAML file: limits of length, points that the text has to make, earlier days, what
to see to beside the text. How to write one: docs/notices.zh-CN.md.
"""

from nianbao.statutory.notices.model import (
    Limit,
    Notice,
    RequiredPoint,
    parse_notice,
    shipped_notice,
    shipped_notices,
)

__all__ = ["Limit", "Notice", "RequiredPoint", "parse_notice", "shipped_notice", "shipped_notices"]
