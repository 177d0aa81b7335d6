"""The words by which a sentence of an annual report names a statutory number.

Source: specification 2.8 and the sentence patterns of published reports. The patterns of
outcome rows stand for the keys of the statutory format.
"""

from __future__ import annotations

import re
from functools import cache

CASE_UNITS = frozenset({"件", "条", "宗", "起", "例", "份", "件次", "个", "项", "次", "人次", ""})

# Words that change nothing about what is counted. What is left of a phrase when they are
# taken away narrows it (网络, 水利类 …), and a narrowed phrase is not compared.
GENERIC = re.compile(
    r"全年|年内|本年度?|今年|当年|年度|期间|报告期内?|截[至止]|共计|总共|一共|累计|总计|合计|总数|总量|共"
    r"|公民、法人(?:或|和|及|以及|、)(?:者)?其[他它]组织|社会公众|人民群众|群众|公众|申请人"
    r"|本[局委厅办镇乡县区市]|我[局委厅办镇乡县区市]|本机关|本单位|我单位|[省市县区]?[厅局委办]本级|机关|单位|(?<!全)[镇乡]政府(?!信息)"
    r"|政府信息公开|政务信息公开|信息公开|政府信息|政务信息|依申请公开|依申请|公开申请|公开|信息|申请"
    r"|年[底末]|各类|各种|各项|书面|有效|有关|相关|关于|工作|事项|情况|数量?|案件|件|年|月|日"
    r"|登记|实际|按照|依法依规|依法|规范|妥善|及时|按时|按期|如期|全部|均|已|内|在|法定期限|规定时限|期限|时限"
    r"|提出|提交|递交|发来|的|了|到|为|是|有|各|由|对|向|并|且|其中|包?含|包括|[和与及或、：:□\d\s“”‘’]"
)
RECEIVED = re.compile(
    r"申请(?:总数|总量|件数|数?量)|(?:共?需|应)要?(?:办理|答复|处理)|新收|新接收|新受理|收到|接收|接到|收办|收悉|受理"
)
# 收办 and 受理 have no fixed meaning (specification, doubt 6).
NEWLY_RECEIVED = re.compile(r"新收|新接收|收到|接收|接到")
HANDLED = re.compile(r"办结|答复|办复|办理完毕|办理完成|办理|处理")
OTHER_BUSINESS = re.compile(
    r"建议|提案|留言|工单|信箱|热线|咨询|来电|来信|来访|(?<!申请)案件|投诉|举报|许可|援助|诉求|网民|低保|(?:不动产|婚姻|商事|工商|户[口籍]|产权|注册|抵押)登记|登记(?=业务|证|手续)|复议|诉讼"
)
ABOUT_REQUESTS = re.compile(
    r"(?:信息公开|政府信息|公开|依申请)(?:的)?(?:申请|事项)|依申请公开|申请公开"
    r"|(?:收到|受理|接收|接到|新收|收办|处理|办结|答复)[^，。；]{0,8}申请"
)
OUTCOME_WORDS: tuple[tuple[str, str], ...] = (
    # pattern, row key or group name of the format
    (r"(?:予以|同意|准予)公开", "open"),
    (r"(?:予以)?部分公开", "partial"),
    (r"不予公开", "（三）不予公开"),
    (r"无法提供", "（四）无法提供"),
    (r"不予处理", "（五）不予处理"),
    (r"其[他它]处理", "（六）其他处理"),
    (r"国家秘密", "deny_1"),
    (r"(?:其[他它])?法律、?(?:行政)?法规禁止公?开?", "deny_2"),
    (r"三安全一稳定”?", "deny_3"),
    (r"第三方合法权益", "deny_4"),
    (r"三?类?内部事务(?:性)?(?:信息)?", "deny_5"),
    (r"四?类?过程性信息", "deny_6"),
    (r"(?:行政)?执法案卷(?:信息)?", "deny_7"),
    (r"行政查询(?:事项)?", "deny_8"),
    (r"(?:本机关|本单位)?不掌握(?:相关)?(?:政府)?(?:信息)?|信息不存在", "unavail_1"),
    (r"没有现成信息(?:需要?另行制作)?|需要?另行制作", "unavail_2"),
    (r"补正后(?:申请内容)?仍?不明确", "unavail_3"),
    (
        r"(?:信访(?:、?(?:举报|投诉)){2}|(?:举报|投诉)(?:、?(?:举报|投诉))?、?信访)类?(?:申请)?"
        r"|信访(?:、?(?:举报|投诉))?类(?:申请)?",
        "reject_1",
    ),
    (r"重复申请", "reject_2"),
    (r"(?:要求提供)?公开出版物", "reject_3"),
    (r"(?:无正当理由)?大量反复申请", "reject_4"),
    (r"确认或(?:者)?重新出具(?:已获取)?(?:信息)?", "reject_5"),
    (r"(?:无正当理由)?逾期不补正", "other_1"),
)
_OUTCOME = "|".join(f"(?P<o{i}>{pattern})" for i, (pattern, _) in enumerate(OUTCOME_WORDS))
_FILLER = (
    r"(?:的|类|信息|答复|决定|情形|方式|申请|结果|政府|告知|共计?|合计|为|有|计|是|[：:\s“”])*"
)
OUTCOME_AT_END = re.compile(rf"(?:{_OUTCOME}){_FILLER}$")
JOINT = re.compile(r"(?:公开|提供|处理)?(?:以及|[、及和与或])$")
APPLICANT_WORDS: tuple[tuple[str, str], ...] = (
    (r"自然人|公民(?:个人)?|个人", "person"),
    (r"法人(?:或者?|和|及|以及|、)其[他它](?:社会)?组织|法人(?:组织)?", "organisation"),
    (r"商业企业", "商业企业"),
    (r"科研机构", "科研机构"),
    (r"社会公益组织", "社会公益组织"),
    (r"法律服务机构", "法律服务机构"),
)
_APPLICANT = "|".join(f"(?P<a{i}>{pattern})" for i, (pattern, _) in enumerate(APPLICANT_WORDS))
APPLICANT_AT_END = re.compile(
    rf"^(?:其中|本?年度?|全年|全[省市县区旗]|[我本省市县区][局厅委办]|共|按申请人|申请人|涉及|来自|属于|为|由|收到|新收|受理|接收|企业等|[：:，、“])*(?:{_APPLICANT})"
    r"(?:的|提出|提交|申请|政府信息公开|类|共计?|为|有|是|：)*$"
)
# Verbs and nouns of table 2.
NORMATIVE = re.compile(r"(?<!党内)规范性文件")
RULES = re.compile(r"规章(?!制度|文件)")
MADE = re.compile(r"新?制[定发订]|新制|印发|出台")
REPEALED = re.compile(r"废止|失效")
VALID = re.compile(r"现行有效|继续有效|现有有效|(?:仍|正)在(?:施行|执行|实施)")
DECIDED = re.compile(r"办理|作出|做出|实施|办结|下达|核发|审批")
# 无法提供, 无正当理由, 无需, 未经复议, 未审结 deny nothing.
NEGATIVE = r"(?:未(?![经审结决按完])|没有|(?:尚|暂|均)?无(?![法正需偿效关障不])|不存在)"
NO_REQUEST = re.compile(
    rf"(?:(?:未|没有|尚未)(?:曾|有)?(?:接|新)?(?:收到|接到|接收到?|受理|收悉)|{NEGATIVE}(?:人提出)?)(?:过|任何|到)*"
    r"(?P<what>(?:公民、法人(?:或者?|和|及|以及|、)其[他它]组织)?[^，。；：、（）]{0,24}?(?:信息公开|依申请公开|公开|信息)(?:的|类)?(?:申请|事项)(?:公开)?"
    r"|依申请公开(?:件|信息|事项|情况)?|申请)(?=[，。；：、（）的件]|情况|$)"
)
AVERAGE = re.compile("[年月日人户场次]均|平均")
EARLIER = re.compile(r"上年|去年|上一?年度|往年|历年|以来|上一年|前年")

