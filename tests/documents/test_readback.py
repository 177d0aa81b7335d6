"""Finished files read back: all formats say what the Document says, and a lie is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from tests.documents.readback_tools import (
    CELLS,
    MEDIA,
    SOME_CELLS,
    falsified,
    read_back,
)
from tests.documents.sample_blocks import (
    find_block,
    paragraph,
    with_block,
    with_blocks,
    with_cells,
    with_words,
)
from tests.documents.sample_document import sample_document

from nianbao.documents.readback import (
    Readback,
    compare,
    expected_cells,
    read_docx,
    read_html,
    read_pdf,
)
from nianbao.documents.readback.model import normalise_print, read_cells
from nianbao.errors import InputError
from nianbao.files.pages import fill_spans
from nianbao.prose.blocks import (
    Block,
    Document,
    FigureBlock,
    GridBlock,
    GridCell,
    ParagraphBlock,
    TableBlock,
    Words,
)
from nianbao.statutory import cell_name, load_format

pytestmark = pytest.mark.slow

FORMAT = load_format()


@cache
def honest(medium: str) -> Readback:
    return read_back(medium, sample_document())


# --- all three say the same ----------------------------------------------------------------------


@pytest.mark.parametrize("medium", MEDIA)
def test_a_file_says_what_its_document_says(medium: str) -> None:
    assert compare(honest(medium), sample_document()) == ()


@pytest.mark.parametrize("medium", MEDIA)
def test_all_200_values_are_found_by_their_labels(medium: str) -> None:
    assert dict(honest(medium).cells) == CELLS
    assert len(CELLS) == 200


def test_all_formats_have_title_headings_and_rows_of_tables_alike() -> None:
    html, pdf, word = (honest(medium) for medium in MEDIA)
    assert html.title == pdf.title == word.title == sample_document().title
    assert html.headings == pdf.headings == word.headings
    assert len(html.headings) == 17
    assert set(pdf.tables) == set(word.tables) <= set(html.tables)


@pytest.mark.parametrize("medium", MEDIA)
def test_what_is_read_out_in_place_of_a_chart_is_held_against_the_document(medium: str) -> None:
    document = sample_document()
    chart = find_block(document, FigureBlock)
    assert normalise_print(chart.alt) in honest(medium).alternatives
    other = with_block(document, chart, alt=f"{chart.alt}另有9件。")
    (problem,) = compare(honest(medium), other)
    assert "替代文字" in problem.message


@pytest.mark.parametrize("medium", MEDIA)
def test_a_draft_says_the_same(medium: str) -> None:
    draft = replace(sample_document(), draft=True)
    assert compare(read_back(medium, draft), draft) == ()


@pytest.mark.parametrize("medium", MEDIA)
def test_a_cell_with_a_note_is_read_with_it(medium: str) -> None:
    document = with_cells(
        sample_document(),
        "decisions",
        lambda cell: replace(cell, note="含自然失效2件") if cell.text == "7" else cell,
    )
    found = read_back(medium, document)
    key = ("decisions", "行政规范性文件", "本年废止件数")
    assert found.cells[key] == "7（含自然失效2件）"
    assert compare(found, document) == ()


def test_a_table_over_several_pages_is_read_whole() -> None:
    document = sample_document()
    for key, column in (("decisions", "现行有效件数"), ("requests", "总计")):

        def note(cell: GridCell, column: str = column) -> GridCell:
            return replace(cell, note="说明" * 20) if cell.column == column else cell

        document = with_cells(document, key, note)
    found = read_back("PDF", document)
    assert len(found.tables) > len(honest("PDF").tables)
    assert compare(found, document) == ()


# --- a false value is found ----------------------------------------------------------------------


@pytest.mark.parametrize("medium", MEDIA)
def test_false_cells_are_found_and_named(medium: str) -> None:
    """Each with its place, its false value and the right one, and no other."""
    for start in range(0, 100, 20):
        keys = SOME_CELLS[start : start + 20]
        problems = compare(read_back(medium, falsified(keys)), sample_document())
        reported = {(p.message.split("里", 1)[1], p.value, p.expected) for p in problems}
        assert reported == {
            (f"{cell_name(*key, FORMAT)}与数据不符", f"{CELLS[key]}7", f"“{CELLS[key]}”")
            for key in keys
        }
        assert len(problems) == len(keys)


@pytest.mark.parametrize("medium", MEDIA)
def test_one_false_cell_is_one_problem(medium: str) -> None:
    for key in SOME_CELLS[:3]:
        (problem,) = compare(read_back(medium, falsified([key])), sample_document())
        assert cell_name(*key, FORMAT) in problem.message


@pytest.mark.parametrize("medium", MEDIA)
def test_values_under_the_wrong_label_are_found(medium: str) -> None:
    names = {"商业企业": "科研机构", "科研机构": "商业企业"}
    document = with_cells(
        sample_document(), "requests", lambda c: replace(c, text=names.get(c.text, c.text))
    )
    problems = compare(read_back(medium, document), sample_document())
    wrong = {k for k in CELLS if k[0] == "requests" and k[2] in ("商业企业", "科研机构")}
    differing = {
        (t, r, c) for t, r, c in wrong
        if CELLS[t, r, "商业企业"] != CELLS[t, r, "科研机构"]
    }  # fmt: skip
    assert {p.message.split("里", 1)[1] for p in problems} == {
        f"{cell_name(*key, FORMAT)}与数据不符" for key in differing
    }


@pytest.mark.parametrize("medium", MEDIA)
def test_a_row_that_is_not_there_is_missed(medium: str) -> None:
    label = FORMAT.request_row("deny_5").label
    document = with_cells(
        sample_document(),
        "requests",
        lambda cell: replace(cell, text="5.属于") if cell.text == label else cell,
    )
    problems = compare(read_back(medium, document), sample_document())
    assert [p.message for p in problems] == [
        f"{medium} 里找不到{cell_name('requests', 'deny_5', column, FORMAT)}"
        for column in FORMAT.request_columns
    ]


def _everywhere(old: str, new: str) -> Callable[[Document], Document]:
    return lambda document: with_words(document, old, new)


def _title(document: Document) -> Document:
    return replace(document, title=document.title.replace("2024", "2023"))


def _row(document: Document) -> Document:
    table = find_block(document, TableBlock, "disclosures_by_channel")
    first, (name, _, share), *others = table.rows
    return with_block(document, table, rows=(first, (name, (Words("4311"),), share), *others))


def _caption(document: Document) -> Document:
    figure = find_block(document, FigureBlock, "requests_by_outcome")
    return with_block(document, figure, title="申请来源")


def _note(document: Document) -> Document:
    return with_block(
        document, find_block(document, GridBlock, "reviews"), notes=("注：不含结转。",)
    )


def _swap(document: Document) -> Document:
    """Two sentences change places: all words are there, each below the wrong heading."""
    sections = {"overview.management": "overview.oversight"}
    sections |= {new: old for old, new in sections.items()}
    paragraphs = {b.section: b for b in document.blocks if isinstance(b, ParagraphBlock)}

    def swapped(block: Block) -> Block:
        other = sections.get(block.section) if isinstance(block, ParagraphBlock) else None
        return paragraphs[other] if other else block

    return with_blocks(document, swapped)


LIES = {
    "a number in a sentence": (_everywhere("341件", "314件"), "“新收申请”“上年结转”“办结”"),
    "a word in an item": (_everywhere("2230元", "2320元"), "（一）收取信息处理费情况"),
    "a heading": (_everywhere("六、其他需要", "六、需要"), "第15个标题"),
    "the year": (_title, "标题"),
    "a row of a table": (_row, "缺少一行"),
    "a caption": (_caption, "（二）依申请公开"),
    "a note": (_note, "四、政府信息公开行政复议、行政诉讼情况"),
    "the place": (_swap, "（三）政府信息管理"),
    "a placeholder left over": (_everywhere("341件", "{{ 新收申请 }}"), "没有填入的“{{ 名称 }}”"),
}


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("lie", LIES)
def test_other_lies_are_found_and_placed(medium: str, lie: str) -> None:
    change, named = LIES[lie]
    problems = compare(read_back(medium, change(sample_document())), sample_document())
    assert any(named in str(p) for p in problems), [str(p) for p in problems]
    assert all(p.message.startswith(medium) for p in problems)


@pytest.mark.parametrize("medium", MEDIA)
def test_another_agency_is_found_unless_the_data_name_it(medium: str) -> None:
    document = sample_document()
    said = paragraph("preface", "本报告由样本县民政局编制。")
    document = replace(document, blocks=(said, *document.blocks))
    others = ("样本县民政局", "样本县财政局", document.agency_name)
    found = read_back(medium, document)
    assert compare(found, document, others) == ()
    problems = compare(found, sample_document(), others)
    assert [(p.value, "别的机关" in p.message) for p in problems] == [("样本县民政局", True)]


def test_a_name_that_is_part_of_the_own_one_is_no_other_agency() -> None:
    document = replace(
        sample_document(),
        agency_name="示例县人民政府办公室",
        title="示例县人民政府办公室2024年政府信息公开工作年度报告",
        blocks=(paragraph("preface", "由示例县人民政府办公室编制。"),),
    )
    found = read_back("Word", document)
    assert compare(found, document, ["示例县人民政府", "示例县"]) == ()


# --- parts ---------------------------------------------------------------------------------------


def test_a_value_found_twice_and_differently_is_neither() -> None:
    first = fill_spans([[("信息内容", 1, 1)]])
    head = ("第二十条第（五）项", "第二十条第（五）项")
    rows = [head, ("信息内容", "本年处理决定数量"), ("行政许可", "3")]
    again = [*rows[:2], ("行政许可", "4")]
    matrices = [tuple(map(tuple, m)) for m in (first, rows, again)]
    assert read_cells(matrices, FORMAT) == {("decisions", "行政许可", "本年处理决定数量"): "3/4"}


def test_expected_values_are_those_of_the_document() -> None:
    assert expected_cells(sample_document()) == CELLS


@pytest.mark.parametrize("read", [read_docx, read_pdf])
@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 no", b"PK\x03\x04 no"])
def test_what_is_no_such_file_is_said_in_words(read: Any, data: bytes) -> None:
    with pytest.raises(InputError, match="不是可以读取的"):
        read(data)


def test_html_hides_nothing_in_attributes_or_scripts() -> None:
    page = (
        "<html><head><title>x</title></head><body><h1>题</h1><p data-x='暗'>明<span>处</span>了</p>"
        "<script>暗</script><style>暗</style><svg><text>暗</text></svg><nav>暗</nav></body></html>"
    )
    found = read_html(page.encode())
    assert found.body == "明处了"
    assert found.title == "题"
