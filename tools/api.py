"""docs/api.md: the public names, from their docstrings (numpydoc)."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterable, Iterator

import nianbao

_HEAD = """# API

Made from the docstrings by `make docs`; its examples are run by the tests, in the project folder.

```python
import nianbao

report = nianbao.open_report("shili-scjgj", 2024)
```

What stands here does not change without a line in the changelog. Everything else in the package
is its own business.
"""
_UNDERLINE = re.compile(r"^(?P<title>[A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)
_CALLS = ("open_report", "check", "build_report")
_COUNTS = ("count_requests", "sum_decisions", "sum_reviews")
_VALUES = ("Table", "Finding")


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield (title, body) of a docstring; the first has no title."""
    parts = _UNDERLINE.split(text)
    yield "", parts[0].strip()
    yield from ((t, b.strip("\n")) for t, b in zip(parts[1::2], parts[2::2], strict=True))


def _code(text: str) -> str:
    """Double backticks as Markdown has them, references as names."""
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def _listed(body: str) -> Iterator[str]:
    """Yield the entries of a section of parameters, returns or errors as a list."""
    name, words = "", []
    for line in [*body.splitlines(), "end"]:
        if line.startswith(" "):
            words.append(line.strip())
        elif line.strip():
            if name:
                yield f"- `{name}`: {_code(' '.join(words))}" if words else f"- `{name}`"
            name, words = line.strip(), []


def _described(thing: object) -> Iterator[str]:
    for title, body in _sections(inspect.getdoc(thing) or ""):
        if title == "Examples":
            yield "```python"
            yield inspect.cleandoc(body).replace("  # doctest: +SKIP", "")
            yield "```\n"
        elif title:
            yield f"{title}\n"
            yield from _listed(body)
            yield ""
        else:
            yield f"{_code(body)}\n"


def _parameter(parameter: inspect.Parameter) -> str:
    plain = (
        f"{parameter.replace(annotation=inspect.Parameter.empty, default=inspect.Parameter.empty)}"
    )
    given = "" if parameter.default is inspect.Parameter.empty else f" = {parameter.default!r}"
    return f"{plain}: {parameter.annotation}{given}"


def _signature(name: str, call: Callable[..., object]) -> str:
    """The signature as it is called, one parameter a line where it is long."""
    found = inspect.signature(call)
    asked = [p for p in found.parameters.values() if p.name != "self"]
    kept = [_parameter(p) for p in asked]
    named = [p.kind is inspect.Parameter.KEYWORD_ONLY for p in asked]
    if any(named):
        kept.insert(named.index(True), "*")
    gives = f" -> {found.return_annotation}"
    short = f"{name}({', '.join(kept)}){gives}"
    if len(short) <= 88:
        return short
    inner = "".join(f"    {each},\n" for each in kept)
    return f"{name}(\n{inner}){gives}"


def _methods() -> Iterator[tuple[str, Callable[..., object]]]:
    for name, member in vars(nianbao.Report).items():
        if name.startswith("_") or isinstance(member, classmethod):
            continue
        if inspect.isfunction(member):
            yield name, member


def _functions(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        call = getattr(nianbao, name)
        yield f"## nianbao.{name}\n"
        yield f"```python\n{_signature(name, call)}\n```\n"
        yield from _described(call)


def api_markdown() -> str:
    """The page."""
    lines = [_HEAD, *_functions(_CALLS)]
    lines += ["## nianbao.Report\n", *_described(nianbao.Report)]
    for name, method in _methods():
        shown = _signature(f"report.{name}", method)
        lines += [f"### report.{name}\n", f"```python\n{shown}\n```\n", *_described(method)]
    lines += _functions(_COUNTS)
    for name in _VALUES:
        kind = getattr(nianbao, name)
        assert dataclasses.is_dataclass(kind)
        lines += [f"## nianbao.{name}\n", *_described(kind)]
    lines += ["## Errors\n", "All are kinds of `nianbao.NianbaoError`; see `problems` of each.\n"]
    for name in nianbao.__all__:
        kind = getattr(nianbao, name)
        if inspect.isclass(kind) and issubclass(kind, Exception):
            first = (inspect.getdoc(kind) or "").splitlines()[0]
            lines.append(f"- **{name}** (exit code {kind.exit_code}): {first}")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
