"""Which charts a report can have, and what each shows.

A chart is data first: a picture (`Bars`, `Columns`, `Pairs`, `Flow`) is read from a table, words
and a data table are made from the same numbers, and the picture is drawn twice, for a page and
for a telephone. Adding a chart is adding one function with ``@chart`` to a module of this
package; nothing else changes.
"""

from nianbao.statistics.charts import comparison, flow, this_year, years
from nianbao.statistics.charts.registry import CHARTS, draw_chart
from nianbao.statistics.charts.years import BY_YEAR

__all__ = ["BY_YEAR", "CHARTS", "comparison", "draw_chart", "flow", "this_year", "years"]
