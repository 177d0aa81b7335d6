"""Word files with everything that editors put into them, at random, and what LibreOffice prints."""

from __future__ import annotations

import random
import re
import resource
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import pypdfium2
from lxml import etree
from tests.documents.sample_blocks import heading, paragraph
from tests.documents.word_constructs import (
    BLOCKS,
    CHUNK_WORDS,
    DECLARED,
    DRAWN_WORDS,
    FORMS,
    INLINE,
    LABELS,
    NOTES,
    SPACES,
    field,
    related_parts,
    run,
    words,
)
from tests.documents.word_files import BODY, document_of, parts, q, zipped
from tests.programs import office, with_chinese_font

from nianbao.documents.readback import open_edited
from nianbao.documents.word import render_docx
from nianbao.files.word import open_word, paragraph_text
from nianbao.files.word.text import ListNumbers
from nianbao.statutory import load_format


def _lists(root: etree._Element) -> None:
    """Add a list of every form and label to the numbering."""
    first = root.find(q("num"))
    for place, (form, label) in enumerate((f, t) for f in FORMS for t in LABELS):
        sign_ = "•" if form == "bullet" else label
        levels = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff '
            f'w:val="nothing"/><w:lvlText w:val="{sign_.replace("%1", f"%{depth + 1}")}"/></w:lvl>'
            for depth in range(2)
        )
        number = 50 + place
        made = (
            f'<w:abstractNum {DECLARED} w:abstractNumId="{number}">{levels}</w:abstractNum>',
            f'<w:num {DECLARED} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>',
        )
        assert first is not None
        first.addprevious(etree.fromstring(made[0]))
        root.append(etree.fromstring(made[1]))


def _notes(root: etree._Element, kind: str, chance: random.Random) -> str:
    """The notes that a text refers to, in its order, as LibreOffice expects them."""
    notes = ""
    names = [q(f"{kind}{end}") for end in ("RangeStart", "RangeEnd")]
    ranges = [list(root.iter(name)) for name in names]
    for number, reference in enumerate(root.iter(q(f"{kind}Reference")), 2):
        for each in (reference, *(found[number - 2] for found in ranges if found)):
            each.set(q("id"), str(number))
        author = ' w:author="局长"' if kind == "comment" else ""
        text = f"<w:p>{run(words(chance))}</w:p>"
        notes += f'<w:{kind} w:id="{number}"{author}>{text}</w:{kind}>'
    apart = "".join(
        f'<w:{kind} w:type="{name}" w:id="{number}"><w:p><w:r><w:{name}/></w:r></w:p></w:{kind}>'
        for number, name in enumerate(("separator", "continuationSeparator"))
        if kind != "comment"
    )
    return f"<w:{kind}s {DECLARED}>{apart}{notes}</w:{kind}s>"


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
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    main, space = f"{word}.document.main+xml", SPACES["r"]
    chunk = zipped(files | {BODY: _replaced(files[BODY], "全年依法办理", CHUNK_WORDS[-1])})
    related = [
        *related_parts(),
        ("rIdChunk4", f"{space}/aFChunk", "afchunks/chunk.docx", main, chunk),
        *((f"rId9{k}s", f"{space}/{k}s", f"{k}s.xml", f"{word}.{k}s+xml", b"") for k in NOTES),
        *(
            (f"rIdOwn{k}", f"{space}/{k}", f"{k}9.xml", f"{word}.{k}+xml", b"")
            for k in ("header", "footer")
        ),
    ]
    for number, kind, name, form, _ in related:
        part = f'<Override PartName="/word/{name}" ContentType="{form}"/></Types>'
        types = types.replace("</Types>", part)
        relation = f'<Relationship Id="{number}" Type="{kind}" Target="{name}"/></Relationships>'
        relations = relations.replace("</Relationships>", relation)
    return {
        **files,
        **{f"word/{name}": content for _, _, name, _, content in related},
        BODY: etree.tostring(root),
        "word/numbering.xml": etree.tostring(numbering),
        "[Content_Types].xml": types.encode(),
        "word/_rels/document.xml.rels": relations.encode(),
    }


