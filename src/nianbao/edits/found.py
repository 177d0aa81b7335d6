"""Find what people changed in the finished notebook or Word file since they were made."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nianbao.documents.document import document_from_notebook, edition_of
from nianbao.edits.editions import carry_over, earlier_words
from nianbao.edits.left_out import (
    LeftOut,
    left_out_beside,
    left_out_lines,
    left_out_pictures,
    left_out_texts,
    left_out_values,
    without_pasted,
)
from nianbao.edits.notebook import Template as NotebookTemplate
from nianbao.edits.notebook import know_again, read_edits, short, with_headings_back
from nianbao.errors import ExportError, NarrativeError, NianbaoError, Place, Problem, UsageError
from nianbao.files.sources import decode, read_source
from nianbao.finished.folder import EDITABLE, edited_files
from nianbao.finished.manifest import kept_bytes
from nianbao.notebook.cells import Notebook, about
from nianbao.notebook.fill import join_split, section_cells, template_of, unused_sections
from nianbao.notebook.master import MASTER, OwnCell, master_notebook, read_notebook
from nianbao.notebook.record import Record, find_record
from nianbao.notebook.report import Report
from nianbao.notebook.review import template_before
from nianbao.prose.facts import Fact, resolve
from nianbao.prose.markdown import to_blocks, words
from nianbao.prose.merge import merge_texts, transfer_edit
from nianbao.prose.template import Template, parse_template
from nianbao.statutory import format_for

_SENTENCES = re.compile(r"(?<=[。！？\n])")
_UNKNOWN_EDITION = LeftOut(
    "",
    "的文字是较早一稿的，程序没有那一稿的底稿，与现稿不同的句子都算作它的修改",
    "请逐句核对，后来改过的句子可能被改了回去",
    taken=True,
)
_TEXTS = ("cell_type", "section", "template", "words")


@dataclass(frozen=True)
class Built:
    """A finished set as it was made: its notebook, its words and texts by section."""

    folder: Path
    notebook: Notebook
    record: Record
    file: Path
    refused: tuple[LeftOut, ...] = ()

    @property
    def root(self) -> Path:
        """The project."""
        return self.folder.parents[2]

    @property
    def sections(self) -> tuple[str, ...]:
        """The ids of all texts, in the order of the report."""
        order = list(format_for(self.record.year).texts())
        known = self.record.defaults or section_cells(self.notebook)
        return tuple(sorted(known, key=lambda s: order.index(s) if s in order else len(order)))

    def heading(self, section: str) -> str:
        """Return the official heading of a section; 全文 of none."""
        return format_for(self.record.year).texts().get(section, "全文")

    def template(self, section: str) -> Template:
        """Return the section's text with placeholders at the time of the build."""
        own, default = self.record.sections.get(section), self.record.defaults.get(section)
        if own is not None:
            return parse_template(own.text, own.place)
        if default is not None:
            return parse_template(default, Place(f"{MASTER} 单元格 {section}"))
        return parse_template(*template_of(section_cells(self.notebook)[section], self.record))

    def source(self, section: str) -> str:
        """Return the same as it was written."""
        parts = self.template(section).parts
        return "".join(p if isinstance(p, str) else p.source for p in parts)

    def resolved(self, section: str) -> tuple[str | Fact, ...]:
        """Return the same with facts in place."""
        template = self.template(section)
        return resolve(template, self.record.facts, section, Place(section))

    def words(self) -> dict[str, str]:
        """Return the final words of each section at the time of the build."""
        unused = unused_sections(self.sections, self.record.sections)
        return {s: "" if s in unused else words(self.resolved(s)) for s in self.sections}


