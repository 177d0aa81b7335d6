"""The text of narrative.md: sections, words and placeholders such as ``{{ 新收申请.同比 }}``.

Only a name can stand in a placeholder (a dot or ``["…"]`` goes one level down). There is no
expression, filter, call or statement: a text from a bureau can reach facts and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nianbao.errors import NarrativeError, Place, Problem

_HOW = "“{{ }}”里只能写名称，如 {{ 新收申请 }} 或 {{ 新收申请.同比 }}；可用名称见 nianbao facts"
_MARK = re.compile(
    r"\{\{(?P<name>[^{}\n]*)\}\}|(?P<stray>\{%[^{}\n]*%\}|\{#[^{}\n]*#\}|\{\{|\}\}|\{%|%\}|\{#|#\})"
)
_FIRST = re.compile(r"\s*(\w+)\s*")
_NEXT = re.compile(r"""\.\s*(?P<word>\w+)\s*|\[\s*(["'])(?P<text>.+?)\2\s*\]\s*""")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name to be filled in."""

    source: str
    """Exactly as the author wrote it, braces included."""
    path: tuple[str, ...]
    """The name's steps, e.g. `("新收申请", "同比")`."""
    line: int
    """1-based line within the text."""

    @property
    def name(self) -> str:
        """The steps joined by dots, as ``nianbao facts`` lists them."""
        return ".".join(self.path)


Part = str | Placeholder


@dataclass(frozen=True, slots=True)
class Template:
    """A text in parts; joining their sources gives the text again, to the letter."""

    parts: tuple[Part, ...]


def line_of(place: Place, line: int) -> Place:
    """Return the place of a line of a text that starts at ``place``, maybe a cell of a sheet."""
    return place if place.row else Place(place.file, place.sheet, line=(place.line or 1) + line - 1)


def parse_path(name: str) -> tuple[str, ...] | None:
    """Return the steps of a name, or None when it is not a name.

    Examples
    --------
    >>> parse_path(' 主动公开["“双随机”类"].明细 ')
    ('主动公开', '“双随机”类', '明细')
    >>> parse_path("a|safe") is None
    True
    """
    first = _FIRST.match(name)
    if first is None:
        return None
    path, position = [first[1]], first.end()
    while position < len(name):
        step = _NEXT.match(name, position)
        if step is None:
            return None
        path.append(step["word"] or step["text"])
        position = step.end()
    return tuple(path)


def write_path(path: Iterable[str]) -> str:
    """Write the steps of a name as a placeholder holds them; `parse_path` reads them back.

    Examples
    --------
    >>> write_path(("主动公开", "“双随机”类", "明细"))
    '主动公开["“双随机”类"].明细'
    """
    first, *steps = path
    return first + "".join(map(_write_step, steps))


def _write_step(step: str) -> str:
    if _FIRST.fullmatch(step):
        return f".{step}"
    quote = "'" if '"' in step else '"'
    return f"[{quote}{step}{quote}]"


def parse_template(text: str, place: Place) -> Template:
    """Split a text at its placeholders.

    ``place`` is where the text starts; messages count lines from there.

    Raises
    ------
    NarrativeError
        All the places where braces are not paired or hold something other than a name.

    Examples
    --------
    >>> parse_template("收到{{ 新收申请 }}件", Place("narrative.md")).parts[1].path
    ('新收申请',)
    """
    parts: list[Part] = []
    problems: list[Problem] = []
    position = 0
    for match in _MARK.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match["stray"]:
            message = f"“{match['stray']}”没有配对，或不是“{{{{ 名称 }}}}”的写法"
            problems.append(Problem(message, line_of(place, line), remedy=_HOW))
            continue
        path = parse_path(match["name"])
        if path is None:
            where = line_of(place, line)
            problems.append(Problem("“{{ }}”里不是名称", where, value=match[0], remedy=_HOW))
            continue
        if match.start() > position:
            parts.append(text[position : match.start()])
        parts.append(Placeholder(match[0], path, line))
        position = match.end()
    if position < len(text):
        parts.append(text[position:])
    if problems:
        raise NarrativeError(*problems)
    return Template(tuple(parts))


_HEADING = re.compile(r"^##[ \t]+(?P<key>\S+)[ \t#]*\r?$", re.MULTILINE)


def remove_section(text: str, section: str) -> str:
    """Take a section out with its heading.

    Examples
    --------
    >>> remove_section("## other\\n\\n无。\\n", "other")
    ''
    """
    headings = [*_HEADING.finditer(text)]
    for index, heading in enumerate(headings):
        if heading["key"] == section:
            end = headings[index + 1].start() if index + 1 < len(headings) else len(text)
            return text[: heading.start()] + text[end:]
    return text


def replace_section(text: str, section: str, body: str) -> str:
    """Put ``body`` under the heading of a section; a section that is new goes to the end.

    Examples
    --------
    >>> replace_section("## other\\n\\n旧。\\n", "other", "新。")
    '## other\\n\\n新。\\n'
    """
    headings = list(_HEADING.finditer(text))
    for index, heading in enumerate(headings):
        if heading["key"] == section:
            last = index + 1 == len(headings)
            end = len(text) if last else headings[index + 1].start()
            gap = "\n" if last else "\n\n"
            return f"{text[: heading.end()]}\n\n{body.strip()}{gap}{text[end:]}"
    before = text.rstrip("\n")
    gap = "\n\n" if before else ""
    return f"{before}{gap}## {section}\n\n{body.strip()}\n"
