"""Hold a finished file, as read back, against the Document or the data that it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import assert_never

from nianbao.documents.poster_layout import Poster
from nianbao.documents.readback.model import Readback, normalise_print
from nianbao.errors import Problem
from nianbao.inputs.bundle import ReportCellKey
from nianbao.prose.blocks import (
    Block,
    Document,
    FactWords,
    FigureBlock,
    GridBlock,
    HeadingBlock,
    ImageBlock,
    Inlines,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    plain_text,
)
from nianbao.statutory import cell_name, format_for

_SENTENCE = re.compile(r"[^。；！？]+[。；！？]?")
_REMEDY = "请重新生成；仍不相符的，改写引号中的这句话后再试"


@dataclass
class _Expected:
    """What a file must show below one heading: sentences, captions, and rows of tables."""

    heading: str = ""
    words: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # text, names of facts
    rows: list[tuple[str, ...]] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)  # of pictures

    def expect_texts(self, texts: Iterable[str]) -> None:
        """Expect texts that hold no facts: captions and notes."""
        self.words += [(normalise_print(text), ()) for text in texts if text]


def _sentences(inlines: Inlines) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the sentences of a paragraph, each with the names of the facts in it."""
    text, facts = "", []
    for inline in inlines:
        if isinstance(inline, FactWords):
            facts.append((len(text), inline.fact.name))
        text += normalise_print(inline.text)
    for match in _SENTENCE.finditer(text):
        start, end = match.start(), match.end()
        yield match[0], tuple(name for place, name in facts if start <= place < end)


def _expect_block(block: Block, expected: _Expected) -> None:
    match block:
        case ParagraphBlock():
            expected.words.extend(_sentences(block.inlines))
        case ListBlock():
            for item in block.items:
                for part in item:
                    _expect_block(part, expected)
        case GridBlock():
            expected.expect_texts(block.notes)
        case TableBlock():
            expected.expect_texts((block.title, *block.notes))
            lines = (block.head, *block.texts)
            expected.rows += [tuple(normalise_print(text) for text in line) for line in lines]
        case FigureBlock():
            expected.expect_texts((block.caption,))
            expected.alternatives.append(normalise_print(block.alt))
        case ImageBlock():
            expected.alternatives.append(normalise_print(block.alt))
        case HeadingBlock():
            pass  # held against the file's headings
        case _:
            assert_never(block)


def _expect(blocks: Sequence[Block]) -> list[_Expected]:
    sections = [_Expected()]
    for block in blocks:
        if isinstance(block, HeadingBlock):
            sections.append(_Expected(normalise_print(plain_text(block.inlines))))
        else:
            _expect_block(block, sections[-1])
    return sections


def expected_cells(document: Document) -> dict[ReportCellKey, str]:
    """Return the statutory values of a Document as they must be printed, with their notes."""
    grids = (block for block in document.blocks if isinstance(block, GridBlock))
    return {
        (grid.key, cell.row or "", cell.column or ""): normalise_print(cell.shown)
        for grid in grids
        for cell in grid.values
    }


def _check_title(found: Readback, document: Document) -> Iterator[Problem]:
    name, year = document.agency_name, f"{document.year}年"
    for needed in (normalise_print(document.title), normalise_print(name), year):
        if needed not in found.title:
            yield Problem(f"{found.medium} 的标题不对", None, found.title, f"“{needed}”", _REMEDY)
            return


def _check_cells(found: Readback, document: Document) -> Iterator[Problem]:
    format_ = format_for(document.year)
    for key, text in expected_cells(document).items():
        shown = found.cells.get(key)
        if shown is None:
            yield Problem(
                f"{found.medium} 里找不到{cell_name(*key, format_)}", None, None, text, _REMEDY
            )
        elif shown != text:
            what = f"{found.medium} 里{cell_name(*key, format_)}与数据不符"
            yield Problem(what, None, shown, f"“{text}”", _REMEDY)


def _check_headings(found: Readback, sections: Sequence[_Expected]) -> Iterator[Problem]:
    shown, wanted = [text for _, text in found.headings], [s.heading for s in sections[1:]]
    for place in range(max(len(shown), len(wanted))):
        left, right = (part[place] if place < len(part) else "（无）" for part in (shown, wanted))
        if left != right:
            what = f"{found.medium} 的第{place + 1}个标题不对"
            yield Problem(what, None, left, f"“{right}”", _REMEDY)
            return


