"""The units below a government, read along with it.

Who belongs to whom stands in the units' own agency.yaml (``parent``). Nothing is stored about
a sum: each time a government's report is opened its units are read anew. Levels may be
stacked: a township below a county below a city.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from nianbao.errors import InputError, NianbaoError, Place, Problem, attempt, raise_problems
from nianbao.files.sources import content, is_there, read_source
from nianbao.files.words import nearest
from nianbao.files.yaml_file import MAX_YAML_BYTES
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.matrices import empty_decisions
from nianbao.inputs.params import KINDS, Agency, ReportParams
from nianbao.inputs.project import agency_file, list_agencies, workbook_years
from nianbao.statutory import format_for

SUMMING = ("government", "township")
"""Kinds of agency whose report covers the units below them."""

ReadUnit = Callable[[str, int], Inputs | None]
"""Reads a unit's data of a year and, as ``previous``, of the year before; None without data."""

_ORDER = ("department", "other", "township", "government")


@dataclass(frozen=True)
class Profiles:
    """All profiles of a project by code, and what is wrong with those that cannot be read."""

    read: Mapping[str, Agency]
    unread: Mapping[str, tuple[Problem, ...]]

    def names_beside(self, agency: str) -> tuple[str, ...]:
        """Return the names of all agencies but one; what cannot be read has no name yet."""
        return tuple(profile.name for code, profile in self.read.items() if code != agency)


def read_profiles(root: Path) -> Profiles:
    """Read who reports in a project; what cannot be read is kept as its problems."""
    read: dict[str, Agency] = {}
    unread: dict[str, tuple[Problem, ...]] = {}
    for code in list_agencies(root):
        try:
            read[code] = read_agency(root, code)
        except NianbaoError as error:
            unread[code] = error.problems
    return Profiles(read, unread)


@dataclass(frozen=True)
class Tree:
    """The units below a government: their profiles by code, and the codes below each code."""

    profiles: Mapping[str, Agency]
    below: Mapping[str, tuple[str, ...]]

    def codes(self, above: str) -> tuple[str, ...]:
        """Return the codes of all levels below one."""
        below = self.below.get(above, ())
        return (*below, *(code for unit in below for code in self.codes(unit)))


def with_children(inputs: Inputs, tree: Tree, read: ReadUnit) -> Inputs:
    """Return the inputs of a government with those of the units below it.

    ``tree`` comes from `read_tree`, and ``read`` reads one unit.

    Raises
    ------
    InputError
        All problems of the data of all units.

    Examples
    --------
    >>> with_children(inputs, tree, read).children[0].agency.name  # doctest: +SKIP
    '示例县公安局'
    """
    problems: list[Problem] = []
    year = inputs.params.year

    def own(code: str, year: int) -> Inputs | None:
        return attempt(problems, read, code, year)

    parts = [_unit(tree, own, code, year) for code in tree.below[inputs.agency.code]]
    raise_problems(InputError, dict.fromkeys(problems))
    now = attach(inputs.agency, year, inputs, [(profile, this) for profile, this, _ in parts])
    before = attach(
        inputs.agency, year - 1, inputs.previous, [(profile, last) for profile, _, last in parts]
    )
    assert now is not None
    return replace(now, previous=before)


def read_tree(root: Path, agency: Agency, profiles: Profiles | None = None) -> Tree | None:
    """Return the units below an agency; None when there are none or its kind does not sum.

    ``profiles`` are those of the project, where they were read already.

    Raises
    ------
    InputError
        A profile that cannot be read, a circle of parents, a unit below a body that does not sum,
        a ``parent`` that is misspelt: all at once.
    """
    if agency.kind not in SUMMING or (profiles is None and not _is_named(root, agency.code)):
        return None
    known = profiles or read_profiles(root)
    below = dict(_descend(known.read, agency.code))
    own = {agency.code, *(code for units in below.values() for code in units)}
    raise_problems(
        InputError,
        [p for code, found in known.unread.items() if _may_be_unit(root, code, own) for p in found],
    )
    if agency.code not in below:
        return None
    raise_problems(InputError, _misplaced(known.read, below, agency.code))
    return Tree(MappingProxyType({**known.read}), MappingProxyType(below))


