"""Click and typer speak English; the people who use this command read Chinese."""

from __future__ import annotations

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
    "<list[str]>": "<str>",
    "[default: ": "[不写则为：",
}


def _translate(text: str) -> str:
    for english, chinese in _HELP.items():
        text = text.replace(english, chinese)
    return text


class Command(TyperCommand):
    """A command whose help is all in Chinese."""

    def get_help(self, ctx: Any) -> str:
        return _translate(super().get_help(ctx))


class Group(TyperGroup):
    """The command with its sub-commands."""

    def get_help(self, ctx: Any) -> str:
        return _translate(super().get_help(ctx))


def explain_usage(error: typer.TyperException) -> str:
    """What was wrong with the command line, in Chinese, with the nearest right word.

    Typer names only the base class of its errors in public; the kinds are told by their
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
            return f"选项 {getattr(error, 'option_name', '')} 缺少值，或不需要值"
        case "UsageError" if context is not None and isinstance(context.command, TyperGroup):
            return _unknown_command(error.message, list(context.command.commands))
        case _:
            return f"命令写法不对，多了或少了参数（{error.message}）"


def _unknown_command(message: str, names: list[str]) -> str:
    from nianbao.inputs.words import alike

    given = message.split("'")[1] if "'" in message else ""
    close = alike(given, names)
    hint = f"，是不是 {'、'.join(close)}？" if close else "。"
    return f"没有命令 {given}{hint}全部命令：{'、'.join(names)}"
