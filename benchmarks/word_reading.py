"""Read generated Word files beside what LibreOffice prints: no visible character may be lost.

    python benchmarks/word_reading.py [--files 2000] [--seed 1]

Half of the files are read as they were written, half after LibreOffice has opened and saved
them. A character that is printed and neither taken as text nor listed is a failure; each is
named with its file and what stands in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Read so many files; 1 when a character was lost."""
    from tests.documents.word_edits import convert, edited_files, lost_signs

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    start, made = time.monotonic(), dict(edited_files(given.files, given.seed))
    kinds = {name.partition(":")[0]: name for name in made}
    files = {name.partition(":")[0]: data for name, data in made.items()}
    with tempfile.TemporaryDirectory() as folder:
        saved = dict(list(files.items())[: given.files // 2])
        files |= convert(saved, "docx", Path(folder) / "saved")
        pages = convert(files, "pdf", Path(folder) / "printed")
        failed = 0
        for name, pdf in pages.items():
            if lost := lost_signs(files[name], pdf):
                failed += 1
                print(f"{kinds[name]}: {dict(lost)}")
    seconds = time.monotonic() - start
    print(f"{len(pages)} of {len(files)} files, {failed} with lost characters, {seconds:.0f} s")
    return 1 if failed or len(pages) < len(files) else 0


if __name__ == "__main__":
    sys.exit(main())
