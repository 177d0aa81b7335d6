"""Many reports at once: none holds another's content, one's trouble stays its own."""

from __future__ import annotations

import io
import json
import shutil
import signal
import subprocess
import zipfile
from functools import partial
from pathlib import Path

import nbformat
import pypdfium2
import pytest
from benchmarks.bureaus import YEAR, Bureau, write_project
from tests.batch.batch_tools import Heard, add_cell, leavings, published, run_cli
from tests.projects import WORKED, copy_project

from nianbao.batch.run import BatchOptions, choose_reports, run_batch
from nianbao.batch.worker import Limits
from nianbao.batch.worker_pool import open_pool
from nianbao.errors import UsageError
from nianbao.finished.options import BuildOptions
from nianbao.processes import own_python
from nianbao.publishing.build import build_report

HTML = BuildOptions(("html",))
MARKED = 5


def heard(root: Path, options: BatchOptions) -> Heard:
    """The outcomes of a batch of all reports."""
    listener = Heard()
    run_batch(root, choose_reports(root, YEAR, []), options, listener)
    return listener


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Bureau], Heard]:
    """Bureaus with a marker each, made with far more workers than processors."""
    root = tmp_path_factory.mktemp("county")
    bureaus = write_project(root, MARKED)
    return root, bureaus, heard(root, BatchOptions(jobs=MARKED))


def text_of(path: Path) -> str:
    """Everything that a file of a report says, hidden parts included."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            return "".join(page.get_textpage().get_text_range() for page in pdf)
    data = path.read_bytes()
    if path.suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(data)) as word:
            data = b"".join(word.read(name) for name in word.namelist())
    return data.decode("utf-8", "replace")


@pytest.mark.slow
def test_every_file_holds_its_own_marker_and_no_other(
    county: tuple[Path, list[Bureau], Heard],
) -> None:
    root, bureaus, listener = county
    assert {o.status for o in listener.outcomes.values()} == {"built"}
    assert len(listener.outcomes) == len({b.marker for b in bureaus}) == MARKED
    for bureau in bureaus:
        folder = root / "output" / bureau.code / str(YEAR)
        texts = {p.name: text_of(p) for p in folder.rglob("*") if p.is_file()}
        own = {name for name, text in texts.items() if bureau.marker in text}
        assert own >= {"report.html", "report.pdf", "report.docx", "report.json", "report.ipynb"}
        whole = "".join(texts.values())
        assert [b.code for b in bureaus if b is not bureau and b.marker in whole] == []


@pytest.mark.slow
def test_no_worker_takes_more_than_450_megabytes(
    county: tuple[Path, list[Bureau], Heard],
) -> None:
    sizes = [outcome.memory_mb for outcome in county[2].outcomes.values()]
    assert 0 < max(sizes) <= 450, "page, PDF and Word together; page and PDF alone: 300"


@pytest.mark.slow
def test_a_batch_makes_the_bytes_of_a_build_however_its_processes_start(
    county: tuple[Path, list[Bureau], Heard], tmp_path: Path
) -> None:
    """The county's are copies of a server; here a process is started for a report."""
    root, (bureau, *_), _ = county
    copied = {k: v for k, v in published(root).items() if k.startswith(f"{bureau.code}/")}
    alone, new = (tmp_path / name for name in ("alone", "new"))
    for other in (alone, new):
        shutil.copytree(root, other, symlinks=True, ignore=shutil.ignore_patterns("output"))
    build_report(alone, bureau.code, YEAR)
    spawn = partial(open_pool, method="spawn")
    run_batch(new, [(bureau.code, YEAR)], BatchOptions(), Heard(), spawn)
    assert copied == published(alone) == published(new) != {}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Bureau, ...]]:
    """A project of three bureaus whose pages were made by a batch."""
    root = tmp_path_factory.mktemp("ready")
    bureaus = write_project(root, 3)
    first = run_cli(root, "--to", "html", "-j", "3")
    assert first.returncode == 0, first.stderr
    return root, tuple(bureaus)


@pytest.fixture
def made(ready: tuple[Path, tuple[Bureau, ...]], tmp_path: Path) -> tuple[Bureau, ...]:
    """The bureaus of a copy in this test's folder."""
    shutil.copytree(ready[0], tmp_path, symlinks=True, dirs_exist_ok=True)
    return ready[1]


