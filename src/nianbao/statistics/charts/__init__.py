"""Which charts a report can have, and what each shows.

A chart is data first: `Bars` is read from a table, then words are made from the same numbers
(alt text, data table) and `drawing.draw_bars` draws them. Adding a chart is adding one
function with ``@chart`` to a module of this package; nothing else changes.
"""

from nianbao.statistics.charts import this_year, years
from nianbao.statistics.charts.registry import CHARTS, MOST_BARS, draw_chart
from nianbao.statistics.charts.years import BY_YEAR

__all__ = ["BY_YEAR", "CHARTS", "MOST_BARS", "draw_chart", "this_year", "years"]
