"""The letters, lines and pictures of a PDF's pages, and what its tags say of them.

PDFium is the reader of Chromium: it had no part in writing a file of ours, and it understands what
other programs write. All lengths are points from the top left corner of the page as it is shown.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from nianbao.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import pypdfium2
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Tag:
    """An element of the file's structure; ``node`` tells it from all others of the file.

    ``alt`` is what is read out in place of a figure.
    """

    kind: str
    node: int
    alt: str = ""

    @property
    def level(self) -> int:
        """The level of a heading (1 for H1), else 0."""
        return int(self.kind[1:]) if self.kind[:1] == "H" and self.kind[1:].isdigit() else 0


TagPath = tuple[Tag, ...]
Tags = Mapping[int, Mapping[int, TagPath]]
"""By page and number of the marked content: the elements around it, the outermost first."""


def read_tags(data: bytes) -> Tags:
    """Read the tags of a PDF; one without tags, or with a damaged tree of them, has none.

    With pikepdf, which gives an element that goes over two pages to both.
    """
    import pikepdf

    tags: dict[int, dict[int, TagPath]] = {}
    damaged = (AttributeError, KeyError, RecursionError, TypeError, ValueError, pikepdf.PdfError)
    try:
        with pikepdf.open(BytesIO(data)) as file:
            numbers = {page.objgen: number for number, page in enumerate(file.pages, 1)}
            root = file.Root.get("/StructTreeRoot")
            if not isinstance(root, pikepdf.Dictionary):
                return {}
            walk = _Walk(root)
            walk.through(root.get("/K"), None, ())
            for (page, mark), path in walk.paths.items():
                tags.setdefault(numbers[page], {})[mark] = path
    except damaged:
        return {}  # the letters can still be read
    return tags


class _Walk:
    """A walk through the structure, numbering its elements.

    ``paths`` are by page and number of the marked content: the elements around it.
    """

    def __init__(self, root: Any) -> None:
        self.paths: dict[tuple[tuple[int, int], int], TagPath] = {}
        self._numbers = count(1)
        self._roles = {str(own): str(role) for own, role in dict(root.get("/RoleMap", {})).items()}

    def through(self, kids: Any, page: Any, path: TagPath) -> None:
        """Go through each piece of marked content below an element, or the kids of one."""
        import pikepdf

        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                at = kid.get("/Pg", page)
                if (kind := kid.get("/S")) is not None:
                    own = str(kind)
                    name = self._roles.get(own, own)[1:]
                    alt = str(kid.get("/Alt", "")) if name == "Figure" else ""
                    self.through(kid.get("/K"), at, (*path, Tag(name, next(self._numbers), alt)))
                elif (mark := kid.get("/MCID")) is not None:
                    self.paths[at.objgen, int(mark)] = path
            elif kid is not None and page is not None:
                self.paths[page.objgen, int(kid)] = path


EM_TOP = 0.88
"""Where the square of a full-width character begins above the base line, in em."""

MOST_CORNERS = 2000
"""A path of more corners is a drawing, not the lines of a table."""

_WIDE = 0x2E80  # from here on characters are Chinese, and as wide as high
_STRAIGHT = 0.01  # points by which a line may lean

_HYPHEN, _NOTHING = 2, {0xFFFE, 0xFFFF}
UNREADABLE = 0xFFFD
"""Stands for a letter of which the file does not say which it is; left out, 12 would become 2."""
_LOCK = threading.Lock()
"""PDFium is made for one thread at a time."""


class Letter(NamedTuple):
    """A printed letter that stands upright, in its full-width square.

    ``mark`` is the number of its marked content, by which a tag names it, or -1.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    font: str
    mark: int


