"""Markdown of a section -> blocks, the form in which every document writer gets prose.

A small, safe part of Markdown: paragraphs, emphasis, lists, headings, simple tables and images.
No HTML, links, code or mathematics. Data put in for placeholders never passes the Markdown
parser, so text from data cannot become markup; the form of the blocks is described in
docs/architecture.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode

from nianbao.prose.facts import Fact

Block = dict[str, Any]
Inline = dict[str, Any]

# Noncharacters of Unicode stand for a fact while the text is parsed; no text may contain them.
_OPEN, _CLOSE, _JOINER = "\ufdd0", "\ufdd1", "\ufdd2"
_FACT = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_STARS = re.compile(r"(?<=(.))?(\*{1,3})(?=(.))?", re.DOTALL)
_LEVEL_2 = re.compile(r"（[一二三四五六七八九十]+）[^。；！？\n]{1,40}")

IMAGE = re.compile(
    rf"(?<!\\)!\[(?P<alt>[^\]\n]*)\]\((?P<file>[^()\n{{}}{_OPEN}{_CLOSE}]*"
    rf"(?:\([^()\n{{}}{_OPEN}{_CLOSE}]*\)[^()\n{{}}{_OPEN}{_CLOSE}]*)*)\)"
)
"""A picture as clerks write it: any file name, blanks and Chinese too; no title, no address."""


def _image(state: StateInline, silent: bool) -> bool:
    """Read a picture as `IMAGE` does, so that what is shown is what was looked for."""
    match = IMAGE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("image", "img", 0)
        token.attrs = {"src": match["file"].replace(_JOINER, "").strip()}
        token.content = match["alt"]
    state.pos = match.end()
    return True


@cache
def _parser() -> MarkdownIt:
    rules = ("html_block", "code", "fence", "blockquote", "hr", "reference", "lheading")
    inline = ("html_inline", "link", "autolink", "backticks", "entity")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable((*rules, *inline))
    parser.inline.ruler.at("image", _image)
    return parser


def escape(text: str) -> str:
    """Text from data as Markdown that shows it to the letter, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def words(parts: Sequence[str | Fact]) -> str:
    """The final words of a section as Markdown, for the executed notebook."""
    return "".join(p if isinstance(p, str) else escape(p.text) for p in parts)


def _loosen(text: str) -> str:
    """Let ``**…。**`` close, as clerks mean it; to Markdown Chinese punctuation ends a word."""

    def joined(match: re.Match[str]) -> str:
        before, after = match[1] or " ", match[3] or " "
        left = _JOINER if _is_punctuation(before) else ""
        right = _JOINER if _is_punctuation(after) else ""
        return f"{left}{match[2]}{right}"

    return _STARS.sub(joined, text)


def _is_punctuation(character: str) -> bool:
    """Punctuation and signs, Western ones too (``**11.11%**的``); not what is markup itself."""
    return character not in "\\*_" and unicodedata.category(character)[0] in "PS"


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’—…"


def _plain(text: str, facts: Sequence[Fact]) -> str:
    """Text with facts in place, for what has no inlines."""
    return _FACT.sub(lambda m: facts[int(m[1])].text, text.replace(_JOINER, ""))


def _inline(text: str, strong: bool, emph: bool, facts: Sequence[Fact]) -> Iterator[Inline]:
    position = 0
    text = text.replace(_JOINER, "")
    for match in _FACT.finditer(text):
        if match.start() > position:
            yield _run(text[position : match.start()], strong, emph)
        yield _run_of_fact(facts[int(match[1])], strong, emph)
        position = match.end()
    if position < len(text):
        yield _run(text[position:], strong, emph)


def _run(text: str, strong: bool, emph: bool, fact: dict[str, Any] | None = None) -> Inline:
    return {"text": text, "strong": strong, "emph": emph, "fact": fact}


def _run_of_fact(fact: Fact, strong: bool, emph: bool) -> Inline:
    value = None if fact.value is None else str(fact.value)
    about = {"name": fact.name, "value": value, "unit": fact.unit, "source": fact.source}
    return _run(" ".join(fact.text.split()), strong, emph, about)


def _flatten(
    node: SyntaxTreeNode, facts: Sequence[Fact], strong: bool = False, emph: bool = False
) -> Iterator[Inline]:
    for child in node.children:
        match child.type:
            case "text":
                yield from _inline(child.content, strong, emph, facts)
            case "softbreak" | "hardbreak":
                yield _run("\n", strong, emph)
            case "strong":
                yield from _flatten(child, facts, True, emph)
            case "em":
                yield from _flatten(child, facts, strong, True)
            case "image":
                yield {"image": child.attrs["src"], "alt": _plain(child.content, facts)}
            case _:
                yield from _flatten(child, facts, strong, emph)


