"""Run the command in a process of its own that need not start Python anew.

Most of what a short command costs is importing pandas and matplotlib. Here one Python, without
threads, has loaded and tried out everything, as the server of a batch does
(`nianbao.batch.worker_server`), and is copied for each command. The copy is a process like any
other, with its own folder, environment, signals and exit code. How Python itself starts (its path,
the seed of its hashes, what is loaded first) is tested where Python is started.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from functools import cache, partial
from importlib.metadata import entry_points
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import IO, Any, NoReturn

REPOSITORY = Path(__file__).resolve().parent.parent
START = "import sys; sys.path[0] = sys.argv[1]; from tests.warm import serve; serve(sys.argv[2])"
SHARED = "NIANBAO_TESTS_SERVER"
"""The variable with the address of the server that the processes of a run share."""
PATIENCE = 600.0
"""Seconds after which a command hangs, on a machine however busy."""


class Running:
    """A command that was started; like `subprocess.Popen`, but its parent is the server."""

    def __init__(
        self, *words: str, cwd: Path, env: Mapping[str, str] | None = None, first: str = "",
        program: str = "nianbao", serves: int | None = None, server_below: bool = False,
        address: str = "",
    ) -> None:  # fmt: skip
        """Start a command in a session of its own, so that it can be killed with all its children.

        Parameters
        ----------
        words
            What stands behind the program's name.
        first
            Python that the process runs before the command; so does the server of its batch.
        program
            Which of the commands that pip installed: ours, or one of a library's.
        serves
            In place of a command: serve a batch at the socket of this number.
        server_below
            The server of a batch is a child of the batch, as in use.
        address
            Of the server that is copied, where it is not that of this process.
        """
        self.args = (program, *words)
        self.returncode: int | None = None
        given = dict(os.environ if env is None else env)
        request = {
            "args": self.args, "cwd": str(cwd), "env": given, "first": first,
            "server_below": server_below,
        }  # fmt: skip
        self._printed: dict[str, str] = {}
        self._files: dict[str, IO[bytes]] = {
            name: tempfile.TemporaryFile()  # noqa: SIM115  # closed when they are read
            for name in ("stdout", "stderr")
        }
        self._server = socket.socket(socket.AF_UNIX)
        self._server.connect(address or server())
        asked = json.dumps(request).encode()
        handles = [file.fileno() for file in self._files.values()]
        handles += [serves] if serves is not None else []
        socket.send_fds(self._server, [b"%08d" % len(asked)], handles)
        self._server.sendall(asked)
        self.pid = self._number(PATIENCE)

    def _number(self, seconds: float) -> int:
        self._server.settimeout(seconds)
        try:
            number = self._server.recv(8, socket.MSG_WAITALL)
        except (TimeoutError, BlockingIOError):
            raise subprocess.TimeoutExpired(self.args, seconds) from None
        assert len(number) == 8, "the server of the tests has ended"
        return int(number)

    def wait(self, timeout: float = PATIENCE) -> int:
        """Wait for the end: the exit code, or the signal below zero."""
        if self.returncode is None:
            self.returncode = self._number(timeout)
            self._server.close()
        return self.returncode

    def poll(self) -> int | None:
        """Give the exit code if it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def communicate(self, timeout: float = PATIENCE) -> tuple[str, str]:
        """Wait for the end and give what was printed, on stdout and stderr."""
        self.wait(timeout)
        for name, file in self._files.items():
            file.seek(0)
            self._printed[name] = file.read().decode()
            file.close()
        self._files.clear()
        return self._printed["stdout"], self._printed["stderr"]

    def send_signal(self, number: int) -> None:
        """Send a signal to the process alone."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once, and all that it started in its session."""
        if self.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
        self.communicate()


