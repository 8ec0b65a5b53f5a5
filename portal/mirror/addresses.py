"""Which addresses of the site are in a copy of it, and under which names of files.

The set is bounded: pages of the site, the first page of each list, one page for each thing, the
parts that have an address of their own, and the tables of these pages. Nothing that an address asks
for beside a format is followed: neither filters, orders and pages of rows nor dates and figures.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from portal.api.twins.texts import TEXTS
from portal.kit.web.languages import without_language

# Pages of the site itself.
SITE = (
    "home", "glossary", "contact", "scam-alert", "information-disclosure", "data", "formats",
    "help",
)  # fmt: skip
LISTS = (
    "project-list", "fund-list", "contributor-list", "organization-list", "country-list",
    "voucher-list", "document-list", "decision-list", "sub-grant-list", "load-list", "report-list",
    "seal-list", "withheld", "funds-statement", "funds-flow",
)  # fmt: skip
_THINGS = ("project", "fund", "organization", "contributor", "country")
# Pages that belong to a thing or a list: in the copy as soon as a page of it links to them.
PARTS = (
    "project-preset", "project-vouchers", "project-documents", "project-other-flows",
    "project-changes", "project-closure", "project-revisions", "contributor-statement",
    "fund-statement", "fund-annual", "fund-edition", "fund-decisions", "fund-other-flows",
    "fund-performance", "fund-performance-projects", "funds-performance",
    "funds-performance-projects", "fund-forward", "contributor-forward",
)  # fmt: skip
# So many, or so short, that their tables are in those of lists only.
_BARE = ("voucher", "load", "document-history", "iati-comparison", "help-page", *SITE)
_FORMATS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        # Of several tables the CSV is an archive, and the JSON one file.
        **dict.fromkeys(LISTS, frozenset({"", "csv", "json"})),
        **dict.fromkeys((*_THINGS, *PARTS), frozenset({"", "json"})),
        **dict.fromkeys(_BARE, frozenset({""})),
    }
)
# Files, and the ending of their name where the address has none.
_FILES: Mapping[str, str] = MappingProxyType(
    {
        "theme-css": "", "iati-file": "", "seal-file": "", "seal-entities": "",
        "fund-edition-file": "", "office-logo": ".png", "document-preview": ".webp",
        "seal-checkpoint": ".txt", "seal-checkpoint-newest": ".txt", "seal-time-stamp": "",
    }
)  # fmt: skip
# Names of the addresses that a copy has.
INSIDE = frozenset({*_FORMATS, *_FILES})
# What a query says of these is only which version it is.
_VERSIONED = frozenset({"theme-css", "office-logo"})
# Where a link of it would lead nowhere without the live site, and nothing is lost with it: rows of
# a figure and tables of the package are in files of the copy.
PLAIN = frozenset(
    {
        "project-records", "fund-records", "contributor-records", "organization-records",
        "country-records", "records", "funds-records", "load-records", "outstanding",
        "fund-outstanding", "contributor-outstanding", "contributor-notional", "data-package-part",
    }
)  # fmt: skip
# Files that portal/mirror/inventory.py takes from where they are stored.
STORED = frozenset({"document", "document-version", "data-package", "data-package-part"})
# What is left out by choice, and why; what begins with `api-` is for programs that ask.
_ASKS = "It answers a question, which only the site can."
_TOLD = "Its tables stand whole on the page of the thing, in the copy too."
_TO_COME = "It tells of what changes on the site, and a copy changes no more."
_AS_FILE = "Its rows are in the tables of the copy and in its package."
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("search", "search-suggestions", "document-search", "side-by-side", "project-compare",
             "fund-compare", "api"), _ASKS,
        ),
        **dict.fromkeys(("key-figures", "fund-report", "organization-report"), _TOLD),
        **dict.fromkeys(
            ("document-feed", "project-feed", "fund-feed", "project-reports-ics",
             "fund-reports-ics", "organization-reports-ics", "follow", "follow-asked",
             "follow-confirm", "follow-stop", "reminders-stop"), _TO_COME,
        ),
        **dict.fromkeys(("fund-workbook", "project-documents-zip"), _AS_FILE),
        "inbox-mails": "It is of somebody's account.",
        **dict.fromkeys(("feedback", "feedback-thanks"), "Nobody is there to read what is sent."),
        **dict.fromkeys(
            ("home-md", "search-md", "page-md", "project-md", "fund-md", "organization-md",
             "contributor-md", "llms-txt", *(f"{name}-md" for name in TEXTS)),
            "The pages and their tables say the same.",
        ),
        **dict.fromkeys(
            ("robots-txt", "sitemap", "sitemap-part", "data-catalogue", "iati-registry", "favicon"),
            "It tells machines of the addresses of the site.",
        ),
        "format-template": "It is for who brings files in.",
    }
)  # fmt: skip
# Pages that the search of the copy finds.
SEARCHED = frozenset({*_THINGS, "glossary", "document-history", "help-page"})
_SAFE = re.compile(r"[^A-Za-z0-9._-]")
# What some file systems take for something else, or for nothing.
_ODD = re.compile(r"\.*|(?i:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?|.*\.")
_LONGEST = 120


@dataclass(frozen=True)
class Address:
    """An address of the site; `key` is the same for all ways to write it."""

    path: str
    form: str
    name: str
    query: str
    kwargs: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What it is known by in the copy."""
        return f"{self.path}?format={self.form}" if self.form else self.path

    @property
    def is_in(self) -> bool:
        """Whether the copy has it, if the site does."""
        if self.query:
            return False
        return self.name in _FILES or self.form in _FORMATS.get(self.name, ())

    def file(self) -> str:
        """The name that its file should have, with slashes."""
        parts = [safe_name(part) for part in self.path.strip("/").split("/") if part]
        if self.name in _FILES:
            return "/".join(parts) + _FILES[self.name]
        stem = f"table.{self.form}" if self.form else "index.html"
        return "/".join([*parts, stem])


def safe_name(text: str) -> str:
    """A name of a file that every system takes: odd letters are written as `~2F`."""
    found = _SAFE.sub(lambda m: "".join(f"~{byte:02X}" for byte in m[0].encode()), text)
    if _ODD.fullmatch(found):
        found = f"~{found.replace('.', '~2E')}"
    return found[:_LONGEST]


@lru_cache(50_000)
def address_of(url: str) -> Address | None:
    """The address of the site, without its fragment and language; None where it is none of it."""
    parts = urlsplit(url)
    if (parts.scheme or parts.netloc) and f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return None
    path = without_language(unquote(parts.path))
    if path.startswith(settings.STATIC_URL):
        return Address(path, "", "static", "", {})
    try:
        match = resolve(path)
    except Resolver404:
        return Address(path, "", "", parts.query, {})
    name = match.url_name or ""
    asked = [] if name in _VERSIONED else parse_qsl(parts.query, keep_blank_values=True)
    is_form = len(asked) == 1 and asked[0][0] == "format"
    form = asked[0][1] if is_form else ""
    return Address(path, form, name, "" if is_form or not asked else parts.query, match.kwargs)
