"""Whole clauses whose shape follows the numbers, so that no author writes an ``if``.

Each clause stands without a full stop and can be used in a sentence of one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources

from nianbao.libyaml import read_shipped
from nianbao.prose.facts import NOT_FILLED, Fact, Vocabulary

Phrase = Callable[[Vocabulary], str | None]
"""The clause, or None when a number it needs was not handed in."""

_PHRASES: dict[str, tuple[str, Phrase]] = {}


def phrase(name: str, of: str) -> Callable[[Phrase], Phrase]:
    """Register a clause under its name; ``of`` says which facts it is made from."""

    def register(function: Phrase) -> Phrase:
        _PHRASES[name] = (of, function)
        return function

    return register


def _number(facts: Vocabulary, *path: str) -> int | None:
    fact: Fact | None = facts.get(path[0])
    for step in path[1:]:
        fact = fact.below.get(step) if fact else None
    return fact.value if fact and isinstance(fact.value, int) else None


def _words(facts: Vocabulary, *path: str) -> str:
    fact = facts[path[0]]
    for step in path[1:]:
        fact = fact.below[step]
    return fact.text


def _versus_last_year(facts: Vocabulary, name: str) -> str:
    """Return ``，比上年…`` where last year is known, else nothing."""
    before = _number(facts, name, "上年")
    return "" if before is None else f"，{_words(facts, name, '同比')}"


def _listed(facts: Vocabulary, name: str) -> str:
    """Return the parts of a number, joined by ``、``; empty when a part is not known."""
    form = facts[name].below.get("明细")
    return form.text.replace("，", "、") if form else ""


def _parts(facts: Vocabulary, name: str, total: int) -> str:
    """Return ``，其中…``, or ``，均为…`` where all is of one kind; nothing where nothing is listed.

    Of a single one nobody says 均.
    """
    listed = _listed(facts, name)
    if not total or not listed:
        return ""
    if "、" in listed:
        return f"，其中{listed}"
    return f"，{'为' if total == 1 else '均为'}{listed.removesuffix(f'{total}{facts[name].unit}')}"


MOST_CHANNELS = 12
"""A sentence that lists as many or more is read by nobody."""


@phrase("主动公开情况", "主动公开")
def _disclosures(facts: Vocabulary) -> str | None:
    total = _number(facts, "主动公开")
    if total is None:
        return None
    if not total:
        return "未产生需要主动公开的政府信息"
    listed = _listed(facts, "主动公开")
    # A government of forty units has hundreds of channels: the figure shows them.
    channels = f"，其中{listed}" if 0 < listed.count("、") < MOST_CHANNELS else ""
    return f"主动公开政府信息{total}条{_versus_last_year(facts, '主动公开')}{channels}"


@phrase("公开渠道情况", "主动公开")
def _channels(facts: Vocabulary) -> str | None:
    total, channels = _number(facts, "主动公开"), _number(facts, "主动公开", "渠道数")
    if total is None or channels is None:
        return None
    if not total:
        return "没有需要在公开平台发布的信息"
    return f"主动公开的信息通过{channels}个渠道发布"


@phrase("申请收到情况", "新收申请、上年结转申请")
def _received(facts: Vocabulary) -> str | None:
    new, carried = _number(facts, "新收申请"), _number(facts, "上年结转申请")
    if new is None or carried is None:
        return None
    before = f"，另有上年结转{carried}件" if carried else ""
    if not new:
        return f"未收到政府信息公开申请{_versus_last_year(facts, '新收申请')}{before}"
    words = f"收到政府信息公开申请{new}件{_versus_last_year(facts, '新收申请')}"
    return f"{words}{before}"


@phrase("申请人情况", "新收申请")
def _applicants(facts: Vocabulary) -> str | None:
    new = _number(facts, "新收申请")
    if new is None:
        return None
    if not new:
        return "没有新收申请"
    listed = _listed(facts, "新收申请")
    if not listed:
        return None
    if "、" not in listed:
        return f"申请人{'为' if new == 1 else '均为'}{listed.removesuffix(f'{new}件')}"
    return f"按申请人分，{listed}"


@phrase("申请办理情况", "办结申请、收办申请")
def _finished(facts: Vocabulary) -> str | None:
    total, received = _number(facts, "办结申请"), _number(facts, "收办申请")
    if total is None or received is None:
        return None
    if not received:
        return "没有需要办理的政府信息公开申请"
    if not total:
        return "年内没有办结的申请"
    return f"办结政府信息公开申请{total}件{_parts(facts, '办结申请', total)}"


@phrase("申请结转情况", "结转下年申请、收办申请")
def _carried_out(facts: Vocabulary) -> str | None:
    carried, received = _number(facts, "结转下年申请"), _number(facts, "收办申请")
    if carried is None or received is None:
        return None
    if carried:
        return f"结转下年度继续办理{carried}件"
    return "全部申请均已办结" if received else "没有结转下年度办理的申请"


@phrase("办理时效情况", "平均办理天数、按时办结率、延期件数")
def _times(facts: Vocabulary) -> str | None:
    on_time, late = _number(facts, "按时办结件数"), _number(facts, "超期件数")
    unknown = _number(facts, "期限不明件数")
    if on_time is None or late is None or unknown:
        return None
    extended = _number(facts, "延期件数")
    longer = f"，其中延期{extended}件" if extended else ""
    if not on_time and not late:
        return "年内没有作出答复"
    average = facts["平均办理天数"]
    spent = "" if average.value is None else f"平均用时{average.text}个工作日，"
    if not late:
        return f"{spent}均在法定期限内答复{longer}"
    return f"{spent}按时答复{on_time}件，超过法定期限{late}件{longer}"


def _disputes(facts: Vocabulary, name: str, verb: str) -> str | None:
    total = _number(facts, name)
    if total is None:
        return None
    return (
        f"{verb}{name}{total}件{_parts(facts, name, total)}" if total else f"未被{verb[1:]}{name}"
    )


@phrase("复议诉讼情况", "行政复议、行政诉讼")
def _reviews(facts: Vocabulary) -> str | None:
    reviews = _disputes(facts, "行政复议", "被申请")
    suits = _disputes(facts, "行政诉讼", "被提起")
    if reviews is None or suits is None:
        return None
    if not _number(facts, "行政复议") and not _number(facts, "行政诉讼"):
        return "未发生因政府信息公开工作被申请行政复议、提起行政诉讼的情况"
    return f"因政府信息公开工作{reviews}；{suits}"


@phrase("规范性文件情况", "规范性文件")
def _documents(facts: Vocabulary) -> str | None:
    numbers = [_number(facts, "规范性文件", step) for step in ("制发", "废止", "现行有效")]
    if None in numbers:
        return None
    made, repealed, standing = numbers
    kept = f"现行有效{standing}件" if standing else "没有现行有效的行政规范性文件"
    if not made and not repealed:
        return f"未制发、废止行政规范性文件，{kept}"
    return f"制发行政规范性文件{made}件，废止{repealed}件，{kept}"


@phrase("信息处理费情况", "信息处理费")
def _fees(facts: Vocabulary) -> str | None:
    fact = facts.get("信息处理费")
    if fact is None or fact.value is None or isinstance(fact.value, str):
        return None
    if not fact.value:
        return "未收取政府信息公开信息处理费"
    return f"收取政府信息公开信息处理费{fact.text}{fact.unit or '元'}"


@phrase("建议提案情况", "人大建议、政协提案")
def _proposals(facts: Vocabulary) -> str | None:
    names = {"人大建议": "人大代表建议", "政协提案": "政协委员提案"}
    numbers = {label: _number(facts, name) for name, label in names.items()}
    if None in numbers.values():
        return None
    taken = [f"{label}{n}件" for label, n in numbers.items() if n]
    none = [label for label, n in numbers.items() if not n]
    if not taken:
        return "未承办人大代表建议和政协委员提案"
    return f"承办{'、'.join(taken)}" + (f"，未承办{'、'.join(none)}" if none else "")


@phrase("建议提案说明", "人大建议、政协提案")
def _proposal_sentence(facts: Vocabulary) -> str:
    """Return a whole sentence for the master's text; empty if no such figure was handed in."""
    words = _proposals(facts)
    return f"全年{words}。" if words else ""


