"""The Makefile and the scripts behind it, without building anything."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def makefile(repository: Path) -> str:
    return (repository / "Makefile").read_text("utf-8")


def make(repository: Path, *arguments: str) -> str:
    # MAKEFLAGS of a make that runs these tests must not reach the one they run.
    command = ["env", "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "make", "--no-print-directory"]
    done = subprocess.run(
        [*command, *arguments], cwd=repository, check=True, capture_output=True, text=True
    )
    return done.stdout


def environment_with(
    path: Path, repository: Path, target: Path
) -> subprocess.CompletedProcess[str]:
    """Run tools/environment.sh on a machine that has only what lies in ``path``."""
    return subprocess.run(
        [shutil.which("sh") or "sh", "tools/environment.sh", str(target)],
        cwd=repository,
        env={"PATH": str(path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
    )


def test_make_alone_explains_every_target(repository: Path, makefile: str) -> None:
    [phony] = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    explained = dict(re.findall(r"^  make (\w+) +(.+)$", make(repository), re.MULTILINE))
    assert explained.keys() == set(phony.split())
    assert all(re.search(r"[\u4e00-\u9fff]", words) for words in explained.values())


def test_report_builds_the_agency_and_year_asked_for(repository: Path) -> None:
    commands = make(repository, "-n", "report", "AGENCY=shili-sfj", "YEAR=2023").splitlines()
    assert commands[-1] == ".venv/bin/nianbao build shili-sfj 2023"


@pytest.mark.parametrize("target", ["check", "test"])
def test_the_tests_are_given_the_fonts(repository: Path, target: str) -> None:
    commands = make(repository, "-n", target).splitlines()
    fonts = commands.index("sh tools/fonts.sh fonts")
    assert commands[fonts + 1].startswith(".venv/bin/pytest ")


def test_ci_looks_at_format_lint_and_types_before_the_tests(repository: Path) -> None:
    lint = make(repository, "-n", "lint").splitlines()[-3:]
    assert lint == [".venv/bin/ruff format --check .", ".venv/bin/ruff check .", ".venv/bin/mypy"]
    assert make(repository, "-n", "check").splitlines()[-5:-2] == lint
    script = (repository / ".ci" / "run").read_text("utf-8").splitlines()
    assert script[-2:] == ["make lint", "make test"]
    assert any("export" in line and "NIANBAO_ALL_TESTS=1" in line for line in script)


def test_a_machine_without_programs_and_without_rights_is_no_failure(
    repository: Path, tmp_path: Path
) -> None:
    """Without apt-get, without npm: the script does nothing and says so by its exit code."""
    done = subprocess.run(
        [shutil.which("sh") or "sh", "tools/programs.sh"],
        cwd=repository,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_tools_of_npm_are_got_once(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").touch()
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "touch"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    npm = tmp_path / "bin/npm"
    npm.write_text("#!/bin/sh\necho x >>calls; [ -d node_modules ]\n")
    npm.chmod(0o755)
    calls = []
    for made in (False, True, True):
        if made:
            (tmp_path / "node_modules").mkdir(exist_ok=True)
        done = subprocess.run(
            [str(tmp_path / "bin/sh"), str(repository / "tools/programs.sh")],
            cwd=tmp_path, env={"PATH": str(tmp_path / "bin")}, capture_output=True, text=True,
        )  # fmt: skip
        assert ("没有取得" in done.stderr) == (not made)
        calls.append((tmp_path / "calls").read_text().count("x"))
    assert calls == [1, 2, 2]


def test_root_is_given_the_programs_and_reported_their_names_first(
    repository: Path, tmp_path: Path
) -> None:
    for tool in ("sh", "tr", "grep", "mktemp", "rm", "tail"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)
    for name, lines in {
        "id": "echo 0",
        "dpkg-query": "exit 1",
        "apt-get": 'echo "$@" >>"$CALLS"; exit "$UNREACHABLE"',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{lines}\n")
        (tmp_path / name).chmod(0o755)
    calls = tmp_path / "calls"
    for unreachable in ("0", "1"):
        calls.write_text("")
        done = subprocess.run(
            [str(tmp_path / "sh"), "tools/programs.sh"],
            cwd=repository,
            env={"PATH": str(tmp_path), "CALLS": str(calls), "UNREACHABLE": unreachable},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0
        wanted = "chromium-headless-shell libatomic1 libreoffice-writer-nogui "
        wanted += "libreoffice-calc-nogui default-jre-headless npm"
        assert f"apt-get install {wanted}" in done.stderr
        assert ("没有装成" in done.stderr) == (unreachable == "1")
        assert calls.read_text().startswith("update -qq\n")
        assert ("install -y" in calls.read_text()) == (unreachable == "0")


def test_nothing_is_done_to_the_reports_by_clean(repository: Path) -> None:
    assert "output" not in make(repository, "-n", "clean")


def test_without_python_the_message_says_what_to_install(repository: Path, tmp_path: Path) -> None:
    done = environment_with(tmp_path, repository, tmp_path / "venv")
    assert done.returncode == 1
    assert "3.11" in done.stderr
    assert "python3-venv" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_an_older_python_is_not_taken(repository: Path, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what sys.exit(version_info < (3, 11)) comes to
    old.chmod(0o755)
    done = environment_with(tmp_path, repository, tmp_path / "venv")
    assert done.returncode == 1
    assert not (tmp_path / "venv").exists()


FAKE_PYTHON = """#!/bin/sh
case "$*" in
  --version) echo "Python 3.12.0" ;;
  *"-m venv"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
  *"pip check"*) echo "pip 的原话"; exit "${UNSOUND:-0}" ;;
esac
"""


def test_the_first_run_says_what_it_is_doing(repository: Path, tmp_path: Path) -> None:
    for tool in ("sed", "grep", "mkdir", "cp", "cat"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)
    (tmp_path / "python3").write_text(FAKE_PYTHON)
    (tmp_path / "python3").chmod(0o755)
    first = environment_with(tmp_path, repository, tmp_path / "venv")
    assert first.returncode == 0, first.stderr
    lines = first.stderr.splitlines()
    pins = len(re.findall(r"^\S+==", (repository / "requirements.lock").read_text("utf-8"), re.M))
    assert [line[:8] for line in lines[1:5]] == [f"第{n}步，共4步：" for n in range(1, 5)]
    assert f"{pins} 个软件包" in lines[3]
    assert lines[5:] == ["运行环境已备好。"]
    again = environment_with(tmp_path, repository, tmp_path / "venv")
    assert "虚拟环境已经有了" in again.stderr
    fake = tmp_path / "venv/bin/python"
    fake.write_text(FAKE_PYTHON.replace("${UNSOUND:-0}", "1"))
    unsound = environment_with(tmp_path, repository, tmp_path / "venv")
    assert unsound.returncode == 1
    assert "pip 的原话" in unsound.stderr
    assert "依赖安装失败" in unsound.stderr


def test_without_debian_the_report_keeps_its_other_fonts(repository: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [shutil.which("sh") or "sh", "tools/fonts.sh", str(tmp_path / "fonts")],
        cwd=repository,
        env={"PATH": str(tmp_path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert "不影响生成年报" in done.stderr
    assert not (tmp_path / "fonts").exists()
