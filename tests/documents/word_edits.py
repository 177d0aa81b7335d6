"""Word files with everything that editors put into them, at random, and what LibreOffice prints."""

from __future__ import annotations

import random
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pypdfium2
from lxml import etree
from tests.documents.sample_blocks import heading, paragraph
from tests.documents.word_files import BODY, W, document_of, parts, q, zipped
from tests.programs import office, with_chinese_font

from nianbao.documents.readback import open_edited
from nianbao.documents.word import render_docx
from nianbao.files.word import paragraph_text
from nianbao.files.word.text import ListNumbers
from nianbao.statutory import load_format

SPACES = {
    "w": W,
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
}
_DECLARED = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
_WORDS = "公开政府信息工作办理答复台账培训检查科室平台栏目更新目录清单审核发布指南条例群众需求"
_FORMS = (
    "decimal", "japaneseCounting", "chineseCountingThousand", "chineseCounting", "upperRoman",
    "lowerRoman", "upperLetter", "lowerLetter", "decimalEnclosedCircle", "ideographTraditional",
    "decimalFullWidth", "ideographZodiac", "bullet",
)  # fmt: skip
_LABELS = ("%1.", "（%1）", "%1、", "%1)", "第%1条", "%1")
_SIGNS = (("Symbol", "F025"), ("Symbol", "F0B3"), ("Symbol", "F0B1"), ("Wingdings", "F0FC"),
          ("Wingdings", "F081"), ("宋体", "2460"))  # fmt: skip

_NOTES = ("footnote", "endnote")
_BY = 'w:id="91" w:author="局长" w:date="2025-01-05T09:00:00Z"'

Maker = Callable[[random.Random], str]


def _text(chance: random.Random, least: int = 2, most: int = 9) -> str:
    return "".join(chance.choices(_WORDS, k=chance.randint(least, most)))


def run(words: str, properties: str = "") -> str:
    """A run of text."""
    about = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{about}<w:t xml:space="preserve">{words}</w:t></w:r>'


