"""Pages about the site itself, and what is shown when something fails."""

import errno
import re
import sys
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.about.context_processors import CLOSED, url_of
from portal.about.glossary import entries, letters
from portal.about.iati_files import standing_files
from portal.about.office import office_of
from portal.about.packages import standing_packages
from portal.accounts.security_log import refused
from projects.models import Fund, OfficeTerm, OfficeText, Project
from projects.withheld import Withheld

_STYLESHEETS = ("tokens", "base", "layout", "content", "figures", "notes", "forms")
_RETRY_SECONDS = 60
# What costs much takes some seconds; then there is a place again.
_PLACE_SECONDS = 5
# Lists that can be downloaded, with the name of their page.
_DOWNLOADS = (
    "project-list",
    "fund-list",
    "organization-list",
    "contributor-list",
    "country-list",
    "voucher-list",
    "document-list",
    "decision-list",
    "sub-grant-list",
    "report-list",
    "load-list",
)
# SQLSTATEs of a server that is there but takes nobody: too many connections, shutting down,
# crashed, starting up.
_TOO_SLOW = "57014"
_AWAY = frozenset({"53300", "57P01", "57P02", "57P03"})
# A server that only reads for now, or whose disk or memory is full.
_UNWRITABLE = frozenset({"25006", "53100", "53200"})
# What Django says, in English, of what it does not find or cannot page through.
_OF_DJANGO = re.compile(r"matches the given query|Invalid page|no pattern|does not exist")
_FORMATS = (("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON"))


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    crumbs = [{"label": _("Home"), "url": reverse("home")}, {"label": title}]
    return render(request, template, {"title": title, "crumbs": crumbs, **context})


# --- Texts


def _said(page: OfficeText.Page) -> dict[str, Any]:
    """What the office says on a page, and whether that stands instead of the page's own text."""
    texts = OfficeText.objects.filter(page=page).read()
    return {"texts": texts, "is_replaced": any(text.replaces for text in texts)}


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Every term that pages use, with formulas and the office's own deadlines."""
    terms = entries(office_of(request), OfficeTerm.objects.read())
    return _page(request, "pages/glossary.html", _("Glossary"), terms=terms, letters=letters(terms))


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """The office's addresses, and apart from them the confidential one."""
    said = _said(OfficeText.Page.CONTACT)
    details = office_of(request)
    return _page(request, "pages/contact.html", _("Contact us"), details=details, **said)


@require_safe
def scam_alert(request: HttpRequest) -> HttpResponse:
    """How to tell a fraud in the office's name."""
    said = _said(OfficeText.Page.SCAM_ALERT)
    details = office_of(request)
    return _page(request, "pages/scam_alert.html", _("Scam alert"), details=details, **said)