def _may_be_unit(root: Path, code: str, above: Collection[str]) -> bool:
    """Return whether an agency that cannot be read may be one of these units.

    Without agency.yaml its workbook says whose it is; one that cannot be read may be anybody's.
    """
    if is_there(root, agency_file(code)):
        text = content(root, agency_file(code))
        return any(other.encode() in text for other in above)
    return bool(workbook_years(root, code))


def _is_named(root: Path, code: str) -> bool:
    """Return whether another profile holds this code.

    Reading them all as YAML would take ten times as long.
    """
    for other in list_agencies(root):
        try:
            if (
                other != code
                and code in read_source(root, agency_file(other), MAX_YAML_BYTES).text()
            ):
                return True
        except InputError:
            continue
    return False


def _descend(profiles: Mapping[str, Agency], code: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the codes below each code, from ``code`` down; a circle is not followed twice."""
    waiting, seen = [code], {code}
    while waiting:
        above = waiting.pop(0)
        found = [c for c, profile in profiles.items() if profile.parent == above and c not in seen]
        found.sort(key=lambda c: (_ORDER.index(profiles[c].kind), c))
        seen.update(found)
        waiting.extend(found)
        if found:
            yield above, tuple(found)


def _misplaced(
    profiles: Mapping[str, Agency], below: Mapping[str, tuple[str, ...]], top: str
) -> Iterator[Problem]:
    """Yield the units that would be counted twice or not at all."""
    inside = {top, *(code for codes in below.values() for code in codes)}
    if profiles[top].parent in inside:
        remedy = "两个机关互为上级，请核对各自的 parent"
        yield _problem(profiles[top], "上级机关成了下级，形成循环", "不在本机关之下的政府", remedy)
    for above, codes in below.items():
        if profiles[above].kind not in SUMMING:
            remedy = "部门的下属单位由部门一并统计；请改写为所属政府的代码，或删去这一行"
            wanted = "、".join(f"{KINDS[kind]}（{kind}）" for kind in SUMMING)
            for code in codes:
                yield _problem(profiles[code], "上级机关不作汇总，本单位会漏掉", wanted, remedy)
    for code, profile in profiles.items():
        if profile.parent is None or code in inside or profile.parent in profiles:
            continue
        if meant := nearest(profile.parent, inside):
            yield _problem(profile, "没有这个上级机关", None, f"是否应为“{meant}”")


def _problem(profile: Agency, message: str, expected: str | None, remedy: str) -> Problem:
    return Problem(message, Place(agency_file(profile.code)), profile.parent, expected, remedy)


def _unit(
    tree: Tree, read: ReadUnit, code: str, year: int
) -> tuple[Agency, Inputs | None, Inputs | None]:
    """Return a unit's profile, its data of this year with ``previous``, and of last year alone."""
    profile = tree.profiles[code]
    own = read(code, year)
    before = own.previous if own else _last(read(code, year - 1))
    parts = [_unit(tree, read, c, year) for c in tree.below.get(code, ())]
    now = attach(profile, year, own, [(c, this) for c, this, _ in parts])
    before = attach(profile, year - 1, before, [(c, last) for c, _, last in parts])
    return profile, replace(now, previous=before) if now else None, before


def _last(inputs: Inputs | None) -> Inputs | None:
    return replace(inputs, previous=None) if inputs else None


def attach(
    profile: Agency, year: int, own: Inputs | None, units: list[tuple[Agency, Inputs | None]]
) -> Inputs | None:
    """Return a year of an agency and of the units right below it.

    ``own`` is what it handed in itself; a unit without data has None.

    Returns
    -------
    Inputs or None
        None when none of them has data.
    """
    present = tuple(unit for _, unit in units if unit is not None)
    if not units or (own is None and not present):
        return own
    own = own or _nothing_handed_in(profile, year)
    files = dict(own.files)
    for unit in present:
        files |= unit.files
        files |= unit.previous.files if unit.previous else {}
    return replace(
        own,
        children=present,
        missing=tuple(
            below.name
            for below, unit in units
            if unit is None and (below.until is None or below.until >= year)
        ),
        files=MappingProxyType(dict(sorted(files.items()))),
    )


def _nothing_handed_in(profile: Agency, year: int) -> Inputs:
    """Stand in for the year of a government that has no data of its own, only its units'."""
    return Inputs(
        agency=profile,
        params=ReportParams(agency=profile.code, year=year),
        disclosures=None,
        decisions=empty_decisions(format_for(year)),
        requests=None,
        requests_table=None,
        reviews=None,
        figures={},
        narrative={},
        files={},
    )
