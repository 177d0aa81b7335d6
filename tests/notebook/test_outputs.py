"""The outputs of a cell as a kernel's client keeps them."""

from __future__ import annotations

import pytest

from nianbao.notebook.outputs import Outputs, Stream


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
