"""The charts that a report can have, and what each shows.

A chart is data first: a picture (`Bars`, `Columns`, `Pairs`, `Flow`) is read from a table, words
and a data table are made from the same numbers, and the picture is drawn twice, for a page and
for a telephone. Adding a chart is adding one function with ``@chart`` to a module of this
package; nothing else changes.
"""

from nianbao.statistics.charts import comparison, counts, flow
from nianbao.statistics.charts.counts import BY_YEAR
from nianbao.statistics.charts.registry import CHARTS, draw_chart

__all__ = ["BY_YEAR", "CHARTS", "comparison", "counts", "draw_chart", "flow"]
