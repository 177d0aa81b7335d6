"""Placeholders and hints of a template that were left in the text (L3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.text import Prose

_NOUN = "年月日条件个次份篇项元%％人期场镇县局乡市区处科名万号章"
_LEFT = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}|\{\}|\$\{[^}]*\}|<[%/]?[A-Za-z][^>]{0,30}>"
    r"|_{2,}|＿{2,}|…{3,}|\.{4,}"
    rf"|(?<![A-Za-z\d])[XＸ×]{{2,}}|(?<![A-Za-z\d])[XxＸ×](?=\s*[{_NOUN}])(?!项目)"
    r"|[某]{2,}|某某|[*＊]{2,}|□{2,}|〇{3,}|○{2,}|●{2,}"
    r"|(?:（\s*）|\(\s*\)|《\s*》|“\s*”|〔\s*〕)"
    r"|(?<![有亟尚])待(?:补(?!正|偿|贴|充完善|短)|填|核实(?=[）】]|$)|定(?=[）】]|$)|确认(?=[）】]|$))"
    r"|〔待修订[^〕]{0,60}〕?"
    r"|此处(?:填|插|补|应?写|略|待|添加|替换|请)|（(?:请|此处|填写|根据)[^）]{0,30}(?:填写|修改|补充|删除|选择)[^）]{0,20}）"
    r"|该?部分以表格形式报告|表格如下[:：]?$|填写说明|示例文字|模板文字"
    r"|(?<![A-Za-z])(?:None|nan|NaN|NaT|null|undefined|TODO|TBD|FIXME|(?i:lorem ipsum))(?![A-Za-z])"
    r"|#(?:REF|N/A|VALUE|DIV/0|NAME)[!?]?|错误!未找到引用源|错误！未找到引用源|Error!"
)
# 〇〇 in a date of characters, ×× in 3×4, and an item number in brackets are no gaps.
_FINE = re.compile(r"二〇+")


def check_leftovers(prose: Prose) -> Iterator[ProseFinding]:
    """Find what a template or a hurried clerk left to be filled in: an error, always."""
    for sentence in prose.sentences:
        for match in _LEFT.finditer(sentence.written):
            if match.start() and _FINE.match(sentence.written, match.start() - 1):
                continue
            # The whole mark, where our software printed it: it stands for a missing number.
            start, end = match.span()
            printed = (sentence.written[a:b] for a, b in sentence.bound if a <= start and end <= b)
            mark = next(printed, match[0])
            message = f"“{match[0]}”是没有填好的占位内容或模板提示；请填写或删去"
            yield sentence.finding("L3", "error", message, [match.span()], mark)
