"""A page waits a moment for what is newest, and shows what was newest before it."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from nianbao.desk.watch import Snapshot
from nianbao.desk.workers import DIED, SLOW, Latest
from nianbao.errors import ExecutionError, UsageError


def test_what_was_made_last_is_shown_until_the_new_one_is_there() -> None:
    begun: list[Future[str]] = []

    def begin(key: str) -> Future[str]:
        begun.append(Future())
        return begun[-1]

    latest = Latest(begin, most=1)
    old: Snapshot = {"a.csv": (1, 1, 1)}
    new: Snapshot = {"a.csv": (2, 1, 1)}
    assert latest.soon("甲", old, patience=0) == (None, False)
    assert latest.glance("甲", old) is None
    assert len(begun) == 1, "it is made once, however many ask"
    begun[0].set_result("旧")
    assert latest.get("甲", old) == ("旧", True)
    assert latest.get("甲", new, patience=0) == ("旧", False)
    assert latest.soon("甲", new, patience=0) == ("旧", False)
    assert (len(begun), latest.is_fresh("甲", new)) == (2, False)
    begun[1].set_result("新")
    assert latest.get("甲", new) == ("新", True)
    assert latest.ended == 2
    begin_other = latest.soon("乙", old, patience=0)
    begun[2].set_result("乙")
    assert begin_other == (None, False)
    assert not latest.is_fresh("甲", new), "one is kept"


def test_what_cannot_be_made_is_told_and_not_tried_again_for_the_same_files() -> None:
    begun: list[Future[str]] = []

    def begin(_: str) -> Future[str]:
        begun.append(Future())
        return begun[-1]

    latest: Latest[str, str] = Latest(begin, 10)
    files: Snapshot = {"a": (1, 1, 1)}
    assert latest.glance("甲", files) is None
    begun[0].set_exception(UsageError("读不出来"))
    assert latest.ended == 1, "pages that wait for it look anew"
    assert latest.glance("甲", files) is None
    with pytest.raises(UsageError, match="读不出来"):
        latest.get("甲", files)
    assert len(begun) == 1
    assert latest.glance("甲", {"a": (2, 1, 1)}) is None
    begun[1].set_result("新")
    assert latest.get("甲", {"a": (2, 1, 1)}) == ("新", True)


def test_who_waits_for_what_is_never_made_is_told_why() -> None:
    begun: list[Future[str]] = []

    def begin(_: str) -> Future[str]:
        begun.append(Future())
        return begun[-1]

    latest: Latest[str, str] = Latest(begin, 10)
    first: Snapshot = {"a": (1, 1, 1)}
    latest.glance("甲", first)

    def late(seconds: float) -> str:
        raise TimeoutError

    begun[0].result = late  # type: ignore[assignment,method-assign]
    with pytest.raises(ExecutionError, match=SLOW):
        latest.get("甲", first)

    def dead(_: str) -> Future[str]:
        begun.append(Future())
        begun[-1].set_exception(BrokenProcessPool())
        return begun[-1]

    broken: Latest[str, str] = Latest(dead, 10)
    with pytest.raises(ExecutionError, match=DIED):
        broken.get("甲", first)
    assert len(begun) == 3, "it was tried twice"
    assert broken.soon("甲", first, patience=0) == (None, False)
