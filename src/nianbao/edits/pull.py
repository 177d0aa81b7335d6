"""Edits made in the finished notebook or Word file go back to where the texts live."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from nianbao.edits.found import Built, Remark, find_edits, is_touched, open_built, own_cells
from nianbao.edits.homes import Homes, find_homes, narrative_file
from nianbao.edits.left_out import LeftOut
from nianbao.edits.notebook import keep_own_cells
from nianbao.edits.proposal import (
    EditProposal,
    SectionEdit,
    make_proposal,
    propose_edits,
    refuse_conflicts,
    require_built,
)
from nianbao.edits.pulled_texts import PulledText, Texts, read_pulled, write_pulled
from nianbao.errors import ExportError, UsageError
from nianbao.files.writing import clear_leavings
from nianbao.finished.folder import recover, report_folder, report_lock
from nianbao.finished.kept_edits import KeptSize, keep_edited, kept_folder, kept_size
from nianbao.inputs.bundle import EditedNumber, Inputs
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import NARRATIVE, TEXTS
from nianbao.notebook.master import read_master
from nianbao.notebook.record import find_record
from nianbao.prose.edits import NumberChange, near_number, reapply
from nianbao.prose.merge import Merged, merge_texts
from nianbao.statutory import format_for

__all__ = ["Pulled", "PulledSection", "apply_edits", "narrative_file", "pull_before_build"]


@dataclass(frozen=True, slots=True)
class PulledSection:
    """A section that an edit changed: the numbers it touched, and whether it needs a person.

    One that was ``emptied`` is left as it was: a section without words cannot be told from one
    that was forgotten, and the master's words would take its place. ``same`` says that no word
    of it was new, ``rejected`` how many of its sentences were not wanted. ``heading`` is the
    section's official heading.
    """

    section: str
    heading: str
    origin: str
    numbers: tuple[NumberChange, ...] = ()
    conflicts: int = 0
    emptied: bool = False
    same: bool = False
    rejected: int = 0

    @property
    def known(self) -> bool:
        """Whether nothing of it is new, neither word nor number: it was merged before."""
        return self.same and not self.numbers and not self.emptied

    def lines(self, *, again: bool) -> Iterator[str]:
        """Yield what became of it, in Chinese; without ``again`` nothing that was merged before."""
        where = f"“{self.heading}”（{self.section}）"
        if self.emptied:
            yield (
                f"{where}：{self.origin} 中全部删去，没有并入；"
                "每个章节都要有文字，请在 narrative.md 中改写"
            )
        elif self.known:
            if again:
                yield f"{where}：{self.origin} 中的修改此前已并入"
        elif self.same:
            yield f"{where}：{self.origin} 中改了由数据得出的数，没有并入"
        else:
            yield f"{where}：已并入 {self.origin} 中的修改"
        yield from (f"  {number_line(number)}" for number in self.numbers)
        if self.rejected and again:
            yield f"  有{self.rejected}处未采纳，保持原文"
        if self.conflicts:
            yield f"  有{self.conflicts}处两边都改过，两种文字都保留在文件中，请选定"


def number_line(number: NumberChange) -> str:
    """Tell of a number that an edit changed, in Chinese."""
    context = f"上下文：{number.context}"
    if number.name:
        kept = "仍按数据印出，确需更改请改数据" if number.kept else "该句已改为文字"
        shown = f"编辑稿写作{number.edited}，数据为{number.data}"
        return f"数字“{number.name}”：{shown}，{kept}。{context}"
    if not number.edited:
        return f"正文中的数“{number.data}”删去了。{context}"
    how = f"由“{number.data}”改成“{number.edited}”" if number.data else f"加了“{number.edited}”"
    if number.agrees:
        return f"正文中的数{how}，与数据相符（{number.known}）。{context}"
    said = f"与数据不符（{number.known}）" if number.known else "数据中没有这个数，无法核对"
    return f"正文中的数{how}，{said}，请核对；确认前每次生成都会提醒。{context}"


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did: changed sections, comments, and the files that were written.

    ``left`` are the lines about what was not taken over, ``kept`` the edited files that were
    laid aside before a build, ``kept_size`` what all of the report's take.
    """

    sections: tuple[PulledSection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    written: tuple[Path, ...] = ()
    left: tuple[str, ...] = ()
    kept: tuple[Path, ...] = ()
    kept_size: KeptSize | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody had changed anything."""
        return not (self.sections or self.remarks or self.left)

    @property
    def conflicts(self) -> int:
        """Places in the files that hold two versions."""
        return sum(s.conflicts for s in self.sections)

    def lines(self, *, again: bool = True) -> Iterator[str]:
        """Yield the merge report, in Chinese; without ``again`` nothing that was merged before."""
        for section in self.sections:
            yield from section.lines(again=again)
        yield from self.left
        if self.left or any(section.numbers for section in self.sections):
            yield from (f"改过的文件留存在 {file}" for file in self.kept)
            if self.kept_size:
                yield f"这份报告留存的改稿共{self.kept_size}"
        for remark in self.remarks:
            yield f"批注（{remark.author}，“{remark.heading}”）“{remark.quote}”：{remark.text}"
        yield from (f"已写入 {file}" for file in self.written)


def pull_edits(root: Path, agency: str, year: int, file: Path | None = None) -> Pulled:
    """Merge what people edited into the bureau's texts.

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
        There is no finished report, the file is not there, or the workbook is open.
    NarrativeError
        A text still holds markers of an earlier merge.
    """
    return apply_edits(root, propose_edits(root, agency, year, file))


def apply_edits(
    root: Path, proposal: EditProposal, accepted: Collection[str] | None = None
) -> Pulled:
    """Merge a proposal's edits into the bureau's texts.

    Parameters
    ----------
    accepted
        Ids of the sentences to be merged; all that were not rejected before by default. The
        others count as rejected from now on.

    Raises
    ------
    UsageError
        The report was built anew since the proposal was made, or the workbook is open.
    NarrativeError
        A text still holds markers of an earlier merge.
    """
    folder = report_folder(root, proposal.agency, proposal.year)
    with report_lock(folder):
        recover(folder)
        clear_leavings(narrative_file(root, proposal.agency, proposal.year))
        file = next(iter(proposal.files), None)
        built = require_built(folder, proposal.agency, proposal.year, file)
        inputs = load_inputs(root, proposal.agency, proposal.year)
        refuse_conflicts(inputs)
        joined = join_places(root, inputs)
        if joined.conflicts:
            return joined  # the edited files wait until a person has decided
        if joined.written:
            inputs = load_inputs(root, proposal.agency, proposal.year)
        return _after(joined, _apply(root, inputs, built, proposal, accepted))


def pull_before_build(root: Path, inputs: Inputs) -> Pulled:
    """Pull by itself what was edited since the last build, so that building loses nothing.

    The edited files are kept in output/<agency>/edited/<year>/ as they were. Whoever builds
    reads the inputs again when something was written.

    Raises
    ------
    NarrativeError
        An edit and the bureau's text, or its text in narrative.md and in the workbook, changed
        the same words; both are in the file now, to be decided by a person before anything is
        built over the edit.
    """
    agency, year = inputs.agency.code, inputs.params.year
    folder = report_folder(root, agency, year)
    recover(folder)  # a run that was killed may have put the edited set aside
    clear_leavings(narrative_file(root, agency, year))
    refuse_conflicts(inputs)
    joined = join_places(root, inputs)
    if joined.written:
        inputs = load_inputs(root, agency, year)
        refuse_conflicts(inputs)
    if not is_touched(folder):  # nearly always; the notebook need not be read then
        return joined
    built = open_built(folder)
    edited = list(find_edits(built)) if built else []
    if built is None or not edited:
        return joined
    proposal = make_proposal(root, inputs, built, edited)
    pulled = _after(joined, _apply(root, inputs, built, proposal, None))
    kept = tuple(keep_edited(folder, file.file) for file in edited)
    if pulled.conflicts:
        refuse_conflicts(load_inputs(root, agency, year))
    return replace(pulled, kept=kept, kept_size=kept_size(kept_folder(folder)))


def join_places(root: Path, inputs: Inputs) -> Pulled:
    """Merge sections that narrative.md and the sheet 正文 have in different words, into both.

    The base is the text of the last set, or what was joined since; a section that differed
    already when that set was made has none, and stays as it is (S11). Where both sides changed
    the same words, narrative.md gets both between markers and the sheet stays.
    """
    agency, year = inputs.agency.code, inputs.params.year
    folder = report_folder(root, agency, year)
    built = open_built(folder) if inputs.overruled else None
    if built is None:
        return Pulled()
    homes, pulled = find_homes(root, inputs), read_pulled(folder)
    joined = pulled.setdefault(TEXTS, {})
    bases = _common_texts(built) | {key: text.text for key, text in joined.items()}
    sections: list[PulledSection] = []
    changed: dict[str, str] = {}
    left: list[str] = []
    for key, sheet in inputs.overruled.items():
        if key not in bases:
            continue
        name = PurePosixPath(sheet.place.file).name
        merged, origin = _join(bases[key], inputs.narrative[key].text, sheet.text, name)
        if (
            homes.sheet is None
            or sheet.place.file != homes.sheet.file
            or not homes.takes(key, merged.text)
        ):
            left.append(_unjoined(_heading(built, key), name))
            continue
        sections.append(PulledSection(key, _heading(built, key), origin, (), merged.conflicts))
        changed[key] = merged.text
        joined[key] = PulledText(sheet.text if merged.conflicts else merged.text, "")
    if not changed:
        return Pulled(left=tuple(left))
    keep_edited(folder, homes.narrative)
    alike = frozenset(s.section for s in sections if not s.conflicts)
    written = replace(homes, both=homes.both | alike).write(changed)
    write_pulled(folder, pulled)
    return Pulled(tuple(sections), written=written, left=tuple(left))


def _common_texts(built: Built) -> dict[str, str]:
    """Return the bureau's own texts in a set, but for those that stood in two places differently.

    A notebook whose outputs were cleared tells none: what a run knows today is no base.
    """
    try:
        record = find_record(built.notebook)
        findings = json.loads(record.report)["findings"]
        differed = {key for f in findings if f["id"] == "S11" for key in f["cells"]}
    except (ExportError, ValueError, LookupError, TypeError):
        return {}
    return {key: own.text for key, own in record.sections.items() if key not in differed}


def _join(base: str, own: str, sheet: str, workbook: str) -> tuple[Merged, str]:
    """Merge the two texts of a section; where the edit that is merged was made."""
    there = f"{workbook} 的“正文”表"
    if sheet.split() == base.split():
        return Merged(own), NARRATIVE
    if own.split() == base.split():
        return Merged(sheet), there
    merged = merge_texts(_ended(base), _ended(own), _ended(sheet), (NARRATIVE, there))
    return replace(merged, text=merged.text.strip("\n")), f"{NARRATIVE} 和 {there}"


def _unjoined(heading: str, workbook: str) -> str:
    return (
        f"“{heading}”：{NARRATIVE} 和 {workbook} 的“正文”表不同，没有并到一处，因为这个工作簿"
        f"现在不能改写（正开着，或不是 .xlsx）；报告用 {NARRATIVE} 的文字。"
        "请关闭工作簿或另存为 .xlsx，再运行 nianbao pull"
    )


def _after(joined: Pulled, pulled: Pulled) -> Pulled:
    """Return what both did, as one."""
    return replace(
        pulled,
        sections=joined.sections + pulled.sections,
        written=tuple(dict.fromkeys(joined.written + pulled.written)),
        left=joined.left + pulled.left,
    )


@dataclass
class _Merging:
    """The texts while edits are merged into them, and what is to be remembered."""

    current: dict[str, str]
    pulled: Texts
    changed: dict[str, str] = field(default_factory=dict)
    numbers: list[EditedNumber] = field(default_factory=list)


def _apply(
    root: Path, inputs: Inputs, built: Built, proposal: EditProposal,
    accepted: Collection[str] | None,
) -> Pulled:  # fmt: skip
    words = built.words()
    if any(section.words != words.get(section.section) for section in proposal.sections):
        raise UsageError("报告已经重新生成，这些修改要重新读取后再选定")
    wanted = frozenset(
        change.id
        for change in proposal.changes
        if (not change.rejected if accepted is None else change.id in accepted)
    )
    homes = find_homes(root, inputs)
    own = {key: section.text for key, section in inputs.narrative.items()}
    merging = _Merging(dict(read_master(root).sections) | own, read_pulled(built.folder))
    sections = [_merge(merging, built, homes, section, wanted) for section in proposal.sections]
    written = homes.write(merging.changed) if merging.changed else ()
    merging.pulled.setdefault(TEXTS, {}).update(
        (key, PulledText(text, ""))
        for key, text in merging.changed.items()
        if key in homes.both and homes.takes(key, text)
    )
    if merging.numbers:
        homes.write_numbers(merging.numbers)
    write_pulled(built.folder, merging.pulled)
    left = tuple(_left(built, origin, each) for origin, each in proposal.left_out)
    left += tuple(homes.moved(merging.changed))
    if built.file in proposal.files:
        left += tuple(keep_own_cells(root, proposal.agency, proposal.year, own_cells(built)))
    return Pulled(tuple(sections), proposal.remarks, written, left)


def _merge(
    merging: _Merging, built: Built, homes: Homes, edit: SectionEdit, wanted: frozenset[str]
) -> PulledSection:
    if edit.emptied:
        return PulledSection(edit.section, _heading(built, edit.section), edit.origin, emptied=True)
    before = merging.pulled.setdefault(edit.origin, {}).get(edit.section)
    edited, section = edit.edited(wanted), edit.section
    again = reapply(built.template(section), built.resolved(section), edited)
    base = before.text if before else built.source(section)
    own = merging.current.get(section, built.source(section))
    merged = merge_texts(
        _ended(base), _ended(own), _ended(again.text), (homes.of(section), edit.origin)
    )
    taken = [change for change in edit.changes if change.id in wanted]
    # Numbers are reported when they were pulled, not at every later pull.
    is_new = before is None or before.words != edited
    numbers = tuple(n for change in taken for n in change.numbers) if is_new else ()
    left = tuple((c.edit.before, c.edit.after) for c in edit.changes if c.id not in wanted)
    merging.pulled[edit.origin][section] = PulledText(again.text, edited, left)
    merging.current[section] = merged.text
    same = not merged.conflicts and _ended(merged.text) == _ended(own)
    if not same:
        merging.changed[section] = merged.text
    merging.numbers += _unconfirmed(edit, numbers, homes)
    return PulledSection(
        section,
        _heading(built, section),
        edit.origin,
        numbers,
        merged.conflicts,
        same=same,
        rejected=len(left),
    )


def _unconfirmed(
    edit: SectionEdit, numbers: Iterable[NumberChange], homes: Homes
) -> Iterator[EditedNumber]:
    """Yield the numbers that now stand in the text and that the data do not bear out."""
    place = homes.numbers_place
    for number in numbers:
        if number.edited and not number.kept and not number.agrees:
            near = near_number(number)
            yield EditedNumber(
                edit.section, number.data, number.edited, near, edit.origin, number.known, place
            )


def _left(built: Built, origin: str, left: LeftOut) -> str:
    """Return what was not taken over, with the official heading of its place."""
    return f"“{_heading(built, left.section)}”：{origin} 中{left.what}，没有并入；{left.remedy}"


def _heading(built: Built, section: str) -> str:
    """Return the official heading of a section; 全文 of none."""
    return format_for(built.record.year).texts().get(section, "全文")


def _ended(text: str) -> str:
    return text.strip("\n") + "\n"