def ruby(c: random.Random) -> str:
    reading = "".join(c.choices("aeiouxyz", k=4))
    return (
        '<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="10"/>'
        '<w:hpsRaise w:val="18"/><w:hpsBaseText w:val="21"/><w:lid w:val="zh-CN"/></w:rubyPr>'
        f"<w:rt>{run(reading)}</w:rt><w:rubyBase>{run(_text(c))}</w:rubyBase></w:ruby></w:r>"
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
    words = f"<w:txbxContent><w:p>{run(_text(c))}</w:p></w:txbxContent>"
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
        f"{words}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:rect><v:textbox>"
        f"{words}</v:textbox></v:rect></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def _change(kind: str, words: str) -> str:
    inner = run(words)
    if kind in ("del", "moveFrom"):
        inner = inner.replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ")
    return f"<w:{kind} {_BY}>{inner}</w:{kind}>"


INLINE: Mapping[str, Maker] = {
    "ruby": ruby,
    "sym": sign,
    "circled": lambda c: field(rf" eq \o\ac(○,{c.randint(1, 20)}) "),
    "ruby as field": lambda c: field(
        rf" EQ \* jc2 \* hps10 \o\ad(\s\up 9(yan),{c.choice(_WORDS)}) "
    ),
    "fraction": lambda c: field(rf" EQ \f({c.randint(1, 9)},{c.randint(2, 9)}) "),
    "field": lambda c: field(' QUOTE "x" ', _text(c)),
    "simple field": lambda c: f'<w:fldSimple w:instr=" AUTHOR ">{run(_text(c))}</w:fldSimple>',
    "link": lambda c: field(' HYPERLINK "http://www.example.cn/a" ', _text(c)),
    "superscript": lambda c: run(str(c.randint(1, 9)), '<w:vertAlign w:val="superscript"/>'),
    "superscript words": lambda c: run(_text(c, 1, 2), '<w:vertAlign w:val="superscript"/>'),
    "struck": lambda c: run(_text(c), "<w:strike/>"),
    "hidden": lambda c: run(_text(c), "<w:vanish/>"),
    "capitals": lambda c: run("abc", "<w:caps/>"),
    "inserted": lambda c: _change("ins", _text(c)),
    "deleted": lambda c: _change("del", _text(c)),
    "control": lambda c: f"<w:sdt><w:sdtPr/><w:sdtContent>{run(_text(c))}</w:sdtContent></w:sdt>",
    "tag": lambda c: f'<w:smartTag w:uri="x" w:element="y">{run(_text(c))}</w:smartTag>',
    "direction": lambda c: f'<w:dir w:val="ltr">{run(_text(c))}</w:dir>',
    "formula": lambda c: (
        f"<m:oMath><m:r><m:t>{c.choice('abxy')}={c.randint(2, 99)}</m:t></m:r></m:oMath>"
    ),
    "box": textbox,
    "note": lambda c: '<w:r><w:footnoteReference w:id="2"/></w:r>',
    "end note": lambda c: '<w:r><w:endnoteReference w:id="2"/></w:r>',
    "soft return": lambda c: f"{run(_text(c))}<w:r><w:br/></w:r>{run(_text(c) + '。')}",
    "page break": lambda c: f'<w:r><w:br w:type="page"/></w:r>{run(_text(c) + "。")}',
    "tab": lambda c: f"<w:r><w:tab/></w:r>{run(_text(c))}",
    "hyphen": lambda c: f"<w:r><w:noBreakHyphen/></w:r>{run(_text(c))}",
    "symbol face": lambda c: run("\uf0fc", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
}  # fmt: skip


def _numbered(c: random.Random) -> str:
    number, depth = c.randint(50, 50 + len(_FORMS) * len(_LABELS) - 1), c.randint(0, 1)
    place = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return "".join(
        f"<w:p><w:pPr>{place}</w:pPr>{run(_text(c) + '。')}</w:p>" for _ in range(c.randint(1, 4))
    )


def _table(c: random.Random) -> str:
    def cell(inner: str, about: str = "") -> str:
        return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>{about}</w:tcPr>{inner}</w:tc>'

    plain = f"<w:p>{run(_text(c))}</w:p>"
    inner = c.choice([plain, plain + _table(c) + "<w:p/>"]) if c.random() < 0.3 else plain
    rows = [
        cell(plain, '<w:gridSpan w:val="2"/>'),
        cell(inner) + cell(f"<w:p>{run(_text(c))}</w:p>"),
    ]
    grid = '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>'
    head = f'<w:tbl><w:tblPr><w:tblW w:w="4000" w:type="dxa"/></w:tblPr>{grid}'
    return head + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl><w:p/>"


BLOCKS: Mapping[str, Maker] = {
    "numbered": _numbered,
    "table": _table,
    "control": lambda c: (
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run(_text(c) + '。')}</w:p></w:sdtContent></w:sdt>"
    ),
    "heading": lambda c: f'<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr>{run(_text(c))}</w:p>',
    "broken paragraph": lambda c: (
        f'<w:p>{run(_text(c))}<w:r><w:br w:type="page"/></w:r></w:p>'
        f"<w:p>{run(_text(c) + '。')}</w:p>"
    ),
    "deleted end": lambda c: (
        f"<w:p><w:pPr><w:rPr><w:del {_BY}/></w:rPr></w:pPr>{run(_text(c))}</w:p>"
        f"<w:p>{run(_text(c) + '。')}</w:p>"
    ),
}


def _lists(root: etree._Element) -> None:
    """Add a list of every form and label to the numbering."""
    first = root.find(q("num"))
    for place, (form, label) in enumerate((f, t) for f in _FORMS for t in _LABELS):
        sign_ = "•" if form == "bullet" else label
        levels = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff '
            f'w:val="nothing"/><w:lvlText w:val="{sign_.replace("%1", f"%{depth + 1}")}"/></w:lvl>'
            for depth in range(2)
        )
        number = 50 + place
        made = (
            f'<w:abstractNum {_DECLARED} w:abstractNumId="{number}">{levels}</w:abstractNum>',
            f'<w:num {_DECLARED} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>',
        )
        assert first is not None
        first.addprevious(etree.fromstring(made[0]))
        root.append(etree.fromstring(made[1]))


def _notes(root: etree._Element, kind: str, chance: random.Random) -> str:
    """The notes that a text refers to, in its order, as LibreOffice expects them."""
    notes = ""
    for number, reference in enumerate(root.iter(q(f"{kind}Reference")), 2):
        reference.set(q("id"), str(number))
        notes += f'<w:{kind} w:id="{number}"><w:p>{run(_text(chance))}</w:p></w:{kind}>'
    apart = "".join(
        f'<w:{kind} w:type="{name}" w:id="{number}"><w:p><w:r><w:{name}/></w:r></w:p></w:{kind}>'
        for number, name in enumerate(("separator", "continuationSeparator"))
    )
    return f"<w:{kind}s {_DECLARED}>{apart}{notes}</w:{kind}s>"


def _base() -> dict[str, bytes]:
    """A report of two sections, without page numbers."""
    blocks = [
        heading(1, "overview", "一、总体情况"),
        paragraph("overview", "全年依法办理各项政府信息公开事务，没有收到投诉。"),
        heading(1, "other", "六、其他需要报告的事项"),
        paragraph("other", "本年度没有其他需要报告的事项。"),
    ]
    files = parts(render_docx(document_of(*blocks)))
    root = etree.fromstring(files[BODY])
    for reference in [*root.iter(q("footerReference"), q("headerReference"))]:
        reference.getparent().remove(reference)  # type: ignore[union-attr]
    numbering = etree.fromstring(files["word/numbering.xml"])
    _lists(numbering)
    types = files["[Content_Types].xml"].decode()
    relations = files["word/_rels/document.xml.rels"].decode()
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    for kind in (f"{note}s" for note in _NOTES):
        types = types.replace(
            "</Types>",
            f'<Override PartName="/word/{kind}.xml" ContentType="{main}.{kind}+xml"/></Types>',
        )
        relations = relations.replace(
            "</Relationships>",
            f'<Relationship Id="rId9{kind}" Type="{SPACES["r"]}/{kind}" '
            f'Target="{kind}.xml"/></Relationships>',
        )
    return {
        **files,
        BODY: etree.tostring(root),
        "word/numbering.xml": etree.tostring(numbering),
        "[Content_Types].xml": types.encode(),
        "word/_rels/document.xml.rels": relations.encode(),
    }


