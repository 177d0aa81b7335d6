"""What people changed in the finished notebook or Word file since they were made."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from nianbao.documents.document import document_from_notebook
from nianbao.edits.left_out import (
    LeftOut,
    left_out_beside,
    left_out_cells,
    left_out_lines,
    left_out_pictures,
    left_out_texts,
    left_out_values,
    without_pasted,
)
from nianbao.errors import NianbaoError, Problem, UsageError
from nianbao.files.sources import read_source
from nianbao.finished.manifest import MANIFEST, sha256
from nianbao.notebook.cells import Notebook, about
from nianbao.notebook.fill import is_edited, parts_of, section_cells, template_of
from nianbao.notebook.record import Record, find_record
from nianbao.prose.facts import Fact
from nianbao.prose.markdown import to_blocks, words
from nianbao.prose.merge import carry_over, merge_texts
from nianbao.prose.template import Template, parse_template
from nianbao.statutory import format_for

_LIKE = 0.5
"""Least likeness of a text to be that of a section whose heading is gone."""
_TEXTS = ("cell_type", "section", "template", "words")


@dataclass(frozen=True)
class Built:
    """A finished set as it was made: its notebook, its words and texts by section."""

    folder: Path
    notebook: Notebook
    record: Record

    def template(self, section: str) -> Template:
        """The section's text with placeholders at the time of the build."""
        return parse_template(*template_of(section_cells(self.notebook)[section], self.record))

    def source(self, section: str) -> str:
        """The same as it was written."""
        parts = self.template(section).parts
        return "".join(p if isinstance(p, str) else p.source for p in parts)

    def resolved(self, section: str) -> tuple[str | Fact, ...]:
        """The same with facts in place."""
        return parts_of(section_cells(self.notebook)[section], self.record)

    def words(self) -> dict[str, str]:
        """The final words of each section at the time of the build."""
        return {section: words(self.resolved(section)) for section in section_cells(self.notebook)}


@dataclass(frozen=True, slots=True)
class Remark:
    """A reviewer's comment in the Word file."""

    section: str
    author: str
    quote: str
    text: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A file that somebody edited: the words of the sections that changed, comments, and what
    has no place in a section."""

    file: Path
    sections: Mapping[str, str]
    remarks: tuple[Remark, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def open_built(folder: Path) -> Built | None:
    """The finished set in a folder, or None when there is none that could be compared."""
    path = folder / "report.ipynb"
    if not path.is_file():
        return None
    try:
        notebook = _flat(json.loads(path.read_text(encoding="utf-8")))
        return Built(folder, notebook, find_record(notebook))
    except (NianbaoError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        problem = Problem(
            "笔记本已损坏，无法判断其中有没有修改", value=str(path),
            remedy="如不需要其中的修改，请删除它再生成",
        )  # fmt: skip
        raise UsageError(problem) from None


def _flat(notebook: Notebook) -> Notebook:
    """Sources as one string a cell, however the file was saved; an error if it is no notebook."""
    for cell in notebook["cells"]:
        if not isinstance(cell["source"], str):
            cell["source"] = "".join(cell["source"])
        kept = {"cell_type": cell["cell_type"], **cell["metadata"].get("nianbao", {})}
        if not all(isinstance(kept.get(key, ""), str) for key in _TEXTS):
            raise TypeError(kept)
    return notebook


def notebook_edits(built: Built) -> Edited:
    """The narrative cells whose words are no longer those that were filled in.

    When the notebook was run again on newer data, the edit is carried over to the newer words.
    """
    ours = built.words()
    changed = {
        section: merge_texts(about(cell)["words"], ours[section], cell["source"]).text
        for section, cell in section_cells(built.notebook).items()
        if is_edited(cell)
    }
    left_out = tuple(left_out_cells(built.notebook))
    return Edited(built.folder / "report.ipynb", changed, left_out=left_out)


def _as_made(built: Built) -> Notebook:
    """The notebook with the words it had when it was made."""
    notebook = copy.deepcopy(built.notebook)
    for cell in section_cells(notebook).values():
        cell["source"] = about(cell)["words"]
    return notebook


def _as_written(made: str, ours: str, now: str) -> str:
    """An edited section in its author's writing, if it then reads as the editor left it."""
    carried = carry_over(made, ours, now)
    return carried if to_blocks([carried], "") == to_blocks([now], "") else now


