"""The picture of a page to take away, at its own address: `?picture=svg`, `png` and `csv`.

All carry their source, the day, and the licence. Bars across are drawn here; a chart that is drawn
on its page names the `drawing` and has its `table`: headings and rows.
"""

import base64
import csv
import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from textwrap import wrap
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from portal.kit.currency import base_label
from portal.kit.files.about import About
from portal.kit.files.drawn_text import as_drawn
from portal.kit.files.streams import BOM, csv_cell
from portal.kit.formatting import figure
from portal.kit.tables.parts import NOT_CONVERTED

NAME = "picture"
_FORMS = {"svg": "SVG", "png": "PNG", "csv": "CSV"}
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
# Dots for each unit of the drawing: sharp on paper, too.
_SHARP = 2
# The geometry of the drawing: where bars begin, how long they are, and the height of a line.
_WIDTH, _BEGIN, _LENGTH, _STEP, _TOP, _LINE = 720, 220, 340, 32, 44, 20
# Where a chart begins, below its key.
_KEY = 60


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


def with_links_of(
    picture: dict[str, Any] | None, request: HttpRequest, page: str
) -> dict[str, Any] | None:
    """The same of a picture that stands on another page, too, which has its files; `page` is the
    address of that page."""
    shown = with_links(picture, request)
    if shown is None:
        return None
    joint = "&" if "?" in page else ""
    links = [
        (label, f"{page}{joint}{link.removeprefix('?') if joint else link}")
        for label, link in shown["links"]
    ]
    return {**shown, "links": links}


def picture_response(
    request: HttpRequest, picture: dict[str, Any] | None, title: Any
) -> HttpResponse:
    """The picture as a file. Raises Http404 where the page has none, or none of this form."""
    form = request.GET.get(NAME, "")
    if picture is None or form not in _FORMS:
        raise Http404(_("This page has no such picture."))
    about = About.of(request, f"{title}: {picture['title']}")
    content: str | bytes = _as_csv(picture, about) if form == "csv" else _as_svg(picture, about)
    if form == "png":
        content = _as_png(str(content), about)
    response = HttpResponse(content, content_type=_TYPES[form])
    name = about.file_name(about.title, form)
    response["Content-Disposition"] = content_disposition_header(form == "csv", name) or ""
    return response


def _as_csv(picture: dict[str, Any], about: About) -> str:
    out = StringIO()
    rows = [*(picture["table"] if "table" in picture else _bar_rows(picture)), [], *about.lines()]
    csv.writer(out).writerows(map(csv_cell, row) for row in rows)
    return BOM + out.getvalue()


def _bar_rows(picture: dict[str, Any]) -> Iterator[list[Any]]:
    unit = base_label() if picture["is_money"] else ""
    heads = [_("Figure"), f"{_('Amount')} {unit}".strip(), _("of it interim")]
    of_money = [_("of it by certified statements"), NOT_CONVERTED]
    yield [*heads, *of_money] if picture["is_money"] else heads
    for bar in picture["bars"]:
        told = [bar["label"], bar["amount"], bar["interim_amount"]]
        yield [*told, bar["certified_amount"], bar["left_out"]] if picture["is_money"] else told


def _as_svg(picture: dict[str, Any], about: About) -> str:
    if "drawing" in picture:
        return _chart_svg(picture, about)
    unit = base_label() if picture["is_money"] else ""
    title_lines = _lines(", ".join(filter(None, (about.title, unit))), _WIDTH, 15)
    top = _TOP + _LINE * (len(title_lines) - 1)
    bars = []
    for bar in picture["bars"]:
        bars.append(_across(bar, top))
        top += bars[-1]["height"]
    foot_lines = _foot(about, _WIDTH)
    context = {
        "title": about.title,
        "title_lines": title_lines,
        "bars": bars,
        "begin": _BEGIN,
        "foot": top + 4,
        "foot_lines": foot_lines,
        "height": top + 4 + 14 * len(foot_lines) + 12,
    }
    return render_to_string("kit/across.svg", context)


