"""How long a year's ledger of 100,000 requests takes, from the file to table 3 and the limits.

    python benchmarks/ledger.py [rows]

Processor time, so that a busy machine does not matter. Writes nothing; exits with 1 when
tabulating takes longer than the promised two seconds.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from nianbao.files.grids import read_csv
from nianbao.files.sources import Source
from nianbao.inputs.request_ledger import read_ledger
from nianbao.statistics.deadlines import assess_deadlines
from nianbao.statistics.tables import count_ledger
from nianbao.statutory import load_format

YEAR = 2024
PROMISE = 2.0
T = TypeVar("T")
HEADS = (
    *("登记号", "收到日期", "来源渠道", "申请人类型", "申请人姓名", "补正通知日期", "补正日期"),
    *("征求第三方日期", "意见回复日期", "延期", "办理结果", "答复日期"),
)


def make_ledger(rows: int, seed: int = 20240101) -> bytes:
    """A CSV ledger with every kind of applicant, outcome and step, the same for one seed."""
    chance, format_ = random.Random(seed), load_format()
    outcomes = [row.path for row in format_.outcome_rows]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(HEADS)
    for number in range(rows):
        received = date(YEAR - 1, 12, 1) + timedelta(chance.randrange(390))
        asked = received + timedelta(3) if chance.random() < 0.05 else None
        consulted = received + timedelta(4) if chance.random() < 0.05 else None
        answered = received + timedelta(chance.randrange(5, 45))
        closed = answered < date(YEAR + 1, 1, 10)
        writer.writerow(
            [
                f"{YEAR}-{number + 1:06d}",
                received.strftime(chance.choice(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"])),
                chance.choice(["网络", "信函", "当面", ""]),
                chance.choice(format_.applicants),
                "示例人",
                asked or "",
                asked + timedelta(5) if asked else "",
                consulted or "",
                consulted + timedelta(6) if consulted else "",
                chance.choice(["是", "否", ""]),
                chance.choice(outcomes) if closed else "",
                answered if closed else "",
            ]
        )
    return stream.getvalue().encode()


def main(rows: int) -> int:
    """Time each step; 1 when the promise is broken."""
    spent: dict[str, float] = {}

    def timed(name: str, step: Callable[[], T]) -> T:
        begun = time.process_time()
        result = step()
        spent[name] = time.process_time() - begun
        return result

    source = Source("requests.csv", make_ledger(rows))
    format_ = load_format()
    grid = timed("read the file", lambda: read_csv(source))
    ledger = timed("check and count", lambda: read_ledger(grid, YEAR, format_))
    timed("table 3", lambda: count_ledger(ledger.counts, format_))
    assert ledger.cases is not None
    deadlines = timed("limits", lambda: assess_deadlines(ledger.cases, YEAR))
    for name, seconds in spent.items():
        print(f"{name:16} {seconds:6.2f} s")
    total = sum(spent.values())
    print(f"{rows} rows, {len(deadlines.cases)} of the year: {total:.2f} s (promised {PROMISE} s)")
    return int(total > PROMISE)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
