"""Whole paragraphs as offices write them: the right ones stand, and a fault in one is found.

A paragraph by itself lacks what the whole report must tell, so the rules on that are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.prose.review.cases import PAIR, make_case, reported

from nianbao.libyaml import parse_yaml

OFFICES = parse_yaml(
    (Path(__file__).resolve().parents[2] / "data" / "paragraphs.yaml").read_text("utf-8")
)
OF_THE_WHOLE = {"N13", "S4"}


def _said(office: dict[str, Any], section: str, text: str) -> set[str]:
    given = {**office, "section": section, "text": text, "expect": []}
    found = make_case("paragraphs", given).findings()
    return {reported(f) for f in found if f.severity != "info" and f.id not in OF_THE_WHOLE}


def _each(office: dict[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    return ((s, each) for s, texts in office.get(key, {}).items() for each in texts)


@pytest.mark.parametrize("name", OFFICES)
def test_right_paragraphs_stand(name: str) -> None:
    office = OFFICES[name]
    texts = [*_each(office, "right")]
    texts += [(section, PAIR.sub(r"\1", text)) for section, (_, text) in _each(office, "pairs")]
    assert {text: said for s, text in texts if (said := _said(office, s, text))} == {}


@pytest.mark.parametrize("name", [name for name in OFFICES if "pairs" in OFFICES[name]])
def test_a_fault_is_found(name: str) -> None:
    office = OFFICES[name]
    missed = [
        text
        for section, (rule, text) in _each(office, "pairs")
        if rule not in {said.split()[0] for said in _said(office, section, PAIR.sub(r"\2", text))}
    ]
    assert missed == []
