"""One kernel runs one notebook and leaves nothing behind."""

from __future__ import annotations

import builtins
import gc
import getpass
import os
import signal
import sys
import weakref
from collections.abc import Iterator

import matplotlib as mpl
import pytest

from nianbao.notebook.in_process_kernel import InProcessKernel, Outputs, Stream


@pytest.fixture
def kernel() -> Iterator[InProcessKernel]:
    made = InProcessKernel()
    yield made
    made.close()


def state() -> dict[str, object]:
    """All that a kernel changes in its process."""
    return {
        "main": sys.modules["__main__"],
        "streams": (sys.stdout, sys.stderr, sys.stdin),
        "hooks": (sys.excepthook, sys.displayhook),
        "functions": (builtins.input, getpass.getpass, os._exit),
        "backend": mpl.get_backend(auto_select=False),
        "variable": os.environ.get("MPLBACKEND"),
        "alarm": signal.getsignal(signal.SIGALRM),
        "folder": os.getcwd(),  # noqa: PTH109  # as text: what a cell may have changed
    }


def test_a_shell_leaves_its_process_as_it_was() -> None:
    before = state()
    made = InProcessKernel()
    made.run("x = 1\nprint(x)", 5)
    made.run("1 / 0", 5)
    made.close()
    assert state() == before


def test_nothing_of_a_notebook_survives_its_shell() -> None:
    made = InProcessKernel()
    made.run("class Secret: pass\nkept = Secret()")
    secret = weakref.ref(made._shell.user_ns["kept"])
    inner = weakref.ref(made._shell)
    made.close()
    del made
    gc.collect()
    assert secret() is None
    assert inner() is None
    fresh = InProcessKernel()
    outputs, count, failed = fresh.run("kept")
    fresh.close()
    assert (outputs[0]["ename"], count, failed) == ("NameError", 1, True)


def test_nothing_is_written_to_the_home_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("IPYTHONDIR", str(home / "ipython"))
    made = InProcessKernel()
    made.run("1")
    made.close()
    assert list(home.rglob("*")) == []


def test_what_other_programs_print_is_the_cells_and_not_the_commands(
    kernel: InProcessKernel, capfd: pytest.CaptureFixture[str]
) -> None:
    outputs, _, _ = kernel.run("import os\nx = os.system('echo 甲; echo 乙 >&2')\nprint('丙')")
    assert capfd.readouterr() == ("", "")
    assert sorted((o["name"], o["text"]) for o in outputs) == [
        ("stderr", "乙\n"), ("stdout", "丙\n"), ("stdout", "甲\n"),
    ]  # fmt: skip
    assert outputs[-1]["text"] == "丙\n"  # it came last, and stays there


def test_a_later_cell_updates_what_an_earlier_one_displayed(kernel: InProcessKernel) -> None:
    first, _, _ = kernel.run("h = display('甲', display_id=True)")
    kernel.run("h.update('乙')")
    assert first[0]["data"]["text/plain"] == "'乙'"


def test_a_second_shell_of_a_process_shows_figures_too() -> None:
    draw = "import matplotlib.pyplot as plt\nplt.figure(figsize=(1, 1))\nplt.plot([1, 2]);"
    for _ in range(2):
        made = InProcessKernel()
        outputs, _, failed = made.run(draw)
        made.close()
        assert not failed
        assert [set(o["data"]) for o in outputs] == [{"image/png", "text/plain"}]


def texts(outputs: Outputs) -> list[str]:
    return [o.get("text") or o["data"]["text/plain"] for o in outputs.cell]


def test_writing_goes_on_where_it_stopped_until_something_else_is_shown() -> None:
    outputs = Outputs()
    for name, text in (("stdout", "a"), ("stdout", ""), ("stdout", "b"), ("stderr", "c")):
        outputs.write(name, text)
    outputs.display({"text/plain": "d"}, None, None)
    outputs.write("stderr", "e")
    assert texts(outputs) == ["ab", "c", "d", "e"]


def test_what_was_written_below_comes_before_what_is_shown_next() -> None:
    outputs = Outputs()
    waiting = ["from C\n"]
    outputs.below.append(lambda: outputs.write_below("stdout", waiting.pop() if waiting else ""))
    outputs.display({"text/plain": "then"}, None, None)
    assert texts(outputs) == ["from C\n", "then"]


def test_an_update_changes_every_display_of_its_id() -> None:
    outputs = Outputs()
    outputs.start_cell(1)
    outputs.display({"text/plain": "1"}, None, "a")
    earlier = outputs.cell
    outputs.start_cell(2)
    outputs.display({"text/plain": "other"}, None, "b")
    outputs.update({"text/plain": "2"}, {"x": (1, 2)}, "a")
    outputs.update({"text/plain": "3"}, None, "unknown")
    assert earlier[0]["data"] == {"text/plain": "2"}
    assert earlier[0]["metadata"] == {"x": [1, 2]}
    assert texts(outputs) == ["other"]


def test_clearing_at_once_and_clearing_when_something_comes() -> None:
    outputs = Outputs()
    outputs.write("stdout", "a")
    outputs.clear(wait=True)
    assert texts(outputs) == ["a"]
    outputs.write("stdout", "b")
    assert texts(outputs) == ["b"]
    outputs.clear(wait=False)
    assert texts(outputs) == []


def test_a_new_cell_is_not_cleared_by_the_last() -> None:
    outputs = Outputs()
    outputs.clear(wait=True)
    outputs.start_cell(2)
    outputs.write("stdout", "a")
    outputs.write("stderr", "b")
    assert texts(outputs) == ["a", "b"]


def test_results_and_errors_carry_what_a_client_needs() -> None:
    outputs = Outputs()
    outputs.start_cell(7)
    outputs.result({"text/plain": "1"}, None)
    outputs.error("ValueError", "wrong", ["line", "ValueError: wrong"])
    result, error = outputs.cell
    assert (result["output_type"], result["execution_count"]) == ("execute_result", 7)
    assert (error["ename"], error["evalue"], len(error["traceback"])) == ("ValueError", "wrong", 2)


def test_a_stream_is_what_programs_expect_of_one() -> None:
    outputs = Outputs()
    stream = Stream("stdout", outputs, 1)
    assert print("中文", file=stream) is None
    assert texts(outputs) == ["中文\n"]
    assert (stream.name, stream.encoding, stream.fileno()) == ("<stdout>", "UTF-8", 1)
    assert (stream.writable(), stream.isatty()) == (True, False)
    with pytest.raises(TypeError, match="must be str"):
        stream.write(b"bytes")  # type: ignore[arg-type]  # the error is the point
