"""Propose what came back from a finished notebook or Word file, sentence by sentence.

An edit with which the report could no longer be built is no part of it. A proposal is a value:
nothing is written until `nianbao.edits.pull.apply_edits` takes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nianbao.edits.found import (
    Built,
    Edited,
    Remark,
    find_edits,
    notebook_edits,
    open_built,
    open_notebook,
    word_edits,
)
from nianbao.edits.homes import find_homes
from nianbao.edits.left_out import LeftOut
from nianbao.edits.pulled import PulledText, is_pulled, number_line, read_pulled
from nianbao.errors import NarrativeError, NianbaoError, Place, Problem, UsageError, raise_problems
from nianbao.files.sources import Source
from nianbao.finished.folder import recover, report_folder, report_lock
from nianbao.finished.kept_edits import kept_folder
from nianbao.inputs.bundle import Inputs, SectionText
from nianbao.inputs.load import load_inputs
from nianbao.inputs.narrative import read_narrative
from nianbao.inputs.project import NARRATIVE, require_report
from nianbao.notebook.report import Report
from nianbao.notebook.review import unsettled
from nianbao.prose.differences import Edit, sentence_edits, with_edits
from nianbao.prose.edits import NumberChange, hold_against, reapply, typed_numbers
from nianbao.prose.markdown import to_blocks
from nianbao.prose.template import replace_section
from nianbao.statistics.rollup import consolidate
from nianbao.statutory import format_for


def refused_texts(
    root: Path, inputs: Inputs, texts: Mapping[str, str]
) -> dict[str, tuple[Problem, ...]]:
    """Return the texts, by section, with which a build would fail, and why.

    What is wrong in the inputs already is not reported here.
    """
    before = {str(problem) for problem in _problems(root, inputs, {})}

    def new(some: Mapping[str, str]) -> tuple[Problem, ...]:
        return tuple(p for p in _problems(root, inputs, some) if str(p) not in before)

    if not new(texts):  # nearly always
        return {}
    found = {section: new({section: text}) for section, text in texts.items()}
    return {section: problems for section, problems in found.items() if problems}


def _problems(root: Path, inputs: Inputs, texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what a build says of the inputs with these texts in them."""
    try:
        written = ""
        for section, text in texts.items():
            written = replace_section(written, section, text)
        own = read_narrative(Source(NARRATIVE, written.encode())) if texts else {}
        if own.keys() != texts.keys():  # a line of it was taken for another section's heading
            return (Problem("文字中有写成章节编号的行", Place(NARRATIVE)),)
        narrative: dict[str, SectionText] = {**inputs.narrative, **own}
        now = consolidate(replace(inputs, narrative=narrative))
        wording = Report(root, now, format_for(inputs.params.year)).wording
        for section in texts:
            to_blocks([wording[section].text], section)
    except NianbaoError as error:
        return error.problems
    except UnicodeEncodeError:
        return (Problem("有半个字符，不能存成文件", Place(NARRATIVE)),)
    except RecursionError:
        return (Problem("列表、引用的层次太多", Place(NARRATIVE)),)
    return ()


_REASONS = 3


@dataclass(frozen=True, slots=True)
class SentenceEdit:
    """A sentence that was changed, added or taken out."""

    id: str
    """Names it within the proposal: file, section and place."""
    before: str
    after: str
    """As Markdown; empty for a sentence that is new, or gone."""
    numbers: tuple[NumberChange, ...]
    """The numbers that the edit changed."""
    rejected: bool
    """Whether it was rejected when the file was pulled before."""
    edit: Edit
    """Where it stands."""
    is_void: bool = False
    """Whether only numbers from data were changed in it: they are printed as the data say, and
    nothing can be merged.
    """


