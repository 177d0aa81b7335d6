"""Fill the narrative cells of an executed notebook with the final words.

The text with placeholders and the words as filled stay in the cell's metadata: so filling twice
changes nothing, an edit made to the words can be seen and merged back, and words that nobody
edited follow the data when the notebook is run again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from nianbao.errors import NarrativeError, Place, Problem, raise_problems
from nianbao.files.words import normalise_word, perhaps
from nianbao.inputs.bundle import SectionText
from nianbao.inputs.labels import bare
from nianbao.notebook.cells import Cell, Kept, Notebook, about, is_internal
from nianbao.notebook.master import MASTER
from nianbao.notebook.record import Record
from nianbao.prose.facts import Fact, resolve
from nianbao.prose.markdown import words
from nianbao.prose.merge import merge_texts
from nianbao.prose.template import parse_template
from nianbao.statutory.model import all_formats

_OWN_HEADING = re.compile(r"^### \S", re.MULTILINE)


def section_cells(notebook: Notebook) -> dict[str, Cell]:
    """Return the narrative cells by section id."""
    cells = (c for c in notebook["cells"] if c["cell_type"] == "markdown")
    return {about(c)["section"]: c for c in cells if "section" in about(c)}


def template_of(cell: Cell, record: Record) -> tuple[str, Place]:
    """Return the cell's text with placeholders: the bureau's own wording, else the master's."""
    section = about(cell).get("section")
    own = record.sections.get(section) if section else None
    if own and section:
        return _own_text(cell, section, own, record), own.place
    text: str = about(cell).get("template") or cell["source"]
    return text, Place(f"{MASTER} 单元格 {section or cell['id']}")


def _own_text(cell: Cell, section: str, own: SectionText, record: Record) -> str:
    """Return the bureau's text, merged with what was edited in the master's.

    Raises
    ------
    NarrativeError
        Both say something else in the same place: a person has to choose.
    """
    default = record.defaults.get(section)
    unfilled = "words" not in about(cell)
    if default is None or not unfilled or cell["source"].strip() == default.strip():
        return own.text
    base, ours, theirs = (f"{t.strip()}\n" for t in (default, own.text, cell["source"]))
    merged = merge_texts(base, ours, theirs)
    if merged.conflicts:
        remedy = f"请在 {own.place.file} 中改这一节，再把单元格恢复成模板的文字"
        message = f"{section}：笔记本里改了这一节，{own.place.file} 另有文字，两者改在同一处"
        raise NarrativeError(Problem(message, own.place, remedy=remedy))
    return merged.text


def is_edited_cell(cell: Cell) -> bool:
    """Return whether somebody changed the words since they were filled in."""
    filled = about(cell).get("words")
    return filled is not None and cell["source"].strip() != filled.strip()


def parts_of(cell: Cell, record: Record) -> tuple[str | Fact, ...]:
    """Return the words and facts of a cell.

    Raises
    ------
    NarrativeError
        Unknown names or faulty placeholders, all of the cell.
    """
    text, place = template_of(cell, record)
    return resolve(parse_template(text, place), record.facts, about(cell).get("section", ""), place)


def unknown_sections(known: Collection[str], narrative: Mapping[str, SectionText]) -> list[Problem]:
    """Return the sections of narrative.md that the master does not have.

    One that is called by its Chinese heading is answered with its id.
    """
    problems = []
    unknown = {key: section for key, section in narrative.items() if key not in known}
    by_heading = {
        normalise_word(bare(heading)): id_
        for format_ in (all_formats() if unknown else ())
        for id_, heading in format_.texts().items()
    }
    for key, section in unknown.items():
        meant = by_heading.get(normalise_word(bare(key)))
        if meant in known:
            expected, hint = f"“{meant}”", None
        else:
            expected, hint = f"其中之一：{'、'.join(known)}", perhaps(key, known) or None
        problems.append(Problem("没有这个章节编号", section.place, key, expected, hint))
    return problems


def unused_sections(known: Collection[str], narrative: Mapping[str, SectionText]) -> frozenset[str]:
    """Return the sub-sections that a report does without.

    A bureau that divides a part in a way of its own, with headings in the part's own text, keeps
    its titles: the master's sub-headings stand only above what the bureau wrote for them.

    Examples
    --------
    >>> own = {"overview": SectionText("overview", "### （一）便民\n\n文字。", Place("n.md"))}
    >>> sorted(unused_sections(["overview", "overview.requests", "other"], own))
    ['overview.requests']
    """
    divided = {key for key, own in narrative.items() if _OWN_HEADING.search(own.text)}
    return frozenset(
        key
        for key in known
        if key.partition(".")[0] in divided and "." in key and key not in narrative
    )


def _heading_of(notebook: Notebook, place: int) -> Cell | None:
    """Return the heading cell that stands directly above a narrative cell."""
    above = notebook["cells"][place - 1] if place else None
    is_heading = above is not None and above["cell_type"] == "markdown"
    return above if is_heading and above and "section" not in about(above) else None


def join_split(notebook: Notebook) -> None:
    """Put the halves of a cell that was split before it was filled in into the first of them."""
    first: dict[str, Cell] = {}
    for cell in notebook["cells"]:
        section = about(cell).get("section")
        if cell["cell_type"] != "markdown" or section is None or "words" in about(cell):
            continue
        if section in first and cell["source"].strip():
            whole = first[section]
            if cell["source"].strip() not in whole["source"]:
                whole["source"] = f"{whole['source'].rstrip()}\n\n{cell['source'].lstrip()}"
            cell["source"] = ""
            kept: Kept = {"template": "", "words": ""}
            cell["metadata"] = {**cell["metadata"], "nianbao": kept}
        first.setdefault(section, cell)


def fill_notebook(notebook: Notebook, record: Record) -> Notebook:
    """Write the final words into all narrative cells but those that somebody edited since.

    The given notebook is changed and returned.

    Raises
    ------
    NarrativeError
        All faults of all sections at once.
    """
    known = section_cells(notebook)
    problems = unknown_sections(known, record.sections)
    unused = unused_sections(known, record.sections)
    empty = [
        id(cell)
        for place, narrative in enumerate(notebook["cells"])
        if about(narrative).get("section") in unused
        for cell in (narrative, _heading_of(notebook, place))
        if cell is not None
    ]
    join_split(notebook)
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown" or is_internal(cell) or is_edited_cell(cell):
            continue
        text, _ = template_of(cell, record)
        try:
            filled = "" if id(cell) in empty else words(parts_of(cell, record))
        except NarrativeError as error:
            problems.extend(error.problems)
            continue
        cell["source"] = filled
        kept: Kept = {**about(cell), "template": text, "words": filled}
        cell["metadata"] = {**cell["metadata"], "nianbao": kept}
    raise_problems(NarrativeError, problems)
    return notebook
