"""The report's prose in plain words: Markdown to blocks, blocks to sentences with quantities."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from nianbao.prose.review.quantities import Quantity, full_width, mask, quantities
from nianbao.statistics.checks.registry import Check
from nianbao.statistics.model import Finding, Passage, Severity, Span
from nianbao.statutory import Format

BlockKind = Literal["heading", "paragraph", "item"]

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_ITEM = re.compile(r"\s*(?:[-*+]\s+|>\s?)")
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,})")
_TABLE = re.compile(r"\s*\|.*\|\s*")
NUMBER = re.compile(
    r"\s*(?P<number>[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]"
    r"|\d{1,2}(?:、|[.．](?!\d)))\s*"
)
"""An official number; its line begins a block of its own without a blank line before it."""
_INLINE = re.compile(
    r"!\[[^\]]*\]\([^)]*\)"  # an image: nothing of it is prose
    r"|\[(?P<link>[^\]]+)\]\([^)]*\)"
    r"|\\(?P<escaped>[\\`*_{}\[\]()#+.!|<>~-])"
    r"|(?P<mark>\*{1,3}|(?<!_)__(?!_)|~~|(?<!`)`{1,2}(?!`))"
)


@dataclass(frozen=True, slots=True)
class PlainBlock:
    """A heading, paragraph or list item in plain words."""

    kind: BlockKind
    text: str
    offsets: tuple[int, ...]
    """For each character of `text`, its place in the text that was handed in."""


def _inline(line: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the visible characters of a line with their places."""
    position = 0
    lone = line.count("__") == 1  # 自查__次: nothing is bold, a number is missing
    for match in _INLINE.finditer(line):
        if lone and match[0] == "__":
            continue
        yield from ((line[i], start + i) for i in range(position, match.start()))
        for group in ("link", "escaped"):
            if match[group]:
                a, b = match.span(group)
                yield from ((line[i], start + i) for i in range(a, b))
        position = match.end()
    yield from ((line[i], start + i) for i in range(position, len(line)))