@dataclass(frozen=True, slots=True)
class SectionEdit:
    """A section that was edited in a file."""

    section: str
    heading: str
    """Its id, and its official heading."""
    origin: str
    home: str
    """The edited file, and the file in which the section's text is kept."""
    words: str
    """Its final words as the file was made."""
    changes: tuple[SentenceEdit, ...]
    """Sentence by sentence, in their order."""
    emptied: bool = False
    """Whether all its words were taken out: that is never merged, for every section has words."""

    def edited(self, accepted: frozenset[str]) -> str:
        """Return the section's words with the accepted changes."""
        return with_edits(self.words, [c.edit for c in self.changes if c.id in accepted])


@dataclass(frozen=True, slots=True)
class EditProposal:
    """The changes that people made in the finished files of a report."""

    agency: str
    year: int
    files: tuple[Path, ...] = ()
    """Whose report, and the edited files."""
    sections: tuple[SectionEdit, ...] = ()
    """The edited sections, file by file."""
    left_out: tuple[tuple[str, LeftOut], ...] = ()
    """What no text of the report has a place for, by file; it is never merged."""
    remarks: tuple[Remark, ...] = ()
    """The reviewers' comments."""

    @property
    def changes(self) -> tuple[SentenceEdit, ...]:
        """Every changed sentence."""
        return tuple(change for section in self.sections for change in section.changes)

    @property
    def is_empty(self) -> bool:
        """True if nobody changed anything."""
        return not (self.sections or self.left_out or self.remarks)


def propose_edits(root: Path, agency: str, year: int, file: Path | None = None) -> EditProposal:
    """Read what people changed in the finished files; nothing is written.

    ``file`` is a Word file that came back from review, or a notebook that lies elsewhere
    (papermill's output, a copy); by default those in the output folder are read, as far as they
    were edited.

    Raises
    ------
    UsageError
        There is no finished report, or the file is not there.
    InputError
        The file cannot be read.
    NarrativeError
        A text still holds markers of an earlier merge.
    """
    require_report(root, agency, year)  # an unknown report makes no folder, not even a lock
    folder = report_folder(root, agency, year)
    with report_lock(folder):
        recover(folder)
        if file is not None and not file.is_file():
            raise UsageError(f"没有找到文件：{file}")
        built = require_built(folder, agency, year, file)
        inputs = load_inputs(root, agency, year)
        refuse_conflicts(inputs)
        if file is None:
            edited = list(find_edits(built))
        else:
            edited = [notebook_edits(built) if file == built.file else word_edits(built, file)]
        return make_proposal(root, inputs, built, edited)


def waiting_numbers(root: Path, agency: str, year: int) -> dict[str, tuple[str, ...]]:
    """Return the numbers that edits in the finished files change, a line each, by file name.

    They are of files that were not pulled yet, in the words of the build that will take the
    edits; nothing is written.

    Raises
    ------
    InputError
        The bureau's files, or an edited one, cannot be read.
    """
    built = open_built(report_folder(root, agency, year))
    if built is None:
        return {}
    edited = [e for e in find_edits(built) if not is_pulled(built.folder, e.file.name)]
    if not edited:
        return {}
    proposal = make_proposal(root, load_inputs(root, agency, year), built, edited)
    lines: dict[str, list[str]] = {file.file.name: [] for file in edited}
    for section in proposal.sections:
        lines[section.origin] += (
            f"“{section.heading}”：{number_line(number)}"
            for change in section.changes
            for number in change.numbers
        )
    for origin, left in proposal.left_out:
        if left.number:
            lines[origin].append(left.line(built.heading(left.section), origin))
    return {name: tuple(told) for name, told in lines.items()}


def require_built(folder: Path, agency: str, year: int, file: Path | None = None) -> Built:
    """Open the finished set that was edited; a notebook that lies elsewhere tells its own.

    Raises
    ------
    UsageError
        There is none, or its notebook is damaged.
    """
    if file is not None and file.suffix == ".ipynb":
        return open_notebook(folder, file)
    built = open_built(folder)
    if built is None:
        raise UsageError(f"还没有生成 {agency} {year} 的报告，没有可并入的修改")
    return built


