"""docs/parameters.md: every parameter with title, meaning, form and default, from the schema."""

from __future__ import annotations

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from nianbao.inputs.params import Agency, ReportParams

_HEAD = """# 参数一览

本页由 `make docs` 从参数定义生成，请不要手改。

参数文件是 YAML，每行一个“键: 值”，冒号后空一格。键只能用下面列出的，不能重复；
不能用 YAML 的引用（`&`、`*`）和标签（`!`）。代码、邮编、电话都按文字读取，照写照出，
前导的 0 不会丢。日期可以写成 2025-01-20、2025/1/20、2025年1月20日；机关类别也可以写中文，
如“政府部门”“乡镇政府”；true、false 也可以写“是”“否”。
"""


def parameters_markdown() -> str:
    """Return the page on parameters: every key with title, meaning, form and default.

    Returns
    -------
    str
        Markdown; docs/parameters.md is this text and a test compares the two.
    """
    parts = [
        _HEAD,
        _section("机关信息 `params/<机关代码>/agency.yaml`", Agency),
        _section("报告参数 `params/<机关代码>/<年度>.yaml`（也是笔记本的参数）", ReportParams),
    ]
    return "\n".join(parts)


def _section(title: str, model: type[BaseModel]) -> str:
    head = ["| 键 | 名称 | 含义 | 写法 | 缺省 |", "| --- | --- | --- | --- | --- |"]
    rows = [_row(key, field) for key, field in model.model_fields.items()]
    return "\n".join([f"## {title}", "", *head, *rows, ""])


def _row(key: str, field: FieldInfo) -> str:
    extra = field.json_schema_extra
    unit = extra["unit"] if isinstance(extra, dict) else ""
    return f"| `{key}` | {field.title} | {field.description} | {unit} | {_default(key, field)} |"


def _default(key: str, field: FieldInfo) -> str:
    if key == "code":
        return "文件夹名"
    if field.is_required():
        return "必填"
    return "false" if field.default is False else "可不写"
