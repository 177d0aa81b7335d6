"""Draw the rooms of the package and who imports whom, read from the imports alone."""

from __future__ import annotations

import io
from pathlib import Path

from modules import FOLDERS, SHARED, imports, modules, room

FILE = Path(__file__).resolve().parent.parent / "docs" / "images" / "rooms.svg"
INK, SOFT, SHADE = "#1a1a1a", "#2f6db3", "#eef3f8"


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
    """Draw the rooms from left to right; an arc leads from a room to each it imports from."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "rooms", "font.size": 9}):
        figure = Figure(figsize=(11, 4.2))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-0.7, len(FOLDERS) - 0.3), ylim=(-1.15, 2.5))
        axes.axis("off")
        box = {"boxstyle": "round,pad=0.02,rounding_size=0.08", "linewidth": 0.8}
        for place, name in enumerate(FOLDERS):
            corner = (place - 0.44, -0.2)
            axes.add_patch(FancyBboxPatch(corner, 0.88, 0.4, fc=SHADE, ec=INK, **box))
            axes.text(place, 0, name, ha="center", va="center", color=INK)
        for own, targets in room_imports().items():
            start = FOLDERS.index(own)
            for target in sorted(targets, key=FOLDERS.index):
                end = FOLDERS.index(target)
                axes.add_patch(
                    FancyArrowPatch(
                        (start - 0.08, 0.24), (end + 0.08, 0.24), connectionstyle="arc3,rad=0.5",
                        arrowstyle="-|>", mutation_scale=7, linewidth=0.6, color=SOFT,
                        alpha=0.35 + 0.5 / (start - end),
                    )
                )  # fmt: skip
        shared = "   ".join(SHARED)
        corner = (-0.44, -0.95)
        axes.add_patch(FancyBboxPatch(corner, len(FOLDERS) - 0.12, 0.34, fc="none", ec=INK, **box))
        middle = (len(FOLDERS) - 1) / 2
        axes.text(middle, -0.78, f"used by all: {shared}", ha="center", va="center", color=INK)
        canvas = FigureCanvasSVG(figure)
        text = io.StringIO()
        canvas.print_svg(text, metadata={"Date": None, "Creator": None})
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_text(draw_rooms(), "utf-8")
