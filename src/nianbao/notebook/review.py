"""The report's prose as it will read, what the checks say of it, and what was acknowledged."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nianbao.errors import InputError, NarrativeError, NianbaoError, Place, Problem, raise_problems
from nianbao.inputs.bundle import Acknowledgement, EditedNumber, Inputs, SectionText
from nianbao.inputs.notices import read_notice
from nianbao.inputs.params import CONTACTS
from nianbao.inputs.peers import (
    Peer,
    own_wording,
    parents_in_a_ring,
    taken_names,
    without_placeholders,
)
from nianbao.inputs.project import CONFUSABLES, SENSITIVE, read_word_list
from nianbao.notebook.fill import unknown_sections, unused_sections
from nianbao.notebook.master import MASTER, read_master, read_notebook, shipped_master
from nianbao.notebook.record import find_record
from nianbao.prose.differences import tokenize
from nianbao.prose.facts import Fact, Vocabulary, find, resolve
from nianbao.prose.markdown import words
from nianbao.prose.merge import conflict_line
from nianbao.prose.origins import GAP_MARKS, describe_gap, is_gap
from nianbao.prose.review import (
    ReviewContext,
    parse_confusables,
    parse_sensitive,
    review_sections,
    with_remark,
)
from nianbao.prose.template import Placeholder, line_of, parse_template
from nianbao.statistics.arithmetic import plain
from nianbao.statistics.checks import can_be_acknowledged, finding_key, sort_findings
from nianbao.statistics.model import SEVERITIES, Finding, Table
from nianbao.statutory import TABLE_NUMBERS, Format, cell_name, format_for

LOOK_BACK = 5
"""So many years back the wording is compared; older reports are seldom copied."""


@dataclass(frozen=True)
class Wording:
    """A section in its final words."""

    text: str
    """Final words as Markdown."""
    bound: tuple[tuple[int, int], ...]
    """Spans of `text` that were printed from facts."""
    place: Place
    """Where the text starts: narrative.md or the master."""
    gaps: tuple[str, ...] = ()
    """For each number that the text names and nobody handed in, in its order: what to do."""

    def line(self, offset: int) -> Place:
        """Return the line of the file in which a character of ``text`` stands.

        Facts have no lines.
        """
        return line_of(self.place, self.text.count("\n", 0, offset) + 1)


def _wording(parts: Iterable[str | Fact], place: Place, facts: Vocabulary) -> Wording:
    text, bound, gaps = "", [], []
    for part in parts:
        shown = words((part,))
        if isinstance(part, Fact) and shown:
            bound.append((len(text), len(text) + len(shown)))
            if is_gap(part):
                gaps.append(describe_gap(part, facts))
        text += shown
    return Wording(text, tuple(bound), place, tuple(gaps))


def unsettled(narrative: Mapping[str, SectionText]) -> Iterator[Problem]:
    """Yield the texts that still hold two versions between the markers of a merge."""
    for section in narrative.values():
        line = conflict_line(section.text)
        if line is not None:
            remedy = "请在“<<<<<<<”与“>>>>>>>”之间选定一种文字，删去三行标记"
            place = line_of(section.place, line)
            yield Problem("两边都改过的文字还没有选定", place, remedy=remedy)


def read_wording(
    sections: Mapping[str, str], narrative: Mapping[str, SectionText], facts: Vocabulary
) -> dict[str, Wording]:
    """Return the final words of every section, in the order of the master.

    Raises
    ------
    NarrativeError
        Unknown names, faulty placeholders, sections that the master does not have, texts with
        two versions: all at once.
    """
    problems: list[Problem] = [*unknown_sections(sections, narrative), *unsettled(narrative)]
    found: dict[str, Wording] = {}
    unused = unused_sections(sections, narrative)
    for key, default in sections.items():
        own = narrative.get(key)
        text = own.text if own else "" if key in unused else default
        place = own.place if own else Place(f"{MASTER} 单元格 {key}")
        try:
            parts = resolve(parse_template(text, place), facts, key, place)
        except NarrativeError as error:
            problems.extend(error.problems)
        else:
            found[key] = _wording(parts, place, facts)
    for key, own in narrative.items():
        if key not in sections:  # the names in it are reported along with its unknown id
            try:
                resolve(parse_template(own.text, own.place), facts, key, own.place)
            except NarrativeError as error:
                problems.extend(error.problems)
    raise_problems(NarrativeError, problems)
    return found


def _day(written: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(written) if written else None


def review_context(
    root: Path,
    inputs: Inputs,
    tables: Mapping[str, Table],
    previous_tables: Mapping[str, Table] | None,
    peers: tuple[Peer, ...],
    facts: Vocabulary,
) -> ReviewContext:
    """Return what the checks compare the prose with: tables, names, last year, other bureaus."""
    agency, format_ = inputs.agency, format_for(inputs.params.year)
    own = [*taken_names(root, agency, peers), *parents_in_a_ring(agency, peers)]
    raise_problems(InputError, own)
    parent = next((p.agency.name for p in peers if p.agency.code == agency.parent), None)
    below = tuple(_below(agency.code, peers))
    near = {agency.parent, *(p.agency.code for p in below)}
    others = [p for p in peers if p.agency.code not in near]
    before = inputs.previous.narrative if inputs.previous else {}
    year = inputs.params.year
    earlier = {y: own_wording(root, agency.code, y) for y in range(year - LOOK_BACK, year - 1)}
    confusables = read_word_list(root, CONFUSABLES)
    sensitive = read_word_list(root, SENSITIVE)
    return ReviewContext(
        format_,
        agency.name,
        inputs.params.year,
        kind=agency.kind,
        aliases=(*((agency.short_name,) if agency.short_name else ()), *agency.aliases),
        subordinates=tuple(name for p in below for name in _names(p)),
        parent=parent,
        other_agencies=tuple(name for p in others for name in _names(p)),
        tables=tables,
        previous_tables=previous_tables or {},
        figures={n: f.cell.number for n, f in inputs.figures.items() if f.cell.number is not None},
        own_sections={key: without_placeholders(s.text) for key, s in inputs.narrative.items()},
        previous_sections={key: without_placeholders(s.text) for key, s in before.items()},
        peer_sections={
            name: sections
            for p in peers
            for name, sections in (
                (p.agency.name, p.narrative),
                (f"{p.agency.name}{year - 1}年", p.before),
            )
            if sections
        },
        missing_contacts=tuple(
            label for key, label in CONTACTS.items() if key != "email" and not getattr(agency, key)
        ),
        earlier_sections={y: sections for y, sections in earlier.items() if sections},
        report_date=_day(inputs.params.report_date),
        confusables=parse_confusables(confusables.text(), CONFUSABLES) if confusables else (),
        sensitive=parse_sensitive(sensitive.text(), SENSITIVE) if sensitive else (),
        notice=read_notice(root, agency),
        overridden=overridden_sections(root, inputs),
        refused=tuple(_still_refused(root, inputs, tables, facts, format_)),
    )


def _still_refused(
    root: Path,
    inputs: Inputs,
    tables: Mapping[str, Table],
    facts: Vocabulary,
    format_: Format,
) -> Iterator[EditedNumber]:
    """Yield the refused numbers that are still printed otherwise, each with what is printed."""
    refused = [number for number in inputs.edited_numbers if number.refused]
    if not refused:
        return
    cells = {
        cell_name(table, *key, format_): plain(cell.number) if cell.number is not None else ""
        for table in TABLE_NUMBERS
        for key, cell in tables[table].cells.items()
    }
    texts = {**read_master(root).sections, **{k: s.text for k, s in inputs.narrative.items()}}
    for number in refused:
        template = parse_template(texts.get(number.section, ""), number.place)
        names = {part.name: part.path for part in template.parts if isinstance(part, Placeholder)}
        fact = find(facts, names[number.near]) if number.near in names else None
        printed = cells.get(number.near, fact.text if fact else "")
        now = tokenize(printed)
        # A phrase may hold the other number from the beginning.
        if printed and (number.after not in now or number.before in now):
            yield replace(number, known=printed)


def overridden_sections(root: Path, inputs: Inputs) -> tuple[str, ...]:
    """Find sections edited in the project's master though the agency's own words are printed.

    An edit is what the master does not say as it did when the report was built last; before that,
    as it came with the package.
    """
    now, made = read_master(root).sections, shipped_master().sections
    edited = [
        key
        for key, own in inputs.narrative.items()
        if now.get(key, "").strip() not in (made.get(key, "").strip(), own.text.strip())
    ]
    if not edited:
        return ()
    before = template_before(root, inputs.agency.code, inputs.params.year)
    return tuple(k for k in edited if now.get(k, "").strip() != before.get(k, "").strip())


def template_before(root: Path, agency: str, year: int) -> Mapping[str, str]:
    """Read the template's texts as they were when the report was built last, else as shipped."""
    file = root / "output" / agency / str(year) / "report.ipynb"
    made = shipped_master().sections
    try:
        return {**made, **find_record(read_notebook(file)).defaults}
    except (NianbaoError, OSError, ValueError, LookupError, TypeError, AttributeError):
        return made


