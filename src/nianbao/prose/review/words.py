"""Words that must not stand there: leftovers (L3), wrong ones (L6, L7), personal data (L8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from nianbao.errors import InputError, Place, Problem
from nianbao.inputs.personal import (
    IDENTITY_NUMBER,
    MOBILE_NUMBER,
    is_identity_number,
    shortened,
)
from nianbao.libyaml import parse_yaml, read_shipped
from nianbao.prose.review.context import Confusable, SensitiveWord
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.text import Sentence
from nianbao.prose.review.wording import wording
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Severity

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何罗宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟马林梁龚乔赖钱汤尹黎贺段雷"
)
_NOUN = "年月日条件个次份篇项元%％人期场镇县局乡市区处科名万号章"
_LEFT = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}|\{\}|\$\{[^}]*\}|<%[A-Za-z][^>]{0,30}>"
    r"|[{｛]\s*[{｛][^{}｛｝]{0,40}[}｝]\s*[}｝]|[{｛][^\W\d][^{}｛｝]{0,40}[}｝]"
    r"|_{2,}|＿{2,}|…{3,}|\.{4,}"
    rf"|(?<![A-Za-z\d])[XＸ×]{{2,}}(?![A-Za-z])|(?<![A-Za-z\d])[XxＸ×](?=\s*[{_NOUN}])(?!项目)"
    rf"|(?<![{_SURNAMES}某])某{{2,}}"  # 王某某 is a name that was hidden
    r"|[*＊]{2,}|□{2,}|〇{3,}|○{2,}|●{2,}"
    r"|(?:（\s*）|\(\s*\)|《\s*》|“\s*”|〔\s*〕)"
    r"|(?<![有亟尚])待(?:补(?!正|偿|贴|充完善|短)|填|核实(?=[）】]|$)|定(?=[）】]|$)|确认(?=[）】]|$))"
    r"|〔待修订[^〕]{0,60}〕?"
    r"|此处(?:填|插|补|应?写|略|待|添加|替换|请)|（(?:请|此处|填写|根据)[^）]{0,30}(?:填写|修改|补充|删除|选择)[^）]{0,20}）"
    r"|[【［](?:请|此处|填写|待|插入|示例|具体)[^】］]{0,30}[】］]"
    r"|[【［](?:单位|机关|部门|地区|文件|栏目)?(?:全称|名称|姓名|日期|年份|数字|数量|金额)[】］]"
    r"|\[(?:单位|机关|部门|地区)(?:全称|名称)\](?!\()"
    r"|（(?:数字|数量|金额|日期|姓名|名称|单位名称|年份|待定)）"
    r"|(?<![A-Za-z\d])[NnMm](?=[件条次篇份个期场](?![A-Za-z]))"
    r"|该?部分以表格形式报告|表格如下[:：]?$|填写说明|示例文字|模板文字"
    r"|(?<![A-Za-z])(?:None|nan|NaN|NaT|null|undefined|TODO|TBD|FIXME|(?i:lorem ipsum))(?![A-Za-z])"
    r"|#(?:REF|N/A|VALUE|DIV/0|NAME)[!?]?|错误!未找到引用源|错误！未找到引用源|Error!"
)


_MARKUP = re.compile(
    r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]{0,80})?/?>|<!--(?:.*?-->)?|\$\$?[^$]*\\[A-Za-z]+[^$]*\$\$?|\$\$[^$]+\$\$|`{3,}|~{3,}"
    r"|&(?:#\d{1,7}|#[xX][\dA-Fa-f]{1,6}|[A-Za-z]{2,8}\d{0,2});"
)
"""What a notebook typesets and a report prints as it stands: tags, formulas, fences of code."""


@cache
def chat_phrases() -> tuple[re.Pattern[str], ...]:
    """Return what a chat program says to the person who asked it."""
    return tuple(re.compile(pattern) for pattern in wording("chat"))


# 〇〇 in a date of characters, ×× in 3×4, and an item number in brackets are no gaps.
_FINE = re.compile(r"二〇+")


@check(
    "L3",
    severity="error",
    title="模板痕迹和待填内容",
    source="已公布年报中的常见差错",
    explanation="文中还有“××”“待填”“（ ）”或没有填入的“{{ 名称 }}”，请补齐或删去。"
    "对话程序写给使用者的话（“以下是为您生成的……”）也请删去。因没有填数而写不出来的，"
    "会指出缺哪个数、填在哪里；填好数就行，正文不必改。",
)
def leftovers_are_filled(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find what a template or a hurried clerk left to be filled in: an error, always."""
    for sentence in manuscript.prose.sentences:
        for match in _LEFT.finditer(sentence.written):
            if match.start() and _FINE.match(sentence.written, match.start() - 1):
                continue
            # The whole mark, where our software printed it: it stands for a missing number.
            start, end = match.span()
            printed = (sentence.written[a:b] for a, b in sentence.bound if a <= start and end <= b)
            mark = next(printed, match[0])
            message = f"“{match[0]}”是没有填好的占位内容或模板提示；请填写或删去"
            yield sentence.finding(rule, rule.severity, message, [match.span()], mark)
        if marks := list(_MARKUP.finditer(sentence.written)):
            message = f"“{marks[0][0]}”是网页、公式或代码的标记，报告里照原样印出；请改成普通文字"
            spans = [match.span() for match in marks]
            yield sentence.finding(rule, rule.severity, message, spans, marks[0][0])
        said = [m for pattern in chat_phrases() for m in pattern.finditer(sentence.written)]
        if said:
            message = f"“{said[0][0]}”像是对话程序写给使用者的话，不是报告的内容；请删去"
            spans = [match.span() for match in said]
            yield sentence.finding(rule, rule.severity, message, spans, said[0][0])


