"""Whether the bureau's texts could still be built with an edit in them.

Apart because it asks the rest of the program what it would refuse, and knows no rule of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nianbao.errors import NianbaoError, Place, Problem
from nianbao.files.sources import Source
from nianbao.inputs.bundle import Inputs, SectionText
from nianbao.inputs.narrative import read_narrative
from nianbao.inputs.project import NARRATIVE
from nianbao.notebook.report import Report
from nianbao.prose.markdown import to_blocks
from nianbao.prose.template import replace_section
from nianbao.statistics.rollup import consolidate
from nianbao.statutory import format_for


def refused_texts(
    root: Path, inputs: Inputs, texts: Mapping[str, str]
) -> dict[str, tuple[Problem, ...]]:
    """Return the texts, by section, with which a build would fail, and why.

    Parameters
    ----------
    inputs
        The bureau's inputs as they are; what is wrong in them already is not reported here.
    texts
        New texts with placeholders, by section.
    """
    before = {str(problem) for problem in _problems(root, inputs, {})}

    def new(some: Mapping[str, str]) -> tuple[Problem, ...]:
        return tuple(p for p in _problems(root, inputs, some) if str(p) not in before)

    if not new(texts):  # nearly always
        return {}
    found = {section: new({section: text}) for section, text in texts.items()}
    return {section: problems for section, problems in found.items() if problems}


def _problems(root: Path, inputs: Inputs, texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what a build says of the inputs with these texts in them."""
    try:
        written = ""
        for section, text in texts.items():
            written = replace_section(written, section, text)
        own = read_narrative(Source(NARRATIVE, written.encode())) if texts else {}
        if own.keys() != texts.keys():  # a line of it was taken for another section's heading
            return (Problem("文字中有写成章节编号的行", Place(NARRATIVE)),)
        narrative: dict[str, SectionText] = {**inputs.narrative, **own}
        now = consolidate(replace(inputs, narrative=narrative))
        wording = Report(root, now, format_for(inputs.params.year)).wording
        for section in texts:
            to_blocks([wording[section].text], section)
    except NianbaoError as error:
        return error.problems
    except UnicodeEncodeError:
        return (Problem("有半个字符，不能存成文件", Place(NARRATIVE)),)
    except RecursionError:
        return (Problem("列表、引用的层次太多", Place(NARRATIVE)),)
    return ()
