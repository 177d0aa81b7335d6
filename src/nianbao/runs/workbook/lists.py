"""The words offered in drop-downs: the official categories, and what the bureau used before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nianbao.inputs.labels import request_labels
from nianbao.inputs.params import KINDS
from nianbao.inputs.table_rows import TableRows
from nianbao.statutory import Format

CHANNELS = ("政府网站", "政务新媒体", "政府公报", "新闻发布会", "公开查阅点", "公示栏")
REQUEST_CHANNELS = ("网络", "信函", "当面", "传真", "电子邮件")
UNITS = ("件", "条", "次", "篇", "人次", "场", "期", "个", "元", "万元")
CATEGORIES = (
    *("机构职能", "政策文件", "政策解读", "规划计划", "财政预决算", "行政许可", "行政处罚"),
    *("行政强制", "工作动态", "通知公告", "建议提案办理", "人事信息", "重点领域信息"),
)


def outcome_labels(format_: Format, *, carried: bool = False) -> dict[str, str]:
    """The full label of each outcome by its row key; with 四 where asked for."""
    labels = {
        row.key: f"{row.group}/{row.label}" if row.group else row.label
        for row in format_.outcome_rows
    }
    if carried:
        labels["carried_out"] = format_.request_row("carried_out").label
    return labels


def official_outcome(text: str, format_: Format) -> str:
    """The full label that a clerk's word means; the word itself where it means none."""
    labels = outcome_labels(format_, carried=True)
    key = request_labels(format_, labels.keys()).find(text) if text else None
    return labels[key] if key else text


def choice_lists(format_: Format, tables: Iterable[tuple[str, TableRows]]) -> dict[str, list[str]]:
    """Each list by its name.

    Parameters
    ----------
    format_
        The official categories.
    tables
        This and last year's tables, for the bureau's own words.
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
