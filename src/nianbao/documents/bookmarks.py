"""Names of the bookmarks that tell, in an edited Word file, what belongs where.

nb_<section> stands at the first paragraph of a section. nbx_<key> lies around what is not text of a
section: headings of the form, tables, figures, signature. nbe_<edition> lies on the title and tells
which words the file was made with. Bookmarks are no content controls: they neither lock nor show
anything, and Word, WPS and LibreOffice keep them.
"""

from __future__ import annotations

import re

BLOCK_PREFIX = "nbx_"
EDITION_PREFIX = "nbe_"
_SECTION_PREFIX = "nb_"
LONGEST_NAME = 40
"""Characters of a name; Word cuts a longer one."""


def _safe(key: str) -> str:
    coded = re.sub(r"[^a-z0-9._]", lambda m: f"X{ord(m[0]):x}X", key)
    return coded.replace("_", "U").replace(".", "_")


def section_bookmark(section: str) -> str:
    """Return the name of the bookmark for a section id.

    A dot becomes an underscore, an underscore U, and what a bookmark cannot hold its code point.

    Examples
    --------
    >>> section_bookmark("overview.requests"), section_bookmark("other.fees-paid")
    ('nb_overview_requests', 'nb_other_feesX2dXpaid')
    """
    return _SECTION_PREFIX + _safe(section)


def block_bookmark(key: str) -> str:
    """Return the bookmark's name for something that is not text of a section."""
    return (BLOCK_PREFIX + _safe(key))[:LONGEST_NAME]


def bookmark_section(name: str) -> str | None:
    """Return the section id that a bookmark's name stands for, or None for any other bookmark.

    Examples
    --------
    >>> bookmark_section("nb_other_feesX2dXpaid"), bookmark_section("_Toc1")
    ('other.fees-paid', None)
    """
    if not name.startswith(_SECTION_PREFIX):
        return None
    dotted = name.removeprefix(_SECTION_PREFIX).replace("_", ".").replace("U", "_")
    return re.sub(r"X([0-9a-f]+)X", lambda m: chr(int(m[1], 16)), dotted)
