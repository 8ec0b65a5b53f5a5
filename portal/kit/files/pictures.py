"""The picture of a page to take away, at its own address: `?picture=svg` and `?picture=csv`.

Both carry their source, the day, and the licence.
"""

import csv
from io import StringIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from portal.kit.currency import base_label
from portal.kit.files.about import About
from portal.kit.formatting import figure

NAME = "picture"
_FORMS = {"svg": "SVG", "csv": "CSV"}
# The geometry of the drawing: where bars begin, how long they are, and the height of a line.
_BEGIN, _LENGTH, _STEP, _TOP = 220, 340, 32, 44


def with_links(picture: dict[str, Any] | None, request: HttpRequest) -> dict[str, Any] | None:
    """The picture with the addresses of its files."""
    if picture is None:
        return None
    links = []
    for form, label in _FORMS.items():
        query = request.GET.copy()
        for name in ("page", "format"):
            query.pop(name, None)
        query[NAME] = form
        links.append((label, f"?{query.urlencode()}"))
    return {**picture, "links": links}


def picture_response(
    request: HttpRequest, picture: dict[str, Any] | None, title: Any
) -> HttpResponse:
    """The picture as a file. Raises Http404 where the page has none, or none of this form."""
    form = request.GET.get(NAME, "")
    if picture is None or form not in _FORMS:
        raise Http404(_("This page has no such picture."))
    about = About.of(request, f"{title}: {picture['title']}")
    if form == "csv":
        response = HttpResponse(_as_csv(picture, about), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(_as_svg(picture, about), content_type="image/svg+xml")
    name = about.file_name(about.title, form)
    response["Content-Disposition"] = content_disposition_header(form == "csv", name) or ""
    return response


def _as_csv(picture: dict[str, Any], about: About) -> str:
    out = StringIO()
    rows = csv.writer(out)
    unit = base_label() if picture["is_money"] else ""
    rows.writerow([_("Figure"), f"{_('Amount')} {unit}".strip(), _("of it interim")])
    for bar in picture["bars"]:
        rows.writerow([bar["label"], bar["amount"], bar["interim_amount"]])
    rows.writerow([])
    rows.writerows(about.lines())
    return "\ufeff" + out.getvalue()


def _as_svg(picture: dict[str, Any], about: About) -> str:
    bars = [
        {
            **bar,
            "y": _TOP + number * _STEP,
            "width": round(_LENGTH * float(bar["final"]) / 100, 1),
            "interim_x": round(_BEGIN + _LENGTH * float(bar["final"]) / 100, 1),
            "interim_width": round(_LENGTH * float(bar["interim"]) / 100, 1),
            "value": figure(bar["amount"]),
        }
        for number, bar in enumerate(picture["bars"])
    ]
    foot = _TOP + len(bars) * _STEP + 12
    context = {
        "title": about.title,
        "unit": base_label() if picture["is_money"] else "",
        "bars": bars,
        "begin": _BEGIN,
        "foot": foot,
        "height": foot + 64,
        "about": about,
    }
    return render_to_string("kit/across.svg", context)
