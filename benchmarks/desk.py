"""Put a county's load on the desk and write the figures down.

    python benchmarks/desk.py [--sessions 60] [--seconds 60] [--kills 10]

A county of invented bureaus, a server in a process of its own, sessions on loopback that read
pages, hand in files, save texts and have reports made; pages are timed by a reader of their own.
Then the server is killed again and again while texts are saved and files handed in, and what was
acknowledged is looked for. Writes docs/performance-desk.md.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance-desk.md"
COMMAND = "import sys; from nianbao.cli.main import main; main()"
YEAR = 2024
_TOKEN = re.compile(r'name="form-token" content="([0-9a-f]+)"')
STEPS = ("", "/workbook", "/hand-in", "/texts", "/report", "/word", "/final")


def make_county(folder: Path, count: int) -> list[str]:
    """A county; the codes of its bureaus."""
    run = [sys.executable, "tools/make_county.py", str(folder), "--units", str(count)]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
    return sorted(path.parent.name for path in folder.glob(f"params/*/{YEAR}.yaml"))


class Server:
    """A desk in a process of its own."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-c", COMMAND, "desk", "--port", "0", "--no-browser"]
        self.process = subprocess.Popen(
            [*command, "--root", str(root)], stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        found = re.search(r"http://\S+/", self.process.stdout.readline())
        assert found is not None
        self.address = found[0].rstrip("/")

    def memory_mb(self) -> float:
        """The memory of the server's own process."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1024

    def kill(self) -> None:
        """End it and its processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def session(address: str) -> Iterator[httpx2.Client]:
    """A browser's session, its forms' token in a header."""
    with httpx2.Client(base_url=address, timeout=120, follow_redirects=True) as client:
        client.headers["X-Form-Token"] = token(client)
        yield client


def token(client: httpx2.Client) -> str:
    """The token of this session's forms."""
    found = _TOKEN.search(client.get("/journal").text)
    assert found is not None
    return found[1]


@dataclass
class Load:
    """What the sessions did."""

    times: list[float] = field(default_factory=list)
    saves: int = 0
    uploads: int = 0
    builds: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def work(address: str, agency: str, number: int, load: Load) -> None:
    """One session: half of them read and write, half hand in and build."""
    chance = random.Random(number)
    base = f"/agency/{agency}/{YEAR}"
    try:
        with session(address) as client:
            while not load.stop.is_set():
                start = time.perf_counter()
                answer = client.get(base + chance.choice(STEPS))
                load.times.append(time.perf_counter() - start)
                if answer.status_code != 200:
                    load.faults.append(f"{answer.status_code} {answer.url}")
                if number % 2 and chance.random() < 0.15:
                    rows = f"名称,数值,单位,说明\n培训次数,{chance.randint(1, 99)},次,\n"
                    files = [("files", ("其他数据.csv", rows.encode()))]
                    client.post(f"{base}/hand-in", files=files)
                    load.uploads += 1
                    client.post(f"{base}/build", data={"draft": "1"})
                    load.builds.add(agency)
                elif chance.random() < 0.15:
                    text = f"没有其他需要报告的事项（第{number}人，{chance.randint(1, 9999)}）。"
                    sent = {"base": "", "text": text, "how": "mine"}
                    client.post(f"{base}/texts/other", data=sent)
                    load.saves += 1
                load.stop.wait(chance.uniform(2, 6))  # people read, too
    except Exception as error:
        load.faults.append(f"{type(error).__name__}: {error}")


def press(server: Server, agencies: list[str], sessions: int, seconds: float) -> tuple[Load, str]:
    """All sessions at once; what they did, and the server's memory over the time."""
    load = Load()
    threads = [
        threading.Thread(target=work, args=(server.address, agencies[i % len(agencies)], i, load))
        for i in range(sessions)
    ]
    for thread in threads:
        thread.start()
    memory = []
    for _ in range(4):
        time.sleep(seconds / 4)
        memory.append(f"{server.memory_mb():.0f}")
    load.stop.set()
    for thread in threads:
        thread.join()
    return load, " → ".join(memory)


def lost_builds(server: Server, agencies: set[str]) -> list[str]:
    """Reports that were asked for and never came."""
    lost = []
    with session(server.address) as client:
        for agency in sorted(agencies):
            for _ in range(600):
                page = client.get(f"/agency/{agency}/{YEAR}/report").text
                if 'data-building="1"' not in page:
                    break
                time.sleep(0.5)
            if "as=pdf" not in client.get(f"/agency/{agency}/{YEAR}/report").text:
                lost.append(agency)
    return lost


def kill_often(root: Path, agency: str, kills: int) -> tuple[int, int]:
    """Acknowledged saves and uploads, and how many of them were gone after a kill."""
    chance, acknowledged, lost = random.Random(7), 0, 0
    narrative = root / f"data/{agency}/{YEAR}/narrative.md"
    figures = root / f"data/{agency}/{YEAR}/figures.csv"
    for number in range(kills):
        server = Server(root)
        said: list[tuple[str, str]] = []
        killer = threading.Timer(chance.uniform(1.5, 4), server.kill)
        try:
            with session(server.address) as client:
                killer.start()
                for i in range(10_000):
                    words = f"第{number}次第{i}句。"
                    sent = {"base": "", "text": words, "how": "mine"}
                    headers = {"Accept": "application/json"}
                    base = f"/agency/{agency}/{YEAR}"
                    if client.post(f"{base}/texts/other", data=sent, headers=headers).is_success:
                        said = [("text", words), *[s for s in said if s[0] != "text"]]
                        acknowledged += 1
                    row = f"名称,数值,单位,说明\n培训次数,{number * 1000 + i},次,\n"
                    files = [("files", ("其他数据.csv", row.encode()))]
                    if "已收下" in client.post(f"{base}/hand-in", files=files).text:
                        said = [("file", row), *[s for s in said if s[0] != "file"]]
                        acknowledged += 1
        except httpx2.HTTPError:
            pass
        killer.join()
        found = {"text": narrative.read_text("utf-8"), "file": figures.read_text("utf-8")}
        # What was sent last may be there without an answer; what was answered must be there or
        # have given way to it.
        for kind, words in said:
            newer = re.findall(r"第\d+次第(\d+)句" if kind == "text" else r"培训次数,(\d+)",
                               found[kind])  # fmt: skip
            last = re.findall(r"第\d+次第(\d+)句" if kind == "text" else r"培训次数,(\d+)", words)
            lost += words not in found[kind] and not (newer and int(newer[0]) == int(last[0]) + 1)
    return acknowledged, lost


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--bureaus", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--write", action="store_true", help="write docs/performance-desk.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        agencies = make_county(root, given.bureaus)
        server = Server(root)
        try:
            with session(server.address) as client:  # as on any morning: the board was looked at
                for _ in range(600):
                    if "正在核对" not in client.get(f"/county/{YEAR}").text:
                        break
                    time.sleep(0.5)
            load, memory = press(server, agencies, given.sessions, given.seconds)
            lost = lost_builds(server, load.builds)
        finally:
            server.kill()
        acknowledged, gone = kill_often(root, agencies[0], given.kills)
    ordered = sorted(load.times)
    middle, high = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    lines = [
        "# The desk under load",
        "",
        "Made by `python benchmarks/desk.py --write`; do not edit. Server, sessions and builds on",
        f"one machine with {os.cpu_count()} cores; load before and after: "
        f"{', '.join(f'{x:.1f}' for x in os.getloadavg())}.",
        "",
        "| | |",
        "|---|---|",
        f"| bureaus, sessions at once | {len(agencies)}, {given.sessions} |",
        f"| pages in {given.seconds:.0f} s | {len(ordered)} |",
        f"| a page, median / 95th of 100 | {middle * 1000:.0f} ms / {high * 1000:.0f} ms |",
        f"| texts saved, files handed in | {load.saves}, {load.uploads} |",
        f"| bureaus whose reports were made meanwhile, lost | {len(load.builds)}, {len(lost)} |",
        f"| wrong answers | {len(load.faults)} |",
        f"| memory of the server over the time, MB | {memory} |",
        f"| killed with SIGKILL | {given.kills} times |",
        f"| saves and uploads acknowledged before, lost | {acknowledged}, {gone} |",
        "",
    ]
    print("\n".join(lines))
    for fault in load.faults[:10]:
        print(fault, file=sys.stderr)
    if given.write:
        PAGE.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
