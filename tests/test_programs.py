"""What becomes of tests whose program is not there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests import programs
from tests.conftest import none_left_out

NAMED = re.compile(r"which\([^)]*(chrom|soffice|libreoffice|java)|[\"']soffice[\"'],")


def skipped(ask: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ask for a program on a machine that has none."""
    monkeypatch.setattr(programs, "_find", lambda *names: None)
    with pytest.raises(pytest.skip.Exception) as reported:
        getattr(programs, ask)()
    return str(reported.value)


def test_one_line_says_what_is_lacking_and_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    reasons = [skipped(ask, monkeypatch) for ask in ("chromium", "chromium", "office", "java")]
    line = programs.left_out([*reasons, "another reason"])
    assert line is not None
    assert line.startswith("4 项测试没有做")
    wanted = "chromium-headless-shell default-jre-headless libatomic1 libreoffice-calc-nogui"
    assert f"apt-get install {wanted}" in line
    assert "\n" not in line
    assert programs.left_out(["another reason"]) is None


def test_what_only_root_may_do_is_left_out_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.skip.Exception) as reported:
        programs.need_root()
    line = programs.left_out([str(reported.value), skipped("java", monkeypatch)])
    assert line is not None
    assert "default-jre-headless" in line
    assert "1 项测试没有做：要断开网络、挂载磁盘或换成别的用户，须由 root 运行 make test" in line
    assert "\n" not in line


def test_what_npm_brings_is_asked_for_like_a_program() -> None:
    with pytest.raises(pytest.skip.Exception, match="npm"):
        programs.node_tool("no-such-tool/a.js")


def test_where_all_tests_are_asked_for_a_skip_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    for asked, outcome in (("", "skipped"), ("1", "failed")):
        monkeypatch.setenv("NIANBAO_ALL_TESTS", asked)
        report = pytest.TestReport("a", ("a", 1, "a"), {}, "skipped", ("a", 1, "why"), "setup")
        assert none_left_out(report).outcome == outcome
        assert "why" in str(report.longrepr)


def test_every_test_asks_for_its_program_in_one_place(repository: Path) -> None:
    files = set((repository / "tests").rglob("*.py")) - {Path(programs.__file__), Path(__file__)}
    asking = [str(f) for f in files if NAMED.search(f.read_text("utf-8"))]
    assert asking == []
    assert [str(f) for f in files if "sync_playwright" in f.read_text("utf-8")] == []
