"""The report as a notebook cell sees it; a cell needs no other import.

``Report.open`` reads and counts everything once; the other methods show a part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from nianbao.errors import FindingsError, NarrativeError, Problem, raise_problems
from nianbao.fonts import Fonts, find_fonts, rare_letters
from nianbao.inputs.bundle import Acknowledgement, Inputs
from nianbao.inputs.load import load_inputs
from nianbao.inputs.notices import read_notice
from nianbao.inputs.params import make_params
from nianbao.inputs.peers import Peer, read_peers
from nianbao.notebook.blocks import ShownBlock, figure_block, table_block
from nianbao.notebook.display import (
    Display,
    nothing_to_show,
    show_block,
    show_findings,
    show_note,
    show_plain_table,
)
from nianbao.notebook.frames import FRAMES, find_year, series_frame, table_frame, unknown_frame
from nianbao.notebook.handover import own_block, with_numbers
from nianbao.notebook.master import find_root, read_master
from nianbao.notebook.page import ShownDisplays, page_display, page_is_drawn
from nianbao.notebook.pictures import load_pictures
from nianbao.notebook.record import (
    RECORD_MIME,
    WORDS_MIME,
    Picture,
    Record,
    make_record,
    record_to_json,
    words_to_json,
)
from nianbao.notebook.report_json import report_json_text
from nianbao.notebook.review import (
    Wording,
    error_problem,
    idle_acknowledgements,
    read_wording,
    review_context,
    review_prose,
    settle_findings,
)
from nianbao.notebook.session import show_at_once, tell_report, watch_cells
from nianbao.notebook.shared import Shared, shared_inputs, shared_peers
from nianbao.notebook.tracing import read_table_cell, trace_cells, trace_fact
from nianbao.prose.blocks import Theme
from nianbao.prose.facts import Vocabulary, walk
from nianbao.prose.review import ReviewContext
from nianbao.prose.review.notices import Checklist, check_notice
from nianbao.prose.vocabulary import build_vocabulary
from nianbao.statistics.checks import Statistics, check_headings, run_checks
from nianbao.statistics.comparison import SERIES
from nianbao.statistics.model import Figure, Finding, Table
from nianbao.statistics.rollup import UNITS, consolidate
from nianbao.statistics.tables import build_tables, last_year_tables
from nianbao.statutory import Format, format_for


@dataclass(frozen=True)
class Report:
    """One agency's report of one year: its project, what it handed in, the statutory format.

    Examples
    --------
    >>> report.title, report.tables["requests"].frame.at["new", "总计"], report.blocking
    ('示例县市场监督管理局2024年政府信息公开工作年度报告', 26, ())
    """

    root: Path
    inputs: Inputs
    format: Format
    shown: ShownDisplays = field(default_factory=ShownDisplays, compare=False, repr=False)

    @classmethod
    def open(cls, agency: str, year: int, *, root: Path | None = None, **given: object) -> Report:
        """Read the inputs of a report.

        Parameters
        ----------
        agency, year
            Which report.
        root
            The project folder; found upwards from the current folder by default.
        **given
            Further parameters of the report (see docs/parameters.md); one that is None keeps
            the value of the parameter file.

        Raises
        ------
        UsageError, InputError
            No such report, or its files cannot be read: all problems at once.

        Examples
        --------
        >>> Report.open("yiyuan-sfj", 2024).table("requests")  # doctest: +SKIP
        """
        shell = watch_cells()
        folder = root or find_root()
        chosen = {key: value for key, value in given.items() if value is not None}
        asked = make_params({"agency": agency, "year": year, **chosen})
        agency, year = asked.agency, asked.year  # as papermill's -r and a quoted YAML give them
        shared = shared_inputs(folder, agency, year)
        if shared is None:
            shared = Shared(folder, (), load_inputs(folder, agency, year))
        chosen = asked.model_dump(exclude_none=True)
        params = make_params(shared.inputs.params.model_dump() | chosen)
        if params not in shared.reports:
            inputs = consolidate(replace(shared.inputs, params=params))
            shared.reports[params] = cls(folder, inputs, format_for(params.year))
        if shell is not None:
            tell_report(shell, folder, agency, year)
        return shared.reports[params]

    @cached_property
    def fonts(self) -> Fonts:
        """The typefaces of the report's charts and pages, the project's own first."""
        return find_fonts((self.root / "fonts",))

    @cached_property
    def theme(self) -> Theme:
        """网页和图的样子：项目的 theme/ 文件夹。

        The project's own look: logo, style of the page, colours of charts.

        Raises
        ------
        InputError
            What in theme/ cannot be used: all at once.
        """
        from nianbao.notebook.theme import read_theme  # a check draws nothing

        return read_theme(self.root)

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """All tables by key."""
        return build_tables(self.inputs, self.format, self.previous_tables)

    @cached_property
    def previous_tables(self) -> Mapping[str, Table] | None:
        """Last year's tables, or None."""
        previous = self.inputs.previous
        return last_year_tables(previous, self.format) if previous else None

    @cached_property
    def pictures(self) -> Mapping[str, Picture]:
        """The pictures that the wording names: media type and bytes by file name.

        Raises
        ------
        NarrativeError
            Those that cannot be printed.
        """
        return load_pictures(self.root, self.inputs)

    @cached_property
    def wording(self) -> Mapping[str, Wording]:
        """The final words of each section, in the order of the master.

        Raises
        ------
        NarrativeError
            Unknown names, faulty placeholders, unknown sections: all at once; pictures that
            cannot be printed.
        """
        _ = self.pictures  # a text is only whole with its pictures
        sections = read_master(self.root).sections
        return read_wording(sections, self.inputs.narrative, self.vocabulary)

    @property
    def checklist(self) -> Checklist | None:
        """按上级通知逐条对照正文：写在哪里，哪一条没有写到。

        Hold the notice of the higher office against the words; None where no notice binds.
        """
        agency = self.inputs.agency
        notice = read_notice(self.root, agency)
        if notice is None:
            return None
        words = {key: wording.text for key, wording in self.wording.items()}
        return check_notice(notice, words, agency.kind)

    @cached_property
    def review_context(self) -> ReviewContext:
        """The values that the prose is compared with."""
        tables = self.tables, self.previous_tables
        return review_context(self.root, self.inputs, *tables, self._peers(), self.vocabulary)

    def _peers(self) -> tuple[Peer, ...]:
        agency, year = self.inputs.agency.code, self.inputs.params.year
        peers = shared_peers(self.root, agency)
        return read_peers(self.root, agency, year) if peers is None else peers

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the rules on tables, headings and prose; worst first.

        Raises
        ------
        NarrativeError
            The prose cannot be filled in; errors of the tables are reported along with it.
        """
        context = Statistics(self.inputs, self.tables, self.previous_tables, self.format)
        headings = check_headings(read_master(self.root).headings, self.format)
        found = (*run_checks(context), *headings)
        known = self.inputs.acknowledged
        try:
            wording = self.wording
        except NarrativeError as error:
            tables = settle_findings(found, known)
            raise NarrativeError(*error.problems, *self._errors(tables)) from None
        text = "".join(words.text for words in wording.values())
        missing = rare_letters(text, self.fonts)
        prose = review_prose(wording, replace(self.review_context, missing_letters=missing))
        return settle_findings((*found, *prose), known)

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """The errors that stop this report from being published."""
        return self._errors(self.findings)

    def _errors(self, findings: Iterable[Finding]) -> tuple[Problem, ...]:
        """Return the errors that stop a report; a draft is stopped by none."""
        if self.inputs.params.draft:
            return ()
        return tuple(error_problem(f) for f in findings if f.severity == "error")

    @property
    def idle_acknowledgements(self) -> tuple[Acknowledgement, ...]:
        """Acknowledgements that meet no finding."""
        return idle_acknowledgements(self.findings, self.inputs.acknowledged)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every fact that prose can name."""
        return build_vocabulary(self.inputs, self.tables, self.previous_tables, self.format)

    @property
    def title(self) -> str:
        """The statutory title."""
        params = self.inputs.params
        return self.format.title.format(name=self.inputs.agency.name, year=params.year)

    def check(self) -> Display:
        """显示核对发现；有必须改正的错误时停下。

        Show the findings.

        Raises
        ------
        FindingsError
            There are errors and the report is not a draft: it must not be published.
        """
        raise_problems(FindingsError, self.blocking)
        return show_findings(self.findings)

    def facts(self) -> Display:
        """列出正文可以引用的数据，并为导出留下记录。

        Record all facts for the exporters, and list them.
        """
        named = (f for f in walk(self.vocabulary) if f.name.count(".") < 2)
        rows = [(f.name, f.text, f.unit, f.source) for f in named]
        more = {RECORD_MIME: record_to_json(self.record()), WORDS_MIME: words_to_json(self)}
        title = f"可用于正文的数据：{len(rows)}项"
        return show_plain_table(title, ("名称", "文字", "单位", "来源"), rows, more, folded=True)

    def frame(self, name: str, *, year: int | None = None) -> pd.DataFrame:
        """把上报的数据交给 pandas：列名用规定的中文名称。

        Give the data as a DataFrame with the official Chinese columns.

        Counts are Int64 with NA for what was not reported, days datetime64, kinds and outcomes
        categories in the order of the statute; money is Decimal. 文件 and 行 say where a row
        stands. A change to the frame changes nothing in the report.

        Parameters
        ----------
        name
            ``cases`` (the ledger of requests), ``requests_table`` (tables of units without a
            ledger), ``decisions``, ``reviews``, ``disclosures``, ``figures`` as they were handed
            in; ``requests`` (table 3) and every other table of the report; ``series`` (the key
            figures of all years, one row a year and item).
        year
            An earlier year that the project has.

        Raises
        ------
        UsageError
            No such frame or year; the nearest, or those that exist, are named.

        Examples
        --------
        >>> cases = report.frame("cases")
        >>> cases.loc[0, ["登记号", "申请人类型"]].tolist()
        ['20230022', '自然人']
        >>> cases.groupby("申请人类型", observed=True)["件数"].sum()["自然人"]
        np.int64(22)
        """
        inputs = find_year(self.inputs, self.inputs.params.year if year is None else year)
        if name in FRAMES:
            return FRAMES[name](inputs, self.format)
        if name == SERIES and year is None:
            return series_frame(self._tables_by_year(), self.format)
        tables = self.tables if inputs is self.inputs else last_year_tables(inputs, self.format)
        if name not in tables:
            raise unknown_frame(name, self.tables)
        return table_frame(tables[name], self.format)

    def _tables_by_year(self) -> dict[int, Mapping[str, Table]]:
        before = (*self.inputs.earlier, *([self.inputs.previous] if self.inputs.previous else []))
        years = {i.params.year: last_year_tables(i, self.format) for i in before}
        return {**years, self.inputs.params.year: self.tables}

    def trace(self, name: str, row: str | None = None, column: str | None = None) -> pd.DataFrame:
        """由一个数找到台账里的各行：是哪几件、在哪个文件第几行。

        Give the rows of the ledgers that a number is made of.

        Parameters
        ----------
        name
            A fact that prose can name (``新收申请``, ``主动公开.政府网站``); with ``row`` the
            key of a statutory table: ``decisions``, ``requests``, ``reviews``.
        row, column
            A cell of that table, by key or official label; without ``column`` its 总计. Of a
            government each unit's rows or share stand under its name (单位).

        Returns
        -------
        DataFrame
            Its 件数 (or 数值, 条数) add up to the number; 文件 and 行 say where each row stands.

        Raises
        ------
        UsageError
            No such number, row or column, or one that no row was counted for.

        Examples
        --------
        >>> rows = report.trace("新收申请.自然人")
        >>> int(rows["件数"].sum()), rows.iloc[0]["登记号"]
        (21, '20240001')
        >>> len(report.trace("requests", "new", "自然人"))
        21
        """
        if row is None:
            facts = self.vocabulary
            return trace_fact(name, self.inputs, self.tables, facts, self.format)
        cells = read_table_cell(name, row, column, self.format)
        return trace_cells(cells, self.inputs, self.tables, self.format)

    def table(self, key: str, counted: pd.DataFrame | None = None) -> Display | None:
        """显示一张表，印入报告；可以交出自己数好的法定表。

        Show a table; where there are no data for it, a sentence at the notebook alone.

        Parameters
        ----------
        key
            ``decisions``, ``requests``, ``reviews``, or another table of the report. The one by
            unit is of governments alone: elsewhere nothing is shown for it.
        counted
            A statutory table as a cell counted it, by official rows and columns. It is held
            against the proof's own count before anything is published.

        Examples
        --------
        >>> table = count_requests(report.frame("cases"), report.frame("requests_table"))
        >>> shown = report.table("requests", table)
        """
        table = self.tables.get(key)
        if table is None and key == UNITS:
            return None
        if table is None:
            return show_note(nothing_to_show(key, self.tables))
        if counted is not None:
            table = with_numbers(table, counted, self.format)
        return self._shown(table_block(table), table.title)

    def figure(self, key: str) -> Figure | None:
        """画一张图，不印入报告；没有数的为 None。

        Draw a chart; None where there is nothing to draw.
        """
        from nianbao.statistics.charts import draw_chart

        fonts = self.fonts.files("sans")
        return draw_chart(key, self.tables, self.format, fonts, self.theme.tones)

    def chart(self, key: str) -> Display | None:
        """显示一张图，印入报告。

        Show a chart; where there is nothing to draw, a sentence at the notebook alone.

        The charts over years want three of them: with fewer nothing is shown.
        """
        from nianbao.statistics.charts import BY_YEAR

        figure = self.figure(key)
        if figure is None:
            return None if key in BY_YEAR else show_note(nothing_to_show(key, self.tables))
        table = self.tables.get(SERIES if key in BY_YEAR else key)
        return self._shown(figure_block(figure, table.source if table else ""), figure.alt)

    def show(
        self,
        thing: object,
        *,
        title: str,
        unit: str = "",
        source: str = "",
        alt: str = "",
        data: pd.DataFrame | None = None,
    ) -> Display:
        """把自己的表或图印入报告，各种格式都有。

        Publish a table or figure of one's own: in the page, the PDF and Word, where its cell
        stands, with its caption; a figure with its data table.

        Parameters
        ----------
        thing
            A DataFrame or Series, or a figure or axes of matplotlib.
        title, unit, source
            Caption; unit of the numbers; where they come from. All formats print them: the unit
            in the caption (单位：件), the source below a table and in the caption of a figure.
        alt
            What the figure says, in a sentence, for those who cannot see it. Required of figures.
        data
            The numbers behind a figure; those of a simple bar or line chart are read from it.

        Raises
        ------
        UsageError
            What is missing, in Chinese: all at once.

        Examples
        --------
        >>> cases = report.frame("cases")
        >>> cases = cases[cases["收到日期"].dt.year == 2024]  # without those carried over
        >>> by_month = cases.groupby(cases["收到日期"].dt.month)["件数"].sum()
        >>> shown = report.show(by_month, title="各月收到的申请", unit="件", source="申请台账")
        """
        block = own_block(thing, title, unit, source, alt, data, self.theme.tones)
        return show_at_once(self._shown(block, title))

    def _shown(self, block: ShownBlock, text: str) -> Display:
        """Show a block, and remember which cell did, for the page below."""
        display = show_block(block, text)
        self.shown.add(display)
        return display

    def page(self, notebook: str | Path | None = None) -> Display:
        """显示成品网页，也就是将要公布的样子。

        Show the page as it will be published, below the last cell of the notebook.

        Parameters
        ----------
        notebook
            The file whose texts are shown, as it was saved; by default the one that runs here.

        Raises
        ------
        ExportError, NarrativeError
            What stands against publishing it.
        UsageError
            There is no such notebook.
        """
        if not page_is_drawn():
            return show_note("成品见同一文件夹里的 report.html；运行这一格，可以在这里看到。")
        return page_display(self, notebook)

    @cached_property
    def json_text(self) -> str:
        """report.json 的内容。

        The text of report.json, written once: the proof takes it before a cell can run.
        """
        return report_json_text(self)

    def record(self) -> Record:
        """取得导出所需的一切，与 facts() 留在笔记本里的相同。

        Give all that an exporter needs, as `facts` leaves it in the notebook.
        """
        return make_record(self)
