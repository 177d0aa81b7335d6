"""Put a county's load on the desk, or kill it again and again, and write the figures down.

    python benchmarks/desk.py --write      the load, 2 to 5 minutes; docs/performance-desk.md
    python benchmarks/desk.py --kills 50   kills; benchmarks/desk_kills.json

The load: a county of invented bureaus, a server in a process of its own, sessions on loopback
that read pages with the frames and event streams that a browser opens with them; half of them
hand in files and have reports made, the others save texts. The kills: the server is killed at
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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance-desk.md"
KILLS = ROOT / "benchmarks" / "desk_kills.json"
COMMAND = "import sys; from nianbao.cli.main import main; main()"
YEAR = 2024
_TOKEN = re.compile(r'name="form-token" content="([0-9a-f]+)"')
STEPS = ("", "/workbook", "/hand-in", "/texts", "/report", "/word", "/final")
FRAMED = ("/texts", "/report")
"""Steps whose page holds the report in a frame."""


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


@dataclass
class Load:
    """What the sessions did, in seconds and numbers."""

    pages: list[float] = field(default_factory=list)
    boards: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    unread: int = 0
    saves: int = 0
    uploads: int = 0
    asked: int = 0
    builds: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def timed(self, times: list[float]) -> Iterator[None]:
        """Take the time."""
        start = time.perf_counter()
        yield
        times.append(time.perf_counter() - start)

    def look(self, client: httpx2.Client, path: str, times: list[float]) -> None:
        """Open a page."""
        with self.timed(times):
            answer = client.get(path)
        self.unread += "data-reading" in answer.text
        if answer.status_code != 200:
            self.faults.append(f"{answer.status_code} {answer.url}")

    def send(self, client: httpx2.Client, path: str, **form: object) -> None:
        """Send a form."""
        with self.timed(self.posts):
            answer = client.post(path, **form)  # type: ignore[arg-type]
        if answer.status_code not in {200, 303}:
            self.faults.append(f"{answer.status_code} {answer.url}")


def listen(client: httpx2.Client, base: str, load: Load) -> None:
    """Hold a page's event stream open, as its script does."""
    with suppress(httpx2.HTTPError), client.stream("GET", f"{base}/events") as stream:
        for _ in stream.iter_lines():
            if load.stop.is_set():
                return


def work(server: Server, agency: str, number: int, load: Load) -> None:
    """One session: the odd ones hand in and build, the even ones save texts; all read."""
    chance = random.Random(number)
    base = f"/agency/{agency}/{YEAR}"
    try:
        with server.session() as client:
            threading.Thread(target=listen, args=(client, base, load), daemon=True).start()
            load.stop.wait(chance.uniform(0, 5))
            while not load.stop.is_set():
                if number % 10 == 0 and chance.random() < 0.5:
                    load.look(client, f"/county/{YEAR}", load.boards)
                else:
                    step = chance.choice(STEPS)
                    load.look(client, base + step, load.pages)
                    if step in FRAMED:
                        load.look(client, f"{base}/page", load.frames)
                if number % 2 and chance.random() < 0.15:
                    rows = f"名称,数值,单位,说明\n培训次数,{chance.randint(1, 99)},次,\n"
                    files = [("files", ("其他数据.csv", rows.encode()))]
                    load.send(client, f"{base}/hand-in", files=files)
                    load.uploads += 1
                    load.send(client, f"{base}/build", data={"draft": "1"})
                    load.asked += 1
                    load.builds.add(agency)
                elif number % 2 == 0 and chance.random() < 0.15:
                    text = f"没有其他需要报告的事项（第{number}人，{chance.randint(1, 9999)}）。"
                    sent = {"base": "", "text": text, "how": "mine"}
                    load.send(client, f"{base}/texts/other", data=sent)
                    load.saves += 1
                load.stop.wait(chance.uniform(2, 6))  # people read, too
    except Exception as error:
        load.faults.append(f"{type(error).__name__}: {error}")


def press(server: Server, agencies: list[str], sessions: int, seconds: float) -> tuple[Load, str]:
    """All sessions at once; what they did, and the server's memory over the time."""
    load = Load()
    threads = [
        threading.Thread(target=work, args=(server, agencies[i % len(agencies)], i, load))
        for i in range(sessions)
    ]
    for thread in threads:
        thread.start()
    memory = []
    for _ in range(6):
        time.sleep(seconds / 6)
        memory.append(f"{server.memory_mb():.0f}")
    load.stop.set()
    for thread in threads:
        thread.join()
    return load, " → ".join(memory)


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
                if "已收下" in client.post(f"{base}/hand-in", files=files).text:
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
    return f"{' / '.join(f'{t * 1000:.0f}' for t in at)} ms ({len(ordered)})"


def figures(given: argparse.Namespace) -> list[str]:
    """Measure; the lines of the page."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        agencies = make_county(root, given.bureaus)
        before = os.getloadavg()[0]
        server = Server(root)
        try:
            with server.session() as client:  # as on any morning: the board was looked at
                end = time.monotonic() + 90
                while "正在核对" in client.get(f"/county/{YEAR}").text and time.monotonic() < end:
                    time.sleep(0.5)
            load, memory = press(server, agencies, given.sessions, given.seconds)
            lost = lost_builds(server, load.builds, patience=90)
            whole = server.processes_mb()
        finally:
            server.kill()
    for fault in load.faults[:10]:
        print(fault, file=sys.stderr)
    return [
        "# The desk under load",
        "",
        "Made by `python benchmarks/desk.py --write`; do not edit. Server, sessions and builds on",
        f"one machine with {os.cpu_count()} cores, whose load was {before:.1f} before. Each",
        "session opens a page every 2 to 6 seconds, with frame and event stream; half of them",
        "hand in files and have reports made, the others save texts. Two reports are made at a",
        "time.",
        "",
        "| | median / 95th / 99th of 100 (how many) |",
        "|---|---|",
        f"| a page of a bureau | {spread(load.pages)} |",
        f"| the board of all bureaus | {spread(load.boards)} |",
        f"| the report in its frame, drawn anew after each change | {spread(load.frames)} |",
        f"| handing in, saving, asking for a report | {spread(load.posts)} |",
        "",
        "| | |",
        "|---|---|",
        f"| bureaus, sessions at once | {len(agencies)}, {given.sessions} |",
        f"| seconds | {given.seconds:.0f} |",
        f"| pages shown before the newest change was checked | {load.unread} |",
        f"| texts saved, files handed in | {load.saves}, {load.uploads} |",
        f"| reports asked for; bureaus, lost | {load.asked}; {len(load.builds)}, {len(lost)} |",
        f"| wrong answers | {len(load.faults)} |",
        f"| memory of the server over the time, MB | {memory} |",
        f"| memory of all its processes afterwards, MB | {whole:.0f} |",
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
    parser.add_argument("--seconds", type=float, default=90)
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
