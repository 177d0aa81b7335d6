"""Find what each quantity of the prose counts: the statutory number that it claims to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from nianbao.prose.review import terms
from nianbao.prose.review.cells import APPEAL, LAWSUITS
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.parts import divisions
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Prose, Sentence

_HARD = re.compile(r"[，,。；;：:（）()！？]")
_UP_TO_HARD = re.compile(rf".*{_HARD.pattern}", re.DOTALL)
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年")
_TITLE = re.compile(r"《[^》]*》|“[^”]*”")


@dataclass(frozen=True, slots=True)
class Claim:
    """A quantity with its statutory meaning."""

    rule: str
    """The rule that compares it (N1 … N16)."""
    kind: str
    """What it counts: `received`, `carried_in`, `handled`, `carried_out`, `outcome`, `applicant`,
    `appeal`, `lawsuit`, `verdict`, `document`, `decision`, `charge` or `fee`.
    """
    label: str
    """The words of the sentence that say so."""
    quantity: Quantity
    sentence: Sentence
    keys: tuple[str, ...] = ()
    """Rows, columns or groups of the tables, where the kind alone does not say."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A quantity with the words before and after it, and the clause it stands in."""

    sentence: Sentence
    quantity: Quantity
    lead: str
    tail: str
    clause: str

    def claim(self, rule: str, kind: str, label: str, keys: tuple[str, ...] = ()) -> Claim:
        """Return what the phrase says."""
        return Claim(rule, kind, label, self.quantity, self.sentence, keys)


def phrase_at(sentence: Sentence, index: int) -> Phrase:
    """Return the phrase of the quantity number ``index``.

    Examples
    --------
    >>> from nianbao.prose.review.text import read_prose
    >>> (sentence,) = read_prose({"overview": "其中自然人80件、商业企业1件。"}).sentences
    >>> phrase_at(sentence, 1).lead
    '商业企业'
    """
    quantity, text = sentence.quantities[index], sentence.text
    before = _UP_TO_HARD.match(text, 0, quantity.start)
    start = before.end() if before else 0
    stop = _HARD.search(text, quantity.end)
    end = stop.start() if stop else len(text)
    clause = text[start:end]
    if index:
        start = max(start, sentence.quantities[index - 1].end)
    if index + 1 < len(sentence.quantities):
        end = min(end, sentence.quantities[index + 1].start)
    lead = text[start : quantity.start].strip().lstrip("、和及与并")
    return Phrase(sentence, quantity, lead, text[quantity.end : end].split("、")[0].strip(), clause)


def other_scope(sentence: Sentence, position: int, context: ReviewContext) -> bool:
    """Return whether the words before a place speak of another body than the tables do.

    A department's tables count the department; a government's count its whole area.
    """
    before = sentence.text[:position]
    for name in context.own_names:
        before = before.replace(name, "")
    if context.covers_area:
        return terms.narrow_scope(context.name).search(before) is not None
    return terms.AREA.search(before) is not None


def other_year(sentence: Sentence, position: int, context: ReviewContext) -> bool:
    """Return whether the last year named before a place is not the report's."""
    years = _YEAR.findall(_TITLE.sub("", sentence.text[:position]))
    if years and int(years[-1]) != context.year:
        return True
    clause = _HARD.split(sentence.text[:position])[-1]
    return terms.EARLIER.search(clause) is not None


def earlier_text(sentence: Sentence) -> str:
    """Return the sentence before this one in its block."""
    return sentence.before.text if sentence.before else ""


_DISPUTE = re.compile(r"未经复议直接起诉|直接起诉|复议后起诉|(?:行政)?复议|(?:行政)?诉讼")
_DISCLOSURE = re.compile("信息公开|申请公开")
_VERDICT = re.compile(
    r"(?:结果)?(维持|纠正|其他结果|尚未审结|未审结)(?:[我本][局厅委镇]|本机关)?(?:的|为|有|共)*$"
)
_COLUMNS = {
    "维持": "upheld", "纠正": "corrected", "其他结果": "otherwise",
    "尚未审结": "pending", "未审结": "pending",
}  # fmt: skip
# A justice bureau's own business is not what table 4 counts.
_BUSINESS = re.compile("决定书|文书|机关|机构|应诉|审理|调解|代理|案例|办理")
_RAISED = re.compile(
    r"因|引发|引起|导致|产生|发生|提起|被|涉及?(?!密)|新增|新收|收到|受理|结果|另有|其中|进入|行政"
)


