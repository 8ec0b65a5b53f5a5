"""Memory of the web's processes while a large file comes in."""

import random
from pathlib import Path

import pytest

from tests.browser.portfolio import KEEPER
from tests.browser.signing_in import sign_in
from tests.documents.files import docx

pytestmark = pytest.mark.browser

MB = 1 << 20


def workers(site):
    """The processes that answer requests."""
    children = Path(f"/proc/{site.web}/task/{site.web}/children").read_text().split()
    assert children
    return [Path("/proc", child) for child in children]


def memory(process, which):
    """In bytes."""
    lines = (process / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(which)) << 10


@pytest.mark.parametrize("script", [False, True], ids=["by the plain form", "in parts"])
def test_a_file_of_100_MB_takes_the_web_less_than_20_MB(opened, site, tmp_path, script):
    page = opened(script=script)
    sign_in(page, site, KEEPER)

    def send(name, size):
        path = tmp_path / name
        noise = random.Random(size).randbytes(size)  # noqa: S311
        path.write_bytes(docx(name, **{"word/media/noise.bin": noise}))
        page.goto(site.url("gateway-project"))
        page.set_input_files("[name=file]", str(path))
        page.locator("form[data-upload] button").click(no_wait_after=True)
        if script:
            page.locator(".sending a").wait_for()
        else:
            page.locator("[name=title]").wait_for()

    send("First.docx", 3 * MB)  # what the first upload loads stays for good
    processes = workers(site)
    for process in processes:
        (process / "clear_refs").write_text("5")
    before = [memory(process, "VmRSS") for process in processes]
    send("Large.docx", 99 * MB)
    assert workers(site) == processes
    grown = [memory(p, "VmHWM") - was for p, was in zip(processes, before, strict=True)]
    assert max(grown) < 20 * MB
