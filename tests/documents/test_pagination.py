"""The plan of the pages: what stands where, how large, and what the last page holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nianbao.documents.pagination import (
    GAP,
    LEAST_ON_LAST_PAGE,
    LINES,
    PITCH,
    Measured,
    Placed,
    Plan,
    arrange,
    lines_of,
    row_heights,
)


def height(lines: float) -> float:
    return lines * PITCH - GAP


def text(lines: int) -> Measured:
    return Measured("text", height(lines))


def figure(lines: int) -> Measured:
    return Measured("figure", height(lines), picture=height(lines) - 20)


def grid(lines: float, rows: int) -> Measured:
    """A statutory table of so many lines with the usual space in its rows."""
    return Measured("grid", 0.0, texts=[[(height(lines) / rows - 11, 1)]] * rows)


HEADING = Measured("heading", height(1))
TABLE = grid(11, 14)


def ends(blocks: list[Measured], plan: tuple[Placed, ...]) -> list[tuple[int, int]]:
    """For each placed block the page it ends on and the lines used there."""
    page, used, lead = 0, 0, 0
    found = []
    for placed in plan:
        block = blocks[placed.block]
        lines = lines_of(block.height - block.picture * (1 - placed.scale))
        if block.texts:
            lines = placed.lines
            assert lines == lines_of(sum(placed.rows))
        lines += placed.air
        if block.kind == "heading":
            lead += lines
            found.append((page, used))
            continue
        first = lines if block.kind != "text" or lines <= 3 else 2
        if used + lead + first > LINES:
            page, used = page + 1, 0
        used, lead = used + lead, 0
        while used + lines > LINES and block.kind == "text":
            page, used, lines = page + 1, 0, max(2, used + lines - LINES)
        used += lines
        page, used = page + (used - 1) // LINES, (used - 1) % LINES + 1
        found.append((page, used))
    return found


BLOCKS = st.lists(
    st.one_of(
        st.integers(1, 30).map(text),
        st.integers(3, 20).map(figure),
        st.just(HEADING),
        st.just(TABLE),
    ),
    min_size=1,
    max_size=25,
)


@given(BLOCKS)
def test_every_block_is_placed_once_and_a_figure_only_later_in_its_part(
    blocks: list[Measured],
) -> None:
    order = [placed.block for placed in arrange(blocks).placed]
    assert sorted(order) == list(range(len(blocks)))
    part = [sum(b.kind == "heading" for b in blocks[: n + 1]) for n in range(len(blocks))]
    assert [part[n] for n in order] == sorted(part)
    others = [n for n in order if blocks[n].kind != "figure"]
    assert others == sorted(others)
    figures = [n for n in order if blocks[n].kind == "figure"]
    assert figures == sorted(figures)
    for n in figures:
        before = [m for m in range(n) if blocks[m].kind != "figure"]
        assert all(order.index(m) < order.index(n) for m in before)


def test_a_figure_that_nearly_fits_is_drawn_smaller() -> None:
    plan = arrange([text(14), figure(9), HEADING, text(20)]).placed
    assert plan[1].block == 1
    assert 0.7 <= plan[1].scale < 1


def test_text_of_the_same_part_goes_before_a_figure_that_does_not_fit() -> None:
    plan = arrange([text(14), figure(14), text(6), HEADING, text(20)]).placed
    assert [placed.block for placed in plan] == [0, 2, 1, 3, 4]
    assert plan[2].scale == 1


def test_a_table_fills_a_page_that_would_stay_half_blank() -> None:
    blocks = [text(20), HEADING, TABLE, HEADING, grid(21, 28)]
    plan = arrange(blocks).placed
    assert sum(plan[2].rows) > height(11)
    assert ends(blocks, plan)[2][1] > LINES * 2 / 3


def test_what_would_stay_blank_is_spread_a_little_everywhere() -> None:
    full_page = grid(21, 28)
    blocks = [text(48), figure(5), figure(5), text(4), HEADING, TABLE, HEADING, full_page]
    plan = arrange(blocks, title=4)
    assert plan.air > 0
    assert all(plan.placed[n].air > 0 for n in (1, 2))
    assert height(11) < sum(plan.placed[5].rows) < height(11) + 28 * 5.5


def test_the_last_page_is_never_nearly_empty() -> None:
    for lines in range(10, 60):
        blocks = [grid(21, 28), HEADING]
        blocks += [grid(5, 4), *(text(1) for _ in range(lines))]
        page, used = ends(blocks, arrange(blocks).placed)[-1]
        assert page == 0 or used >= LEAST_ON_LAST_PAGE - 1, (page, used)


def test_nothing_is_planned_for_nothing() -> None:
    assert arrange([]) == Plan(())


TEXTS = st.lists(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 3)), max_size=4), min_size=1, max_size=8
).map(lambda rows: [[(h, min(n, len(rows) - at)) for h, n in row] for at, row in enumerate(rows)])


@given(TEXTS, st.sampled_from([2.0, 5.5, 15.0]))
def test_every_text_fits_into_its_rows_and_no_row_is_higher_than_that_takes(
    texts: list[list[tuple[float, int]]], inset: float
) -> None:
    def fit(heights: list[float]) -> bool:
        return all(
            height + 2 * inset <= sum(heights[first : first + span]) + 1e-9
            for first, row in enumerate(texts)
            for height, span in row
        )

    heights = row_heights(texts, inset)
    assert fit(heights)
    for row, height in enumerate(heights):
        assert not height or not fit([*heights[:row], height - 1, *heights[row + 1 :]])
