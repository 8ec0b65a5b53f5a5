"""The tools: find, factsheet, figures, records, compare, cite; numbers come with addresses."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from portal.api.assistants.asking import Asking, Refused, quoted
from portal.search.pages import LONGEST

KINDS = ("project", "fund", "organization", "contributor", "country")
_LISTS = {
    "project": "projects", "fund": "funds", "organization": "organizations",
    "contributor": "contributors", "country": "countries",
}  # fmt: skip
_ROWS = 50


@dataclass(frozen=True)
class Tool:
    """A tool: what it is for, what it takes (JSON Schema by name), what it does."""

    name: str
    text: str
    takes: Mapping[str, dict[str, Any]]
    needs: tuple[str, ...]
    run: Callable[..., dict[str, Any]]

    @property
    def schema(self) -> dict[str, Any]:
        """What it takes, as JSON Schema."""
        return {
            "type": "object",
            "properties": dict(self.takes),
            "required": list(self.needs),
            "additionalProperties": False,
        }


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


_KIND = _text("What it is.", enum=list(KINDS))
_CODE = _text("Project number, or code of the fund, organization, contributor or country.")
_DAYS = {
    "as_of": _text("As known at the end of this day, such as 2024-12-31; default: today."),
    "until": _text("Only money up to this day, such as 2024-12-31."),
}
_FIGURE = _text("Key of a figure, such as net_funded or expenditure; `figures` lists them.")


def _address(kind: str, code: str) -> str:
    return f"/{kind}/{quoted(code)}/"


def _days(as_of: str = "", until: str = "") -> dict[str, str]:
    return {"as_of": as_of, "until": until}


def _about(meta: Mapping[str, Any]) -> dict[str, Any]:
    names = ("publisher", "as_of", "until", "currency", "licence", "notice", "notes", "seal")
    return {name: meta[name] for name in names if name in meta}


def find(ask: Asking, words: str, limit: int = 10) -> dict[str, Any]:
    """What the search of the portal finds: things of all kinds, and words inside documents."""
    answer = json.loads(ask.text("/search/", {"q": words, "format": "json"}))
    about = _about(answer.pop("meta"))
    return {**answer, "found": answer["found"][:limit], **about}


def factsheet(ask: Asking, kind: str, code: str, **days: str) -> dict[str, Any]:
    """The whole page as text."""
    if kind == "country":
        raise Refused("A country has figures, but no factsheet.")
    text = ask.text(f"{_address(kind, code).removesuffix('/')}.md", _days(**days))
    return {"text": text, "url": settings.SITE_URL + _address(kind, code)}


def figures(ask: Asking, kind: str, code: str, **days: str) -> dict[str, Any]:
    """All figures of one thing."""
    answer = ask.data(f"{_LISTS[kind]}/{quoted(code)}/", _days(**days))
    return {
        "of": {"kind": kind, "code": code, "url": answer["result"]["url"]},
        "figures": answer["result"]["figures"],
        **_about(answer["meta"]),
    }


def records(
    ask: Asking, kind: str, code: str, figure: str, first: int | None = None,
    last: int | None = None, limit: int = _ROWS, **days: str,
) -> dict[str, Any]:  # fmt: skip
    """The records that add up to a figure, over all years or some."""
    known = figures(ask, kind, code, **days)["figures"]
    if figure not in known:
        raise Refused(f"There is no such figure here; there are: {', '.join(known)}.")
    url = urlsplit(known[figure]["records"] or "")
    if not url.path:
        raise Refused("No record is behind this figure; it is nothing, or not known.")
    query = {**dict(parse_qsl(url.query)), "first": first, "last": last}
    answer = ask.rows(url.path, query, min(limit, _ROWS))
    return {
        "url": answer["meta"]["source"],
        "totals": answer["totals"],
        "count": answer["count"],
        "records": answer["rows"],
        **_about(answer["meta"]),
    }


def compare(ask: Asking, kind: str, code: str, first_day: str, second_day: str) -> dict[str, Any]:
    """Each figure as known on two days, and the difference."""
    before = figures(ask, kind, code, as_of=first_day)
    after = figures(ask, kind, code, as_of=second_day)
    compared = {}
    for key, figure in after["figures"].items():
        values = (before["figures"][key]["value"], figure["value"])
        known = None not in values
        compared[key] = {
            "first": before["figures"][key],
            "second": figure,
            "difference": str(Decimal(values[1]) - Decimal(values[0])) if known else None,
        }
    return {
        "of": after["of"], "first_day": before["as_of"], "second_day": after["as_of"],
        "figures": compared, "seal": after["seal"],
        "notes": list(dict.fromkeys([*before["notes"], *after["notes"]])),
    }  # fmt: skip


def cite(ask: Asking, kind: str, code: str, **days: str) -> dict[str, Any]:
    """A line to quote a page by."""
    answer = ask.data(f"{_LISTS[kind]}/{quoted(code)}/", {**_days(**days), "fields": "url"})
    meta, url = answer["meta"], answer["result"]["url"]
    query = "&".join(f"{name}={meta[name]}" for name in ("as_of", "until") if days.get(name))
    address = f"{url}?{query}" if query else url
    parts = [
        meta["publisher"], f"{kind} {code}", f"as known on {meta['as_of']}",
        f"money up to {meta['until']}" if meta["until"] else "",
        f"seal {meta['seal']['number']} {meta['seal']['hash']}" if meta["seal"] else "",
        meta["licence"], address, meta["notice"],
    ]  # fmt: skip
    return {"citation": ". ".join(filter(None, parts)), "url": address, **_about(meta)}


TOOLS = (
    Tool(
        "find",
        "Find projects, funds, organizations, contributors, countries, payments, documents and "
        "terms, by words, a number or a code; misspelt words are looked for as they may be meant "
        "(`searched_for`). Of all that is public today.",
        {
            "words": _text("Words, a number or a code.", maxLength=LONGEST),
            "limit": {"type": "integer", "minimum": 1, "maximum": _ROWS},
        },
        ("words",),
        find,
    ),
    Tool(
        "factsheet",
        "The whole page of a project, fund, organization or contributor as Markdown.",
        {"kind": _KIND, "code": _CODE, **_DAYS},
        ("kind", "code"),
        factsheet,
    ),
    Tool(
        "figures",
        "All figures of a project, fund, organization, contributor or country: value, unit, how "
        "much is interim or certified, what is left out, and the address of the records.",
        {"kind": _KIND, "code": _CODE, **_DAYS},
        ("kind", "code"),
        figures,
    ),
    Tool(
        "records",
        "The records behind a figure, with their source files; over all years, or from one year "
        "to another. `totals` says what they add up to.",
        {
            "kind": _KIND,
            "code": _CODE,
            "figure": _FIGURE,
            "first": {"type": "integer", "description": "From this year on."},
            "last": {"type": "integer", "description": "Up to this year."},
            "limit": {"type": "integer", "minimum": 1, "maximum": _ROWS},
            **_DAYS,
        },
        ("kind", "code", "figure"),
        records,
    ),
    Tool(
        "compare",
        "Each figure as known on two days, and how it differs.",
        {
            "kind": _KIND,
            "code": _CODE,
            "first_day": _text("The earlier day, such as 2023-12-31."),
            "second_day": _text("The later day."),
        },
        ("kind", "code", "first_day", "second_day"),
        compare,
    ),
    Tool(
        "cite",
        "A line to quote a page by: publisher, day, seal, licence, address.",
        {"kind": _KIND, "code": _CODE, **_DAYS},
        ("kind", "code"),
        cite,
    ),
)
