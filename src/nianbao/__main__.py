"""``python -P -m nianbao``: the command, where its script is not on the path.

Without ``-P`` Python puts the current folder first; it is taken off before anything is loaded.
"""

import sys

if not sys.flags.safe_path:
    del sys.path[0]

from nianbao.cli.main import run_and_end

if __name__ == "__main__":
    run_and_end()
