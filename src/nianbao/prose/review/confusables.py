"""Words that are often confused (L6), and the local list of sensitive words (L7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from nianbao.errors import InputError, Place, Problem
from nianbao.prose.review.context import Confusable, ReviewContext, SensitiveWord
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.text import Prose
from nianbao.statistics.model import Severity


def _entries(text: str, file: str) -> list[dict[str, Any]]:
    try:
        data = YAML(typ="safe").load(text) or []
    except Exception as error:  # the library's errors have no common base worth naming
        problem = Problem(
            "词表不是有效的YAML", Place(file), remedy="请对照自带的词表检查缩进和引号"
        )
        raise InputError(problem) from error
    if not isinstance(data, list) or not all(isinstance(e, dict) for e in data):
        raise InputError(Problem("词表应是若干行“- {…}”", Place(file)))
    return data


def parse_confusables(text: str, file: str = "confusables.yaml") -> tuple[Confusable, ...]:
    """Read a list of confusable words.

    Parameters
    ----------
    text
        YAML: a list of ``{wrong, right, note}``.
    file
        Its path, for messages.

    Raises
    ------
    InputError
        Not YAML, an entry without ``wrong`` or ``right``, or no valid pattern: all at once.

    Examples
    --------
    >>> parse_confusables("- {wrong: 转结, right: 结转}")[0].right
    '结转'
    """
    found, problems = [], []
    for i, entry in enumerate(_entries(text, file), start=1):
        wrong, right = str(entry.get("wrong") or ""), str(entry.get("right") or "")
        try:
            re.compile(wrong)
        except re.error:
            wrong = ""
        if not wrong or not right:
            remedy = "每条要有wrong（错误写法，可用正则表达式）和right（正确写法）"
            problems.append(Problem(f"第{i}条无法使用", Place(file), str(entry), remedy=remedy))
            continue
        found.append(Confusable(wrong, right, str(entry.get("note") or "")))
    if problems:
        raise InputError(*problems)
    return tuple(found)


def parse_sensitive(text: str, file: str = "sensitive.yaml") -> tuple[SensitiveWord, ...]:
    """Read the local list of 错敏词: YAML, a list of ``{word, hard, right}``.

    None is shipped: what is sensitive is local and changes, and a list in a package would
    be taken for the truth.

    Raises
    ------
    InputError
        Not YAML, or an entry without ``word``.

    Examples
    --------
    >>> parse_sensitive("- {word: 攻府, hard: true, right: 政府}")[0].hard
    True
    """
    entries = _entries(text, file)
    if any(not entry.get("word") for entry in entries):
        raise InputError(Problem("每条要有word（要查的词）", Place(file)))
    return tuple(
        SensitiveWord(str(e["word"]), bool(e.get("hard")), str(e.get("right") or ""))
        for e in entries
    )


@cache
def shipped_confusables() -> tuple[Confusable, ...]:
    """The package's own list, confusables.yaml."""
    text = (resources.files(__package__) / "confusables.yaml").read_text(encoding="utf-8")
    return parse_confusables(text)


@cache
def _compiled(entries: tuple[Confusable, ...]) -> tuple[tuple[re.Pattern[str], Confusable], ...]:
    return tuple((re.compile(e.pattern), e) for e in entries)


def check_confusables(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    """Find confused words: the package's list and the bureau's own (L6)."""
    entries = _compiled(shipped_confusables() + context.confusables)
    text = "\n".join(s.text for s in prose.sentences)
    likely = [(p, e) for p, e in entries if p.search(text)]
    for sentence in prose.sentences if likely else ():
        for pattern, entry in likely:
            for match in pattern.finditer(sentence.text):
                if not match[0]:
                    continue
                note = f"（{entry.note}）" if entry.note else ""
                message = f"“{match[0]}”应为“{entry.right}”{note}；请改正"
                yield sentence.finding(
                    "L6", "warning", message, [match.span()], match[0], entry.right
                )


def check_sensitive(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    """Find words of the local list (L7); those marked hard are errors."""
    for sentence in prose.sentences if context.sensitive else ():
        for entry in context.sensitive:
            for match in re.finditer(re.escape(entry.word), sentence.written):
                severity: Severity = "error" if entry.hard else "warning"
                advice = f"，应为“{entry.right}”" if entry.right else ""
                message = f"“{entry.word}”在本地错敏词表中{advice}；请改正或说明"
                yield sentence.finding(
                    "L7", severity, message, [match.span()], entry.word, entry.right or None
                )