class Edge(NamedTuple):
    """A straight line, upright or level, of a rule, a frame or a filled shape."""

    x0: float
    top: float
    x1: float
    bottom: float
    is_rule: bool
    """Drawn as a line, not as the side of a shape."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page as read; ``labels`` are the letters of figures, where they were asked for."""

    number: int
    width: float
    height: float
    letters: tuple[Letter, ...]
    labels: tuple[Letter, ...]
    edges: tuple[Edge, ...]
    pictures: int


Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


def _then(first: Matrix, second: Matrix) -> Matrix:
    """Apply one mapping after the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
            e * p + f * r + t, e * q + f * s + u)  # fmt: skip


def _at(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _shown(page: Any) -> tuple[Matrix, float, float]:
    """Return how the page's own points come to lie on the page as it is shown, and its size."""
    left, bottom, right, top = page.get_bbox()
    turns: dict[int, Matrix] = {
        0: (1, 0, 0, -1, -left, top),
        90: (0, 1, 1, 0, -bottom, -left),
        180: (-1, 0, 0, 1, right, -bottom),
        270: (0, -1, -1, 0, top, right),
    }
    return turns[page.get_rotation()], *page.get_size()


class _Setting(NamedTuple):
    """What the letters of one text object share, and where they belong.

    ``width`` is the size across.
    """

    letters: list[Letter]
    mark: int
    font: _Font
    size: float
    width: float


class _Font:
    """A typeface of the page, and how far its letters lead on, in em."""

    def __init__(self, address: int) -> None:
        import pypdfium2.raw as pdfium

        self._handle = ctypes.cast(address, pdfium.FPDF_FONT)
        self._width_of = pdfium.FPDFFont_GetGlyphWidth
        self.advances: dict[int, float] = {}
        buffer = ctypes.create_string_buffer(256)
        pdfium.FPDFFont_GetBaseFontName(self._handle, buffer, 256)
        self.name = buffer.value.decode("utf-8", "replace").split("+")[-1]

    def advance(self, code: int) -> float:
        """Return how far a letter leads on.

        Where its font does not say, it leads on as such letters mostly do.
        """
        em = self.advances.get(code)
        if em is None:
            width = ctypes.c_float()
            self._width_of(self._handle, code, 1000.0, width)
            em = self.advances[code] = width.value / 1000 or (0.5 if code < _WIDE else 1.0)
        return em


class _Calls(NamedTuple):
    """What is asked of PDFium for each object and letter, with addresses as numbers.

    A pointer as an object, as pypdfium2 has it, takes longer than all else that a letter does.
    """

    object_at: Callable[[int, int], int]
    """Of a page, by place."""
    kind: Callable[[int], int]
    mark: Callable[[int], int]
    font: Callable[[int], int]
    """Of an object."""
    letter: Callable[[int, int], int]
    owner: Callable[[int, int], int | None]
    size: Callable[[int, int], float]
    matrix: Callable[[int, int, int], int]
    origin: Callable[[int, int, int, int], int]
    """Of a page's text and the number of a letter; the last ones write where they are told."""


@cache
def _calls() -> _Calls:
    import pypdfium2.raw as pdfium

    def plain(function: Any, result: Any, *given: Any) -> Any:
        where = _address(function)
        return ctypes.CFUNCTYPE(result, *given)(where)

    at, whole, size = ctypes.c_void_p, ctypes.c_int, ctypes.c_double
    return _Calls(
        plain(pdfium.FPDFPage_GetObject, at, at, whole),
        plain(pdfium.FPDFPageObj_GetType, whole, at),
        plain(pdfium.FPDFPageObj_GetMarkedContentID, whole, at),
        plain(pdfium.FPDFTextObj_GetFont, at, at),
        plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint, at, whole),
        plain(pdfium.FPDFText_GetTextObject, at, at, whole),
        plain(pdfium.FPDFText_GetFontSize, size, at, whole),
        plain(pdfium.FPDFText_GetMatrix, whole, at, whole, at),
        plain(pdfium.FPDFText_GetCharOrigin, whole, at, whole, at, at),
    )


