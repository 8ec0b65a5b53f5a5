"""Help: one short page for each kind of reader, with pictures that the browser tests make."""

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe


class Help(NamedTuple):
    """A page of help; its text is the template of its name."""

    title: Any
    about: Any


PAGES: dict[str, Help] = {
    "factsheets": Help(
        gettext_lazy("How to read a factsheet"),
        gettext_lazy("For everybody: figures, marks, past dates, and the records behind them."),
    ),
    "contributors": Help(
        gettext_lazy("For contributors"),
        gettext_lazy("What you gave, what became of it, and how to take the tables away."),
    ),
    "gateway": Help(
        gettext_lazy("For participating organizations"),
        gettext_lazy("Sending documents and reports, and mending what was sent."),
    ),
    "staff": Help(
        gettext_lazy("For fund staff"),
        gettext_lazy("From a file of the ledger to a published figure, and back."),
    ),
    "administrators": Help(
        gettext_lazy("For administrators"),
        gettext_lazy("People, settings, and what to do when something is the matter."),
    ),
    "accessibility": Help(
        gettext_lazy("Accessibility"),
        gettext_lazy("What we test, what is not perfect yet, and whom to tell."),
    ),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All pages of help."""
    pages = [{"url": reverse("help-page", args=[name]), **page._asdict()}
             for name, page in PAGES.items()]  # fmt: skip
    context = {"title": _("Help"), "pages": pages, "crumbs": _crumbs()}
    return render(request, "help/index.html", context)


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of help. Raises Http404."""
    if name not in PAGES:
        raise Http404
    title, about = PAGES[name]
    crumbs = [{"label": _("Help"), "url": reverse("help")}, {"label": title}]
    context = {"title": title, "about": about, "crumbs": [*_crumbs()[:1], *crumbs]}
    return render(request, f"help/{name}.html", context)


def _crumbs() -> list[dict[str, Any]]:
    return [{"label": _("Home"), "url": reverse("home")}, {"label": _("Help")}]
