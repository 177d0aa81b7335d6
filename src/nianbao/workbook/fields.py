"""The columns of each table in the workbook, in the order in which a clerk fills them in.

Apart because this is the form as a clerk sees it, to be read and changed without the code that
fills it.
"""

from __future__ import annotations

from nianbao.inputs.heads import NUMBER
from nianbao.inputs.matrices import ITEM, decision_columns, last_year_head
from nianbao.inputs.request_timeline import (
    ASKED,
    COMPLETED,
    CONSULTED,
    EXTENDED,
    FEE_CHARGED,
    ITEMS,
    NOTICED,
    PAGES,
    PAID,
    REPLIED,
)
from nianbao.statutory import Format
from nianbao.workbook.sheets import Field

CASES = (
    Field(NUMBER, width=14, hint="每件一个不重复的登记号，如2024-001。"),
    Field("收到日期", "date", 12, hint="收到申请的日期，如2024-3-5。"),
    Field("来源渠道", width=10, choices="来源渠道", strict=False, hint="从列表中选，或自己写。"),
    Field("申请人类型", width=14, choices="申请人类型", hint="从列表中选。"),
    Field("办理结果", width=36, choices="办理结果", hint="从列表中选；尚未答复的空着。"),
    Field("答复日期", "date", 12, hint="作出答复的日期；尚未答复的空着，年底计入结转。"),
    Field(ASKED, "date", 13, hint="告知申请人补正的日期；没有补正的空着。"),
    Field(COMPLETED, "date", 13, hint="收到补正申请的日期，答复期限从这天起算。"),
    Field(CONSULTED, "date", 15, hint="书面征求第三方或其他机关意见的日期。"),
    Field(REPLIED, "date", 13, hint="收到意见的日期；征求意见的时间不计入答复期限。"),
    Field(EXTENDED, "date", 12, choices="是否", strict=False,
          hint="经批准延期并告知申请人的选“是”，或填延期后的答复期限。"),
    Field(NOTICED, "date", 13, hint="发出信息处理费收费通知的日期；没有收费的空着。"),
    Field(PAID, "date", 12, hint="申请人缴费的日期，答复期限从这天起算。"),
    Field(PAGES, "count", 10, hint="按量计收的填页数（A4），30页以下不收费。"),
    Field(ITEMS, "count", 10, hint="按件计收的填同一申请人当月件数，10件以下免费。"),
    Field(FEE_CHARGED, "money", 15, hint="收费通知上的金额，单位：元。"),
    Field("说明", width=20, hint="会公开的说明；不要写申请人姓名、证件号码、电话。"),
)  # fmt: skip

GROUPS = (
    Field("来源", width=12, choices="申请来源"),
    Field("来源渠道", width=10, choices="来源渠道", strict=False),
    Field("申请人类型", width=14, choices="申请人类型"),
    Field("办理结果", width=48, choices="办理结果和结转", hint="年底未办结的选“四、结转…”。"),
    Field("件数", "count", 10, hint="不带单位的整数。"),
    Field("说明", width=24),
)

DISCLOSURE_COUNTS = (
    Field("渠道", width=24, choices="渠道", strict=False, hint="在哪里公开的，如“政府网站”。"),
    Field("类别", width=24, choices="类别", strict=False, hint="公开了什么，如“政策文件”。"),
    Field("条数", "count", 10, hint="本年公开的条数；没有的填0，不要空着。"),
    Field("上年条数", "last", 10),
    Field("单位", width=8),
    Field("说明", width=28),
)
DISCLOSURE_ITEMS = (
    Field("日期", "date", 12, hint="公开的日期。"),
    Field("渠道", width=20, choices="渠道", strict=False),
    Field("类别", width=20, choices="类别", strict=False),
    Field("标题", width=48),
    Field("单位", width=8),
    Field("说明", width=20),
)

REVIEW_SUMS = (
    Field("类型", width=20, choices="复议诉讼类型"),
    Field("结果", width=14, choices="复议诉讼结果"),
    Field("件数", "count", 10, hint="不带单位的整数；没有的填0，不要空着。"),
    Field("上年件数", "last", 10),
    Field("说明", width=36),
)
REVIEW_CASES = (
    Field("类型", width=20, choices="复议诉讼类型"),
    Field("结果", width=14, choices="复议诉讼结果"),
    Field("说明", width=36),
)

FIGURES = (
    Field("名称", width=24, hint="正文要用的数字叫什么，如“培训次数”。"),
    Field("数值", "number", 12, hint="没有的填0；也可以写“66万余”这样的文字。"),
    Field("单位", width=8, choices="单位", strict=False),
    Field("上年数值", "last", 12),
    Field("说明", width=36),
)

ACKNOWLEDGED = (
    Field("标识", width=16, hint="nianbao check 列出的标识，如Y2-59c8849a。"),
    Field("理由", width=60, hint="核实的情况；写不出理由的应当改数。"),
)


def decisions(format_: Format) -> tuple[Field, ...]:
    """Return the columns of table 2, last year's at the end."""
    columns = decision_columns(format_)
    money = format_.money_columns
    return (
        Field(ITEM, width=20),
        *(
            Field(c, "money" if c in money else "count", 16,
                  hint="单位：万元，可带小数。" if c in money else "不带单位的整数；没有的填0。")
            for c in columns
        ),
        Field("说明", width=32, hint="会公开的说明；没有的空着。"),
        *(Field(last_year_head(c), "last", 13) for c in columns),
    )  # fmt: skip


def matrix(format_: Format, *, total: bool) -> tuple[Field, ...]:
    """Return the columns of the official matrix."""
    return (
        Field(ITEM, width=52),
        *(Field(a, "count", 12, hint="没有的填0，不要空着。") for a in format_.applicants),
        *((Field(format_.total, "count", 10),) if total else ()),
        Field(last_year_head(format_.total), "last", 10),
    )
