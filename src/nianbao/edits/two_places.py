"""A text that stands both in narrative.md and on the workbook's sheet 正文: the newer edit of
either side is merged into both, and no number of it changes without a word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from nianbao.edits.found import Built, open_built
from nianbao.edits.homes import Homes, differing_places, find_homes
from nianbao.edits.pulled import Pulled, PulledSection, PulledText, read_pulled, write_pulled
from nianbao.errors import ExportError, NarrativeError, Place
from nianbao.finished.folder import report_folder
from nianbao.finished.kept_edits import keep_edited
from nianbao.inputs.bundle import EditedNumber, Inputs, SectionText
from nianbao.inputs.project import NARRATIVE, TEXTS
from nianbao.notebook.record import find_record
from nianbao.prose.differences import sentence_edits
from nianbao.prose.edits import NumberChange, hold_against, near_number, typed_numbers
from nianbao.prose.facts import resolve
from nianbao.prose.markdown import words
from nianbao.prose.merge import Merged, merge_texts
from nianbao.prose.template import parse_template


def join_places(
    root: Path, inputs: Inputs, before_writing: Callable[[Pulled], None] = lambda _: None
) -> Pulled:
    """Merge sections that narrative.md and the sheet 正文 have in different words, into both.

    The base is the text of the last set, or what was joined since; a section that differed
    already when that set was made has none: it stays, and it is reported which is newer (S11).
    Where both sides changed the same words, narrative.md gets both between markers and the
    sheet stays. ``before_writing`` takes what will have been done, before a text changes.
    """
    folder = report_folder(root, inputs.agency.code, inputs.params.year)
    built = open_built(folder) if inputs.overruled else None
    if built is None:
        return Pulled()
    homes, pulled = find_homes(root, inputs), read_pulled(folder)
    joined = pulled.setdefault(TEXTS, {})
    common = _common_texts(built)
    bases = common | {key: text.text for key, text in joined.items()}
    left: list[str] = []
    joints: list[_Joint] = []
    for key, sheet in inputs.overruled.items():
        if key not in bases:
            left += differing_places(root, inputs, [key])
            continue
        name = PurePosixPath(sheet.place.file).name
        joint = _join(key, bases[key], inputs.narrative[key].text, sheet.text, name)
        if _can_write(homes, key, sheet, joint.merged.text):
            joints.append(joint)
            text = sheet.text if joint.merged.conflicts else joint.merged.text
            joined[key] = PulledText(text, "")
        else:
            left.append(_unjoined(built.heading(key), name))
    if not joints:
        return Pulled(left=tuple(left))
    # A number that was changed back is no change: those of the last set are the ones before.
    sides = [
        _numbers(built, common.get(j.section, j.base), j, inputs.edited_numbers) for j in joints
    ]
    sections = tuple(
        PulledSection(
            joint.section, built.heading(joint.section), joint.origin, there,
            joint.merged.conflicts, own_numbers=own,
        )
        for joint, (own, there) in zip(joints, sides, strict=True)
    )  # fmt: skip
    before_writing(Pulled(sections, left=tuple(left)))
    keep_edited(folder, homes.narrative)
    alike = frozenset(s.section for s in sections if not s.conflicts)
    changed = {joint.section: joint.merged.text for joint in joints}
    written = replace(homes, both=homes.both | alike).write(changed)
    numbers = [
        number
        for joint, (own, there) in zip(joints, sides, strict=True)
        for origin, side in ((NARRATIVE, own), (joint.sheet_name, there))
        for number in unconfirmed(joint.section, side, origin, joint.merged.text, homes)
    ]
    if numbers:
        homes.write_numbers(numbers)
    write_pulled(folder, pulled)
    return Pulled(sections, written=written, left=tuple(left), listed=bool(numbers))


@dataclass(frozen=True, slots=True)
class _Joint:
    """A section's texts and their base, what they were merged to, and where the edit was made."""

    section: str
    base: str
    own: str
    sheet: str
    merged: Merged
    origin: str
    sheet_name: str


