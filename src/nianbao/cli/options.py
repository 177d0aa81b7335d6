"""Arguments, options and help that the commands share, in the same Chinese words everywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

_HELP = {
    "Usage:": "用法：",
    "Options:": "选项：",
    "Arguments:": "参数：",
    "Commands:": "命令：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "Show this message and exit.": "显示这份说明",
    "[required]": "（必填）",
    "[default: ": "[不写则为：",
}


_TYPE = re.compile(r" <(?:list\[)?(?:str|int|path|file)\]?>")
_LEAST = re.compile(r"\[x>=(\d+)\]")
_RANGE = re.compile(r"\[(\d+)<=x<=(\d+)\]")
_BRACED = re.compile(r"\{(\w+)\}")


def _translate(text: str) -> str:
    for english, chinese in _HELP.items():
        text = text.replace(english, chinese)
    first, *rest = text.split("\n")
    # What a program calls a type says nothing to a clerk; the help beside it says what to write.
    lines = [_BRACED.sub(r"\1", first), *(_TYPE.sub("", line).rstrip() for line in rest)]
    return _RANGE.sub(r"（\1至\2）", _LEAST.sub(r"（不小于\1）", "\n".join(lines)))


class Command(TyperCommand):
    """A command whose help is all in Chinese."""

    def get_help(self, ctx: Any) -> str:
        return _translate(super().get_help(ctx))


class Group(TyperGroup):
    """The command with its sub-commands."""

    def get_help(self, ctx: Any) -> str:
        return _translate(super().get_help(ctx))


def explain_usage(error: typer.TyperException) -> str:
    """Return what was wrong with the command line, in Chinese, with the nearest right word.

    Typer names only the base class of its errors in public; the kinds are known by their
    attributes.
    """
    parameter = getattr(error, "param", None)
    name = (parameter.metavar or parameter.name) if parameter else ""
    context = getattr(error, "ctx", None)
    match type(error).__name__:
        case "NoSuchOption":
            close = "、".join(getattr(error, "possibilities", None) or ())
            hint = f"，是不是 {close}？" if close else ""
            if not close and context is not None and isinstance(context.command, TyperGroup):
                hint = "；选项要写在命令的后面，如 nianbao check yiyuan-sfj 2024 --root 文件夹"
            return f"没有选项 {getattr(error, 'option_name', '')}{hint}"
        case "MissingParameter":
            return f"缺少参数：{name}"
        case "BadParameter":
            right = "应为四位数字" if name == "年度" else "能写什么见该命令的 --help"
            return f"参数“{name}”写得不对，{right}"
        case "BadOptionUsage":
            return _option_usage(error)
        case "UsageError" if context is not None and isinstance(context.command, TyperGroup):
            return _unknown_command(error.message, list(context.command.commands))
        case _:
            return f"命令写法不对，多了或少了参数（{error.message}）"


EXAMPLE_VALUES = {"--explain": "B1", "--year": "2024", "--with": "2023", "--trace": "新收×自然人"}


def _option_usage(error: typer.TyperException) -> str:
    """Return a value that is missing, or one too many."""
    option = getattr(error, "option_name", "")
    if "requires" not in error.message:
        return f"选项 {option} 后面不写值"
    example = f"，如 {option} {EXAMPLE_VALUES[option]}" if option in EXAMPLE_VALUES else ""
    return f"选项 {option} 后面缺少值{example}"


def _unknown_command(message: str, names: list[str]) -> str:
    from nianbao.files.words import alike

    given = message.split("'")[1] if "'" in message else ""
    close = alike(given, names)
    hint = f"，是不是 {'、'.join(close)}？" if close else "。"
    return f"没有命令 {given}{hint}全部命令：{'、'.join(names)}"


AgencyArgument = Annotated[
    str, typer.Argument(metavar="机关代码", help="params/ 下的文件夹名，如 yiyuan-sfj")
]
YearArgument = Annotated[int, typer.Argument(metavar="年度", help="报告年度，如 2024")]
RootOption = Annotated[
    Path | None,
    typer.Option(
        "--root",
        metavar="文件夹",
        help="项目文件夹（含 params/、data/）；不写则从当前文件夹向上找",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="结果写成一个 JSON 文档，供其他程序读取", show_default=False)
]
ToOption = Annotated[
    str,
    typer.Option("--to", metavar="格式", help="要哪些文件，用逗号分开；poster 是一图读懂（长图）"),
]
DraftOption = Annotated[
    bool,
    typer.Option("--draft", help="有错误也生成，每页标明“草稿”，供核对", show_default=False),
]
KernelOption = Annotated[
    bool, typer.Option("--kernel", help="用普通 Jupyter 内核运行笔记本", show_default=False)
]
FragmentOption = Annotated[
    str,
    typer.Option(
        "--fragment",
        metavar="[cms]",
        help="另存一份不含页头的网页，供粘贴到网站后台；写 cms 则不用样式表，图另存为图片，供上传",
        show_default=False,
    ),
]


def project_root(given: Path | None) -> Path:
    """Return the project folder of a command."""
    from nianbao.notebook.master import find_root

    return find_root(given) if given else find_root()