def edited_files(count: int, seed: int, most: int = 4) -> Iterable[tuple[str, bytes]]:
    """Word files with a few of all constructs each: their names, and the files."""
    base = _base()
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        root = etree.fromstring(base[BODY])
        body = root.find(q("body"))
        assert body is not None
        names = []
        for _ in range(chance.randint(1, most)):
            places = [p for p in body.iterchildren(q("p")) if p.find(q("r")) is not None][1:]
            place = chance.choice(places)
            name = chance.choice([*INLINE, *BLOCKS, "numbered"])
            made = (BLOCKS if name in BLOCKS and chance.random() < 0.9 else INLINE).get(name)
            if made is None:
                made = BLOCKS[name]
            names.append(name)
            wrapped = etree.fromstring(f"<x {_DECLARED}>{made(chance)}</x>")
            if made in BLOCKS.values():
                for element in reversed(wrapped):
                    place.addnext(element)
            else:
                target = chance.choice([next(place.iterchildren(q("r"))), place[-1]])
                for element in reversed(wrapped):
                    target.addnext(element)
        notes = {f"word/{k}s.xml": _notes(root, k, chance).encode() for k in _NOTES}
        yield (
            f"{number:05}: {'、'.join(names)}",
            zipped({**base, **notes, BODY: etree.tostring(root)}),
        )


def convert(
    files: Mapping[str, bytes], form: str, folder: Path, batch: int = 100
) -> dict[str, bytes]:
    """Let LibreOffice save files as ``pdf`` or ``docx``, many at once; those that it made."""
    source, target = folder / "in", folder / f"out-{form}"
    source.mkdir(exist_ok=True, parents=True)
    wanted = {"docx": "docx:MS Word 2007 XML", "pdf": "pdf"}[form]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    environment = with_chinese_font(folder)
    names = list(files)
    for start in range(0, len(names), batch):
        some = names[start : start + batch]
        for name in some:
            (source / f"{name}.docx").write_bytes(files[name])
        command = [office(), profile, "--headless", "--convert-to", wanted, "--outdir", str(target)]
        paths = [str(source / f"{name}.docx") for name in some]
        subprocess.run([*command, *paths], check=True, capture_output=True, env=environment)
        for name in some:
            (source / f"{name}.docx").unlink()
    found = {name: target / f"{name}.{form}" for name in names}
    return {name: file.read_bytes() for name, file in found.items() if file.is_file()}


_SAME = str.maketrans({"−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-", "·": "•", "◦": "•"})


def signs(text: str) -> Counter[str]:
    """The visible characters of a text, counted; two that look the same are one."""
    bare = unicodedata.normalize("NFKC", text).translate(_SAME)
    return Counter(c for c in bare if unicodedata.category(c)[0] not in "CZ")


def printed(pdf: bytes) -> Counter[str]:
    """The characters that LibreOffice prints."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return signs("".join(pages))


def read(data: bytes) -> tuple[Counter[str], Counter[str]]:
    """The characters that we take as text, and those that we list beside it."""
    edited = open_edited(data)
    word = edited.word
    numbers = ListNumbers(word)
    taken = []
    for paragraph_ in word.body.iter(q("p")):
        place = word.list_place(paragraph_)
        marker = numbers.marker(*place).replace("-", "•") if place else ""
        marker += "()" if place and place[1] == 1 else ""  # an inner item is printed as （1）
        taken.append(marker + paragraph_text(paragraph_))
    texts = "".join(edited.sections.values())
    lines = "".join("".join(line) for _, line in edited.made(load_format()))
    # Whatever a reader of the tree sees must reach a section or what the software made.
    seen = signs("".join(paragraph_text(p) for p in word.body.iter(q("p"))))
    reached = signs(texts + lines + "".join("".join(r) for t in edited.readback.tables for r in t))
    lost = seen - reached
    listed = "".join(beside.found.text for beside in edited.beside)
    # The mark of a note stands in the text and before the note; LibreOffice prints deletions too.
    kinds = Counter(beside.found.kind for beside in edited.beside)
    listed += "".join(str(n) * 2 for n in range(1, kinds["脚注"] + 1))
    listed += "".join(("i", "ii", "iii", "iv", "v", "vi")[n] * 2 for n in range(kinds["尾注"]))
    deleted = "".join(t.text or "" for t in etree.fromstring(parts(data)[BODY]).iter(q("delText")))
    brackets = "[]" * 9 if deleted else ""  # round the number of a list that has a deletion
    return signs("".join(taken)) - lost, signs(listed + deleted + brackets)


def lost_signs(data: bytes, pdf: bytes) -> Counter[str]:
    """What LibreOffice prints of a file and we neither take nor list."""
    taken, listed = read(data)
    return printed(pdf) - taken - listed
