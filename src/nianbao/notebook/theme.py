"""A look of the project's own: the folder theme/, with a logo, page.css and charts.mplstyle.

All of it is checked before anything is drawn: the page loads nothing from outside, its words come
from the notebook alone, and what is written in a chart can be read on white paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, cast

from nianbao.errors import InputError, Place, Problem, raise_problems
from nianbao.files.sources import read_source
from nianbao.files.words import perhaps
from nianbao.inputs.project import is_left_behind
from nianbao.notebook.pictures import MOST_PIXELS, picture_media
from nianbao.prose.blocks import ImageBlock, Theme
from nianbao.statistics.drawing import Tone, style, tones, tones_of

if TYPE_CHECKING:
    from matplotlib import RcParams

Node = Any
"""A piece of a style as tinycss2 reads it, which has no types."""
ChartStyle = Mapping[str, object]
"""Settings of matplotlib by name, each as matplotlib has read it."""

FOLDER = "theme"
CSS, CHART_STYLE = f"{FOLDER}/page.css", f"{FOLDER}/charts.mplstyle"
LOGOS = tuple(f"{FOLDER}/logo.{ending}" for ending in ("png", "jpg", "jpeg"))
MOST_CSS, MOST_LOGO = 1_000_000, 1_000_000
"""Bytes: both stand in every page."""
LEAST_CONTRAST = 4.5
"""Of letters on white paper: WCAG 2.2, 1.4.3."""

AT_RULES = frozenset({"container", "keyframes", "layer", "media", "supports"})
_ADDRESSES = frozenset({"url", "src", "image-set", "-webkit-image-set", "image", "cross-fade"})
_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_WRITTEN = re.compile(r"[\w一-鿿]")
_STYLED = (
    "axes.", "boxplot.", "errorbar.", "figure.figsize", "font.size", "grid.", "hatch.", "hist.",
    "image.cmap", "legend.", "lines.", "patch.", "scatter.", "text.color", "xaxis.", "xtick.",
    "yaxis.", "ytick.",
)  # fmt: skip
"""What charts.mplstyle may set. Typefaces and the forms of files are the report's."""


def theme_files(root: Path) -> tuple[str, ...]:
    """Return the files of a project's theme, for the manifest."""
    folder = root / FOLDER
    names = sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.is_dir() else ()
    return tuple(
        f"{FOLDER}/{name}"
        for name in names
        if not (name.startswith("README") or is_left_behind(PurePath(name)))
    )


def read_theme(root: Path) -> Theme:
    """Read the theme of a project; an empty one where it has none.

    Raises
    ------
    InputError
        What cannot be used, with file, line and column: all at once.
    """
    files = theme_files(root)
    problems = list(_unknown_files(files))
    css = check_css(_text(root, CSS, problems), CSS, problems) if CSS in files else ""
    logo = next((name for name in LOGOS if name in files), None)
    picture = _logo(root, logo, problems) if logo else None
    colours: Mapping[Tone, str] = {}
    if CHART_STYLE in files:
        settings = _settings(_text(root, CHART_STYLE, problems), problems)
        colours = _tones(settings, problems)
    raise_problems(InputError, problems)
    return Theme(css, picture, colours)


def _unknown_files(files: Sequence[str]) -> Iterator[Problem]:
    known = (*LOGOS, CSS, CHART_STYLE)
    for file in files:
        if file not in known:
            hint = perhaps(file, known)
            remedy = hint or f"可以有{'、'.join(n.removeprefix(f'{FOLDER}/') for n in known)}"
            yield Problem("样式文件夹里没有用处的文件", Place(file), remedy=remedy)
    logos = [file for file in files if file in LOGOS]
    if len(logos) > 1:
        yield Problem("标志图有两个", Place(logos[1]), remedy=f"只留一个，如{logos[0]}")


def _text(root: Path, file: str, problems: list[Problem]) -> str:
    try:
        return read_source(root, file, MOST_CSS).text()
    except InputError as error:
        problems.extend(error.problems)
        return ""


def _logo(root: Path, file: str, problems: list[Problem]) -> ImageBlock | None:
    try:
        data = read_source(root, file, MOST_LOGO).data
    except InputError as error:
        problems.extend(error.problems)
        return None
    media = picture_media(data)
    if media is None:
        expected = f"完好的 PNG 或 JPEG 图片，不超过{MOST_PIXELS // 10_000}万像素"
        problems.append(Problem("不是可用的图片", Place(file), expected=expected))
        return None
    return ImageBlock("logo", "", media, data)  # the title beside it says whose report it is


# The style of the page


def check_css(css: str, file: str, problems: list[Problem]) -> str:
    """Write a page's style anew, every bracket closed.

    What it must not do is added to ``problems``: load, write words, end before its time.

    Examples
    --------
    >>> check_css("h1 { color: red", "page.css", [])
    'h1 { color: red}'
    >>> found = []
    >>> _ = check_css("h1 { background: url(//a.example/b.png) }", "page.css", found)
    >>> print(*found)  # doctest: +ELLIPSIS
    page.css 第1行：样式里有外部地址（第18列）：“//a.example/b.png”。网页不从外面取任何东西；...
    """
    import tinycss2  # type: ignore[import-untyped]  # has no types

    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    found = [problem for node in rules for problem in _rule_problems(node, file)]
    problems += found
    if found:
        return ""
    written: str = tinycss2.serialize(rules)
    for sign in ("</", "<!"):  # what ends a style in a page, in a string too
        if sign in written:
            line = css[: css.find(sign)].count("\n") + 1
            problems.append(Problem("样式里不能有这个符号", Place(file, line=line), sign))
    return written


