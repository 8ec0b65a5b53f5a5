"""What every page needs to know of the site around it."""

import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from portal.about.banner import banner, other_dates, without_dates
from portal.about.glossary import terms_of
from portal.about.look import logo_url, theme_url
from portal.about.office import last_release
from portal.about.staff_bar import staff_bar
from portal.kit.web.languages import address_in, default_of, offered_to_readers
from projects.models import Office
from projects.models.office import TAGLINE

SAMPLE_NOTICE = _("Sample data – invented figures, not a real fund office.")

# Where nobody comes without signing in or a link of their own.
CLOSED = ("/admin/", "/staff/", "/gateway/", "/accounts/", "/reminders/")

# Label, name of the URL, and the beginnings of the addresses that belong to it.
_NAVIGATION = (
    (_("Projects"), "project-list", ("/projects/", "/project/")),
    (_("Funds"), "fund-list", ("/funds/", "/fund/")),
    (
        _("Organizations"),
        "organization-list",
        ("/organizations/", "/organization/"),
    ),
    (_("Contributors"), "contributor-list", ("/contributors/", "/contributor/")),
    (_("Countries"), "country-list", ("/countries/", "/country/")),
    (_("Vouchers"), "voucher-list", ("/vouchers/", "/voucher/")),
    (_("Documents"), "document-list", ("/documents/", "/document/")),
)


@dataclass(frozen=True)
class Site:
    """The office as page templates see it; `name` is the brand."""

    name: str
    office_name: str
    tagline: str
    logo_url: str
    accent: str
    theme_url: str
    sample: bool
    sample_notice: Any
    licence_name: str
    licence_url: str
    email: str
    feedback_email: str
    fraud_email: str
    currency_label: str

    @classmethod
    def of(cls, office: Office) -> "Site":
        """The site of an office."""
        return cls(
            name=office.portal_name,
            office_name=office.name,
            tagline=gettext(TAGLINE) if office.tagline == TAGLINE else office.tagline,
            logo_url=logo_url(office),
            accent=office.accent,
            theme_url=theme_url(office),
            sample=office.sample,
            sample_notice=SAMPLE_NOTICE,
            licence_name=office.licence_name,
            licence_url=office.licence_url,
            email=office.email,
            feedback_email=office.feedback_email,
            fraud_email=office.fraud_email,
            currency_label=office.currency_label,
        )


def site(request: HttpRequest) -> dict[str, Any]:
    """Brand, navigation, and when the data last changed; see templates/base.html."""
    is_closed = request.path_info.startswith(CLOSED)
    office = getattr(request, "office", None) or Office.current()
    return {
        "office": Site.of(office),
        "terms_of": partial(terms_of, office),
        "nav_items": [*navigation(request.path_info), *staff_navigation(request)],
        "staff_bar": staff_bar(request),
        "last_updated": last_updated(request),
        "is_for_some": is_closed,
        "then": banner(request) or (None if is_closed else without_dates(request)),
        "other_dates": other_dates(request),
        "source_url": settings.SITE_URL + request.get_full_path(),
        "canonical": canonical(request),
        "languages": languages(request),
    }


def canonical(request: HttpRequest) -> str:
    """The address by which a public page is known: without filters and dates; else ""."""
    if request.resolver_match is None or request.path_info.startswith(CLOSED):
        return ""
    return _address_in(request, get_language() or "")


def _address_in(request: HttpRequest, code: str) -> str:
    """The page's address in a language; that of whoever asks for none is not named."""
    page = request.GET.get("page", "")
    query = f"?page={page}" if re.fullmatch(r"[2-9]|[1-9][0-9]{1,5}", page) else ""
    offered = [offered for offered, _name in offered_to_readers(request.office)]  # type: ignore[attr-defined]
    path = address_in(request, "" if code == default_of(offered) else code)
    return f"{settings.SITE_URL}{escape_uri_path(path)}{query}"


def languages(request: HttpRequest) -> list[dict[str, Any]]:
    """The page in each language that the office offers; nothing where there is but one."""
    office = getattr(request, "office", None)
    offered = offered_to_readers(office) if office else []
    if len(offered) < 2:
        return []
    query = request.META.get("QUERY_STRING", "")
    return [
        {
            "code": code,
            "name": name,
            "is_current": code == get_language(),
            "url": escape_uri_path(address_in(request, code)) + (f"?{query}" if query else ""),
            "canonical": _address_in(request, code),
        }
        for code, name in offered
    ]


def navigation(path: str) -> list[dict[str, Any]]:
    """The main navigation, as far as its pages exist."""
    items = []
    for label, name, beginnings in _NAVIGATION:
        if url := url_of(name):
            items.append({"label": label, "url": url, "current": path.startswith(beginnings)})
    return items


def staff_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The way to one's own rooms, for those who are signed in."""
    user = getattr(request, "user", None)
    if user is None or not (user.is_authenticated and user.is_active):
        return []
    rooms = [(_("Staff’s room"), reverse("staff"))] if user.is_staff else []
    rooms.append((_("My Gateway"), reverse("gateway")))
    return [
        {"label": label, "url": url, "current": request.path_info.startswith(url)}
        for label, url in rooms
    ]


def url_of(name: str) -> str:
    """The address of a page without arguments, or "" when there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def last_updated(request: HttpRequest) -> date | None:
    """The day of the newest release."""
    moment = last_release(request)
    return timezone.localdate(moment) if moment else None
