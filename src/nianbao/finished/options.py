"""The options of a build; apart, because asking for it should not load what builds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypedDict, get_args

from nianbao.errors import UsageError

Fragment = Literal["", "page", "cms"]
FORMATS = ("html", "pdf", "docx", "poster")
USUAL = ("html", "pdf", "docx")
"""The formats of a report for which nothing is said."""


class OptionsJson(TypedDict):
    """The options as the manifest keeps them."""

    formats: list[str]
    draft: bool
    kernel: bool
    fragment: Fragment


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of a build."""

    formats: tuple[str, ...] = USUAL
    """Documents to make, of `FORMATS`."""
    draft: bool = False
    """Build in spite of errors and mark every page."""
    kernel: bool = False
    """Run the notebook in an ordinary kernel."""
    fragment: Fragment = ""
    """Make a fragment too, to paste into a content system. `page`: report.fragment.html, the page
    without its head; `cms`: report.cms.html with inline styles alone, and its charts as files in
    cms/.
    """

    def as_json(self) -> OptionsJson:
        """Return the options as the manifest keeps them."""
        return {
            "formats": list(self.formats), "draft": self.draft, "kernel": self.kernel,
            "fragment": self.fragment,
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: OptionsJson) -> BuildOptions:
        """Read what `as_json` wrote; an error of the usual kinds where it is something else."""
        options = cls(tuple(kept["formats"]), kept["draft"], kept["kernel"], kept["fragment"])
        known = set(options.formats) <= set(FORMATS) and options.fragment in get_args(Fragment)
        if not (known and isinstance(options.draft, bool) and isinstance(options.kernel, bool)):
            raise ValueError(kept)
        return options


def parse_formats(text: str) -> tuple[str, ...]:
    """Read ``html,pdf`` as formats, in the fixed order.

    Raises
    ------
    UsageError
        A format that does not exist.
    """
    wanted = {part.strip().lower() for part in text.replace("，", ",").split(",") if part.strip()}
    unknown = sorted(wanted - set(FORMATS))
    if unknown or not wanted:
        raise UsageError(f"没有这种格式：{'、'.join(unknown)}；可选：{'、'.join(FORMATS)}")
    return tuple(f for f in FORMATS if f in wanted)


def parse_fragment(text: str) -> Fragment:
    """Read ``cms`` or ``page``; nothing for none.

    Raises
    ------
    UsageError
        Another word.
    """
    for known in ("", "page", "cms"):
        if text.strip().lower() == known:
            return known
    raise UsageError(f"没有这种粘贴用的网页：{text}；--fragment 后面只可写 cms，或不写")
