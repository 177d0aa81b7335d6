"""The command ``nianbao``: commands are parsed here, done elsewhere.

stdout is results, stderr is progress and errors; the exit code says what kind of error.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from pathlib import Path

import typer
from typer import rich_utils

from nianbao import __version__
from nianbao.cli import build, inspect
from nianbao.errors import NianbaoError

EXAMPLES = """政府信息公开工作年度报告：从台账和正文，一条命令生成网页、PDF 和 Word。

\b
常用命令：
  nianbao check yiyuan-sfj 2024     先核对：勾稽关系、漏填、与上年是否衔接
  nianbao build yiyuan-sfj 2024     生成报告，放在 output/yiyuan-sfj/2024/
  nianbao build yiyuan-sfj 2024 --draft --to html
                                    数据不全时先出草稿
  nianbao facts yiyuan-sfj 2024     正文里可以引用的数据
  nianbao doctor                    检查字体、内核和各软件包
"""

app = typer.Typer(
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
    """Options of the command itself."""


build.add_to(app)
inspect.add_to(app)


def _speak_chinese() -> None:
    """Typer's own words in the help, in the language of those who read it."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"


def _write_log(error: BaseException) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", prefix="nianbao-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        traceback.print_exception(error, file=log)
    return Path(log.name)


def main() -> None:
    """Run a command; every error becomes plain lines and an exit code."""
    _speak_chinese()
    try:
        app()
    except NianbaoError as error:
        for problem in error.problems:
            print(f"错误：{problem}", file=sys.stderr)
        if len(error.problems) > 1:
            print(f"共{len(error.problems)}处，没有写出任何文件。", file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception as error:  # the last net: a clerk never sees a traceback
        log = _write_log(error)
        print(f"程序出错：{type(error).__name__}。请把日志文件发给维护人员：{log}", file=sys.stderr)
        sys.exit(1)