@require_safe
def information_disclosure(request: HttpRequest) -> HttpResponse:
    """What is published, what is not, and how to ask for it."""
    title = _("Information disclosure")
    said = _said(OfficeText.Page.DISCLOSURE)
    details = office_of(request)
    return _page(request, "pages/information_disclosure.html", title, details=details, **said)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Where each list can be downloaded, and under which licence."""
    title = _("All data for download")
    return _page(
        request,
        "pages/data.html",
        title,
        downloads=downloads(),
        packages=standing_packages(),
        iati=standing_files(),
        mirror_url=settings.MIRROR_URL,
        funds=Fund.objects.order_by("name", "pk"),
        **_said(OfficeText.Page.DATA),
    )


def downloads() -> list[dict[str, Any]]:
    """The lists of the portal with the address of each of their formats."""
    titles = {
        "project-list": (_("Projects"), _("Every project with its fund, status and sums.")),
        "fund-list": (_("Funds"), _("Every fund with the sums of its projects.")),
        "organization-list": (_("Organizations"), _("Every organization and what it received.")),
        "contributor-list": (_("Contributors"), _("What each contributor committed and paid.")),
        "country-list": (_("Countries"), _("Countries with their share of each project.")),
        "voucher-list": (_("Vouchers"), _("Payments to participating organizations, and refunds.")),
        "document-list": (_("Documents"), _("Titles, types and addresses of all documents.")),
        "decision-list": (
            _("Decisions"),
            _(
                "What the bodies that steer the funds decided: allocations, revisions, extensions "
                "and others, with their conditions."
            ),
        ),
        "sub-grant-list": (
            _("Sub-grants"),
            _("What participating organizations pass on to implementing partners."),
        ),
        "report-list": (
            _("Reports due"),
            _("What participating organizations have to report, by when, and what arrived."),
        ),
        "load-list": (
            _("Source files"),
            _("The source files and corrections that the figures come from."),
        ),
    }
    found = []
    for name in _DOWNLOADS:
        if url := url_of(name):
            title, text = titles[name]
            links = [(label, f"{url}?{urlencode({'format': key})}") for key, label in _FORMATS]
            found.append({"title": title, "text": text, "url": url, "links": links})
    return found


# --- For machines


@require_safe
@cache_control(public=True, max_age=3600)
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Each page once, without filters and dates; nothing behind a sign-in, nothing of a sample."""
    lines = ["User-agent: *"]
    if office_of(request).sample:
        lines.append("Disallow: /")
    else:
        lines += [f"Disallow: {path}" for path in (*CLOSED, "/*?", "/*?page=*&")]
        lines += [f"Disallow: /*{path}" for path in CLOSED if len(settings.LANGUAGES) > 1]
        lines += ["Allow: /*?page=", "", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon on pages that name none, such as the administration's."""
    return redirect(static("img/favicon.svg"))


# --- When something fails


def is_outage(error: BaseException) -> bool:
    """Whether the database cannot be reached or written to; not that a query is wrong."""
    state = getattr(error.__cause__, "pgcode", None)
    if state in _UNWRITABLE:
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    # A connection that fails or breaks has no SQLSTATE, for no server gave one.
    return state is None or state in _AWAY or state.startswith("08")


def is_too_slow(error: BaseException) -> bool:
    """Whether a statement was ended because it took longer than pages may take."""
    return getattr(error.__cause__, "pgcode", None) == _TOO_SLOW


def is_disk_full(error: BaseException) -> bool:
    """Whether a file could not be written because its disk, or what one may use of it, is full."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


@transaction.atomic(savepoint=False)
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, with what was probably meant; 410 where it is withheld."""
    if isinstance(exception, Withheld):
        # Nothing on it repeats the address, not even a link to today: it may be the name.
        bare = {"since": exception.since, "source_url": "", "then": None, "other_dates": None}
        return render(request, "410.html", bare, status=410)
    context = {"meant": meant_by(request.path_info), "then": None, "reason": _reason(exception)}
    return render(request, "404.html", context, status=404)


def _reason(exception: Exception | None) -> str:
    """What the page that raised it says of why; nothing where only Django says something."""
    said = exception.args[0] if exception and exception.args else ""
    is_ours = isinstance(said, str) and not _OF_DJANGO.search(said)
    return said if is_ours else ""


def meant_by(path: str) -> list[dict[str, str]]:
    """Pages that an address which leads nowhere may have meant."""
    parts = [part for part in path.split("/") if part]
    return [
        {"label": f"{project.number} {project.title}", "url": project.get_absolute_url()}
        for project in _projects_like(parts)
    ]


def _projects_like(parts: list[str]) -> list[Project]:
    """Projects whose number is the last part, or is it once leading zeros are put back."""
    number = parts[-1] if parts else ""
    if not url_of("project-list") or not re.fullmatch(r"[\w.-]{3,60}", number):
        return []
    numbers = {number.lower(), number.zfill(8) if number.isdecimal() else ""}
    projects = Project.objects.shown().alias(lower=Lower("number")).filter(lower__in=numbers)
    return list(projects.order_by("pk")[:3])


# Django gives what its handlers take, needed or not, by these names.


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    refused("refused", request)
    return render(request, "403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400: nothing of the request is trusted, not even its host."""
    return _plain("400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it was the database that could not be reached."""
    error = sys.exc_info()[1]
    if error is not None and is_outage(error):
        return maintenance(request)
    return _plain("500.html", 500)


def maintenance(_request: HttpRequest) -> HttpResponse:
    """503: come back in a minute."""
    response = _plain("503.html", 503)
    response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


def too_slow() -> HttpResponse:
    """503: what was asked for takes longer to read than a page may take."""
    return _plain("too_slow.html", 503)


def disk_full() -> HttpResponse:
    """507: there is no room for the file that was asked for."""
    return _plain("disk_full.html", 507)


def too_many() -> HttpResponse:
    """429: others are being answered; the browser asks again by itself."""
    response = _plain("too_many.html", 429)
    response.headers["Retry-After"] = response.headers["Refresh"] = str(_PLACE_SECONDS)
    return response


def _plain(template: str, status: int) -> HttpResponse:
    """A page that needs neither database nor request."""
    text = render_to_string(template, {"stylesheets": _stylesheets()})
    response = HttpResponse(text, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _stylesheets() -> list[str]:
    try:
        return [static(f"css/{name}.css") for name in _STYLESHEETS]
    except ValueError:
        # Static files were not collected: a bare page is better than none.
        if settings.DEBUG:
            raise
        return []
