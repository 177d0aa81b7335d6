"""A file that kills, fills or stalls its reader costs itself and nothing else."""

from __future__ import annotations

import importlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.files.hostile_files import (
    CASES,
    hostile_workbook,
    large_spreadsheet,
    large_word,
    pdf_bomb,
    workbook,
)

from nianbao.errors import InputError, Problem, attempt
from nianbao.files import reading_process
from nianbao.files.excel import read_workbook, sheet_names
from nianbao.files.reading_process import end_reading, read_apart, reading_here
from nianbao.files.sources import Source
from nianbao.inputs.published.report import read_pages

FILE = "data/shili/2024/a.xlsx"
GOOD = workbook("figures")


@read_apart
def behave(source: Source, how: str) -> object:
    """A reader that does what it is reported."""
    match how:
        case "abort":
            os.abort()
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "leave":
            os._exit(3)
        case "think":
            while True:
                pass
        case "sleep":
            time.sleep(600)
        case "grow":
            return len(b"a" * 3_000_000_000)
        case "much":
            return bytes(400_000_000)
        case "deep":
            return behave.__wrapped__(source, how)  # type: ignore[attr-defined]
        case "fail":
            raise KeyError("x")
        case "refuse":
            raise InputError("第一处", "第二处")
        case "who":
            return os.getpid()
        case "files":
            return tuple(Path("/proc/self/fd").iterdir())
    return source.data


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    end_reading()
    yield
    end_reading()


def refusal(read: Callable[[Source], object], source: Source) -> str:
    """The one sentence that refuses a file; nothing where it is read."""
    problems: list[Problem] = []
    attempt(problems, read, source)
    assert len(problems) <= 1
    assert all(str(problem).startswith(source.file) for problem in problems)
    return "".join(map(str, problems))


def said(how: str) -> str:
    with pytest.raises(InputError) as caught:
        behave(Source(FILE, b""), how)
    assert len(caught.value.problems) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("how", "what"),
    [("abort", "SIGABRT"), ("crash", "SIGSEGV"), ("leave", "退出码3"), ("think", "0秒内没有读完"),
     ("sleep", "1秒内没有读完"), ("grow", "内存不够"), ("much", "内存不够"), ("deep", "层次太多"),
     ("fail", "内容不合规范（KeyError）")],
)  # fmt: skip
def test_whatever_happens_is_one_sentence_on_the_file_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch, how: str, what: str
) -> None:
    with monkeypatch.context() as little:
        little.setattr(reading_process, "SECONDS", 0 if how == "think" else 1)
        behave(Source(FILE, b"first"), "read")  # the process is there, and knows of it
        if how == "sleep":
            little.setattr(reading_process, "PATIENCE", 2)
        sentence = said(how)
    assert sentence.startswith(f"{FILE}：读不了这个文件：")
    assert what in sentence
    assert "另存" in sentence
    assert behave(Source(FILE, b"next"), "read") == b"next"


def test_problems_that_the_reader_names_come_as_they_are() -> None:
    with pytest.raises(InputError) as caught:
        behave(Source(FILE, b""), "refuse")
    assert [str(problem) for problem in caught.value.problems] == ["第一处", "第二处"]


def test_one_process_reads_many_files_and_has_nothing_of_its_parents() -> None:
    with Path(os.devnull).open("rb"):
        who = {behave(Source(FILE, b""), "who") for _ in range(3)}
        kept = behave(Source(FILE, b""), "files")
    assert len(who) == 1
    assert os.getpid() not in who
    assert isinstance(kept, tuple)
    assert len(kept) <= 5  # three that lead nowhere, the connection, the list itself


def test_where_there_are_threads_a_new_python_reads() -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        assert read_workbook(Source(FILE, GOOD))[0].rows[1] == ["培训次数", "3"]
        with pytest.raises(InputError, match="SIGABRT"):
            read_workbook(Source(FILE, hostile_workbook("uniqueCount behind a comment")))
    finally:
        over.set()
        thread.join()


def test_a_copy_of_this_process_has_a_reading_process_of_its_own() -> None:
    first = behave(Source(FILE, b""), "who")
    child = os.fork()
    if not child:
        os._exit(0 if behave(Source(FILE, b""), "who") != first else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert behave(Source(FILE, b""), "who") == first


def test_what_is_asked_for_no_more_is_not_taken_for_the_next_answer() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    behave(Source(FILE, b""), "read")  # the process is there
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            behave(Source(FILE, b""), "sleep")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert behave(Source(FILE, b"next"), "read") == b"next"


def test_hostile_workbooks_are_read_or_refused_with_their_name() -> None:
    refused = set()
    for case in CASES:
        source = Source(FILE, hostile_workbook(case))
        if refusal(sheet_names, source) or refusal(read_workbook, source):
            refused.add(case)
        assert read_workbook(Source(FILE, GOOD))[0].rows[1] == ["培训次数", "3"]
    assert set(CASES) - refused <= {
        "dimension of the whole sheet", "merged over everything", "unpacks without end",
    }  # fmt: skip


def test_a_pdf_that_unpacks_without_end_is_refused_at_once() -> None:
    for layers in (1, 2):
        with pytest.raises(InputError, match=r"^a\.pdf：PDF展开后太大"):
            read_pages(Source("a.pdf", pdf_bomb(60, layers)))


@pytest.mark.slow
def test_with_little_memory_every_reader_reads_or_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What 100 megabytes are not enough for is tried with 400."""
    page = b"<html><body><table>" + b"<tr><td>1" * 100_000
    wanted = [
        (Source("a.xlsx", hostile_workbook("unpacks without end")), read_workbook),
        (Source("a.xlsx", hostile_workbook("uniqueCount")), read_workbook),
        (Source("a.pdf", pdf_bomb(20)), read_pages),
        (Source("a.html", page), read_pages),
        (Source("a.docx", large_word()), read_pages),
        (Source("a.ods", large_spreadsheet()), read_workbook),
    ]
    for memory in (100, 400):
        end_reading()
        monkeypatch.setattr(reading_process, "MEMORY_MB", memory)
        said = [(refusal(read, source), source, read) for source, read in wanted]
        assert ("内存不够" in said[0][0]) == (memory == 100)
        assert read_workbook(Source(FILE, GOOD))[0].rows[1] == ["培训次数", "3"]
        wanted = [(source, read) for sentence, source, read in said if sentence]


def test_here_means_in_this_process() -> None:
    with reading_here():
        assert behave(Source(FILE, b""), "who") == os.getpid()


def test_an_error_comes_back_where_exceptions_are_packed_with_their_causes() -> None:
    """Dask has tblib pack the cause of an exception too, and one of lxml cannot be packed."""
    importlib.import_module("distributed")
    with pytest.raises(InputError, match="没有内容"):
        read_pages(Source("a.html", b"<!-- -->"))
