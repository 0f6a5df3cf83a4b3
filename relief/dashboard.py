"""Start the dashboard on this machine, report its address, and stop it when asked."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from relief.errors import ReliefError
from relief.home import PROJECT_DIR, Home

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8501
PORTS_TO_TRY = 20
START_SECONDS = 60.0
STOP_SECONDS = 5.0


def serve(
    home: Home, port: int = DEFAULT_PORT, report: Callable[[str], None] = print, *, open_browser: bool = False
) -> None:
    """Serve the dashboard of ``home`` on 127.0.0.1 until Ctrl-C or a termination signal; then stop it."""
    app = PROJECT_DIR / "dashboards" / "app.py"
    if not app.exists():
        raise ReliefError(f"{app} is missing; run this from a full checkout of the project")
    chosen = free_port(port)
    if chosen != port:
        report(f"port {port} is in use; taking {chosen} instead")
    server = subprocess.Popen(command(app, chosen), cwd=PROJECT_DIR, env=environment(home), stdout=subprocess.DEVNULL)
    before = signal.signal(signal.SIGTERM, _terminated)
    # A shell that starts this process in the background makes it ignore Ctrl-C, but Ctrl-C must stop the pages.
    interrupt_before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        wait_until_ready(server, chosen)
        address = f"http://{ADDRESS}:{chosen}"
        report(f"dashboard: {address} (Ctrl-C stops it)")
        if open_browser:
            webbrowser.open(address)
        if server.wait() != 0:
            raise ReliefError(f"the dashboard stopped by itself with code {server.returncode}; start it again")
    except KeyboardInterrupt:
        report("dashboard stopped")
    finally:
        stop(server)
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupt_before)


def command(app: Path, port: int) -> list[str]:
    """The command that starts Streamlit. Options that protect the office's data override a user's own settings."""
    options = {
        "server.address": ADDRESS,
        "server.port": str(port),
        "server.headless": "true",
        "server.showEmailPrompt": "false",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": ADDRESS,
        "client.showErrorDetails": "none",
        "client.disableDataExport": "true",
    }
    flags = [f"--{key}={value}" for key, value in options.items()]
    return [sys.executable, "-m", "relief.dashboard_server", "run", str(app), *flags]


def environment(home: Home) -> dict[str, str]:
    """The environment of the server: its data folder and the project's own modules."""
    paths = [str(PROJECT_DIR), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "RELIEF_HOME": str(home.path), "PYTHONPATH": os.pathsep.join(paths)}


def free_port(wanted: int) -> int:
    """The requested port, or the next free port if that one is in use."""
    last = min(wanted + PORTS_TO_TRY, 65536)
    for port in range(wanted, last):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
            return port
    raise ReliefError(f"no port from {wanted} to {last - 1} can be used; name another: relief dashboard --port N")


def wait_until_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until the server answers. Raise a ReliefError if the server ends or does not answer in time."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ReliefError(f"the dashboard did not start (code {server.returncode}); is streamlit installed?")
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise ReliefError(f"the dashboard did not answer on {ADDRESS}:{port} within {START_SECONDS:.0f} seconds")


def stop(server: "subprocess.Popen[bytes]") -> None:
    """End the server: ask twice, then kill it."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        if server.poll() is not None:
            return
        server.send_signal(sign)
        try:
            server.wait(STOP_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            continue
    if server.poll() is None:
        server.kill()
        server.wait()


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    """End the dashboard on a termination signal as on Ctrl-C."""
    raise KeyboardInterrupt