def word_edits(built: Built, file: Path) -> Edited:
    """The sections that somebody changed in a Word file made from this set.

    Tracked changes count as accepted. The file is compared with the Word file that the set
    gives, read back in the same way, so that only what a person did is a change.

    Raises
    ------
    InputError
        The file is not a .docx.
    """
    from nianbao.documents.readback import open_edited
    from nianbao.documents.word import render_docx

    now = open_edited(read_source(file.parent, file.name).data)
    made = open_edited(render_docx(document_from_notebook(_as_made(built))))
    texts = with_headings_back(made.sections, now.sections)
    texts = {key: without_pasted(text, made.sections) for key, text in texts.items()}
    ours = built.words()
    changed = {
        section: _as_written(made.sections[section], ours[section], texts[section])
        for section in ours
        if section in made.sections
        and section in texts
        and texts[section] != made.sections[section]
    }
    remarks = tuple(Remark(c.section, c.author, c.quote, c.text) for c in now.comments)
    format_ = format_for(built.record.year)
    left_out = (
        *left_out_values(made, now, format_),
        *left_out_lines(made, now, format_),
        *left_out_texts(made.sections, texts, ours),
        *left_out_pictures(made, now),
        *left_out_beside(made, now),
    )
    return Edited(file, changed, remarks, left_out)


def with_headings_back(made: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Give a section whose heading was deleted its text back.

    Without its heading the text would count as the end of the section before, and stand in
    both.

    Parameters
    ----------
    made, now
        The text of each section as the file was made, and as it came back.

    Examples
    --------
    >>> made = {"a": "甲乙丙。", "b": "丁戊己。"}
    >>> with_headings_back(made, {"a": "甲乙丙。\\n\\n丁戊庚。"})
    {'a': '甲乙丙。', 'b': '丁戊庚。'}
    """
    texts = dict(now)
    order = list(made)
    for section in reversed(order):
        before = [key for key in order[: order.index(section)] if key in texts]
        if section in texts or not before or not made[section].strip():
            continue
        above = before[-1]
        own = [made[key] for key in order[order.index(above) : order.index(section)]]
        found = _split(texts[above], "\n\n".join(own), made[section])
        if found is not None:
            texts[above], texts[section] = found
    return texts


def _split(text: str, first: str, second: str) -> tuple[str, str] | None:
    """Where the second of two texts begins in a text that was made of both; None if it is gone."""
    blocks = text.split("\n\n")
    cuts = range(len(blocks) + 1)
    halves = [("\n\n".join(blocks[:cut]), "\n\n".join(blocks[cut:])) for cut in cuts]
    scores = [_likeness(a, first) + _likeness(b, second) for a, b in halves]
    best = halves[scores.index(max(scores))]
    return best if _likeness(best[1], second) > _LIKE else None


def _likeness(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _touched(folder: Path, name: str) -> bool:
    """Whether a file of the set is no longer the one that the manifest lists."""
    manifest = folder / MANIFEST
    if not (folder / name).is_file() or not manifest.is_file():
        return False
    listed = json.loads(manifest.read_text(encoding="utf-8"))["outputs"].get(name)
    return bool(listed) and listed != sha256(folder / name)


def is_touched(folder: Path) -> bool:
    """Whether a file that people edit is no longer as it was made."""
    return any(_touched(folder, name) for name in ("report.ipynb", "report.docx"))


def find_edits(built: Built) -> Iterator[Edited]:
    """The edited files of a set: notebook first, then Word."""
    if _touched(built.folder, "report.ipynb"):
        yield notebook_edits(built)
    if _touched(built.folder, "report.docx"):
        yield word_edits(built, built.folder / "report.docx")
