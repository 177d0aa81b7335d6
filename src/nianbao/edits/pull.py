"""Edits made in the finished notebook or Word file go back to where the texts live."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from nianbao.edits.editions import remember_edition
from nianbao.edits.found import Built, find_edits, open_built, own_cells
from nianbao.edits.homes import Homes, find_homes
from nianbao.edits.notebook import keep_own_cells
from nianbao.edits.proposal import (
    EditProposal,
    SectionEdit,
    make_proposal,
    propose_edits,
    refuse_conflicts,
    require_built,
)
from nianbao.edits.pulled import (
    Pulled,
    PulledSection,
    PulledText,
    Texts,
    keep_untold,
    read_pulled,
    write_pulled,
)
from nianbao.edits.two_places import changed_numbers, ended, join_places, refused, unconfirmed
from nianbao.errors import UsageError
from nianbao.files.writing import clear_leavings
from nianbao.finished.folder import edited_files, recover, report_folder, report_lock, texts_lock
from nianbao.finished.kept_edits import keep_edited, kept_folder, kept_size
from nianbao.inputs.bundle import EditedNumber, Inputs
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import TEXTS, narrative_file
from nianbao.notebook.master import read_master
from nianbao.prose.edits import reapply
from nianbao.prose.merge import merge_texts

__all__ = ["Pulled", "PulledSection", "apply_edits", "pull_before_build"]


def pull_edits(root: Path, agency: str, year: int, file: Path | None = None) -> Pulled:
    """Merge what people edited into the bureau's texts.

    ``file`` is a Word file that came back from review; by default the notebook and the Word file in
    the output folder are read, as far as they were edited.

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
    while True:
        try:
            return apply_edits(root, propose_edits(root, agency, year, file))
        except _RebuiltError:  # between reading and merging: the new set is read
            continue


class _RebuiltError(UsageError):
    """The report was built anew since the edits in it were read."""


