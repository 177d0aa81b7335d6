"""Outlines keep their shape and lose their length."""

from __future__ import annotations

import re
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.statistics.outline import TOLERANCE, UNIT, short_outline

Point = tuple[float, float]
COORDINATE = st.integers(-1200, 6400)


def decode(path: str) -> list[list[Point]]:
    """The polygons of a relative path, in matplotlib's units; written without our encoder."""
    polygons: list[list[Point]] = []
    x = y = 0
    start = (0, 0)
    for command, arguments in re.findall(r"([mlhvz])([^mlhvz]*)", path):
        numbers = [int(n) for n in re.findall(r"-?\d+", arguments)]
        if command == "z":
            x, y = start
            continue
        steps = list(zip(numbers[::2], numbers[1::2], strict=True)) if command in "ml" else []
        steps += [(n, 0) for n in numbers if command == "h"]
        steps += [(0, n) for n in numbers if command == "v"]
        for dx, dy in steps:
            x, y = x + dx, y + dy
            if command == "m":
                start = (x, y)
                polygons.append([])
            polygons[-1].append((x * UNIT, y * UNIT))
    return polygons


def distance(point: Point, polygon: list[Point]) -> float:
    """From a point to the closed polygon."""

    def to_edge(a: Point, b: Point) -> float:
        (ax, ay), (bx, by), (px, py) = a, b, point
        square = (bx - ax) ** 2 + (by - ay) ** 2
        t = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / square if square else 0
        t = min(1, max(0, t))
        return hypot(ax + t * (bx - ax) - px, ay + t * (by - ay) - py)

    return min(to_edge(a, b) for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True))


@given(
    st.lists(
        st.lists(st.tuples(COORDINATE, COORDINATE), min_size=3, max_size=30), min_size=1, max_size=3
    )
)
def test_no_corner_moves_more_than_the_tolerance(polygons: list[list[Point]]) -> None:
    path = " ".join(
        "M " + " L ".join(f"{x} {y}" for x, y in polygon) + " z" for polygon in polygons
    )
    decoded = decode(short_outline(path))
    assert len(decoded) == len(polygons)
    for before, after in zip(polygons, decoded, strict=True):
        assert max(distance(point, after) for point in before) <= TOLERANCE + UNIT


def test_a_curve_is_followed() -> None:
    (polygon,) = decode(short_outline("M 0 0 C 0 3000 3000 3000 3000 0 Q 1500 -3000 0 0 z"))
    assert distance((1500, 2250), polygon) < 3 * TOLERANCE, "the top of the cubic curve"
    assert distance((1500, -1500), polygon) < 3 * TOLERANCE, "the foot of the quadratic curve"


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M 32 64 L 96 64 L 160 64 L 160 -64 L 32 64 z", "m1 2h4v-4z"),
        ("M 0 0 L 320 320 L 640 -320 L 0 0 z", "m0 0l10 10 10-20z"),
        ("M 0 0 L 64 64 z M 64 0 L 128 64 z", "m0 0l2 2zm2 0l2 2z"),
    ],
)
def test_the_shortest_writing(path: str, short: str) -> None:
    assert short_outline(path) == short
