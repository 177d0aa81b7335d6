"""Notices of higher offices: what a report must hold beside the statutory format, as data.

A notice is one YAML file: limits of length, points that the text has to make, earlier days, what
to see to beside the text. How to write one: docs/notices.zh-CN.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yaml import YAMLError

from nianbao.errors import InputError, Place, Problem, raise_problems
from nianbao.libyaml import parse_yaml, read_shipped

_FOLDER = resources.files(__package__)
_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


_CONFIG = ConfigDict(frozen=True, extra="forbid", defer_build=True)
"""Built when first used: few projects have a notice, and building takes as long as ten profiles."""


class Limit(BaseModel):
    """The most characters that a section, its sub-sections included, should have."""

    model_config = _CONFIG

    section: str
    most: int = Field(gt=0)


class RequiredPoint(BaseModel):
    """Something that a section has to say.

    Parameters
    ----------
    asks
        What is asked for, in the words of the checklist.
    section
        The section that should say it; its sub-sections count.
    signs
        Words of which one must stand in a sentence that says it.
    counted
        Whether that sentence needs a number, or says that there was none.
    kinds
        Kinds of agencies that are asked; all when empty.
    offer
        A sentence for a section that lacks it, with placeholders.
    """

    model_config = _CONFIG

    asks: str
    section: str
    signs: tuple[str, ...] = Field(min_length=1)
    counted: bool = True
    kinds: tuple[str, ...] = ()
    offer: str = ""


class Notice(BaseModel):
    """What a higher office asks of the reports of its area.

    Parameters
    ----------
    title, number, issuer, source
        The document, and where it was published.
    limits, points
        What is checked in the text.
    submit, publish
        The days (``01-26``) by which a report is handed in and published.
    reminders
        What to see to that no text shows.
    """

    model_config = _CONFIG

    title: str
    number: str = ""
    issuer: str
    source: str = ""
    submit: str | None = Field(None, pattern=_DAY)
    publish: str | None = Field(None, pattern=_DAY)
    limits: tuple[Limit, ...] = ()
    points: tuple[RequiredPoint, ...] = ()
    reminders: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the document number, or the issuer and title where it has none."""
        return self.number or f"{self.issuer}《{self.title}》"


def parse_notice(text: str, file: str) -> Notice:
    """Read the text of a notice file.

    Raises
    ------
    InputError
        It is no YAML, or keys are missing, unknown or of the wrong kind: all of them at once.

    Examples
    --------
    >>> text = "title: 通知\\nissuer: 示例县人民政府办公室\\npublish: 01-25\\n"
    >>> parse_notice(text, "x.yaml").publish
    '01-25'
    """
    try:
        data = parse_yaml(text)
    except (YAMLError, ValueError, RecursionError) as error:  # ValueError: a day that there is not
        mark = getattr(error, "problem_mark", None)
        place = Place(file, line=mark.line + 1 if mark else None)
        remedy = "写法见 docs/notices.zh-CN.md"
        raise InputError(Problem("不是可读的 YAML 文件", place, remedy=remedy)) from None
    return _notice(data, file)


def _notice(data: object, file: str) -> Notice:
    place = Place(file)
    if not isinstance(data, Mapping):
        raise InputError(Problem("通知文件是空的", place, remedy="写法见 docs/notices.zh-CN.md"))
    try:
        return Notice.model_validate(dict(data))
    except ValidationError as error:
        problems = [
            Problem(
                f"通知文件的“{'.'.join(map(str, fault['loc']))}”不对",
                place,
                remedy="写法见 docs/notices.zh-CN.md",
            )
            for fault in error.errors()
        ]
        raise_problems(InputError, problems)
        raise AssertionError("a fault without a problem") from None


@cache
def shipped_notices() -> Mapping[str, Notice]:
    """Return the notices that come with the package, by name."""
    files = sorted((f for f in _FOLDER.iterdir() if f.name.endswith(".yaml")), key=str)
    return {
        file.name.removesuffix(".yaml"): _notice(read_shipped(file), file.name) for file in files
    }


__all__ = ["Limit", "Notice", "RequiredPoint", "parse_notice", "shipped_notices"]
