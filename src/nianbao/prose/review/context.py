"""The context of the checks of prose: all that they need to know beside it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from nianbao.inputs.bundle import EditedNumber
from nianbao.prose.review.cells import Cells
from nianbao.statistics.model import Table
from nianbao.statutory import Format
from nianbao.statutory.notices import Notice

_LEVEL = re.compile("(?<=..)[省市县区旗州镇乡]")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Confusable:
    """A word that is often written wrongly."""

    pattern: str
    """Regular expression of the wrong form, with its neighbours as look-around."""
    right: str
    """The right form, for the message."""
    note: str = ""
    """Why, in a few words; may be empty."""


@dataclass(frozen=True, slots=True)
class SensitiveWord:
    """An entry of the local list of 错敏词; ``hard`` ones block publication."""

    word: str
    hard: bool = False
    right: str = ""


@dataclass(frozen=True)
class ReviewContext:
    """What the report is compared with, as frozen values."""

    format_: Format
    """The statutory format, for labels and the two legal documents."""
    name: str
    year: int
    """The reporting body's full name and the year of the report."""
    kind: str = "department"
    """As in agency.yaml: a `government` or `township` reports for its whole area."""
    aliases: tuple[str, ...] = ()
    subordinates: tuple[str, ...] = ()
    """Accepted short names of the body, and names of bodies under it."""
    parent: str | None = None
    """Name of the government it belongs to; it may be named anywhere but in title and signature."""
    other_agencies: tuple[str, ...] = ()
    """Names of the other bodies of the batch."""
    tables: Mapping[str, Table] = field(default_factory=dict)
    previous_tables: Mapping[str, Table] = field(default_factory=dict)
    """Statistics of this and last year by key; may lack any."""
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    """Named figures that are numbers."""
    own_sections: Mapping[str, str] | None = None
    """The body's own wording by section, for Y7 and Y8: without the master's wording, which is the
    same for all, and without what was printed from facts. None: all the prose.
    """
    previous_sections: Mapping[str, str] = field(default_factory=dict)
    """Last year's own wording by section, for Y7."""
    peer_sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Other bodies' own wording by name and section, for Y8. Give only what the bodies wrote
    themselves: the master's wording is the same for all and no fault.
    """
    missing_contacts: tuple[str, ...] = ()
    """Which of 地址, 邮政编码, 电话 and 网址 agency.yaml does not give."""
    earlier_sections: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """The own wording of years before last year, by year, for Y7."""
    confusables: tuple[Confusable, ...] = ()
    sensitive: tuple[SensitiveWord, ...] = ()
    """The bureau's own lists, beside the package's list of confusables."""
    repetition: Decimal = Decimal("0.6")
    """Share of repeated prose from which Y7 and Y8 speak."""
    notice: Notice | None = None
    """What a higher office asks beside the format."""
    report_date: datetime.date | None = None
    """The day that the report bears."""
    missing_letters: frozenset[str] = frozenset()
    """Letters of the text that no typeface of the report has."""
    overridden: tuple[str, ...] = ()
    """Sections whose text was edited in the template, while the body has its own words there."""
    refused: tuple[EditedNumber, ...] = ()
    """Numbers that an edit changed, which the data still print as they were."""

    @cached_property
    def cells(self) -> Cells:
        """This year's tables, cell by cell."""
        return Cells(self.format_, self.tables)

    @cached_property
    def previous_cells(self) -> Cells:
        """Last year's tables, cell by cell."""
        return Cells(self.format_, self.previous_tables)

    @property
    def own_names(self) -> tuple[str, ...]:
        """Every name under which the body and its parts may appear, longest first."""
        names = {self.name, *self.aliases, *self.subordinates} - {""}
        return tuple(sorted(names, key=lambda n: (-len(n), n)))

    @cached_property
    def spoken_names(self) -> tuple[str, ...]:
        """The own names and what is said for them nearby, longest first.

        县水利局 for 示例县水利局, 镇人民政府 for 示例县清溪镇人民政府: without its place.
        """
        tails = {self.name[m.start() :] for m in _LEVEL.finditer(self.name)}
        names = {*self.own_names, *(t for t in tails if len(t) > _SHORTEST)}
        return tuple(sorted(names, key=lambda n: (-len(n), n)))

    @property
    def covers_area(self) -> bool:
        """True if the tables count a whole area and not one body (specification 1.2)."""
        return self.kind in {"government", "township"} or self.name.endswith(
            ("人民政府", "管理委员会", "管委会")
        )
