"""The command line as people type it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests import warm
from tests.projects import copy_project

from nianbao.cli.main import take_every_word

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("cli"))


def nianbao(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return warm.run(*words, cwd=cwd)


def installed(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the program that pip installed."""
    command = [str(BIN / "nianbao"), *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_help_is_chinese_and_shows_examples(tmp_path: Path) -> None:
    shown = installed("--help", cwd=tmp_path)
    assert shown.returncode == 0
    assert "nianbao build yiyuan-sfj 2024" in shown.stdout
    assert "Usage" not in shown.stdout
    assert "Options" not in shown.stdout
    build = nianbao("build", "--help", cwd=tmp_path).stdout
    assert "示例：" in build
    assert "[required]" not in build
    for command in ("import", "batch", "preview", "facts", "check", "rollup"):
        assert not re.search(
            r"<(str|int|path|list)|x[<>]=|\{", nianbao(command, "-h", cwd=tmp_path).stdout
        )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("buidl",), "是不是 build"),
        (("build",), "缺少参数：机关代码"),
        (("build", "a", "两千"), "年度"),
        (("build", "--formats", "a", "2024"), "没有选项 --formats"),
        (("--root", "x", "check"), "选项要写在命令的后面"),
        (("batch", "--year", "2024", "-j", "-1"), "参数“份数”写得不对，能写什么见该命令的 --help"),
        (("build", "yiyuan-sfj", "2024", "--to", "odt"), "odt"),
        (("build", "yiyuan-sfi", "2024"), "yiyuan-sfj"),
        (("check",), "--year"),
        (("check", "--explain", "Z9"), "Z9"),
        (("check", "--explain"), "选项 --explain 后面缺少值，如 --explain B1"),
        (("check", "--year", "2031"), "没有2031年的报告"),
        (("build", "yiyuan-sfj", "2024", "extra"), "多了或少了参数"),
    ],
)
def test_wrong_use_is_reported_in_one_line_with_exit_2(
    project: Path, words: tuple[str, ...], said: str
) -> None:
    result = nianbao(*words, cwd=project)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_outside_a_project_the_root_is_asked_for(tmp_path: Path, project: Path) -> None:
    result = installed("check", "yiyuan-sfj", "2024", cwd=tmp_path)
    assert result.returncode == 2
    assert "--root" in result.stderr
    root = str(project)
    assert nianbao("check", "yiyuan-sfj", "2024", "--root", root, cwd=tmp_path).returncode == 0


def test_check_prints_findings_and_blocks_on_errors(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "yiyuan-sfj")
    reviews = root / "data/yiyuan-sfj/2024/reviews.csv"
    text = reviews.read_text(encoding="utf-8-sig")
    reviews.write_text(text + "行政复议,总计,2\n", encoding="utf-8")
    result = nianbao("check", "yiyuan-sfj", "2024", cwd=root)
    assert result.returncode == 1
    assert "〔C1·错误〕" in result.stdout
    found = json.loads(nianbao("check", "yiyuan-sfj", "2024", "--json", cwd=root).stdout)
    (c1,) = [f for f in found["findings"] if f["id"] == "C1"]
    assert set(c1) == {"id", "severity", "message", "formula", "left", "right", "cells"}
    assert c1["severity"] == "error"
    assert not (root / "output").exists()


def test_check_tells_of_a_notice_that_cannot_be_read_and_checks_the_rest(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "yiyuan-sfj")
    card = root / "params/yiyuan-sfj/agency.yaml"
    card.write_text(card.read_text("utf-8") + "notice: own\n", "utf-8")
    (root / "notices").mkdir()
    (root / "notices/own.yaml").write_text("title: [\n", "utf-8")
    reviews = root / "data/yiyuan-sfj/2024/reviews.csv"
    reviews.write_text(reviews.read_text("utf-8-sig") + "行政复议,总计,2\n", "utf-8")
    result = nianbao("check", "yiyuan-sfj", "2024", cwd=root)
    assert result.returncode == 2
    assert "yiyuan-sfj 2024：有1处要先改正，另有“错误”各行写明；其余错误1项" in result.stdout
    assert "〔C1·错误〕" in result.stdout
    assert "错误：notices/own.yaml 第2行：不是可读的 YAML 文件" in result.stderr
    (root / "notices/own.yaml").write_text("title: 通知\nissuer: 示例县人民政府\n", "utf-8")
    text = root / "data/yiyuan-sfj/2024/narrative.md"
    text.write_text(text.read_text("utf-8").replace("{{ 年份 }}", "{{ 没有 }}", 1), "utf-8")
    result = nianbao("check", "yiyuan-sfj", "2024", cwd=root)  # nor does a text hide the tables
    assert "有1处要先改正" in result.stdout
    assert "〔C1·错误〕" in result.stdout
    assert "没有名为“没有”的数据" in result.stderr


def test_an_acknowledgement_of_nothing_is_reported(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "shili-zrzyj")
    file = root / "data/shili-zrzyj/2024/acknowledged.csv"
    file.write_text("标识,理由\nY2-00000000,机构调整\n", encoding="utf-8")
    result = nianbao("check", "shili-zrzyj", "2024", cwd=root)
    assert result.returncode == 0
    assert "“Y2-00000000”没有对应的提醒" in result.stdout


def test_check_of_a_whole_year(project: Path) -> None:
    result = nianbao("check", "--year", "2024", cwd=project)
    assert result.returncode == 0
    for agency in ("yiyuan-sfj", "shili-zrzyj", "shili-scjgj", "shili-qinghe-zhen"):
        assert f"{agency} 2024：" in result.stdout
    closing = result.stdout.splitlines()[-1]
    counted = [json.loads(nianbao("check", "--year", "2024", "--json", cwd=project).stdout)]
    severities = [f["severity"] for f in counted[0]["findings"]]
    numbers = [severities.count(s) for s in ("error", "warning", "info")]
    assert closing == "共4个机关：错误{}项，提醒{}项，提示{}项".format(*numbers)


