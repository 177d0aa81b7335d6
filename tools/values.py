"""docs/values.md: the words a clerk has to type, from the format's data and the package's forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from nianbao.inputs.labels import bare
from nianbao.inputs.params import KINDS
from nianbao.inputs.request_ledger import source_labels
from nianbao.statutory import Format
from nianbao.workbook.fields import CASES
from nianbao.workbook.lists import CATEGORIES, CHANNELS, REQUEST_CHANNELS, outcome_labels

SAMPLE = "shili-scjgj"

_HEAD = """# 填写用词

由 `make docs` 从统一格式的数据和样例生成，请不要手改。

下面是台账里要填写的词，最好照样子写。序号、括号、空格写不写都认得：“1.属于国家秘密”“属于国家秘密”是一样的；
意思清楚的简称大多也认得；认不出的会指出在哪一行，并提示最接近的词。
用填报表（`nianbao workbook`）的，这些词都在下拉列表里，不必自己打。
填完用 `nianbao check 机关代码 年度 --mark` 核对，认不出的词、漏填的格会标在另存的一份填报表里。

数据文件夹里的 `edited_numbers.csv` 不用填：正文里手打的数字被人改过的，由程序记在里面，
核实以前每次核对都提醒（S14）。"""

_CASES_NOTE = """一件一行。登记号、收到日期、申请人类型、办理结果、答复日期五列必须有；
其余有就填，用不着的列可以不设。"""

# Where the workbook's hint speaks of its drop-down list.
_HINTS = {
    "来源渠道": f"怎样收到的：{'、'.join(REQUEST_CHANNELS)}；"
    "自己写的，认不出是渠道的计入“其他渠道”。",
    "申请人类型": "六种之一，见下面。",
    "办理结果": "二十一种之一，见下面；尚未答复的空着。",
    "延期": "经批准延期并告知申请人的写“是”，或写延期后的答复期限。",
}

_OUTCOMES_NOTE = """一件申请只有一个结果；部分公开的只记“部分公开”，不再记不予公开的理由。

- 年底还没有答复的，“办理结果”和“答复日期”两格都空着，程序计入“四、结转下年度继续办理”。
- 不写台账、只报件数的，未办结的写“结转下年度继续办理”，“来源”写{sources}。
- “其他”“总计”在表里不止一处，要写全：“（六）其他处理/3.其他”。"""

_DECISIONS_NOTE = (
    """一个项目一行。打“填”的格必须有数，没有的填 0；打“—”的格空着。收费金额以万元计。"""
)

_REVIEWS_NOTE = (
    """一行一种结果，共十二行，照抄后把件数改成自己的；没有的留着 0。总计由程序相加，不必填。"""
)

_DISCLOSURES_NOTE = """渠道和类别没有规定用词，按本单位的习惯写，每年写法相同即可
（上年叫“政务微信”、今年叫“微信”，就成了两个渠道）。常用的有："""

_FIGURES_NOTE = """正文要用到的其他数据，名称自己起，如“培训次数”，正文里写 `{{ 培训次数 }}`。
下面几个名称程序认得，核对和通用文字要用，请照写："""

_FIGURES = (
    ("信息处理费", "元", "本年收取的金额，没有收取的填 0；第六部分必须写明"),
    ("收费通知件数", "件", "发出过信息处理费收费通知的件数；台账里写了收费通知日期的可以不填"),
    ("修订行政规范性文件", "件", "“制发”里有多少件是修订；没有修订的可以不填"),
    ("失效行政规范性文件", "件", "自然失效、没有发文废止的件数；没有的可以不填"),
    (
        "工作考核、社会评议、责任追究",
        "（文字）",
        "各级政府必须写的三项结果，写成文字，没有的也写明没有",
    ),
    ("数据范围", "（文字）", "只用于导入的往年政府报告：写“全部单位”，表示数字已经是全区域合计"),
)

_WRITING = """## 日期和数字的写法

