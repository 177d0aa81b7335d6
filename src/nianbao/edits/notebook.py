"""Find what people changed in a notebook: words of sections, added cells, what is left out.

A notebook is edited in many ways and programs: cells are split, merged, copied, moved, deleted and
added; outputs are cleared, metadata and ids are lost. So a text belongs to the section that its
cell says, else to that of the cell's id, else to the one under whose heading it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from nianbao.edits.left_out import LeftOut
from nianbao.errors import printable
from nianbao.inputs.project import own_cells_file
from nianbao.notebook.cells import Cell, Notebook, about, checksum, is_internal, made_cells
from nianbao.notebook.master import OWN_CELL, OwnCell, read_own_cells, write_own_cells
from nianbao.notebook.page import asked_for
from nianbao.notebook.session import is_command, is_injected, last_statement
from nianbao.statutory import Format

_LIKE = 0.5
"""Least likeness of a text to be that of a section whose heading is gone."""
_SHOWN = 40
_CODE = "只用于这一份报告的，请在它下面另加一格；要长期这样的，请改 notebooks/report.ipynb"
_FORM = "标题由程序按规定格式生成"
_MOVED = "表和图仍按模板的次序印出；长期要这样的，请改 notebooks/report.ipynb"
_DELETED = "表和图仍按模板印出；长期不要的图，请在 notebooks/report.ipynb 中删去那一格"


@dataclass(frozen=True)
class Template:
    """What a notebook was made from."""

    cells: Sequence[Cell]
    """The master's cells."""
    words: Mapping[str, str]
    """The words of each section as they were filled in, in the order of the report."""
    format: Format
    """The statutory format, whose headings tell where a text stands."""


@dataclass(frozen=True)
class NotebookEdits:
    """The edits: new words by section, the cells of code that are the bureau's own, the rest."""

    sections: Mapping[str, str]
    cells: tuple[OwnCell, ...]
    left_out: tuple[LeftOut, ...]


