"""Numbers in the texts that somebody changed in a finished file: reported until confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nianbao.inputs.bundle import EditedNumber
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding


@check(
    "S14",
    severity="warning",
    title="改稿中改过的数",
    source="本模板的约定",
    explanation="在 Word 或笔记本里把正文中直接写的数改成了别的数，数据里没有这个新数，"
    "并入后每次都会提醒，直到有人确认。请对照台账核对：应改数据的，改台账后把正文中的数写成"
    "“{{ 名称 }}”；改错了的，把正文改回去；确属无误的，在核对说明（acknowledged.csv）中写明理由。",
)
def edited_numbers_are_confirmed(s: Statistics, rule: Check) -> Iterator[Finding]:
    """A number that was changed by hand stands in the text, and nobody has confirmed it."""
    headings = {section.key: section.heading for section in s.format.headings()}
    for number in s.inputs.edited_numbers:
        if not _still_stands(s, number):
            continue
        name = headings.get(number.section, number.section)
        change = f"由“{number.before}”改成" if number.before else "加了"
        known = f"，而数据中{number.known}" if number.known else "，数据中没有这个数"
        message = (
            f"“{name}”中“…{number.near}…”一处，{number.file} {change}“{number.after}”{known}，"
            "还没有确认。请核对；确属无误的，在核对说明（acknowledged.csv）中写明理由。"
        )
        found = rule.finding(message, cells=(number.section,), places=[number.place])
        yield replace(found, left=number.before, right=number.after)


def _still_stands(s: Statistics, number: EditedNumber) -> bool:
    text = s.inputs.narrative.get(number.section)
    return text is not None and number.near in text.text.replace("\\", "")