def _below(code: str, peers: tuple[Peer, ...]) -> Iterator[Peer]:
    """Yield the units below an agency, of every level; a circle of parents ends where it began."""
    above = {code}
    while found := [p for p in peers if p.agency.parent in above and p.agency.code not in above]:
        above.update(p.agency.code for p in found)
        yield from found


def _names(peer: Peer) -> tuple[str, ...]:
    return tuple(n for n in (peer.agency.name, peer.agency.short_name) if n)


def review_prose(wording: Mapping[str, Wording], context: ReviewContext) -> Iterator[Finding]:
    """Run the rules on prose over the final words, each finding with the line of its sentence.

    Where a number was not handed in, the finding says which and where to fill it in.
    """
    texts = {key: w.text for key, w in wording.items()}
    gaps = {key: iter(w.gaps) for key, w in wording.items()}
    for found in review_sections(texts, context, {key: w.bound for key, w in wording.items()}):
        passage = found.passage
        if passage is None or not passage.sentence:
            yield found
        elif found.left in GAP_MARKS:
            remark = next(gaps[passage.section], passage.remark)
            yield with_remark(found, remark, context.format_)
        else:
            yield replace(found, places=(wording[passage.section].line(passage.offset),))


def settle_findings(
    findings: Iterable[Finding], acknowledged: Mapping[str, Acknowledgement]
) -> tuple[Finding, ...]:
    """Put all findings in order, each with its key; those that were acknowledged are hints.

    An error has to be put right, but where the rule lets a recorded reason lift it
    (`can_be_acknowledged`); the reason stands with the finding.
    """
    keyed = [f if f.key else replace(f, key=finding_key(f)) for f in findings]
    ordered = sort_findings(_acknowledge(f, acknowledged) for f in keyed)
    # The mark of a number that is missing comes after the finding that asks for the number.
    gravity = list(SEVERITIES)
    return tuple(sorted(ordered, key=lambda f: (gravity.index(f.severity), f.left in GAP_MARKS)))


