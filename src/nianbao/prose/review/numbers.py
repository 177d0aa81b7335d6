"""Numbers of the prose against tables 2, 3 and 4 (N1–N5, N8–N10, N14–N16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from nianbao.prose.review import terms
from nianbao.prose.review.cells import Cells, Meaning
from nianbao.prose.review.claims import Claim
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.meanings import WAN, meanings
from nianbao.prose.review.statements import all_of_one_kind
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding

_CALIBER = frozenset({"N9", "N10"})
"""Rules that are never an error: how the cases are counted differs (specification 2.8)."""

Known = tuple[Meaning, Decimal]
"""A meaning with the number it has."""


def known_meanings(claim: Claim, cells: Cells, context: ReviewContext) -> list[Known]:
    """Return the claim's meanings that have a number; none when the plainest one has none."""
    found = meanings(claim, cells, context.figures)
    if not found or found[0].value is None:
        return []
    return [(m, m.value) for m in found if m.value is not None]


def _written(claim: Claim) -> str:
    q = claim.quantity
    return claim.sentence.text[q.start : q.end].strip()


def _one_column(claim: Claim, cells: Cells, rows: Meaning) -> str:
    """Return a hint when the number is that of 自然人 alone."""
    format_ = cells.format_
    keys = [r.key for r in format_.outcome_rows if any(r.path in c for c in rows.cells)]
    person = cells.outcomes(keys, format_.person, (format_.person,)).value
    if claim.kind != "outcome" or person is None or not claim.quantity.shows(person):
        return ""
    return f"（这是“{format_.person}”一列的数）"


def _mismatch(claim: Claim, rule: Check, known: list[Known], cells: Cells) -> Finding:
    q, unit = claim.quantity, claim.quantity.unit or "件"
    first, value = known[0]
    where = "、".join(first.cells[:2]) + ("等" if len(first.cells) > 2 else "")
    where += "之和" if len(first.cells) > 1 else ""
    if claim.kind == "charge":
        value, unit = value / WAN, "万元"
    rest = [f"{m.name}{trimmed(v)}{unit}" for m, v in known[1:] if claim.kind != "verdict"]
    others = f"，与{'、'.join(rest)}也都不符" if rest else ""
    message = (
        f"“{claim.label}”写作{_written(claim)}{_one_column(claim, cells, first)}，"
        f"{where}为{trimmed(value)}{unit}{others}；请核对表格或改正文字，口径不同的请在文中写明"
    )
    spans = [(q.start, q.end)]
    severity = "warning" if claim.rule in _CALIBER else claim.sentence.severity(spans)
    return claim.sentence.finding(
        rule, severity, message, spans, _written(claim), trimmed(value), first.cells
    )


def _fee(claim: Claim, rule: Check, known: list[Known]) -> Finding:
    """Report N16, with a word of its own for 元 taken for 万元."""
    first, value = known[0]
    scaled = any(v and claim.quantity.value in (v * WAN, v / WAN) for _, v in known)
    hint = "，相差一万倍，请检查单位是元还是万元" if scaled else "；请核对收费台账或改正文字"
    message = f"信息处理费写作{_written(claim)}，数据“{first.name}”为{trimmed(value)}元{hint}"
    spans = [(claim.quantity.start, claim.quantity.end)]
    severity = claim.sentence.severity(spans)
    return claim.sentence.finding(
        rule, severity, message, spans, _written(claim), trimmed(value), first.cells
    )


def _other_meaning(claim: Claim, rule: Check, fits: Meaning, known: list[Known]) -> Finding:
    """Report N1 as a hint: the number fits, but not the plainest meaning of the word."""
    first, value = known[0]
    message = (
        f"“{claim.label}”写作{_written(claim)}，与“{fits.name}”相符，而{first.name}为"
        f"{trimmed(value)}件；如指新收请改正，如含上年结转请在文中写明"
    )
    spans = [(claim.quantity.start, claim.quantity.end)]
    return claim.sentence.finding(
        rule, "info", message, spans, _written(claim), trimmed(value), first.cells + fits.cells
    )


def _fewer_published(claim: Claim, value: Decimal) -> bool:
    """Return whether the sentence may name those decisions that were published.

    Then it names fewer than were made.
    """
    before = claim.sentence.text[: claim.quantity.start]
    fewer = claim.kind == "decision" and claim.quantity.value < value
    return fewer and terms.DECIDED.search(before) is None


