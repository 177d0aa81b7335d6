"""The project's own lists of words to look for, beside the package's: as text, not yet parsed."""

from __future__ import annotations

from pathlib import Path

from nianbao.files.sources import Source, read_source
from nianbao.files.yaml_file import MAX_YAML_BYTES

CONFUSABLES = "params/confusables.yaml"
"""Words that are often written wrongly, and how they are right."""
SENSITIVE = "params/sensitive.yaml"
"""错敏词 of the place; none are shipped."""


def read_word_list(root: Path, file: str) -> Source | None:
    """A list of the project, or None when it has none.

    Raises
    ------
    InputError
        The file is too large or cannot be read.
    """
    return read_source(root, file, MAX_YAML_BYTES) if (root / file).is_file() else None