@dataclass
class _Reading:
    """A walk through the notebook from the top."""

    template: Template
    section: str = "preface"
    texts: dict[str, list[str]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    places: list[tuple[str, str, str]] = field(default_factory=list)
    """Section of a cell, the heading that it stands under, its source."""
    left_out: list[LeftOut] = field(default_factory=list)

    def put(self, section: str, text: str) -> None:
        """Add a text to a section, but one that stands there already, as a copied cell's does."""
        text = text.strip("\n")
        if not text.strip():
            self.texts.setdefault(section, [])
        elif section not in self.template.words:
            self.left_out.append(LeftOut(section, f"加了文字“{short(text)}”，这里没有正文章节"))
        elif text in self.texts.setdefault(section, []):
            what = f"有两格相同的文字“{short(text)}”，只取了一份"
            self.left_out.append(LeftOut(section, what, "多余的一格请删去"))
        else:
            self.texts[section].append(text)


def know_again(notebook: Notebook, master: Sequence[Cell]) -> None:
    """Give the master's cells in a notebook their ids and tags back.

    Classic Notebook and Colab drop the ids, other programs the metadata; such a cell is known by
    what stands in it, else the guide would be taken for prose and every chart for deleted. One key
    of JupyterLab makes code of a text: it is a text still.
    """
    by_id = {cell["id"]: cell for cell in master if "id" in cell}
    here = {cell.get("id") for cell in notebook["cells"]}
    waiting = [cell for id_, cell in by_id.items() if id_ not in here]
    for cell in notebook["cells"]:
        if cell.get("id") not in by_id:
            known = next((each for each in waiting if _is_same(each, cell)), None)
            if known is not None:
                waiting.remove(known)
                cell["id"] = known["id"]
        own = by_id.get(cell.get("id", ""), cell)
        if own["cell_type"] == "markdown" or "words" in about(cell):
            cell["cell_type"] = "markdown"
        tags = own["metadata"].get("tags")
        if cell["cell_type"] == "code" and is_injected(cell["source"]):
            tags = ["injected-parameters"]
        if tags and not cell["metadata"].get("tags"):
            cell["metadata"]["tags"] = list(tags)


def _is_same(known: Cell, cell: Cell) -> bool:
    """Return whether a cell is one of the master's that has lost its id."""
    if known["cell_type"] != cell["cell_type"]:
        return False
    asked = asked_for(cell["source"]) if cell["cell_type"] == "code" else None
    same = cell["source"].strip() == known["source"].strip()
    return same or bool(asked and asked == asked_for(known["source"]))


def read_edits(notebook: Notebook, template: Template) -> NotebookEdits:
    """Find what was changed in a notebook since it was made from a template."""
    reading = _Reading(template)
    own_ids = {c["id"]: s for c in template.cells if (s := about(c).get("section")) and "id" in c}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and not is_internal(cell):
            said = about(cell).get("section", "")
            known = said if said in template.words else own_ids.get(cell.get("id", ""))
            _read_text(reading, cell, known)
        elif cell["cell_type"] == "raw" and cell["source"].strip():
            what = f"加了原始格“{short(cell['source'])}”"
            reading.left_out.append(LeftOut(reading.section, what))
        elif cell["cell_type"] == "code":
            asked = asked_for(cell["source"])
            if asked and asked[0] == "table" and asked[1] in template.words:
                reading.section = f"{asked[1]}.notes"
    _part_merged(reading)
    changed = dict(_changed(reading))
    left_out = (
        *reading.left_out,
        *_moved_texts(reading),
        *_changed_headings(reading),
        *_changed_code(notebook, template),
    )
    return NotebookEdits(changed, tuple(_own_cells(notebook, template)), left_out)


def _read_text(reading: _Reading, cell: Cell, section: str | None) -> None:
    """Put the text of a cell into its section; a heading of the form within it begins another."""
    known = {h.heading: h.key for h in reading.template.format.headings()}
    lines: list[str] = []
    target = section or reading.section
    begun = False
    if section and reading.headings:
        reading.places.append((section, reading.headings[-1], cell["source"]))
    for line in cell["source"].splitlines():
        title = line.lstrip("#").strip()
        if line.startswith("#") and title in known:
            reading.put(target, "\n".join(lines))
            lines, target = [], known[title]
            reading.section = target
            reading.headings.append(target)
            begun = True
        elif line.startswith("# ") and not section:
            continue  # the title, which the report's form gives
        else:
            lines.append(line)
    if lines or section:
        text = "\n".join(lines)
        if target == reading.section and not section and _is_heading_cell(cell) and not begun:
            return  # reported with the headings
        reading.put(target, text)
    if section and target == section:
        reading.section = section


def _is_heading_cell(cell: Cell) -> bool:
    return "heading" in cell["metadata"].get("tags", ())


def _moved_texts(reading: _Reading) -> Iterator[LeftOut]:
    """Yield the cells under another section's heading than their own, which is there too."""
    names = reading.template.format.texts()
    titles = {heading.key for heading in reading.template.format.headings()}
    for section, here, source in reading.places:
        if section in titles and section in reading.headings and here != section:
            what = f"把“{names[section]}”的文字“{short(source)}”移到了“{names[here]}”下面"
            remedy = "文字仍印在原来的章节；要换章节的，请改正文"
            yield LeftOut(section, what, remedy)


def _part_merged(reading: _Reading) -> None:
    """Give a section back its words that stand in another's, as in merged cells."""
    made = reading.template.words
    ordered = {key: made[key] for key in reading.template.format.texts() if key in made}
    for section, words in ordered.items():
        if reading.texts.get(section) or not words.strip():
            continue
        for texts in [*reading.texts.values()]:
            for number, text in enumerate(texts):
                before, found, after = text.partition(words.strip())
                if found and before.strip() and not reading.texts.get(section):
                    texts[number] = before.strip()
                    reading.texts[section] = [f"{found}{after}".strip()]
    now = {key: "\n\n".join(texts) for key, texts in reading.texts.items() if any(texts)}
    for key, text in with_headings_back(ordered, now).items():
        if text != now.get(key):  # the words were edited, too
            reading.texts[key] = [text]


def with_headings_back(made: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Give a section whose heading was deleted its text back.

    Without its heading the text would count as the end of the section before, and stand in
    both.

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
    """Return where the second of two texts begins in a text made of both; None if it is gone."""
    blocks = text.split("\n\n")
    cuts = range(len(blocks) + 1)
    halves = [("\n\n".join(blocks[:cut]), "\n\n".join(blocks[cut:])) for cut in cuts]
    scores = [_likeness(a, first) + _likeness(b, second) for a, b in halves]
    best = halves[scores.index(max(scores))]
    return best if _likeness(best[1], second) > _LIKE else None


def _likeness(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _changed(reading: _Reading) -> Iterator[tuple[str, str]]:
    for section, words in reading.template.words.items():
        now = "\n\n".join(reading.texts.get(section, ()))
        if now.strip() != words.strip():
            yield section, now


def _changed_headings(reading: _Reading) -> Iterator[LeftOut]:
    """Yield the headings of the form that are gone, changed or repeated."""
    found = Counter(reading.headings)
    unused = {key for key, words in reading.template.words.items() if not words and "." in key}
    for heading in reading.template.format.headings():
        if not found[heading.key] and heading.key not in unused:
            yield LeftOut(heading.key, f"标题“{heading.heading}”改了或删去了", _FORM)
        elif found[heading.key] > 1:
            yield LeftOut(heading.key, f"标题“{heading.heading}”写了{found[heading.key]}次", _FORM)


def _is_own(cell: Cell) -> bool:
    """Return whether a cell was stored as the bureau's own before; its metadata may be lost."""
    return "after" in about(cell) or cell.get("id", "").startswith(OWN_CELL)


def _is_template(cell: Cell, template: Template, made: Mapping[str, str]) -> bool:
    """Return whether a code cell is one of the master's, changed or not, or of an older one's."""
    if _is_own(cell):
        return False
    asked, id_ = asked_for(cell["source"]), cell.get("id", "")
    if "injected-parameters" in cell["metadata"].get("tags", ()) or id_ in made:
        return True
    if asked and id_.startswith(("chart-", "table-")):
        return True
    for known in template.cells:
        same = cell["source"].strip() == known["source"].strip()
        if known["cell_type"] == "code" and (
            same
            or (cell.get("id") == known.get("id") and "id" in cell)
            or (asked and asked == asked_for(known["source"]))
        ):
            return True
    return False


def _own_cells(notebook: Notebook, template: Template) -> Iterator[OwnCell]:
    """Yield the cells of code that were added, each with the id of the master's cell before it."""
    ids = [cell["id"] for cell in template.cells if "id" in cell]
    after, made = "", made_cells(notebook)
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or _is_template(cell, template, made):
            section = about(cell).get("section")
            named = [
                c["id"] for c in template.cells if section and about(c).get("section") == section
            ]
            after = next(
                iter([*([cell.get("id", "")] if cell.get("id") in ids else []), *named]), after
            )
        elif cell["source"].strip() and not is_command(cell["source"]):
            yield OwnCell(after, cell["source"])


def _checksums(source: str) -> tuple[str, str]:
    """Return the checksums of a cell as it is, and without the blanks at its end."""
    return checksum(source), checksum(source.rstrip())


def _changed_code(notebook: Notebook, template: Template) -> Iterator[LeftOut]:
    """Yield the code cells of the master that were changed or deleted in the notebook."""
    made = made_cells(notebook)
    order = [c["id"] for c in template.cells if c["cell_type"] == "code" and c.get("id") in made]
    stand = [c["id"] for c in notebook["cells"] if c.get("id") in order]
    if stand != [id_ for id_ in order if id_ in stand]:
        moved = next(
            a for a, b in zip(stand, (i for i in order if i in stand), strict=True) if a != b
        )
        cell = next(c for c in notebook["cells"] if c.get("id") == moved)
        yield LeftOut("", f"移动了单元格“{short(last_statement(cell['source']))}”", _MOVED)
    now = {cell["id"]: cell for cell in notebook["cells"] if "id" in cell}
    for id_, sum_ in made.items():
        if id_ not in now:
            known = next((c for c in template.cells if c.get("id") == id_), None)
            if known is not None and (asked := asked_for(known["source"])):
                yield LeftOut(
                    "", f"删去了单元格“{last_statement(known['source'])}”（{asked[1]}）", _DELETED
                )
        elif _is_own(now[id_]):
            continue
        elif now[id_]["cell_type"] == "code" and sum_ not in _checksums(now[id_]["source"]):
            what = f"改了模板的代码格“{short(last_statement(now[id_]['source']))}”"
            yield LeftOut("", what, _CODE)


def keep_own_cells(root: Path, agency: str, year: int, found: tuple[OwnCell, ...]) -> Iterator[str]:
    """Keep the cells of code that were added to a notebook; yield what was done, in Chinese."""
    before = read_own_cells(root, agency, year)
    for cell in found:
        if not _can_be_written(cell.source):
            said = short(last_statement(cell.source))
            yield f"自加的代码格“{said}”里有半个字符，没有存入；请改写这一格"
    found = tuple(cell for cell in found if _can_be_written(cell.source))
    if found != before:
        write_own_cells(root, agency, year, found)
        file = own_cells_file(agency, year)
        gone = [cell for cell in before if cell not in found]
        for cell in found:
            if cell in before:
                continue
            done = f"已存入 {file}"
            if old := _same_cell(cell, gone):
                gone.remove(old)
                done = f"已更新（{file}）"
            yield f"自加的代码格“{short(last_statement(cell.source))}”{done}，每次生成都运行"
        yield from (
            f"自加的代码格“{short(last_statement(cell.source))}”已从 {file} 删去" for cell in gone
        )


def _same_cell(cell: OwnCell, before: Sequence[OwnCell]) -> OwnCell | None:
    """Return what a cell was before it was moved or changed."""
    moved = (old for old in before if old.source == cell.source)
    return next(moved, next((old for old in before if old.after == cell.after), None))


def _can_be_written(text: str) -> bool:
    """Return whether a text can be written to a file.

    A notebook may hold half of a character, which no file does.
    """
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def short(text: str) -> str:
    """Return the beginning of a text, on one line."""
    flat = " ".join(text.split())
    return printable(flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}……")
