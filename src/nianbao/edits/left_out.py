"""List what somebody put into a finished file and no text can take: nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from nianbao.documents.readback import EditedWord
from nianbao.documents.readback.edited import Beside, Line, Picture
from nianbao.documents.readback.model import statutory_kind
from nianbao.errors import printable
from nianbao.prose.markdown import IMAGE
from nianbao.statutory import TABLE_NUMBERS, Format, cell_name, row_name

_SHOWN = 60
"""So many characters of a text are quoted: enough to find it in the file."""
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
_PICTURE = "确需采用的，请把图片存入数据文件夹，在正文的这一节中写 ![说明](文件名)"
_KEPT = "报告的各节都要有，文字需要改的，请在正文中改写"
_FROM_DATA = "表中的数由台账或填报表得出，确需更改的，请改台账或填报表后重新生成"
_HEADS = "表格删去了，或者表头改过；表中的数由台账或填报表得出，照样印出"
_MADE = "标题、图题、落款由程序按规定格式生成；日期在参数文件（或填报表“基本信息”）的“成文日期”中改"
_ORDER = "各节的次序由程序按规定格式排定，文字仍印在原来的章节"
_AS_WORDS = "确需采用的，请把文字写进正文"
_FORMS: Mapping[str, tuple[str, str]] = {
    "删除线": ("给“{text}”加了删除线，文字仍在正文中", "要删去的，请把这几个字直接删掉"),
    "上标": ("把“{text}”设成上标，已改作普通文字", "请核对这几个字，以免与前面的字连成别的意思"),
    "下标": ("把“{text}”设成下标，已改作普通文字", "请核对这几个字，以免与前面的字连成别的意思"),
    "链接": ("加了链接“{text}”，只取文字", "确需写出网址的，请写进正文"),
    "拼音": ("加了拼音“{text}”，只取汉字", "确需注音的，请把读音写在括号里"),
    "圈号": ("加了带圈的“{text}”，只取圈内文字", "请核对这几个字"),
    "嵌套表格": (
        "把表格放进了单元格里（“{text}”），已改作这一格的文字",
        "请核对这一格，需要的话分成两张表",
    ),
    "自动编号": ("用了程序不认识的自动编号", "请把编号直接写进正文"),
    "隐藏文字": ("有隐藏的文字“{text}”", _AS_WORDS),
    "题上文字": ("在标题上面加了“{text}”", "报告的标题上面不印文字；" + _AS_WORDS),
    "页眉": ("页眉改成了“{text}”", "页眉页脚由程序按规定格式生成"),
    "页脚": ("页脚改成了“{text}”", "页眉页脚由程序按规定格式生成"),
    "符号": ("有不能识别的符号（{text}）", "请换成普通的字或符号"),
}
"""How each kind of what is no text is reported, and what to do; any other was added as such."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not taken over: the section where it stands, what it is, what to do.

    ``taken`` says that it was, and only has to be looked at. Of a number of a statutory table,
    ``number`` has the name of its cell, the number before and after.
    """

    section: str
    what: str
    remedy: str = "确需采用的，请写进正文的相近章节"
    taken: bool = False
    number: tuple[str, str, str] | None = None

    def line(self, heading: str, origin: str) -> str:
        """Say it, with the official heading of its place and the edited file."""
        done = "" if self.taken else "，没有并入"
        return f"“{heading}”：{origin} 中{self.what}{done}；{self.remedy}"


def left_out_texts(
    made: Mapping[str, str], now: Mapping[str, str], sections: Collection[str]
) -> Iterator[LeftOut]:
    """Yield the texts where the master has none, and the sections that are gone.

    Such a text stands, for example, below a statutory table.

    ``made`` and ``now`` hold the texts as the file was made and as it came back; ``sections`` are
    those that have a text in the notebook.
    """
    for section, text in now.items():
        before = made.get(section, "").splitlines()
        added = [line for line in text.splitlines() if line.strip() and line not in before]
        if section not in sections and added:
            yield LeftOut(section, f"加了文字“{_short(' '.join(added))}”，这里没有正文章节")
    for section in sections:
        if made.get(section, "").strip() and section not in now:
            yield LeftOut(section, "整节连同标题找不到了", _KEPT)


def left_out_pictures(made: EditedWord, now: EditedWord) -> Iterator[LeftOut]:
    """Yield the pictures that were pasted into the file: their bytes are not in data/."""
    others = _other_pictures(made, now)
    charts = [picture for picture in others if picture.is_chart]
    if charts:
        what = f"的{len(charts)}张图表连同图题与现在的不同，多半是旧版程序生成的"
        yield LeftOut(charts[0].section, what, "图表按数据重新绘制，不用改")
    for picture in others:
        if not picture.is_chart:
            what = f"贴了图片“{_short(picture.name)}”，它不在数据文件夹中"
            yield LeftOut(picture.section, what, _PICTURE)


def _other_pictures(made: EditedWord, now: EditedWord) -> list[Picture]:
    """Return the pictures of the file that came back that were not in it when it was made."""
    own = list(made.pictures)
    others = [picture for picture in now.pictures if not _take(own, picture)]
    if len(own) == len(made.pictures):  # saved as .doc in between: no picture kept its name
        own_places = Counter(picture.section for picture in own)
        for picture in list(others):
            if own_places[picture.section] > 0:
                own_places[picture.section] -= 1
                others.remove(picture)
    return others


def _take(own: list[Picture], picture: Picture) -> bool:
    """Take a picture off the list of our own, if it is there by its bytes or its name."""
    for mine in own:
        same_bytes = mine.checksum is not None and mine.checksum == picture.checksum
        if same_bytes or mine.name == picture.name:
            own.remove(mine)
            return True
    return False


def left_out_beside(made: EditedWord, now: EditedWord) -> Iterator[LeftOut]:
    """Yield the notes, boxes, formulas and all else that the file shows and no text holds."""
    known = Counter(beside.found for beside in made.beside)
    for beside in now.beside:
        known[beside.found] -= 1
        if known[beside.found] < 0:
            yield _beside(beside)


def _beside(beside: Beside) -> LeftOut:
    kind, text = beside.found.kind, _short(beside.found.text)
    what, remedy = _FORMS.get(kind, (f"加了{kind}“{{text}}”" if text else f"加了{kind}", _AS_WORDS))
    place = f"（在“{_short(beside.near)}…”一段）" if beside.near else ""
    return LeftOut(beside.section, what.replace("{text}", text) + place, remedy)


def left_out_values(made: EditedWord, now: EditedWord, format_: Format) -> Iterator[LeftOut]:
    """Yield the statutory values that were changed.

    They come from the data and would be printed again.
    """
    before, after = made.readback.cells, now.readback.cells
    read = {table for table, *_ in after}
    for table in dict.fromkeys(table for table, *_ in before if table not in read):
        yield LeftOut(table, f"{TABLE_NUMBERS[table]}认不出来，其中的数没有核对", _HEADS)
    kept = {key[:2] for key in after}
    for table, row in dict.fromkeys(key[:2] for key in before if key[:2] not in kept):
        if table in read:
            name = f"{TABLE_NUMBERS[table]}“{row_name(table, row, format_)}”"
            yield LeftOut(table, f"{name}一行删去了", _FROM_DATA)
    yield from _added_rows(made, now, format_)
    for key, value in before.items():
        if key[:2] in kept and (shown := after.get(key)) != value:
            place = cell_name(*key, format_)
            what = f"{place}的“{value}”" + (f"改成了“{_short(shown)}”" if shown else "删去了")
            is_number = shown is not None and _NUMBER.fullmatch(shown)
            number = (place, value, shown) if shown and is_number else None
            yield LeftOut(key[0], what, _FROM_DATA, number=number)


def _added_rows(made: EditedWord, now: EditedWord, format_: Format) -> Iterator[LeftOut]:
    """Yield the rows that the statutory tables have more than when they were made."""
    before, after = (_statutory_rows(file, format_) for file in (made, now))
    for table, rows in after.items():
        added = len(rows) - len(before.get(table, rows))
        known = Counter(map(_label, before.get(table, ())))
        for row in rows:
            known[_label(row)] -= 1
            if known[_label(row)] < 0 and added > 0:
                added -= 1
                what = f"{TABLE_NUMBERS[table]}多了一行“{_short('　'.join(row))}”"
                yield LeftOut(table, what, _FROM_DATA)


def _statutory_rows(file: EditedWord, format_: Format) -> dict[str, list[Line]]:
    rows: dict[str, list[Line]] = {}
    for _, each in file.own:
        if not isinstance(each, str) and (kind := statutory_kind(each, format_)):
            rows.setdefault(kind, []).extend(each)
    return rows


def _label(row: Line) -> Line:
    """Return what a row is called: its cells but the numbers."""
    return tuple(cell for cell in row if cell and not _NUMBER.fullmatch(cell))


def left_out_lines(
    made: EditedWord, now: EditedWord, format_: Format, sections: Collection[str]
) -> Iterator[LeftOut]:
    """Yield the headings, captions, title, signature and rows of other tables that were changed.

    ``sections`` are those whose text is still there; one that is gone is reported as a whole.
    """
    before, after = made.made(format_), now.made(format_)
    if any(picture.is_chart for picture in _other_pictures(made, now)):
        # Of another version of the software: its figures are reported at once, captions and all.
        known = made.captions | now.captions
        before, after = (
            tuple(line for line in lines if line[1][0] not in known) for lines in (before, after)
        )
    kept = {section for section, _ in after} | set(sections)
    # The texts alone: an editor may lose the bookmark that tells the section.
    old, new = ([line for _, line in lines] for lines in (before, after))
    changes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    for change, start, stop, other, end in changes:
        if change in ("replace", "delete"):
            for place, shown in zip_longest(range(start, stop), new[other:end]):
                if place is None or before[place][0] not in kept:  # reported as a whole
                    continue
                section, line = before[place]
                if new.count(line) >= old.count(line):
                    yield LeftOut(section, f"“{_short('　'.join(line))}”换了位置", _ORDER)
                else:
                    yield _changed_line(section, line, shown)


def _changed_line(section: str, line: Line, new: Line | None) -> LeftOut:
    remedy = _FROM_DATA if len(line) > 1 else _MADE
    old = _short("　".join(line))
    what = f"“{old}”改成了“{_short('　'.join(new))}”" if new else f"“{old}”删去了"
    return LeftOut(section, what, remedy)


def without_pasted(text: str, made: Mapping[str, str]) -> str:
    """Return a section's text without pictures that were not in the file when it was made."""
    own = {match["file"] for each in made.values() for match in IMAGE.finditer(each)}
    kept = IMAGE.sub(lambda match: match[0] if match["file"] in own else "", text)
    return text if kept == text else re.sub(r"\n{3,}", "\n\n", kept).strip("\n")


def _short(text: str) -> str:
    return printable(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……")
