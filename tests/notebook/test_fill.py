"""The words of a section: the bureau's own, the master's, or both where they do not meet."""

from __future__ import annotations

from typing import Any

import pytest

from nianbao.errors import NarrativeError, Place
from nianbao.inputs.bundle import SectionText
from nianbao.notebook.fill import fill_notebook, join_split
from nianbao.notebook.record import Record

DEFAULT = "第一句。\n\n第二句。\n\n第三句。"


def cell(source: str, section: str = "other", **more: str) -> Any:
    about = {"section": section, **more}
    return {
        "cell_type": "markdown", "id": "a", "source": source, "metadata": {"nianbao": about},
    }  # fmt: skip


def record(own: str) -> Record:
    """A record with one section, of the master's and of the bureau's words."""
    text = SectionText("other", own, Place("data/a/2024/narrative.md", row=3))
    return Record(
        "a", "某局", 2024, "年报", None, "", signature=False, sources=False, draft=False,
        sections={"other": text}, defaults={"other": DEFAULT}, facts={}, images={}, report="{}",
    )  # fmt: skip


def test_what_was_changed_in_the_notebook_joins_the_bureaus_own_words() -> None:
    own = DEFAULT.replace("第一句", "本局第一句")
    for source, wanted in (
        (DEFAULT, own),
        (DEFAULT.replace("第三句", "改过的第三句"), own.replace("第三句", "改过的第三句")),
    ):
        notebook: Any = {"cells": [cell(source)]}
        assert fill_notebook(notebook, record(own))["cells"][0]["source"].strip() == wanted
    both: Any = {"cells": [cell(DEFAULT.replace("第一句", "另一句"))]}
    with pytest.raises(NarrativeError, match="两者改在同一处") as caught:
        fill_notebook(both, record(own))
    assert caught.value.problems[0].place == Place("data/a/2024/narrative.md", row=3)


def test_the_halves_of_a_split_cell_are_one_section_again() -> None:
    halves: Any = {"cells": [cell("上半。"), cell("下半。"), cell("上半。"), cell("")]}
    join_split(halves)
    assert [each["source"] for each in halves["cells"]] == ["上半。\n\n下半。", "", "", ""]
    assert halves["cells"][1]["metadata"]["nianbao"] == {"template": "", "words": ""}
    filled: Any = {"cells": [cell("上半。", words="上半。"), cell("下半。", words="下半。")]}
    join_split(filled)
    assert [each["source"] for each in filled["cells"]] == ["上半。", "下半。"]
