"""A real JupyterLab and a real browser, for tests and for screenshots."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

# A browser that looks up nothing outside this machine.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path(__file__).parent / "screenshots"  # git-ignored; for looking at
START_TIMEOUT = 60  # seconds
SHEET = 2_600  # px of notebook on one screenshot


def chromium() -> str | None:
    """Path of the system's Chromium, or None for Playwright's own."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Serve ``folder`` with JupyterLab; yields the server's address."""
    programs = Path(sys.executable).parent
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    command = [str(programs / "jupyter"), "lab", f"--notebook-dir={folder}"]
    with served(command, os.environ | {"PATH": path}, folder) as address:
        yield address


@contextlib.contextmanager
def served(command: list[str], environment: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Run a command that starts JupyterLab; yields the server's address."""
    port = _free_port()
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="]
    with tempfile.TemporaryDirectory() as settings:
        _write_settings(Path(settings) / "settings")
        own = {
            "JUPYTERLAB_SETTINGS_DIR": f"{settings}/settings",
            "JUPYTERLAB_WORKSPACES_DIR": f"{settings}/workspaces",
        }
        process = subprocess.Popen(
            [*command, *options],
            cwd=folder,  # nbgrader reads the settings of a course from here
            env={**environment, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{address}/api")
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _write_settings(folder: Path) -> None:
    """No question about news over the page, and every cell rendered, in view or not."""
    wanted = {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},
    }
    for name, values in wanted.items():
        file = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values))


def _wait_for(address: str) -> None:
    end = time.monotonic() + START_TIMEOUT
    while time.monotonic() < end:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=2).close()
            return
        time.sleep(0.3)
    raise TimeoutError(f"JupyterLab did not answer at {address} in {START_TIMEOUT} s")


def open_notebook(page: Page, address: str, name: str) -> None:
    """Open a notebook and wait until its kernel is idle."""
    page.goto(f"{address}/lab/tree/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    _wait_until_idle(page)


def run_all(page: Page, timeout: float) -> None:
    """Run all cells from the menu and wait until the kernel is idle again.

    Args:
        page: a page with an open notebook.
        timeout: seconds.
    """
    page.locator(".jp-Notebook .jp-Cell").first.click()  # until it has the focus, Run is disabled
    page.get_by_role("menuitem", name="Run", exact=True).click()
    enabled = page.locator(".lm-Menu-item:not(.lm-mod-disabled)")
    enabled.get_by_text("Run All Cells", exact=True).click()
    _wait_for_prompts(page, "some(text => /[*0-9]/.test(text))", START_TIMEOUT)
    _wait_for_prompts(page, "every(text => !text.includes('*'))", timeout)
    _wait_until_idle(page)


def _wait_for_prompts(page: Page, condition: str, timeout: float) -> None:
    """Wait for what the prompts of the code cells, ``[ ]``, ``[*]`` or ``[3]``, should show."""
    page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-InputPrompt')]"
        f".map(prompt => prompt.textContent).{condition}",
        timeout=timeout * 1_000,
    )


def _wait_until_idle(page: Page) -> None:
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)


def whole_notebook(page: Page, target: Path, width: int = 1100) -> list[Path]:
    """Screenshots of the whole notebook, its figures included, a few thousand px each.

    Args:
        page: a page with an open notebook.
        target: PNG to write; a number is added to its name.
        width: px of the window.

    Returns:
        The files written, from top to bottom.
    """
    page.keyboard.press("Control+b")  # the file list out of the way
    page.set_viewport_size({"width": width, "height": SHEET + 100})
    page.wait_for_timeout(1_000)
    scroller = page.locator(".jp-NotebookPanel-notebook .jp-WindowedPanel-outer").first
    height, step = scroller.evaluate("element => [element.scrollHeight, element.clientHeight]")
    written = []
    for number, top in enumerate(range(0, int(height), int(step)), start=1):
        scroller.evaluate("(element, top) => element.scrollTo(0, top)", top)
        page.wait_for_timeout(500)
        written.append(target.with_stem(f"{target.stem}-{number:02d}"))
        scroller.screenshot(path=written[-1])
    return written
