"""The audit of locked versions: what it says of a list of advisories, and when it is content."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from types import ModuleType

import pytest
from tests.projects import REPOSITORY

ADVISORIES = {
    "$meta": {"timestamp": 1625119202},
    "Some_Package": [
        {"id": "pyup.io-1", "cve": "CVE-2020-0001", "specs": ["<1.2", ">=2,<2.1"]},
        {"id": "pyup.io-2", "cve": None, "specs": ["<0.5"]},
    ],
}


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", REPOSITORY / "tools" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_pin_of_the_lock_is_read(audit: ModuleType) -> None:
    lock = (REPOSITORY / "requirements.lock").read_text("utf-8")
    pins = audit.pins(lock)
    assert len(pins) == sum("==" in line and line[0].isalnum() for line in lock.splitlines())
    assert {"jinja2", "nbconvert", "pillow", "lxml"} <= {name for name, _ in pins}


@pytest.mark.parametrize(
    ("version", "reported"),
    [
        ("1.1", ["some-package 1.1: CVE-2020-0001 (<1.2 or >=2,<2.1)"]),
        ("2.0.9", ["some-package 2.0.9: CVE-2020-0001 (<1.2 or >=2,<2.1)"]),
        ("0.4", [
            "some-package 0.4: CVE-2020-0001 (<1.2 or >=2,<2.1)",
            "some-package 0.4: pyup.io-2 (<0.5)",
        ]),
        ("1.2", []),
        ("2.1", []),
    ],
)  # fmt: skip
def test_a_version_in_a_range_is_reported(
    audit: ModuleType, version: str, reported: list[str]
) -> None:
    assert list(audit.listed(ADVISORIES, [("some-package", version), ("other", "1")])) == reported


@pytest.mark.parametrize(
    ("packages", "code"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], 0),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X", "fix_versions": ["2"]}]}], 1),
        ([{"name": "a", "version": "1", "skip_reason": "not found"}], 2),
        ([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "no"}], 2),
        (None, 2),
    ],
)
def test_only_what_was_looked_up_is_clean(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, packages: list[object] | None, code: int
) -> None:
    said = "" if packages is None else json.dumps({"dependencies": packages})
    done = subprocess.CompletedProcess([], 0, said, "no such service")
    monkeypatch.setattr(audit.subprocess, "run", lambda *given, **more: done)
    assert audit.main() == code
