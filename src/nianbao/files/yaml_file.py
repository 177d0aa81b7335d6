"""YAML files of the project as written: keys and values as text, each with its line.

A parameter file is a flat mapping. It is read from the parser's events and never turned
into Python objects: ``007`` stays ``007``, a date stays text, and tags, anchors and aliases
(by which a small file can become a huge one, or a value of any type) are refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yaml import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from nianbao.errors import InputError, Place, Problem, raise_problems
from nianbao.libyaml import parse_events

MAX_YAML_BYTES = 1_000_000
"""Largest parameter file taken."""
MAX_ENTRIES = 500
"""Most keys of a file; a card has some thirty."""
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_MAX_LEVEL = 8
_EXPECTED = "每行一个“键: 值”"
_REFERENCE = "不能使用YAML引用（“&”“*”开头的写法）"
_TAG = "不能使用YAML标签（“!”开头的写法）"
_QUOTE = "请删去；确是文字的，加引号"
_HINT = "请检查缩进、半角冒号后的空格和引号；含“: ”“#”的文字要加引号"


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
    problems: list[Problem] = []
    try:
        events = _content(parse_events(text), file, problems)
        return list(_entries(events, file, problems)), problems
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, line=mark.line + 1 if mark else None)
    except YAMLError:
        place = Place(file)
    raise InputError(Problem("不是有效的YAML", place, expected=_EXPECTED, remedy=_HINT))


def _tag(tag: object) -> str:
    """Return a tag as written: ``!!str`` stands for the long name that the parser gives."""
    return str(tag).replace("tag:yaml.org,2002:", "!!")


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _content(events: Iterator[Event], file: str, problems: list[Problem]) -> Iterator[Event]:
    """Yield the events of the one document, without stream marks.

    What must not be there is reported.
    """
    documents = level = 0
    for event in events:
        place = Place(file, line=_line(event))
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise InputError(Problem("文件中有多个“---”段", place, expected="只有一段"))
        elif isinstance(event, AliasEvent):
            problems.append(Problem(_REFERENCE, place, value=f"*{event.anchor}", remedy=_QUOTE))
            yield ScalarEvent(None, None, (True, False), "", event.start_mark, event.end_mark)
        elif isinstance(event, (ScalarEvent, SequenceStartEvent, MappingStartEvent)):
            if event.anchor:
                problems.append(Problem(_REFERENCE, place, value=f"&{event.anchor}", remedy=_QUOTE))
            if event.tag:
                problems.append(Problem(_TAG, place, value=_tag(event.tag), remedy=_QUOTE))
            level += not isinstance(event, ScalarEvent)
            if level > _MAX_LEVEL:
                # No card has layers; what somebody made may have a hundred thousand.
                raise InputError(Problem("层次太多", place, expected=_EXPECTED))
            yield event
        elif isinstance(event, (SequenceEndEvent, MappingEndEvent)):
            level -= 1
            yield event


def _entries(
    events: Iterator[Event], file: str, problems: list[Problem]
) -> Iterator[tuple[str, Entry]]:
    """Yield the key and value pairs of the top-level mapping."""
    first = next(events, None)
    if first is None or (isinstance(first, ScalarEvent) and first.value in _NULLS):
        return
    if not isinstance(first, MappingStartEvent):
        place = Place(file, line=_line(first))
        raise InputError(Problem("文件内容不成键值", place, expected=_EXPECTED, remedy=_HINT))
    count = 0
    for key in events:
        if isinstance(key, MappingEndEvent):
            continue
        place = Place(file, line=_line(key))
        count += 1
        if count > MAX_ENTRIES:
            raise InputError(Problem("内容太多", place, expected=f"不超过{MAX_ENTRIES}项"))
        if not isinstance(key, ScalarEvent):
            _skip(key, events)
            _skip(next(events), events)
            problems.append(Problem("键应为一个词", place, expected=_EXPECTED))
            continue
        entry = _value(next(events), events, _line(key))
        if entry.layered:
            message = f"“{key.value}”的值不能再分层"
            problems.append(Problem(message, place, expected="一个值，或一列值"))
        yield key.value, entry


def _value(event: Event, events: Iterator[Event], line: int) -> Entry:
    """Return a scalar or a list of scalars; anything deeper is read over."""
    if isinstance(event, ScalarEvent):
        quoted = bool(event.style)
        null = not quoted and event.value in _NULLS
        return Entry(None if null else event.value, line, quoted)
    if isinstance(event, MappingStartEvent):
        _skip(event, events)
        return Entry(None, line, layered=True)
    items: list[str] = []
    layered = False
    for item in events:
        if isinstance(item, SequenceEndEvent):
            break
        if isinstance(item, ScalarEvent):
            items.append(item.value)
        else:
            layered = True
            _skip(item, events)
    return Entry(None if layered else tuple(items), line, layered=layered)


def _skip(event: Event, events: Iterator[Event]) -> None:
    """Read over the rest of a mapping or list that has begun."""
    level = int(isinstance(event, (MappingStartEvent, SequenceStartEvent)))
    while level:
        event = next(events)
        level += isinstance(event, (MappingStartEvent, SequenceStartEvent))
        level -= isinstance(event, (MappingEndEvent, SequenceEndEvent))


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
