"""What must hold for any text and any figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import example, given
from hypothesis import strategies as st
from tests.prose.review.cases import FOLDER, make_case, requests_table

from nianbao.prose.review import ReviewContext, review_sections
from nianbao.statistics.model import Finding
from nianbao.statutory import load_format

FORMAT = load_format()
CONTEXT = ReviewContext(FORMAT, "示例县水利局", 2024)
FULL = make_case(
    "",
    {
        "name": "",
        "text": "",
        "expect": [],
        "others": ["示例县教育局"],
        "requests": {"new": 6, "carried_in": 1, "open": 6, "carried_out": 1},
        "reviews": {"行政复议": [1, 0, 0, 0]},
        "decisions": {"行政规范性文件": [1, 2, 3]},
        "channels": {"政府网站": 20, "公众号": 7},
        "figures": {"信息处理费": 30},
        "previous": {"requests": {"new": 0}},
    },
).context

# The words that the rules look for, so that chance finds its way into every branch.
WORDS = st.sampled_from(
    ["\n\n", *(FOLDER / "trigger-words.txt").read_text("utf-8").split("\n")[:-1]]
)
NUMBERS = st.one_of(
    st.integers(0, 10**6).map(str),
    st.decimals(0, 10**6, places=2).map(str),
    st.integers(0, 10**9).map(lambda n: f"{n:,}"),
    st.sampled_from(["9" * 40, "0", "00", "1.", ".5", "0.0000000001", "1e9"]),
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(WORDS, NUMBERS), max_size=40).map("".join),
)
SECTIONS = st.dictionaries(
    st.sampled_from(
        ["title", "preface", "overview", "overview.requests", "problems.improvements", "x"]
    ),
    TEXTS,
    max_size=3,
)
SPANS = st.lists(st.tuples(st.integers(-3, 300), st.integers(-3, 300)), max_size=4)


def found(text: str, rule: str, section: str = "overview") -> list[Finding]:
    return [f for f in review_sections({section: text}, CONTEXT) if f.id == rule]


@given(SECTIONS, SPANS)
def test_any_text_is_read_and_every_span_lies_in_its_sentence(
    sections: dict[str, str], spans: list[tuple[int, int]]
) -> None:
    bound = dict.fromkeys(sections, spans)
    for finding in review_sections(sections, FULL, bound):
        passage = finding.passage
        assert passage is not None
        assert all(0 <= a < b <= len(passage.sentence) for a, b in passage.spans), finding
        assert passage.section in sections or not passage.sentence
        assert 0 <= passage.offset <= len(sections.get(passage.section, ""))
        assert finding.key
        assert passage.remark in finding.message


@given(SECTIONS)
def test_a_second_reading_says_the_same_and_keys_are_unique(sections: dict[str, str]) -> None:
    first = review_sections(sections, FULL)
    assert review_sections(sections, FULL) == first
    assert len({f.key for f in first}) == len(first)


LABELS = ("文件", "动态", "公告", "解读", "人事", "财政", "规划", "统计")
PARTS = st.lists(st.integers(0, 5000), min_size=2, max_size=7)


def listed(total: int, parts: list[int], closing: str = "其他") -> str:
    labels = [*LABELS[: len(parts) - 1], closing]
    items = "，".join(f"{label}{n}条" for label, n in zip(labels, parts, strict=True))
    return f"全年公开信息{total}条，其中{items}。"


@given(PARTS)
def test_a_list_that_adds_up_is_right(parts: list[int]) -> None:
    assert found(listed(sum(parts), parts), "N6") == []


@given(PARTS.filter(any), st.integers(1, 10**5))
def test_a_closed_list_that_falls_short_is_found(parts: list[int], missing: int) -> None:
    total = sum(parts) + missing
    findings = found(listed(total, parts), "N6")
    assert [(f.left, f.right) for f in findings] == [(str(total), str(sum(parts)))]


@given(PARTS, st.integers(1, 10**5))
@example([0, 3849], 45)  # 3894: two digits look swapped, but the list says that more is to come
def test_a_list_with_more_to_come_may_fall_short(parts: list[int], missing: int) -> None:
    text = listed(sum(parts) + missing, parts, closing="预算").replace("。", "等。")
    assert found(text, "N6") == []


def percent(part: int, whole: int, digits: int) -> Decimal:
    step = Decimal(1).scaleb(-digits)
    return (Decimal(part) * 100 / Decimal(whole)).quantize(step, ROUND_HALF_UP)


@given(st.data(), st.integers(1, 10**6), st.integers(0, 3))
def test_a_share_at_its_precision_is_right(data: st.DataObject, whole: int, digits: int) -> None:
    part = data.draw(st.integers(0, whole))
    share = percent(part, whole, digits)
    assert found(f"公开信息{whole}条，其中网站{part}条，占{share}%。", "N7") == []


@given(st.data(), st.integers(2, 10**6), st.integers(0, 3), st.integers(2, 50))
def test_a_share_off_by_two_steps_is_found(
    data: st.DataObject, whole: int, digits: int, off: int
) -> None:
    part = data.draw(st.integers(0, whole - 1))
    share = percent(part, whole, digits) + off * Decimal(1).scaleb(-digits)
    text = f"公开信息{whole}条，其中网站{part}条，占{share}%。"
    # Alone, a part may also be reported as a share of itself: 100 %.
    if share != 100:
        assert [f.severity for f in found(text, "N7")] == ["warning"]


@given(st.integers(10, 10**6), st.integers(0, 10**6), st.integers(0, 3))
def test_a_rate_at_its_precision_is_right(base: int, now: int, digits: int) -> None:
    rate = abs(percent(now - base, base, digits))
    word = "增长" if now > base else "下降"
    for text in (
        f"发布信息{now}条，比2023年（{base}条）{word}{rate}%。",
        f"发布信息由上年的{base}条变为{now}条。",
    ):
        assert [f for f in review_sections({"overview": text}, CONTEXT) if f.id[0] == "Y"] == []


@given(st.integers(10, 10**6), st.integers(0, 10**6), st.integers(0, 3), st.integers(2, 50))
def test_a_rate_off_by_two_steps_is_found(base: int, now: int, digits: int, off: int) -> None:
    rate = abs(percent(now - base, base, digits)) + off * Decimal(1).scaleb(-digits)
    word = "增长" if now > base else "下降"
    text = f"发布信息{now}条，比2023年（{base}条）{word}{rate}%。"
    rules = {f.id for f in review_sections({"overview": text}, CONTEXT)}
    assert rules & {"Y9", "Y11"}


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_the_direction_follows_the_numbers(base: int, now: int) -> None:
    wrong = "下降" if now > base else "增长"
    text = f"发布信息{now}条，比2023年（{base}条）{wrong}5%。"
    rules = {f.id for f in review_sections({"overview": text}, CONTEXT)}
    assert "Y11" in rules


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_received_fits_new_or_new_and_carried_over(new: int, carried: int, said: int) -> None:
    table = requests_table({"new": new, "carried_in": carried, "open": new + carried}, FORMAT)
    context = replace(CONTEXT, tables={"requests": table})
    text = f"全年共收到政府信息公开申请{said}件。"
    findings = review_sections({"overview.requests": text}, context)
    severities = [f.severity for f in findings if f.id == "N1"]
    expected = ["info"] if said == new + carried else ["warning"]
    assert severities == ([] if said == new else expected)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_key_outlives_a_changed_number(one: int, other: int) -> None:
    keys = [
        [f.key for f in found(f"公开信息{n}条，其中网站{n + 500}条、公众号1条。", "N17")]
        for n in (one, other)
    ]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 1
