"""Any YAML, read from the events of its parser: what is no plain line, and what is wrong where.

Apart because hardly a file needs the parser, which takes longer to load than to use.
"""

from __future__ import annotations

from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from nianbao.errors import InputError, Place, Problem
from nianbao.files.yaml_file import MAX_ENTRIES, NULLS, Entry

_MAX_LEVEL = 8
_MOST_BRACKETS = 500
"""On a line: the parser looks ahead to its end, in a time that grows with their square."""
_EXPECTED = "每行一个“键: 值”"
_REFERENCE = "不能使用YAML引用（“&”“*”开头的写法）"
_TAG = "不能使用YAML标签（“!”开头的写法）"
_QUOTE = "请删去；确是文字的，加引号"
_HINT = "请检查缩进、半角冒号后的空格和引号；含“: ”“#”的文字要加引号"


def parse_mapping(text: str, file: str) -> tuple[list[tuple[str, Entry]], list[Problem]]:
    """Return what `nianbao.files.yaml_file.read_mapping` does, of any file."""
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.count("[") + line.count("{") > _MOST_BRACKETS:
            raise InputError(Problem("层次太多", Place(file, line=number), expected=_EXPECTED))
    try:
        events = _content(YAML(typ="safe", pure=True).parse(text), file, problems)
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
                # The parser's time grows with the square of the depth: stop before that.
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
    if first is None or (isinstance(first, ScalarEvent) and first.value in NULLS):
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
        quoted = event.style is not None
        null = not quoted and event.value in NULLS
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