def _trim(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    first = next((i for i, (c, _) in enumerate(pairs) if not c.isspace()), len(pairs))
    last = next((i for i in range(len(pairs), 0, -1) if not pairs[i - 1][0].isspace()), 0)
    return pairs[first:last]


def _block(kind: BlockKind, pairs: list[tuple[str, int]]) -> PlainBlock:
    return PlainBlock(kind, "".join(c for c, _ in pairs), tuple(i for _, i in pairs))


def plain_blocks(text: str) -> tuple[PlainBlock, ...]:
    """Split Markdown into plain blocks: no markers, no tables, no images, no comments.

    Lines of one paragraph are joined without a blank, as Chinese is set. A line that starts
    with a number of the official levels (一、（一）1.（1）) is a block of its own.

    Examples
    --------
    >>> [b.text for b in plain_blocks("## 概述\\n\\n收到**3**件，\\n均已办结。")]
    ['概述', '收到3件，均已办结。']
    """
    blocks: list[PlainBlock] = []
    pairs: list[tuple[str, int]] = []
    kind: BlockKind = "paragraph"

    def flush() -> None:
        nonlocal pairs, kind
        if pairs:
            blocks.append(_block(kind, pairs))
        pairs, kind = [], "paragraph"

    start = 0
    for full in text.splitlines(keepends=True):
        line, offset = full.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"), start
        start += len(full)
        if not line.strip() or _TABLE.fullmatch(line) or _RULE.fullmatch(line):
            flush()
            continue
        if match := _HEADING.match(line):
            flush()
            content = _trim(list(_inline(line[match.end() :], offset + match.end())))
            if content:
                blocks.append(_block("heading", content))
            continue
        if match := _ITEM.match(line):
            flush()
            kind, line, offset = "item", line[match.end() :], offset + match.end()
        elif NUMBER.match(line):
            flush()
        pairs.extend(_trim(list(_inline(line, offset))))
    flush()
    return tuple(blocks)


Bound = Mapping[str, Sequence[Span]]
"""By section id, the spans of its text that the software printed from facts."""

_END = re.compile(r"[。！？]+[”’」』）)]*|[!?]+(?=\s*(?:[\u4e00-\u9fff]|$))")
_STOP = re.compile(r"[。；;]")
_TOPICS = (
    ("requests", re.compile(r"依申请|申请公开|公开申请")),
    ("reviews", re.compile(r"复议|诉讼")),
    ("disclosure", re.compile(r"主动公开")),
    ("management", re.compile(r"信息管理|信息资源")),
    ("platform", re.compile(r"平台")),
    ("oversight", re.compile(r"监督|保障")),
    ("problems", re.compile(r"问题|改进|整改|不足")),
    ("other", re.compile(r"其他需要|处理费|建议|提案|创新")),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the report."""

    section: str
    topic: str
    """Its section id, and what the section or the nearest heading is about (`requests`,
    `disclosure` …; empty when neither says).
    """
    kind: BlockKind
    text: str
    """The plain words with full-width punctuation and plain digits, as the rules read them."""
    written: str
    """The plain words exactly as they stand; both have one length."""
    start: int
    """Where it begins in its block."""
    offset: int
    """Where it begins in the text that was handed in."""
    bound: tuple[Span, ...]
    """Spans that the software printed."""
    quantities: tuple[Quantity, ...]
    """Its numbers."""
    before: Sentence | None = field(default=None, repr=False, compare=False)
    """The sentence before it in the same block."""

    def part_start(self, position: int) -> int:
        """Return where the part of the sentence begins that a place stands in (after 。 or ；)."""
        return max((m.end() for m in _STOP.finditer(self.text, 0, position)), default=0)

    def is_bound(self, start: int, end: int) -> bool:
        """Return whether our software printed these words."""
        return any(a <= start and end <= b for a, b in self.bound)

    def finding(
        self,
        rule: Check,
        severity: Severity,
        message: str,
        spans: Sequence[Span],
        left: str | None = None,
        right: str | None = None,
        cells: tuple[str, ...] = (),
    ) -> Finding:
        """Make a finding about words of this sentence."""
        passage = Passage(self.section, self.written, tuple(sorted(set(spans))), self.offset)
        return Finding(
            rule.id, severity, message, left=left, right=right, cells=cells, passage=passage
        )

    def severity(self, spans: Sequence[Span], typed: Severity = "warning") -> Severity:
        """Return ``error`` if our software printed all the words, else the rule's own severity."""
        return "error" if spans and all(self.is_bound(*span) for span in spans) else typed

    def severity_of(self, compared: Iterable[Quantity]) -> Severity:
        """Return ``error`` if our software printed every number compared, else ``warning``.

        A number that was typed may be the wrong one of the two; whether it is, is for a person
        to judge. The numbers may stand in the sentence before.
        """
        return "error" if all(map(self._is_printed, compared)) else "warning"

    def _is_printed(self, number: Quantity) -> bool:
        sentences = (self, self.before) if self.before else (self,)
        homes = (s for s in sentences if any(q is number for q in s.quantities))
        return any(home.is_bound(number.start, number.end) for home in homes)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph or item, with the official number it starts with, if any."""

    section: str
    kind: BlockKind
    number: str
    text: str
    sentences: tuple[Sentence, ...]

    def at(self, position: int) -> tuple[Sentence, int]:
        """Return the sentence at a place of the block and the place within the sentence."""
        sentence = next(
            (s for s in self.sentences if s.start <= position < s.start + len(s.text)),
            self.sentences[-1],
        )
        return sentence, min(max(position - sentence.start, 0), len(sentence.text))


@dataclass(frozen=True, slots=True)
class Prose:
    """All sections of a report in plain words."""

    blocks: tuple[Block, ...]

    @property
    def sentences(self) -> Iterator[Sentence]:
        """All sentences in order."""
        return (s for b in self.blocks for s in b.sentences)

    def section(self, key: str) -> Iterator[Block]:
        """Yield the blocks of a section and of its aspects."""
        return (b for b in self.blocks if b.section == key or b.section.startswith(f"{key}."))


def section_name(section: str, format_: Format) -> str:
    """Return the official heading of a section id, or the id when the format does not have it."""
    others = {"title": "标题", "signature": "落款"}
    return format_.texts().get(section) or others.get(section) or section


def topic_of(words: str) -> str:
    """Return what a heading or a section id is about."""
    return next((topic for topic, pattern in _TOPICS if pattern.search(words)), "")


def _section_topic(section: str) -> str:
    last = section.rpartition(".")[2]
    if section.startswith("problems"):
        return "problems"
    known = {topic for topic, _ in _TOPICS} | {"preface", "title", "signature"}
    return last if last in known else ""


def _ranges(text: str) -> Iterator[Span]:
    start = 0
    for match in _END.finditer(text):
        yield start, match.end()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _local_bound(block: PlainBlock, spans: Sequence[Span]) -> list[Span]:
    """Return the spans of the text handed in, as places in the block's plain words."""
    found = []
    for start, end in spans:
        a, b = bisect_left(block.offsets, start), bisect_left(block.offsets, end)
        if a < b:
            found.append((a, b))
    return found


def _sentences(
    section: str, topic: str, block: PlainBlock, spans: Sequence[Span]
) -> Iterator[Sentence]:
    bound = _local_bound(block, spans)
    before = None
    for start, end in _ranges(block.text):
        written = block.text[start:end]
        text = full_width(written)
        inside = tuple(
            (max(a, start) - start, min(b, end) - start) for a, b in bound if a < end and b > start
        )
        sentence = Sentence(
            section,
            topic,
            block.kind,
            text,
            written,
            start,
            block.offsets[start],
            inside,
            quantities(mask(text)),
            before,
        )
        yield sentence
        before = sentence


def _blocks(section: str, text: str, spans: Sequence[Span]) -> Iterator[Block]:
    own = _section_topic(section)
    topic = own
    for plain in plain_blocks(text):
        number = NUMBER.match(plain.text)
        first = next(_ranges(plain.text), None)
        if first is None:
            continue
        head = plain.text[first[0] : first[1]]
        # Only a heading of the two upper levels, or a marked one, opens a new subject.
        official = number is not None and number["number"][-1] in "、）)" and len(head) <= 30
        kind = plain.kind
        if kind != "heading" and number and len(plain.text) <= 30 and plain.text[-1] not in "。；;":
            kind = "heading"
        if (kind == "heading" or official) and (named := topic_of(head)):
            topic = own if own in {"problems", "preface"} else named
        block = PlainBlock(kind, plain.text, plain.offsets)
        sentences = tuple(_sentences(section, topic, block, spans))
        yield Block(section, kind, number["number"] if number else "", plain.text, sentences)


def read_prose(sections: Mapping[str, str], bound: Bound | None = None) -> Prose:
    """Split the sections into blocks and sentences.

    The sections hold final words, Markdown allowed. ``bound`` are the spans printed from facts,
    counted in the text of the section as given.

    Examples
    --------
    >>> prose = read_prose({"overview.requests": "收到申请3件。均已办结。"})
    >>> [s.text for s in prose.sentences]
    ['收到申请3件。', '均已办结。']
    """
    spans = bound or {}
    return Prose(
        tuple(b for key, text in sections.items() for b in _blocks(key, text, spans.get(key, ())))
    )