def _split_repeal(claim: Claim, claims: tuple[Claim, ...], value: Decimal) -> bool:
    """Return whether 废止 and 失效 are named apart and the table has both in one cell."""
    if claim.kind != "document":
        return False
    same = [c for c in claims if c.sentence is claim.sentence and c.keys == claim.keys]
    return len(same) > 1 and sum((c.quantity.value for c in same), Decimal(0)) == value


_WITH_CARRIED = re.compile(r"[（(，]?(?:其中)?(?:含|包括|包含)[^，。；）]{0,4}(?:上|去)")
"""What the number holds besides stands right behind it."""


def _compare(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Compare each claim of a rule with every number it may stand for; speak when none fits.

    Hedged numbers (近, 余 …) are not compared, nor is anything with a cell that was not filled.
    """
    cells, claims = manuscript.context.cells, manuscript.claims
    for claim in claims:
        if claim.rule != rule.id:
            continue
        known = known_meanings(claim, cells, manuscript.context)
        if claim.quantity.hedged or not known:
            continue
        first, value = known[0]
        fits = next((m for m, v in known if claim.quantity.shows(v)), None)
        if fits is None:
            if _fewer_published(claim, value) or _split_repeal(claim, claims, value):
                continue
            fee = claim.kind == "fee"
            yield _fee(claim, rule, known) if fee else _mismatch(claim, rule, known, cells)
        elif (
            fits is not first
            and claim.kind == "received"
            and terms.NEWLY_RECEIVED.search(claim.label)
            and not _WITH_CARRIED.match(claim.sentence.text, claim.quantity.end)
        ):
            yield _other_meaning(claim, rule, fits, known)


@check(
    "N1",
    severity="warning",
    title="正文的收到件数与表三",
    source="国办公开办函〔2021〕30号，表三",
    explanation="正文说收到、受理、收办的件数，应是表三的“新收”，或“新收”与“上年结转”之和。"
    "两个都对不上的会提醒。请核对件数和用词；改写成“{{ 新收申请 }}”，"
    "印出的数随数据更新。",
)
@check(
    "N2",
    severity="warning",
    title="正文的上年结转件数与表三",
    source="国办公开办函〔2021〕30号，表三",
    explanation="正文说的上年结转件数应与表三第二行的总计相同。"
    "请核对后改正，或改写成“{{ 名称 }}”。",
)
@check(
    "N4",
    severity="warning",
    title="正文的结转下年件数与表三",
    source="国办公开办函〔2021〕30号，表三",
    explanation="正文说的结转下年度件数应与表三第四行的总计相同。请核对后改正，"
    "或改写成“{{ 名称 }}”。",
)
@check(
    "N5",
    severity="warning",
    title="正文的办理结果件数与表三",
    source="国办公开办函〔2021〕30号，表三",
    explanation="正文所说予以公开、部分公开、不予公开等的件数，应与表三该项各行之和相同。"
    "只写了其中一种申请人或一个细项的，请写明。",
)
@check(
    "N8",
    severity="warning",
    title="申请人件数与表三",
    source="国办公开办函〔2021〕30号，表三",
    explanation="正文所说自然人、法人或其他组织的件数应与表三各列相同，法人是五列之和。请核对后改正。",
)
@check(
    "N9",
    severity="warning",
    title="行政复议件数与表四",
    source="国办公开办函〔2021〕30号，表四",
    explanation="正文的行政复议件数与表四总计不同时提醒。新收案件与含结转的案件口径不同的，"
    "请在文中写明口径。",
)
@check(
    "N10",
    severity="warning",
    title="行政诉讼件数与表四",
    source="国办公开办函〔2021〕30号，表四",
    explanation="正文的行政诉讼件数应是表四“未经复议直接起诉”与“复议后起诉”两项总计之和；"
    "口径不同的请写明。",
)
@check(
    "N14",
    severity="warning",
    title="规范性文件件数与表二",
    source="国办公开办函〔2021〕30号，表二",
    explanation="正文所说制发、废止、现行有效的件数应与表二相同。常见错误是留用了上年的数字。"
    "请核对后改正。",
)
@check(
    "N15",
    severity="warning",
    title="许可、处罚、强制、收费与表二",
    source="国办公开办函〔2021〕30号，表二",
    explanation="正文的件数、金额应与表二相同。表二是全部决定数量，公开数量可能较少，"
    "不同的请写明是公开数量。",
)
@check(
    "N16",
    severity="warning",
    title="信息处理费",
    source="国办函〔2020〕109号",
    explanation="正文的信息处理费应与填报的一致，以元为单位；表二的行政事业性收费以万元为单位，"
    "不要混用。",
)
def numbers_are_those_of_the_tables(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Compare the numbers of the prose with the cells that their words name."""
    yield from _compare(manuscript, rule)
    if rule.id == "N16":
        for sentence in manuscript.prose.sentences:
            yield from _fee_in_pieces(sentence, rule)
    if rule.id in {"N5", "N8"}:
        for sentence in manuscript.prose.sentences:
            yield from all_of_one_kind(sentence, rule, manuscript.context)


_FEE = re.compile(
    "收取(?:政府信息公开|依申请公开)?信息(?:公开)?处理费(?:共计?|合计|总额|金额|为)*$"
)


def _fee_in_pieces(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield a fee that is counted in pieces where nothing is said of 元: 收取信息处理费120件."""
    if "处理费" not in sentence.text or "元" in sentence.text:
        return
    for q in sentence.quantities:
        if q.kind == "count" and q.value and _FEE.search(sentence.text, 0, q.start):
            printed = sentence.text[q.start : q.end].strip()
            message = f"信息处理费写作{printed}，应以元为单位；请核对单位，件数另写"
            span = [(q.start, q.end)]
            yield sentence.finding(rule, sentence.severity(span), message, span, printed, "元")


_DONE = frozenset({"办结", "答复", "办复", "办理完毕", "办理完成"})
_WIDE = frozenset({"办理", "处理"})
"""Words that may mean what was finished or all that was to be done."""


def _single(claims: list[Claim], kind: str, labels: frozenset[str] | None = None) -> Claim | None:
    found = [
        c
        for c in claims
        if c.kind == kind and not c.quantity.hedged and (labels is None or c.label in labels)
    ]
    return found[0] if len(found) == 1 else None


def _possible(to_do: Claim, carried_in: Decimal, carried_out: Decimal, done: Claim) -> set[Decimal]:
    """Return what ``done`` can be: what came may or may not hold what was carried over."""
    whole = {to_do.quantity.value, to_do.quantity.value + carried_in}
    finished = {w - carried_out for w in whole}
    return finished | whole if done.label in _WIDE else finished


@check(
    "N3",
    severity="warning",
    title="正文的办结件数与表三",
    source="国办公开办函〔2021〕30号，表三",
    explanation="正文说答复、办结的件数应与表三“（七）总计”相同。请核对后改正，"
    "或改写成“{{ 名称 }}”。",
)
def what_came_was_finished_or_goes_on(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Compare what was finished with table 3; without one, with the rest of its own sentence.

    There 一 + 二 = 三（七） + 四 must hold.
    """
    yield from _compare(manuscript, rule)
    if "requests" in manuscript.context.tables:
        return
    for sentence in dict.fromkeys(c.sentence for c in manuscript.claims):
        found = [c for c in manuscript.claims if c.sentence is sentence]
        wide = _single(found, "handled", _WIDE)
        done = _single(found, "handled", _DONE) or wide
        to_do = _single(found, "received") or (wide if wide is not done else None)
        into, out = _single(found, "carried_in"), _single(found, "carried_out")
        if to_do is None or done is None or out is None:
            continue
        carried_in = into.quantity.value if into else Decimal(0)
        possible = _possible(to_do, carried_in, out.quantity.value, done)
        if done.quantity.value in possible:
            continue
        right = trimmed(to_do.quantity.value + carried_in - out.quantity.value)
        message = (
            f"{to_do.label}{trimmed(to_do.quantity.value)}件、上年结转{trimmed(carried_in)}件、"
            f"结转下年度{trimmed(out.quantity.value)}件，办结应为{right}件，"
            f"写作{trimmed(done.quantity.value)}件；请核对（新收＋上年结转＝办结＋结转下年度）"
        )
        spans = [
            (c.quantity.start, c.quantity.end) for c in (to_do, into, done, out) if c is not None
        ]
        yield sentence.finding(
            rule, sentence.severity(spans), message, spans, trimmed(done.quantity.value), right
        )