# 按照全市统一部署 and 县政府网站 say nothing about who is counted.
_NOT_COUNTED = (
    "(?!统一|部署|工作|要求|中心|重点|经济|信息|网|门户|公开|公报|关于|文件|常务|领导|决策"
    "|的|、|和|与)"
)
AREA = re.compile(
    rf"全[县市区省镇乡州旗]{_NOT_COUNTED}|全系统|各级|各(?:级?行政机关|县|区|市|乡镇|镇街|街道|部门|单位|委办局)"
    r"|所属(?:单位|部门)|下属|[县市区省](?:级|本级|直)(?:各)?(?:部门|单位|行政机关)?|[我本][县市区省]"
)
_LEVELS = "省市县区旗州镇乡"
_NOTHING = re.compile("(?!)")


@cache
def narrow_scope(name: str) -> re.Pattern[str]:
    """Return the words for the government's own office or level, in a report of the whole area.

    Only the body's own level is narrower (区政府 in a district); a higher one (省政府) gives
    orders and is not counted.
    """
    level = next((c for c in reversed(name) if c in _LEVELS), _LEVELS)
    if level in "镇乡":
        return _NOTHING  # a township's own office is all that there is of it
    return re.compile(
        rf"(?<![按据照实绕])[{level}](?:本级|级机关|政府(?:办公[室厅]|办)?{_NOT_COUNTED})|(?<!.)本级"
    )


def strip_generic(phrase: str, names: tuple[str, ...] = ()) -> str:
    """Return what is left of a phrase without the words that change nothing.

    ``names`` are the body's own, longest first.

    Examples
    --------
    >>> strip_generic("2024年示例县水利局全年网络申请共", ("示例县水利局",))
    '网络'
    """
    for name in names:
        phrase = phrase.replace(name, "")
    # Whether an area is the right one is asked of the whole sentence, not of the phrase.
    return GENERIC.sub("", AREA.sub("", phrase))
