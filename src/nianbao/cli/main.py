"""The command ``nianbao``: commands are parsed here, done elsewhere.

stdout is results, stderr is progress and errors; the exit code says what kind of error.

Apart because it is the entry point of the command.
"""

from __future__ import annotations

import atexit
import codecs
import copy
import gc
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import typer
from typer.models import CommandInfo

from nianbao import __version__
from nianbao.cli import batch, begin, check, desk, publishing, rollup
from nianbao.cli.options import Group, explain_usage
from nianbao.errors import NianbaoError, UsageError, group_problems, system_problem
from nianbao.processes import DRAWING_MB, READING_MB, current_folder_shut_out, memory_problem

EXAMPLES = """政府信息公开工作年度报告：从台账和正文，一条命令生成网页、PDF 和 Word。

\b
常用命令：
  nianbao check yiyuan-sfj 2024     先核对：勾稽关系、漏填、与上年是否衔接
  nianbao build yiyuan-sfj 2024     生成报告，放在 output/yiyuan-sfj/2024/
  nianbao build yiyuan-sfj 2024 --draft --to html
                                    数据不全时先出草稿
  nianbao batch --year 2024         生成全部机关的报告和一览表，没有变化的跳过
  nianbao facts yiyuan-sfj 2024     正文里可以引用的数据
  nianbao compare yiyuan-sfj 2024   审校单：与上年相比，数据和文字改了什么
  nianbao import 2022年报.pdf yiyuan-sfj 2022
                                    已公布的年报变成往年的数据文件
  nianbao init                      在空文件夹中建立项目：模板、样例、说明
  nianbao doctor                    检查字体、内核和各软件包
"""

DRAWING_COMMANDS = frozenset({"batch", "build", "desk", "preview", "rollup", "verify"})
"""Commands that make reports."""

app = typer.Typer(
    cls=Group,
    help=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nianbao {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="显示版本号"
    ),
) -> None:
    """Take the options of the command itself."""


begin.add_to(app)
check.add_to(app)
publishing.add_to(app)
batch.add_to(app)
rollup.add_to(app)
desk.add_to(app)


def _called(words: Sequence[str]) -> typer.Typer:
    """Return the command with the one sub-command that is called, if one is.

    Typer makes all it is given anew each time: fifteen for one, a fiftieth of a check.
    """
    every = app.registered_commands
    only = copy.copy(app)
    only.registered_commands = [c for c in every if _name_of(c) in words[:1]] or every
    return only


def _name_of(command: CommandInfo) -> str:
    assert command.callback is not None
    return command.name or command.callback.__name__


def _explain_fault(error: BaseException) -> str:
    """Return one line about what is not an error of ours: the machine's fault, or the program's."""
    problem = system_problem(error)
    if problem:
        return f"错误：{problem}"
    try:
        log = f"请把日志文件发给维护人员：{_write_log(error)}"
    except OSError:
        log = "日志文件也写不了，请检查磁盘空间和权限后再运行"
    return f"程序出错：{type(error).__name__}。{log}"


def _write_log(error: BaseException) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", prefix="nianbao-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        traceback.print_exception(error, file=log)
    return Path(log.name)


def run_and_end() -> None:
    """Run a command, and leave it to the system to clear up after it.

    Taking apart what was loaded, object by object, would take a thirtieth of a check.
    """
    code = 1  # as after a traceback

    def leave() -> None:
        with suppress(OSError):  # nobody listens: Python goes on, and says so
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
            os._exit(code)

    atexit.register(leave)  # before all that a command registers, and so run behind it
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else code
        raise


def _as_it_is(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write what an encoding lacks: a foreign file name by its bytes, a character by its number."""
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeError:
        return codecs.lookup_error("backslashreplace")(error)


def take_every_word() -> None:
    """Let the streams take Chinese and every file name, whatever the locale is.

    A locale without Chinese (``en_US.ISO-8859-1``) gets UTF-8. A folder unpacked from another
    machine's archive may have a name that is none in this locale.
    """
    codecs.register_error("as it is", _as_it_is)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="as it is")
            try:
                "年报".encode(stream.encoding)
            except UnicodeEncodeError:
                stream.reconfigure(encoding="utf-8", errors="as it is")


def main() -> None:
    """Run a command; every error becomes plain lines and an exit code."""
    with current_folder_shut_out():
        _run()


def _run() -> None:
    take_every_word()
    gc.set_threshold(500_000)  # a command makes much and lives shortly: collecting costs a tenth
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # none is looked for, or runs
    try:
        draws = bool(DRAWING_COMMANDS.intersection(sys.argv[1:2]))
        if problem := memory_problem(DRAWING_MB if draws else READING_MB):
            raise UsageError(problem)
        sys.exit(_called(sys.argv[1:])(standalone_mode=False) or 0)
    except NianbaoError as error:
        for line in group_problems(error.problems):
            print(f"错误：{line}", file=sys.stderr)
        if len(error.problems) > 1:
            print(f"共{len(error.problems)}处，请逐一改正。", file=sys.stderr)
        sys.exit(error.exit_code)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.message)
            sys.exit(UsageError.exit_code)
        print(f"错误：{explain_usage(error)}", file=sys.stderr)
        print("用法见 nianbao --help", file=sys.stderr)
        sys.exit(UsageError.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        print("已停止。", file=sys.stderr)
        sys.exit(130)
    except SystemExit:
        raise
    except BaseException as error:  # the last net, for Rust's panics too: never a traceback
        print(_explain_fault(error), file=sys.stderr)
        sys.exit(1)
    finally:
        gc.freeze()  # what is left ends with the process; Python would walk through it twice more
