"""Reading: Markdown, masks, numbers, sentences, lists and claims."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.prose.review.changes import changes
from nianbao.prose.review.claims import read_claims
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.parts import divisions
from nianbao.prose.review.quantities import full_width, mask, quantities
from nianbao.prose.review.text import Sentence, plain_blocks, read_prose
from nianbao.statutory import load_format

CONTEXT = ReviewContext(load_format(), "示例县水利局", 2024)


def only(text: str, section: str = "overview") -> Sentence:
    (sentence,) = read_prose({section: text}).sentences
    return sentence


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("## 题\n\n**收**到3件，\n已办。", [("heading", "题"), ("paragraph", "收到3件，已办。")]),
        ("- 甲\n- 乙", [("item", "甲"), ("item", "乙")]),
        ("甲。\n（一）乙", [("paragraph", "甲。"), ("paragraph", "（一）乙")]),
        ("甲。\n1.乙", [("paragraph", "甲。"), ("paragraph", "1.乙")]),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n后", [("paragraph", "后")]),
        ("见[网站](https://a.invalid/)和![图](b.png)。", [("paragraph", "见网站和。")]),
        ("留\\*号<!-- 注 -->，完。", [("paragraph", "留*号<!-- 注 -->，完。")]),
        ("1.5万条", [("paragraph", "1.5万条")]),
        ("填____处", [("paragraph", "填____处")]),
        ("", []),
    ],
)  # fmt: skip
def test_markdown_becomes_plain_blocks(text: str, blocks: list[tuple[str, str]]) -> None:
    assert [(b.kind, b.text) for b in plain_blocks(text)] == blocks


@given(st.text(alphabet="甲乙#*_-|[]()!\\`\n 1.、<>~", max_size=80))
def test_every_plain_character_knows_its_place(text: str) -> None:
    for block in plain_blocks(text):
        assert "".join(text[i] for i in block.offsets) == block.text
        assert list(block.offsets) == sorted(set(block.offsets))


@given(st.text(max_size=100))
def test_masks_keep_the_length(text: str) -> None:
    assert len(mask(full_width(text))) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("96840条", [("96840", "条", False)]),
        ("18,708,325次", [("18708325", "次", False)]),
        ("1.3万余条", [("13000", "条", True)]),
        ("近45.9万人", [("459000", "人", True)]),
        ("约12000余人次", [("12000", "人次", True)]),
        ("超700万次", [("7000000", "次", True)]),
        ("四十余条", [("40", "条", True)]),
        ("收到申请一件，已办结", [("1", "件", False)]),
        ("高效办成一件事", []),
        ("２２件", [("22", "件", False)]),
        ("营商27、减税8", [("27", "", False), ("8", "", False)]),
        ("4068.208万元", [("40682080", "元", False)]),
        ("2024年1月5日第3次9:00", []),
        ("《十条措施20条》“1+3件”〔2021〕30号", []),
        ("2-3次、8%—10%", []),
        ("12345热线1925件", [("1925", "件", False)]),
        ("电话0533—3242568、13800138000", []),
        ("占42.86%，下降百分之五", [("42.86", "", False), ("5", "", False)]),
        ("上万人次、数百条", []),
        ("3个百分点", [("3", "", False)]),
        ("至少10次、100余篇", [("10", "次", True), ("100", "篇", True)]),
    ],
)
def test_quantities(text: str, expected: list[tuple[str, str, bool]]) -> None:
    found = quantities(mask(full_width(text)))
    assert [(f"{q.value:f}".rstrip("0").rstrip(".") if "." in f"{q.value:f}" else f"{q.value:f}",
             q.unit, q.hedged) for q in found] == expected  # fmt: skip


def test_a_quantity_shows_what_rounds_to_it() -> None:
    (share,) = quantities("占17.46%")
    assert share.shows(Decimal("17.4643"))
    assert not share.shows(Decimal("17.4549"))
    (count,) = quantities("3件")
    assert not count.shows(Decimal("3.4"))


def test_bound_spans_follow_the_words_through_markdown() -> None:
    text = "## 题\n\n全年**收到**申请12件，\n办结3件。"
    start = text.index("12件")
    prose = read_prose({"overview": text}, {"overview": [(start, start + 3)]})
    sentence = list(prose.sentences)[-1]
    bound = [sentence.text[a:b] for a, b in sentence.bound]
    assert bound == ["12件"]
    assert [sentence.is_bound(q.start, q.end) for q in sentence.quantities] == [True, False]


def test_headings_set_the_subject() -> None:
    text = "（一）主动公开\n\n公开20条。\n\n（二）依申请公开。收到3件。\n\n1.渠道\n\n网络2件。"
    topics = [s.topic for s in read_prose({"overview": text}).sentences]
    assert topics == ["disclosure", "disclosure", "requests", "requests", "requests", "requests"]


@pytest.mark.parametrize(
    ("text", "labels", "open_", "closed"),
    [
        ("公开20条，其中网站12条、公众号8条。", ["网站", "公众号"], False, False),
        ("公开20条，其中网站12条，其他8条，浏览5万次。", ["网站", "其他"], False, True),
        ("公开20条，主要包括文件12条、公告3条等。", ["文件", "公告"], True, False),
        ("公开20条，按内容分，文件12条，公告8条。", ["文件", "公告"], False, True),
        ("公开20条（网站12条、公众号8条）。", ["网站", "公众号"], False, False),
        ("规章13件（含新制定5件，修改4件）。", ["新制定", "修改"], True, False),
        ("收到7件，其中6件答复，1件结转。", ["", ""], False, False),
        ("公开20条，其中3个村12条，2个镇8条。", ["3个村", "2个镇"], False, False),
        ("公开20条，其中文件6条，占30%；公告14条，占70%。", ["文件", "公告"], False, False),
    ],
)
def test_enumerations(text: str, labels: list[str], open_: bool, closed: bool) -> None:
    (listed,) = divisions(only(text))
    assert [i.label for i in listed.certain] == labels
    assert (listed.open, listed.closed) == (open_, closed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新收政府信息公开申请10件，上年结转2件。", ["N1 received", "N2 carried_in"]),
        ("处理申请92件，其中新接收91件。", ["N3 handled", "N1 received"]),
        ("其中2023年结转1件。", ["N2 carried_in"]),
        ("除2件结转2025年外，其他申请均已答复。", ["N4 carried_out"]),
        ("答复8件（含上年度结转申请1件）。", ["N3 handled", "N2 carried_in"]),
        ("另有4件申请顺延到下年度答复。", ["N4 carried_out"]),
        ("予以公开及部分公开42件，不予公开5件。", ["N5 outcome", "N5 outcome"]),
        ("未予公开3件，申请人主动撤回2件。", []),
        ("征地类申请5件，网络申请3件。", []),
        ("均为自然人提出，自然人80件。", ["N8 applicant"]),
        ("受理行政许可申请8件，办结信访件9件。", []),
        ("未收到政府信息公开申请。", ["N13 received"]),
        ("较上年增加3件，比上年的5件多3件。", []),
    ],
)  # fmt: skip
def test_claims(text: str, expected: list[str]) -> None:
    prose = read_prose({"overview.requests": text})
    assert [f"{c.rule} {c.kind}" for c in read_claims(prose, CONTEXT)] == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("信息20条，同比增长5%。", 1),
        ("信息20条，环比增长5%。", 0),
        ("信息20条，较2020年增长5%。", 0),
        ("信息20条，同比增长3个百分点。", 0),
        ("信息20条，群众满意率同比增长5%。", 0),
        ("信息20条，至少10条。", 0),
    ],
)
def test_changes(text: str, count: int) -> None:
    assert len(list(changes(only(text), 2024))) == count
