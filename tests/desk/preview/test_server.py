"""The preview over HTTP: for this machine's browser alone, the bureau's own files alone."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.projects import WORKED, copy_project

from nianbao.desk.preview.server import PreviewServer
from nianbao.desk.preview.session import Session, View
from nianbao.errors import UsageError


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PreviewServer]:
    session = Session(tmp_path, *WORKED)
    session.view = View(1, "<!DOCTYPE html><p>报告</p>", ("一处错误",))
    served = PreviewServer(session, 0)
    served.folder.mkdir(parents=True)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield served
    served.stopping = True
    served.tell()
    served.shutdown()
    served.server_close()
    thread.join()


def ask(
    server: PreviewServer, path: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=given)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def test_it_listens_on_the_loopback_address_alone(server: PreviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("path", ["/", "/shell.js", "/shell.css", "/page", "/state"])
def test_every_part_is_served_under_a_policy(server: PreviewServer, path: str) -> None:
    status, headers, body = ask(server, path)
    assert (status, bool(body)) == (200, True)
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_report_itself_may_run_no_script(server: PreviewServer) -> None:
    _, headers, _ = ask(server, "/page")
    assert "script-src" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "[::1]:{port}"]
)
def test_another_host_is_refused(server: PreviewServer, host: str) -> None:
    named = host.format(port=server.server_port)
    assert ask(server, "/state", Host=named)[0] == 403


def test_localhost_is_this_machine_too(server: PreviewServer) -> None:
    assert ask(server, "/state", Host=f"localhost:{server.server_port}")[0] == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_page_is_refused(server: PreviewServer, site: str) -> None:
    assert ask(server, "/state", Sec_Fetch_Site=site)[0] == 403


def test_only_reading_is_possible(server: PreviewServer) -> None:
    assert ask(server, "/", "POST")[0] == 501
    assert ask(server, "/", "HEAD")[2] == b""


def test_files_of_the_own_output_folder_are_served(server: PreviewServer) -> None:
    (server.folder / "report.pdf").write_bytes(b"%PDF")
    status, headers, body = ask(server, "/files/report.pdf")
    assert (status, headers["Content-Type"], body) == (200, "application/pdf", b"%PDF")
    assert json.loads(ask(server, "/state")[2])["files"] == ["report.pdf"]


def test_no_other_file_is_served(server: PreviewServer, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("秘密")
    neighbour = server.folder.parent / "2023"
    neighbour.mkdir()
    (neighbour / "report.pdf").write_bytes(b"%PDF")
    (server.folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    for path in (
        "/files/../2023/report.pdf",
        "/files/..%2f2023%2freport.pdf",
        "/files//" + str(tmp_path / "secret.txt"),
        "/files/" + str(tmp_path / "secret.txt"),
        "/files/link.txt",
        "/files/",
        "/files/report.pdf",
        "/secret.txt",
    ):
        assert ask(server, path)[0] == 404, path


def test_the_state_tells_what_is_wrong(server: PreviewServer) -> None:
    state = json.loads(ask(server, "/state")[2])
    assert (state["number"], state["problems"], state["page"]) == (1, ["一处错误"], True)
    assert state["edits"] == ""


def test_an_open_page_is_told_of_each_change(server: PreviewServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request("GET", "/events")
    stream = connection.getresponse()
    assert stream.readline() == b"data: 1\n"
    server.session.view = View(2, "")
    server.tell()
    assert (stream.readline(), stream.readline()) == (b"\n", b"data: 2\n")
    connection.close()


def test_a_port_that_is_taken_is_told(server: PreviewServer) -> None:
    with pytest.raises(UsageError, match="--port"):
        PreviewServer(server.session, server.server_port)


@pytest.mark.slow
def test_the_command_stops_cleanly_with_ctrl_c(tmp_path: Path) -> None:
    root = copy_project(tmp_path, WORKED[0])
    script = "import sys; from nianbao.cli.main import main; main()"
    command = [sys.executable, "-W", "error", "-c", script, "preview", WORKED[0], str(WORKED[1])]
    with subprocess.Popen(
        [*command, "--port", "0", "--root", str(root)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        first = process.stdout.readline()
        # The address ends at a blank.
        assert re.fullmatch(r"预览地址：http://127\.0\.0\.1:\d+/ （按 Ctrl\+C 停止）\n", first)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        try:
            rest, told = process.communicate(timeout=20)
        except subprocess.TimeoutExpired:  # else the end of the block would wait for ever
            process.kill()
            raise
    assert (process.returncode, rest, told) == (0, "预览已停止。\n", "")
