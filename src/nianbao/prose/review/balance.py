"""Received, carried over and finished in one sentence (N3 where there is no table)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from nianbao.prose.review.cells import plain
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.phrases import Claim

_DONE = frozenset({"办结", "答复", "办复", "办理完毕", "办理完成"})


def _single(claims: list[Claim], kind: str) -> Claim | None:
    found = [c for c in claims if c.kind == kind and not c.quantity.hedged]
    return found[0] if len(found) == 1 else None


def _possible(received: Decimal, carried_in: Decimal, carried_out: Decimal) -> set[Decimal]:
    """How many can be finished; 收到 may or may not hold what was carried over."""
    return {received - carried_out, received + carried_in - carried_out}


def check_balance(claims: tuple[Claim, ...], context: ReviewContext) -> Iterator[ProseFinding]:
    """一 + 二 = 三（七） + 四 within one sentence, when no table says what is right.

    With a table each number is compared with its own cell instead.
    """
    if "requests" in context.tables:
        return
    for _, group in groupby(claims, key=lambda c: id(c.sentence)):
        found = list(group)
        received, done = _single(found, "received"), _single(found, "handled")
        into, out = _single(found, "carried_in"), _single(found, "carried_out")
        if received is None or done is None or out is None or done.label not in _DONE:
            continue
        carried_in = into.quantity.value if into else Decimal(0)
        possible = _possible(received.quantity.value, carried_in, out.quantity.value)
        if done.quantity.value in possible:
            continue
        parts = [c for c in (received, into, done, out) if c is not None]
        right = plain(max(possible))
        message = (
            f"收到{plain(received.quantity.value)}件、上年结转{plain(carried_in)}件、"
            f"结转下年度{plain(out.quantity.value)}件，办结应为{right}件，"
            f"写作{plain(done.quantity.value)}件；请核对（新收＋上年结转＝办结＋结转下年度）"
        )
        spans = [(c.quantity.start, c.quantity.end) for c in parts]
        sentence = done.sentence
        yield sentence.finding(
            "N3", sentence.severity(spans), message, spans, plain(done.quantity.value), right
        )