def _join(section: str, base: str, own: str, sheet: str, workbook: str) -> _Joint:
    there = f"{workbook} 的“正文”表"
    if sheet.split() == base.split():
        merged, origin = Merged(own), NARRATIVE
    elif own.split() == base.split():
        merged, origin = Merged(sheet), there
    else:
        both = merge_texts(ended(base), ended(own), ended(sheet), (NARRATIVE, there))
        merged, origin = replace(both, text=both.text.strip("\n")), f"{NARRATIVE} 和 {there}"
    return _Joint(section, base, own, sheet, merged, origin, there)


def _can_write(homes: Homes, section: str, sheet: SectionText, text: str) -> bool:
    """Return whether the sheet that a section was read from can take its text now."""
    found = homes.sheet
    return found is not None and sheet.place.file == found.file and homes.takes(section, text)


def _numbers(
    built: Built, before: str, joint: _Joint, listed: Iterable[EditedNumber]
) -> tuple[tuple[NumberChange, ...], tuple[NumberChange, ...]]:
    """Return the numbers that were changed on either side and that are not listed already."""
    known = {(n.section, n.before, n.after) for n in listed}

    def new(text: str) -> tuple[NumberChange, ...]:
        found = changed_numbers(built, joint.section, before, text)
        return tuple(n for n in found if (joint.section, n.data, n.edited) not in known)

    return new(joint.own), new(joint.sheet)


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


def changed_numbers(built: Built, section: str, before: str, after: str) -> Iterator[NumberChange]:
    """Yield the numbers that a text shows otherwise than before, held against the data.

    Words that are new with their numbers are the bureau's own, and no change.
    """
    shown = (_in_words(built, section, text) for text in (before, after))
    for edit in sentence_edits(*shown):
        for number in typed_numbers(edit.before, edit.after):
            if number.data and number.edited:
                yield hold_against(number, built.record.facts)


def _in_words(built: Built, section: str, text: str) -> str:
    """Return a text with the numbers of the last set in it, as far as that had them."""
    place = Place(section)
    try:
        return words(resolve(parse_template(text, place), built.record.facts, section, place))
    except NarrativeError:  # it is reported when the text is filled in
        return text


def _unjoined(heading: str, workbook: str) -> str:
    return (
        f"“{heading}”：{NARRATIVE} 和 {workbook} 的“正文”表不同，没有并到一处，因为这个工作簿"
        f"现在不能改写（正开着，或不是 .xlsx）；报告用 {NARRATIVE} 的文字。"
        "请关闭工作簿或另存为 .xlsx，再生成一次报告"
    )


def unconfirmed(
    section: str, numbers: Iterable[NumberChange], origin: str, text: str, homes: Homes
) -> Iterator[EditedNumber]:
    """Yield the numbers that now stand in the text and that the data do not bear out."""
    plain = text.replace("\\", "")
    for number in numbers:
        if number.edited and not number.kept and not number.agrees:
            # Words near it that were filled in are not in the text.
            nears = (near_number(number, width) for width in range(6, -1, -1))
            yield EditedNumber(
                section, number.data, number.edited,
                next((near for near in nears if near in plain), number.edited),
                origin, number.known, homes.numbers_place,
            )  # fmt: skip


def refused(
    section: str, numbers: Iterable[NumberChange], origin: str, homes: Homes
) -> Iterator[EditedNumber]:
    """Yield the numbers from the data that an edit changed: the data's are printed all the same."""
    for number in numbers:
        if number.name and number.kept and number.edited.replace(",", "") != number.data:
            yield EditedNumber(
                section, number.data, number.edited, number.name, origin, "",
                homes.numbers_place, refused=True,
            )  # fmt: skip


def ended(text: str) -> str:
    """Return a text with one line end behind it."""
    return text.strip("\n") + "\n"
