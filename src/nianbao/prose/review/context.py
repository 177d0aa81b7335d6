"""The context of the checks of prose: all that they need to know beside it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from nianbao.prose.review.cells import Cells
from nianbao.statistics.model import Table
from nianbao.statutory import Format
from nianbao.statutory.notices import Notice


@dataclass(frozen=True, slots=True)
class Confusable:
    """A word that is often written wrongly."""

    # Regular expression of the wrong form, with its neighbours as look-around.
    pattern: str
    right: str  # the right form, for the message
    note: str = ""  # why, in a few words; may be empty


@dataclass(frozen=True, slots=True)
class SensitiveWord:
    """An entry of the local list of 错敏词; ``hard`` ones block publication."""

    word: str
    hard: bool = False
    right: str = ""


@dataclass(frozen=True)
class ReviewContext:
    """What the report is compared with, as frozen values."""

    format_: Format  # the statutory format, for labels and the two legal documents
    # The reporting body's full name and the year of the report.
    name: str
    year: int
    # As in agency.yaml: a `government` or `township` reports for its whole area.
    kind: str = "department"
    # Accepted short names of the body, and names of bodies under it.
    aliases: tuple[str, ...] = ()
    subordinates: tuple[str, ...] = ()
    # Name of the government it belongs to; it may be named anywhere but in title and signature.
    parent: str | None = None
    other_agencies: tuple[str, ...] = ()  # names of the other bodies of the batch
    # Statistics of this and last year by key; may lack any.
    tables: Mapping[str, Table] = field(default_factory=dict)
    previous_tables: Mapping[str, Table] = field(default_factory=dict)
    figures: Mapping[str, Decimal] = field(default_factory=dict)  # named figures that are numbers
    # The body's own wording by section, for Y7 and Y8: without the master's wording, which is the
    # same for all, and without what was printed from facts. None: all the prose.
    own_sections: Mapping[str, str] | None = None
    # Last year's own wording by section, for Y7.
    previous_sections: Mapping[str, str] = field(default_factory=dict)
    # Other bodies' own wording by name and section, for Y8. Give only what the bodies wrote
    # themselves: the master's wording is the same for all and no fault.
    peer_sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # Which of 地址, 邮政编码, 电话 and 网址 agency.yaml does not give.
    missing_contacts: tuple[str, ...] = ()
    # The own wording of years before last year, by year, for Y7.
    earlier_sections: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    # The bureau's own lists, beside the package's list of confusables.
    confusables: tuple[Confusable, ...] = ()
    sensitive: tuple[SensitiveWord, ...] = ()
    repetition: Decimal = Decimal("0.6")  # share of repeated prose from which Y7 and Y8 speak
    notice: Notice | None = None  # what a higher office asks beside the format
    report_date: datetime.date | None = None  # the day that the report bears
    # Letters of the text that no typeface of the report has.
    missing_letters: frozenset[str] = frozenset()
    # Sections whose text was edited in the template, while the body has its own words there.
    overridden: tuple[str, ...] = ()

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

    @property
    def covers_area(self) -> bool:
        """True if the tables count a whole area and not one body (specification 1.2)."""
        return self.kind in {"government", "township"} or self.name.endswith(
            ("人民政府", "管理委员会", "管委会")
        )