def _replaced(part: bytes, old: str, new: str) -> bytes:
    return etree.tostring(etree.fromstring(part), encoding="unicode").replace(old, new).encode()


def _margins(body: etree._Element, chance: random.Random) -> dict[str, bytes]:
    """A page head and a page foot, which only some files have."""
    settings = body.find(q("sectPr"))
    assert settings is not None
    number = field(" PAGE ", "1")
    inner = {
        "header": run(words(chance) + str(chance.randint(10, 99))),
        "footer": run(words(chance)),
    }
    for kind in inner:
        if chance.random() < 0.3:
            source = f'<w:{kind}Reference {DECLARED} w:type="default" r:id="rIdOwn{kind}"/>'
            settings.insert(0, etree.fromstring(source))
    return {
        f"word/{kind}9.xml": (
            f"<w:{short} {DECLARED}><w:p>{inner[kind]}{number}</w:p></w:{short}>"
        ).encode()
        for kind, short in (("header", "hdr"), ("footer", "ftr"))
    }


def edited_files(
    count: int, seed: int, most: int = 4, first: int = 0
) -> Iterable[tuple[str, bytes]]:
    """Word files with a few of all constructs each: their names, and the files."""
    base = _base()
    for number in range(first, count):
        chance = random.Random(f"{seed}-{number}")
        root = etree.fromstring(base[BODY])
        body = root.find(q("body"))
        assert body is not None
        names = []
        for _ in range(chance.randint(1, most)):
            places = [p for p in body.iterchildren(q("p")) if p.find(q("r")) is not None][1:]
            place = chance.choice(places)
            name = chance.choice([*INLINE, *BLOCKS, "numbered"])
            if name == "page break" and place.find(f".//{q('numPr')}") is not None:
                continue  # Word goes on with the item; LibreOffice makes another of the rest
            made = (BLOCKS if name in BLOCKS and chance.random() < 0.9 else INLINE).get(name)
            if made is None:
                made = BLOCKS[name]
            names.append(name)
            wrapped = etree.fromstring(f"<x {DECLARED}>{made(chance)}</x>")
            if made in BLOCKS.values():
                for element in reversed(wrapped):
                    place.addnext(element)
            else:
                target = chance.choice([next(place.iterchildren(q("r"))), place[-1]])
                for element in reversed(wrapped):
                    target.addnext(element)
        margins = _margins(body, chance)
        notes = {f"word/{k}s.xml": _notes(root, k, chance).encode() for k in NOTES}
        yield (
            f"{number:05}: {'、'.join(names)}",
            zipped({**base, **notes, **margins, BODY: etree.tostring(root)}),
        )


_CPU = 300
"""Seconds of processor time for a batch, of which it takes a fifth at most."""


def convert(
    files: Mapping[str, bytes], form: str, folder: Path, batch: int = 100
) -> dict[str, bytes]:
    """Let LibreOffice save files as ``pdf`` or ``docx``, many at once; those that it made."""
    source, target = folder / "in", folder / f"out-{form}"
    source.mkdir(exist_ok=True, parents=True)
    wanted = {"docx": "docx:MS Word 2007 XML", "pdf": "pdf"}[form]
    environment = with_chinese_font(folder)
    names = list(files)
    for start in range(0, len(names), batch):
        some = names[start : start + batch]
        for name in some:
            (source / f"{name}.docx").write_bytes(files[name])
        left = some
        while left:
            # One that was killed leaves a profile with which the next does nothing.
            profile = (folder / f"profile{len(some) - len(left)}").as_uri()
            command = [
                office(), f"-env:UserInstallation={profile}", "--headless",
                "--convert-to", wanted, "--outdir", str(target),
            ]  # fmt: skip
            paths = [str(source / f"{name}.docx") for name in left]
            limited = partial(resource.setrlimit, resource.RLIMIT_CPU, (_CPU, _CPU))
            ended = subprocess.run(
                [*command, *paths], capture_output=True, env=environment, preexec_fn=limited
            )  # fmt: skip
            missing = [n for n in left if not (target / f"{n}.{form}").is_file()]
            if not missing or missing == left:
                ended.check_returncode()
                break
            # One file in thousands keeps it busy for ever (7.4): it goes on with the next.
            left = left[left.index(missing[0]) + 1 :]
        for name in some:
            (source / f"{name}.docx").unlink()
    found = {name: target / f"{name}.{form}" for name in names}
    return {name: file.read_bytes() for name, file in found.items() if file.is_file()}


