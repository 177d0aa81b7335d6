"""Outlines of letters as short polygons.

Chinese letters as curves fill most of a chart's bytes. Here each curve gives way to the line
through as few points as keep within 0.5 % of the letter's height; on paper that is 0.02 mm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from math import hypot

UNIT = 32
"""Our unit in those of matplotlib's outlines (6400 to the em): whole numbers of 1/200 em."""
TOLERANCE = 32.0
CURVE_STEPS = 6

Point = tuple[float, float]

_TOKEN = re.compile(r"[MLQCz]|-?\d+(?:\.\d+)?")
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}


@lru_cache(maxsize=4096)
def short_outline(path: str) -> str:
    """The path of a letter as relative polygons in whole units.

    Parameters
    ----------
    path
        Absolute commands M, L, Q, C and z, as matplotlib writes them.

    Examples
    --------
    >>> short_outline("M 32 64 L 96 64 L 160 64 L 160 -64 L 32 64 z")
    'm1 2h4v-4z'
    """
    here = (0, 0)
    written: list[str] = []
    for polygon in _polygons(path):
        points = [(round(x / UNIT), round(y / UNIT)) for x, y in _simplify(polygon)]
        if len(points) > 1 and points[-1] == points[0]:
            points.pop()
        start, previous = points[0], ""
        for number, point in enumerate(points):
            letter, step = _step(point[0] - here[0], point[1] - here[1], first=number == 0)
            # A letter that repeats may be left out; a minus sign parts numbers by itself.
            if letter == previous:
                letter = "" if step.startswith("-") else " "
            else:
                previous = letter
            written.append(letter + step)
            here = point
        written.append("z")
        here = start
    return "".join(written)


def _step(dx: int, dy: int, *, first: bool) -> tuple[str, str]:
    if first:
        return "m", f"{dx} {dy}".replace(" -", "-")
    if dy == 0:
        return "h", str(dx)
    if dx == 0:
        return "v", str(dy)
    return "l", f"{dx} {dy}".replace(" -", "-")


def _polygons(path: str) -> Iterator[list[Point]]:
    """The closed figures of a path, curves as points on them."""
    tokens = iter(_TOKEN.findall(path))
    polygon: list[Point] = []
    for command in tokens:
        if command == "z":
            yield polygon
            polygon = []
            continue
        points = [(float(next(tokens)), float(next(tokens))) for _ in range(_POINTS[command])]
        if len(points) > 1:
            controls = [polygon[-1], *points]
            points = [_on_curve(controls, n / CURVE_STEPS) for n in range(1, CURVE_STEPS + 1)]
        polygon.extend(points)


def _on_curve(controls: list[Point], t: float) -> Point:
    """A point of a Bézier curve (de Casteljau)."""
    while len(controls) > 1:
        controls = [
            ((1 - t) * x + t * u, (1 - t) * y + t * v) for (x, y), (u, v) in pairwise(controls)
        ]
    return controls[0]


def _simplify(points: list[Point]) -> list[Point]:
    """The points that are needed to keep within `TOLERANCE` (Ramer, Douglas and Peucker)."""
    if len(points) < 3:
        return points
    distances = [_distance(point, points[0], points[-1]) for point in points[1:-1]]
    furthest = max(range(len(distances)), key=distances.__getitem__) + 1
    if distances[furthest - 1] <= TOLERANCE:
        return [points[0], points[-1]]
    return _simplify(points[: furthest + 1])[:-1] + _simplify(points[furthest:])


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the line between two others, its ends included: a spike is kept."""
    (p, q), (x, y), (u, v) = point, start, end
    square = (u - x) ** 2 + (v - y) ** 2
    along = ((p - x) * (u - x) + (q - y) * (v - y)) / square if square else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(p - x - along * (u - x), q - y - along * (v - y))
