"""Put a county's load on the desk, or kill it again and again, and write the figures down.

    python benchmarks/desk.py --write      the load, 4 minutes at most; docs/performance-desk.md
    python benchmarks/desk.py --kills 50   kills; benchmarks/desk_kills.json

The load: a county of invented bureaus, a server in a process of its own, and the browsers of
desk.lua, which need wrk and curl (apt install wrk curl). The kills: the server is killed at
random moments while texts are saved and files handed in, and what was acknowledged is looked for.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance-desk.md"
KILLS = ROOT / "benchmarks" / "desk_kills.json"
COMMAND = "import sys; from nianbao.cli.main import main; main()"
YEAR = 2024
_TOKEN = re.compile(r'name="form-token" content="([0-9a-f]+)"')


def make_county(folder: Path, count: int) -> list[str]:
    """A county; the codes of its bureaus."""
    run = [sys.executable, "tools/make_county.py", str(folder), "--units", str(count)]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
    return sorted(path.parent.name for path in folder.glob(f"params/*/{YEAR}.yaml"))


class Server:
    """A desk in a process of its own."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-P", "-c", COMMAND, "desk", "--port", "0", "--no-browser"]
        self.process = subprocess.Popen(
            [*command, "--root", str(root)], stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        found = re.search(r"(http://[^/]+)(/enter/\S+)", self.process.stdout.readline())
        assert found is not None
        self.address, self.entrance = found[1], found[2]

    def memory_mb(self) -> float:
        """The memory of the server's own process."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1024

    def processes_mb(self) -> float:
        """The memory of all its processes, what they share counted once."""
        size = 0
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):
                if os.getsid(int(folder.name)) == self.process.pid:
                    text = (folder / "smaps_rollup").read_text()
                    size += int(re.findall(r"\nPss:\s+(\d+)", text)[0])
        return size / 1024

    def kill(self) -> None:
        """End it and its processes at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @contextmanager
    def session(self) -> Iterator[httpx2.Client]:
        """A browser's session, its forms' token in a header."""
        with httpx2.Client(base_url=self.address, timeout=120) as client:
            client.get(self.entrance)
            found = _TOKEN.search(client.get("/journal").text)
            assert found is not None
            client.headers["X-Form-Token"] = found[1]
            yield client


@dataclass(frozen=True)
class Answer:
    """An answer of the server as the load generator saw it."""

    kind: str
    milliseconds: float
    status: int
    is_reading: bool
    path: str


@dataclass(frozen=True)
class Load:
    """What the sessions got, the server's memory over the time, and what the load itself cost."""

    answers: tuple[Answer, ...]
    memory: tuple[float, ...]
    client_seconds: float

    def of(self, *kinds: str) -> list[float]:
        """The times of some kinds of requests."""
        return [a.milliseconds for a in self.answers if a.kind in kinds]

    @property
    def faults(self) -> list[str]:
        """What was answered with anything but a page."""
        wrong = (a for a in self.answers if a.status not in {200, 303})
        return [f"{a.status} {a.kind} {a.path}" for a in wrong]

    @property
    def built(self) -> set[str]:
        """The bureaus of which reports were asked for."""
        return {a.path.split("/")[2] for a in self.answers if a.kind == "build"}


def press(server: Server, agencies: list[str], sessions: int, seconds: float) -> Load:
    """All sessions at once: wrk plays the browsers, curl holds the event streams of their pages."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        folder = Path(name)
        lines, streams = [], []
        for i in range(sessions):
            client = opened.enter_context(server.session())
            agency, cookie = agencies[i % len(agencies)], client.cookies["nianbao"]
            lines.append(f"{i} {agency} {cookie} {client.headers['X-Form-Token']}")
            streams += [
                f'url = "{server.address}/agency/{agency}/{YEAR}/events"',
                f'header = "Cookie: nianbao={cookie}"', "output = /dev/null", "next",
            ]  # fmt: skip
        (folder / "sessions").write_text("\n".join(lines) + "\n", "utf-8")
        (folder / "streams").write_text("\n".join(streams[:-1]), "utf-8")
        (folder / "answers").mkdir()
        before = os.times()
        listening = subprocess.Popen(
            ["curl", "--silent", "--no-buffer", "--parallel", "--parallel-immediate",
             "--parallel-max", str(sessions), "--config", str(folder / "streams")],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        browsing = subprocess.Popen(
            ["wrk", f"-t{sessions}", f"-c{sessions}", f"-d{seconds:.0f}s", "--timeout", "120s",
             "-s", str(ROOT / "benchmarks" / "desk.lua"), server.address, "--",
             str(folder / "sessions"), str(folder / "answers")],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        memory = []
        for _ in range(6):
            time.sleep(seconds / 6)
            memory.append(server.memory_mb())
        browsing.wait()
        listening.kill()
        listening.wait()
        cost = sum(os.times()[2:4]) - sum(before[2:4])
        return Load(tuple(_answers(folder / "answers")), tuple(memory), cost)


def _answers(folder: Path) -> Iterator[Answer]:
    for file in sorted(folder.iterdir()):
        for line in file.read_text("utf-8").splitlines():
            kind, took, status, reading, path = line.split(" ")
            yield Answer(kind, float(took), int(status), reading == "1", path)


def lost_builds(server: Server, agencies: set[str], patience: float) -> list[str]:
    """Reports that were asked for and never came."""
    lost, end = [], time.monotonic() + patience
    with server.session() as client:
        for agency in sorted(agencies):
            page = ""
            while time.monotonic() < end:
                page = client.get(f"/agency/{agency}/{YEAR}/report").text
                if 'data-building="1"' not in page and "data-reading" not in page:
                    break
                time.sleep(0.5)
            if "as=pdf" not in page or "没有生成。" in page:
                lost.append(agency)
    return lost


def kill_once(root: Path, agency: str, number: int, chance: random.Random) -> tuple[int, int]:
    """Saves and uploads that were acknowledged before a kill, and those gone after it."""
    server = Server(root)
    said: dict[str, str] = {}
    acknowledged = 0
    killer = threading.Timer(chance.uniform(0, 5), server.kill)  # from the first answer on
    base = f"/agency/{agency}/{YEAR}"
    try:
        with server.session() as client:
            for i in range(10_000):
                words = f"第{number}次第{i}句。"
                sent = {"base": "", "text": words, "how": "mine"}
                headers = {"Accept": "application/json"}
                if client.post(f"{base}/texts/other", data=sent, headers=headers).is_success:
                    said["text"] = words
                    acknowledged += 1
                if not killer.is_alive():
                    killer.start()
                row = f"名称,数值,单位,说明\n培训次数,{number * 1000 + i},次,\n"
                files = [("files", ("其他数据.csv", row.encode()))]
                sent_to = client.post(f"{base}/hand-in", files=files, follow_redirects=True)
                if "已收下" in sent_to.text:
                    said["file"] = row
                    acknowledged += 1
    except httpx2.HTTPError:
        pass
    finally:
        server.kill()
    lost = 0
    for kind, name, pattern in (
        ("text", "narrative.md", r"第\d+次第(\d+)句"),
        ("file", "figures.csv", r"培训次数,(\d+)"),
    ):
        file = root / f"data/{agency}/{YEAR}" / name
        found = file.read_text("utf-8") if file.is_file() else ""
        # What was sent last may be there without an answer; what was answered must be there or
        # have given way to it.
        newer, words = re.findall(pattern, found), said.get(kind, "")
        last = re.findall(pattern, words)
        follows = bool(newer and last) and int(newer[0]) == int(last[0]) + 1
        lost += bool(words) and words not in found and not follows
    return acknowledged, lost


def kill_often(kills: int, minutes: float) -> None:
    """Kill until it was often enough or the time is over, and keep what came of it."""
    chance, end = random.Random(), time.monotonic() + minutes * 60
    done = acknowledged = lost = 0
    with tempfile.TemporaryDirectory() as name:
        agency = make_county(Path(name), 2)[0]
        while done < kills and time.monotonic() < end:
            one = kill_once(Path(name), agency, done, chance)
            done, acknowledged, lost = done + 1, acknowledged + one[0], lost + one[1]
            print(f"{done}/{kills}: {acknowledged} acknowledged, {lost} lost", flush=True)
            found = {"kills": done, "acknowledged": acknowledged, "lost": lost}
            day = {"day": date.today().isoformat()}
            KILLS.write_text(json.dumps(found | day) + "\n", "utf-8")


def spread(times: list[float]) -> str:
    """Median, 95th and 99th of a hundred, and how many."""
    if not times:
        return "none"
    ordered = sorted(times)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * p))] for p in (0.5, 0.95, 0.99)]
    return f"{' / '.join(f'{t:.0f}' for t in at)} ms ({len(ordered)})"


def figures(given: argparse.Namespace) -> list[str]:
    """Measure; the lines of the page."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        agencies = make_county(root, given.bureaus)
        before = os.getloadavg()[0]
        server = Server(root)
        try:
            with server.session() as client:  # as on any morning: the board was looked at
                end = time.monotonic() + 60
                while "正在核对" in client.get(f"/county/{YEAR}").text and time.monotonic() < end:
                    time.sleep(0.5)
            load = press(server, agencies, given.sessions, given.seconds)
            lost = lost_builds(server, load.built, patience=100)
            whole = server.processes_mb()
        finally:
            server.kill()
    for fault in load.faults[:10]:
        print(fault, file=sys.stderr)
    answers, count = load.answers, Counter(a.kind for a in load.answers)
    unread = sum(a.is_reading for a in answers)
    memory = " → ".join(f"{m:.0f}" for m in load.memory)
    cores, found = os.cpu_count() or 1, spread(load.of("found"))
    share = load.client_seconds / (given.seconds * cores)
    return [
        "# The desk under load",
        "",
        "Made by `python benchmarks/desk.py --write`; do not edit. Server, sessions and builds on",
        f"one machine with {cores} cores, whose load was {before:.1f} before. The sessions are",
        "played by wrk (`benchmarks/desk.lua`), the event streams of their pages held by curl,",
        "both from Debian's packages, over loopback. Each session opens a page every 2 to 6",
        "seconds, with its frame; half of them hand in files and have reports made, the others",
        "save texts. Two reports are made at a time. The memory is that of these seconds alone, in",
        "which what is kept of pages and forms (`MOST_…` in `desk/service.py`) still fills up;",
        "how it goes on over a day was not measured.",
        "",
        "| | median / 95th / 99th of 100 (how many) |",
        "|---|---|",
        f"| a page of a bureau | {spread(load.of('page'))} |",
        f"| the board of all bureaus | {spread(load.of('board'))} |",
        f"| the report in its frame, as it was drawn last | {spread(load.of('frame'))} |",
        f"| saving a text | {spread(load.of('save'))} |",
        f"| handing in a file until it is kept and recognised | {spread(load.of('form'))} |",
        f"| the page with what was found in it, which waits for it a second | {found} |",
        f"| asking for a report | {spread(load.of('build'))} |",
        "",
        "| | |",
        "|---|---|",
        f"| bureaus, sessions at once | {len(agencies)}, {given.sessions} |",
        f"| seconds | {given.seconds:.0f} |",
        f"| pages shown before the newest change was checked | {unread} |",
        f"| texts saved, files handed in | {count['save']}, {count['form']} |",
        f"| reports asked for; bureaus, lost | {count['build']}; {len(load.built)}, {len(lost)} |",
        f"| wrong answers | {len(load.faults)} |",
        f"| memory of the server over the time, MB | {memory} |",
        f"| memory of all its processes afterwards, MB | {whole:.0f} |",
        f"| what wrk and curl took of the cores | {share:.1%} |",
        *_killed(),
        "",
    ]


def _killed() -> Iterator[str]:
    if KILLS.is_file():
        killed = json.loads(KILLS.read_text("utf-8"))
        yield f"| killed at random moments, times ({killed['day']}) | {killed['kills']} |"
        gone = f"{killed['acknowledged']}, {killed['lost']}"
        yield f"| saves and uploads acknowledged before a kill, lost | {gone} |"


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--bureaus", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=80)
    parser.add_argument("--kills", type=int, help="kill so often instead")
    parser.add_argument("--minutes", type=float, default=20, help="kill for so long at most")
    parser.add_argument("--write", action="store_true", help="write docs/performance-desk.md")
    given = parser.parse_args()
    if given.kills:
        kill_often(given.kills, given.minutes)
        return
    lines = figures(given)
    print("\n".join(lines))
    if given.write:
        PAGE.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
