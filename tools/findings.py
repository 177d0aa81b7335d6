"""docs/findings.md: every rule by what it looks at, with what it says and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from nianbao.prose.review import CHECKS
from nianbao.statistics.model import SEVERITIES

# The title of a group is also its address on the page; the manual leads there.
GROUPS: Mapping[str, str] = {
    "D": "文件的读法",
    "V": "每一格的填写",
    "A": "表二的核对",
    "B": "表三的核对",
    "C": "表四的核对",
    "X": "表与表之间的核对",
    "Y": "与上年的核对",
    "T": "办理期限的核对",
    "R": "政府汇总的核对",
    "S": "报告结构的核对",
    "N": "正文数字的核对",
    "L": "正文文字的核对",
}
"""Titles of groups by the letter that a rule's id begins with."""

_HEAD = """# 检查规则

由 `make docs` 生成。`nianbao check --explain 编号` 显示同样的说明。

编号的字母说明查的是什么，点开可直接看那一组：
"""

_GRAVITY = """
- **错误**：必须改正，否则不能生成正式报告；只有 {lifted} 可以写明理由后放行。
- **提醒**：请核对；数字无误、不必改的，把标识和理由写进 `acknowledged.csv`，以后不再提醒。
- **提示**：供参考，不要求处理。
"""


def _order(id_: str) -> tuple[int, int, str]:
    digits = "".join(c for c in id_[1:] if c.isdigit())
    return list(GROUPS).index(id_[0]), int(digits), id_


def findings_markdown() -> str:
    """The page."""
    ids = sorted(CHECKS, key=_order)
    lines = [_HEAD]
    for letter, title in GROUPS.items():
        listed = "、".join(id_ for id_ in ids if id_[0] == letter)
        lines.append(f"- {letter}：[{title}](#{title})（{listed}）")
    lifted = "、".join(id_ for id_ in ids if CHECKS[id_].lifts)
    lines += [_GRAVITY.format(lifted=lifted)]
    group = ""
    for id_ in ids:
        if id_[0] != group:
            group = id_[0]
            lines += [f"## {GROUPS[group]}", ""]
        rule = CHECKS[id_]
        lines += [f"### {id_}　{rule.title}", "", rule.explanation, ""]
        lines += [f"一般为{SEVERITIES[rule.severity]}。依据：{rule.source}。", ""]
    return "\n".join(lines)
