"""The 200 cells and the prose come back whatever an office did to the form."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.inputs.published.drift import FORMAT, NAME, PROSE, YEAR, Drift, Figures, figures, page
from tests.inputs.published.office_files import docx_bytes, pdf_bytes

from nianbao.files.sources import Source
from nianbao.inputs.labels import request_labels
from nianbao.inputs.published.report import Published, read_published

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = REPOSITORY.parent / "shared" / "examples"

WORDS = {
    "行政规范性文件": "规范性文件",
    "现行有效件数": "现行有效件",
    "本年制发件数": "本年度制发数",
    "本年收费金额（单位：万元）": "本年收费金额",
    "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
    "3.危及“三安全一稳定”": '3.危及"三安全一稳定"',
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "（二）部分公开",
    "一、本年新收政府信息公开申请数量": "一、本年新收政府公开信息申请数量",
    "1.信访举报投诉类申请": "1.信访、举报、投诉类申请",
    "总计": "总 计",
    "四、政府信息公开行政复议、行政诉讼情况": "四、因政府信息公开被申请行政复议、提起行政诉讼情况",
    "五、存在的主要问题及改进情况": "五、存在的主要问题和整改措施",
    "（一）主动公开": "<p>（一）主动公开情况</p>",
    "（二）改进情况": "<p>（二）下一步工作打算</p>",
}


def html_bytes(values: Figures, drift: Drift) -> bytes:
    return page(values, drift).encode("gb18030")


def understand(data: bytes, name: str = "年报.html") -> Published:
    return read_published(Source(name, data), FORMAT)


NOTE = {"reviews.notes": "注：件数含上年度结转。"}


def assert_same(found: Published, values: Figures, notes: dict[str, str] | None = None) -> None:
    assert {k: v for k, v in found.cells.items() if values[k] != v} == {}
    assert len(found.cells) == 200
    assert found.prose.sections == PROSE | (notes or {})
    assert (found.identity.name, found.identity.year) == (NAME, YEAR)
    assert found.identity.contact["email"] == "shili-sw@example.invalid"


DRIFTS = st.builds(
    Drift,
    zero=st.sampled_from(["0", "", "/", "—", "&nbsp;", "０"]),
    number=st.sampled_from([".", "、", "．"]),
    words=st.dictionaries(st.sampled_from(sorted(WORDS)), st.just("")).map(
        lambda chosen: {key: WORDS[key] for key in chosen}
    ),
    one_row=st.booleans(),
    spelt=st.booleans(),
    cut_after=st.integers(0, 24),
    hint=st.booleans(),
    note=st.booleans(),
    wrapped=st.booleans(),
    menus=st.booleans(),
)


@given(DRIFTS, st.integers(1, 4))
@settings(max_examples=60)
def test_any_drift_of_a_web_page_gives_the_same_report(drift: Drift, step: int) -> None:
    values = figures(step)
    found = understand(html_bytes(values, drift))
    assert_same(found, values, NOTE if drift.note else None)
    assert found.remarks.missing == []
    zeros = sum(value == "0" for value in values.values())
    reported = [int(re.findall(r"的(\d+)格按0计", line)[0]) for line in found.remarks.zeros]
    unprinted = 12 + 2 if drift.one_row else 0  # rows that are not there say nothing of zeros
    expected = 0 if drift.zero in ("0", "０") else zeros
    assert expected - unprinted <= sum(reported) <= expected


@pytest.mark.parametrize("write", [docx_bytes, pdf_bytes])
@pytest.mark.parametrize(
    "drift", [Drift(), Drift(zero=""), Drift(zero="/", words={k: v for k, v in WORDS.items()
                                                              if "<p>" not in v})]
)  # fmt: skip
def test_a_plain_word_file_and_an_untagged_pdf_give_the_same_report(
    write: Callable[[Figures, Drift], bytes], drift: Drift
) -> None:
    values = figures()
    assert_same(understand(write(values, drift)), values)


def remade(data: bytes, change: Callable[[Any], None]) -> bytes:
    document, saved = docx.Document(io.BytesIO(data)), io.BytesIO()
    change(document)
    document.save(saved)
    return saved.getvalue()


def widen(table: Any, at: int) -> None:
    """Put a place of no width behind a column, as LibreOffice does where it rounds widths.

    The cells of the column span it, but in the first row the next cell does.
    """
    for number, row in enumerate(table._tbl.tr_lst):
        left = 0
        for cell in row.tc_lst:
            wanted = at + 1 if number == 0 else at
            if left <= wanted < left + cell.grid_span:
                cell.grid_span += 1
                break
            left += cell.grid_span


def frame(document: Any) -> None:
    """Put every table in a table that only lays it out."""
    for table in document.tables:
        outer = document.add_table(1, 1)
        table._tbl.addprevious(outer._tbl)
        outer.cell(0, 0)._tc.insert(1, table._tbl)


def test_what_a_program_makes_of_a_table_changes_no_value() -> None:
    values = figures()
    plain = docx_bytes(values, Drift())
    for table, column in ((-1, 4), (-1, 9), (-2, 3), (-2, 8)):
        made = remade(plain, lambda d, t=table, c=column: widen(d.tables[t], c))  # type: ignore[misc]
        assert_same(understand(made, "年报.docx"), values)
    assert_same(understand(remade(plain, frame), "年报.docx"), values)


def test_what_was_assumed_is_reported() -> None:
    drift = Drift(words=WORDS, one_row=True, hint=True, note=True)
    remarks = understand(html_bytes(figures(), drift)).remarks
    assumed = "\n".join(remarks.assumed)
    assert "“2.其他法律行政止公开”按“2.其他法律行政法规禁止公开”计" in assumed
    assert "“（六）其他处理”只有一行，计入“3.其他”" in assumed
    assert "“下一步工作打算”按“（二）改进情况”计" in assumed
    assert "表前提示语“该部分以表格形式报告。表格如下：”" in remarks.dropped
    assert remarks.notes == {"reviews": ["注：件数含上年度结转。"]}


def test_faults_stay_as_published() -> None:
    values = figures() | {
        ("reviews", "行政复议", "总计"): "0",
        ("requests", "new", "自然人"): "999",
    }
    found = understand(html_bytes(values, Drift()))
    assert found.cells["reviews", "行政复议", "总计"] == "0"
    assert found.cells["requests", "new", "自然人"] == "999"


def test_values_on_another_page_than_their_heads_are_under_them() -> None:
    whole = html_bytes(figures(), Drift()).decode("gb18030")
    above, row, below = whole.rpartition("<tr>")
    assert "尚未审结" in above.rpartition("<table")[2], "the row is that of table 4"
    parted = f"{above}</table><table>{row}{below}".encode("gb18030")
    assert_same(understand(parted), figures())


def test_annotated_and_written_values() -> None:
    key, other, third = ((*("decisions", row), column) for row, column in FORMAT.decision_cells[:3])
    values = figures() | {key: "22（其中修订16件）", other: "5件", third: "减4"}
    found = understand(html_bytes(values, Drift()))
    assert [found.cells[k] for k in (key, other, third)] == ["22（其中修订16件）", "5", None]
    assert found.remarks.missing == ["表二“规章”的“现行有效件数”不是数字，留空：“减4”"]


def test_the_sign_of_a_note_and_what_is_struck_through_make_no_other_number() -> None:
    """Twelve with note 1 is not 121, nor is 2 behind a struck 1 twelve: on a page and in Word."""
    signed, struck = ((*("decisions", row), column) for row, column in FORMAT.decision_cells[:2])
    values = figures() | {signed: "12_1", struck: "1_2"}
    web = html_bytes(values, Drift()).replace(b"12_1", b"12<sup>1</sup>")
    document = docx.Document(io.BytesIO(docx_bytes(values, Drift())))
    for cell in (cell for table in document.tables for cell in table._cells):
        (paragraph, *_) = cell.paragraphs
        if "_" in paragraph.text:
            first, second = paragraph.text.split("_")
            paragraph.clear()
            paragraph.add_run(first).font.strike = first == "1"
            paragraph.add_run(second).font.superscript = second == "1"
    document.save(word := io.BytesIO())
    for data in (web.replace(b"1_2", b"<del>1</del>2"), word.getvalue()):
        found = understand(data)
        assert (found.cells[signed], found.cells[struck]) == ("12", None)
        assert any("“12¹”按“12”计" in line for line in found.remarks.assumed)
        assert any("“〔划去：1〕2”" in line for line in found.remarks.missing)


def test_a_picture_in_a_cell_is_no_blank_and_a_field_has_its_value() -> None:
    drawn, typed = ((*("decisions", row), column) for row, column in FORMAT.decision_cells[:2])
    values = figures() | {drawn: "_a_", typed: "_b_"}
    web = html_bytes(values, Drift()).replace(b"_a_", b'<img src="3.png">')
    found = understand(web.replace(b"_b_", b'<input type="text" value="7">'))
    assert (found.cells[drawn], found.cells[typed]) == (None, "7")
    assert any("不是数字，留空：“〔图片〕”" in line for line in found.remarks.missing)


def test_only_totals_filled_in_is_zeros_and_a_total() -> None:
    values = {
        key: ("" if key[0] == "requests" and key[2] != FORMAT.total else value)
        for key, value in figures().items()
    }
    found = understand(html_bytes(values, Drift()))
    assert found.cells["requests", "new", "自然人"] == "0"
    assert found.cells["requests", "new", "总计"] == values["requests", "new", "总计"]
    (reported,) = (line for line in found.remarks.zeros if "150格按0计" in line)
    assert reported.endswith("、".join(f"“{column}”整列" for column in FORMAT.applicants))


def test_the_format_of_2019_is_reported_and_its_table_2_not_taken() -> None:
    old = (
        "<p>二、主动公开政府信息情况</p><table><tr><td>信息内容</td><td>本年新制作数量</td>"
        "<td>本年新公开数量</td><td>对外公开总数量</td></tr><tr><td>规范性文件</td><td>3</td>"
        "<td>3</td><td>41</td></tr></table>"
    )
    text = page(figures(), Drift())
    start, end = text.index("<p><b>二、"), text.index("<p><b>三、")
    found = understand((text[:start] + old + text[end:]).encode())
    assert found.superseded == "2019"
    assert {key[0] for key in found.cells} == {"requests", "reviews"}
    assert_prose_is_whole(found)


def assert_prose_is_whole(found: Published) -> None:
    assert found.prose.sections == PROSE


def changed(old: str, new: str) -> Published:
    text = page(figures(), Drift())
    assert old in text
    return understand(text.replace(old, new).encode())


def test_text_beside_a_table_stays_above_and_below_it() -> None:
    found = changed("<p><b>三、", "<p>注：规范性文件均已公布目录。</p><p><b>三、")
    assert found.prose.sections == PROSE | {"decisions.notes": "注：规范性文件均已公布目录。"}
    heading = "<p><b>二、主动公开政府信息情况</b></p>"
    found = changed(heading, f"{heading}<p>件数按制发日期统计。</p>")
    assert found.prose.sections == PROSE | {"decisions": "件数按制发日期统计。"}


@pytest.mark.parametrize(
    ("end", "date", "lost"),
    [
        ("<p>示例县水务局　2024年1月18日</p>", "2024-01-18", []),
        ("<p>2024年1月18日 示例县水务局</p>", "2024-01-18", []),
        ("<p>示例县水务局（2024年1月18日）</p>", "2024-01-18", []),
        ("<p>示例县水务局</p><p>2024年1月18日</p>", "2024-01-18", []),
        ("<p>示例县水务局</p><p>（此件公开发布）</p>", None, ["落款之后的文字“（此件公开发布）”"]),
    ],
)
def test_a_signature_in_one_line_or_two(end: str, date: str | None, lost: list[str]) -> None:
    found = changed("</body>", f"{end}</body>")
    assert (found.prose.signed, found.prose.date) == (True, date)
    assert found.prose.sections == PROSE
    assert found.remarks.dropped == lost


@pytest.mark.parametrize("signed_first", [False, True])
def test_attachments_are_a_section_of_their_own(signed_first: bool) -> None:
    listed = "<p>附件：1.水质监测结果汇总表</p><p>2.供水热线统计表</p>"
    signature = "<p>示例县水务局</p><p>2024年1月18日</p>"
    end = signature + listed if signed_first else listed + signature
    found = changed("</body>", f"{end}</body>")
    attached = found.prose.sections.pop("attachments")
    assert attached.split("\n\n") == ["附件：1.水质监测结果汇总表", "2.供水热线统计表"]
    assert found.prose.sections == PROSE
    assert found.prose.date == "2024-01-18"


OWN = ("（一）聚焦群众关切，主动公开有深度", "（二）坚持依法办理，申请答复有温度", "（三）夯实平台")
SIX = (*(aspect.heading for aspect in FORMAT.sections[0].aspects), "（六）其他工作")
OTHER_ORDER = ("（一）依申请公开", "（二）主动公开", "（三）监督保障")


@pytest.mark.parametrize("titles", [OWN, SIX, OTHER_ORDER], ids=["words", "six", "order"])
def test_an_office_that_divides_part_one_its_own_way_keeps_its_titles(titles: list[str]) -> None:
    text = page(figures(), Drift())
    start, end = text.index("<p>（一）主动公开</p>"), text.index("<p><b>二、")
    parts = "".join(f"<p>{title}</p><p>这一部分的文字。</p>" for title in titles)
    found = understand((text[:start] + parts + text[end:]).encode())
    own = found.prose.sections["overview"].split("\n\n")
    assert own[1::2] == [f"### {title}" for title in titles]
    assert not [key for key in found.prose.sections if key.startswith("overview.")]
    assert "“一、总体情况”的小标题与通用写法不同，照原样保留" in found.remarks.assumed


def test_a_joint_report_has_two_names() -> None:
    names = ("示例县发展和改革局", "示例县粮食和物资储备局")
    for title in ("、".join(names), "".join(names), "</h2><h2>".join(names)):
        identity = changed(f"<h2>{NAME}</h2>", f"<h2>{title}</h2>").identity
        assert (identity.name, identity.names, identity.year) == ("、".join(names), names, YEAR)


def test_five_without_sub_headings_is_cut_where_it_turns() -> None:
    text = page(figures(), Drift())
    start, end = text.index("<p>（一）存在的主要问题</p>"), text.index("<p><b>六、")
    whole = "<p>解读偏少，还不够及时。下一步，每项水价调整配一份问答。</p>"
    sections = understand((text[:start] + whole + text[end:]).encode()).prose.sections
    assert sections["problems.issues"] == "解读偏少，还不够及时。"
    assert sections["problems.improvements"] == "下一步，每项水价调整配一份问答。"
    whole = "<p>解读偏少，还不够及时。</p><p>针对存在问题，下一步每项水价调整配一份问答。</p>"
    sections = understand((text[:start] + whole + text[end:]).encode()).prose.sections
    assert sections["problems.issues"] == "解读偏少，还不够及时。"
    assert sections["problems.improvements"].startswith("针对存在问题，下一步")


def _published() -> list[Path]:
    """Published figures with the file they were read from, where this checkout has them."""
    return sorted((SHARED / "published").glob("*.pdf"))


@pytest.mark.parametrize("source", [None, *_published()], ids=str)
def test_published_files_give_their_figures(source: Path | None) -> None:
    """The own file always; real published ones in addition, where they lie beside the project."""
    if source is None:
        assert_same(understand(pdf_bytes(figures(3), Drift())), figures(3))
        return
    expected = json.loads((SHARED / "tables" / f"{source.stem}.json").read_text("utf-8"))
    found = understand(source.read_bytes(), source.name)
    labels = request_labels(FORMAT, [row.key for row in FORMAT.request_rows])
    cells = {
        ("decisions", row, column): str(value)
        for row, columns in expected["table2"].items()
        for column, value in columns.items()
    }
    for label, values in expected["table3"]["rows"]:
        key = labels.find(label) or FORMAT.group_as_row["（六）其他处理"]
        for column, value in zip(FORMAT.request_columns, values, strict=True):
            cells["requests", key, column] = str(value)
    keys = [(g.key, c) for g in FORMAT.review_groups for c in FORMAT.review_columns]
    for key, value in zip(keys, expected["table4"], strict=True):
        cells[("reviews", *key)] = str(value)
    assert {k: v for k, v in cells.items() if found.cells[k] != v} == {}
    assert len(found.cells) == 200
    assert found.identity.year == expected["year"]
    assert set(found.prose.sections) == set(PROSE)
