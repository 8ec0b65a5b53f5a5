"""The formats of a table and the links to them; knows no format itself."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.kit.dates import NAMES, goes_by_dates

FORMATS = ("xlsx", "csv", "json", "pdf", "print")
LABELS = {
    "xlsx": _("Excel"),
    "csv": _("CSV"),
    "json": _("JSON"),
    "pdf": _("PDF"),
    "print": _("Print view"),
}
# The page as Markdown; it has an address of its own (portal/kit/web/twins.py).
TWIN = "md"
# Of one sheet, its headings among them: no format of Excel has more.
SHEET_ROWS = 1_048_576


def export_links(
    request: HttpRequest, url: str | None = None, formats: Iterable[str] = FORMATS
) -> list[tuple[Any, str]]:
    """Label and address of each format, with the filters and order of this page.

    `url`, of another page, may have a query of its own; that stays.
    """
    query = request.GET.copy()
    for name in ("page", *(() if goes_by_dates(request) else NAMES)):
        query.pop(name, None)
    address, _mark, own = (request.path if url is None else url).partition("?")
    for name, value in parse_qsl(own):
        query[name] = value
    query.pop("format", None)
    asked = f"{query.urlencode()}&" if query else ""
    return [(LABELS[name], f"{address}?{asked}format={name}") for name in formats]
