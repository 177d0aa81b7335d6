"""Markdown of a section -> blocks, the form in which every document writer gets prose.

A small, safe part of Markdown: paragraphs, emphasis, lists, headings, simple tables and images.
No HTML, links, code or mathematics. Data put in for placeholders never passes the Markdown
parser, so text from data cannot become markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from nianbao.prose.blocks import (
    Align,
    Block,
    FactWords,
    HeadingBlock,
    ImageBlock,
    Inlines,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    Words,
    plain_text,
)
from nianbao.prose.facts import Fact

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.tree import SyntaxTreeNode

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
    from markdown_it import MarkdownIt  # a check lays no text out

    rules = ("html_block", "code", "fence", "blockquote", "hr", "reference", "lheading")
    inline = ("html_inline", "link", "autolink", "backticks", "entity")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable((*rules, *inline))
    parser.inline.ruler.at("image", _image)
    return parser


def escape(text: str) -> str:
    """Return text from data as Markdown that shows it to the letter, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def words(parts: Sequence[str | Fact]) -> str:
    """Return the final words of a section as Markdown, for the executed notebook."""
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
    """Return whether it is punctuation or a sign, Western ones too (``**11.11%**的``).

    What is markup itself is none.
    """
    return character not in "\\*_" and unicodedata.category(character)[0] in "PS"


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’—…"


def _plain(text: str, facts: Sequence[Fact]) -> str:
    """Return text with facts in place, for what has no inlines."""
    return _FACT.sub(lambda m: facts[int(m[1])].text, text.replace(_JOINER, ""))


_Run = Words | FactWords


def _inline(text: str, strong: bool, emph: bool, facts: Sequence[Fact]) -> Iterator[_Run]:
    position = 0
    text = text.replace(_JOINER, "")
    for match in _FACT.finditer(text):
        if match.start() > position:
            yield Words(text[position : match.start()], strong, emph)
        fact = facts[int(match[1])]
        yield FactWords(" ".join(fact.text.split()), fact, strong, emph)
        position = match.end()
    if position < len(text):
        yield Words(text[position:], strong, emph)


def _flatten(
    node: SyntaxTreeNode, facts: Sequence[Fact], strong: bool = False, emph: bool = False
) -> Iterator[_Run | ImageBlock]:
    for child in node.children:
        match child.type:
            case "text":
                yield from _inline(child.content, strong, emph, facts)
            case "softbreak" | "hardbreak":
                yield Words("\n", strong, emph)
            case "strong":
                yield from _flatten(child, facts, True, emph)
            case "em":
                yield from _flatten(child, facts, strong, True)
            case "image":
                yield ImageBlock(str(child.attrs["src"]), _plain(child.content, facts))
            case _:
                yield from _flatten(child, facts, strong, emph)


def _join_lines(runs: Sequence[_Run]) -> Inlines:
    """Join the lines of the source: Chinese text without a blank, other text with one."""
    joined: list[_Run] = []
    for index, run in enumerate(runs):
        if run.text == "\n":
            before = joined[-1].text[-1:] if joined else ""
            after = runs[index + 1].text[:1] if index + 1 < len(runs) else ""
            gap = "" if _is_wide(before or "宽") or _is_wide(after or "宽") else " "
            run = replace(run, text=gap)
        if not run.text:
            continue
        last = joined[-1] if joined else None
        same = isinstance(last, Words) and isinstance(run, Words)
        if last and same and (last.strong, last.emph) == (run.strong, run.emph):
            joined[-1] = replace(last, text=last.text + run.text)
        else:
            joined.append(run)
    if joined and isinstance(joined[0], Words):
        joined[0] = replace(joined[0], text=joined[0].text.lstrip("　 "))
    return tuple(run for run in joined if run.text)


def _words_only(node: SyntaxTreeNode, facts: Sequence[Fact]) -> Inlines:
    """Return the inlines where no picture can stand: there it is shown as it was written."""
    return _join_lines(
        [
            Words(f"![{run.alt}]({run.file})") if isinstance(run, ImageBlock) else run
            for run in _flatten(node.children[0], facts)
        ]
    )


def _paragraph(node: SyntaxTreeNode, facts: Sequence[Fact], section: str) -> Iterator[Block]:
    runs: list[_Run] = []
    for run in _flatten(node.children[0], facts):
        if isinstance(run, ImageBlock):
            yield run
        else:
            runs.append(run)
    inlines = _join_lines(runs)
    if not inlines:
        return
    if _LEVEL_2.fullmatch(plain_text(inlines)):
        yield HeadingBlock(2, inlines, section)
    else:
        yield ParagraphBlock(inlines, section)


_ALIGNS: dict[str, Align] = {
    "text-align:center": "center",
    "text-align:right": "right",
}


def _table(node: SyntaxTreeNode, facts: Sequence[Fact]) -> TableBlock:
    head, *rows = (
        tuple(_words_only(cell, facts) for cell in row.children)
        for part in node.children
        for row in part.children
    )
    heads = node.children[0].children[0].children
    align = (_ALIGNS.get(str(h.attrs.get("style")), "left") for h in heads)
    return TableBlock(head=tuple(map(plain_text, head)), rows=tuple(rows), align=tuple(align))


def _blocks(node: SyntaxTreeNode, facts: Sequence[Fact], section: str) -> Iterator[Block]:
    for child in node.children:
        match child.type:
            case "paragraph":
                yield from _paragraph(child, facts, section)
            case "heading":
                level = min(max(int(child.tag[1:]) - 1, 0), 4)
                yield HeadingBlock(level, _words_only(child, facts), section)
            case "bullet_list" | "ordered_list":
                items = tuple(tuple(_blocks(item, facts, section)) for item in child.children)
                start = int(child.attrs.get("start", 1))
                yield ListBlock(child.type == "ordered_list", start, items)
            case "table":
                yield _table(child, facts)


def to_blocks(parts: Sequence[str | Fact], section: str) -> tuple[Block, ...]:
    """Parse a section's text, facts in place.

    ``parts`` are Markdown and facts in turn, as `nianbao.prose.facts.resolve` gives them;
    ``section`` is empty for a cell of the report's form.

    Examples
    --------
    >>> to_blocks(["**一是明确分工。**各科室各负其责。"], "other")[0].inlines[0].strong
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
    from markdown_it.tree import SyntaxTreeNode

    tree = SyntaxTreeNode(_parser().parse(_loosen(text)))
    return tuple(_blocks(tree, facts, section))