def test_facts_lists_names_values_sources_and_sections(project: Path) -> None:
    shown = nianbao("facts", "yiyuan-sfj", "2024", cwd=project).stdout
    assert "主动公开.政府网站\t571\t" in shown
    assert "overview.requests\t（二）依申请公开" in shown
    assert "preface\t" in shown
    facts = json.loads(nianbao("facts", "yiyuan-sfj", "2024", "--json", cwd=project).stdout)
    assert facts["facts"]["主动公开"]["value"] == 2017
    assert "新收申请.亿" in facts["facts"], "the document is complete"
    assert "新收申请.亿" not in shown
    assert "按词查找：nianbao facts yiyuan-sfj 2024" in shown


def test_facts_lists_only_names_that_hold_the_words(project: Path) -> None:
    shown = nianbao("facts", "yiyuan-sfj", "2024", "新收", "同比", cwd=project).stdout
    lines = shown.splitlines()
    assert lines[0].startswith("  新收申请.同比\t")
    assert all("新收" in line.split("\t")[0] for line in lines)
    done = nianbao("facts", "yiyuan-sfj", "2024", "培训次", "次数", "--json", cwd=project)
    assert set(json.loads(done.stdout)["facts"]) >= {"培训次数", "培训次数.带单位"}
    none = nianbao("facts", "yiyuan-sfj", "2024", "培训会次数", cwd=project)
    assert none.returncode == 2
    assert "没有名称里有“培训会次数”的数据；相近的有" in none.stderr


def test_unreadable_input_names_every_place_and_writes_nothing(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "yiyuan-sfj")
    folder = root / "data/yiyuan-sfj/2024"
    (folder / "reviews.csv").write_text("类型,结果,件数\n行政复议,维持,若干\n", encoding="utf-8")
    (folder / "figures.csv").write_text("名称,数量\n", encoding="utf-8")
    result = nianbao("build", "yiyuan-sfj", "2024", cwd=root)
    assert result.returncode == 2
    assert "reviews.csv 第2行" in result.stderr
    assert "figures.csv" in result.stderr
    assert not (root / "output/yiyuan-sfj/2024").exists()


def test_doctor_looks_at_fonts_kernel_and_plugins(project: Path) -> None:
    result = nianbao("doctor", cwd=project)
    assert result.returncode == 0
    for word in ("仿宋", "Jupyter 内核", "nianbao_html", "typst"):
        assert word in result.stdout


def test_explain_a_rule(tmp_path: Path) -> None:
    shown = nianbao("check", "--explain", "b1", cwd=tmp_path)
    assert shown.returncode == 0
    assert "勾稽关系" in shown.stdout


def test_explain_a_sentence(tmp_path: Path) -> None:
    text = "全年公开信息30条，其中规章10条、动态19条。"
    shown = nianbao("check", "--explain-sentence", text, cwd=tmp_path)
    assert shown.returncode == 0
    assert "30条　其中（没有写明是否列全；各项合计29条，不符）" in shown.stdout


@pytest.mark.parametrize(
    ("rule", "reported"), [("Y4", True), ("Y1", True), ("B1", False), ("L12", False)]
)
def test_only_what_can_be_acknowledged_is_explained_so(
    tmp_path: Path, rule: str, reported: bool
) -> None:
    shown = nianbao("check", "--explain", rule, cwd=tmp_path).stdout
    assert ("标识和理由" in shown) is reported


def test_the_known_rules_are_listed_in_order(tmp_path: Path) -> None:
    said = nianbao("check", "--explain", "Z9", cwd=tmp_path).stderr
    assert said.index("L9、L10") < said.index("N1、N2")
    assert said.index("L12") < said.index("R1") < said.index("Y1c")


def test_an_error_of_the_program_itself_leaves_a_log_and_no_traceback(tmp_path: Path) -> None:
    script = (
        "import nianbao.cli.main as m\n"
        "class Panic(BaseException): 'What Rust raises.'\n"
        "def broken(*a, **k): raise Panic('x')\n"
        "m._called = lambda words: broken\nm.main()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    log = Path(result.stderr.rsplit("：", 1)[1].strip())
    assert "Panic" in log.read_text(encoding="utf-8")
    log.unlink()


def test_any_locale_prints_chinese_and_the_names_of_folders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A folder may be named in GBK on a machine of UTF-8, and a shell may know no Chinese."""
    name = "年报".encode("gbk")
    line = f"已生成䶮：{name.decode('ascii', 'surrogateescape')}"
    for encoding, told in (("utf-8", "utf-8"), ("ascii", "utf-8"), ("latin-1", "utf-8"),
                           ("gbk", "gbk"), ("gb18030", "gb18030")):  # fmt: skip
        printed = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding))
        take_every_word()
        print(line, flush=True)
        known = "已生成䶮：" if told != "gbk" else r"已生成\u4dae："
        assert printed.getvalue() == known.encode(told) + name + b"\n"


def test_one_unreadable_bureau_does_not_hide_the_others(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "yiyuan-sfj", "shili-zrzyj")
    ledger = root / "data/shili-zrzyj/2024/decisions.csv"
    ledger.write_text("项目,本年制发\n规章,甲\n", encoding="utf-8")
    result = nianbao("check", "--year", "2024", cwd=root)
    assert result.returncode == 2
    assert "yiyuan-sfj 2024：" in result.stdout
    assert "shili-zrzyj/2024/decisions.csv" in result.stderr
