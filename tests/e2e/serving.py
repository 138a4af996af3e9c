"""A real server for the browser: `streamlit run app.py` on a free loopback port, with a store of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).resolve().parents[2]
# Chromium of the system; Playwright's own download is not needed.
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
NO_BROWSER = "neither chromium nor google-chrome is installed"
START_TIMEOUT_S = 60
READY_TIMEOUT_MS = 45_000
_READY = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
# A click starts its run a moment later: the page is ready when it says so twice, this far apart.
_SETTLE_MS = 150


def sqlite_url(path: Path) -> str:
    """Return the store's URL of a SQLite file."""
    return f"sqlite:///{path}"


def fill_with_demo(url: str, posts: int, days: int) -> None:
    """Load invented posts and check the numbers, by the commands `make run` gives."""
    command = [sys.executable, "-m", "data_sources", "demo", "--posts", str(posts), "--days", str(days), "--seed", "7"]
    subprocess.run(command, cwd=ROOT, env=_environment(url), check=True, capture_output=True)
    command = [sys.executable, "-m", "db", "selfcheck"]
    subprocess.run(command, cwd=ROOT, env=_environment(url), check=True, capture_output=True)


@contextmanager
def serving(url: str, log: Path) -> Iterator[str]:
    """Serve the app over the store ``url``; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--browser.serverAddress=127.0.0.1"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options],
            cwd=ROOT,
            env=_environment(url),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_up(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Start the installed Chromium without a display."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    try:
        yield browser
    finally:
        browser.close()


def settle(page: Page) -> None:
    """Wait until the script has run, twice in a row."""
    for _ in range(2):
        page.wait_for_selector(_READY, timeout=READY_TIMEOUT_MS, state="attached")
        page.wait_for_timeout(_SETTLE_MS)
    page.wait_for_selector(_READY, timeout=READY_TIMEOUT_MS, state="attached")


def _environment(url: str) -> dict[str, str]:
    return {**os.environ, "MINWON_DB_URL": url, "PYTHONPATH": str(ROOT)}


def _wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"streamlit ended with code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer within {START_TIMEOUT_S} s")