def _entries(text: str, file: str) -> list[Mapping[str, object]]:
    try:
        data = parse_yaml(text) or []
    except Exception as error:  # the library's errors have no common base worth naming
        problem = Problem(
            "词表不是有效的YAML", Place(file), remedy="请对照自带的词表检查缩进和引号"
        )
        raise InputError(problem) from error
    if not isinstance(data, list) or not all(isinstance(e, dict) for e in data):
        raise InputError(Problem("词表应是若干行“- {…}”", Place(file)))
    return data


def parse_confusables(text: str, file: str = "confusables.yaml") -> tuple[Confusable, ...]:
    """Read a list of confusable words.

    It is a YAML list of ``{wrong, right, note}``; ``file`` is its path, for messages.

    Raises
    ------
    InputError
        Not YAML, an entry without ``wrong`` or ``right``, or no valid pattern: all at once.

    Examples
    --------
    >>> parse_confusables("- {wrong: 转结, right: 结转}")[0].right
    '结转'
    """
    return _confusables(_entries(text, file), file)


def _confusables(entries: list[Mapping[str, object]], file: str) -> tuple[Confusable, ...]:
    found, problems = [], []
    for i, entry in enumerate(entries, start=1):
        wrong, right = str(entry.get("wrong") or ""), str(entry.get("right") or "")
        try:
            re.compile(wrong)
        except re.error:
            wrong = ""
        if not wrong or not right:
            remedy = "每条要有wrong（错误写法，可用正则表达式）和right（正确写法）"
            problems.append(Problem(f"第{i}条无法使用", Place(file), str(entry), remedy=remedy))
            continue
        found.append(Confusable(wrong, right, str(entry.get("note") or "")))
    if problems:
        raise InputError(*problems)
    return tuple(found)


def parse_sensitive(text: str, file: str = "sensitive.yaml") -> tuple[SensitiveWord, ...]:
    """Read the local list of 错敏词: YAML, a list of ``{word, hard, right}``.

    None is shipped: what is sensitive is local and changes, and a list in a package would
    be taken for the truth.

    Raises
    ------
    InputError
        Not YAML, or an entry without ``word``.

    Examples
    --------
    >>> parse_sensitive("- {word: 攻府, hard: true, right: 政府}")[0].hard
    True
    """
    entries = _entries(text, file)
    if any(not entry.get("word") for entry in entries):
        raise InputError(Problem("每条要有word（要查的词）", Place(file)))
    return tuple(
        SensitiveWord(str(e["word"]), bool(e.get("hard")), str(e.get("right") or ""))
        for e in entries
    )


@cache
def shipped_confusables() -> tuple[Confusable, ...]:
    """Return the package's own list, confusables.yaml."""
    file = resources.files(__package__) / "confusables.yaml"
    return _confusables(read_shipped(file), file.name)


