"""The session in which a report is open: what it shows, draws and runs beside the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.projects import WORKED, copy_project

from nianbao.notebook.blocks import BLOCK_MIME, SVG_MIME
from nianbao.notebook.display import NOTE_MIME
from nianbao.notebook.in_process_kernel import InProcessKernel
from nianbao.notebook.master import ROOT_VARIABLE
from nianbao.notebook.session import last_statement

OPEN = 'from nianbao import open_report\nreport = open_report("yiyuan-sfj", 2024)'
FRAME = 'report.frame("figures")[["名称", "数值"]]'
DRAWN = """import matplotlib.pyplot as plt
plt.style.use("nianbao.report")
figure, axes = plt.subplots()
axes.bar(["首次登记", "遗失声明"], [3, 5])
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_project(tmp_path_factory.mktemp("session"), WORKED[0])
    (root / "theme").mkdir()
    (root / "theme/charts.mplstyle").write_text("axes.prop_cycle: cycler(color=['0b6e4f'])\n")
    return root


@pytest.fixture
def kernel(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InProcessKernel]:
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    made = InProcessKernel()
    run(made, OPEN)
    yield made
    made.close()


def run(kernel: InProcessKernel, source: str) -> list[dict[str, Any]]:
    outputs, _, failed = kernel.run(source)
    assert not failed, outputs
    return outputs


def blocks(outputs: list[dict[str, Any]]) -> list[str]:
    return [o["data"][BLOCK_MIME]["title"] for o in outputs if BLOCK_MIME in o.get("data", {})]


@pytest.mark.parametrize("after", ["", "\nx = 1", "\nx", "\nNone"])
def test_what_is_shown_appears_once_on_whichever_line(kernel: InProcessKernel, after: str) -> None:
    outputs = run(kernel, f'x = report.show({FRAME}, title="甲"){after}')
    assert blocks(outputs) == ["甲"]
    assert len(outputs) == 1


def test_two_in_one_cell_stand_in_their_order(kernel: InProcessKernel) -> None:
    two = f'report.show({FRAME}, title="甲")\nreport.show({FRAME}, title="乙")'
    assert blocks(run(kernel, two)) == ["甲", "乙"]


def test_a_figure_of_pyplot_is_shown_once_in_the_projects_look(kernel: InProcessKernel) -> None:
    outputs = run(kernel, f'{DRAWN}report.show(figure, title="图", alt="遗失声明较多。")')
    (shown,) = outputs
    svg = shown["data"][SVG_MIME]
    assert "首次登记" in svg
    assert 'class="now"' in svg
    assert "#0b6e4f" in svg


def test_the_house_style_alone_draws_chinese_letters(kernel: InProcessKernel) -> None:
    """A letter without a glyph is a warning of matplotlib, below the cell."""
    outputs = run(kernel, f"{DRAWN}axes.set_title('政府信息公开')\nplt.show()")
    drawn, note = outputs
    assert "image/png" in drawn["data"]
    assert NOTE_MIME in note["data"]


def test_a_command_runs_for_the_open_report(kernel: InProcessKernel) -> None:
    for line in ("%nianbao facts", "%nianbao facts --json", "%nianbao facts yiyuan-sfj 2024"):
        (shown,) = run(kernel, line)
        assert NOTE_MIME in shown["data"]
        assert "主动公开" in shown["data"]["text/plain"]


def test_a_cell_is_named_by_its_last_statement() -> None:
    named = {
        "t = 1\nreport.show(\n    t,\n    title='表',\n)\n": "report.show( t, title='表', )",
        'report.table("requests", table_3)  # 交出': 'report.table("requests", table_3)',
        "x = 1\n%nianbao pull\n": "%nianbao pull",
        "# 待写\n": "# 待写",
        "x = '\\d'\nx": "x",
        "x = '\ud800'\nprint(x": "print(x",
        "(" * 300: "(" * 60 + "……",
        "": "",
    }
    assert {source: last_statement(source) for source in named} == named
