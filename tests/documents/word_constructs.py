"""Everything that editors put into a Word file, as XML with words chosen at random.

What a construct needs beside the text (a chart, a diagram, an inserted file, a note) is among
`PARTS`, which `tests.documents.word_edits` puts into every file that it makes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from lxml import etree

SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "dsp": "http://schemas.microsoft.com/office/drawing/2008/diagram",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
}
DECLARED = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
_WORDS = "公开政府信息工作办理答复台账培训检查科室平台栏目更新目录清单审核发布指南条例群众需求"
FORMS = (
    "decimal", "japaneseCounting", "chineseCountingThousand", "chineseCounting", "upperRoman",
    "lowerRoman", "upperLetter", "lowerLetter", "decimalEnclosedCircle", "ideographTraditional",
    "decimalFullWidth", "ideographZodiac", "bullet",
)  # fmt: skip
LABELS = ("%1.", "（%1）", "%1、", "%1)", "第%1条", "%1")
_SIGNS = (("Symbol", "F025"), ("Symbol", "F0B3"), ("Symbol", "F0B1"), ("Wingdings", "F0FC"),
          ("Wingdings", "F081"), ("宋体", "2460"))  # fmt: skip

NOTES = ("footnote", "endnote", "comment")
_BY = 'w:id="91" w:author="局长" w:date="2025-01-05T09:00:00Z"'

Maker = Callable[[random.Random], str]


def words(chance: random.Random, least: int = 2, most: int = 9) -> str:
    return "".join(chance.choices(_WORDS, k=chance.randint(least, most)))


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    about = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{about}<w:t xml:space="preserve">{text}</w:t></w:r>'


def ruby(c: random.Random) -> str:
    reading = "".join(c.choices("aeiouxyz", k=4))
    return (
        '<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="10"/>'
        '<w:hpsRaise w:val="18"/><w:hpsBaseText w:val="21"/><w:lid w:val="zh-CN"/></w:rubyPr>'
        f"<w:rt>{run(reading)}</w:rt><w:rubyBase>{run(words(c))}</w:rubyBase></w:ruby></w:r>"
    )


def sign(c: random.Random) -> str:
    face, code = c.choice(_SIGNS)
    return f'<w:r><w:sym w:font="{face}" w:char="{code}"/></w:r>'


def field(code: str, result: str = "") -> str:
    """A field with or without a result."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    middle = mark.format("separate") + run(result) if result else ""
    begun = (
        mark.format("begin") + f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
    )
    return begun + middle + mark.format("end")


def textbox(c: random.Random) -> str:
    inner = f"<w:txbxContent><w:p>{run(words(c))}</w:p></w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" '
        'distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0" '
        'layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH '
        'relativeFrom="column"><wp:posOffset>2000000</wp:posOffset></wp:positionH><wp:positionV '
        'relativeFrom="paragraph"><wp:posOffset>300000</wp:posOffset></wp:positionV><wp:extent '
        'cx="1500000" cy="500000"/><wp:wrapNone/><wp:docPr id="7" name="文本框"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext '
        'cx="1500000" cy="500000"/></a:xfrm><a:prstGeom prst="rect"/></wps:spPr><wps:txbx>'
        f"{inner}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:rect><v:textbox>"
        f"{inner}</v:textbox></v:rect></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def _change(kind: str, text: str) -> str:
    inner = run(text)
    if kind == "del":
        inner = inner.replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ")
    return f"<w:{kind} {_BY}>{inner}</w:{kind}>"


