"""The text of narrative.md with one section replaced, all else left as it was."""

from __future__ import annotations

import re

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
