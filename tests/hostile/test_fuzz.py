"""A short run of every fuzzing target; benchmarks/fuzz/run.py runs them for minutes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.hostile.targets import TARGETS, fuzz

from nianbao.errors import NianbaoError

SIGNS = [b"", b"\0", b",", b'"', b"\n", b"{{", b"}}", b"<", b"&", b"]", b"\xff", "甲".encode()]
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(SIGNS) | st.binary(max_size=6)),
    max_size=6,
)


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_raises_nothing_but_errors_of_ours(name: str) -> None:
    target = TARGETS[name]

    @given(st.sampled_from(target.seeds), CHANGES)
    @example(b"", [])
    @example(b"\xff\xfe\x00", [])
    def changed(seed: bytes, changes: list[tuple[float, int, bytes]]) -> None:
        data = seed
        for where, gone, put in changes:
            at = int(where * len(data))
            data = data[:at] + put + data[at + gone :]
        fuzz(target, data)

    changed()


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_reads_what_it_begins_with(name: str) -> None:
    """A seed that is refused at once would fuzz the refusal alone."""
    read = 0
    for seed in TARGETS[name].seeds:
        with contextlib.suppress(NianbaoError):
            TARGETS[name].run(seed)
            read += 1
    assert read >= 1