def _acknowledge(finding: Finding, acknowledged: Mapping[str, Acknowledgement]) -> Finding:
    known = acknowledged.get(finding.key)
    if known is None or not can_be_acknowledged(finding):
        return finding
    lifted = finding.severity == "error"
    how = "属于错误，记录理由后放行" if lifted else "已说明"
    message = f"{finding.message}（{how}：{known.reason}）"
    return replace(finding, severity="info", message=message, reason=known.reason, lifted=lifted)


def error_problem(finding: Finding) -> Problem:
    """Return what to report where an error stops a report.

    It has the error's key if a reason would let it pass.
    """
    message = f"〔{finding.id}〕{finding.message}"
    if not can_be_acknowledged(finding):
        return Problem(message)
    remedy = f"理由写入 acknowledged.csv 或填报表的“核对说明”表，标识为 {finding.key}"
    return Problem(message.removesuffix("。"), remedy=remedy)


def idle_acknowledgements(
    findings: Iterable[Finding], acknowledged: Mapping[str, Acknowledgement]
) -> tuple[Acknowledgement, ...]:
    """Return the acknowledgements that meet no finding.

    It was put right, is an error, or the key is wrong.
    """
    used = {f.key for f in findings if f.reason}
    return tuple(known for key, known in acknowledged.items() if key not in used)
