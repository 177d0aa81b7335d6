"""The vocabulary as a list: what ``nianbao facts`` prints by subject, and docs/facts.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from nianbao.prose.facts import RARE_FORMS, Fact, Vocabulary, walk
from nianbao.prose.phrases import needs

SUBJECTS = (
    "机关和报告", "主动公开", "依申请公开", "行政行为和规范性文件（表二）",
    "行政复议、行政诉讼（表四）", "其他数据", "汇总的单位", "整句",
)  # fmt: skip
_SCALES: Mapping[str, int] = {"万": 10**4, "亿": 10**8}
"""Forms that say nothing of a number which is smaller than this."""


def is_noise(fact: Fact) -> bool:
    """Return whether a name says no more than another one: an empty text, 46 counted in 万.

    Examples
    --------
    >>> is_noise(Fact("新收申请.亿", 46, "46")), is_noise(Fact("新收申请", 46, "46", "件"))
    (True, False)
    """
    least = _SCALES.get(fact.name.rpartition(".")[2], 0)
    number = fact.value if isinstance(fact.value, int | Decimal) else least
    return -least < number < least or not fact.text


def by_subject(facts: Vocabulary, figures: Collection[str]) -> Iterator[tuple[str, list[Fact]]]:
    """Yield the numbers, their parts and clauses under their subjects.

    Forms of numbers are left out, and parts that are 0.

    ``figures`` are the names of the bureau's own.
    """
    found: dict[str, list[Fact]] = {subject: [] for subject in SUBJECTS}
    for fact in facts.values():
        parts = (part for part in fact.below.values() if part.unit and part.value != 0)
        found[_subject(fact, figures)] += [f for f in (fact, *parts) if not is_noise(f)]
    yield from ((subject, listed) for subject, listed in found.items() if listed)


def named_with(facts: Vocabulary, words: Sequence[str]) -> list[Fact]:
    """Return all names that hold all of the words, forms and parts among them.

    Examples
    --------
    >>> facts = {"新收申请": Fact("新收申请", 3, "3", "件")}
    >>> [fact.name for fact in named_with(facts, ["新收"])]
    ['新收申请']
    """
    wanted = [word.casefold() for word in words]
    return [
        fact
        for fact in walk(facts)
        if all(word in fact.name.casefold() for word in wanted) and not is_noise(fact)
    ]


def _subject(fact: Fact, figures: Collection[str]) -> str:
    """Return what a fact is about, by where it comes from."""
    if needs(fact.name):
        return "整句"
    if fact.name in figures:
        return "其他数据"
    if fact.name == "主动公开":
        return "主动公开"
    starts = {
        "表二": SUBJECTS[3],
        "表三": "依申请公开",
        "申请台账": "依申请公开",
        "表四": SUBJECTS[4],
        "各单位": "汇总的单位",
    }
    return next((s for start, s in starts.items() if fact.source.startswith(start)), SUBJECTS[0])


_INTRODUCTION = """\
# 正文可以引用的数据

由 `make docs` 生成，例子取自样例“{title}”。
本单位的名称、数值和来源用 `nianbao facts 机关代码 年度` 查看。

正文中写作 `{{{{ 名称 }}}}`，报告里印出“文字”一栏。
名称一级一级写，中间用点：`{{{{ 新收申请.自然人.占比 }}}}`；
名称中有引号、括号等符号的，写作 `{{{{ 主动公开["“某某”微信公众号"].带单位 }}}}`。
没有填报的数字，草稿印“（待填）”，正式报告不能生成；没有的名称，生成时报错，并提示最接近的名称。
"""
_FORM = "新收申请"
_PHRASE = "句式："


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _row(fact: Fact) -> tuple[str, str, str, str]:
    return f"`{fact.name}`", fact.text, fact.unit, fact.source


def _parts(fact: Fact, forms: frozenset[str]) -> Iterator[Fact]:
    """Yield the parts below a fact, its forms left out."""
    for step, below in fact.below.items():
        if step not in forms:
            yield below


def facts_markdown(facts: Vocabulary, title: str) -> str:
    """Return docs/facts.md: every name, how numbers can be put, the clauses.

    The vocabulary is that of a sample report that has all that can be handed in, and ``title`` the
    sample's.
    """
    example = facts[_FORM]
    forms = RARE_FORMS | {"同比", "带单位", "占比", "明细"}
    shown = [f for step, f in example.below.items() if step in forms]
    shown += [example.below["自然人"].below["占比"]]
    phrases = [f for f in facts.values() if f.source.startswith(_PHRASE)]
    plain = [f for f in facts.values() if f not in phrases]
    head = ("名称", "文字", "单位", "来源")
    lines = [_INTRODUCTION.format(title=title)]
    lines += ["## 数据", "", *_table(head, map(_row, plain))]
    lines += [
        "## 数字的写法",
        "",
        "每个数字除本身外，还有下面的写法（以“新收申请”为例）；分项没有“万、亿、汉字、上年、增减率”。",
        "",
        *_table(
            ("名称", "文字", "算法"),
            ((f"`{f.name}`", f.text, f.source.rpartition("；")[2]) for f in shown),
        ),
        "## 分项",
        "",
        "分项也有上面的写法，如 `新收申请.自然人.带单位`。",
        "主动公开的分项是本单位台账中的渠道和类别。",
        "",
        *_table(
            ("数据", "分项"),
            (
                (f"`{f.name}`", "、".join(p.name.removeprefix(f"{f.name}.") for p in parts))
                for f in plain
                if (parts := list(_parts(f, forms)))
            ),
        ),
        "## 句式",
        "",
        "整句随数字变化的写法，句末不带标点；所需的数没有填报时印“（待填）”或不印。",
        "",
        *_table(
            ("名称", "本例印出", "所用的数"),
            (
                (f"`{f.name}`", f.text, f.source.split("；")[0].removeprefix(_PHRASE))
                for f in phrases
            ),
        ),
        f"本例共{sum(1 for _ in walk(facts))}个名称。",
        "",
    ]
    return "\n".join(lines)
