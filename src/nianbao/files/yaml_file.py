"""YAML files of the project as written: keys and values as text, each with its line.

A parameter file is a flat mapping. It is never turned into Python objects: ``007`` stays
``007``, a date stays text, and tags, anchors and aliases (by which a small file can become a huge
one, or a value of any type) are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from nianbao.errors import InputError, Problem, raise_problems

MAX_YAML_BYTES = 1_000_000
"""Largest parameter file taken."""
MAX_ENTRIES = 500
"""Most keys of a file; a card has some thirty."""
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""What stands for nothing, where it is not quoted."""


Value = str | bool | int | tuple[str, ...] | None
"""What can be written; None is no entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the file."""

    value: str | tuple[str, ...] | None
    """Text as written, a tuple of texts for a list, None when nothing is written."""
    line: int
    """1-based line of its key."""
    quoted: bool = False
    """Whether it stands in quotation marks, which makes it text in any case."""
    layered: bool = False
    """Whether a mapping or a list of lists stood there, which no field takes."""


def read_mapping(text: str, file: str) -> tuple[list[tuple[str, Entry]], list[Problem]]:
    """Return the keys and values of a flat YAML file, in its order, repeated keys included.

    ``file`` is its project-relative path, for messages.

    Returns
    -------
    entries
        Each key with its value; the value of a refused form is None.
    problems
        What is refused: tags, anchors, aliases, values in layers. Each has its line.

    Raises
    ------
    InputError
        The file is not YAML, or not one flat mapping.

    Examples
    --------
    >>> read_mapping("postcode: 007", "agency.yaml")[0][0][1].value
    '007'
    """
    plain = _read_plain(text)
    if plain is not None:
        return plain, []
    from nianbao.files.yaml_events import parse_mapping

    return parse_mapping(text, file)


_UNUSUAL = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
"""What YAML does not take or gives a meaning of its own; and the rarest letters."""
_REMARK = re.compile(r" *(?:#.*)?")
_PLAIN = re.compile(
    r"""(?P<key>[A-Za-z_]\w{0,63}):
    (?: \ + (?: (?P<plain>[^ \-?:,\[\]{}#&*!|>'"%@`] (?: [^ :#] | :(?=[^ ]) | \ +(?=[^ #]) )* )
        | "(?P<double>[^"\\]*)" | '(?P<single>[^']*)' ) )?
    (?: \ +\#.* | \ * )""",
    re.ASCII | re.VERBOSE,
)
"""A line ``key: value`` that means in YAML just what it shows."""


def _read_plain(text: str) -> list[tuple[str, Entry]] | None:
    """Return what a file of plain lines says, as nearly all are; None where it takes the parser.

    That takes fifty times as long, and a province has thousands of these files.
    """
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    if _UNUSUAL.search(text) or len(lines) > MAX_ENTRIES:
        return None
    found: list[tuple[str, Entry]] = []
    for number, line in enumerate(lines, 1):
        if _REMARK.fullmatch(line):
            continue
        if (match := _PLAIN.fullmatch(line)) is None:
            return None
        form = match.lastgroup or ""
        quoted = form in ("double", "single")
        value = match[form] if quoted or form == "plain" else None
        null = not quoted and value in NULLS
        found.append((match["key"], Entry(None if null else value, number, quoted)))
    return found


def replace_values(text: str, file: str, values: Mapping[str, Value]) -> str:
    """Write values into a flat YAML file; all other lines stay as they are.

    A value of None takes its key out.

    Raises
    ------
    InputError
        The file cannot be read.

    Examples
    --------
    >>> replace_values("name: 甲局  # 全称\\nphone: 1\\n", "a.yaml", {"phone": "007"})
    'name: 甲局  # 全称\\nphone: "007"\\n'
    """
    entries, problems = read_mapping(text, file)
    raise_problems(InputError, problems)
    lines = text.splitlines(keepends=True)
    starts = [entry.line - 1 for _, entry in entries]
    ends = [*starts[1:], len(lines)] if starts else []  # a new file has no entries
    for (key, _), start, end in reversed(list(zip(entries, starts, ends, strict=True))):
        if key in values:
            kept = [line for line in lines[start + 1 : end] if _is_beside(line)]
            lines[start:end] = [*_entry_line(key, values[key]), *kept]
    known = {key for key, _ in entries}
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    new = [
        line
        for key, value in values.items()
        if key not in known
        for line in _entry_line(key, value)
    ]
    return "".join([*lines, *new])


def _is_beside(line: str) -> bool:
    """Return whether a line between two keys belongs to neither: a comment, or blank."""
    return not line.strip() or line.lstrip().startswith("#")


def _entry_line(key: str, value: Value) -> list[str]:
    if value is None:
        return []
    # A string of JSON is one of YAML, too, and is text whatever it looks like.
    return [f"{key}: {json.dumps(value, ensure_ascii=False)}\n"]
