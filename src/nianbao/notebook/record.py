"""The record that a run leaves in its notebook: all that the exporters need, in one output.

Whoever ran the notebook (our engine, plain papermill, JupyterLab), the record is the same, and
so are the words and documents made from it.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, NotRequired, TypedDict, cast

from nianbao.errors import ExportError, Place
from nianbao.inputs.bundle import SectionText
from nianbao.notebook.cells import Notebook, bundles
from nianbao.notebook.master import read_master
from nianbao.prose.blocks import ImageBlock, Theme
from nianbao.prose.facts import Fact, Vocabulary, walk

if TYPE_CHECKING:
    from nianbao.notebook.report import Report
    from nianbao.statistics.drawing import Tone

RECORD_MIME = "application/vnd.nianbao.report+json"
WORDS_MIME = "application/vnd.nianbao.words+json"
"""What the cells of prose say now, for notebook/lab."""

PLACEHOLDER = re.compile(r"\{\{([^{}\n]*)\}\}")


class Picture(NamedTuple):
    """A picture that the wording names: media type and bytes."""

    media: str
    data: bytes


@dataclass(frozen=True)
class Record:
    """The record of one run."""

    agency: str
    name: str
    """Code and name of the agency."""
    year: int
    title: str
    date: str | None
    description: str
    """Of the report; `date` as `YYYY-MM-DD` or None."""
    signature: bool
    sources: bool
    draft: bool
    """Whether the document ends with name and date, has the appendix of sources, is a draft."""
    sections: Mapping[str, SectionText]
    defaults: Mapping[str, str]
    """The bureau's own wording by section id; the master's of every section."""
    facts: Vocabulary
    """The vocabulary."""
    images: Mapping[str, Picture]
    """Pictures that the wording names, by file name."""
    report: str
    """The text of report.json, with every number exact."""
    theme: Theme = field(default_factory=Theme)
    """The project's own look."""


class AgencyJson(TypedDict):
    """Who reports."""

    code: str
    name: str


class SectionJson(TypedDict):
    """A text and where it stands."""

    text: str
    file: str
    sheet: str | None
    line: int | None


class PictureJson(TypedDict):
    """A picture."""

    media: str
    base64: str


class ThemeJson(TypedDict):
    """A project's own look."""

    css: str
    logo: NotRequired[PictureJson]
    tones: dict[Tone, str]


PackedFact = list["int | str | dict[str, PackedFact] | None"]
"""Value, text, unit, source, and the facts below by their last step."""


class RecordJson(TypedDict):
    """The record as it stands in a notebook; see `Record`.

    The facts and report.json are packed: they are two thirds of a notebook, and no reader looks for
    them here, since the cell shows the facts and report.json lies beside the notebook.
    """

    agency: AgencyJson
    year: int
    title: str
    date: str | None
    description: str
    signature: bool
    sources: bool
    draft: bool
    sections: dict[str, SectionJson]
    defaults: NotRequired[dict[str, str]]
    facts: str | dict[str, PackedFact]
    images: dict[str, PictureJson]
    report: str
    theme: NotRequired[ThemeJson]


def make_record(report: Report) -> Record:
    """Make the record of a report that was read and counted."""
    agency, params = report.inputs.agency, report.inputs.params
    period = report.vocabulary["统计期限"].text
    return Record(
        agency=agency.code,
        name=agency.name,
        year=params.year,
        title=report.title,
        date=params.report_date,
        description=f"{report.title}，统计期限为{period}。",
        signature=bool(params.signature),
        sources=bool(params.sources),
        draft=bool(params.draft),
        sections=report.inputs.narrative,
        defaults=read_master(report.root).sections,
        facts=report.vocabulary,
        images=report.pictures,
        report=report.json_text,
        theme=report.theme,
    )


class WordsJson(TypedDict):
    """What the Lab extension shows: texts and words by section, and what names stand for.

    Where the agency has words of its own, ``default`` is the master's text behind them, and
    ``file`` says where they stand.
    """

    sections: dict[str, dict[str, str]]
    names: dict[str, str]


def words_to_json(report: Report) -> WordsJson:
    """Write what the Lab extension shows in the narrative cells, so that they follow the data.

    ``names`` has every short name, and the longer ones that the texts use.
    """
    own, defaults = report.inputs.narrative, read_master(report.root).sections
    texts = {**defaults, **{key: section.text for key, section in own.items()}}
    sections = {k: {"template": texts[k], "words": w.text} for k, w in report.wording.items()}
    for key in own.keys() & defaults.keys():
        sections[key] |= {"default": defaults[key], "file": own[key].place.file}
    used = {name.strip() for text in texts.values() for name in PLACEHOLDER.findall(text)}
    facts = (f for f in walk(report.vocabulary) if f.name.count(".") < 2 or f.name in used)
    return {"sections": sections, "names": {fact.name: fact.text for fact in facts}}


def _fact_to_json(fact: Fact) -> PackedFact:
    value = fact.value if isinstance(fact.value, int | None) else str(fact.value)
    below = {step: _fact_to_json(f) for step, f in fact.below.items()}
    return [value, fact.text, fact.unit, fact.source, below]


def _fact_from_json(name: str, data: PackedFact) -> Fact:
    value, text, unit, source, below = cast(
        "tuple[int | str | None, str, str, str, dict[str, PackedFact]]", data
    )
    facts = {step: _fact_from_json(f"{name}.{step}", d) for step, d in below.items()}
    return Fact(name, value, text, unit, source, MappingProxyType(facts))


