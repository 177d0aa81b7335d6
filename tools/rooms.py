"""Draw the rooms of the package and who imports from whom, read from the imports alone."""

from __future__ import annotations

import io
from pathlib import Path

from modules import FOLDERS, SHARED, imports, modules, room

FILE = Path(__file__).resolve().parent.parent / "docs" / "images" / "rooms.svg"
INK, SOFT, SHADE, LINE = "#1a1a1a", "#2f6db3", "#e8eef5", "#c8c8c8"
WORDS = "Blue: the room of this row imports from the room of this column."


def room_imports() -> dict[str, set[str]]:
    """Find the rooms that each room imports from, itself and what all may use left out."""
    found: dict[str, set[str]] = {name: set() for name in FOLDERS}
    for name, path, tree in modules():
        own = room(name)
        if own in found:
            targets = {room(target) for _, target in imports(name, path, tree)}
            found[own] |= targets & set(FOLDERS) - {own}
    return found


def draw_rooms() -> str:
    """Draw the rooms on a diagonal, in each one's row a square below every room it imports from."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "rooms", "font.size": 8.5}):
        last, wide, imported = len(FOLDERS), 2.2, room_imports()
        figure = Figure(figsize=(9.2, 4.3))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-0.3, wide * last + 0.3), ylim=(last + 1.9, -0.3))
        axes.axis("off")
        middle = {"ha": "center", "va": "center", "color": INK}
        for row, own in enumerate(FOLDERS):
            for column, other in enumerate(FOLDERS[:row]):
                colour = SOFT if other in imported[own] else "none"
                corner = (wide * (column + 0.36), row + 0.2)
                box = Rectangle(corner, wide * 0.28, 0.6, fc=colour, ec=LINE, linewidth=0.5)
                axes.add_patch(box)
            corner = (wide * row, row)
            axes.add_patch(Rectangle(corner, wide, 1, fc=SHADE, ec=INK, linewidth=0.8))
            axes.text(wide * (row + 0.5), row + 0.5, own, **middle)
        axes.add_patch(Rectangle((0, last + 0.4), wide * last, 1, fc="none", ec=INK, linewidth=0.8))
        shared = ", ".join(SHARED)
        axes.text(wide * last / 2, last + 0.9, f"used by all: {shared}", **middle)
        axes.text(wide * last, 0.5, WORDS, ha="right", va="center", color=INK)
        canvas = FigureCanvasSVG(figure)
        text = io.StringIO()
        canvas.print_svg(text, metadata={"Date": None, "Creator": None})
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_text(draw_rooms(), "utf-8")