def about_disputes(sentence: Sentence) -> bool:
    """Return whether a sentence can speak of disputes over disclosure, not of others."""
    if sentence.topic in {"requests", "reviews"}:
        return True
    text = sentence.text + earlier_text(sentence)
    return _DISCLOSURE.search(text) is not None or (not sentence.topic and "申请" in text)


def dispute_groups(word: str) -> tuple[str, ...]:
    """Return the groups of table 4 that a word names.

    Examples
    --------
    >>> dispute_groups("行政诉讼")
    ('未经复议直接起诉', '复议后起诉')
    """
    if "起诉" in word:
        return ("复议后起诉",) if "复议后" in word else ("未经复议直接起诉",)
    return (APPEAL,) if "复议" in word else LAWSUITS


def _rule(groups: tuple[str, ...]) -> str:
    return "N9" if groups == (APPEAL,) else "N10"


def dispute_claim(p: Phrase, context: ReviewContext) -> Claim | None:
    """Return the group of table 4 that a phrase names, or None."""
    if other_year(p.sentence, p.quantity.start, context):
        return None
    if match := _VERDICT.search(p.lead):
        said = _DISPUTE.findall(p.sentence.text[: p.quantity.start])
        lead = _DISPUTE.sub("", p.lead[: match.start()])
        if not said or terms.strip_generic(_RAISED.sub("", lead)):
            return None
        column = context.format_.review_names[_COLUMNS[match[1]]]
        groups = dispute_groups(said[-1])
        return p.claim(_rule(groups), "verdict", match[1], (column, *groups))
    named = _DISPUTE.findall(p.lead)
    if len(named) != 1 or _BUSINESS.search(p.lead + p.tail):
        return None
    rest = _RAISED.sub("", _DISPUTE.sub("", p.lead) + p.tail)
    if terms.strip_generic(rest, context.spoken_names):
        return None
    groups = dispute_groups(named[0])
    return p.claim(_rule(groups), "dispute", named[0], groups)


_DOCUMENT_COLUMNS = (("made", terms.MADE), ("repealed", terms.REPEALED), ("standing", terms.VALID))
_ROWS = (("documents", terms.NORMATIVE), ("rules", terms.RULES))
_DOCUMENT_UNITS = frozenset({"件", "个", "份", "部", "项", "条", ""})
_DECISION_UNITS = frozenset({"件", "起", "宗", "例", "件次", "份", "次", ""})
_KNOWN = re.compile(
    "|".join(pattern.pattern for _, pattern in (*_ROWS, *_DOCUMENT_COLUMNS))
    + "|目前|行政|政府|新|清理|修订|动态|集中|更新|发布|公布|现"
)
_LISTED = re.compile(r"[（(][^）)]*[）)]?|\d+|[件个份部项条，；、]")
# 截至年底累计公开58件，其中失效41件: no count of this year.
_ALL_YEARS = re.compile("累计|历年|历次|以来|现存|[存历]史")
_AUTHOR = re.compile("(?:[本我][局委办厅]|政府)(?:名义)?(?:制[发定]|印发|出台)?(?:的|行政)*$")
_CHARGE = re.compile(r"行政事业性收费(?:金额|总额|收入)?(?:共计?|为|合计|约)*$")


@cache
def _decision(rows: tuple[str, ...]) -> re.Pattern[str]:
    """Return the row of decisions named at the end of a phrase.

    Where one name begins another, the longer one counts.
    """
    names = "|".join(map(re.escape, sorted(rows, key=len, reverse=True)))
    done = "(?:事项|业务)?(?:全年|年内|本年度?|共计?|累计)+(?:办理|办结|作出|实施)"
    return re.compile(rf"({names})(?:{done}|(?:决定|案件|业务)?(?:信息|结果)?)(?:共计?|为|有|了)?$")


def _document(p: Phrase, context: ReviewContext) -> Claim | None:
    """Return a cell of the first block of table 2: by the verb of this phrase and the last noun."""
    key = next((k for k, verb in _DOCUMENT_COLUMNS if verb.search(p.lead)), None)
    if key is None or p.quantity.unit not in _DOCUMENT_UNITS:
        return None
    before = p.sentence.text[: p.quantity.start]
    nouns = [(m.start(), k) for k, noun in _ROWS for m in noun.finditer(before)]
    behind = next((k for k, noun in _ROWS if noun.match(p.tail.removeprefix("行政"))), None)
    if behind:  # 废止1件行政规范性文件
        nouns = [(p.quantity.start - len(p.lead), behind)]
    if not nouns:
        return None
    start, noun = max(nouns)
    if _AUTHOR.search(before[:start] + p.tail):
        return None  # 起草县政府规范性文件1件，制定本局规范性文件2件: some of them
    if key != "standing" and _ALL_YEARS.search(before[:start]):
        return None
    # Another noun in between, or in the phrase itself, makes it another count.
    rest = _LISTED.sub("", _KNOWN.sub("", before[start:])) + _KNOWN.sub("", p.lead)
    if terms.strip_generic(rest, context.spoken_names):
        return None
    row, column = (context.format_.decision_names[k] for k in (noun, key))
    return p.claim("N14", "document", f"{row}{column}", (row, column))


