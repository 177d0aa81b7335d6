"""The pages' templates, and the few words and numbers that all of them write alike.

Apart because the look of a value is no concern of the requests that ask for a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from nianbao.desk.standing import State
from nianbao.statistics.model import SEVERITIES

_TONES: Mapping[State, str] = {
    State.BLANK: "blank", State.FAULTY: "faulty", State.READY: "ready",
    State.MADE: "made", State.CHANGED: "changed", State.FROZEN: "frozen",
}  # fmt: skip


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("nianbao.desk"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "left": days_words, "when": when_words, "number": number_words, "size": size_words,
        "tone": lambda state: _TONES[state], "severity": lambda key: SEVERITIES[key],
    }  # fmt: skip
    return environment


def draw(template: str, values: Mapping[str, Any]) -> str:
    """Draw a page; all that comes from people is escaped."""
    return _environment().get_template(template).render(values)


def days_words(days: int) -> str:
    """Return how long there is until the deadline.

    Examples
    --------
    >>> days_words(12), days_words(0), days_words(-3)
    ('还有12天', '今天到期', '已逾期3天')
    """
    if days > 0:
        return f"还有{days}天"
    return f"已逾期{-days}天" if days else "今天到期"


def when_words(at: str) -> str:
    """Return a moment as people write it.

    Examples
    --------
    >>> when_words("2025-01-09T08:05:00+08:00")
    '1月9日 08:05'
    """
    moment = datetime.fromisoformat(at)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def number_words(value: int | Decimal | str | None) -> str:
    """Return a key figure; a dash where it was not handed in."""
    return "—" if value is None else str(value)


def size_words(size: int) -> str:
    """Return a file's size.

    Examples
    --------
    >>> size_words(2_300_000), size_words(900)
    ('2.3 MB', '1 KB')
    """
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{max(1, round(size / 1000))} KB"
