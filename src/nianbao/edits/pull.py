"""Edits made in the finished notebook or Word file go back into narrative.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nianbao.edits.found import (
    Built,
    Edited,
    Remark,
    find_edits,
    is_touched,
    open_built,
    word_edits,
)
from nianbao.edits.pulled_texts import read_pulled, write_pulled
from nianbao.errors import NarrativeError, UsageError, raise_problems
from nianbao.files.sources import TextForm, read_source
from nianbao.files.writing import clear_leavings, write_bytes_safely
from nianbao.finished.folder import keep_edited, recover, report_folder, report_lock
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import require_report
from nianbao.notebook.master import read_master
from nianbao.notebook.review import unsettled
from nianbao.prose.edits import NumberChange, reapply
from nianbao.prose.merge import merge_texts
from nianbao.prose.narrative_file import replace_section
from nianbao.statutory import Format, format_for

NARRATIVE = "narrative.md"


@dataclass(frozen=True, slots=True)
class PulledSection:
    """A section that an edit changed: the numbers it touched, and whether it needs a person.

    One that was ``emptied`` is left as it was: a section without words cannot be told from one
    that was forgotten, and the master's words would take its place. ``same`` says that no word
    of it was new.
    """

    section: str
    origin: str
    numbers: tuple[NumberChange, ...] = ()
    conflicts: int = 0
    emptied: bool = False
    same: bool = False

    @property
    def known(self) -> bool:
        """Whether nothing of it is new, neither word nor number: it was merged before."""
        return self.same and not self.numbers


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did: changed sections, comments, and the file that was written (or None).

    ``left`` are the lines about what was not taken over, ``kept`` the edited files that were
    laid aside before a build.
    """

    sections: tuple[PulledSection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    written: Path | None = None
    left: tuple[str, ...] = ()
    kept: tuple[Path, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nobody had changed anything."""
        return not (self.sections or self.remarks or self.left)

    @property
    def conflicts(self) -> int:
        """Places in the file that hold two versions."""
        return sum(s.conflicts for s in self.sections)

    def lines(self, *, again: bool = True) -> Iterator[str]:
        """The merge report, in Chinese; without ``again`` nothing that was merged before."""
        for section in self.sections:
            if section.known:
                if again:
                    yield f"{section.section}：{section.origin} 中的修改此前已并入"
                continue
            if section.emptied:
                yield (
                    f"{section.section}：{section.origin} 中全部删去，没有并入；"
                    "每个章节都要有文字，请在 narrative.md 中改写"
                )
                continue
            if section.same:
                yield f"{section.section}：{section.origin} 中改了由数据得出的数，没有并入"
            else:
                yield f"{section.section}：已并入 {section.origin} 中的修改"
            for number in section.numbers:
                kept = "仍按数据印出，确需更改请改数据" if number.kept else "该句已改为文字"
                yield (
                    f"  数字“{number.name}”：编辑稿写作{number.edited}，数据为{number.data}，"
                    f"{kept}。上下文：{number.context}"
                )
            if section.conflicts:
                yield f"  有{section.conflicts}处两边都改过，两种文字都保留在文件中，请选定"
        yield from self.left
        if self.left or any(section.numbers for section in self.sections):
            yield from (f"改过的文件留存在 {file}" for file in self.kept)
        for remark in self.remarks:
            yield f"批注（{remark.author}，{remark.section}）“{remark.quote}”：{remark.text}"
        if self.written:
            yield f"已写入 {self.written}"


def narrative_file(root: Path, agency: str, year: int) -> Path:
    """The bureau's own wording."""
    return root / "data" / agency / str(year) / NARRATIVE


def pull_edits(root: Path, agency: str, year: int, file: Path | None = None) -> Pulled:
    """Merge what people edited into narrative.md.

    Parameters
    ----------
    file
        A Word file that came back from review; by default the notebook and the Word file in
        the output folder, as far as they were edited.

    Returns
    -------
    Pulled
        Empty when nothing was edited. Pulling the same edit twice changes nothing.

    Raises
    ------
    UsageError
        There is no finished report, or the file is not there.
    NarrativeError
        narrative.md still holds markers of an earlier merge.
    """
    require_report(root, agency, year)  # an unknown report makes no folder, not even a lock
    folder = report_folder(root, agency, year)
    with report_lock(folder):
        recover(folder)
        clear_leavings(narrative_file(root, agency, year))
        built = open_built(folder)
        if built is None:
            raise UsageError(f"还没有生成 {agency} {year} 的报告，没有可并入的修改")
        if file is not None and not file.is_file():
            raise UsageError(f"没有找到文件：{file}")
        inputs = load_inputs(root, agency, year)
        refuse_conflicts(inputs)
        edited = [word_edits(built, file)] if file else list(find_edits(built))
        return _merge(root, inputs, built, edited)


def refuse_conflicts(inputs: Inputs) -> None:
    """Refuse texts that hold two versions between markers.

    Raises
    ------
    NarrativeError
        Each section, with its line.
    """
    raise_problems(NarrativeError, unsettled(inputs.narrative))


def pull_before_build(root: Path, inputs: Inputs) -> Pulled:
    """Pull by itself what was edited since the last build, so that building loses nothing.

    The edited files are kept in output/<agency>/edited/<year>/ as they were. Whoever builds
    reads the inputs again when something was written.

    Raises
    ------
    NarrativeError
        An edit and narrative.md changed the same words; both are in the file now, to be
        decided by a person before anything is built over the edit.
    """
    agency, year = inputs.agency.code, inputs.params.year
    folder = report_folder(root, agency, year)
    recover(folder)  # a run that was killed may have put the edited set aside
    clear_leavings(narrative_file(root, agency, year))
    refuse_conflicts(inputs)
    if not is_touched(folder):  # nearly always; the notebook need not be read then
        return Pulled()
    built = open_built(folder)
    edited = list(find_edits(built)) if built else []
    if built is None or not edited:
        return Pulled()
    pulled = _merge(root, inputs, built, edited)
    kept = tuple(keep_edited(folder, file.file) for file in edited)
    if pulled.conflicts:
        refuse_conflicts(load_inputs(root, agency, year))
    return replace(pulled, kept=kept)


def _merge(root: Path, inputs: Inputs, built: Built, edited: Iterable[Edited]) -> Pulled:
    agency, year = inputs.agency.code, inputs.params.year
    target = narrative_file(root, agency, year)
    text, form = _read_narrative(target)
    current = dict(read_master(root).sections) | {k: s.text for k, s in inputs.narrative.items()}
    sections: list[PulledSection] = []
    remarks: list[Remark] = []
    left: list[str] = []
    before, pulled = text, read_pulled(built.folder)
    for file in edited:
        bases = pulled.setdefault(file.file.name, {})
        remarks += file.remarks
        left += _left(file, format_for(year))
        for section, words in file.sections.items():
            if not words.strip():
                sections.append(PulledSection(section, file.file.name, emptied=True))
                continue
            again = reapply(built.template(section), built.resolved(section), words)
            base, seen = bases.get(section, (built.source(section), None))
            own = current.get(section, built.source(section))
            merged = merge_texts(
                _ended(base), _ended(own), _ended(again.text), (NARRATIVE, file.file.name)
            )
            numbers = () if words == seen else again.numbers  # told when it was pulled
            same = not merged.conflicts and _ended(merged.text) == _ended(own)
            done = PulledSection(section, file.file.name, numbers, merged.conflicts, same=same)
            bases[section], current[section] = (again.text, words), merged.text
            sections.append(done)
            if not done.same:
                text = replace_section(text, section, current[section])
    if text != before:
        write_bytes_safely(target, form.encode(text))
    write_pulled(built.folder, {name: texts for name, texts in pulled.items() if texts})
    written = None if text == before else target
    return Pulled(tuple(sections), tuple(remarks), written, tuple(left))


def _read_narrative(file: Path) -> tuple[str, TextForm]:
    """The text of narrative.md, and how it is to be written again."""
    if not file.is_file():
        return "", TextForm()
    source = read_source(file.parent, file.name)
    return source.text().replace("\r\n", "\n"), source.form()


def _left(file: Edited, format_: Format) -> Iterator[str]:
    """What was not taken over, each with the official heading of its place."""
    headings = {section.key: section.heading for section in format_.headings()}
    for left in file.left_out:
        where = headings.get(left.section, "引言")
        yield f"“{where}”：{file.file.name} 中{left.what}，没有并入；{left.remedy}"


def _ended(text: str) -> str:
    return text.strip("\n") + "\n"
