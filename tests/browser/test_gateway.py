"""My Gateway in a browser: axe and widths, and uploads over a line that keeps breaking."""

import random

import pytest

from tests.browser.axe import in_both_windows
from tests.browser.pages import follow
from tests.browser.portfolio import KEEPER
from tests.browser.signing_in import sign_in
from tests.documents.files import docx
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.browser

FILES, SIZE = 14, 3 << 20
# 128 kbit/s; both the line and the script's waiting are so many times as fast.
FASTER = 1000
SPEED = FASTER * 16_000
HURRY = f"const wait = setTimeout; window.setTimeout = (then, ms) => wait(then, ms / {FASTER})"


def test_the_gateway_is_accessible_and_fits(opened, site):
    names = [name for name in site.pages if name.startswith("gateway")]
    assert len(names) > 8
    found, looks, page = {}, {}, opened()
    for name in ("sign-in", "forgotten"):
        page.goto(site.url(name))
        found[name] = in_both_windows(page, looks)
    sign_in(page, site, KEEPER)
    for name in names:
        page.goto(site.url(name))
        found[name] = in_both_windows(page, looks)
    assert {place: faults for place, faults in found.items() if faults} == {}


def test_all_files_arrive_over_a_line_that_keeps_breaking(browser, site, tmp_path):
    noise = random.Random(5)  # noqa: S311
    paths = []
    for number in range(FILES):
        path = tmp_path / f"Monthly report {number + 1}.docx"
        parts = {"word/media/noise.bin": noise.randbytes(SIZE)}
        path.write_bytes(docx(f"The report of month {number + 1}.", **parts))
        paths.append(path)
    context = browser.new_context()
    context.set_default_timeout(PATIENCE * 1000)
    context.add_init_script(HURRY)
    page = context.new_page()
    sign_in(page, site, KEEPER)
    page.goto(site.url("gateway-project"))
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    failed, answered = [], []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda response: answered.append(response.url))
    page.set_input_files("[name=file]", [str(path) for path in paths])
    page.locator("form[data-upload] button").click()
    done = page.locator(".sending a:not(.all)")
    cuts = 0
    while done.count() < FILES:
        # Up until something came through, then down until something failed.
        for offline, seen in ((False, answered), (True, failed)):
            conditions = {"latency": 5, "downloadThroughput": SPEED, "uploadThroughput": SPEED}
            line.send("Network.emulateNetworkConditions", {"offline": offline, **conditions})
            before = len(seen)
            wait_until(lambda: done.count() == FILES or len(seen) > before)  # noqa: B023
        cuts += 1
        assert page.locator(".sending .failed").count() == 0
        assert cuts < 400
    assert cuts > 10 and len(failed) > 5
    assert page.locator(".sending progress").count() == 0
    whole = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", whole)
    page.goto(site.url("gateway"))
    for path in paths:
        assert page.get_by_role("link", name=path.stem, exact=True).count() == 1
    context.close()


def test_without_script_a_plain_form_takes_the_file(opened, site, tmp_path):
    path = tmp_path / "Plain.docx"
    path.write_bytes(docx("Without script."))
    page = opened(script=False)
    sign_in(page, site, KEEPER)
    page.goto(site.url("gateway-project"))
    page.set_input_files("[name=file]", str(path))
    page.locator("form[data-upload] button").click()
    assert page.input_value("[name=title]") == "Plain"
    follow(page.locator("main form button").first)
    assert page.locator("#errors").count() == 1
    assert page.input_value("[name=title]") == "Plain"


def test_with_script_a_refusal_is_read_beside_the_file(opened, site, tmp_path):
    path = tmp_path / "Page.pdf"
    path.write_bytes(b"<html><script>alert(1)</script>")
    page = opened()
    sign_in(page, site, KEEPER)
    page.goto(site.url("gateway-project"))
    page.set_input_files("[name=file]", str(path))
    page.locator("form[data-upload] button").click()
    page.locator(".sending .failed").wait_for()
    assert "could run" in page.locator(".sending .failed").inner_text()


def test_only_reports_are_asked_for_period_and_organization(opened, site, tmp_path):
    path = tmp_path / "Audit.docx"
    path.write_bytes(docx("The audit of the project."))
    page = opened(script=False)
    sign_in(page, site, KEEPER)
    page.goto(site.url("gateway-project"))
    page.set_input_files("[name=file]", str(path))
    page.locator("form[data-upload] button").click()
    kinds = {"Audit": (False, False), "Annual narrative report": (True, True),
             "Final narrative report": (False, True), "Photo": (False, False)}  # fmt: skip
    for kind, (period, organization) in kinds.items():
        page.select_option("[name=type]", label=kind)
        assert page.locator("[name=period]").is_visible() == period, kind
        assert page.locator(".of-report").is_visible() == organization, kind


def test_files_can_be_dragged_onto_the_form(opened, site):
    page = opened()
    sign_in(page, site, KEEPER)
    page.goto(site.url("gateway-project"))
    page.evaluate(
        """() => {
          const moved = new DataTransfer();
          for (const name of ["One.txt", "Two.txt"])
            moved.items.add(new File(["The report " + name], name, { type: "text/plain" }));
          const form = document.querySelector("form[data-upload]");
          for (const kind of ["dragenter", "dragover", "drop"])
            form.dispatchEvent(new DragEvent(kind, {
              bubbles: true, cancelable: true, dataTransfer: moved }));
        }"""
    )
    page.locator(".sending a").nth(1).wait_for()
    assert page.locator(".sending .failed").count() == 0


def test_turns_of_an_upload_are_told_and_not_each_percent(opened, site, tmp_path):
    path = tmp_path / "Long.txt"
    path.write_bytes(b"The report goes on. " * 160_000)
    page = opened()
    sign_in(page, site, KEEPER)
    page.goto(site.url("gateway-project"))
    page.evaluate(
        """() => {
          window.heard = [];
          for (const region of document.querySelectorAll("main [aria-live], main [role=status]"))
            new MutationObserver(() => window.heard.push(region.textContent.trim()))
              .observe(region, { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.set_input_files("[name=file]", str(path))
    page.locator("form[data-upload] button").click()
    page.locator(".sending a").wait_for()
    assert page.evaluate("window.heard") == [
        "Long.txt – sending", "Long.txt – received; complete it",
    ]  # fmt: skip
