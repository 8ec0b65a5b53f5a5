"""What readers do: filter, choose years, open menus, download, print; also without script."""

import pytest

from tests.browser.pages import follow
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(opened, request):
    """A page with and without script."""
    return opened(script=request.param)


def _open_filters(page):
    """On wide screens the form stands open, and there is nothing to click."""
    if not page.locator("details.filters form").is_visible():
        page.locator("details.filters summary").click()


def test_the_filter_form_narrows_the_list_and_stays_filled(page, site):
    page.goto(site.url("project-list"))
    before = page.locator("main tbody tr").count()
    _open_filters(page)
    page.locator("details.filters [name=q]").fill("Mali")
    follow(page.locator("details.filters button"))
    assert "q=Mali" in page.url
    assert 0 < page.locator("main tbody tr").count() < before
    assert page.locator("details.filters [name=q]").input_value() == "Mali"
    _open_filters(page)
    follow(page.get_by_role("link", name="Clear all"))
    assert page.locator("main tbody tr").count() == before


def test_the_year_range_narrows_the_key_figures(page, site):
    page.goto(site.url("factsheet"))
    page.locator("form.range [name=from]").select_option("2017")
    page.locator("form.range [name=to]").select_option("2017")
    follow(page.locator("#figures form.range button"))
    assert page.url.endswith("?from=2017&to=2017#figures")
    years = page.locator("#figures table").nth(1).locator("tbody th").all_inner_texts()
    assert [year[:4] for year in years] == ["2017"]


def test_a_table_of_a_fund_stands_where_it_is_opened(opened, site):
    page = opened()
    page.goto(site.url("fund"))
    page.locator("details", has=page.locator("#by-year-section")).locator("summary").click()
    page.locator("#by-year-section table").wait_for()
    assert page.locator("#by-year-section a[data-opens]").count() == 0
    assert "show=" not in page.url
    # Its words open what they mean, as those do that the page had from the beginning.
    for word in page.locator("#by-year-section thead button.term").all():
        assert page.locator("#" + word.get_attribute("popovertarget")).count() == 1


def test_without_script_a_link_leads_to_a_table_of_a_fund(opened, site):
    page = opened(script=False)
    page.goto(site.url("fund"))
    page.locator("details", has=page.locator("#by-year-section")).locator("summary").click()
    follow(page.locator("#by-year-section a[data-opens]"))
    assert page.locator("#by-year-section table").is_visible()


def test_sorting_and_paging_are_links(page, site):
    page.goto(site.url("voucher-list"))
    follow(page.locator("main nav.pages a[rel=next]"))
    assert "page=2" in page.url
    follow(page.locator("thead a.sort").first)
    assert "sort=" in page.url
    assert page.locator("main tbody tr").count() > 1


def test_every_format_of_the_tools_menu_downloads(page, site):
    page.goto(site.url("factsheet"))
    for label, start in {"PDF": b"%PDF", "Excel": b"PK", "IATI": b"<?xml"}.items():
        if page.locator("details.menu").get_attribute("open") is None:
            page.locator("details.menu summary").click()
        with page.expect_download() as download:
            page.locator("details.menu a", has_text=label).click()
        assert download.value.path().read_bytes().startswith(start)


def test_tables_of_a_factsheet_download(page, site):
    page.goto(site.url("factsheet"))
    for summary in page.locator("#figures details.more summary").all():
        summary.click()
    for number in range(page.locator("#figures .exports a", has_text="Excel").count()):
        with page.expect_download() as download:
            page.locator("#figures .exports a", has_text="Excel").nth(number).click()
        assert download.value.path().read_bytes().startswith(b"PK")