| 内容 | 可以这样写 | 不要这样写 |
|---|---|---|
| 日期 | 2024-3-5、2024/3/5、2024.3.5、2024年3月5日、20240305；3月5日 | 24-3-5、2024年3月 |
| 件数 | 12、1,200；表二、表四可写 22（其中修订16件）；１２、12件、十二也读，并列出 | 约12、十几 |
| 金额 | 312.46、312.4600（按原样印出，末尾的 0 不丢） | 312万、3124600元 |
| 没有发生 | 0 | 空着、/、无 |
"""


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def indented(text: str) -> str:
    """A text to copy."""
    return "\n".join(f"    {line}".rstrip() for line in text.strip().splitlines())


def outcome_rows(format_: Format) -> Iterator[tuple[str, str]]:
    """Group and words of each outcome."""
    words = outcome_labels(format_)
    for row in format_.outcome_rows:
        short = bare(row.label).partition("（")[0]
        ambiguous = short in format_.request_columns
        yield bare(row.group or "") or "—", words[row.key] if ambiguous else short


def decision_rows(format_: Format, columns: Iterable[str]) -> Iterator[list[str]]:
    """Each item of table 2, and which of the columns it has."""
    names = list(columns)
    for row in dict.fromkeys(row for row, _ in format_.decision_cells):
        yield [row, *("填" if (row, name) in format_.decision_cells else "—" for name in names)]


def review_rows(format_: Format) -> list[tuple[str, str]]:
    """The twelve combinations of table 4 that are handed in."""
    results = [c for c in format_.review_columns if c != format_.total]
    return [(group.key, result) for group in format_.review_groups for result in results]


def values_markdown(format_: Format, root: Path) -> str:
    """The page.

    Parameters
    ----------
    format_
        The statutory format whose words are listed.
    root
        The repository, of which one sample's agency.yaml is shown.
    """
    columns = list(dict.fromkeys(column for _, column in format_.decision_cells))
    sources = source_labels(format_).official.values()
    agency = (root / "params" / SAMPLE / "agency.yaml").read_text("utf-8")
    params = (root / "params" / SAMPLE / "2024.yaml").read_text("utf-8")
    reviews = "\n".join(["类型,结果,件数", *(f"{g},{r},0" for g, r in review_rows(format_))])
    outcomes = list(outcome_rows(format_))
    parts = [
        _HEAD,
        "## 申请台账的各列（requests）",
        _CASES_NOTE,
        table(("列", "怎么填"), ((f.head, _HINTS.get(f.head, f.hint)) for f in CASES)),
        f"## 申请人类型（{len(format_.applicants)}种）",
        "、".join(format_.applicants) + "。后五种是法人或其他组织。",
        f"## 办理结果（{len(outcomes)}种）",
        table(("组", "写法"), outcomes),
        _OUTCOMES_NOTE.format(sources="或".join(f"“{s}”" for s in sources)),
        f"## 表二的项目（decisions，{len(list(decision_rows(format_, columns)))}行）",
        _DECISIONS_NOTE,
        table(("项目", *columns), decision_rows(format_, columns)),
        f"## 表四的各行（reviews，{len(review_rows(format_))}行）",
        _REVIEWS_NOTE,
        indented(reviews),
        "## 主动公开的渠道和类别（disclosures）",
        _DISCLOSURES_NOTE,
        f"- 渠道：{'、'.join(CHANNELS)}\n- 类别：{'、'.join(CATEGORIES)}",
        "## 其他数据的名称（figures）",
        _FIGURES_NOTE,
        table(("名称", "单位", "说明"), _FIGURES),
        _WRITING.strip(),
        "## 机关信息（agency.yaml）的样子",
        "照下面的样子改成自己单位的，存为 `params/<机关代码>/agency.yaml`。冒号用半角，"
        "冒号后空一格；邮编加引号。各项含义见[参数一览](parameters.md)。",
        indented(agency),
        "`kind`（机关类别）是下面四类之一，写英文词，或照右边写中文：",
        table(("英文词", "机关类别"), ((f"`{k}`", v) for k, v in KINDS.items())),
        "## 年度参数（2024.yaml）的样子",
        "存为 `params/<机关代码>/2024.yaml`。`report_date` 是成文日期，"
        "`signature: true` 表示文末落款。",
        indented(params),
    ]
    return "\n\n".join(parts) + "\n"
