"""Prose without facts (L9) and boasts without a record (L11): hints only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.text import Block, Prose

LONG = 150
"""Characters of a section from which it should hold at least one fact."""

_FACT = re.compile(
    r"\d|[《“]|[一二两三四五六七八九十]+(?:件|条|次|个|项|期|场|名|人|家|批|份|类|篇)"
    r"|[\u4e00-\u9fff]{2,}(?:科|股|处室|办公室|中心|领导小组|专区|平台|栏目|热线|公众号|大厅)"
)
_BOAST = re.compile(
    r"零(?:投诉|差错|失误|逾期|舆情|事故|败诉|纠错|复议|诉讼|差评)"
    r"|[\u4e00-\u9fff]{0,4}率[^，。；\d]{0,6}100\s*[%％]|百分之百"
)
_ANSWERED = re.compile("办结|答复|办理|按时|及时|回复")


def _without_facts(section: str, blocks: list[Block]) -> Iterator[ProseFinding]:
    text = "".join(b.text for b in blocks if b.kind != "heading")
    if len(text) < LONG or _FACT.search(text):
        return
    first = next(b for b in blocks if b.kind != "heading").sentences[0]
    message = (
        "本节没有数字、文件、机构或平台名称，读来可以放进任何机关的报告；请补充本机关的做法和数据"
    )
    yield first.finding("L9", "info", message, [(0, len(first.text))])


def check_substance(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    """Hint at sections without a single fact, and at claims of perfection without a record.

    A 办结率100% that table 3 bears out (applications came, none is carried over) is no boast.
    """
    by_section: dict[str, list[Block]] = {}
    for block in prose.blocks:
        by_section.setdefault(block.section, []).append(block)
    for section, blocks in by_section.items():
        if section.startswith("overview."):
            yield from _without_facts(section, blocks)
    cells = context.cells
    proved = cells.request("carried_out").value == 0 and cells.request("total").value
    for sentence in prose.sentences:
        match = _BOAST.search(sentence.text)
        if match is None or sentence.kind == "heading":
            continue
        if proved and _ANSWERED.search(match[0]) and "申请" in sentence.text:
            continue
        message = f"“{match[0]}”要有记录可查；请留存依据，或改写为具体件数"
        yield sentence.finding("L11", "info", message, [match.span()], match[0])
