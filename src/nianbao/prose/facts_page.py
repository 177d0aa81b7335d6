"""The vocabulary as a page of documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nianbao.prose.facts import Fact, Vocabulary, walk
from nianbao.prose.measures import RARE_FORMS

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
    """Parts below a fact, its forms left out."""
    for step, below in fact.below.items():
        if step not in forms:
            yield below


def facts_markdown(facts: Vocabulary, title: str) -> str:
    """docs/facts.md: every name, how numbers can be put, the clauses.

    Parameters
    ----------
    facts
        The vocabulary of a sample report that has all that can be handed in.
    title
        The sample's title.
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
