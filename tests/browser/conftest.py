"""A site run as in production, and one Chromium for all tests of this folder."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.databases import CHECKOUT, database
from tests.waiting import PATIENCE, wait_until

# What a worker does with the mail that pages put into the queue.
_SEND = "import django; django.setup(); from portal.work.mail import send_due; send_due()"


@dataclass
class Site:
    """A running portal: its root and one address of each kind of page."""

    root: str
    pages: dict[str, str]
    folder: Path
    environment: dict[str, str]
    web: int  # the process of gunicorn that starts the others

    def mails_to(self, email: str) -> list[str]:
        """What was mailed to somebody, oldest first."""
        manage(self.environment, "-c", _SEND)
        files = sorted((self.folder / "mail").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        texts = [file.read_text() for file in files]
        return [text for text in texts if f"To: {email}" in text]

    def url(self, name: str, language: str = "") -> str:
        """The whole address of a page by its name, and of its language where it is not English."""
        return self.root + (language and f"/{language}") + self.pages[name]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """gunicorn, hashed static files through WhiteNoise, strict CSP, a database of its own."""
    folder = tmp_path_factory.mktemp("site")
    # Held from here on, so that nobody else takes the port meanwhile.
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    with listening, database(f"test_browser_{os.getpid()}") as leading_there:
        environment = leading_there | {
            "VAR_DIR": str(folder),
            "SITE_URL": f"http://localhost:{port}",
            "EMAIL_URL": "filemail://",
        }
        manage(environment, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
        pages = json.loads(manage(environment, "-m", "tests.browser.portfolio"))
        with serving(listening, environment, folder / "web.log") as web:
            yield Site(f"http://localhost:{port}", pages, folder, environment, web.pid)


@contextmanager
def serving(
    listening: socket.socket, environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen]:
    """gunicorn behind the socket, in this environment, until the block is left."""
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi"]
    command += ["--bind", f"fd://{listening.fileno()}"]
    command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
    with log.open("wb") as output:
        web = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stderr=output, stdout=output,
            pass_fds=[listening.fileno()],
        )  # fmt: skip
    try:
        wait_until(lambda: _answers(f"http://localhost:{listening.getsockname()[1]}/"), alive=web)
        yield web
    finally:
        web.terminate()
        web.wait(PATIENCE)


def manage(environment: dict[str, str], *arguments: str) -> str:
    """What a program of the checkout prints in this environment."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=CHECKOUT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _answers(url: str) -> bool:
    try:
        urlopen(url).close()  # noqa: S310
    except URLError:
        return False
    return True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or Playwright's own where there is none."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@dataclass
class Watch:
    """What pages did that they should not do."""

    root: str
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Note errors of the console, CSP violations included, and requests elsewhere."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # The page itself being a 404 is no fault when that was asked for; see _response.
        if message.type in {"error", "warning"} and not re.search("404|410", message.text):
            self.faults.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.root, "data:", "blob:")):
            self.faults.append(f"a request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        wanted = response.request.is_navigation_request()
        if response.status >= (500 if wanted else 400):
            self.faults.append(f"{response.status} {response.url}")


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Makes pages of a given look; at the end none may have had an error."""
    watch, contexts = Watch(site.root), []

    def open_page(*, width: int = 1280, script: bool = True, dark: bool = False) -> Page:
        context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not watch.faults
