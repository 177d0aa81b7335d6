"""Lists of sub-counts in the forms that reports use, right and with a fault seeded in them.

A form is a template: what is counted, the words that open the list, the marks between its items,
how it ends, and what stands before and behind it. Half of the forms were not looked at while the
rules were made (`HELD_BACK`); the words are our own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Closing = Literal["closed", "complete", "open"]
"""其他, 分别为, all applicants; nothing says so but the list is whole; 等 or 主要."""

Fault = Literal["+1", "-1", "+5 %", "+10 %", "+30 %", "wrong unit", "part > total"]
FAULTS: tuple[Fault, ...] = ("+1", "-1", "+5 %", "+10 %", "+30 %", "wrong unit", "part > total")

SUBJECTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "全年主动公开政府信息{n}条",
        "条",
        ("机构职能", "政策文件", "规划计划", "财政预决算", "工作动态", "人事任免", "公示公告"),
    ),
    ("全年发布政策解读{n}篇", "篇", ("文字解读", "图片解读", "视频解读", "专家解读", "问答解读")),
    (
        "累计更新栏目信息{n}条",
        "条",
        ("应急管理", "生态环境", "义务教育", "医疗卫生", "养老服务", "就业创业"),
    ),
    ("全年收到政府信息公开申请{n}件", "件", ("网络申请", "信函申请", "当面申请", "电子邮件申请")),
    ("通过各平台发布信息{n}条", "条", ("政府网站", "微信公众号", "政务微博", "今日头条", "抖音号")),
    ("办理群众留言{n}件", "件", ("咨询类", "建议类", "投诉类", "求助类", "感谢类")),
    ("公开各类文件总数{n}件", "件", ("行政规范性文件", "会议纪要", "批复", "通知", "函件")),
    ("全镇公开村务信息{n}条", "条", ("集体资产", "惠农补贴", "低保救助", "工程项目", "党务公开")),
    ("审查拟公开文件{n}件", "件", ("综合类", "业务类", "人事类", "财务类")),
    ("开展业务培训{n}次", "次", ("集中授课", "以会代训", "现场观摩", "线上学习")),
)  # fmt: skip
OPENINGS: tuple[tuple[str, str], ...] = (
    ("，其中", "。"), ("，其中：", "。"), ("，包括", "。"), ("，主要是对外发布，其中", "。"),
    ("，内容涵盖", "。"), ("，涉及", "。"), ("，具体包括", "。"), ("：", "。"),
    ("（其中", "）。"), ("（", "）。"), ("，按类别统计，", "。"), ("。其中，", "。"),
    ("。其中", "。"), ("，分为", "。"), ("，从类别看，", "。"), ("，", "。"),
)  # fmt: skip
MARKS: tuple[tuple[str, str], ...] = (
    ("、", "、"),
    ("，", "，"),
    ("；", "；"),
    ("、", "和"),
    ("，", "，以及"),
)
BEHIND = ("", "，较好地满足了公众需要", "，均已按时更新")


@dataclass(frozen=True)
class Listed:
    """A list: its words, its numbers, and whether its total is what its items make."""

    form: int
    closing: Closing
    text: str
    fault: Fault | None = None

    @property
    def held_back(self) -> bool:
        """Whether its form was not looked at while the rules were made."""
        return self.form % 2 == 1


@dataclass(frozen=True)
class _Form:
    number: int
    subject: str
    unit: str
    labels: tuple[str, ...]
    opening: tuple[str, str]
    mark: tuple[str, str]
    closing: Closing
    shape: str
    behind: str


def _forms() -> Iterator[_Form]:
    """Every opening with every kind of ending, the subjects and marks in turn."""
    number = 0
    for opening in OPENINGS:
        for closing, shape in (
            ("closed", "其他"), ("closed", "其他信息"), ("closed", "分别为"), ("closed", "中其他"),
            ("complete", ""), ("complete", "占比"), ("complete", "带尾"), ("complete", "嵌套"),
            ("open", "等"), ("complete", "单位在前"), ("closed", "其他占比"), ("complete", "总数"),
            ("complete", "后续句"),
        ):  # fmt: skip
            subject, unit, labels = SUBJECTS[number % len(SUBJECTS)]
            mark = MARKS[(number // 3) % len(MARKS)]
            yield _Form(
                number, subject, unit, labels, opening, mark, closing, shape,  # type: ignore[arg-type]
                BEHIND[number % len(BEHIND)],
            )  # fmt: skip
            number += 1


def _items(form: _Form, parts: list[int], total: int) -> list[str]:
    unit = form.unit
    labels = list(form.labels[: len(parts)])
    if form.shape in {"其他", "其他占比"}:
        labels[-1] = "其他"
    elif form.shape == "其他信息":
        labels[-1] = "其他信息" if unit == "条" else "其他类"
    elif form.shape == "中其他" and len(labels) > 2:
        labels[-2] = "其他"
    shown = [f"{label}{part}{unit}" for label, part in zip(labels, parts, strict=True)]
    if form.shape in {"占比", "其他占比"}:
        shown = [
            f"{text}（占{100 * part / total:.1f}%）"
            for text, part in zip(shown, parts, strict=True)
        ]
    if form.shape == "嵌套":
        first, second = parts[0] - parts[0] // 3, parts[0] // 3
        shown[0] += f"（本级{first}{unit}、下属{second}{unit}）"
    return shown


def _write(form: _Form, parts: list[int], total: int, unit: str, part: int | None) -> str:
    printed = parts if part is None else [part, *parts[1:]]
    subject = form.subject.format(n=total)
    if unit:
        subject = subject.replace(f"{total}{form.unit}", f"{total}{unit}")
    if form.shape == "总数":
        subject = subject.replace(f"{total}", f"总数{total}")
    if form.shape == "分别为":
        names = "、".join(form.labels[: len(parts)])
        numbers = "、".join(f"{n}{form.unit}" for n in printed)
        return f"{subject}，{names}分别为{numbers}。"
    shown = _items(form, printed, total)
    body = form.mark[0].join(shown[:-1]) + form.mark[1] + shown[-1]
    before, after = form.opening
    if form.shape == "等":
        return f"{subject}{before}{body}等{after}"
    if form.shape == "带尾":
        return f"{subject}{before}{body}{form.behind}{after}"
    if form.shape == "后续句":
        return f"{subject}{before}{body}{after}全年举办开放活动3场，回应关切12次。"
    return f"{subject}{before}{body}{after}"


def _seeded(form: _Form, parts: list[int], fault: Fault) -> str:
    total = sum(parts)
    match fault:
        case "+1":
            return _write(form, parts, total + 1, "", None)
        case "-1":
            return _write(form, parts, total - 1, "", None)
        case "wrong unit":
            return _write(form, parts, total, f"万{form.unit}", None)
        case "part > total":
            return _write(form, parts, total, "", total * 3 + 7)
    more = max(1, round(total * {"+5 %": 0.05, "+10 %": 0.1, "+30 %": 0.3}[fault]))
    return _write(form, parts, total + more, "", None)


def listed_forms(seed: int = 2024) -> Iterator[Listed]:
    """All forms, each right and with every fault seeded once."""
    chance = random.Random(seed)
    for form in _forms():
        count = chance.randint(3, min(5, len(form.labels)))
        parts = [
            chance.choice([chance.randint(2, 40), chance.randint(20, 900)]) for _ in range(count)
        ]
        right = Listed(form.number, form.closing, _write(form, parts, sum(parts), "", None))
        yield right
        for fault in FAULTS:
            if form.closing != "open" or fault in {"-1", "part > total"}:
                yield replace(right, text=_seeded(form, parts, fault), fault=fault)