@dataclass(frozen=True, slots=True)
class Remark:
    """A reviewer's comment in the Word file, and the heading of its section."""

    section: str
    heading: str
    author: str
    quote: str
    text: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A file that somebody edited.

    It holds the words of the sections that changed, comments, and what has no place in a section.
    """

    file: Path
    sections: Mapping[str, str]
    remarks: tuple[Remark, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def open_built(folder: Path) -> Built | None:
    """Return the finished set in a folder, or None when there is none that could be compared."""
    path = folder / "report.ipynb"
    if not path.is_file():
        return None
    notebook = _read(path, folder)
    return Built(folder, notebook, _record_of(notebook, folder), path)


def _read(path: Path, folder: Path) -> Notebook:
    try:
        # Some editor may have saved it in another encoding.
        text = decode(kept_bytes(path), path.name)
        notebook = _flat(json.loads(text))
    except (
        NianbaoError, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError,
    ) as error:  # fmt: skip
        at = f"（第{error.lineno}行不合格式）" if isinstance(error, json.JSONDecodeError) else ""
        problem = Problem(
            f"笔记本已损坏{at}，无法判断其中有没有修改", value=str(path),
            remedy="要用其中的修改的，请改好这一行；不需要的，请删除它再生成"
            if at else "如不需要其中的修改，请删除它再生成",
        )  # fmt: skip
        raise UsageError(problem) from None
    know_again(notebook, read_notebook(master_notebook(folder.parents[2]))["cells"])
    return notebook


def _record_of(notebook: Notebook, folder: Path) -> Record:
    """Return what the run knew; where its outputs were cleared, what a run would know today."""
    try:
        return find_record(notebook)
    except ExportError:
        root, agency, year = folder.parents[2], folder.parent.name, int(folder.name)
        return Report.open(agency, year, root=root, draft=True).record()


def _flat(notebook: Notebook) -> Notebook:
    """Return a notebook with each source as one string, however the file was saved.

    What is no notebook is an error. Damaged outputs and ids are cleared: they hold nobody's words.
    """
    for cell in notebook["cells"]:
        if not _is_shown(cell.get("outputs", [])):
            cell["outputs"] = []
        if not isinstance(cell.get("id", ""), str):
            del cell["id"]
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        cell["source"] = source.replace("\r\n", "\n")  # another editor's line ends are no edit
        kept = {"cell_type": cell["cell_type"], **cell["metadata"].get("nianbao", {})}
        if not all(isinstance(kept.get(key, ""), str) for key in _TEXTS):
            raise TypeError(kept)
    return notebook


def _is_shown(outputs: object) -> bool:
    """Return whether these are outputs of a cell, each with its type and what it shows."""
    return isinstance(outputs, list) and all(
        isinstance(output, dict)
        and isinstance(output.get("output_type"), str)
        and isinstance(output.get("data", {}), dict)
        for output in outputs
    )


def notebook_edits(built: Built) -> Edited:
    """Return the sections whose words in the notebook are no longer those that were filled in.

    When the notebook was run again on newer data, the edit is carried over to the newer words.
    """
    ours = built.words()
    edits = read_edits(built.notebook, _template(built, ours))
    filled = {**ours, **_filled(built.notebook)}
    changed = {
        section: merge_texts(filled[section], ours[section], now).text if now.strip() else ""
        for section, now in edits.sections.items()
    }
    return Edited(built.file, changed, left_out=(*built.refused, *edits.left_out))


def open_notebook(folder: Path, file: Path) -> Built:
    """Return a notebook of the report from elsewhere: papermill's output, a copy, the master.

    Raises
    ------
    UsageError
        It is no notebook, or was run for another report.
    """
    notebook = _read(file, folder)
    record = _record_of(notebook, folder)
    own = (folder.parent.name, int(folder.name))
    if (record.agency, record.year) != own:
        message = f"这个笔记本是 {record.agency} {record.year} 的"
        expected = f"{own[0]} {own[1]} 的笔记本"
        raise UsageError(Problem(message, value=str(file), expected=expected))
    built = Built(folder, notebook, record, file)
    before = _template_of(file, built)
    refused: list[LeftOut] = []
    join_split(notebook)
    for cell in notebook["cells"]:
        section = about(cell).get("section")
        if section in built.sections and "words" not in about(cell):
            text = _beside_own(cell["source"], before.get(section, ""), section, record, refused)
            cell["source"] = _with_facts(text, built, section)
    return replace(built, refused=tuple(refused))


def _template_of(file: Path, built: Built) -> Mapping[str, str]:
    """Return the template's texts before somebody edited them in this file."""
    root, record = built.root, built.record
    if file.resolve() == master_notebook(root).resolve():
        return template_before(root, record.agency, record.year)
    return record.defaults


def _beside_own(
    text: str, default: str, section: str, record: Record, refused: list[LeftOut]
) -> str:
    """Return the agency's own words with what was edited in the template's text behind them.

    Where both say something else in the same place, the agency's own stay; it is reported.
    """
    own = record.sections.get(section)
    if own is None:
        return text
    base, ours, theirs = (f"{t.strip()}\n" for t in (default, own.text, text))
    merged = merge_texts(base, ours, theirs)
    if not merged.conflicts:
        return merged.text.strip()
    added = [part for part in _SENTENCES.split(theirs) if part.strip() and part not in base]
    what = f"改了模板的文字“{short(' '.join(added) or '（删去）')}”，{own.place.file} 另有这一节"
    refused.append(LeftOut(section, what, f"确需采用的，请写进 {own.place.file} 的这一节"))
    return own.text