GOVERNMENT_TOPICS = ("工作考核", "社会评议", "责任追究")
"""What only governments have to report. Source: 条例 article 50(四)."""


@phrase("考核评议情况", "、".join(GOVERNMENT_TOPICS))
def _assessment(facts: Vocabulary) -> str:
    """Say whole sentences, unlike the other clauses: for most bodies there is nothing to say."""
    topics = ((topic, facts.get(topic)) for topic in GOVERNMENT_TOPICS)
    words = ((topic, fact.value) for topic, fact in topics if fact is not None)
    return "".join(
        f"{topic}方面，{value.strip().rstrip('。')}。"
        for topic, value in words
        if isinstance(value, str)
    )


@cache
def _activities() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Read what the default prose says of figures: clause -> (figure, words)."""
    clauses = read_shipped(resources.files(__package__) / "activities.yaml")
    return {
        clause: tuple((entry["figure"], entry["words"]) for entry in entries)
        for clause, entries in clauses.items()
    }


def _activity_sentence(facts: Vocabulary, clause: str) -> str:
    """Write a whole sentence of the figures that were handed in; nothing where there are none.

    A figure of nought is left out: the master's text tells what was done.
    """
    clauses = [
        words.replace("{}", f"{facts[name].text}{facts[name].unit}")
        for name, words in _activities()[clause]
        if name in facts and facts[name].value and not isinstance(facts[name].value, str)
    ]
    return f"全年{'，'.join(clauses)}。" if clauses else ""


def needs(name: str) -> tuple[str, ...]:
    """Return the facts that a clause is made from; none where the name is no clause.

    Examples
    --------
    >>> needs("建议提案情况")
    ('人大建议', '政协提案')
    """
    return tuple(_PHRASES[name][0].split("、")) if name in _PHRASES else ()


def phrase_facts(facts: Vocabulary) -> Iterator[Fact]:
    """Yield all clauses; one whose numbers were not handed in prints ``（待填）`` in a draft."""
    for name, (of, function) in _PHRASES.items():
        words = function(facts)
        known = (facts[part] for part in of.split("、") if part in facts)
        source = "；".join([f"句式：{of}", *(fact.source for fact in known)])
        yield Fact(name, words, NOT_FILLED if words is None else words, source=source)
    for clause, entries in _activities().items():
        words = _activity_sentence(facts, clause)
        sources = (facts[name].source for name, _ in entries if name in facts)
        of = "、".join(name for name, _ in entries)
        yield Fact(
            clause, words, words, source="；".join([f"句式：{of}（有哪项写哪项）", *sources])
        )
