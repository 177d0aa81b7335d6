"""The forms in which a table may be handed in: which columns, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nianbao.files.words import fold

SERIAL = "序号"
REMARK = "备注"
NUMBER = "登记号"
PERSON = "申请人姓名"
_UNREAD = (SERIAL, REMARK)

Use = Literal["data", "words", "prose", "private"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table may have.

    Parameters
    ----------
    name
        The official head.
    required
        Whether the table is unreadable without it.
    aliases
        Other heads seen for it.
    use
        ``data``: its cells are read as something. ``words``: its words may be published, so no
        number of a person may stand in it. ``prose``: words in which placeholders may stand.
        ``private``: it may be there and is never read.
    """

    name: str
    required: bool = True
    aliases: tuple[str, ...] = ()
    use: Use = "data"


@dataclass(frozen=True, slots=True)
class Form:
    """One of the forms in which a table may be handed in.

    Columns 序号 and 备注 may stand in every form, mean nothing and are not read.
    """

    columns: tuple[Column, ...]

    @property
    def every(self) -> tuple[Column, ...]:
        """The columns, with those that every form may have."""
        return (*self.columns, *(Column(n, required=False, use="private") for n in _UNREAD))

    @property
    def known(self) -> dict[str, str]:
        """Official head by folded head."""
        return {fold(head): c.name for c in self.every for head in (c.name, *c.aliases)}

    def named(self, use: Use) -> frozenset[str]:
        """Heads of the columns of one use."""
        return frozenset(c.name for c in self.every if c.use == use)

    @property
    def required(self) -> tuple[str, ...]:
        """Heads that must be there."""
        return tuple(c.name for c in self.columns if c.required)
