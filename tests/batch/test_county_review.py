"""The reports of a county side by side: shared sentences, equal tables, figures out of line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.projects import copy_project
from typer.testing import CliRunner

from nianbao.batch.county_review import Body, review_bodies
from nianbao.cli.main import app

OWN = "（一）主动公开", "局机关把办事指南逐项对照流程重写并请老人试读后再上网公布。"


def body(agency: str, **more: object) -> Body:
    tables = {"decisions": {}, "requests": {}, "reviews": {}}
    made = Body(agency, f"示例县{agency}局", "department", (), tables, {}, {})
    return replace(made, **more)  # type: ignore[arg-type]


def reported(*bodies: Body) -> list[tuple[int, str, tuple[str, ...]]]:
    return [(s.certainty, s.kind, s.agencies) for s in review_bodies(bodies)]


def test_one_shared_sentence_is_looked_at_and_three_are_a_copy() -> None:
    once = [body("甲", sentences=(OWN,)), body("乙", sentences=(OWN,)), body("丙"), body("丁")]
    assert reported(*once) == [(1, "共用句子", ("甲", "乙"))]
    three = tuple((OWN[0], f"{word}{OWN[1]}") for word in ("一是", "二是", "最后"))
    assert reported(
        *(body(a, sentences=three) for a in "甲乙"), body("丙"), body("丁"), body("戊")
    ) == [(3, "共用句子", ("甲", "乙"))]


def test_names_numbers_and_short_sentences_do_not_make_a_copy() -> None:
    short = "（一）主动公开", "依法公开政府信息。"
    assert reported(body("甲", sentences=(short,)), body("乙", sentences=(short,))) == []
    named = [
        body(a, sentences=((OWN[0], f"示例县{a}局{n}次{OWN[1]}"),))
        for a, n in (("甲", 3), ("乙", 5))
    ]
    assert reported(*named, body("丙"), body("丁")) == [(1, "共用句子", ("甲", "乙"))]


def test_what_was_handed_down_to_most_is_reported_once() -> None:
    (only,) = review_bodies([body(a, sentences=(OWN,)) for a in "甲乙丙丁"])
    assert (only.certainty, only.agencies) == (1, ("甲", "乙", "丙", "丁"))


def test_equal_tables_are_a_copy_and_empty_ones_are_not() -> None:
    table = {("new", "自然人"): 4, ("new", "总计"): 4, ("open", "自然人"): 4, ("open", "总计"): 4}
    same = {"decisions": {}, "requests": table, "reviews": {}}
    assert reported(body("甲", tables=same), body("乙", tables=same)) == [
        (3, "数字相同", ("甲", "乙"))
    ]
    assert reported(body("甲"), body("乙")) == []


def test_a_figure_out_of_line_with_last_year_and_with_its_kind_is_surer() -> None:
    usual = [body(str(i), figures={"主动公开": 200 + 17 * i}) for i in range(8)]
    odd = body("甲", figures={"主动公开": 90_000})
    assert (1, "与同类悬殊", ("甲",)) in reported(*usual, odd)
    changed = replace(odd, last={"主动公开": 300})
    assert reported(*usual, changed) == [(2, "与上年悬殊", ("甲",)), (2, "与同类悬殊", ("甲",))]
    assert reported(*usual[:3], odd) == [], "of four bureaus nobody can say what is usual"


@pytest.mark.slow
def test_the_command_writes_the_page_and_prints_what_is_on_it(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    narrative = root / "data" / "shili-qinghe-zhen" / "2024" / "narrative.md"
    source = (root / "data" / "shili-zrzyj" / "2024" / "narrative.md").read_text("utf-8")
    copied = source.split("## problems.improvements")[1].split("## other")[0]
    kept = narrative.read_text("utf-8").split("## problems.improvements")
    narrative.write_text(f"{kept[0]}## problems.improvements{copied}", "utf-8")
    done = CliRunner().invoke(app, ["compare", "--year", "2024", "--root", str(root)])
    assert done.exit_code == 0, done.output
    assert "〔多半有误〕" in done.output
    page = (root / "output" / "2024" / "review.html").read_text("utf-8")
    assert "多半有误（1处）" in page
    assert "统一地块编号" in page
    as_json = CliRunner().invoke(app, ["compare", "--year", "2024", "--json", "--root", str(root)])
    (surest, *_) = json.loads(as_json.stdout)["suspicions"]
    assert (surest["certainty"], surest["kind"]) == (3, "共用句子")
