"""A copy of the site, read from its folder and from a plain web server."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from portal.mirror.publishing import make_mirror
from tests.browser.conftest import Watch
from tests.browser.pages import follow
from tests.browser.test_accessibility import in_the_dark, too_wide, violations
from tests.portal.api.test_lists import portfolio
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and logs nothing."""

    def log_message(self, format: str, *_arguments: Any) -> None:
        """Nothing."""


@contextmanager
def serving_folder(folder: Path) -> Iterator[str]:
    """The address of a plain web server of the folder’s files."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def opened_at(browser: Any, root: str) -> Iterator[Any]:
    """A page that may ask nobody but the copy, and at whose end nothing was wrong."""
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE * 1000)
    watch = Watch(root)
    watch.over(page)
    yield page
    page.context.close()
    assert watch.faults == []


def test_it_is_read_from_its_folder_and_searched_by_a_plain_web_server(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The browser’s loop runs in this thread; nothing of the database is asked by it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    project = portfolio(count=2)[0]
    copy = make_mirror(tmp_path / "copy", say=lambda _text: None).folder
    with opened_at(browser, copy.as_uri()) as page:
        page.goto(f"{copy.as_uri()}/index.html")
        follow(page.locator("nav.nav a").first)
        follow(page.locator("main tbody a[href*='project/']").first)
        assert page.locator("aside.strip:has-text('This is a copy')").is_visible()
        assert page.locator("main table").count()
        follow(page.locator("aside.strip a", has_text="About this copy"))
        follow(page.locator("main a", has_text="Projects"))
        assert page.locator("main li a[href*='project/']").count() == 2
        page.goto(f"{copy.as_uri()}/search/index.html?q=x")
        assert "http.server" in page.locator("#found [role=status]").inner_text()
    with serving_folder(copy) as root, opened_at(browser, root) as page:
        page.goto(root)
        page.locator("#q").fill(project.title)
        follow(page.locator(".site-head form.search button"))
        page.locator("#found h2 a").first.wait_for()
        found = page.locator("#found h2 a").evaluate_all("all => all.map(one => one.href)")
        assert f"{root}project/{project.number}/index.html" in found
        follow(page.locator("#found h2 a").first)
        assert project.title in page.locator("h1").inner_text()


def test_axe_finds_nothing_on_pages_of_a_copy_and_none_is_wider_than_the_window(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    project = portfolio(count=2)[0]
    copy = make_mirror(tmp_path / "copy", say=lambda _text: None).folder
    found: dict[str, list[str]] = {}
    looks: dict[str, int] = {}
    with serving_folder(copy) as root, opened_at(browser, root) as page:
        for path in ("", f"project/{project.number}/", "projects/", f"search/?q={project.number}"):
            page.goto(root + path)
            if path.startswith("search/"):
                page.wait_for_selector("#found li")
            found[path] = []
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                # Asked last: a page measures its frames anew when its window was changed.
                found[path] += [*violations(page, looks), *too_wide(page)]
            # Colours are the same at each width.
            found[path] += in_the_dark(page, looks)
    assert {path: faults for path, faults in found.items() if faults} == {}
