"""A1–A2: the stock of documents."""

from __future__ import annotations

from tests.statistics.factory import decisions, found, ledger, make_inputs

from nianbao.inputs.bundle import Inputs


def documents(*numbers: str, previous: Inputs | None = None, year: int = 2024) -> Inputs:
    typed = decisions(行政规范性文件=numbers)
    return make_inputs(year=year, requests=ledger(), decisions_=typed, previous=previous)


def test_a1_standing_covers_made() -> None:
    (finding,) = found(documents("5", "0", "3"), "A1")
    assert (finding.severity, finding.left, finding.right) == ("warning", "3", "5")
    assert "“行政规范性文件”现行有效3件，少于本年制发5件" in finding.message
    assert found(documents("5", "0", "5"), "A1") == []


def test_a2_repealed_existed() -> None:
    before = documents("0", "0", "4", year=2023)
    (finding,) = found(documents("1", "6", "0", previous=before), "A2")
    assert (finding.severity, finding.left, finding.right) == ("warning", "6", "5")
    assert found(documents("1", "5", "0", previous=before), "A2") == []
    assert found(documents("1", "6", "0"), "A2") == []  # last year's stock is not known


def test_unknown_numbers_are_not_judged() -> None:
    before = documents("0", "0", "4", year=2023)
    for blank in (0, 1, 2):
        numbers: list[str] = ["9", "9", "1"]
        numbers[blank] = ""
        reported = {
            f.id for rule in ("A1", "A2") for f in found(documents(*numbers, previous=before), rule)
        }
        assert reported <= ({"A1"} if blank == 1 else {"A2"} if blank == 2 else set())
