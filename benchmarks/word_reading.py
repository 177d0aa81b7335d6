"""Read generated Word files beside what LibreOffice prints: no visible character may be lost.

    python benchmarks/word_reading.py [--files 2000] [--seed 1] [--first 0]

Every second file is read as it was written, the others after LibreOffice has opened and saved
them. What it saved so that nobody can open it (7.4 closes a link within the content control that
follows it) or did not save (a file in thousands keeps it busy for ever) is named, and read as it
was written. A character that is printed and neither taken as text nor listed is a failure; each is
named with its file and what stands in it. The result is written batch by batch.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BATCH = 100


def main() -> int:
    """Read so many files; 1 when a character was lost."""
    from tests.documents.word_edits import convert, edited_files, is_whole, lost_signs

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="leave out the files before this one")
    given = parser.parse_args()
    start, read, failed, missing = time.monotonic(), 0, 0, 0
    made = iter(edited_files(given.files, given.seed, first=given.first))
    while batch := list(islice(made, BATCH)):
        kinds = {name.partition(":")[0]: name for name, _ in batch}
        files = {name.partition(":")[0]: data for name, data in batch}
        with tempfile.TemporaryDirectory() as folder:
            resaved = {name: files[name] for name in list(files)[1::2]}
            saved = convert(resaved, "docx", Path(folder) / "saved")
            whole = {name: data for name, data in saved.items() if is_whole(data)}
            files |= whole
            pages = convert(files, "pdf", Path(folder) / "printed")
        for name in resaved.keys() - saved.keys():
            print(f"{kinds[name]}: LibreOffice did not save it; read as it was written")
        for name in saved.keys() - whole.keys():
            print(f"{kinds[name]}: LibreOffice saved it damaged; read as it was written")
        for name, pdf in pages.items():
            if lost := lost_signs(files[name], pdf):
                failed += 1
                print(f"{kinds[name]}: {dict(lost)}")
        for name in files.keys() - pages.keys():
            print(f"{kinds[name]}: not printed by LibreOffice")
        read, missing = read + len(pages), missing + len(files) - len(pages)
        seconds = time.monotonic() - start
        print(
            f"{read} files read, {missing} not printed, {failed} with lost characters, "
            f"{seconds:.0f} s",
            flush=True,
        )
    return 1 if failed or missing else 0


if __name__ == "__main__":
    sys.exit(main())
