"""What the tags of a PDF say of its letters: heading, caption, figure, item of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from typing import Any


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
            for page, mark, path in _Walk(root).marked(root.get("/K"), None, ()):
                tags.setdefault(numbers[page], {})[mark] = path
    except damaged:
        return {}  # the letters can still be read
    return tags


class _Walk:
    """A walk through the structure, numbering its elements."""

    def __init__(self, root: Any) -> None:
        self._numbers = count(1)
        self._roles = {str(own): str(role) for own, role in dict(root.get("/RoleMap", {})).items()}

    def marked(
        self, kids: Any, page: Any, path: TagPath
    ) -> Iterator[tuple[tuple[int, int], int, TagPath]]:
        """Go through each piece of marked content: its page, its number, the elements around."""
        import pikepdf

        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                at = kid.get("/Pg", page)
                if "/S" in kid:
                    own = str(kid.S)
                    kind = self._roles.get(own, own)[1:]
                    alt = str(kid.get("/Alt", "")) if kind == "Figure" else ""
                    tag = Tag(kind, next(self._numbers), alt)
                    yield from self.marked(kid.get("/K"), at, (*path, tag))
                elif "/MCID" in kid:
                    yield at.objgen, int(kid.MCID), path
            elif kid is not None and page is not None:
                yield page.objgen, int(kid), path
