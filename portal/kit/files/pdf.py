"""PDF by WeasyPrint: the page's own template on paper, with nothing fetched from anywhere.

Each is a PDF/A-3a, tagged for PDF/UA-1; those of tables have the data inside.
"""

from __future__ import annotations

import gc
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils._os import safe_join
from django.utils.http import content_disposition_header
from django.utils.translation import get_language_bidi, gettext

from portal.kit.dates import asked_dates
from portal.kit.files.about import About
from portal.kit.files.archival import OUTPUT_INTENT, VARIANT, Archival, Attached, attachments
from portal.kit.files.directions import with_directions
from portal.kit.files.drawn_text import as_drawn
from portal.kit.files.links import export_links
from portal.kit.kept_dates import keep_dates

_SHEET = re.compile(r'<link rel="stylesheet"[^>]*?\shref="([^"]*)"[^>]*>')
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")


def pdf_response(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    file_name: str,
    *,
    about: About,
    files: Sequence[Attached] = (),
) -> HttpResponse:
    """The template as a PDF, or a page that says why there is none.

    file_name: without ending; the date and, if so, the mark of a sample are added.
    about: what the file says of itself. files: what is attached to it.
    """
    try:
        import weasyprint
    except OSError as error:  # Pango is a library of the system, not of Python.
        return unavailable(request, error)
    stated = {
        "source_url": about.source,
        "made_at": about.made_at,
        **context,
        "attached": len(files),
        "pdf": True,
        "print_view": True,
    }
    html = keep_dates(render_to_string(template, stated, request), asked_dates(request))
    html = as_drawn(with_directions(html))
    # They import WeasyPrint, too.
    from portal.kit.files.drawn_rows import rendered
    from portal.kit.files.row_tags import tag_rows

    base_url = settings.SITE_URL + request.path
    page = partial(
        weasyprint.HTML, base_url=base_url, url_fetcher=_fetcher(request), media_type="print"
    )

    with _uncollected():
        html, sheets = sheets_apart(html, request)
        document = rendered(
            html,
            lambda string: page(string=string),
            base_url,
            pdf_variant=VARIANT,
            output_intent=OUTPUT_INTENT,
            stylesheets=[*sheets, weasyprint.CSS(string=_margins())],
        )
        content = document.write_pdf(
            pdf_variant=VARIANT,
            output_intent=OUTPUT_INTENT,
            attachments=attachments(files, about.made_at),
            finisher=Archival(about, tag_rows),
        )
    response = HttpResponse(content, content_type="application/pdf")
    disposition = content_disposition_header(True, about.file_name(file_name, "pdf"))
    response.headers["Content-Disposition"] = disposition
    return response


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing of a document is garbage before it is written, and to look for some again and again
    takes a quarter of all the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # Who finds it off is within another document, which turns it on.
        if was_on:
            gc.enable()


def _margins() -> str:
    """What stands at the edges of each page, in the active language and its direction."""
    pages = gettext("Page %(page)s of %(pages)s") % {"page": "\0page\0", "pages": "\0pages\0"}
    counted = " ".join(
        f"counter({part})" if part in {"page", "pages"} else f'"{part}"'
        for part in pages.split("\0")
    )
    begin, end = ("right", "left") if get_language_bidi() else ("left", "right")
    direction = "rtl" if get_language_bidi() else "ltr"
    return (
        f"@page {{ direction: {direction};"
        f" @top-{end} {{ content: string(title); width: 100%; }}"
        f" @bottom-{begin} {{ content: string(source); width: 80%; }}"
        f" @bottom-{end} {{ content: {counted}; }} }}"
        f"@page :first {{ @top-{end} {{ content: none; }} }}"
    )


def sheets_apart(html: str, request: HttpRequest) -> tuple[str, list[Any]]:
    """The page without the links of its style sheets, and these sheets, read once by each process:
    that takes longer than to draw a page. One with styles of its own keeps its links, for these
    styles would go before all sheets that come from elsewhere."""
    if "<style" in html:
        return html, []
    base = settings.SITE_URL + request.path
    addresses = [urljoin(base, unescape(address)) for address in _SHEET.findall(html)]
    sheets = [_sheet(own_content(request, address)[0].decode()) for address in addresses]
    return _SHEET.sub("", html), sheets


@lru_cache(maxsize=50)
def _sheet(text: str) -> Any:
    import weasyprint

    return weasyprint.CSS(string=text, media_type="print")


def unavailable(request: HttpRequest, error: OSError) -> HttpResponse:
    """The page for a server without Pango."""
    links = export_links(request, formats=("print", "xlsx"))
    context = {"reason": str(error).splitlines()[0], "export_links": links}
    return HttpResponse(render_to_string("kit/pdf_unavailable.html", context, request), status=503)


def _fetcher(request: HttpRequest) -> Any:
    """A fetcher that knows our static files, the theme sheet and data: addresses only."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):
        """Refuses everything else: no file:, no http:, no redirect."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url.lower().startswith("data:"):
                return super().fetch(url, headers)
            content, kind = own_content(request, url)
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return OwnFilesOnly(allowed_protocols=("data",), allow_redirects=False)


def own_content(request: HttpRequest, url: str) -> tuple[bytes, str]:
    """Content and type of one of our own addresses, without HTTP; ValueError for any other."""
    if url.split("?", 1)[0] == urljoin(settings.SITE_URL + "/", _theme_path()):
        return theme_css(request).encode(), "text/css"
    root = urljoin(settings.SITE_URL + "/", settings.STATIC_URL)
    if not url.startswith(root):
        raise ValueError(f"A PDF may not fetch {url}")
    path = unquote(urlsplit(url[len(root) :]).path)
    file = static_file(path)
    if file is None:
        raise ValueError(f"There is no static file {path}")
    return file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _theme_path() -> str:
    try:
        return reverse("theme-css")
    except NoReverseMatch:
        return "theme.css"


def theme_css(request: HttpRequest) -> str:
    """The office's colours as the theme sheet states them."""
    office = getattr(request, "office", None)
    colours = {
        "--accent": getattr(office, "accent", ""),
        "--accent-dark": getattr(office, "accent_dark", ""),
    }
    known = (f"{name}:{value}" for name, value in colours.items() if _COLOUR.fullmatch(value or ""))
    return f":root{{{';'.join(known)}}}"


def static_file(path: str) -> Path | None:
    """The static file of that name: collected under a hashed name, or in an app's folder."""
    try:
        collected = Path(safe_join(settings.STATIC_ROOT, path))
        if collected.is_file():
            return collected
        found = finders.find(path)
    except (SuspiciousFileOperation, ValueError):
        return None
    return Path(found) if isinstance(found, str) and Path(found).is_file() else None