def _address(pointer: Any) -> int:
    """Return where a pointer or a function of PDFium's points to."""
    where = ctypes.cast(pointer, ctypes.c_void_p).value
    assert where
    return where


class _Reader:
    """Reads one page after another; what PDFium answers into is made once."""

    def __init__(
        self, number: int, page: pypdfium2.PdfPage, figures: frozenset[int], with_labels: bool
    ) -> None:
        import pypdfium2.raw as pdfium

        self.pdfium, self.page, self.number = pdfium, page, number
        self.figures, self.with_labels = figures, with_labels
        self.matrix, self.width, self.height = _shown(page)
        self.letters: list[Letter] = []
        self.labels: list[Letter] = []
        self.edges: list[Edge] = []
        self.pictures = 0
        self._x, self._y = ctypes.c_float(), ctypes.c_float()
        self._found, self._calls = pdfium.FS_MATRIX(), _calls()
        self._in_figures: set[int] = set()
        self._fonts: dict[int, _Font] = {}

    def read(self) -> PdfPage:
        page, object_at = _address(self.page.raw), self._calls.object_at
        for place in range(self.pdfium.FPDFPage_CountObjects(self.page)):
            self._read_object(object_at(page, place), self.matrix, False)
        self._read_letters()
        letters, labels, edges = tuple(self.letters), tuple(self.labels), tuple(self.edges)
        return PdfPage(self.number, self.width, self.height, letters, labels, edges, self.pictures)

    # Letters.

    def _read_letters(self) -> None:
        # Called for each letter of the page: nothing is made here that can be made before.
        page = self.page.get_textpage()
        text, code_of, owner_of = _address(page.raw), self._calls.letter, self._calls.owner
        place_of, new = self._calls.origin, tuple.__new__
        x, y = ctypes.c_double(), ctypes.c_double()
        to_x, to_y = ctypes.addressof(x), ctypes.addressof(y)
        a, b, c, d, e, f = self.matrix
        first_half = before = 0
        for number in range(page.count_chars()):
            code = code_of(text, number)
            if 0xD800 <= code < 0xDC00:  # PDFium gives a rare character in two halves
                first_half = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((first_half & 0x3FF) << 10) + (code & 0x3FF)
            owner = owner_of(text, number)
            if code in _NOTHING or not owner:
                continue  # a blank or a line's end that PDFium adds
            code = code or UNREADABLE
            if owner != before:
                before = owner
                setting = self._setting(owner, text, number)
                if setting is not None:
                    letters, mark, font, size, width = setting
                    name, advances = font.name, font.advances
            if setting is None:
                continue
            code = ord("-") if code == _HYPHEN else code
            place_of(text, number, to_x, to_y)
            x0 = a * x.value + c * y.value + e
            top = b * x.value + d * y.value + f - EM_TOP * size
            x1 = x0 + width * (advances.get(code) or font.advance(code))
            letters.append(new(Letter, (chr(code), x0, x1, top, top + size, size, name, mark)))

    def _setting(self, owner: int, text: int, number: int) -> _Setting | None:
        """Read what all letters of one text object share; None where they are not asked for."""
        calls, found = self._calls, self._found
        mark = calls.mark(owner)
        letters = self.letters
        if mark in self.figures or owner in self._in_figures:
            if not self.with_labels:
                return None
            letters = self.labels
        calls.matrix(text, number, ctypes.addressof(found))
        a, b, c, d, _, _ = self.matrix
        along, down, right, up = found.a, found.b, found.c, found.d
        across, slant = along * a + down * c, along * b + down * d
        if abs(slant) >= abs(across) * 0.01:  # it does not stand upright
            return None
        nominal = calls.size(text, number)
        size = round(nominal * abs(right * b + up * d), 3)
        return _Setting(letters, mark, self._font(calls.font(owner)), size, nominal * abs(across))

    def _font(self, address: int) -> _Font:
        if address not in self._fonts:
            self._fonts[address] = _Font(address)
        return self._fonts[address]

    # Lines and pictures.

    def _read_object(self, item: int, matrix: Matrix, in_figure: bool) -> None:
        pdfium, calls = self.pdfium, self._calls
        kind = calls.kind(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            if in_figure:
                self._in_figures.add(item)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self.pictures += 1
        elif kind in (pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_PATH):
            in_figure = in_figure or calls.mark(item) in self.figures
            at, found = ctypes.cast(item, pdfium.FPDF_PAGEOBJECT), self._found
            pdfium.FPDFPageObj_GetMatrix(at, found)
            own = _then((found.a, found.b, found.c, found.d, found.e, found.f), matrix)
            if kind == pdfium.FPDF_PAGEOBJ_FORM:
                for place in range(pdfium.FPDFFormObj_CountObjects(at)):
                    inner = _address(pdfium.FPDFFormObj_GetObject(at, place))
                    self._read_object(inner, own, in_figure)
            elif not in_figure:
                self._read_path(at, own)

    def _read_path(self, item: Any, matrix: Matrix) -> None:
        """Take the upright and level lines of a path."""
        pdfium, x, y = self.pdfium, self._x, self._y
        count = pdfium.FPDFPath_CountSegments(item)
        if count > MOST_CORNERS:
            return
        start = last = (0.0, 0.0)
        lines: list[tuple[Point, Point]] = []
        for place in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(item, place)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            point = _at(matrix, x.value, y.value)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                self._add_edges(lines)
                start, lines = point, []
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                lines.append((last, point))
            last = point
            if pdfium.FPDFPathSegment_GetClose(segment):
                lines.append((last, start))
                last = start
        self._add_edges(lines)

    def _add_edges(self, lines: list[tuple[Point, Point]]) -> None:
        for (ax, ay), (bx, by) in lines:
            level, upright = abs(ay - by) < _STRAIGHT, abs(ax - bx) < _STRAIGHT
            if level != upright:
                x0, x1 = (ax, bx) if ax < bx else (bx, ax)
                top, bottom = (ay, by) if ay < by else (by, ay)
                self.edges.append(Edge(x0, top, x1, bottom, len(lines) <= 2))


def _figures(marks: Mapping[int, TagPath]) -> frozenset[int]:
    return frozenset(m for m, path in marks.items() if any(tag.kind == "Figure" for tag in path))


def read_page_contents(
    data: bytes, tags: Tags, *, with_labels: bool = False
) -> tuple[PdfPage, ...]:
    """Read the pages of a PDF; what is tagged as a figure is neither text nor a table.

    ``with_labels``: the letters in figures, too, of which charts have as many as the text.

    Raises
    ------
    InputError
        It is not a PDF, is damaged, or has a password.
    """
    import pypdfium2

    with _LOCK:
        try:
            file = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise InputError("不是可以读取的 PDF 文件，请核对文件是否完整") from error
        try:
            return tuple(
                _Reader(number, page, _figures(tags.get(number, {})), with_labels).read()
                for number, page in enumerate(file, 1)
            )
        except pypdfium2.PdfiumError as error:
            raise InputError("PDF 已损坏，读不出来，请核对文件是否完整") from error
        finally:
            file.close()


def draw_page(
    data: bytes, number: int, dots: int, cut: tuple[float, float, float, float]
) -> NDArray[np.uint8]:
    """Draw a page in grey, ``dots`` to the inch.

    ``cut`` is what is left out on the left, below, on the right and above, in points.
    """
    import pypdfium2

    with _LOCK:
        file = pypdfium2.PdfDocument(data)
        try:
            drawn = file[number - 1].render(scale=dots / 72, crop=cut, grayscale=True)
            grey: NDArray[np.uint8] = drawn.to_numpy().copy().reshape(drawn.height, drawn.width)
            return grey
        finally:
            file.close()