class BatchServer(Running):
    """The server of a batch, which need not load everything either.

    It takes the place of `nianbao.batch.worker_pool.start_server`: in each batch that runs as a
    command here, and in a test's own process by the fixture ``ready_servers``.
    """

    def __init__(self, number: int, log: object, address: str = "", first: str = "") -> None:
        """Serve the socket of that number."""
        super().__init__(cwd=Path.cwd(), serves=number, address=address, first=first)

    def wait(self, timeout: float = PATIENCE) -> int:
        """Wait for the end, after which nobody reads what was printed."""
        code = super().wait(timeout)
        for file in self._files.values():
            file.close()
        return code

    def kill(self) -> None:
        """End it at once; its copies end with it."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class ServerBelow(ForkProcess):
    """The server of a batch as a copy of the batch's own process, which has loaded everything."""

    def __init__(self, number: int, log: IO[bytes]) -> None:
        """Serve the socket of that number."""
        super().__init__(target=self._serve, args=(number, log.fileno()))
        self.start()

    @staticmethod
    def _serve(number: int, log: int) -> None:
        from nianbao.batch import worker_server

        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(log, 2)
        # What a new Python would not have: the batch's end of the socket, too.
        os.closerange(3, number)
        os.closerange(number + 1, os.sysconf("SC_OPEN_MAX"))
        worker_server.serve(Connection(number))

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end, like `subprocess.Popen`."""
        self.join(timeout)
        if self.exitcode is None:
            raise subprocess.TimeoutExpired(self.name, timeout or 0)
        return self.exitcode


def run(
    *words: str, cwd: Path, env: Mapping[str, str] | None = None, first: str = "",
    program: str = "nianbao",
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """Run a command to its end."""
    running = Running(*words, cwd=cwd, env=env, first=first, program=program)
    try:
        out, err = running.communicate()
    finally:
        running.kill()
    assert running.returncode is not None
    return subprocess.CompletedProcess(running.args, running.returncode, out, err)


@cache
def start() -> str:
    """Start the server, which ends with this process: it reads the end of a pipe. Its address."""
    place = Path(tempfile.mkdtemp(prefix="nianbao-tests-"))
    address = place / "server"
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(REPOSITORY), str(address)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip

    def end() -> None:
        process.communicate()
        shutil.rmtree(place)

    atexit.register(end)
    return str(address)


@cache
def server() -> str:
    """Give the address of the server, that of all processes of a run if there are more."""
    address = os.environ.get(SHARED) or start()
    until = time.monotonic() + PATIENCE
    while not Path(address).exists():
        assert time.monotonic() < until, "the server of the tests does not start"
        time.sleep(0.02)
    return address


# What follows runs in the server.


def serve(address: str) -> None:
    """Copy this process for each command that is asked for, until the tests end."""
    _load(Path(address).parent / "kept")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{address}.new")
    listener.listen()
    Path(f"{address}.new").rename(address)
    waiting = selectors.DefaultSelector()
    waiting.register(0, selectors.EVENT_READ)
    waiting.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.fileobj == 0:
                return
            if key.fileobj is not listener:
                _report_end(waiting, key)
                continue
            client, _ = listener.accept()
            request, handles = _receive(client)
            child = os.fork()
            if child == 0:
                listener.close()
                client.close()
                waiting.close()
                _become(request, handles, address)
            for handle in handles:
                os.close(handle)
            client.sendall(b"%08d" % child)
            waiting.register(os.pidfd_open(child), selectors.EVENT_READ, (child, client))


def _load(kept: Path) -> None:
    from nianbao.batch.worker_server import warm_up
    from nianbao.files.reading_process import end_reading
    from nianbao.finished.batch_context import read_batch_context

    with tempfile.TemporaryDirectory(prefix="nianbao-tests-") as name:
        for folder in ("params", "data"):
            (Path(name) / folder).mkdir()
        (Path(name) / "notebooks").symlink_to(REPOSITORY / "notebooks")
        warm_up(Path(name), read_batch_context(Path(name), 2024), kept)
    end_reading()
    gc.collect()
    gc.freeze()


def _receive(client: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Read a request with the files for its stdout and stderr, and perhaps a batch's socket."""
    length, handles, _, _ = socket.recv_fds(client, 8, 3)
    request: dict[str, Any] = json.loads(client.recv(int(length), socket.MSG_WAITALL))
    return request, handles


def _report_end(waiting: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    child, client = key.data
    waiting.unregister(key.fileobj)
    os.close(key.fd)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(OSError):  # nobody waits for it any more
        client.sendall(b"%08d" % os.waitstatus_to_exitcode(status))
    client.close()


def _become(request: dict[str, Any], handles: list[int], address: str) -> NoReturn:
    """Be the command, or the server of a batch, in the copy."""
    from nianbao.batch import worker_pool, worker_server

    os.setsid()
    for number, handle in enumerate((os.open(os.devnull, os.O_RDONLY), *handles[:2])):
        os.dup2(handle, number)
        os.close(handle)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # to the very end
    sys.stderr = open(2, "w", 1, encoding="utf-8", closefd=False)  # noqa: SIM115
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ |= request["env"]
    time.tzset()
    tempfile.tempdir = None
    sys.argv = request["args"]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    exec(request["first"], {})
    worker_pool.start_server = partial(BatchServer, address=address, first=request["first"])
    if request["server_below"]:
        worker_pool.start_server = ServerBelow
    worker_server.warm_up = lambda *_: None  # done before it was copied
    code = 0
    try:
        if served := handles[2:]:
            worker_server.serve(Connection(served[0]))
        else:
            (script,) = entry_points(group="console_scripts", name=sys.argv[0])
            script.load()()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    # As Python ends, but for what C libraries do at the end: some wait for threads of theirs that
    # the process had before it was copied.
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, as at any end
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