def _rule_problems(node: Node, file: str) -> Iterator[Problem]:
    match node.type:
        case "error":
            yield _css_problem("样式写得不对", node, file, node.message, "请核对括号、引号和分号")
        case "at-rule":
            if node.lower_at_keyword not in AT_RULES:
                remedy = f"可以用的有{'、'.join(f'@{name}' for name in sorted(AT_RULES))}"
                yield _css_problem("不能用的规则", node, file, f"@{node.at_keyword}", remedy)
            yield from _value_problems(node.prelude, file)
            yield from _content_problems(node.content or (), file)
        case "qualified-rule":
            yield from _value_problems(node.prelude, file)
            yield from _content_problems(node.content, file)


def _content_problems(content: Sequence[Node], file: str) -> Iterator[Problem]:
    import tinycss2

    inside = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    for node in inside:
        if node.type != "declaration":
            yield from _rule_problems(node, file)
            continue
        yield from _value_problems(node.value, file)
        words = "".join(part.value for part in node.value if part.type == "string")
        if node.lower_name == "content" and _WRITTEN.search(words):
            remedy = "文字写在笔记本或 narrative.md 里，各种格式才一致"
            yield _css_problem("样式不能往网页上添字", node, file, words, remedy)


def _value_problems(values: Sequence[Node], file: str) -> Iterator[Problem]:
    for node in values:
        named = node.lower_name if node.type == "function" else ""
        strings = [part.value for part in getattr(node, "arguments", ()) if part.type == "string"]
        if node.type == "error":
            yield _css_problem("样式写得不对", node, file, node.message, "请核对括号、引号和分号")
        for address in [node.value] if node.type == "url" else strings * (named in _ADDRESSES):
            if not _DATA.fullmatch(address):
                remedy = "网页不从外面取任何东西；图片请改成 data: 地址，或删去"
                yield _css_problem("样式里有外部地址", node, file, address, remedy)
        for inside in ("content", "arguments"):
            yield from _value_problems(getattr(node, inside, None) or (), file)


def _css_problem(message: str, node: Node, file: str, value: str, remedy: str) -> Problem:
    place = Place(file, line=node.source_line)
    return Problem(f"{message}（第{node.source_column}列）", place, value, remedy=remedy)


# The style of charts


def read_chart_style(root: Path) -> ChartStyle:
    """Return the settings of charts.mplstyle, for figures of an analyst's own.

    Raises
    ------
    InputError
        Lines that cannot be used: all at once.
    """
    if CHART_STYLE not in theme_files(root):
        return {}
    problems: list[Problem] = []
    settings = _settings(_text(root, CHART_STYLE, problems), problems)
    raise_problems(InputError, problems)
    return settings


def _settings(text: str, problems: list[Problem]) -> ChartStyle:
    from matplotlib import RcParams

    settings: dict[str, object] = {}
    for number, line in enumerate(text.splitlines(), 1):
        key, colon, value = (part.strip() for part in _without_comment(line).partition(":"))
        place = Place(CHART_STYLE, line=number)
        if not key and not colon:
            continue
        if key not in style_keys() or not key.startswith(_STYLED):
            remedy = perhaps(key, (k for k in style_keys() if k.startswith(_STYLED)))
            remedy = remedy or "可以设颜色、线条、大小；字体和文件格式由报告规定"
            problems.append(Problem("图的样式里不能设这一项", place, key, remedy=remedy))
            continue
        try:
            settings[key] = next(iter(RcParams({key: value.strip('"')}).values()))
        except (ValueError, TypeError, SyntaxError) as error:
            reason = str(error).splitlines()[0]
            problems.append(Problem(f"图的样式写得不对（{reason}）", place, value))
    return settings


def _without_comment(line: str) -> str:
    return re.sub(r"(?:^|\s)#.*", "", line)


@cache
def style_keys() -> frozenset[str]:
    """Return the names of matplotlib's settings."""
    from matplotlib import rcParamsDefault

    return frozenset(map(str, rcParamsDefault))


def _tones(settings: ChartStyle, problems: list[Problem]) -> Mapping[Tone, str]:
    """Return the colours of house charts that the settings change."""
    house, own = tones(), tones_of(over_house(settings))
    changed = {tone: colour for tone, colour in own.items() if colour != house[tone]}
    for tone, key in (("ink", "text.color"), ("soft", "axes.labelcolor")):
        if tone in changed and (found := _contrast(changed[tone])) < LEAST_CONTRAST:
            message = f"图上的字在白纸上看不清（反差{found:.1f}）"
            expected = f"反差{LEAST_CONTRAST}以上的深色"
            problems.append(
                Problem(message, Place(CHART_STYLE), f"{key} {changed[tone]}", expected)
            )
    return changed


def over_house(settings: ChartStyle) -> RcParams:
    """Return the house style with these settings; colours of the cycle that are not given stay."""
    from matplotlib.rcsetup import cycler

    whole: Any = style().copy()
    whole.update(settings)
    colours = whole["axes.prop_cycle"].by_key().get("color", [])
    rest = style()["axes.prop_cycle"].by_key()["color"][len(colours) :]
    whole["axes.prop_cycle"] = cycler(color=[*colours, *rest])
    return cast("RcParams", whole)


def _contrast(colour: str) -> float:
    """Return the contrast of a colour with white. Source: WCAG 2.2, relative luminance.

    Examples
    --------
    >>> _contrast("#000000")
    21.0
    """
    from matplotlib.colors import to_rgb

    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
    return 1.05 / (luminance + 0.05)
