"""What a page says to machines that pass by: its own address, what it is about, which data it has.

The data are JSON-LD in the words of schema.org. A script element of that type is no script: no
browser runs it, and the content security policy lets it be. Sample data are not described so.
"""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django import template
from django.conf import settings
from django.utils.encoding import escape_uri_path
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language

from portal.kit.dates import NAMES
from portal.kit.web.languages import address_in
from portal.kit.web.twins import twin_of

register = template.Library()

MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "iati": "application/xml",
}
# As Django's json_script has it: nothing in it can end the element.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.inclusion_tag("kit/discovery.html", takes_context=True)
def discovery(context: template.Context) -> dict[str, Any]:
    """Canonical address, description, Open Graph and JSON-LD of the page, if it is a public one."""
    if not context.get("canonical") or context.get("pdf"):
        return {}
    office = context["office"]
    page = {
        "canonical": _own_address(context),
        "title": title_of(context),
        "description": _description(context),
        "site_name": office.name,
        "languages": context.get("languages"),
        "without_language": _without_language(context),
    }
    path = context["request"].path_info
    if twin := twin_of(path):
        own = page["canonical"].removesuffix("/")
        page["twin"] = f"{own}{twin}" if path == "/" else f"{own}.md"
    is_past = any(context["request"].GET.get(name) for name in NAMES)
    if not office.sample and not is_past:
        page["data"] = _as_script(_graph(context, page))
    return page


def _own_address(context: template.Context) -> str:
    """A code may be asked for in any case; the page's own address has it as it is."""
    asked, thing = context["canonical"], context.get("entity")
    # Several countries together are an entity that is no record.
    address = getattr(thing, "get_absolute_url", None)
    own = f"{settings.SITE_URL}{address()}" if address else asked
    return own if own.casefold() == asked.casefold() else asked


def _without_language(context: template.Context) -> str:
    """The address that is answered in the language of whoever asks."""
    request = context["request"]
    return f"{settings.SITE_URL}{escape_uri_path(address_in(request))}"


def title_of(context: template.Context) -> str:
    """The heading of the page."""
    title = context.get("title")
    if not title and (project := context.get("project")):
        title = f"{project.number} {project.title}"
    return str(title or context["office"].name)


def _description(context: template.Context) -> str:
    """The page's opening words, cut at a word; those of a sample say first that it is one."""
    office = context["office"]
    said = (context.get(name) for name in ("lead", "intro", "description"))
    text = next((str(words) for words in said if words), office.tagline)
    if office.sample:
        text = f"{office.sample_notice} {text}"
    return Truncator(" ".join(text.split())).chars(250)


def _graph(context: template.Context, page: dict[str, Any]) -> list[dict[str, Any]]:
    office = {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}/#office",
        "name": context["office"].office_name,
        "url": f"{settings.SITE_URL}/",
    }
    graph = [_page_or_data(context, page, office["@id"]), office]
    if crumbs := context.get("crumbs"):
        graph.append(_breadcrumbs(crumbs, page["canonical"]))
    return graph


def _page_or_data(context: template.Context, page: dict[str, Any], office: str) -> dict[str, Any]:
    """The page as a data set where it can be downloaded, else as a page."""
    described = {
        "@id": page["canonical"],
        "url": page["canonical"],
        "name": page["title"],
        "description": page["description"],
        "inLanguage": get_language(),
        "publisher": {"@id": office},
    }
    if licence := context["office"].licence_url:
        described["license"] = licence
    if changed := context.get("last_updated"):
        described["dateModified"] = changed.isoformat()
    files = _files(context)
    if not files:
        is_home = urlsplit(page["canonical"]).path == "/"
        return {"@type": "WebSite" if is_home else "WebPage", **described}
    if project := context.get("project"):
        described["identifier"] = project.number
    return {
        "@type": "Dataset",
        **described,
        "creator": {"@id": office},
        "isAccessibleForFree": True,
        "distribution": files,
    }


def _files(context: template.Context) -> list[dict[str, str]]:
    """The page's own downloads without its filters, of the types that hold data."""
    links = [url for _label, url in context.get("export_links") or ()]
    links += [tool["url"] for tool in context.get("tools") or ()]
    formats = [parse_qs(urlsplit(url).query).get("format", [""])[-1] for url in links]
    return [
        {
            "@type": "DataDownload",
            "encodingFormat": MEDIA_TYPES[name],
            "contentUrl": f"{context['canonical'].partition('?')[0]}?format={name}",
        }
        for name in dict.fromkeys(formats)
        if name in MEDIA_TYPES
    ]


def _breadcrumbs(crumbs: list[dict[str, Any]], page: str) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "name": str(crumb["label"]),
                "item": settings.SITE_URL + crumb["url"] if crumb.get("url") else page,
            }
            for number, crumb in enumerate(crumbs, start=1)
        ],
    }


def _as_script(graph: list[dict[str, Any]]) -> SafeString:
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 – escaped in the line itself
