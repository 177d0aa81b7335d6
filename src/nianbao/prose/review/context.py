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
    """A word that is often written wrongly.

    Parameters
    ----------
    pattern
        Regular expression of the wrong form, with its neighbours as look-around.
    right
        The right form, for the message.
    note
        Why, in a few words; may be empty.
    """

    pattern: str
    right: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SensitiveWord:
    """An entry of the local list of 错敏词; ``hard`` ones block publication."""

    word: str
    hard: bool = False
    right: str = ""


@dataclass(frozen=True)
class ReviewContext:
    """What the report is compared with, as frozen values.

    Parameters
    ----------
    format_
        The statutory format, for labels and the two legal documents.
    name, year
        The reporting body's full name and the year of the report.
    kind
        As in agency.yaml: a ``government`` or ``township`` reports for its whole area.
    aliases, subordinates
        Accepted short names of the body, and names of bodies under it.
    parent
        Name of the government it belongs to; it may be named anywhere but in title and
        signature.
    other_agencies
        Names of the other bodies of the batch.
    tables, previous_tables
        Statistics of this and last year by key; may lack any.
    figures
        Named figures that are numbers.
    own_sections
        The body's own wording by section, for Y7 and Y8: without the master's wording, which
        is the same for all, and without what was printed from facts. None: all the prose.
    previous_sections
        Last year's own wording by section, for Y7.
    peer_sections
        Other bodies' own wording by name and section, for Y8. Give only what the bodies
        wrote themselves: the master's wording is the same for all and no fault.
    missing_contacts
        Which of 地址, 邮政编码, 电话 and 网址 agency.yaml does not give.
    earlier_sections
        The own wording of years before last year, by year, for Y7.
    confusables, sensitive
        The bureau's own lists, beside the package's list of confusables.
    repetition
        Share of repeated prose from which Y7 and Y8 speak.
    notice
        What a higher office asks beside the format.
    report_date
        The day that the report bears.
    missing_letters
        Letters of the text that no typeface of the report has.
    overridden
        Sections whose text was edited in the template, while the body has its own words there.
    """

    format_: Format
    name: str
    year: int
    kind: str = "department"
    aliases: tuple[str, ...] = ()
    subordinates: tuple[str, ...] = ()
    parent: str | None = None
    other_agencies: tuple[str, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    previous_tables: Mapping[str, Table] = field(default_factory=dict)
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    own_sections: Mapping[str, str] | None = None
    previous_sections: Mapping[str, str] = field(default_factory=dict)
    peer_sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing_contacts: tuple[str, ...] = ()
    earlier_sections: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    confusables: tuple[Confusable, ...] = ()
    sensitive: tuple[SensitiveWord, ...] = ()
    repetition: Decimal = Decimal("0.6")
    notice: Notice | None = None
    report_date: datetime.date | None = None
    missing_letters: frozenset[str] = frozenset()
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
