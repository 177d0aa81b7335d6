"""Commands in this process: what they say, where, and with what exit code."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.projects import copy_project

from nianbao.cli.main import main
from nianbao.desk.settings import PORT, Settings

Called = Callable[..., tuple[int, str, str]]
AGENCY = "shili-scjgj"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Called]:
    """Call a command; its exit code, and what it printed on both streams."""

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["nianbao", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    before = gc.get_threshold()
    yield call
    gc.set_threshold(*before)


def test_what_is_wrong_with_a_command_is_said_in_one_line(called: Called, tmp_path: Path) -> None:
    root = str(copy_project(tmp_path, AGENCY))
    for words, said in (
        (("compare", "--root", root), "请写明机关代码和年度，或用 --year 比较某一年的全部机关"),
        (("compare", "--year", "1999", "--root", root), "没有1999年的报告"),
        (("check", "--root", root), "请写明机关代码和年度，或用 --year 核对"),
        (("check", "--json=1", "--root", root), "选项 --json 后面不写值"),
        (("check", "--year"), "选项 --year 后面缺少值"),
    ):
        code, out, err = called(*words)
        assert (code, out) == (2, ""), words
        assert said in err.splitlines()[0], words


def test_a_check_marks_its_findings_in_a_copy(called: Called, tmp_path: Path) -> None:
    root = copy_project(tmp_path, AGENCY)
    _, _, err = called("check", AGENCY, "2024", "--mark", "--root", str(root))
    marked = Path(err.split("已标注：")[1].strip())
    assert (root / marked).is_file()
    assert marked.suffix == ".xlsx"


def test_a_project_is_begun_and_the_next_command_is_named(called: Called, tmp_path: Path) -> None:
    code, out, _ = called("init", str(tmp_path / "年报"))
    assert code == 0
    assert (tmp_path / "年报" / "notebooks" / "report.ipynb").is_file()
    assert out.splitlines()[-1].startswith("已建好。先读 README.md，再试：cd ")


def test_the_desk_is_opened_as_the_command_says(
    called: Called, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy_project(tmp_path, AGENCY)
    opened: list[tuple[Settings, bool]] = []
    monkeypatch.setattr(
        "nianbao.desk.app.run_desk", lambda settings, *, browser: opened.append((settings, browser))
    )
    assert called("desk", "--root", str(root))[0] == 0
    more = ("--no-browser", "--port", "9000", "--site", "https://desk.example/")
    assert called("desk", "--root", str(root), *more)[0] == 0
    assert opened == [
        (Settings(root.resolve(), port=PORT), True),
        (Settings(root.resolve(), port=9000, site="https://desk.example"), False),
    ]