def _across(bar: dict[str, Any], y: int) -> dict[str, Any]:
    """A bar at its place: its name beside it, and below it what it holds and leaves out."""
    label_lines = _lines(str(bar["label"]), _BEGIN + 8, 13)
    word_lines = _lines(str(bar["words"]), _WIDTH - _BEGIN, 11) if bar["words"] else []
    final, interim = (_LENGTH * float(bar[name]) / 100 for name in ("final", "interim"))
    return {
        **bar,
        "y": y,
        "height": max(_STEP + 14 * len(word_lines), 16 * len(label_lines) + 12),
        "label_lines": label_lines,
        "word_lines": word_lines,
        "width": round(final, 1),
        "interim_x": round(_BEGIN + final, 1),
        "interim_width": round(interim, 1),
        "value": "" if bar["amount"] is None else figure(bar["amount"]),
    }


def _chart_svg(picture: dict[str, Any], about: About) -> str:
    """A chart that is drawn on its page, below its title and key."""
    title_lines = _lines(about.title, picture["width"], 14)
    top = _KEY + 18 * (len(title_lines) - 1)
    foot_lines = _foot(about, picture["width"])
    legend = picture.get("legend", ())
    step = min(200, (picture["width"] - 24) // (len(legend) or 1))
    context = {
        "chart": picture,
        "title": about.title,
        "title_lines": title_lines,
        "height": picture["height"] + top + 14 * len(foot_lines) + 20,
        "top": top,
        "key_y": top - 22,
        "foot": picture["height"] + top + 4,
        "foot_lines": foot_lines,
        "legend": [{**key, "x": 12 + step * number} for number, key in enumerate(legend)],
        "pdf": True,
    }
    return render_to_string("kit/picture.svg", context)


def _lines(words: str, room: float, size: int) -> list[str]:
    """The words in as many lines of letters of this size as the room asks for."""
    # No letter is measured: on average one is somewhat wider than half its height.
    return wrap(words, int((room - 24) / (size * 0.58))) or [""]


def _foot(about: About, width: float) -> list[str]:
    """Where the picture comes from, of which day it is, and how it may be used."""
    day = date_format(about.as_of, "DATE_FORMAT")
    licence = about.licence_text if about.licence else ""
    told = (f"{about.office} · {about.source}", " · ".join(filter(None, (day, licence))))
    return [line for words in (*told, about.notice) if words for line in _lines(words, width, 10)]


def _as_png(svg: str, about: About) -> bytes:
    """The drawing in dots; what tells of it stands in the file's own words, too."""
    # Each takes long to import, and only this needs them.
    import pypdfium2
    import weasyprint
    from PIL.PngImagePlugin import PngInfo

    width, height = (
        float(number) for number in re.findall(r' (?:width|height)="([\d.]+)"', svg)[:2]
    )
    drawing = base64.b64encode(as_drawn(svg).encode()).decode()
    page = (
        f"<style>@page{{size:{width}px {height}px;margin:0}}body{{margin:0}}"
        "img{display:block}</style>"
        f'<img alt="" src="data:image/svg+xml;base64,{drawing}">'
    )
    pdf = weasyprint.HTML(string=page, url_fetcher=_data_only()).write_pdf()
    words = PngInfo()
    for name, value in [("Title", about.title), *about.lines()]:
        words.add_itxt(str(name), str(value))
    out = BytesIO()
    with pypdfium2.PdfDocument(pdf) as document:
        # A unit of a style sheet is three quarters of one of a page.
        picture = document[0].render(scale=_SHARP * 4 / 3).to_pil()
    picture.save(out, "PNG", pnginfo=words, optimize=True)
    return out.getvalue()


def _data_only() -> Any:
    """A fetcher that knows data: addresses only."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)