def refuse_conflicts(inputs: Inputs) -> None:
    """Refuse texts that hold two versions between markers.

    Raises
    ------
    NarrativeError
        Each section, with its line.
    """
    raise_problems(NarrativeError, unsettled(inputs.narrative))


def make_proposal(root: Path, inputs: Inputs, built: Built, edited: list[Edited]) -> EditProposal:
    """Cut the edits of files into sentences and hold their numbers against the data."""
    homes, pulled = find_homes(root, inputs), read_pulled(built.folder)
    sections: list[SectionEdit] = []
    refused: list[tuple[str, LeftOut]] = []
    for file in edited:
        before = pulled.get(file.file.name, {})
        words = built.words()
        # What was edited, pulled, and then changed back is an edit too.
        undone = {
            key: words[key]
            for key, text in before.items()
            if key in words and text.words != words[key]
        }
        changed = {**undone, **file.sections}
        wrong = refused_texts(root, inputs, dict(_written(built, changed)))
        refused += (
            (file.file.name, _refused(built, key, wrong[key])) for key in changed if key in wrong
        )
        for section in words:  # in the order of the report
            if section not in changed or section in wrong:
                continue
            now = changed[section]
            changes = _changes(built, file.file.name, section, now, before.get(section))
            sections.append(
                SectionEdit(
                    section, built.heading(section), file.file.name, homes.of(section),
                    words[section], tuple(changes) if now.strip() else (), not now.strip(),
                )
            )  # fmt: skip
    return EditProposal(
        inputs.agency.code,
        inputs.params.year,
        tuple(file.file for file in edited),
        tuple(sections),
        (*refused, *((file.file.name, left) for file in edited for left in file.left_out)),
        tuple(remark for file in edited for remark in file.remarks),
    )


def _written(built: Built, changed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the changed texts as they would be merged, with placeholders."""
    for section, now in changed.items():
        if now.strip():
            again = reapply(built.template(section), built.resolved(section), now)
            yield section, again.text.strip("\n") + "\n"


def _refused(built: Built, section: str, problems: Sequence[Problem]) -> LeftOut:
    """Return an edit that would stop every build from now on."""
    why = "；".join(str(replace(problem, place=None)) for problem in problems[:_REASONS])
    agency, year = built.folder.parent.name, built.folder.name
    kept = f"{kept_folder(built.folder).relative_to(built.root).as_posix()}/"
    remedy = (
        "请改好再并入，或在正文中改写；已重新生成的，改过的文件留存在 "
        f"{kept}，在那里改好后键入 nianbao pull {agency} {year} {kept}文件名"
    )
    return LeftOut(section, f"的修改会使报告不能生成（{why}）", remedy)


def _changes(
    built: Built, file: str, section: str, now: str, before: PulledText | None
) -> Iterator[SentenceEdit]:
    words = built.words()[section]
    template, resolved = built.template(section), built.resolved(section)
    source = reapply(template, resolved, words).text
    edits = sentence_edits(words, now)
    moved = {e.before.strip() for e in edits if not e.after.strip()} & {
        e.after.strip() for e in edits if not e.before.strip()
    }
    for place, edit in enumerate(edits):
        pair = (edit.before, edit.after)
        alone = reapply(template, resolved, with_edits(words, [edit]))
        new = edit.after.strip() not in moved
        numbers = tuple(_numbers(built, edit, alone.numbers)) if new else ()
        yield SentenceEdit(
            f"{file}/{section}/{place}",
            edit.before.strip(),
            edit.after.strip(),
            numbers,
            before is not None and pair in before.rejected,
            edit,
            alone.text == source,
        )


def _numbers(built: Built, edit: Edit, printed: Sequence[NumberChange]) -> Iterator[NumberChange]:
    """Yield the numbers of one edit: those printed from data, and those typed in the text."""
    yield from printed
    seen = [(number.data, number.edited) for number in printed]
    for number in typed_numbers(edit.before, edit.after):
        pair = (number.data, number.edited)
        if pair in seen:
            seen.remove(pair)
        else:
            yield hold_against(number, built.record.facts)