def _with_facts(text: str, built: Built, section: str) -> str:
    """Return a text with placeholders in words; one that the section did not have is left."""
    resolved = zip(built.template(section).parts, built.resolved(section), strict=True)
    known = {
        part.path: words((fact,))
        for part, fact in resolved
        if not isinstance(part, str) and isinstance(fact, Fact)
    }
    try:
        parts = parse_template(text, Place(section)).parts
    except NarrativeError:  # it is reported when the text is filled in
        return text
    return "".join(p if isinstance(p, str) else known.get(p.path, p.source) for p in parts)


def own_cells(built: Built) -> tuple[OwnCell, ...]:
    """Return the cells of code that somebody added to the notebook."""
    return read_edits(built.notebook, _template(built, built.words())).cells


def _template(built: Built, ours: Mapping[str, str]) -> NotebookTemplate:
    """Return what the notebook was made from: its project's master, and the words filled in."""
    words_ = {section: {**ours, **_filled(built.notebook)}[section] for section in ours}
    cells = read_notebook(master_notebook(built.root))["cells"]
    return NotebookTemplate(cells, words_, format_for(built.record.year))


def _filled(notebook: Notebook) -> dict[str, str]:
    """Return the words of each section as they were filled in, where the cells still tell."""
    cells = ((about(cell), cell) for cell in notebook["cells"])
    return {k["section"]: k["words"] for k, _ in cells if "section" in k and "words" in k}


def _as_made(built: Built, earlier: Mapping[str, str] | None) -> Notebook:
    """Return the notebook with the words it had when it was made, or those of an earlier set."""
    notebook = copy.deepcopy(built.notebook)
    made = built.words()
    for section, cell in section_cells(notebook).items():
        if earlier is None:
            cell["source"] = about(cell).get("words", made[section])
        else:  # as if somebody had typed them: such a cell is not filled in again
            cell["source"] = earlier.get(section, "")
            cell["metadata"]["nianbao"] = {**about(cell), "words": made[section]}
    return notebook


def _as_written(made: str, ours: str, now: str) -> str:
    """Return an edited section in its author's writing, if it then reads as the editor left it."""
    carried = transfer_edit(made, ours, now)
    return carried if to_blocks([carried], "") == to_blocks([now], "") else now


def word_edits(built: Built, file: Path) -> Edited:
    """Return the sections that somebody changed in a Word file made from this set.

    Tracked changes count as accepted. The file is compared with the Word file that the set
    gives, read back in the same way, so that only what a person did is a change. One that was made
    before the last build is held against the words of its own time.

    Raises
    ------
    InputError
        The file is not a .docx.
    """
    from nianbao.documents.readback import open_edited
    from nianbao.documents.word import render_docx

    now = open_edited(read_source(file.parent, file.name).data, file.name)
    ours = built.words()
    late = bool(now.edition) and now.edition != edition_of(ours)
    earlier = earlier_words(built.folder, now.edition) if late else None
    base = {section: (earlier or ours).get(section, "") for section in ours}
    made = open_edited(render_docx(document_from_notebook(_as_made(built, earlier))))
    texts = with_headings_back(made.sections, now.sections)
    texts = {key: without_pasted(text, made.sections) for key, text in texts.items()}
    changed = {
        section: _as_written(made.sections.get(section, ""), base[section], texts[section])
        for section in ours
        if section in texts and texts[section] != made.sections.get(section, "")
    }
    refused: list[LeftOut] = []
    if earlier is not None:
        changed = {
            section: carry_over(section, base[section], ours[section], text, refused)
            for section, text in changed.items()
        }
    elif late:
        refused.append(_UNKNOWN_EDITION)
    format_ = format_for(built.record.year)
    remarks = tuple(
        Remark(c.section, built.heading(c.section), c.author, c.quote, c.text) for c in now.comments
    )
    others = (
        *refused,
        *left_out_values(made, now, format_),
        *left_out_lines(made, now, format_, texts),
        *left_out_texts(made.sections, texts, ours),
        *left_out_pictures(made, now),
        *left_out_beside(made, now),
    )
    return Edited(file, changed, remarks, others)


def find_edits(built: Built) -> Iterator[Edited]:
    """Yield the edited files of a set: notebook first, then Word."""
    notebook, word = EDITABLE
    edited = edited_files(built.folder)
    if notebook in edited:
        yield notebook_edits(built)
    if word in edited:
        yield word_edits(built, built.folder / word)
