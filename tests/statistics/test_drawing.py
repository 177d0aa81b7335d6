"""The house style for anybody's figure, and matplotlib's SVG made fit for a page."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

from matplotlib import style as styles
from matplotlib.figure import Figure
from tests.documents.sample_blocks import bars
from tests.documents.sample_document import sample_document

from nianbao.documents.html import render_html
from nianbao.fonts import register_fonts
from nianbao.statistics.drawing import figure_svg

SVG = "{http://www.w3.org/2000/svg}"


@cache
def sample_svg() -> str:
    register_fonts()
    styles.library.pop("nianbao.report", None)  # that of a project, if one was opened before
    with styles.context("nianbao.report"):
        figure = Figure()
        axes = figure.add_subplot()
        axes.bar(["一月", "二月", "三月"], [3, 5, 4])
        axes.plot([1, 2, 0], "C1", marker="o", label="上年")
        axes.set_title("新收申请")
        axes.set_ylabel("件")
        axes.legend()
        svg = figure_svg(figure)
        assert figure_svg(figure) == svg, "byte for byte"
    return svg


def test_letters_are_text_and_colours_bear_their_tone() -> None:
    svg = sample_svg()
    root = ElementTree.fromstring(svg)
    words = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert {"一月", "二月", "三月", "新收申请", "件", "上年"} <= set(words)
    assert {"now", "before", "ink"} <= {element.get("class") for element in root.iter()}
    assert "style" not in {key for element in root.iter() for key in element.attrib}


def test_a_page_takes_it_in() -> None:
    block = replace(bars("own", "新收申请", "件", ["一月"], [3]), svg=sample_svg())
    page = render_html(replace(sample_document(), blocks=(block,)))
    assert 'class="nb-only"' in page
    assert "新收申请" in page


def test_the_style_finds_the_registered_typefaces() -> None:
    program = (
        "import matplotlib.pyplot as plt, warnings; warnings.simplefilter('error');"
        "from nianbao.fonts import register_fonts; register_fonts();"
        "plt.switch_backend('agg'); plt.style.use('nianbao.report');"
        "plt.title('政府信息公开'); plt.gcf().canvas.draw()"
    )
    made = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (made.returncode, made.stderr) == (0, "")
