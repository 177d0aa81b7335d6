"""The registry: every rule can be found, ordered and acknowledged."""

from __future__ import annotations

import importlib
import runpy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from tests.statistics.factory import decisions, findings, ledger, make_inputs

from nianbao.prose import review
from nianbao.statistics import checks
from nianbao.statistics.checks import (
    CHECKS,
    Statistics,
    can_be_acknowledged,
    finding_key,
    registry,
    sort_findings,
)
from nianbao.statistics.checks.registry import Check, check, checks_on
from nianbao.statistics.checks.structure import Headings
from nianbao.statistics.model import Finding

SEVERITIES = {
    "error": "S1 S2 S3 V1 V2 V3 V4 B1 B2 B3 B4 B6 C1 C2 C3 X0 X3 Y1 R1 R2 R3 R5 D5",
    "warning": "S14 S15 D2 D3 D7 V5 V6 V7 V8 V11 A1 A2 T1 T3 X1 X4 X5 Y1c Y2 Y3 Y4 Y5 Y6 R4",
    "info": "B7 D1 D4 D6 D8 D9 S10 S11 V9 V10 C4 T2 T4 X2 X6 Y0 Y12 R6",
}


FIGURES = (*checks_on(Statistics), *checks_on(Headings))


def test_severities_are_those_of_the_specification() -> None:
    by_severity: dict[str, set[str]] = {}
    for rule in FIGURES:
        by_severity.setdefault(rule.severity, set()).add(rule.id)
    assert by_severity == {key: set(ids.split()) for key, ids in SEVERITIES.items()}


def test_every_rule_says_in_a_few_sentences_what_it_is_for() -> None:
    for rule in FIGURES:
        assert 2 <= rule.explanation.count("。") <= 4, rule.id
        assert rule.explanation.endswith("。")
        assert "\n" not in rule.explanation


ABOUT = {"title": "示例", "source": "示例", "explanation": "这是一条示例。"}


def nothing(s: Statistics, rule: Check) -> Iterator[Finding]:
    return iter(())


@pytest.mark.parametrize("lacking", [*ABOUT])
def test_a_rule_without_title_source_or_explanation_fails_where_it_is_declared(
    lacking: str,
) -> None:
    with pytest.raises(ValueError, match="rule A9 needs a title, a source and an explanation"):
        check("A9", severity="info", **ABOUT | {lacking: ""})(nothing)
    assert "A9" not in CHECKS


def test_the_import_of_a_module_with_such_a_rule_fails(tmp_path: Path) -> None:
    code = (
        "from nianbao.statistics.checks.registry import check\n"
        "@check('A9', severity='info', title='示例', source='示例', explanation='')\n"
        "def rule(s, rule): return iter(())\n"
    )
    (tmp_path / "unexplained.py").write_text(code, "utf-8")
    with pytest.raises(ValueError, match="rule A9 needs"):
        runpy.run_path(str(tmp_path / "unexplained.py"))


@pytest.mark.parametrize("package", [checks, review])
def test_an_explanation_without_a_rule_fails_where_its_package_is_imported(
    package: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_DECLARED", set(CHECKS))
    check("A9", severity="info", **ABOUT)  # and no function below it
    with pytest.raises(ValueError, match="explanations without a rule: A9"):
        importlib.reload(package)


def test_an_id_is_given_once() -> None:
    with pytest.raises(ValueError, match="B1 is declared twice"):
        check("B1", severity="info", **ABOUT)(nothing)


def test_a_reason_is_taken_for_a_warning_and_for_an_error_that_says_so() -> None:
    taken = {id_: CHECKS[id_].may_be_acknowledged for id_ in ("D2", "D5", "B1", "D1")}
    assert taken == {"D2": True, "D5": True, "B1": False, "D1": False}


def test_a_rule_runs_on_what_its_function_reads() -> None:
    assert CHECKS["B1"].reads is Statistics
    assert [rule.id for rule in checks_on(Headings)] == ["S1", "S3"]


def test_findings_are_ordered_by_gravity_and_id() -> None:
    mixed = [
        Finding(id_, severity, "x")
        for id_, severity in [
            ("Y10", "error"),
            ("Y2", "error"),
            ("A1", "info"),
            ("A1", "warning"),
            ("C1", "error"),
            ("Y1c", "error"),
            ("Y1", "error"),
        ]
    ]
    ids = [f"{f.id} {f.severity}" for f in sort_findings(mixed)]
    assert ids == [
        "C1 error",
        "Y1 error",
        "Y1c error",
        "Y2 error",
        "Y10 error",
        "A1 warning",
        "A1 info",
    ]


def test_run_checks_returns_them_in_order() -> None:
    typed = decisions(规章=["2", "0", ""], 行政许可=["x"])
    found = findings(make_inputs(requests=ledger(), decisions_=typed))
    assert [f.id for f in found] == ["V1", "V3", "V8", "Y0"]
    assert found == sort_findings(found)


def test_a_key_outlives_the_wording_and_lapses_with_the_figures() -> None:
    finding = Finding(
        "Y2", "warning", "旧说法", "甲＝乙", "643", "470", ("表二“规章”×“现行有效件数”",)
    )
    key = finding_key(finding)
    assert key.startswith("Y2-")
    assert len(key) == 11
    assert finding_key(replace(finding, message="新说法", formula="", severity="error")) == key
    others = [
        replace(finding, id="Y3"),
        replace(finding, left="644"),
        replace(finding, right=None),
        replace(finding, cells=()),
    ]
    assert len({key, *map(finding_key, others)}) == 5


def test_keys_do_not_change_between_runs() -> None:
    assert finding_key(Finding("Y2", "warning", "", left="643", right="470")) == "Y2-59c8849a"


def test_a_reason_lifts_warnings_and_the_errors_that_the_specification_stars() -> None:
    assert {rule.id for rule in CHECKS.values() if rule.lifts} == {"Y1", "D5"}
    lifted = {
        (id_, severity)
        for id_ in ("B1", "Y1", "Y2", "L3")
        for severity in ("error", "warning", "info")
        if can_be_acknowledged(Finding(id_, severity, "x"))
    }
    assert lifted == {("Y1", "error"), *((id_, "warning") for id_ in ("B1", "Y1", "Y2", "L3"))}