_LABEL = re.compile(r"第\w{1,3}条|[（(]?\w{1,3}[)）、.]|\w")
_SAME = str.maketrans({"−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-", "·": "•", "◦": "•"})


def signs(text: str) -> Counter[str]:
    """The visible characters of a text, counted; two that look the same are one.

    Capitals are small letters here: LibreOffice sets a reading beside capitals in capitals.
    """
    bare = unicodedata.normalize("NFKC", text).casefold().translate(_SAME)
    return Counter(c for c in bare if unicodedata.category(c)[0] not in "CZ")


def printed(pdf: bytes) -> tuple[Counter[str], int]:
    """The characters that LibreOffice prints, and on how many pages."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return signs("".join(pages)), len(pages)


def read(data: bytes, pages: int) -> tuple[Counter[str], Counter[str]]:
    """The characters that we take as text, and those that we list beside it."""
    edited = open_edited(data)
    word = open_word(data)
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
    # A page head stands on every page, with a number that we know to be the page's.
    margins = {"页眉": pages, "页脚": pages}
    listed = "".join(b.found.text * margins.get(b.found.kind, 1) for b in edited.beside)
    listed += "".join(str(number) * 2 for number in range(1, pages + 1))
    if edited.pictures and any(name.endswith((".emf", ".wmf")) for name in parts(data)):
        # LibreOffice draws a graphic in a frame anew, as a picture; it is listed as one.
        listed += "".join(DRAWN_WORDS) * len(edited.pictures)
    # The mark of a note stands in the text and before the note; LibreOffice prints deletions too.
    kinds = Counter(beside.found.kind for beside in edited.beside)
    listed += "".join(str(n) * 2 for n in range(1, kinds["脚注"] + 1))
    listed += "".join(("i", "ii", "iii", "iv", "v", "vi")[n] * 2 for n in range(kinds["尾注"]))
    root = etree.fromstring(parts(data)[BODY])
    gone = [
        *root.iter(q("delText")),
        *(t for m in root.iter(q("moveFrom")) for t in m.iter(q("t"))),
    ]
    deleted = "".join(t.text or "" for t in gone)
    if gone or any(True for _ in root.iter(q("del"), q("moveFrom"), q("ins"), q("moveTo"))):
        # Where changes are tracked, the numbers of lists are printed as they were, in brackets.
        deleted += "[]" * 9 + "".join(m[0] for text in taken if (m := _LABEL.match(text)))
    return signs("".join(taken)) - lost, signs(listed + deleted)


def lost_signs(data: bytes, pdf: bytes) -> Counter[str]:
    """What LibreOffice prints of a file, or what is a comment in it, that we do not give."""
    shown, pages = printed(pdf)
    taken, listed = read(data, pages)
    comments = etree.fromstring(parts(data).get("word/comments.xml", b"<none/>"))
    unlisted = unprinted(data) - listed
    own = signs("".join(c.text for c in open_edited(data).comments))
    written = signs("".join(t.text or "" for t in comments.iter(q("t"))))
    return (shown - taken - listed) + (written - own) + unlisted


def unprinted(data: bytes) -> Counter[str]:
    """What Word shows and LibreOffice does not print here: formulas, and files taken in."""
    root = etree.fromstring(parts(data)[BODY])
    space = f"{{{SPACES['m']}}}"
    names = (f"{space}{name}" for name in ("chr", "begChr", "endChr"))
    found = [t.text or "" for t in root.iter(f"{space}t")]
    found += [sign.get(f"{space}val", "") for sign in root.iter(*names)]
    chunks = {f"rIdChunk{n}": words for n, words in enumerate(CHUNK_WORDS, 1)}
    found += [chunks[c.get(f"{{{SPACES['r']}}}id", "")] for c in root.iter(q("altChunk"))]
    return signs("".join(found))
