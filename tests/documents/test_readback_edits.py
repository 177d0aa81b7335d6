"""What editors and their programs do to a Word file, read back section by section."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from tests.documents.sample_blocks import bars, paragraph
from tests.documents.sample_document import sample_document
from tests.documents.word_files import (
    W,
    document_of,
    edited,
    paragraph_with,
    parts,
    q,
    sample_docx,
    sections_of,
    with_part,
)

from nianbao.documents.readback import compare, open_edited, read_docx
from nianbao.documents.word import render_docx
from nianbao.files.word import Untaken

Edit = Callable[[etree._Element], None]


@pytest.fixture(scope="module")
def sample() -> bytes:
    return sample_docx()


@pytest.fixture(scope="module")
def original(sample: bytes) -> dict[str, str]:
    return sections_of(sample)


def xml(source: str) -> etree._Element:
    """Elements as an editor writes them."""
    return etree.fromstring(f'<w:x xmlns:w="{W}">{source}</w:x>')[0]


def run_xml(words: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r>"


def _insert(root: etree._Element) -> None:
    target = paragraph_with(root, "全年新收")
    target.append(xml(f'<w:ins w:id="900" w:author="审稿人">{run_xml("请补充来源。")}</w:ins>'))


def _delete(root: etree._Element) -> None:
    (run,) = paragraph_with(root, "本年度发出收费通知3件").findall(q("r"))
    words = run.find(q("t"))
    assert words is not None
    words.tag = q("delText")
    deletion = xml('<w:del w:id="901" w:author="审稿人"/>')
    run.addprevious(deletion)
    deletion.append(run)
    deletion.addnext(xml(f'<w:ins w:id="902">{run_xml("本年度未收费。")}</w:ins>'))


def _new_paragraph(root: etree._Element) -> None:
    mark = '<w:pPr><w:pStyle w:val="BodyText"/><w:rPr><w:ins w:id="903"/></w:rPr></w:pPr>'
    content = f'<w:ins w:id="904">{run_xml("新增", "<w:b/>")}{run_xml("一段。")}</w:ins>'
    paragraph_with(root, "落实公文公开属性").addnext(xml(f"<w:p>{mark}{content}</w:p>"))


def _join(root: etree._Element) -> None:
    """The end of a paragraph is deleted: it runs on into the next one."""
    for target in (paragraph_with(root, "根据《中华人民共和国"),):
        properties = target.find(q("pPr"))
        assert properties is not None
        properties.append(xml('<w:rPr><w:del w:id="905" w:author="x"/></w:rPr>'))


def _remove_all(root: etree._Element) -> None:
    paragraph_with(root, "把政府信息公开纳入年度综合考核").clear()


def _wrap(root: etree._Element) -> None:
    """WPS and web add-ins wrap text: content control, hyperlink, smart tag."""
    target = paragraph_with(root, "落实公文公开属性")
    (run,) = target.findall(q("r"))
    wrapped = xml("<w:sdt><w:sdtPr/><w:sdtContent><w:hyperlink/></w:sdtContent></w:sdt>")
    run.addprevious(wrapped)
    wrapped[1][0].append(run)


def _break(root: etree._Element) -> None:
    target = paragraph_with(root, "落实公文公开属性")
    target.append(xml("<w:r><w:br/><w:t>换行之后。</w:t></w:r>"))


def _hidden(root: etree._Element) -> None:
    target = paragraph_with(root, "落实公文公开属性")
    target.append(xml(run_xml("看不见", "<w:vanish/>")))
    target.append(xml("<w:r><w:instrText> TOC </w:instrText></w:r>"))


def _caption_text(root: etree._Element) -> None:
    """A paragraph is put between a chart and its caption."""
    paragraph_with(root, "年申请办理结果").addprevious(
        xml(f'<w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr>{run_xml("图示如下。")}</w:p>')
    )


def _run_together(first: str, second: str, style_of: int) -> Edit:
    """One key joins two paragraphs; the form of either stays."""

    def edit(root: etree._Element) -> None:
        pair = paragraph_with(root, first), paragraph_with(root, second)
        if style_of:
            pair[0].replace(pair[0].find(q("pPr")), pair[1].find(q("pPr")))
        for child in pair[1]:
            if child.tag != q("pPr"):
                pair[0].append(child)
        pair[1].getparent().remove(pair[1])

    return edit


_HEADING, _TEXT, _NEXT = "（三）政府信息管理", "落实公文公开属性", "（四）政府信息公开平台建设"
EDITS: dict[str, tuple[Edit, str, Callable[[str], str]]] = {
    "insertion": (_insert, "overview.requests", lambda t: t + "请补充来源。"),
    "deletion": (_delete, "other.fees", lambda t: t.replace(
        "本年度发出收费通知3件，收取信息处理费2230元。", "本年度未收费。")),
    "new paragraph": (_new_paragraph, "overview.management", lambda t: t + "\n\n**新增**一段。"),
    "joined paragraphs": (_join, "preface", lambda t: t.replace("\n\n", "")),
    "all removed": (_remove_all, "overview.oversight", lambda t: ""),
    "wrapped": (_wrap, "overview.management", lambda t: t),
    **{
        f"{first} runs into {second}, {style_of}": (
            _run_together(first, second, style_of), "overview.management", lambda t: t)
        for first, second in ((_HEADING, _TEXT), (_TEXT, _NEXT))
        for style_of in (0, 1)
    },
    "line break": (_break, "overview.management", lambda t: t + "\n\n换行之后。"),
    "hidden": (_hidden, "overview.management", lambda t: t),
    "at a caption": (_caption_text, "overview.requests", lambda t: t + "\n\n图示如下。"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_changes_its_section_and_no_other(
    sample: bytes, original: dict[str, str], name: str
) -> None:
    edit, section, change = EDITS[name]
    found = sections_of(edited(sample, edit))
    assert found[section] == change(original[section])
    assert {k for k in original if found.get(k) != original[k]} <= {section}
    assert [*found] == [*original]


def test_changed_numbers_of_a_tracked_edit_are_seen_by_the_proof(sample: bytes) -> None:
    problems = compare(read_docx(edited(sample, _delete)), sample_document())
    assert ["收费通知3件" in (p.expected or "") for p in problems] == [True]


# --- what other programs do ---------------------------------------------------------------------


def _strip_bookmarks(root: etree._Element) -> None:
    for mark in [*root.iter(q("bookmarkStart")), *root.iter(q("bookmarkEnd"))]:
        parent = mark.getparent()
        assert parent is not None
        parent.remove(mark)


def _rename_styles(data: bytes) -> bytes:
    """Number the style ids, as the Chinese Word and WPS do."""
    styles = etree.fromstring(parts(data)["word/styles.xml"])
    ids = [style.get(q("styleId")) or "" for style in styles.iter(q("style"))]
    numbers = {old: f"a{number}" for number, old in enumerate(ids)}

    def rename(root: etree._Element) -> None:
        for element in root.iter():
            for name in ("styleId", "val"):
                if element.get(q(name)) in numbers and etree.QName(element).localname in (
                    *("style", "pStyle", "rStyle", "tblStyle", "basedOn", "next"),
                ):
                    element.set(q(name), numbers[element.get(q(name)) or ""])

    return edited(edited(data, rename), rename, "word/styles.xml")


def test_renamed_styles_change_nothing(sample: bytes, original: dict[str, str]) -> None:
    renamed = _rename_styles(sample)
    assert b'"Heading1"' not in parts(renamed)["word/document.xml"]
    assert sections_of(renamed) == original
    assert compare(read_docx(renamed), sample_document()) == ()


def test_without_bookmarks_the_statutory_headings_tell(
    sample: bytes, original: dict[str, str]
) -> None:
    found = sections_of(edited(sample, _strip_bookmarks))
    statutory = [
        "preface", "overview", "overview.requests", "overview.management", "overview.platform",
        "overview.oversight", "decisions", "requests", "reviews", "problems", "problems.issues",
        "problems.improvements",
    ]  # fmt: skip
    assert {k: found[k] for k in statutory} == {k: original[k] for k in statutory}
    assert found["other"].startswith("### （一）收取信息处理费情况\n\n本年度发出")


def test_a_reworded_heading_is_known_by_its_bookmark_or_its_number(
    sample: bytes, original: dict[str, str]
) -> None:
    def reword(root: etree._Element) -> None:
        for node in root.iter(q("t")):
            node.text = (node.text or "").replace("五、存在的主要问题及改进情况", "五、问题及改进")
            node.text = node.text.replace("（二）依申请公开", "（二）依申请公开情况")

    with_bookmarks = edited(sample, reword)
    assert sections_of(with_bookmarks) == original
    without = sections_of(edited(with_bookmarks, _strip_bookmarks))
    assert without["problems.issues"] == original["problems.issues"]
    assert without["problems"] == ""


def test_bookmarks_between_paragraphs_count_for_the_next_one(
    sample: bytes, original: dict[str, str]
) -> None:
    def lift(root: etree._Element) -> None:
        for mark in list(root.iter(q("bookmarkStart"))):
            home = mark.getparent()
            while home is not None and home.getparent() is not root[0]:
                home = home.getparent()
            assert home is not None
            home.addprevious(mark)

    assert sections_of(edited(sample, lift)) == original


def test_a_word_table_of_contents_is_no_text(sample: bytes, original: dict[str, str]) -> None:
    def add(root: etree._Element) -> None:
        style = '<w:pPr><w:pStyle w:val="TOC1"/></w:pPr>'
        toc = "".join(f"<w:p>{style}{run_xml(words)}</w:p>" for words in ("一、总体情况\t1", "二"))
        content = f"<w:sdt><w:sdtPr/><w:sdtContent>{toc}</w:sdtContent></w:sdt>"
        paragraph_with(root, "2024年政府信息公开工作年度报告").addnext(xml(content))

    def name(root: etree._Element) -> None:
        root.append(
            xml('<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>')
        )

    with_toc = edited(edited(sample, add), name, "word/styles.xml")
    assert sections_of(with_toc) == original


# --- comments -------------------------------------------------------------------------------------


def test_comments_come_with_section_and_quoted_words(sample: bytes) -> None:
    def mark(root: etree._Element) -> None:
        first = paragraph_with(root, "全年新收").find(q("r"))
        assert first is not None
        first.addprevious(xml('<w:commentRangeStart w:id="0"/>'))
        first.addnext(xml('<w:commentRangeEnd w:id="0"/>'))
        paragraph_with(root, "本年度发出收费").append(
            xml('<w:r><w:commentReference w:id="1"/></w:r>')
        )

    comments = "".join(
        f'<w:comment w:id="{number}" w:author="王局" w:date="2025-01-10T09:00:00Z">'
        f"<w:p>{run_xml(words)}</w:p><w:p>{run_xml('再议')}</w:p></w:comment>"
        for number, words in enumerate(("请核对", "删去"))
    )
    part = f'<w:comments xmlns:w="{W}">{comments}</w:comments>'
    found = open_edited(with_part(edited(sample, mark), "word/comments.xml", part)).comments
    assert [(c.section, c.author, c.text) for c in found] == [
        ("overview.requests", "王局", "请核对\n再议"),
        ("other.fees", "王局", "删去\n再议"),
    ]
    assert found[0].quote.startswith("全年新收政府信息公开申请341件")
    assert (found[0].date, found[1].quote) == ("2025-01-10T09:00:00Z", "")


def test_no_comments_are_no_comments(sample: bytes) -> None:
    assert open_edited(sample).comments == ()


def test_a_chart_keeps_out_of_the_text_without_any_bookmark() -> None:
    chart: Any = bars("k", "图题", "件", ["甲"], [1])
    data = render_docx(document_of(paragraph("preface", "甲。"), chart))
    assert sections_of(edited(data, _strip_bookmarks)) == {"preface": "甲。"}


def test_pictures_of_every_kind_are_named_once(sample: bytes) -> None:
    """A drawing, what older programs put in, and the same shape reported in both ways."""
    made = open_edited(sample).pictures
    shape = "urn:schemas-microsoft-com:vml"
    office = "urn:schemas-microsoft-com:office:office"
    old = (
        f'<w:r><w:pict xmlns:v="{shape}" xmlns:o="{office}"><v:shape><v:imagedata o:title="旧图"/>'
        "</v:shape></w:pict></w:r>"
    )
    both = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/'
        '2006"><mc:Choice Requires="wps"><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats'
        '.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="9" name="形状"/></wp:inline>'
        "</w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r>"
    )

    def paste(root: etree._Element) -> None:
        target = paragraph_with(root, "落实公文公开属性")
        target.append(xml(old))
        target.append(xml(both))

    now = open_edited(edited(sample, paste))
    pictures = [picture for picture in now.pictures if picture not in made]
    assert [(p.section, p.name) for p in pictures] == [("overview.management", "旧图")]
    assert len(now.pictures) == len(made) + 1
    # A shape has no picture in it: it is reported with all else that is not text.
    assert [(b.section, b.found) for b in now.beside] == [
        ("overview.management", Untaken("图形", "形状"))
    ]
