"""What only governments have to report (S4): 工作考核、社会评议、责任追究."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.text import Prose
from nianbao.statistics.checks.registry import S4

SECTION = "overview.oversight"
TOPICS = {
    "工作考核": re.compile("考核|考评"),
    "社会评议": re.compile("评议|满意度|测评"),
    "责任追究": re.compile("追究|追责|问责"),
}


def is_government(context: ReviewContext) -> bool:
    """Whether article 50(四) asks it of this body: a government of any level, no 街道办事处."""
    return context.kind == "government" or (
        context.kind == "township" and context.name.endswith("人民政府")
    )


def check_oversight(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    """A government's report tells the results, that nobody was held responsible among them.

    Says nothing of prose without the section that tells it: that is no whole report.
    """
    whole = any(block.section == SECTION for block in prose.blocks)
    if not whole or not is_government(context):
        return
    text = "".join(sentence.text for sentence in prose.sentences if sentence.kind != "heading")
    missing = [topic for topic, words in TOPICS.items() if not words.search(text)]
    if missing:
        message = (
            f"政府的报告还应写明{'、'.join(missing)}结果情况（条例第五十条）；没有的也写明没有"
        )
        yield ProseFinding(S4.id, S4.severity, SECTION, "", (), message)