def graphic(uri: str, inner: str, height: int = 2_000_000) -> str:
    """A drawing in the line with something in it."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="4000000" cy="{height}"/><wp:docPr id="9" '
        f'name="图形"/><a:graphic><a:graphicData uri="{uri}">{inner}</a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def moved(c: random.Random) -> str:
    """Words moved within a paragraph, both places tracked."""
    text, about = words(c), _BY.replace('"91"', '"93"')
    return (
        f'<w:moveFromRangeStart {about} w:name="move1"/>{_change("moveFrom", text)}'
        f'<w:moveFromRangeEnd w:id="93"/>{run(words(c))}'
        f'<w:moveToRangeStart {about} w:name="move1"/>{_change("moveTo", text)}'
        '<w:moveToRangeEnd w:id="93"/>'
    )


def _m(text: object) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


FORMULAS: tuple[Maker, ...] = (
    lambda c: _m(f"{c.choice('abxy')}={c.randint(2, 99)}"),
    lambda c: (
        f"<m:f><m:num>{_m(c.randint(1, 9))}</m:num><m:den>{_m(c.randint(2, 9))}</m:den></m:f>"
    ),
    lambda c: (
        '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
        f"<m:sub>{_m('i')}</m:sub><m:sup>{_m(c.randint(2, 9))}</m:sup><m:e>{_m('x')}</m:e></m:nary>"
    ),
    lambda c: f"<m:d><m:dPr/><m:e>{_m(c.randint(1, 99))}</m:e></m:d>",
    lambda c: (
        '<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>'
        f"<m:e>{_m(c.randint(1, 99))}</m:e></m:d>"
    ),
    lambda c: f"<m:rad><m:radPr/><m:deg/><m:e>{_m(c.randint(2, 99))}</m:e></m:rad>",
    lambda c: f"<m:sSup><m:e>{_m('x')}</m:e><m:sup>{_m(c.randint(2, 9))}</m:sup></m:sSup>",
)


def _sdt(inner: str, about: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{about}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


INLINE: Mapping[str, Maker] = {
    "ruby": ruby,
    "sym": sign,
    "circled": lambda c: field(rf" eq \o\ac(○,{c.randint(1, 20)}) "),
    "ruby as field": lambda c: field(
        rf" EQ \* jc2 \* hps10 \o\ad(\s\up 9(yan),{c.choice(_WORDS)}) "
    ),
    "fraction": lambda c: field(rf" EQ \f({c.randint(1, 9)},{c.randint(2, 9)}) "),
    "field": lambda c: field(' QUOTE "x" ', words(c)),
    "simple field": lambda c: f'<w:fldSimple w:instr=" AUTHOR ">{run(words(c))}</w:fldSimple>',
    "link": lambda c: field(' HYPERLINK "http://www.example.cn/a" ', words(c)),
    "superscript": lambda c: run(str(c.randint(1, 9)), '<w:vertAlign w:val="superscript"/>'),
    "superscript words": lambda c: run(words(c, 1, 2), '<w:vertAlign w:val="superscript"/>'),
    "struck": lambda c: run(words(c), "<w:strike/>"),
    "hidden": lambda c: run(words(c), "<w:vanish/>"),
    "capitals": lambda c: run("abc", "<w:caps/>"),
    "inserted": lambda c: _change("ins", words(c)),
    "deleted": lambda c: _change("del", words(c)),
    "control": lambda c: _sdt(run(words(c))),
    "control in control": lambda c: _sdt(run(words(c)) + _sdt(run(words(c)))),
    "choice": lambda c: _sdt(
        run(words(c)),
        '<w:dropDownList><w:listItem w:displayText="甲" w:value="1"/></w:dropDownList>',
    ),
    "check box": lambda c: _sdt(
        run("☒", '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic"/>'),
        '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>',
    ),
    "day": lambda c: _sdt(run(f"2025年1月{c.randint(1, 28)}日"), "<w:date/>"),
    "moved": moved,
    "comment": lambda c: (
        f'<w:commentRangeStart w:id="2"/>{run(words(c))}<w:commentRangeEnd w:id="2"/>'
        '<w:r><w:commentReference w:id="2"/></w:r>'
    ),
    "chart": lambda c: graphic(SPACES["c"], f'<c:chart r:id="rIdChart{c.randint(1, 3)}"/>'),
    "SmartArt": lambda c: graphic(
        SPACES["dgm"],
        '<dgm:relIds r:dm="rIdDiagramData" r:lo="rIdDiagramLayout" r:qs="rIdDiagramStyle" '
        'r:cs="rIdDiagramColors"/>',
    ),
    "anchor": lambda c: f'<w:hyperlink w:anchor="a">{run(words(c))}</w:hyperlink>',
    "custom": lambda c: f'<w:customXml w:uri="x" w:element="y">{run(words(c))}</w:customXml>',
    "two ways": lambda c: f'<w:bdo w:val="ltr">{run(words(c))}</w:bdo>',
    "sequence": lambda c: field(" SEQ 图 ", str(c.randint(2, 9))),
    "two lines in one": lambda c: run(words(c), '<w:eastAsianLayout w:id="1" w:combine="1"/>'),
    "tag": lambda c: f'<w:smartTag w:uri="x" w:element="y">{run(words(c))}</w:smartTag>',
    "direction": lambda c: f'<w:dir w:val="ltr">{run(words(c))}</w:dir>',
    "formula": lambda c: f"<m:oMath>{c.choice(FORMULAS)(c)}</m:oMath>",
    "formula line": lambda c: (
        f"<m:oMathPara><m:oMath>{c.choice(FORMULAS)(c)}</m:oMath></m:oMathPara>"
    ),
    "box": textbox,
    "note": lambda c: '<w:r><w:footnoteReference w:id="2"/></w:r>',
    "end note": lambda c: '<w:r><w:endnoteReference w:id="2"/></w:r>',
    "soft return": lambda c: f"{run(words(c))}<w:r><w:br/></w:r>{run(words(c) + '。')}",
    "page break": lambda c: f'<w:r><w:br w:type="page"/></w:r>{run(words(c) + "。")}',
    "tab": lambda c: f"<w:r><w:tab/></w:r>{run(words(c))}",
    "hyphen": lambda c: f"<w:r><w:noBreakHyphen/></w:r>{run(words(c))}",
    "symbol face": lambda c: run("\uf0fc", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
}  # fmt: skip


def _numbered(c: random.Random) -> str:
    number, depth = c.randint(50, 50 + len(FORMS) * len(LABELS) - 1), c.randint(0, 1)
    place = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return "".join(
        f"<w:p><w:pPr>{place}</w:pPr>{run(words(c) + '。')}</w:p>" for _ in range(c.randint(1, 4))
    )


def _cell(inner: str, about: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>{about}</w:tcPr>{inner}</w:tc>'


def _rows(*rows: str, about: str = "") -> str:
    grid = '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>'
    head = f'<w:tbl><w:tblPr><w:tblW w:w="4000" w:type="dxa"/></w:tblPr>{grid}'
    about = f"<w:trPr>{about}</w:trPr>" if about else ""
    made = (row if row.startswith("<w:sdt") else f"<w:tr>{about}{row}</w:tr>" for row in rows)
    return f"{head}{''.join(made)}</w:tbl><w:p/>"


def _p(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def _table(c: random.Random) -> str:
    inner = _p(run(words(c))) + (_table(c) if c.random() < 0.3 else "")
    wide = _cell(_p(run(words(c))), '<w:gridSpan w:val="2"/>')
    return _rows(wide, _cell(inner) + _cell(_p(run(words(c)))))


def _changed_table(c: random.Random) -> str:
    """A table that was inserted or deleted as a whole, tracked."""
    kind = c.choice(("ins", "del"))
    cells = "".join(_cell(_p(_change(kind, words(c)))) for _ in range(2))
    return _rows(cells, cells, about=f"<w:{kind} {_BY}/>")


def _controlled_table(c: random.Random) -> str:
    """A table with a control round a row, a cell and the text of a cell."""
    plain, inside = _cell(_p(run(words(c)))), _cell(_sdt(_p(run(words(c)))))
    return _rows(_sdt(f"<w:tr>{plain}{inside}</w:tr>"), _sdt(_cell(_p(run(words(c))))) + plain)


def _moved_paragraph(c: random.Random) -> str:
    text, about = words(c) + "。", _BY.replace('"91"', '"95"')
    of_mark = "<w:pPr><w:rPr><w:{} {}/></w:rPr></w:pPr>"
    return (
        f'<w:moveFromRangeStart {about} w:name="move2"/>'
        f"<w:p>{of_mark.format('moveFrom', _BY)}{_change('moveFrom', text)}</w:p>"
        f'<w:moveFromRangeEnd w:id="95"/><w:moveToRangeStart {about} w:name="move2"/>'
        f"<w:p>{of_mark.format('moveTo', _BY)}{_change('moveTo', text)}</w:p>"
        '<w:moveToRangeEnd w:id="95"/>' + _p(run(words(c) + "。"))
    )


BLOCKS: Mapping[str, Maker] = {
    "numbered": _numbered,
    "table": _table,
    "control": lambda c: _sdt(_p(run(words(c) + "。"))),
    "table in table": lambda c: _rows(_cell(_table(c)) + _cell(_p(run(words(c))))),
    "changed table": _changed_table,
    "controlled table": _controlled_table,
    "moved paragraph": _moved_paragraph,
    "inserted paragraph": lambda c: (
        f"<w:p><w:pPr><w:rPr><w:ins {_BY}/></w:rPr></w:pPr>{_change('ins', words(c) + '。')}</w:p>"
    ),
    "inserted file": lambda c: f'<w:altChunk r:id="rIdChunk{c.randint(1, len(CHUNK_WORDS))}"/>',
    "drop cap": lambda c: (
        '<w:p><w:pPr><w:framePr w:dropCap="drop" w:lines="2" w:wrap="around" w:vAnchor="text" '
        f'w:hAnchor="text"/></w:pPr>{run(words(c, 1, 1))}</w:p>{_p(run(words(c) + "。"))}'
    ),
    "frame": lambda c: (
        '<w:p><w:pPr><w:framePr w:w="2000" w:hSpace="180" w:wrap="around" w:vAnchor="text" '
        f'w:hAnchor="text" w:y="1"/></w:pPr>{run(words(c))}</w:p>{_p(run(words(c) + "。"))}'
    ),
    "heading": lambda c: f'<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr>{run(words(c))}</w:p>',
    "broken paragraph": lambda c: (
        f'<w:p>{run(words(c))}<w:r><w:br w:type="page"/></w:r></w:p>'
        f"<w:p>{run(words(c) + '。')}</w:p>"
    ),
    "deleted end": lambda c: (
        f"<w:p><w:pPr><w:rPr><w:del {_BY}/></w:rPr></w:pPr>{run(words(c))}</w:p>"
        f"<w:p>{run(words(c) + '。')}</w:p>"
    ),
}


def _chart(number: int) -> str:
    chance = random.Random(f"chart {number}")
    names = [words(chance, 2, 3) for _ in range(3)]
    points = "".join(f'<c:pt idx="{i}"><c:v>{name}</c:v></c:pt>' for i, name in enumerate(names))
    values = "".join(f'<c:pt idx="{i}"><c:v>{i + 2}</c:v></c:pt>' for i in range(3))
    title = f"<a:bodyPr/><a:p><a:r><a:t>{words(chance)}</a:t></a:r></a:p>"
    axis = (
        '<c:axId val="{0}"/><c:scaling/><c:delete val="{2}"/><c:axPos val="b"/>'
        '<c:crossAx val="{1}"/>'
    )
    return (
        f"<c:chartSpace {DECLARED}><c:chart><c:title><c:tx><c:rich>{title}</c:rich></c:tx>"
        '</c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:barChart><c:barDir val="col"/>'
        "<c:ser>"
        '<c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>A!$B$1</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{words(chance)}</c:v></c:pt></c:strCache>'
        "</c:strRef></c:tx><c:cat><c:strRef><c:f>A!$A$2:$A$4</c:f><c:strCache>"
        f'<c:ptCount val="3"/>{points}'
        "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>A!$B$2:$B$4</c:f><c:numCache>"
        f'<c:ptCount val="3"/>{values}</c:numCache></c:numRef></c:val></c:ser><c:axId val="1"/>'
        f'<c:axId val="2"/></c:barChart><c:catAx>{axis.format(1, 2, 0)}</c:catAx>'
        f"<c:valAx>{axis.format(2, 1, 1)}</c:valAx></c:plotArea>"
        '<c:legend><c:legendPos val="r"/></c:legend></c:chart></c:chartSpace>'
    )


def _diagram() -> dict[str, str]:
    """A SmartArt graphic: its texts, and the drawing of it that Word keeps."""
    chance = random.Random("diagram")
    texts = [words(chance) for _ in range(3)]
    body = "<a:bodyPr/><a:lstStyle/><a:p><a:r><a:t>{}</a:t></a:r></a:p>"
    points = "".join(
        f'<dgm:pt modelId="{i + 1}"><dgm:prSet/><dgm:spPr/>'
        f"<dgm:t>{body.format(text)}</dgm:t></dgm:pt>"
        for i, text in enumerate(texts)
    )
    shapes = "".join(
        f'<dsp:sp modelId="{{{i}}}"><dsp:nvSpPr><dsp:cNvPr id="{i + 1}" name=""/><dsp:cNvSpPr/>'
        f'</dsp:nvSpPr><dsp:spPr><a:xfrm><a:off x="{i * 1300000}" y="0"/><a:ext cx="1200000" '
        'cy="600000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></dsp:spPr>'
        f"<dsp:txBody>{body.format(text)}</dsp:txBody></dsp:sp>"
        for i, text in enumerate(texts)
    )
    kept = (
        '<dgm:extLst><a:ext uri="http://schemas.microsoft.com/office/drawing/2008/diagram">'
        '<dsp:dataModelExt relId="rIdDiagramDrawing" minVer="12.0"/></a:ext></dgm:extLst>'
    )
    return {
        "data": f"<dgm:dataModel {DECLARED}><dgm:ptLst>{points}</dgm:ptLst><dgm:cxnLst/><dgm:bg/>"
        f"<dgm:whole/>{kept}</dgm:dataModel>",
        "layout": f'<dgm:layoutDef {DECLARED} uniqueId="a"><dgm:layoutNode/></dgm:layoutDef>',
        "style": f'<dgm:styleDef {DECLARED} uniqueId="b"/>',
        "colors": f'<dgm:colorsDef {DECLARED} uniqueId="c"/>',
        "drawing": f'<dsp:drawing {DECLARED}><dsp:spTree><dsp:nvGrpSpPr><dsp:cNvPr id="0" '
        f'name=""/><dsp:cNvGrpSpPr/></dsp:nvGrpSpPr><dsp:grpSpPr/>{shapes}</dsp:spTree></dsp:drawing>',
    }


CHUNK_WORDS = ("科室材料一段加粗。", "科室材料文本一段。", "科室富文本", "另外的文件")
CHUNKS: Mapping[str, bytes] = {
    "chunk.htm": "<html><head><meta charset='utf-8'><title>题</title></head>"
    "<body><p>科室材料一段<b>加粗</b>。</p></body></html>".encode(),
    "chunk.txt": "科室材料文本一段。".encode(),
    "chunk.rtf": (
        r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}\f0 "
        + "".join(rf"\u{ord(sign)}?" for sign in "科室富文本")
        + r"\par}"
    ).encode(),
}
"""Files that a Word file may take in whole; one of Word is added where files are made."""

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MICROSOFT = "application/vnd.ms-office.drawingml.diagramDrawing+xml"


def related_parts() -> tuple[tuple[str, str, str, str, bytes], ...]:
    """The parts beside the text: number of the relation, its kind, path, content type, content."""
    charts = (
        (f"rIdChart{n}", f"{SPACES['r']}/chart", f"charts/chart{n}.xml",
         f"{_OFFICE}.drawingml.chart+xml", _chart(n).encode())
        for n in (1, 2, 3)
    )  # fmt: skip
    kinds = {"style": "QuickStyle", "layout": "Layout", "colors": "Colors", "data": "Data"}
    diagram = (
        (
            f"rIdDiagram{name.title()}",
            f"{SPACES['r']}/diagram{kinds[name]}" if name in kinds
            else "http://schemas.microsoft.com/office/2007/relationships/diagramDrawing",
            f"diagrams/{name}1.xml",
            f"{_OFFICE}.drawingml.diagram{name.title()}+xml" if name in kinds else _MICROSOFT,
            content.encode(),
        )
        for name, content in _diagram().items()
    )  # fmt: skip
    types = {"htm": "text/html", "txt": "text/plain", "rtf": "application/rtf"}
    chunks = (
        (f"rIdChunk{n}", f"{SPACES['r']}/aFChunk", f"afchunks/{name}", types[name[-3:]], content)
        for n, (name, content) in enumerate(CHUNKS.items(), 1)
    )
    return (*charts, *diagram, *chunks)


def _drawn_words() -> tuple[str, ...]:
    """What the charts and the diagram show."""
    drawings = (*map(_chart, (1, 2, 3)), _diagram()["data"])
    tags = (f"{{{SPACES['a']}}}t", f"{{{SPACES['c']}}}v")
    roots = map(etree.fromstring, drawings)
    return tuple(t.text or "" for root in roots for t in root.iter(*tags))


DRAWN_WORDS = _drawn_words()