def _join_lines(runs: list[Inline]) -> list[Inline]:
    """A line break in the source joins Chinese text without a blank, other text with one."""
    joined: list[Inline] = []
    for index, run in enumerate(runs):
        if run["text"] == "\n":
            before = joined[-1]["text"][-1:] if joined else ""
            after = runs[index + 1]["text"][:1] if index + 1 < len(runs) else ""
            gap = "" if _is_wide(before or "宽") or _is_wide(after or "宽") else " "
            run = {**run, "text": gap}
        if not run["text"]:
            continue
        same = joined and not run["fact"] and not joined[-1]["fact"]
        if same and (joined[-1]["strong"], joined[-1]["emph"]) == (run["strong"], run["emph"]):
            joined[-1] = {**joined[-1], "text": joined[-1]["text"] + run["text"]}
        else:
            joined.append(run)
    if joined and not joined[0]["fact"]:
        joined[0] = {**joined[0], "text": joined[0]["text"].lstrip("　 ")}
    return [run for run in joined if run["text"]]


def _words_only(node: SyntaxTreeNode, facts: Sequence[Fact]) -> list[Inline]:
    """Inlines where no picture can stand: there it is shown as it was written."""
    return _join_lines(
        [
            _run(f"![{run['alt']}]({run['image']})", False, False) if "image" in run else run
            for run in _flatten(node.children[0], facts)
        ]
    )


def plain_text(inlines: Sequence[Inline]) -> str:
    """The words of inlines without emphasis."""
    return "".join(run["text"] for run in inlines)


def _paragraph(node: SyntaxTreeNode, facts: Sequence[Fact], section: str) -> Iterator[Block]:
    runs: list[Inline] = []
    for run in _flatten(node.children[0], facts):
        if "image" in run:
            yield {"type": "image", "file": run["image"], "alt": run["alt"]}
        else:
            runs.append(run)
    inlines = _join_lines(runs)
    if not inlines:
        return
    if _LEVEL_2.fullmatch(plain_text(inlines)):
        yield _heading(2, inlines, section)
    else:
        yield {"type": "paragraph", "inlines": inlines, "section": section}


def _heading(level: int, inlines: list[Inline], section: str) -> Block:
    return {"type": "heading", "level": level, "id": None, "inlines": inlines, "section": section}


def _table(node: SyntaxTreeNode, facts: Sequence[Fact]) -> Block:
    cells = [
        [_words_only(cell, facts) for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    rows = [[plain_text(inlines) for inlines in row] for row in cells]
    heads = node.children[0].children[0].children
    align = [str(h.attrs.get("style", "")).removeprefix("text-align:") or "left" for h in heads]
    return {
        "type": "table", "key": None, "title": "", "unit": "", "source": "", "notes": [],
        "head": rows[0], "rows": rows[1:], "align": align, "cells": cells[1:],
    }  # fmt: skip


def _blocks(node: SyntaxTreeNode, facts: Sequence[Fact], section: str) -> Iterator[Block]:
    for child in node.children:
        match child.type:
            case "paragraph":
                yield from _paragraph(child, facts, section)
            case "heading":
                inlines = _words_only(child, facts)
                level = min(max(int(child.tag[1:]) - 1, 0), 4)
                yield _heading(level, inlines, section)
            case "bullet_list" | "ordered_list":
                items = [list(_blocks(item, facts, section)) for item in child.children]
                start = int(child.attrs.get("start", 1))
                ordered = child.type == "ordered_list"
                yield {"type": "list", "ordered": ordered, "start": start, "items": items}
            case "table":
                yield _table(child, facts)


def to_blocks(parts: Sequence[str | Fact], section: str) -> list[Block]:
    """Parse a section's text, facts in place.

    Parameters
    ----------
    parts
        Markdown and facts in turn, as `nianbao.prose.facts.resolve` gives them.
    section
        Section id, kept on each paragraph and heading; empty for a cell of the report's form.

    Returns
    -------
    list of dict
        Blocks: heading (level 0 title … 4), paragraph, list, table, image.

    Examples
    --------
    >>> to_blocks(["**一是明确分工。**各科室各负其责。"], "other")[0]["inlines"][0]["strong"]
    True
    """
    facts = [p for p in parts if isinstance(p, Fact)]
    numbers = iter(range(len(facts)))
    text = "".join(
        re.sub(f"[{_OPEN}{_CLOSE}{_JOINER}]", "", p)
        if isinstance(p, str)
        else f"{_OPEN}{next(numbers)}{_CLOSE}"
        for p in parts
    )
    tree = SyntaxTreeNode(_parser().parse(_loosen(text)))
    return list(_blocks(tree, facts, section))