def decision_claim(p: Phrase, context: ReviewContext) -> Claim | None:
    """Return the cell of table 2 or the fee record that a phrase names, or None."""
    if other_year(p.sentence, p.quantity.start, context):
        return None
    if p.quantity.unit == "元":
        if _CHARGE.search(p.lead):
            return p.claim("N15", "charge", "行政事业性收费")
        if "处理费" in p.lead and "其中" not in p.lead:
            return p.claim("N16", "fee", "信息处理费")
        return None
    # 条 and 篇 count what was published, not what was decided.
    decision = _decision(context.format_.decided_rows)
    if p.quantity.unit in _DECISION_UNITS and (match := decision.search(p.lead)):
        return p.claim("N15", "decision", match[1], (match[1],))
    return _document(p, context)


_CARRY = r"(?:结转|转结|顺延|延续|留转|转入|转)"
_STILL = (
    "(?:正在|尚在|仍在|还在|尚?处于)(?:依法)?(?:(?:办理|审查|处理)中?|(?:办理|答复|法定)?期限内?)"
    "|(?:尚|还)未(?:办结|答复|办理完毕)|(?:尚|还)?未[到届](?:期|(?:答复|办理|法定)*期限)"
)
_OPEN_AT_END = re.compile(rf"(?:{_STILL})(?:的|有|共|为)*$")
_OPEN = re.compile(rf"(?:申请)?(?:{_STILL})")
_ASIDE = re.compile(r"结转|转结|顺延|逾期|超期|延期|撤[回销]")
_CHANGE = re.compile(r"(?:增加|减少|增长|下降|上升|多|少)了?$")
_DENIED = re.compile("[不非拟未]$")
_OF_SOME = re.compile(
    "(?:企业|法人|自然人|个人|机构|涉及|关于|网上|网络|当面|邮寄|信函|电子邮件|重复|批量)"
)
_OTHER_NONE = re.compile("意见|异议|[超逾]期")
# How documents are marked when they are made: 主动公开、依申请公开、不予公开.
_ATTRIBUTES = re.compile(
    r"(?:主动公开|依申请公开)(?:的|类|属性)?(?:为|共)?\d+[^，。；、]{0,4}[，、；](?:[^，。；\d]{0,6})"
    r"(?:主动公开|依申请公开|不予公开|免予公开)"
)
# What is 主动公开 is no application, whatever it is counted in: 主动公开402件、不予公开407件.
_MARKED = re.compile(
    r"主动公开(?:的|类|属性)?(?:为|共)?\d+件[，、；](?:属性)?(?:为)?(?:依申请公开|不予公开|免予公开)(?:的|类)?\d"
)
_MADE_DOCUMENTS = re.compile(
    r"(?:制发|制作|印发|审查|产生)(?:各类)?(?:政府信息|公文|文件|信息)[^。；]{0,40}其中"
)
_BALANCE = re.compile("(?:新收|办结|答复)[^。；]*结转")
"""What only applications are told with: 新收312件，加上上年结转21件，共需办理333件."""
_ALL_ANSWERED = re.compile("(?:全年|年内|本年度?)(?:共计?|累计|合计)?(?:办结|答复)$")
_NAMED = re.compile(r"信息公开(?:的)?申请|依申请公开")


def about_requests(sentence: Sentence) -> bool:
    """Return whether a sentence can speak of applications for disclosure."""
    if sentence.topic in {"requests", "reviews"}:
        return True
    if sentence.topic in {"management", "platform", "oversight", "disclosure", "problems"}:
        return _NAMED.search(sentence.text) is not None
    text = sentence.text + earlier_text(sentence)
    return terms.ABOUT_REQUESTS.search(text) is not None


