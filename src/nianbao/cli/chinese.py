"""Click and typer speak English; the people who use this command read Chinese."""

from __future__ import annotations

import re
from typing import Any

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
            return f"没有选项 {getattr(error, 'option_name', '')}{hint}"
        case "MissingParameter":
            return f"缺少参数：{name}"
        case "BadParameter":
            return f"参数“{name}”写得不对，请核对类型（年度为四位数字）"
        case "BadOptionUsage":
            return _option_usage(error)
        case "UsageError" if context is not None and isinstance(context.command, TyperGroup):
            return _unknown_command(error.message, list(context.command.commands))
        case _:
            return f"命令写法不对，多了或少了参数（{error.message}）"


EXAMPLES = {"--explain": "B1", "--year": "2024", "--with": "2023", "--trace": "新收×自然人"}


def _option_usage(error: typer.TyperException) -> str:
    """Return a value that is missing, or one too many."""
    option = getattr(error, "option_name", "")
    if "requires" not in error.message:
        return f"选项 {option} 后面不写值"
    example = f"，如 {option} {EXAMPLES[option]}" if option in EXAMPLES else ""
    return f"选项 {option} 后面缺少值{example}"


def _unknown_command(message: str, names: list[str]) -> str:
    from nianbao.files.words import alike

    given = message.split("'")[1] if "'" in message else ""
    close = alike(given, names)
    hint = f"，是不是 {'、'.join(close)}？" if close else "。"
    return f"没有命令 {given}{hint}全部命令：{'、'.join(names)}"
