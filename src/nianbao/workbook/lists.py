"""The words offered in drop-downs: the official categories, and what the bureau used before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from nianbao.inputs.labels import plain_labels
from nianbao.inputs.ledgers import Row, TableRows
from nianbao.inputs.matrices import review_groups, review_results
from nianbao.inputs.params import KINDS
from nianbao.inputs.request_ledger import applicant_labels, outcome_words, source_labels
from nianbao.statutory import Format

CHANNELS = ("政府网站", "政务新媒体", "政府公报", "新闻发布会", "公开查阅点", "公示栏")
REQUEST_CHANNELS = ("网络", "信函", "当面", "传真", "电子邮件")
UNITS = ("件", "条", "次", "篇", "人次", "场", "期", "个", "元", "万元")
CATEGORIES = (
    *("机构职能", "政策文件", "政策解读", "规划计划", "财政预决算", "行政许可", "行政处罚"),
    *("行政强制", "工作动态", "通知公告", "建议提案办理", "人事信息", "重点领域信息"),
)


def outcome_labels(format_: Format, *, carried: bool = False) -> dict[str, str]:
    """Return the full label of each outcome by its row key; with 四 where asked for."""
    labels = {
        row.key: f"{row.group}/{row.label}" if row.group else row.label
        for row in format_.outcome_rows
    }
    if carried:
        labels["carried_out"] = format_.request_row("carried_out").label
    return labels


def official_words(table: str, rows: TableRows, format_: Format) -> TableRows:
    """Return the rows with categories in their official words.

    Drop-downs and formulas want them so.

    A word that means none of them stays as it was written: the checks tell of it.
    """
    readers = _readers(table, format_)

    def official(row: Row) -> Row:
        found = {head: read(row[head]) for head, read in readers.items() if row.get(head)}
        return {**row, **{head: word for head, word in found.items() if word}}

    return TableRows(rows.heads, [official(row) for row in rows.rows])


def _readers(table: str, format_: Format) -> Mapping[str, Callable[[str], str | None]]:
    """Return what reads each column of official words, by head."""
    if table == "requests":
        sources, applicants = source_labels(format_), applicant_labels(format_)
        labels = outcome_labels(format_, carried=True)
        outcomes = outcome_words(format_)
        return {
            "来源": lambda text: sources.official.get(sources.find(text) or ""),
            "申请人类型": applicants.find,
            "办理结果": lambda text: labels.get(outcomes.find(text) or ""),
        }
    if table == "reviews":
        kinds = review_groups(format_)
        results = review_results(format_, format_.review_columns)
        return {"类型": kinds.find, "结果": results.find}
    if table == "decisions":
        rows = dict.fromkeys(row for row, _ in format_.decision_cells)
        aliases = {a: row for a, row in format_.decision_aliases.items() if row in rows}
        return {"项目": plain_labels(rows, aliases).find}
    return {}


def choice_lists(format_: Format, tables: Iterable[tuple[str, TableRows]]) -> dict[str, list[str]]:
    """Return each list by its name.

    ``tables`` are this and last year's, for the bureau's own words.
    """
    used: dict[tuple[str, str], dict[str, None]] = {}
    for table, rows in tables:
        for row in rows.rows:
            for head, text in row.items():
                used.setdefault((table, head), {})[text] = None

    def own(standard: Sequence[str], table: str, *heads: str) -> list[str]:
        words = [w for head in heads for w in used.get((table, head), {}) if w]
        return list(dict.fromkeys((*words, *standard)))

    lists: Mapping[str, Sequence[str]] = {
        "是否": ("是", "否"),
        "机关类别": tuple(KINDS.values()),
        "申请人类型": format_.applicants,
        "办理结果": tuple(outcome_labels(format_).values()),
        "办理结果和结转": tuple(outcome_labels(format_, carried=True).values()),
        "申请来源": ("本年新收", "上年结转"),
        "来源渠道": own(REQUEST_CHANNELS, "requests", "来源渠道"),
        "渠道": own(CHANNELS, "disclosures", "渠道"),
        "类别": own(CATEGORIES, "disclosures", "类别"),
        "复议诉讼类型": tuple(group.key for group in format_.review_groups),
        "复议诉讼结果": format_.review_columns,
        "单位": own(UNITS, "figures", "单位"),
    }
    return {name: list(words) for name, words in lists.items()}