@pytest.mark.slow
def test_ones_trouble_stays_its_own(tmp_path: Path, made: tuple[Bureau, ...]) -> None:
    good, bad, broken = made
    before = published(tmp_path)
    reviews = tmp_path / f"data/{bad.code}/{YEAR}/reviews.csv"
    reviews.write_text("类型,结果,件数\n行政复议,结果维持,若干\n", encoding="utf-8")
    (tmp_path / f"data/{good.code}/{YEAR}/figures.csv").write_text(
        "名称,数值,单位,说明\n培训次数,99,次,\n信息处理费,0,元,\n", encoding="utf-8"
    )
    (tmp_path / f"params/{broken.code}/{YEAR}.yaml").write_text("agency: [", encoding="utf-8")
    second = run_cli(tmp_path, "--to", "html", "--explain")
    assert second.returncode == 1
    assert second.stdout == f"{tmp_path / 'output' / str(YEAR) / 'index.html'}\n"
    assert f"{good.code} {YEAR} 已生成" in second.stderr
    assert f"数据：data/{good.code}/{YEAR}/figures.csv（有变动）" in second.stderr
    assert f"{bad.code} {YEAR} 未成功" in second.stderr
    assert f"错误：data/{bad.code}/{YEAR}/reviews.csv" in second.stderr
    assert "共3份：已生成1份，未成功2份" in second.stderr
    after = published(tmp_path)
    kept = {k: v for k, v in before.items() if good.code not in k and "failed" not in k}
    assert {k: v for k, v in after.items() if k in kept} == kept
    assert "99次" in text_of(tmp_path / f"output/{good.code}/{YEAR}/report.html")
    assert leavings(tmp_path) == []


@pytest.mark.slow
def test_a_second_run_makes_nothing_and_says_why(tmp_path: Path, made: tuple[Bureau, ...]) -> None:
    before = published(tmp_path)
    times = {p: p.stat().st_mtime_ns for p in (tmp_path / "output").glob(f"*/{YEAR}/*")}
    again = run_cli(tmp_path, "--to", "html", "--explain", "--json")
    assert again.returncode == 0
    assert again.stderr.count("跳过：与上次相比没有变化") == len(made)
    report = json.loads(again.stdout)
    assert [r["status"] for r in report["reports"]] == ["skipped"] * len(made)
    assert published(tmp_path) == before
    assert {p: p.stat().st_mtime_ns for p in times} == times
    forced = run_cli(tmp_path, "--to", "html", "--force")
    assert "已生成3份" in forced.stderr
    assert published(tmp_path) == before


@pytest.mark.usefixtures("ready_servers")
@pytest.mark.slow
def test_anothers_new_wording_is_looked_at_but_nothing_is_made_again(
    tmp_path: Path, made: tuple[Bureau, ...]
) -> None:
    first, second, third = made
    narrative = tmp_path / f"data/{first.code}/{YEAR}/narrative.md"
    text = narrative.read_text(encoding="utf-8")
    narrative.write_text(text.replace("全年组织", "本年组织"), encoding="utf-8")
    outcomes = heard(tmp_path, BatchOptions(HTML)).outcomes
    assert outcomes[first.code].status == "built"
    for other in (second, third):
        assert outcomes[other.code].status == "skipped"
        assert outcomes[other.code].why == "其他单位的文字有变动，核对结果不变"
    again = heard(tmp_path, BatchOptions(HTML)).outcomes
    assert {o.why for o in again.values()} == {"与上次相比没有变化"}


ENDS = {
    "import ctypes; ctypes.CDLL(None)._exit(0)": "中途退出（退出码0）",
    "import os; os._exit(0)": "os._exit(0)",
    "import os; os.kill(os.getpid(), 9)": "SIGKILL，常见原因是内存不足",
    "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)": "计算用时超过每份报告90秒的限度",
    "import ctypes; ctypes.string_at(0)": "SIGSEGV，所用程序库崩溃",
    "import time; time.sleep(60)": "超过3秒",
    # The cell's own alarm cannot reach it: it is ended from outside.
    "import signal, time; signal.pthread_sigmask(0, [signal.SIGALRM]); time.sleep(60)": (
        "超过每份报告20秒的时限"
    ),
    "x = bytearray(3 << 30)": "内存不足，或超过了每份报告的限额",
}


@pytest.mark.usefixtures("ready_servers")
@pytest.mark.slow
def test_a_cell_that_ends_or_fills_its_process_is_reported_in_one_line(tmp_path: Path) -> None:
    good, *bad = write_project(tmp_path, 1 + len(ENDS))
    wrong = dict(zip((b.code for b in bad), ENDS, strict=True))
    add_cell(tmp_path, f"exec({wrong!r}.get(agency, 'pass'))")
    limits = Limits(cell_seconds=3, report_seconds=20, memory_mb=1024, cpu_seconds=90)
    outcomes = heard(tmp_path, BatchOptions(HTML, limits)).outcomes
    assert outcomes[good.code].status == "built"
    for code, cell in wrong.items():
        assert outcomes[code].status == "failed"
        (line,) = outcomes[code].problems
        assert ENDS[cell] in line
        assert "\n" not in line
    assert leavings(tmp_path) == []


