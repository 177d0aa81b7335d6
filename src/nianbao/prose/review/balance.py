"""Received, carried over and finished in one sentence (N3 where there is no table)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nianbao.prose.review.cells import plain
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.phrases import Claim

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
    """What ``done`` can be: what came may or may not hold what was carried over."""
    whole = {to_do.quantity.value, to_do.quantity.value + carried_in}
    finished = {w - carried_out for w in whole}
    return finished | whole if done.label in _WIDE else finished


def check_balance(claims: tuple[Claim, ...], context: ReviewContext) -> Iterator[ProseFinding]:
    """一 + 二 = 三（七） + 四 within one sentence, when no table says what is right.

    With a table each number is compared with its own cell instead.
    """
    if "requests" in context.tables:
        return
    for sentence in dict.fromkeys(c.sentence for c in claims):
        found = [c for c in claims if c.sentence is sentence]
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
        right = plain(to_do.quantity.value + carried_in - out.quantity.value)
        message = (
            f"{to_do.label}{plain(to_do.quantity.value)}件、上年结转{plain(carried_in)}件、"
            f"结转下年度{plain(out.quantity.value)}件，办结应为{right}件，"
            f"写作{plain(done.quantity.value)}件；请核对（新收＋上年结转＝办结＋结转下年度）"
        )
        spans = [
            (c.quantity.start, c.quantity.end) for c in (to_do, into, done, out) if c is not None
        ]
        yield sentence.finding(
            "N3", sentence.severity(spans), message, spans, plain(done.quantity.value), right
        )