@pytest.mark.parametrize("name", ["project-list", "factsheet", "fund", "organization"])
def test_no_page_scrolls_sideways_whatever_the_window_becomes(opened, site, name):
    """Tables scroll in their own frame, also after the window has changed its size."""
    page = opened(width=1280)
    page.goto(site.url(name))
    for width in (1280, 1100, 1281, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        # Script of the page answers the new size before the next frame but one.
        page.evaluate("new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def test_every_format_of_a_list_downloads(page, site):
    page.goto(site.url("project-list"))
    for label, start in {"Excel": b"PK", "CSV": b"\xef\xbb\xbf", "PDF": b"%PDF"}.items():
        with page.expect_download() as download:
            page.locator(".exports a", has_text=label).click()
        assert download.value.path().read_bytes().startswith(start)


def test_the_print_view_has_the_figures_and_no_controls(page, site):
    page.goto(site.url("factsheet") + "?format=print")
    assert page.locator("#figures table").count() == 3
    assert page.locator("#vouchers tbody tr").count() > 0
    for control in ("header form.search", "nav.nav", "details.menu", "form.range"):
        assert page.locator(control).is_hidden()


def test_feedback_about_a_figure_names_it_and_is_received(page, site):
    page.goto(site.url("factsheet"))
    follow(page.locator("#figures .ask a").first)
    assert site.pages["factsheet"] in page.locator("main form").inner_text()
    page.locator("main textarea").fill("Where does this number come from?")
    page.locator("main [name=topic]").first.wait_for()
    topic = page.locator("main select[name=topic]")
    if topic.count():
        topic.select_option(index=1)
    else:
        page.locator("main [name=topic]").first.check()
    follow(page.locator("main form button"))
    assert page.locator("h1").inner_text() == "Thank you"


def focus_is_drawn(page) -> bool:
    """Whether the focused element has an outline or a shadow."""
    return page.evaluate(
        """() => {
            const style = getComputedStyle(document.activeElement);
            return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
                || style.boxShadow !== "none";
        }"""
    )


def test_the_first_tab_stop_leads_past_the_navigation(opened, site):
    page = opened()
    page.goto(site.url("factsheet"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#main"
    assert page.locator("a.skip").is_visible()
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["factsheet", "project-list"])
def test_every_tab_stop_shows_its_focus(opened, site, name, dark):
    page = opened(dark=dark)
    page.goto(site.url(name))
    seen = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        seen += 1
        assert focus_is_drawn(page), page.evaluate("document.activeElement.outerHTML")
    assert seen > 20


def test_the_tools_menu_works_by_keyboard(opened, site):
    page = opened()
    page.goto(site.url("factsheet"))
    summary = page.locator("details.menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("details.menu a").first.wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip().startswith("Print")
    page.keyboard.press("Escape")
    page.locator("details.menu a").first.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_what_is_offered_while_one_writes_is_chosen_by_keyboard(opened, site):
    page = opened()
    page.goto(site.url("home"))
    field = page.locator("#home-q")
    field.fill("102004")
    offered = page.locator("#home-q-suggestions [role=option]")
    offered.first.wait_for()
    assert "00102004" in offered.first.inner_text()
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == offered.first.get_attribute("id")
    field.press("Escape")
    offered.first.wait_for(state="hidden")
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/project/00102004/")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_word_opens_what_it_means_where_it_stands_by_keyboard(page, site, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(site.url("factsheet"))
    word = page.locator("main button.term", has_text="Delivery rate").first
    note = page.locator("#term-delivery-rate")
    assert not note.is_visible()
    word.focus()
    page.keyboard.press("Enter")
    note.wait_for()
    # The page scrolls smoothly to what has the focus. Asked from outside: a page without script
    # runs nothing again by itself.
    wait_until(
        lambda: page.evaluate(
            """() => {
                const box = document.querySelector("#term-delivery-rate").getBoundingClientRect();
                return box.left >= 0 && box.right <= innerWidth && box.top >= 0
                    && box.bottom <= innerHeight;
            }"""
        )
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#delivery-rate"
    page.keyboard.press("Escape")
    note.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.textContent") == word.inner_text()
    word.click()
    note.get_by_role("button").click()
    note.wait_for(state="hidden")
    word.click()
    follow(note.get_by_role("link"))
    assert page.url.endswith("/glossary/#delivery-rate")


@pytest.mark.parametrize("name", ["project-list", "voucher-list", "fund", "factsheet"])
def test_on_paper_every_column_has_its_heading_and_citations_are_for_people(opened, site, name):
    page = opened(width=1280)
    page.goto(site.url(name))
    page.emulate_media(media="print")
    heads = page.locator("thead th")
    stands, printed = heads.all_text_contents(), heads.all_inner_texts()
    assert stands and [bool(text.strip()) for text in printed] == [
        bool(text.strip()) for text in stands
    ]
    assert not page.locator("details.cite pre").first.is_visible()
