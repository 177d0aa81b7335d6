"""The report's prose as sections, blocks and sentences with their quantities."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nianbao.prose.review.findings import ProseFinding, Span
from nianbao.prose.review.markup import BlockKind, PlainBlock, plain_blocks
from nianbao.prose.review.mask import full_width, mask
from nianbao.prose.review.quantities import Quantity, quantities
from nianbao.statistics.model import Severity

Bound = Mapping[str, Sequence[Span]]
"""By section id, the spans of its text that the software printed from facts."""

_END = re.compile(r"[。！？]+[”’」』）)]*|[!?]+(?=\s*(?:[\u4e00-\u9fff]|$))")
NUMBER = re.compile(
    r"\s*(?P<number>[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]"
    r"|\d{1,2}(?:、|[.．](?!\d)))\s*"
)
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
    """A sentence of the report.

    Parameters
    ----------
    section, topic
        Its section id, and what the section or the nearest heading is about
        (``requests``, ``disclosure`` …; empty when neither says).
    text
        The plain words with full-width punctuation and plain digits, as the rules read them.
    masked
        ``text`` with the digits hidden that are no quantities.
    written
        The plain words exactly as they stand; all three have one length.
    start
        Where it begins in its block.
    offset
        Where it begins in the text that was handed in.
    bound
        Spans that the software printed.
    quantities
        Its numbers.
    before
        The sentence before it in the same block.
    """

    section: str
    topic: str
    kind: BlockKind
    text: str
    masked: str
    written: str
    start: int
    offset: int
    bound: tuple[Span, ...]
    quantities: tuple[Quantity, ...]
    before: Sentence | None = field(default=None, repr=False, compare=False)

    def is_bound(self, start: int, end: int) -> bool:
        """Whether our software printed these words."""
        return any(a <= start and end <= b for a, b in self.bound)

    def finding(
        self,
        rule: str,
        severity: Severity,
        message: str,
        spans: Sequence[Span],
        left: str | None = None,
        right: str | None = None,
        cells: tuple[str, ...] = (),
    ) -> ProseFinding:
        """A finding about words of this sentence."""
        marked = tuple(sorted(set(spans)))
        return ProseFinding(
            rule,
            severity,
            self.section,
            self.written,
            marked,
            message,
            left,
            right,
            cells,
            self.offset,
        )

    def severity(self, spans: Sequence[Span], typed: Severity = "warning") -> Severity:
        """``error`` when our software printed all the words, else the rule's own severity."""
        return "error" if spans and all(self.is_bound(*span) for span in spans) else typed

    def severity_of(self, compared: Iterable[Quantity]) -> Severity:
        """``error`` when our software printed every number of a comparison, else ``warning``.

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
        """The sentence at a place of the block and the place within the sentence."""
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
        """The blocks of a section and of its aspects."""
        return (b for b in self.blocks if b.section == key or b.section.startswith(f"{key}."))


def topic_of(words: str) -> str:
    """What a heading or a section id is about."""
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
    """Spans of the text handed in, as places in the block's plain words."""
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
        masked = mask(text)
        inside = tuple(
            (max(a, start) - start, min(b, end) - start) for a, b in bound if a < end and b > start
        )
        sentence = Sentence(
            section,
            topic,
            block.kind,
            text,
            masked,
            written,
            start,
            block.offsets[start],
            inside,
            quantities(masked),
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

    Parameters
    ----------
    sections
        Final words by section id, Markdown allowed.
    bound
        Spans printed from facts, counted in the text of the section as given.

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
