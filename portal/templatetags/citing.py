"""How a page with figures is cited: as text, for BibTeX, as CSL-JSON; on paper with a QR code."""

import json
import re
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

import qrcode
from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from portal.kit.dates import asked_dates
from portal.kit.formatting import day
from portal.templatetags.discovery import title_of

register = template.Library()

# Parts of an address that only change how a page looks, or that a citation states itself.
_LEFT_OUT = ("as_of", "page", "format", "column", "picture")
# What BibTeX would read as its own.
_SPECIAL = re.compile(r"([&%$#_{}])")


@register.inclusion_tag("kit/cite.html", takes_context=True)
def cite(context: template.Context) -> dict[str, Any]:
    """The citation of the page, if it has figures of a day and everybody can open it."""
    if not context.get("other_dates") or context.get("is_for_some"):
        return {}
    request, office = context["request"], context["office"]
    known_on = asked_dates(request).as_of or timezone.localdate()
    seal = getattr(request, "seal", None)
    found = {
        "title": title_of(context),
        "publisher": office.office_name,
        "site": office.name,
        "url": _dated_address(request, known_on),
        "known_on": known_on,
        "fingerprint": seal.hash if seal else "",
        "publication": seal.number if seal else None,
        "licence": office.licence_name,
        "sample": office.sample_notice if office.sample else "",
    }
    on_paper = bool(context.get("print_view") or context.get("pdf"))
    return {
        "text": _as_text(found),
        "bibtex": "" if on_paper else _as_bibtex(found),
        "csl": "" if on_paper else _as_csl(found),
        "on_paper": on_paper,
        "pdf": context.get("pdf"),
        "code": _as_qr(found["url"]) if on_paper else "",
    }


def _dated_address(request: Any, known_on: date) -> str:
    """The address under which the page shows these figures for ever."""
    asked = [
        (name, text)
        for name, texts in request.GET.lists()
        if name not in _LEFT_OUT
        for text in texts
        if text
    ]
    query = urlencode([*asked, ("as_of", known_on.isoformat())])
    return f"{settings.SITE_URL}{request.path}?{query}"


def _note(found: dict[str, Any]) -> str:
    parts = [_("As known on %(day)s") % {"day": day(found["known_on"])}]
    if found["fingerprint"]:
        parts.append(
            _("newest publication %(number)s, fingerprint %(hash)s")
            % {"number": found["publication"], "hash": found["fingerprint"]}
        )
    if found["licence"]:
        parts.append(_("licence %(name)s") % {"name": found["licence"]})
    if found["sample"]:
        parts.append(str(found["sample"]))
    return "; ".join(parts)


def _as_text(found: dict[str, Any]) -> str:
    return _("%(publisher)s: “%(title)s”, %(site)s. %(note)s. %(url)s") % {
        **found,
        "note": _note(found).rstrip("."),
    }


def _as_bibtex(found: dict[str, Any]) -> str:
    year = found["known_on"].year
    fields = {
        "author": "{" + _plain(found["publisher"]) + "}",
        "title": "{" + _plain(found["title"]) + "}",
        "howpublished": _plain(found["site"]),
        "year": str(year),
        "note": _plain(_note(found)),
        "url": found["url"],
        "urldate": found["known_on"].isoformat(),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{_key(found)},", *lines, "}"])


def _plain(text: Any) -> str:
    return _SPECIAL.sub(r"\\\1", str(text).replace("\\", " "))


def _key(found: dict[str, Any]) -> str:
    path = re.sub(r"[^a-zA-Z0-9]+", "-", urlsplit(found["url"]).path).strip("-")
    return f"{path or 'home'}-{found['known_on'].isoformat()}"


def _as_csl(found: dict[str, Any]) -> str:
    known_on = found["known_on"]
    item = {
        "id": _key(found),
        "type": "webpage",
        "title": found["title"],
        "author": [{"literal": found["publisher"]}],
        "publisher": found["publisher"],
        "container-title": found["site"],
        "issued": {"date-parts": [[known_on.year, known_on.month, known_on.day]]},
        "URL": found["url"],
        "note": _note(found),
    }
    return json.dumps([item], ensure_ascii=False, indent=1)


def _as_qr(url: str) -> SafeString:
    """The address as a drawing, for those who read paper."""
    image = qrcode.make(url, image_factory=SvgPathImage, box_size=8, border=2)
    return mark_safe(image.to_string(encoding="unicode"))  # noqa: S308 – drawn from the address
