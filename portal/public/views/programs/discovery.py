"""The site as search engines and catalogues of data take it in: site map and DCAT catalogue.

Neither is there while the portal shows sample data.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from documents.models import Document
from finance.models import Edition, Load, Voucher, VoucherLine
from portal.about.helping import PAGES as HELP
from portal.about.iati_files import title_of
from portal.about.office import last_release, office_of
from portal.about.pages import downloads
from portal.kit.web.places import heavy
from portal.models import DataPackage, IatiFile
from portal.public.views.contributors import contributors
from portal.templatetags.discovery import MEDIA_TYPES
from projects.models import (
    Country,
    Fund,
    Organization,
    Participation,
    Project,
    ProjectCountry,
)

PART = 20_000
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_IATI = "https://iatistandard.org/en/iati-standard/203/"
_THEME = "http://publications.europa.eu/resource/authority/data-theme/GOVE"
# Pages without arguments, by name.
_PAGES = (
    "home", "project-list", "fund-list", "organization-list", "contributor-list", "country-list",
    "voucher-list", "document-list", "load-list", "report-list", "seal-list", "withheld",
    "funds-statement", "funds-flow", "funds-performance", "outstanding", "data", "api", "formats",
    "glossary", "contact", "scam-alert", "information-disclosure", "help", "decision-list",
    "sub-grant-list",
)  # fmt: skip


def _taking_part() -> QuerySet:
    parts = Participation.objects.filter(organization=OuterRef("pk"), project__withheld_on=None)
    return Organization.objects.filter(Exists(parts))


def _with_projects() -> QuerySet:
    places = ProjectCountry.objects.filter(country=OuterRef("pk"), project__withheld_on=None)
    return Country.objects.filter(Exists(places))


def _paid() -> QuerySet:
    lines = VoucherLine.objects.known_at().filter(voucher=OuterRef("pk"))
    return Voucher.objects.filter(Exists(lines))


# Kind of page: the name of its address, its rows, and the field that stands in the address.
KINDS: Mapping[str, tuple[str, Callable[[], QuerySet], str]] = MappingProxyType(
    {
        "projects": ("project", Project.objects.shown, "number"),
        "funds": ("fund", Fund.objects.all, "code"),
        "performance": ("fund-performance", Fund.objects.all, "code"),
        "organizations": ("organization", _taking_part, "code"),
        "contributors": ("contributor", contributors, "code"),
        "countries": ("country", _with_projects, "code"),
        "vouchers": ("voucher", _paid, "pk"),
        "files": ("load", Load.objects.released, "pk"),
        "documents": ("document", lambda: Document.objects.public().filter(url=""), "pk"),
    }
)

# Pages below those, in the site map alone: fields that stand in the address, in their order.
_BELOW: Mapping[str, tuple[str, Callable[[], QuerySet], tuple[str, ...]]] = MappingProxyType(
    {
        "project-vouchers": ("project-vouchers", Project.objects.shown, ("number",)),
        "project-documents": ("project-documents", Project.objects.shown, ("number",)),
        "project-changes": ("project-changes", Project.objects.shown, ("number",)),
        "statements": ("fund-statement", Fund.objects.all, ("code",)),
        "annual-reports": ("fund-annual", Fund.objects.all, ("code",)),
        "editions": ("fund-edition", Edition.objects.all, ("fund__code", "year", "number")),
    }
)
SITEMAP: Mapping[str, tuple[str, Callable[[], QuerySet], tuple[str, ...]]] = MappingProxyType(
    {**{kind: (name, rows, (field,)) for kind, (name, rows, field) in KINDS.items()}, **_BELOW}
)


def _refuse_sample(request: HttpRequest) -> None:
    if office_of(request).sample:
        raise Http404


# --- Site map


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of its parts."""
    _refuse_sample(request)
    parts = [("pages", 1)]
    for kind, (_name, rows, _fields) in SITEMAP.items():
        parts += [(kind, number) for number in range(1, -(-rows().count() // PART) + 1)]
    addresses = (_absolute("sitemap-part", kind, number) for kind, number in parts)
    return _xml("sitemapindex", "sitemap", addresses)


@heavy
@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The addresses of one part."""
    _refuse_sample(request)
    if kind == "pages" and number == 1:
        pages = [_absolute(name) for name in _PAGES]
        pages += [_absolute("help-page", name) for name in HELP]
        return _xml("urlset", "url", pages)
    if kind not in SITEMAP or not 0 < number < 10_000:
        raise Http404
    name, rows, fields = SITEMAP[kind]
    values = rows().order_by("pk").values_list(*fields)
    part = list(values[(number - 1) * PART : number * PART])
    if not part and number > 1:
        raise Http404
    return _xml("urlset", "url", (_absolute(name, *value) for value in part))


def _absolute(name: str, *arguments: Any) -> str:
    return settings.SITE_URL + reverse(name, args=arguments)


def _xml(root: str, item: str, addresses: Iterable[str]) -> HttpResponse:
    lines = "".join(f"<{item}><loc>{escape(url)}</loc></{item}>\n" for url in addresses)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SCHEMA}">\n{lines}</{root}>\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


# --- Catalogue of data


@require_safe
@cache_control(public=True, max_age=3600)
def catalogue(request: HttpRequest) -> JsonResponse:
    """The lists that can be downloaded, as a DCAT-AP 3 catalogue in JSON-LD."""
    _refuse_sample(request)
    office = office_of(request)
    publisher: dict[str, Any] = {"@id": f"{settings.SITE_URL}/#office"}
    licence = {"dct:license": {"@id": office.licence_url}} if office.licence_url else {}
    text: dict[str, Any] = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": _absolute("data"),
        "@type": "dcat:Catalog",
        "dct:title": _words(office.portal_name),
        "dct:description": _words(office.introduction or office.tagline or office.portal_name),
        "dct:publisher": {**publisher, "@type": "foaf:Agent", "foaf:name": office.name},
        "foaf:homepage": {"@id": f"{settings.SITE_URL}/"},
        **licence,
        "dcat:dataset": [
            *(
                {**_package(one, publisher, licence), **_contact(request)}
                for one in DataPackage.objects.standing()[:1]
            ),
            *(
                _iati(request, one, publisher, licence)
                for one in IatiFile.objects.standing().select_related("fund")
            ),
            *(_dataset(request, publisher, licence, found) for found in downloads()),
        ],
        "dcat:service": {
            "@id": _absolute("api-index"),
            "@type": "dcat:DataService",
            "dct:title": _words(_("Data for programs")),
            "dct:publisher": publisher,
            "dcat:endpointURL": {"@id": _absolute("api-index")},
            "dcat:endpointDescription": {"@id": _absolute("api-schema")},
            **licence,
        },
    }
    return JsonResponse(text, content_type="application/ld+json")


def _package(
    package: DataPackage, publisher: dict[str, Any], licence: dict[str, Any]
) -> dict[str, Any]:
    """All of it in one file."""
    address = _absolute("data-package", package.name)
    return {
        "@id": f"{_absolute('data')}#package",
        "@type": "dcat:Dataset",
        "dct:title": _words(_("All data in one file")),
        "dct:description": _words(_("All tables that join, with their meaning, sums and seal.")),
        "dct:publisher": publisher,
        "dcat:theme": {"@id": _THEME},
        "dcat:landingPage": {"@id": _absolute("data")},
        "dct:modified": _moment(package.as_of),
        "dcat:distribution": {
            "@type": "dcat:Distribution",
            "dcat:accessURL": {"@id": _absolute("data")},
            "dcat:downloadURL": {"@id": address},
            "dct:format": {"@id": f"{_FILE_TYPES}CSV"},
            "dcat:packageFormat": {
                "@id": "https://www.iana.org/assignments/media-types/application/zip"
            },
            "dcat:byteSize": package.size,
            **_checksum(package.sha256),
            **licence,
        },
    }


def _contact(request: HttpRequest) -> dict[str, Any]:
    """Where the office is asked: its address, if it gave one, and its form."""
    email = office_of(request).email
    mail = {"vcard:hasEmail": {"@id": f"mailto:{email}"}} if email else {}
    form = {"vcard:hasURL": {"@id": _absolute("contact")}}
    return {"dcat:contactPoint": {"@type": "vcard:Kind", **mail, **form}}


def _iati(
    request: HttpRequest, file: IatiFile, publisher: dict[str, Any], licence: dict[str, Any]
) -> dict[str, Any]:
    """One of our IATI files."""
    address = settings.SITE_URL + file.get_absolute_url()
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:title": _words(f"IATI: {title_of(file, office_of(request))}"),
        "dct:description": _words(file.get_kind_display()),
        "dct:publisher": publisher,
        "dcat:theme": {"@id": _THEME},
        "dcat:landingPage": {"@id": _absolute("data")},
        "dct:conformsTo": {"@id": _IATI},
        **_contact(request),
        "dct:modified": _moment(file.made_at),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:accessURL": {"@id": _absolute("data")},
                "dcat:downloadURL": {"@id": address},
                "dct:format": {"@id": f"{_FILE_TYPES}XML"},
                "dcat:mediaType": {
                    "@id": "https://www.iana.org/assignments/media-types/application/xml"
                },
                "dcat:byteSize": file.size,
                **_checksum(file.sha256),
                **licence,
            }
        ],
    }


def _checksum(sha256: str) -> dict[str, Any]:
    return {
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": sha256,
        }
    }


def _dataset(
    request: HttpRequest, publisher: dict[str, Any], licence: dict[str, Any], found: dict[str, Any]
) -> dict[str, Any]:
    page = settings.SITE_URL + found["url"]
    changed = last_release(request)
    modified = {"dct:modified": _moment(changed)} if changed else {}
    return {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:title": _words(found["title"]),
        "dct:description": _words(found["text"]),
        "dct:publisher": publisher,
        "dcat:theme": {"@id": _THEME},
        "dcat:landingPage": {"@id": page},
        **_contact(request),
        **modified,
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:accessURL": {"@id": page},
                "dcat:downloadURL": {"@id": f"{page}?format={name}"},
                "dct:format": {"@id": f"{_FILE_TYPES}{name.upper()}"},
                "dcat:mediaType": {
                    "@id": f"https://www.iana.org/assignments/media-types/{MEDIA_TYPES[name]}"
                },
                **licence,
            }
            for name in ("csv", "json", "xlsx")
        ],
    }


def _words(text: Any) -> dict[str, Any]:
    return {"@value": str(text), "@language": get_language()}


def _moment(moment: datetime) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": moment.isoformat(timespec="seconds")}