def apply_edits(
    root: Path, proposal: EditProposal, accepted: Collection[str] | None = None
) -> Pulled:
    """Merge a proposal's edits into the bureau's texts.

    ``accepted`` are the ids of the sentences to be merged, by default all that were not rejected
    before; the others count as rejected from now on.

    Raises
    ------
    UsageError
        The report was built anew since the proposal was made, or the workbook is open.
    NarrativeError
        A text still holds markers of an earlier merge.
    """
    folder = report_folder(root, proposal.agency, proposal.year)
    with report_lock(folder), texts_lock(folder):
        recover(folder)
        clear_leavings(root / narrative_file(proposal.agency, proposal.year))
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
    reads the inputs again when something was written. What is to be told of it waits there too,
    from before the texts change until it was shown: see `nianbao.edits.pulled`.

    Raises
    ------
    NarrativeError
        An edit and the bureau's text, or its text in narrative.md and in the workbook, changed
        the same words; both are in the file now, to be decided by a person before anything is
        built over the edit.
    """
    agency, year = inputs.agency.code, inputs.params.year
    folder = report_folder(root, agency, year)

    def note(pulled: Pulled) -> None:
        keep_untold(root, agency, year, pulled.lines(again=False))

    recover(folder)  # a run that was killed may have put the edited set aside
    clear_leavings(root / narrative_file(agency, year))
    refuse_conflicts(inputs)
    joined = join_places(root, inputs, note)
    note(joined)
    if joined.written:
        inputs = load_inputs(root, agency, year)
        refuse_conflicts(inputs)
    built = open_built(folder)
    if built is not None:
        remember_edition(folder, built.words())
    if not edited_files(folder):  # nearly always
        return joined
    edited = list(find_edits(built)) if built else []
    if built is None or not edited:
        return joined
    proposal = make_proposal(root, inputs, built, edited)
    pulled = _after(joined, _apply(root, inputs, built, proposal, None, note))
    kept = tuple(keep_edited(folder, file.file) for file in edited)
    pulled = replace(pulled, kept=kept, kept_size=kept_size(kept_folder(folder)))
    note(pulled)
    if pulled.conflicts:
        refuse_conflicts(load_inputs(root, agency, year))
    return pulled


def _after(joined: Pulled, pulled: Pulled) -> Pulled:
    """Return what both did, as one."""
    return replace(
        pulled,
        sections=joined.sections + pulled.sections,
        written=tuple(dict.fromkeys(joined.written + pulled.written)),
        left=joined.left + pulled.left,
        listed=joined.listed or pulled.listed,
    )


@dataclass
class _Merging:
    """The texts while edits are merged into them, and what is to be remembered."""

    current: dict[str, str]
    pulled: Texts
    changed: dict[str, str] = field(default_factory=dict)
    numbers: list[EditedNumber] = field(default_factory=list)
    settled: list[EditedNumber] = field(default_factory=list)


def _apply(
    root: Path, inputs: Inputs, built: Built, proposal: EditProposal,
    accepted: Collection[str] | None, before_writing: Callable[[Pulled], None] = lambda _: None,
) -> Pulled:  # fmt: skip
    words = built.words()
    if any(section.words != words.get(section.section) for section in proposal.sections):
        raise _RebuiltError("报告已经重新生成，这些修改要重新读取后再选定")
    wanted = frozenset(
        change.id
        for change in proposal.changes
        if (not change.rejected if accepted is None else change.id in accepted)
    )
    homes = find_homes(root, inputs)
    own = {key: section.text for key, section in inputs.narrative.items()}
    merging = _Merging(dict(read_master(root).sections) | own, read_pulled(built.folder))
    sections = [_merge(merging, built, homes, section, wanted) for section in proposal.sections]
    left = _first_ones(
        each.line(built.heading(each.section), origin) for origin, each in proposal.left_out
    )
    merging.numbers += _of_tables(proposal, homes)
    before_writing(Pulled(tuple(sections), proposal.remarks, left=left))
    written = homes.write(merging.changed) if merging.changed else ()
    merging.pulled.setdefault(TEXTS, {}).update(
        (key, PulledText(text, ""))
        for key, text in merging.changed.items()
        if key in homes.both and homes.takes(key, text)
    )
    listed = bool(merging.numbers or merging.settled)
    if listed:
        homes.write_numbers(merging.numbers, merging.settled)
    write_pulled(built.folder, merging.pulled, proposal.files)
    left += tuple(homes.moved(merging.changed))
    if built.file in proposal.files:
        left += tuple(keep_own_cells(root, proposal.agency, proposal.year, own_cells(built)))
    return Pulled(tuple(sections), proposal.remarks, written, left, listed=listed)


def _of_tables(proposal: EditProposal, homes: Homes) -> Iterator[EditedNumber]:
    """Yield the numbers of statutory tables that were changed in a finished file."""
    for origin, left in proposal.left_out:
        if left.number:
            name, before, after = left.number
            yield EditedNumber(
                left.section, before, after, name, origin, "", homes.numbers_place, refused=True
            )


def _merge(
    merging: _Merging, built: Built, homes: Homes, edit: SectionEdit, wanted: frozenset[str]
) -> PulledSection:
    if edit.emptied:
        return PulledSection(edit.section, built.heading(edit.section), edit.origin, emptied=True)
    before = merging.pulled.setdefault(edit.origin, {}).get(edit.section)
    edited, section = edit.edited(wanted), edit.section
    again = reapply(built.template(section), built.resolved(section), edited)
    base = before.text if before else built.source(section)
    own = merging.current.get(section, built.source(section))
    merged = merge_texts(
        ended(base), ended(own), ended(again.text), (homes.of(section), edit.origin)
    )
    taken = [change for change in edit.changes if change.id in wanted]
    # Numbers are reported when they were pulled, not at every later pull.
    is_new = before is None or before.words != edited
    numbers = tuple(n for change in taken for n in change.numbers) if is_new else ()
    own_numbers = tuple(changed_numbers(built, section, base, own)) if is_new else ()
    left = tuple((c.edit.before, c.edit.after) for c in edit.changes if c.id not in wanted)
    merging.pulled[edit.origin][section] = PulledText(again.text, edited, left)
    merging.current[section] = merged.text
    same = not merged.conflicts and ended(merged.text) == ended(own)
    if not same:
        merging.changed[section] = merged.text
    home = homes.of(section)
    merging.numbers += unconfirmed(section, own_numbers, home, merged.text, homes)
    merging.numbers += unconfirmed(section, numbers, edit.origin, merged.text, homes)
    if before is not None:  # in this very file the number may stand as it was again
        merging.settled += [
            n for n in homes.edited_numbers
            if n.refused and (n.section, n.file) == (section, edit.origin)
        ]  # fmt: skip
    printed = (n for c in edit.changes if c.id in wanted or c.is_void for n in c.numbers)
    merging.numbers += refused(section, printed, edit.origin, homes)
    return PulledSection(
        section,
        built.heading(section),
        edit.origin,
        numbers,
        merged.conflicts,
        same=same,
        rejected=len(left),
        home=home,
        own_numbers=own_numbers,
    )


_MOST_LEFT = 300
"""More than the statutory tables have cells, each of which may have been changed."""


def _first_ones(lines: Iterable[str]) -> tuple[str, ...]:
    """Return lines each once; of hundreds, which a program made, the first, and how many more."""
    told = tuple(dict.fromkeys(lines))
    more = len(told) - _MOST_LEFT
    rest = (f"还有{more}处没有并入，没有列出；请在改过的文件里核对",) if more > 0 else ()
    return told[:_MOST_LEFT] + rest
