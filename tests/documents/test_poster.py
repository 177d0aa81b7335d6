"""一图读懂: what it shows, that it is read back, and that no wrong number gets through."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import replace
from importlib.metadata import entry_points

from lxml import html
from tests.documents.poster_tools import BUSY, made, poster_of, report_json
from tests.documents.sample_document import sample_document
from tests.projects import REPOSITORY, WORKED

from nianbao.documents.exporters import ReportPosterExporter
from nianbao.documents.poster import (
    make_poster,
    poster_svg,
    render_poster,
)
from nianbao.documents.readback import compare_poster, read_poster
from nianbao.fonts import find_fonts
from nianbao.inputs.params import CONTACTS


def test_six_big_numbers_the_flow_who_asked_what_came_of_it_and_the_years() -> None:
    poster = poster_of()
    assert [(n.name, n.text, n.unit) for n in poster.numbers][:3] == [
        ("主动公开政府信息", "1003", "条"),
        ("新收政府信息公开申请", "40", "件"),
        ("办结政府信息公开申请", "39", "件"),
    ]
    assert len(poster.numbers) == 6
    assert [panel.heading for panel in poster.panels] == [
        "在哪里公开", "申请从哪里来、办得怎样", "谁在申请", "办理结果",
        "主动公开政府信息数量（条）", "新收政府信息公开申请数量（件）",
    ]  # fmt: skip
    channels, *others = poster.panels
    assert channels.words == "政府网站703条、“示例自然资源”微信公众号300条。"
    assert all(panel.picture for panel in others)
    assert poster.contact[0] == "地址：示例县示例路1号"


def test_little_is_said_in_a_sentence() -> None:
    poster = poster_of(*WORKED)
    assert [(n.name, n.text) for n in poster.numbers] == [
        ("主动公开政府信息", "2017"),
        ("新收政府信息公开申请", "0"),
        ("政府信息公开行政复议", "0"),
        ("政府信息公开行政诉讼", "0"),
    ]
    flow = next(panel for panel in poster.panels if panel.heading == "申请从哪里来、办得怎样")
    assert flow.picture is None
    assert flow.words == "本年没有收到政府信息公开申请，也没有上年结转的申请。"
    assert not list(compare_poster(read_poster(made(*WORKED)["poster.svg"]), poster, "svg"))


def test_what_is_read_in_picture_and_page_is_what_the_data_say() -> None:
    for ending in ("poster.svg", "poster.html"):
        shown = read_poster(made()[ending])
        assert "主动公开政府信息1003条" in shown
        assert not list(compare_poster(shown, poster_of(), ending))


def test_a_wrong_number_is_found() -> None:
    svg = made()["poster.svg"].decode()
    for right, wrong in (
        (">1003<", ">1008<"),
        (">12（30.8%）<", ">12（38.8%）<"),
        (">3件<", ">8件<"),
    ):
        assert right in svg
        spoiled = svg.replace(right, wrong, 1).encode()
        problems = list(compare_poster(read_poster(spoiled), poster_of(), "poster.svg"))
        assert len(problems) == 2, "what is missing, and what is there instead"


def test_a_number_from_elsewhere_is_found() -> None:
    svg = made()["poster.svg"].replace(b"</svg>", "<text x='9' y='9'>另有7件</text></svg>".encode())
    (problem,) = compare_poster(read_poster(svg), poster_of(), "poster.svg")
    assert "数据以外的数字" in str(problem)


def test_the_picture_is_sharp_light_and_always_the_same() -> None:
    png = made()["poster.png"]
    width, height = struct.unpack(">II", png[16:24])
    assert width == 1500
    assert height > 2 * width
    assert len(png) < 1_000_000
    fonts = find_fonts((REPOSITORY / "fonts",))
    assert render_poster(report_json(*BUSY), sample_document(), fonts) == made()


def test_the_page_says_in_words_all_that_the_picture_shows() -> None:
    page = made()["poster.html"].decode()
    root = html.document_fromstring(page)
    assert not root.xpath("//script | //link | //img")
    (words,) = root.xpath("//section")
    assert len(root.xpath("//h1")) == 1
    numbers = set(re.findall(r"\d+", "".join(root.xpath("//svg//text/text()"))))
    shares = set(re.findall(r"\d+", "".join(re.findall(r"（[\d.]+%）", page))))
    dates = set(re.findall(r"\d+", sample_document().title + sample_document().date_in_words))
    assert numbers - shares - dates <= set(re.findall(r"\d+", words.text_content()))


def test_a_draft_says_so() -> None:
    fonts = find_fonts((REPOSITORY / "fonts",))
    draft = replace(sample_document(), draft=True)
    assert "草稿" in read_poster(render_poster(report_json(*BUSY), draft, fonts)["poster.svg"])
    assert "草稿" not in read_poster(made()["poster.svg"])


def test_nbconvert_finds_the_exporter() -> None:
    (entry,) = entry_points(group="nbconvert.exporters", name="nianbao_poster")
    assert entry.load() is ReportPosterExporter


def test_of_hundreds_of_channels_the_largest_are_drawn_and_the_rest_summed_up() -> None:
    data = json.loads(report_json(*BUSY))
    facts = data["facts"]
    for name in [name for name in facts if name.startswith("主动公开.")]:
        del facts[name]
    about = {"text": "", "unit": "条", "source": ""}
    for number in range(160):
        facts[f"主动公开.第{number}号"] = {"value": number + 1, **about}
        facts[f"主动公开.第{number}号.占比"] = {"value": 1, **about}
    facts["主动公开"]["value"] = sum(range(161))
    poster = make_poster(json.dumps(data), sample_document())
    (panel,) = [panel for panel in poster.panels if panel.heading == "在哪里公开"]
    assert panel.words.count("、") == 9
    assert panel.words.startswith("第159号160条、")
    assert panel.words.endswith(f"其他151个渠道{sum(range(152))}条。")


def test_without_a_contact_nothing_is_said_of_one() -> None:
    data = json.loads(report_json(*BUSY))
    for name in CONTACTS.values():
        data["facts"].pop(name, None)
    poster = make_poster(json.dumps(data), sample_document())
    assert poster.contact == ()
    assert poster.words[-1] == f"{poster.period}。"
    assert "联系我们" not in poster_svg(poster, find_fonts((REPOSITORY / "fonts",)))