def outcome_at_end(lead: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the outcome words that a phrase ends with, joined ones together.

    Examples
    --------
    >>> outcome_at_end("予以公开及部分公开")
    ('予以公开及部分公开', ('open', 'partial'))
    >>> outcome_at_end("主动公开") is None
    True
    """
    keys: list[str] = []
    rest = lead
    while match := terms.OUTCOME_AT_END.search(rest):
        index = next(i for i in range(len(terms.OUTCOME_WORDS)) if match[f"o{i}"])
        keys.insert(0, terms.OUTCOME_WORDS[index][1])
        rest = rest[: match.start()]
        joint = terms.JOINT.search(rest)
        if joint is None:
            if not keys[1:] and (why := terms.OUTCOME_AT_END.search(rest)):
                # 因本机关不掌握相关信息无法提供: the reason is the row of the table.
                inner = next(i for i in range(len(terms.OUTCOME_WORDS)) if why[f"o{i}"])
                keys, rest = [terms.OUTCOME_WORDS[inner][1]], rest[: why.start()]
            break
        rest = rest[: joint.start()]
        if joint[0].startswith("公开"):  # 公开及部分公开
            keys.insert(0, "open")
            rest = rest.removesuffix("予以")
            break
    if not keys or _DENIED.search(rest):
        return None
    label = lead[len(rest) :].rstrip("的类为有共计：: ")
    return label, tuple(dict.fromkeys(keys))


@cache
def _carry(year: int) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of what is carried over, around a number.

    They are: to next year, before and behind it; from last year, before and behind it; to next
    year behind a reason.
    """
    forward = rf"{_CARRY}(?:至|到|入|为)?(?:下|次|明|{year + 1})"
    last = rf"(?:上|去|前|{year - 1}).{{0,2}}年"
    return (
        re.compile(rf"{forward}.{{0,12}}$"),
        re.compile(rf".{{0,8}}{forward}"),
        re.compile(rf"{last}.{{0,6}}{_CARRY}[^，]{{0,9}}$"),
        re.compile(rf".{{0,6}}(?:为|系|是).{{0,2}}{last}.{{0,4}}{_CARRY}"),
        # 有3件因收到较晚，结转至下年: the reason stands between.
        re.compile(rf"(?:因|由于)[^。；\d]{{0,40}}，[已将需拟依法]*{forward}"),
    )


def _carried(p: Phrase, year: int) -> Claim | None:
    lead_out, tail_out, lead_in, tail_in, reason = _carry(year)
    behind = p.sentence.text[p.quantity.end :]
    if lead_out.search(p.lead) or tail_out.match(p.tail) or reason.match(behind):
        return p.claim("N4", "carried_out", "结转下年度")
    if _OPEN_AT_END.search(p.lead) or _OPEN.match(p.tail):
        return p.claim("N4", "carried_out", "正在办理")
    if lead_in.search(p.lead) or tail_in.match(p.tail):
        return p.claim("N2", "carried_in", "上年结转")
    return None


_MOSTLY_PERSONS = re.compile("以自然人(?:申请|提出)?(?:为主|居多)，(?:共计?|有|计|达)$")
# 不予处理（信访类）2件: the row stands in brackets behind its group.
_WITH_REASON = re.compile("(?:不予(?:公开|处理)|无法提供)（(?P<reason>[^（）\\d]{2,20})）$")
_ALL_YEAR = re.compile(r"(?:全年|年内|本年度?|所收到?的?|(?:收到|受理)的|(?:20\d\d)年度?)$")
_OF_THEM_ALL = re.compile(
    "(?:新)?(?:政府信息公开|信息公开|依申请公开)?申请(?:均|都|全部|中|已|[，；。])"
)
"""全年15件申请均按期答复, 所收22件新申请中: the number stands before its noun."""


def request_claim(p: Phrase, context: ReviewContext) -> Claim | None:
    """Return the row of table 3 that a phrase names, or None when it narrows or names none."""
    if _CHANGE.search(p.lead) or terms.AVERAGE.search(p.lead):
        return None
    if carried := _carried(p, context.year):
        return carried
    beside = p.lead + p.tail
    if _ASIDE.search(beside) or other_year(p.sentence, p.quantity.start, context):
        return None
    why = _WITH_REASON.search(p.sentence.text, 0, p.quantity.start)
    if found := outcome_at_end(why["reason"] if why else p.lead):
        marked = _MARKED.search(p.sentence.text) or (
            _ATTRIBUTES.search(p.sentence.text) and p.quantity.unit != "件"
        )
        documents = _MADE_DOCUMENTS.search(p.sentence.text[: p.quantity.start])
        other = marked or documents or _is_subject(p, found[1])
        return None if other else p.claim("N5", "outcome", *found)
    if match := terms.APPLICANT_AT_END.search(p.lead):
        index = next(i for i in range(len(terms.APPLICANT_WORDS)) if match[f"a{i}"])
        return p.claim("N8", "applicant", match[f"a{index}"], (terms.APPLICANT_WORDS[index][1],))
    if _MOSTLY_PERSONS.search(p.sentence.text, 0, p.quantity.start):
        return p.claim("N8", "applicant", "自然人", ("person",))
    if terms.OTHER_BUSINESS.search(p.clause):
        return None
    if _ALL_YEAR.search(p.lead) and _OF_THEM_ALL.match(p.tail):
        return p.claim("N1", "received", "申请")
    rest = terms.HANDLED.sub("", terms.RECEIVED.sub("", beside))
    if terms.strip_generic(rest, context.spoken_names):
        return None
    named = "申请" in p.sentence.text + earlier_text(p.sentence) or "依申请" in p.clause
    plain = _BALANCE.search(p.sentence.text) or _ALL_ANSWERED.search(p.lead)
    if not named and not (p.sentence.topic == "requests" and plain):
        return None
    if match := terms.RECEIVED.search(p.lead):
        return p.claim("N1", "received", match[0])
    if match := terms.HANDLED.search(p.lead):
        # 办结2件，其中公开答复1件: a part of what was finished is not all of it.
        part = _is_part_of_handled(p)
        return None if part else p.claim("N3", "handled", match[0])
    return None


def _is_part_of_handled(p: Phrase) -> bool:
    text = p.sentence.text
    for division in divisions(p.sentence):
        whole = division.wholes[0]
        if any(item.quantity is p.quantity for item in division.items):
            clause = text[max(text.rfind(c, 0, whole.start) for c in "，。；：") + 1 : whole.start]
            return terms.HANDLED.search(clause) is not None
    return False


_SUBJECTS = frozenset({"deny_1", "deny_5", "deny_6", "deny_7", "deny_8", "reject_1"})
"""Rows whose words say as well what an application is about: 执法案卷, 行政查询."""


def _is_subject(p: Phrase, keys: tuple[str, ...]) -> bool:
    """Return whether a row's words stand in a list of subjects: 登记档案26件、执法案卷18件.

    There the other items are no results.
    """
    if not _SUBJECTS.issuperset(keys):
        return False
    text, counts = p.sentence.text, p.sentence.quantities
    listed = [
        phrase_at(p.sentence, i).lead
        for i, (before, q) in enumerate(pairwise(counts), start=1)
        if q is not p.quantity
        and q.unit == before.unit == p.quantity.unit
        and "、" in text[before.end : q.start]
    ]
    subjects = [words for words in listed if words and "其他" not in words]
    return bool(subjects) and not any(map(outcome_at_end, subjects))


def no_request_claim(sentence: Sentence, context: ReviewContext) -> Claim | None:
    """Return 未收到…申请 as the claim that 0 were received; N13 compares it."""
    match = terms.NO_REQUEST.search(sentence.text)
    if match is None or other_year(sentence, match.start(), context):
        return None
    if terms.OTHER_BUSINESS.search(match["what"]) or _OTHER_NONE.search(match[0]):
        return None
    if _OF_SOME.search(terms.strip_generic(match["what"])):
        return None  # 未收到企业提出的政府信息公开申请: of one kind of applicant, of one subject
    zero = Quantity(match.start(), match.end(), Decimal(0), "件")
    return Claim("N13", "received", match[0], zero, sentence)


def _claims(sentence: Sentence, context: ReviewContext) -> Iterator[Claim]:
    requests, disputes = about_requests(sentence), about_disputes(sentence)
    if requests and (none := no_request_claim(sentence, context)):
        yield none
    for index, quantity in enumerate(sentence.quantities):
        if quantity.kind != "count":
            continue
        phrase = phrase_at(sentence, index)
        found = decision_claim(phrase, context)
        if found is None and quantity.unit in terms.CASE_UNITS:
            if disputes:
                found = dispute_claim(phrase, context)
            if found is None and requests:
                found = request_claim(phrase, context)
        if found is not None:
            yield found


def read_claims(prose: Prose, context: ReviewContext) -> tuple[Claim, ...]:
    """Return every quantity whose statutory meaning is plain.

    A phrase with a word that narrows it (``网络申请3件``) makes no claim: better to say
    nothing than to compare different things. Sentences about an earlier year and about
    another body (全县 in a department's report) make none either.
    """
    return tuple(
        claim
        for sentence in prose.sentences
        if sentence.kind != "heading"
        for claim in _claims(sentence, context)
        if not other_scope(sentence, claim.quantity.start, context)
    )
