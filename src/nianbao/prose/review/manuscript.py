"""What every rule on the prose reads: the words, read once, beside what they are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from nianbao.prose.review.claims import Claim, read_claims
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.text import Bound, Prose, read_prose


@dataclass(frozen=True)
class Manuscript:
    """A report's prose and its context.

    Parameters
    ----------
    sections
        Final words by section id, as they were handed in.
    bound
        By section id, the spans of its text that the software printed from facts.
    """

    sections: Mapping[str, str]
    context: ReviewContext
    bound: Bound

    @cached_property
    def prose(self) -> Prose:
        """The sections as blocks and sentences."""
        return read_prose(self.sections, self.bound)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every quantity whose statutory meaning is plain."""
        return read_claims(self.prose, self.context)
