"""What clerks write in ledgers in the place of the statute's long labels.

Only words that can mean one thing are here; one that may mean several is asked for, with those
it may mean. A word is matched without its punctuation, see `nianbao.files.words.fold`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OUTCOMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "open": ("公开", "已公开", "全部公开", "同意公开", "予以全部公开"),
        "partial": ("区分处理", "部分公开（区分处理）", "予以部分公开", "部分予以公开"),
        "deny_1": ("国家秘密", "涉及国家秘密", "涉密"),
        "deny_2": ("法律、行政法规禁止公开", "法律法规禁止公开", "其他法律法规禁止公开"),
        "deny_3": ("三安全一稳定", "危及国家安全、公共安全、经济安全、社会稳定"),
        "deny_4": ("第三方合法权益", "第三方权益", "损害第三方合法权益", "侵害第三方合法权益"),
        "deny_5": ("内部事务", "内部事务信息", "三类内部事务信息", "属于内部事务信息"),
        "deny_6": ("过程性信息", "四类过程性信息", "属于过程性信息"),
        "deny_7": ("行政执法案卷", "执法案卷", "行政执法案卷信息", "属于行政执法案卷信息"),
        "deny_8": ("行政查询", "行政查询事项"),
        "unavail_1": (
            "不掌握",
            "本机关不掌握",
            "不掌握相关政府信息",
            "信息不存在",
            "政府信息不存在",
        ),
        "unavail_2": ("没有现成信息", "无现成信息", "需要另行制作", "需另行制作"),
        "unavail_3": ("补正后仍不明确", "补正后不明确", "申请内容仍不明确"),
        "reject_1": ("信访举报投诉", "信访投诉举报", "信访投诉", "信访"),
        "reject_3": ("公开出版物", "提供公开出版物"),
        "reject_4": ("大量反复申请",),
        "reject_5": ("确认或重新出具", "重新出具已获取信息", "确认或重新出具已获取信息"),
        "other_1": ("逾期不补正", "逾期未补正", "无正当理由逾期不补正"),
        "other_2": ("逾期不缴费", "逾期未缴费", "逾期不缴纳费用", "逾期未缴纳费用"),
        "carried_out": (
            *("结转", "结转下年", "结转下年度", "结转下一年度", "结转至下年度"),
            *("结转下年办理", "结转下年度办理", "继续办理"),
        ),
    }
)
"""By row of table 3, in the column 办理结果 of a ledger."""

ROWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "new": ("本年新收", "新收", "一、本年新收", "本年新收申请数量"),
        "carried_in": ("上年结转", "二、上年结转", "上年结转申请数量"),
        **{key: words for key, words in OUTCOMES.items() if key != "carried_out"},
        "carried_out": ("结转下年", "结转下年度", "四、结转下年度", "结转下年度办理"),
    }
)
"""By row of table 3, in its matrix: 结转 alone may be either of two rows there."""

APPLICANTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "自然人": ("个人", "公民"),
        "商业企业": ("企业", "公司"),
        "科研机构": ("科研", "科研院所", "科研单位"),
        "社会公益组织": ("公益组织",),
        "法律服务机构": ("法律服务", "律师事务所", "律所"),
    }
)
"""By kind of applicant."""

DISPUTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "行政复议": ("复议",),
        "未经复议直接起诉": (
            *("直接起诉", "未经复议", "未经复议起诉", "未经复议直接诉讼"),
            "行政诉讼/未经复议直接起诉",
        ),
        "复议后起诉": ("复议后诉讼", "经复议后起诉", "经复议后诉讼", "行政诉讼/复议后起诉"),
    }
)
"""By group of table 4."""

VERDICTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "upheld": ("维持",),
        "corrected": ("纠正", "纠错"),
        "otherwise": ("其他",),
        "pending": ("未审结", "未结", "未结案", "尚未结案", "审理中", "正在审理"),
        "total": ("合计",),
    }
)
"""By result of table 4, as the format calls it."""


def spoken(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The key by each of its words.

    Examples
    --------
    >>> spoken({"自然人": ("个人", "公民")})
    {'个人': '自然人', '公民': '自然人'}
    """
    return {word: key for key, every in words.items() for word in every}