MOST_UNPACKED = 100_000_000
"""Bytes: a record has some hundred thousand; one that somebody made may unpack without end."""


_LEVEL = 3
"""Of packing: a third of the usual one's time for a quarter more room."""


def _pack(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), _LEVEL)).decode()


@lru_cache(maxsize=2)
def _unpack(packed: str) -> str:
    """Return the text that was packed, unpacked once for all that read the same record."""
    if packed.startswith("{"):  # an older notebook has it plain
        return packed
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(base64.b64decode(packed), MOST_UNPACKED)
    if not unpacking.eof:
        raise ValueError("cut off, or more than a record can be")
    return text.decode()


def record_to_json(record: Record) -> RecordJson:
    """Write the record as JSON for the notebook."""
    kept: RecordJson = {
        "agency": {"code": record.agency, "name": record.name},
        "year": record.year,
        "title": record.title,
        "date": record.date,
        "description": record.description,
        "signature": record.signature,
        "sources": record.sources,
        "draft": record.draft,
        "sections": {
            key: {
                "text": s.text,
                "file": s.place.file,
                "sheet": s.place.sheet,
                "line": s.place.line,
            }
            for key, s in record.sections.items()
        },
        "defaults": dict(record.defaults),
        "facts": _pack(json.dumps({name: _fact_to_json(f) for name, f in record.facts.items()})),
        "images": {
            name: _picture_to_json(media, data) for name, (media, data) in record.images.items()
        },
        "report": _pack(record.report),
    }
    if record.theme != Theme():
        kept["theme"] = _theme_to_json(record.theme)
    return kept


def _picture_to_json(media: str, data: bytes) -> PictureJson:
    return {"media": media, "base64": base64.b64encode(data).decode()}


def _theme_to_json(theme: Theme) -> ThemeJson:
    kept: ThemeJson = {"css": theme.css, "tones": dict(theme.tones)}
    if theme.logo:
        kept["logo"] = _picture_to_json(theme.logo.media, theme.logo.data)
    return kept


def _theme_from_json(data: ThemeJson | None) -> Theme:
    if data is None:
        return Theme()
    kept, logo = data.get("logo"), None
    if kept:
        logo = ImageBlock("logo", "", kept["media"], base64.b64decode(kept["base64"]))
    return Theme(data["css"], logo, data["tones"])


def _facts(kept: str | dict[str, PackedFact]) -> Vocabulary:
    """Return the facts as they were packed; an older notebook has them plain."""
    if isinstance(kept, str):
        return _unpacked_facts(kept)
    return {name: _fact_from_json(name, data) for name, data in kept.items()}


@lru_cache(maxsize=2)
def _unpacked_facts(packed: str) -> Vocabulary:
    """Return the facts of a record, made once for all that read it: a thousand frozen values."""
    facts: dict[str, PackedFact] = json.loads(_unpack(packed))
    return MappingProxyType({name: _fact_from_json(name, data) for name, data in facts.items()})


def record_from_json(data: RecordJson) -> Record:
    """Read the record that a notebook holds; what is no text in a text's place is a TypeError."""
    record = Record(
        agency=data["agency"]["code"],
        name=data["agency"]["name"],
        year=data["year"],
        title=data["title"],
        date=data["date"],
        description=data["description"],
        signature=data["signature"],
        sources=data["sources"],
        draft=data["draft"],
        sections={
            key: SectionText(key, s["text"], Place(s["file"], s["sheet"], line=s["line"]))
            for key, s in data["sections"].items()
        },
        defaults=data.get("defaults", {}),  # an older notebook does not tell
        facts=_facts(data["facts"]),
        images={
            name: Picture(i["media"], base64.b64decode(i["base64"]))
            for name, i in data["images"].items()
        },
        report=_unpack(data["report"]),
        theme=_theme_from_json(data.get("theme")),
    )
    sections = record.sections.values()
    texts: tuple[object, ...] = (
        record.agency, record.name, record.title, record.date or "", record.description,
        *record.defaults.values(), *(s.text for s in sections), *(s.place.file for s in sections),
    )  # fmt: skip
    if wrong := [text for text in texts if not isinstance(text, str)]:
        raise TypeError(wrong)
    return record


def find_record(notebook: Notebook) -> Record:
    """Find the record in an executed notebook.

    Raises
    ------
    ExportError
        The notebook was not run, or stopped before ``report.facts()``, or what it left is damaged.
    """
    for _, _, data in bundles(notebook, RECORD_MIME):
        try:
            return record_from_json(data)
        except (
            ValueError, LookupError, TypeError, AttributeError, RecursionError, zlib.error,
        ):  # fmt: skip
            message = (
                "笔记本中的运行结果已损坏，请重新运行全部单元格（或使用 nianbao build），再导出"
            )
            raise ExportError(message) from None
    if failed := _failure(notebook):
        raise ExportError(
            f"笔记本运行时出错，没有做完：{failed}。请改正后重新运行全部单元格，再导出"
        )
    raise ExportError("笔记本中没有运行结果，请先运行全部单元格（或使用 nianbao build），再导出")


def _failure(notebook: Notebook) -> str:
    """Return what the first cell that failed said; empty where none did."""
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", ()))
    failed = next((output for output in outputs if output["output_type"] == "error"), None)
    return " ".join(failed.get("evalue", "").split()).rstrip("。") if failed else ""
