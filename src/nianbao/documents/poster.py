"""一图读懂: the report as one tall picture for a telephone, from report.json alone.

The picture is SVG, whose letters are text, and the same as PNG; a page holds it with its words.
What it must say is listed by `Poster.statements`, so that the proof can hold every number in a
finished picture against the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import simplejson

from nianbao.documents.html import templates
from nianbao.documents.html_svg import inline_svg
from nianbao.documents.poster_layout import BigNumber, Panel, Poster, draw_poster
from nianbao.documents.typst_fonts import draw_png
from nianbao.fonts import Fonts
from nianbao.inputs.params import CONTACTS
from nianbao.notebook.report_json import FactJson, SeriesJson
from nianbao.prose.blocks import Document, FigureBlock
from nianbao.statistics.arithmetic import plain
from nianbao.statistics.charts.bars import Bars, Columns
from nianbao.statistics.charts.flow import Flow
from nianbao.statistics.charts.registry import FEWEST, LEAST_FOR_SHARES, share
from nianbao.statistics.drawing import to_svg
from nianbao.statutory import Format, format_for
from nianbao.statutory.wholes import FINISHED, wholes

MOST_BARS = 10
"""A government of forty units has hundreds of channels; nobody scrolls through them."""
MOST_YEARS = 5
BIG_NAMES = {
    "主动公开": "主动公开政府信息",
    "新收申请": "新收政府信息公开申请",
    "办结申请": "办结政府信息公开申请",
    "结转下年申请": "结转下年度继续办理",
    "行政复议": "政府信息公开行政复议",
    "行政诉讼": "政府信息公开行政诉讼",
    "规范性文件": "现行有效规范性文件",
    "行政许可": "行政许可决定",
    "行政处罚": "行政处罚决定",
}
"""Facts for the big numbers, the first six that are known, and what each is called."""
BIG_NUMBERS = 6
_SHOWN_AT_ZERO = frozenset({"主动公开", "新收申请", "行政复议", "行政诉讼"})
_OF_REQUESTS = frozenset({"办结申请", "结转下年申请"})
"""Shown at zero where there were requests; else the first zero says it."""
Facts = Mapping[str, FactJson]


def make_poster(report: str, document: Document) -> Poster:
    """Read a poster from the text of report.json; the Document says what stands around.

    What is not known is left out; a part of fewer than three numbers is a sentence.
    """
    data = simplejson.loads(report, use_decimal=True)
    facts: Facts = data["facts"]
    format_ = format_for(document.year)
    panels = (
        _channels(facts),
        _flow(facts, format_),
        _applicants(facts, format_),
        _outcomes(facts, format_),
        *_trends(data.get("series"), facts, document.year),
    )
    contact = (
        f"{'网站' if name == '网址' else name}：{facts[name]['text']}"
        for name in CONTACTS.values()
        if _known(facts, name)
    )
    return Poster(
        title=document.title,
        agency=document.agency_name,
        draft=document.draft,
        numbers=tuple(_big_numbers(facts)),
        panels=tuple(panel for panel in panels if panel),
        contact=tuple(contact),
        period=f"统计期限：{facts['统计期限']['text']}",
        date=document.date_in_words,
    )


def _known(facts: Facts, name: str) -> bool:
    return name in facts and facts[name]["value"] is not None


def _number(facts: Facts, name: str) -> Decimal | None:
    value = facts[name]["value"] if name in facts else None
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _big_numbers(facts: Facts) -> Iterator[BigNumber]:
    for name in [name for name in BIG_NAMES if _worth_telling(facts, name)][:BIG_NUMBERS]:
        change = facts.get(f"{name}.同比")
        compared = change["text"] if change and change["value"] is not None else ""
        yield BigNumber(BIG_NAMES[name], facts[name]["text"], facts[name]["unit"], compared)


def _worth_telling(facts: Facts, name: str) -> bool:
    """Return whether a number is known, and says something that the others do not."""
    number = _number(facts, name)
    if not number:
        had_requests = bool(_number(facts, "收办申请"))
        at_zero = name in _SHOWN_AT_ZERO or (name in _OF_REQUESTS and had_requests)
        return number is not None and at_zero
    return True


def _counts(facts: Facts, names: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    """Return the names and numbers of facts; nothing where one of them is not known."""
    numbers = {shown: _number(facts, name) for name, shown in names.items()}
    if None in numbers.values():
        return []
    return [(shown, number) for shown, number in numbers.items() if number is not None]


def _outcome_names(format_: Format) -> list[str]:
    return [part.name for part in wholes(format_)[FINISHED].parts]


def _channels(facts: Facts) -> Panel | None:
    """Return the channels of publication, where they add up to the whole."""
    named = re.compile(r"主动公开\.([^.]+)\.占比")
    names = {f"主动公开.{m[1]}": m[1] for name in facts if (m := named.fullmatch(name))}
    counts = _counts(facts, names)
    if len(counts) < 2 or sum(number for _, number in counts) != _number(facts, "主动公开"):
        return None
    return _ranking("在哪里公开", counts, "条", "个渠道")


def _flow(facts: Facts, format_: Format) -> Panel | None:
    sources = _counts(facts, {"上年结转申请": "上年结转", "新收申请": "本年新收"})
    names = {name: name for name in _outcome_names(format_)} | {"结转下年申请": "结转下年"}
    results = _counts(facts, names)
    whole = sum((number for _, number in sources), Decimal(0))
    if not sources or not results or whole != sum((n for _, n in results), Decimal(0)):
        return None
    left, right = ([item for item in side if item[1]] for side in (sources, results))
    words = (
        f"共办理{plain(whole)}件：{_listed(left)}；去向为{_listed(right)}。"
        if whole
        else "本年没有收到政府信息公开申请，也没有上年结转的申请。"
    )
    drawn = len(left) + len(right) >= FEWEST and whole
    picture = Flow(tuple(left), tuple(right), "共办理", "件") if drawn else None
    return Panel("申请从哪里来、办得怎样", words, picture)


def _listed(counts: Iterable[tuple[str, Decimal]], unit: str = "件") -> str:
    return "、".join(f"{name}{plain(number)}{unit}" for name, number in counts)


def _applicants(facts: Facts, format_: Format) -> Panel | None:
    names = {f"新收申请.{name}": name for name in format_.applicants}
    counts = [("其他组织" if n == "其他" else n, v) for n, v in _counts(facts, names)]
    return _ranking("谁在申请", counts)


def _outcomes(facts: Facts, format_: Format) -> Panel | None:
    return _ranking("办理结果", _counts(facts, {name: name for name in _outcome_names(format_)}))


def _ranking(
    heading: str, counts: list[tuple[str, Decimal]], unit: str = "件", others: str = ""
) -> Panel | None:
    """Return the bars from the largest; nothing where all are zero, as another part has said.

    Of more than `MOST_BARS` the smaller ones are one, if there is a word for ``others``.
    """
    whole = sum((number for _, number in counts), Decimal(0))
    if not whole:
        return None
    ranked = sorted(counts, key=lambda item: -item[1])
    shares = whole >= LEAST_FOR_SHARES

    def beside(number: Decimal) -> str:
        part = f"（{share(number, whole)}）" if shares and number else ""
        return f"{plain(number)}{part}"

    there = [item for item in ranked if item[1]]
    rest = "，其余均为0。" if len(there) < len(ranked) else "。"
    if others and len(there) > MOST_BARS:
        tail = there[MOST_BARS - 1 :]
        folded = (f"其他{len(tail)}{others}", sum((n for _, n in tail), Decimal(0)))
        there = [*there[: MOST_BARS - 1], folded]
    words = _listed(there, unit) + rest
    picture = None
    if len(there) >= FEWEST:
        labels, values = zip(*there, strict=True)
        picture = Bars(labels, values, tuple(map(beside, values)), unit)
    return Panel(heading, words, picture)


def _trends(series: SeriesJson | None, facts: Facts, year: int) -> Iterator[Panel]:
    """Yield three to five years, or last year and this one."""
    items = {"主动公开政府信息": "主动公开", "新收申请": "新收申请"}
    headings = ("主动公开政府信息数量（条）", "新收政府信息公开申请数量（件）")
    for (item, fact), heading in zip(items.items(), headings, strict=True):
        unit = heading[-2]
        pairs = _years(series, item) if series else []
        if not pairs:
            before, now = _number(facts, f"{fact}.上年"), _number(facts, fact)
            if before is None or now is None:
                continue
            pairs = [(f"{year - 1}年", before), (f"{year}年", now)]
        if not any(number for _, number in pairs):
            continue
        labels, values = zip(*pairs[-MOST_YEARS:], strict=True)
        words = "、".join(f"{name}{plain(v)}{unit}" for name, v in pairs[-MOST_YEARS:])
        # Two values are no line of development: they lie as bars, and take little room.
        texts = tuple(f"{plain(value)}{unit}" for value in values)
        few, many = Bars(labels, values, texts, ""), Columns(labels, {"数量": values}, "")
        yield Panel(heading, f"{words}。", many if len(labels) >= FEWEST else few)


def _years(series: SeriesJson, item: str) -> list[tuple[str, Decimal]]:
    values = series["items"][item]["values"] if item in series["items"] else []
    pairs = zip(series["years"], values, strict=False)
    return [(f"{year}年", Decimal(value)) for year, value in pairs if value is not None]


def poster_svg(poster: Poster, fonts: Fonts) -> str:
    """Draw the poster as SVG."""
    return to_svg(draw_poster(poster), fonts.files("sans"), fonts.files("title"))


# Bold letters of the charts' typeface; those of the title have a bold face of their own.
_BOLD = re.compile(
    r'(?<!serif">)(<text [^>]*font-weight="700" font-size="([\d.]+)"[^>]*fill="(#\w+)")'
)


def poster_png(svg: str, fonts: Fonts) -> bytes:
    """Draw the poster's SVG as PNG, 1500 px wide: two for each of a telephone's.

    Of the charts' typeface there is no bold file: a stroke of the same colour stands in for it.
    """
    stroked = _BOLD.sub(
        lambda found: f'{found[1]} stroke="{found[3]}" stroke-width="{float(found[2]) / 36:.2f}"',
        svg,
    )
    return draw_png(stroked.encode(), "svg", fonts, width="750pt", dots=144)


def poster_page(poster: Poster, svg: str) -> str:
    """Make a page of the picture, with all it says in words below."""
    figure = FigureBlock(
        key="poster", title=f"一图读懂{poster.title}", unit="", source="",
        alt="".join(poster.words), svg=svg, head=(), rows=(),
    )  # fmt: skip
    template = templates().get_template("poster.html.j2")
    return template.render(poster=poster, picture=inline_svg(figure, "poster")) + "\n"


def render_poster(report: str, document: Document, fonts: Fonts) -> dict[str, bytes]:
    """Make the files of a poster, by the ending of their names.

    ``report`` is the text of report.json.
    """
    poster = make_poster(report, document)
    svg = poster_svg(poster, fonts)
    return {
        "poster.svg": svg.encode(),
        "poster.png": poster_png(svg, fonts),
        "poster.html": poster_page(poster, svg).encode(),
    }