@pytest.mark.usefixtures("ready_servers")
@pytest.mark.slow
def test_what_was_pulled_is_told_though_the_report_fails_afterwards(tmp_path: Path) -> None:
    """However it ends: by an error, with its process, or with the server of all processes."""
    ends = (
        "raise ValueError(1)",
        "import os; os.kill(os.getpid(), 9)",
        "import os, pathlib\n"
        f"killed = pathlib.Path({str(tmp_path / 'killed')!r})\n"
        "if not killed.exists(): killed.touch(); os.kill(os.getppid(), 9)\n"
        "raise ValueError(1)",
    )
    wrong = dict(zip((b.code for b in write_project(tmp_path, len(ends))), ends, strict=True))
    heard(tmp_path, BatchOptions(HTML))
    for code in wrong:
        path = tmp_path / "output" / code / str(YEAR) / "report.ipynb"
        notebook = nbformat.read(path, as_version=4)
        cell = next(c for c in notebook.cells if "narrative" in c.metadata.get("tags", ()))
        cell.source += "\n\n这一句是局长加的。"
        nbformat.write(notebook, path)
    add_cell(tmp_path, f"exec({wrong!r}[agency])")
    for code, outcome in heard(tmp_path, BatchOptions(HTML)).outcomes.items():
        assert outcome.status == "failed"
        assert len(outcome.problems) == 1
        assert any("已并入 report.ipynb 中的修改" in line for line in outcome.notes)
        narrative = tmp_path / "data" / code / str(YEAR) / "narrative.md"
        assert "这一句是局长加的。" in narrative.read_text("utf-8")
    assert (tmp_path / "killed").exists()


@pytest.mark.usefixtures("ready_servers")
def test_fail_fast_starts_no_other(tmp_path: Path) -> None:
    first, *_ = write_project(tmp_path, 3)
    (tmp_path / f"data/{first.code}/{YEAR}/reviews.csv").write_text("x\n", encoding="utf-8")
    outcomes = heard(tmp_path, BatchOptions(HTML, jobs=1, fail_fast=True)).outcomes
    assert [o.status for o in outcomes.values()] == ["failed"]


@pytest.mark.usefixtures("ready_servers")
@pytest.mark.slow
def test_nothing_of_a_report_survives_its_process(tmp_path: Path) -> None:
    write_project(tmp_path, 3)
    add_cell(
        tmp_path,
        "import os, random, sys, tempfile\n"
        "assert not hasattr(sys, 'seen') and 'SEEN' not in os.environ\n"
        "assert random.random() == 0.8444218515250481\n"
        "assert not any(n.startswith('seen') for n in os.listdir(tempfile.gettempdir()))\n"
        "assert os.environ['MPLCONFIGDIR'].startswith(tempfile.gettempdir())\n"
        "tempfile.mkdtemp(prefix='seen')\n"
        "sys.seen = os.environ['SEEN'] = agency",
    )
    outcomes = heard(tmp_path, BatchOptions(HTML, jobs=1)).outcomes
    assert [o.problems for o in outcomes.values()] == [(), (), ()]


def test_reports_are_chosen_by_year_and_pattern(repository: Path) -> None:
    assert choose_reports(repository, 2024, ["shili-z*", "yiyuan-sfj"]) == [
        ("shili-zrzyj", 2024), ("yiyuan-sfj", 2024),
    ]  # fmt: skip
    assert ("yiyuan-sfj", 2024) in choose_reports(repository, None, [])


@pytest.mark.parametrize(
    ("year", "patterns", "words"),
    [(2031, [], "已有的年度：2023、2024"), (2024, ["yiyuan-sfi"], "最接近的是“yiyuan-sfj”")],
)
def test_what_is_not_there_is_reported(
    tmp_path: Path, year: int, patterns: list[str], words: str
) -> None:
    root = copy_project(tmp_path, WORKED[0])
    with pytest.raises(UsageError, match=words):
        choose_reports(root, year, patterns)


def test_no_report_at_all_is_reported(tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "data").mkdir()
    done = run_cli(tmp_path)
    assert done.returncode == 2
    assert "还没有报告" in done.stderr
    assert not (tmp_path / "output").exists()


def test_a_process_may_compute_so_long_whatever_the_clock_says() -> None:
    lines = "from nianbao.batch.worker import _limit, Limits", "_limit(Limits(cpu_seconds=1))"
    endless = "\n".join((*lines, "while True: pass"))
    ended = subprocess.run(own_python("-c", endless), check=False)
    assert ended.returncode == -signal.SIGXCPU
