"""`serve` runs the dashboard on this machine only, on a free port, and ends when it is asked to stop."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from relief import dashboard
from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home

STARTED = "dashboard: http://127.0.0.1:"
PROGRAM = """
import sys
from pathlib import Path
from relief.dashboard import serve
from relief.home import Home
serve(Home(Path(sys.argv[1])), int(sys.argv[2]), lambda line: print(line, flush=True))
"""


@contextmanager
def serving(
    home: Path, port: int, settings: dict[str, str] | None = None
) -> Iterator[tuple["subprocess.Popen[str]", int, list[str]]]:
    """Start a process that serves; yield it with its port and the lines that it printed until it was ready."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_DIR), **(settings or {})}
    arguments = [sys.executable, "-c", PROGRAM, str(home), str(port)]
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment, cwd=PROJECT_DIR)
    try:
        said: list[str] = []
        assert child.stdout is not None
        for line in child.stdout:
            said.append(line.strip())
            if line.startswith(STARTED):
                break
        yield child, int(said[-1].removeprefix(STARTED).split()[0]), said
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait(30)


def connects(address: str, port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(2)
        return client.connect_ex((address, port)) == 0


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_on_this_machine_only_and_stops_with_its_server(tmp_path: Path, sign: signal.Signals) -> None:
    with serving(tmp_path, dashboard.free_port(18801)) as (child, port, _):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=10) as answer:
            assert answer.status == 200
        assert not connects("127.0.0.2", port)
        child.send_signal(sign)
        rest, _ = child.communicate(timeout=30)
        assert child.returncode == 0
        assert "dashboard stopped" in rest
        deadline = time.monotonic() + 10
        while connects("127.0.0.1", port) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not connects("127.0.0.1", port)


def test_a_busy_port_is_said_and_the_next_free_one_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        with serving(tmp_path, busy) as (_, port, said):
            assert port > busy
            assert said[0] == f"port {busy} is in use; taking {port} instead"


def shake_hands(port: int, origin: str) -> bytes:
    """First line of the server's answer to a browser that opens the websocket from a page of this origin."""
    lines = (
        "GET /_stcore/stream HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: {origin}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: streamlit",
    )
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        return client.recv(200).split(b"\r\n")[0]


def test_a_page_of_another_origin_is_refused_and_nobody_is_asked_for_an_address(tmp_path: Path) -> None:
    # All requests of the server to the internet go to this proxy, which only counts them.
    with socket.socket() as proxy:
        proxy.bind(("127.0.0.1", 0))
        proxy.listen()
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        settings = {name: address for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")}
        settings |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        with serving(tmp_path, dashboard.free_port(18821), settings) as (_, port, _):
            assert b" 403 " in shake_hands(port, "https://example.org")
            assert b" 101 " in shake_hands(port, f"http://127.0.0.1:{port}")
        proxy.setblocking(False)
        with pytest.raises(BlockingIOError):
            proxy.accept()


def test_no_free_port_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "PORTS_TO_TRY", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ReliefError, match=r"name another: relief dashboard --port N"):
            dashboard.free_port(taken.getsockname()[1])


def test_the_server_sends_nothing_out_and_shows_no_traceback() -> None:
    command = dashboard.command(PROJECT_DIR / "dashboards" / "app.py", 18501)
    for option in (
        "--server.address=127.0.0.1",
        "--browser.gatherUsageStats=false",
        "--browser.serverAddress=127.0.0.1",
        "--client.showErrorDetails=none",
        "--client.disableDataExport=true",
    ):
        assert option in command


def test_the_servers_environment_names_the_data_folder(tmp_path: Path) -> None:
    assert dashboard.environment(Home(tmp_path))["RELIEF_HOME"] == str(tmp_path)
