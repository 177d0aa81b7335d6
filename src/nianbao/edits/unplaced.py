"""What somebody put into a finished file that narrative.md has no place for: told, never lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from nianbao.documents.readback import cell_name, read_docx
from nianbao.documents.readback.made import Line, read_docx_made
from nianbao.documents.readback.sections import read_docx_pictures
from nianbao.errors import printable
from nianbao.notebook.cells import about
from nianbao.notebook.fill import is_edited
from nianbao.prose.markdown import IMAGE
from nianbao.statutory import Format

_SHOWN = 60
"""So many characters of a text are quoted: enough to find it in the file."""
_PICTURE = "确需采用的，请把图片存入数据文件夹，在 narrative.md 的这一节中写 ![说明](文件名)"
_KEPT = "报告的各节都要有，文字需要改的，请在 narrative.md 中改写"
_FROM_DATA = "表中的数由台账或填报表得出，确需更改的，请改台账或填报表后重新生成"
_MADE = "标题、图题、落款由程序按规定格式生成；日期在参数文件（或填报表“基本信息”）的“成文日期”中改"


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that was not taken over: the section where it stands, what it is, what to do."""

    section: str
    what: str
    remedy: str = "确需采用的，请写进 narrative.md 的相近章节"


def stray_texts(
    made: Mapping[str, str], now: Mapping[str, str], sections: Collection[str]
) -> Iterator[Stray]:
    """Texts where the master has none, such as below a statutory table, and sections that are gone.

    Parameters
    ----------
    made, now
        The text of each section as the file was made, and as it came back.
    sections
        Those that have a text in the notebook.
    """
    for section, text in now.items():
        before = made.get(section, "").splitlines()
        added = [line for line in text.splitlines() if line.strip() and line not in before]
        if section not in sections and added:
            yield Stray(section, f"加了文字“{_short(' '.join(added))}”，这里没有正文章节")
    for section in sections:
        if made.get(section, "").strip() and section not in now:
            yield Stray(section, "整节连同标题找不到了", _KEPT)


def stray_pictures(made: bytes, now: bytes) -> Iterator[Stray]:
    """Pictures that were pasted into the file: their bytes are not in data/.

    Parameters
    ----------
    made, now
        The Word file as it was made, and as it came back.
    """
    known = Counter(name for _, name in read_docx_pictures(made))
    for section, name in read_docx_pictures(now):
        known[name] -= 1
        if known[name] < 0:
            yield Stray(section, f"贴了图片“{_short(name)}”，它不在数据文件夹中", _PICTURE)


def stray_values(made: bytes, now: bytes, format_: Format) -> Iterator[Stray]:
    """Statutory values that were changed: they come from the data and would be printed again.

    Parameters
    ----------
    made, now
        The Word file as it was made, and as it came back.
    format_
        Of the report's year.
    """
    before, after = read_docx(made).cells, read_docx(now).cells
    for key, value in before.items():
        if (shown := after.get(key)) != value:
            place = cell_name(key, format_)
            what = f"{place}的“{value}”" + (f"改成了“{_short(shown)}”" if shown else "删去了")
            yield Stray(key[0], what, _FROM_DATA)


def stray_lines(made: bytes, now: bytes, format_: Format) -> Iterator[Stray]:
    """Headings, captions, title, signature and rows of other tables that were changed.

    Parameters
    ----------
    made, now
        The Word file as it was made, and as it came back.
    format_
        Of the report's year.
    """
    before, after = read_docx_made(made, format_), read_docx_made(now, format_)
    kept = {section for section, _ in after}
    # The texts alone: an editor may lose the bookmark that tells the section.
    old, new = ([line for _, line in lines] for lines in (before, after))
    changes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    for change, start, stop, other, end in changes:
        if change in ("replace", "delete"):
            for place, shown in zip_longest(range(start, stop), new[other:end]):
                if place is not None and before[place][0] in kept:  # else told as a whole
                    yield _stray_line(*before[place], shown)


def _stray_line(section: str, line: Line, new: Line | None) -> Stray:
    remedy = _FROM_DATA if len(line) > 1 else _MADE
    old = _short("　".join(line))
    what = f"“{old}”改成了“{_short('　'.join(new))}”" if new else f"“{old}”删去了"
    return Stray(section, what, remedy)


def stray_cells(notebook: Mapping[str, Any]) -> Iterator[Stray]:
    """Text cells that were added to the notebook, and headings of the form that were changed."""
    section = ""
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        section = about(cell).get("section", section)
        if "words" not in about(cell) and cell["source"].strip():
            yield Stray(section, f"加了单元格“{_short(cell['source'])}”")
        elif "section" not in about(cell) and is_edited(cell):
            yield Stray(section, f"把标题改成了“{_short(cell['source'])}”")


def without_pasted(text: str, made: Mapping[str, str]) -> str:
    """A section's text without pictures that were not in the file when it was made."""
    own = {match["file"] for each in made.values() for match in IMAGE.finditer(each)}
    kept = IMAGE.sub(lambda match: match[0] if match["file"] in own else "", text)
    return text if kept == text else re.sub(r"\n{3,}", "\n\n", kept).strip("\n")


def _short(text: str) -> str:
    return printable(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……")