@cache
def _compiled(entries: tuple[Confusable, ...]) -> tuple[tuple[re.Pattern[str], Confusable], ...]:
    return tuple((re.compile(e.pattern), e) for e in entries)


@check(
    "L6",
    severity="warning",
    title="易混词",
    source="GB/T 15835—2011和出版物常用字词规范",
    explanation="“截止”与“截至”、“转结”与“结转”等容易写错。请按提示改正；确实没有写错的写明理由。",
)
def confusables_are_right(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find confused words: the package's list and the bureau's own (L6)."""
    entries = _compiled(shipped_confusables() + manuscript.context.confusables)
    text = "\n".join(s.text for s in manuscript.prose.sentences)
    likely = [(p, e) for p, e in entries if p.search(text)]
    for sentence in manuscript.prose.sentences if likely else ():
        for pattern, entry in likely:
            for match in pattern.finditer(sentence.text):
                if not match[0]:
                    continue
                note = f"（{entry.note}）" if entry.note else ""
                message = f"“{match[0]}”应为“{entry.right}”{note}；请改正"
                yield sentence.finding(
                    rule, rule.severity, message, [match.span()], match[0], entry.right
                )


@check(
    "L15",
    severity="error",
    title="字体中没有的字",
    source="GB/T 9704—2012 5.2.2（字体）",
    explanation="文中有各种字体都没有的字，印不出来。请改用通行的字；表情符号和自造字不能用于公文。",
)
def letters_are_in_the_typefaces(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find letters that no typeface of the report has, before a build stops at them (L15)."""
    missing = manuscript.context.missing_letters
    for sentence in manuscript.prose.sentences if missing else ():
        for letter in sorted(missing.intersection(sentence.text)):
            place = sentence.text.index(letter)
            message = f"字体中没有“{letter}”（U+{ord(letter):04X}）这个字，印不出来；请改用通行的字"
            yield sentence.finding(rule, rule.severity, message, [(place, place + 1)])


@check(
    "L7",
    severity="warning",
    title="错敏词",
    source="本单位的错敏词表",
    explanation="文中有错敏词表所列的词。词表由本地维护，请按提示改正。",
)
def sensitive_words_are_absent(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find words of the local list (L7); those marked hard are errors."""
    for sentence in manuscript.prose.sentences if manuscript.context.sensitive else ():
        for entry in manuscript.context.sensitive:
            for match in re.finditer(re.escape(entry.word), sentence.written):
                severity: Severity = "error" if entry.hard else "warning"
                advice = f"，应为“{entry.right}”" if entry.right else ""
                message = f"“{entry.word}”在本地错敏词表中{advice}；请改正或说明"
                yield sentence.finding(
                    rule, severity, message, [match.span()], entry.word, entry.right or None
                )


_ID_NAMED = re.compile(r"(?:身份证|公民身份|证件)(?:件)?(?:号码?)?(?:为|是|[：:（(])*\s*$")
_ID_LIKE = re.compile(
    r"(?:身份证|公民身份|证件)(?:件)?(?:号码?)?(?:为|是|[：:（(])*\s*(?P<number>\d{14,17}[\dXx]|\d{6}[*＊]+\d{3}[\dXx])"
    r"(?![\dA-Za-z])"
)
_SOMEBODY = re.compile(
    r"申请人|当事人|举报人|投诉人|信访人|第三人|代理人|来电人|来访人|家属|村民|居民|市民|群众|业主|[男女]士|先生|同志|某"
)
_CONTACT = re.compile(r"联系|电话|咨询|热线|传真")
_NAME = re.compile(
    rf"(?:申请人|当事人|举报人|投诉人|信访人)(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
    r"(?=先生|女士|(?:同志)?(?:提出|提交|不服|所提|所申请|的申请|来电|来访|来信|要求公开|申请公开)|[，（](?:家?住|身份证|电话|手机|[男女][，）]))"
)
_LITIGANT = re.compile(
    rf"(?:^|[，。；])(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
    r"(?=因?不服|(?:因)?对[^，。；]{2,30}(?:不服|不满)[^。；]{0,20}(?:复议|诉讼|起诉))"
)
_PERSON = re.compile(
    rf"(?:联系人|经办人|负责人)[：:为是]?[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?![\u4e00-\u9fff])"
    rf"|[{_SURNAMES}](?:科长|股长|主任|局长|镇长|同志)[：:]?$"
)
_NO_NAME = re.compile("某|余下|方便|女士|先生|同志|[一二三四五]|方可|方才|何时|许多|任何")


_BANK_CARD = re.compile(
    r"(?:账号|帐号|卡号|银行卡|账户)[^，。；\d]{0,8}(?P<number>\d{16,19})(?!\d)"
)
_HOME = re.compile(
    r"(?:家住|住址?|居住)(?:在|于|为|：)?(?P<home>[^，。；]{2,30}?"
    r"(?:\d+号楼|\d+[栋幢]|\d+单元|\d+室|\d+户|[路街巷弄村屯庄组]\d+号(?!\s*\d)|\d+组(?!\d)))"
)


def _whereabouts(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield numbers of bank accounts, and where an applicant lives."""
    for match in _BANK_CARD.finditer(sentence.text):
        message = f"疑似银行账号（{shortened(match['number'])}）；请删去"
        yield sentence.finding(rule, rule.severity, message, [match.span("number")])
    home = _HOME.search(sentence.text)
    if home and _SOMEBODY.search(sentence.text, 0, home.start()):
        message = "疑似写出了申请人的住址；请隐去"
        yield sentence.finding(rule, "warning", message, [home.span("home")])


def _numbers(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    for match in IDENTITY_NUMBER.finditer(sentence.text):
        if is_identity_number(match[0]):
            message = f"疑似居民身份证号码（{shortened(match[0])}，校验码相符）；请删去"
            yield sentence.finding(rule, rule.severity, message, [match.span()])
        elif _ID_NAMED.search(sentence.text, 0, match.start()):
            message = (
                f"写出了身份证号码（{shortened(match[0])}，校验码不符，可能有一位写错）；请删去"
            )
            yield sentence.finding(rule, rule.severity, message, [match.span()])
    for match in _ID_LIKE.finditer(sentence.text):
        if not IDENTITY_NUMBER.fullmatch(match["number"]):
            message = f"写出了身份证件号码（{shortened(match['number'])}）；请删去"
            yield sentence.finding(rule, rule.severity, message, [match.span("number")])
    for match in MOBILE_NUMBER.finditer(sentence.text):
        if not _is_contact(sentence, match.start()):
            message = f"正文出现手机号码（{shortened(match[0])}）；请删去，或移到联系方式中"
            yield sentence.finding(rule, rule.severity, message, [match.span()])
        elif sentence.section != "preface" and _PERSON.search(_clause(sentence, match.start())):
            message = (
                f"正文把个人姓名和手机号码（{shortened(match[0])}）写在一起；请删去，或改用办公电话"
            )
            yield sentence.finding(rule, "warning", message, [match.span()])


def _clause(sentence: Sentence, position: int) -> str:
    """Return what stands before a place in its part of the sentence."""
    return sentence.text[sentence.part_start(position) : position]


def _is_contact(sentence: Sentence, position: int) -> bool:
    """Return whether a mobile number is how the office is reached, and not a person's own."""
    clause = _clause(sentence, position)
    if _SOMEBODY.search(clause):
        return False
    return sentence.section == "preface" or _CONTACT.search(clause) is not None


@check(
    "L8",
    severity="error",
    title="个人信息",
    source="《政府信息公开条例》第十五条",
    explanation="文中有身份证号、银行账号、申请人的手机号、姓名或住址等个人信息，不得公开。写明是身份证号的，"
    "校验码不符也会提出。请删去；本机关联系电话是手机号的，写明是咨询或联系电话。",
)
def nobody_is_exposed(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find identity numbers, mobile numbers outside the contact, and applicants' names.

    A name is only likely, hence a warning; the numbers are errors.
    """
    for sentence in manuscript.prose.sentences:
        yield from _numbers(sentence, rule)
        yield from _whereabouts(sentence, rule)
        match = _NAME.search(sentence.text) or _LITIGANT.search(sentence.text)
        if match and not _NO_NAME.search(match["name"]):
            message = "疑似写出了申请人的姓名；请隐去（可写“某申请人”）"
            yield sentence.finding(rule, "warning", message, [match.span("name")])
