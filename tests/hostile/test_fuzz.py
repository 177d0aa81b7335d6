"""A short run of every fuzzing target; benchmarks/fuzz/run.py runs them for minutes."""

from __future__ import annotations

import contextlib
import functools
import json
import operator
from collections.abc import Iterator

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


def places(node: object) -> Iterator[tuple[str | int, ...]]:
    """The way to every value of a JSON document but the whole."""
    if isinstance(node, dict | list):
        for step, part in node.items() if isinstance(node, dict) else enumerate(node):
            yield (step,)
            yield from ((step, *below) for below in places(part))


def test_a_notebook_with_anything_in_any_of_its_places() -> None:
    target = TARGETS["notebook"]
    (seed,) = target.seeds
    ways = list(places(json.loads(seed)))
    assert len(ways) > 40
    for *above, last in ways:
        for put in (None, 1, -1.5, True, "甲", [], [1], {}, {"a": 1}):
            notebook = json.loads(seed)
            node = functools.reduce(operator.getitem, above, notebook)
            node[last] = put
            fuzz(target, json.dumps(notebook).encode())
        del node[last]
        fuzz(target, json.dumps(notebook).encode())


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_reads_what_it_begins_with(name: str) -> None:
    """A seed that is refused at once would fuzz the refusal alone."""
    read = 0
    for seed in TARGETS[name].seeds:
        with contextlib.suppress(NianbaoError):
            TARGETS[name].run(seed)
            read += 1
    assert read >= 1