def _check_words(found: Readback, sections: Sequence[_Expected]) -> Iterator[Problem]:
    """Check every sentence below its own heading; where headings differ, anywhere."""
    in_order = [p.heading for p in found.passages] == [s.heading for s in sections]
    for place, section in enumerate(sections):
        text = found.passages[place].text + found.asides if in_order else found.body
        for words, facts in section.words:
            if words in text:
                continue
            names = f"（含数据“{'”“'.join(facts)}”）" if facts else ""
            where = f"“{section.heading or '引言'}”部分"
            like = get_close_matches(words, _SENTENCE.findall(text), 1, 0.5)
            what = f"{found.medium} 的{where}有一句{names}与底稿不符"
            yield Problem(what, None, like[0] if like else None, f"“{words}”", _REMEDY)


def _check_tables(found: Readback, sections: Sequence[_Expected]) -> Iterator[Problem]:
    shown = {row for table in found.tables for row in table}
    for section in sections:
        for row in section.rows:
            if row not in shown:
                what = f"{found.medium} 的“{section.heading or '引言'}”部分表格缺少一行"
                yield Problem(what, None, None, f"“{'｜'.join(row)}”", _REMEDY)


def _check_alternatives(found: Readback, sections: Sequence[_Expected]) -> Iterator[Problem]:
    """Check what is read out in place of a picture.

    Those who cannot see a chart need its numbers there.
    """
    for section in sections:
        for text in section.alternatives:
            if text and text not in found.alternatives:
                like = get_close_matches(text, found.alternatives, 1, 0.3)
                what = (
                    f"{found.medium} 的“{section.heading or '引言'}”部分有一图的替代文字与底稿不符"
                )
                yield Problem(what, None, like[0] if like else None, f"“{text}”", _REMEDY)


def _shown(found: Readback) -> str:
    tables = (text for table in found.tables for row in table for text in row)
    return "\n".join([found.title, found.body, *tables])


def _check_leftovers(found: Readback) -> Iterator[Problem]:
    for match in re.finditer(r"\{\{.{0,40}|.{0,40}\}\}", _shown(found)):
        yield Problem(
            f"{found.medium} 里还有没有填入的“{{{{ 名称 }}}}”，请改正文后重新生成", None, match[0]
        )


@cache
def printed_name(name: str) -> str:
    """Return a name as a file shows it; kept, since all reports of a batch look for the same."""
    return normalise_print(name)


def _check_names(found: Readback, document: Document, others: Iterable[str]) -> Iterator[Problem]:
    """Check for names of other agencies that the Document does not have.

    The own name is taken out first: it may begin with that of the government above.
    """
    own = normalise_print(document.agency_name)
    sections = _expect([*document.blocks, *document.appendix])
    words = [text for s in sections for text, _ in s.words]
    words += [text for s in sections for row in s.rows for text in row]
    words += [s.heading for s in sections] + [normalise_print(document.title)]
    said, shown = "\n".join(words).replace(own, ""), _shown(found).replace(own, "")
    names = {printed_name(other) for other in others} - {own, ""}
    for name in sorted(name for name in names if name in shown):
        if name not in said:
            what = f"{found.medium} 里出现了别的机关的名称"
            yield Problem(what, None, name, f"“{own}”", "请检查模板与数据是否混用")


def compare(found: Readback, document: Document, others: Iterable[str] = ()) -> tuple[Problem, ...]:
    """Return what a finished file says otherwise than its Document.

    ``others`` are names of agencies that must not appear unless the Document has them.

    Returns
    -------
    tuple of Problem
        Empty when every value, heading, sentence, row and alternative text is there.
        Source: specification 4.5 L-9 (all formats hold the same 200 numbers).
    """
    sections = _expect([*document.blocks, *document.appendix])
    return (
        *_check_title(found, document),
        *_check_cells(found, document),
        *_check_headings(found, sections),
        *_check_words(found, sections),
        *_check_tables(found, sections),
        *_check_alternatives(found, sections),
        *_check_leftovers(found),
        *_check_names(found, document, others),
    )


def compare_poster(shown: str, poster: Poster, medium: str) -> Iterator[Problem]:
    """Find what a poster does not say, and numbers in it that are nowhere in the data."""
    left = shown
    for statement in sorted(map(normalise_print, poster.statements), key=len, reverse=True):
        if statement not in left:
            yield Problem(f"{medium} 里找不到一处内容", None, None, f"“{statement}”", _REMEDY)
        left = left.replace(statement, "\n", 1)
    if found := re.findall(r"[^\n\d]{0,8}\d[\d.%]*", left):
        yield Problem(f"{medium} 里有数据以外的数字", None, "、".join(found), None, _REMEDY)
