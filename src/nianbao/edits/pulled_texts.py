"""What was pulled from a set's edited files: a later pull starts from there.

Without it a pull would hold the same edit against the texts again, and whoever corrected a
pulled sentence there would meet a conflict that was decided already.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from nianbao.files.writing import write_safely
from nianbao.finished.manifest import listed_outputs


@dataclass(frozen=True, slots=True)
class PulledText:
    """A section as it was pulled from a file.

    Parameters
    ----------
    text
        The edited text with its placeholders as it was merged.
    words
        Its final words as they stood in the file, but for what was rejected.
    rejected
        The edits that were not wanted: how each sentence read before and after.
    """

    text: str
    words: str
    rejected: tuple[tuple[str, str], ...] = ()


Texts = dict[str, dict[str, PulledText]]
"""By file name and section."""


def _set_of(folder: Path) -> str | None:
    """Return the checksum of the notebook as it was made: the name of this set among all others."""
    return (listed_outputs(folder) or {}).get("report.ipynb")


def _file(folder: Path) -> Path:
    return folder.parent / "edited" / folder.name / "pulled.json"


def read_pulled(folder: Path) -> Texts:
    """Return what was pulled from the files of the set that lies in this folder now.

    Parameters
    ----------
    folder
        The report's folder in output/.

    Returns
    -------
    dict
        Empty for a new set, whose files hold all that was pulled before.
    """
    try:
        kept = json.loads(_file(folder).read_text(encoding="utf-8"))
        texts = kept["texts"] if kept["set"] == _set_of(folder) else {}
        return {
            name: {
                section: PulledText(
                    pulled["text"],
                    pulled["words"],
                    tuple((before, after) for before, after in pulled["rejected"]),
                )
                for section, pulled in sections.items()
            }
            for name, sections in texts.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_pulled(folder: Path, texts: Texts) -> None:
    """Remember what was pulled; call it when the texts are safe on the disk."""
    if not any(texts.values()) or (of := _set_of(folder)) is None:
        return
    _file(folder).parent.mkdir(parents=True, exist_ok=True)
    kept = {
        name: {section: asdict(pulled) for section, pulled in sections.items()}
        for name, sections in texts.items()
        if sections
    }
    text = json.dumps({"set": of, "texts": kept}, ensure_ascii=False, indent=1)
    write_safely(_file(folder), text + "\n")
