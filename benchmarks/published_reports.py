"""Published reports imported, built and imported again: what comes back, cell by cell.

    python benchmarks/published_reports.py PATH

PATH is a folder of examples: ``published/`` with whole files, ``tables/`` with the figures of
reports of which only these are at hand, ``narratives.jsonl`` with what some of them said. A
report of which only figures are at hand is put on a web page first, in the form that it had
(that of 2019 with its own table 2). Each report is imported, built, and its HTML, Word and PDF are
imported again; the figures, the words of every section and the notes under the tables must be
those of the first import. Where an office printed a wrong sum, the table prints the counted one:
those cells are told apart.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.inputs.published.drift import FORMAT, PROSE, Drift, Figures, page  # noqa: E402

from nianbao.errors import NianbaoError  # noqa: E402  # needs the path
from nianbao.files.sources import Source  # noqa: E402  # likewise
from nianbao.finished.options import BuildOptions  # noqa: E402  # likewise
from nianbao.inputs.labels import request_labels  # noqa: E402  # likewise
from nianbao.inputs.published.report import Published, read_published  # noqa: E402  # likewise
from nianbao.publishing.build import build_report  # noqa: E402  # likewise
from nianbao.workbook.importing import import_report  # noqa: E402  # likewise

SUFFIXES = ("html", "docx", "pdf")
OLD_TABLE = ("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")


@dataclass(frozen=True)
class Returned:
    """What came back of one report through one document."""

    name: str
    suffix: str
    same: int
    counted: int
    lost: tuple[str, ...]
    texts: int
    changed: tuple[str, ...]
    draft: bool

    def row(self) -> str:
        """A line of the table."""
        faults = "；".join((*self.lost, *self.changed)) or "—"
        kind = "draft" if self.draft else "final"
        return (
            f"| {self.name} | {kind} | {self.suffix} | {self.same} | {self.counted} "
            f"| {len(self.lost)} | {self.texts} | {len(self.changed)} | {faults} |"
        )


def _figures(given: dict[str, Any]) -> Figures:
    """All cells of a report as printed; what its page left blank, or is not at hand, is blank."""
    values: Figures = {("decisions", r, c): "" for r, c in FORMAT.decision_cells}
    for row in FORMAT.request_rows:
        values |= {("requests", row.key, c): "" for c in FORMAT.request_columns}
    for row, columns in given.get("table2", {}).items():
        values |= {("decisions", row, c): str(v or 0) for c, v in columns.items()}
    labels = request_labels(FORMAT, [row.key for row in FORMAT.request_rows])
    for label, texts in (given.get("table3") or given["table3_partial"])["rows"]:
        key = labels.find(label) or "other_3"
        for column, text in zip(FORMAT.request_columns, texts, strict=True):
            values["requests", key, column] = "" if text is None else str(text)
    cells = [(g.key, c) for g in FORMAT.review_groups for c in FORMAT.review_columns]
    for cell, text in zip(cells, given.get("table4") or [""] * len(cells), strict=True):
        values["reviews", *cell] = "" if text is None else str(text)
    return values


def _page(given: dict[str, Any], said: str) -> str:
    """The report on a web page, with its own words in part one where they are at hand."""
    values = _figures(given)
    one_row = all(not values["requests", key, "总计"] for key in ("other_1", "other_2"))
    text = page(values, Drift(one_row=one_row), given["agency"], given["year"])
    if said:
        text = text.replace(PROSE["overview.disclosure"], said)
    if given["format"] == "2019":
        start, end = text.index("<table"), text.index("<p><b>三、")
        lines = [OLD_TABLE] + [
            (row, *map(str, columns.values())) for row, columns in given["table2"].items()
        ]
        cells = ("".join(f"<td>{cell}</td>" for cell in line) for line in lines)
        text = f"{text[:start]}<table><tr>{'</tr><tr>'.join(cells)}</tr></table>{text[end:]}"
    return text


def sources(examples: Path) -> Iterator[tuple[str, Source, int]]:
    """Every report of the examples: its name, its file or a page made of its figures, its year."""
    for path in sorted((examples / "published").iterdir()):
        if path.suffix[1:] in SUFFIXES:
            year = int(path.stem.rpartition("_")[2])
            yield f"{path.stem} (the file)", Source(path.name, path.read_bytes()), year
    lines = (examples / "narratives.jsonl").read_text("utf-8").splitlines()
    texts = {(n["agency"], n["year"]): n["text"] for n in map(json.loads, lines)}
    for path in sorted((examples / "tables").glob("*.json")):
        given = json.loads(path.read_text("utf-8"))
        said = texts.get((given["agency"], given["year"]), "")
        data = _page(given, said).encode()
        yield path.stem, Source(f"{path.stem}.html", data), given["year"]


def _differences(before: Published, again: Published) -> tuple[int, tuple[str, ...]]:
    """How many sections and notes came back, and which of them are not the same."""
    keys = before.prose.sections.keys() | again.prose.sections.keys()
    pairs = {k: (before.prose.sections.get(k), again.prose.sections.get(k)) for k in keys}
    changed = [k for k, (old, new) in pairs.items() if _plain(old) != _plain(new)]
    return len(keys) - len(changed), tuple(sorted(changed))


def _plain(text: str | None) -> str:
    """The words alone: how lines are broken and marked is the business of a format."""
    return "".join((text or "").replace("\\", "").split())


def returned(root: Path, name: str, source: Source, year: int) -> Iterator[Returned]:
    """Import a report, build it and import it again from each document."""
    code = "example"
    file = root / source.file
    file.write_bytes(source.data)
    before = read_published(source, FORMAT)
    import_report(root, file, code, year)
    draft = False
    try:
        build_report(root, code, year, options=BuildOptions(SUFFIXES))
    except NianbaoError:
        draft = True
        build_report(root, code, year, options=BuildOptions(SUFFIXES, draft=True))
    for suffix in SUFFIXES:
        made = root / "output" / code / str(year) / f"report.{suffix}"
        again = read_published(Source(made.name, made.read_bytes()), FORMAT)
        differ = [k for k, v in before.cells.items() if not _equal(again.cells.get(k), v)]
        sums = [k for k in differ if "总计" in k or k[1] == "total"]
        lost = tuple("/".join(k) for k in differ if k not in sums)
        texts, changed = _differences(before, again)
        same = len(before.cells) - len(differ)
        yield Returned(name, suffix, same, len(sums), lost, texts, changed, draft)


def _equal(one: str | None, other: str | None) -> bool:
    return (one or "0") == (other or "0")


def measured(examples: Path) -> dict[str, list[Returned]]:
    """What came back of every report, by its name: one entry a document."""
    found = {}
    for name, source, year in sources(examples):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            shutil.copytree(ROOT / "notebooks", root / "notebooks")
            for kind in ("params", "data"):
                (root / kind).mkdir()
            found[name] = list(returned(root, name, source, year))
    return found


def main() -> None:
    """Print the table."""
    print("| report | set | document | cells the same | sums counted anew | cells lost "
          "| texts the same | texts changed | which |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for found in measured(Path(sys.argv[1])).values():
        print(*(line.row() for line in found), sep="\n")


if __name__ == "__main__":
    main()
