"""A small site of list pages: what the tests of tables and exports look at."""

import re

import django_filters
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.kit.tables.base import Table
from portal.kit.tables.columns import ChoiceColumn, IdentifierColumn, IntegerColumn, TextColumn
from portal.kit.views import TableView
from projects.models import Country


class CountryTable(Table):
    """Countries, with a column that the database cannot sort by."""

    code = IdentifierColumn(_("Code"), definition="ISO 3166-1 alpha-2")
    name = TextColumn(_("Name"), order_by="sort_name", link=lambda record: f"/c/{record.code}/")
    kind = ChoiceColumn(_("Kind"))
    letters = IntegerColumn(_("Letters"), get=lambda record: len(record.name))


class CountryFilter(django_filters.FilterSet):
    """One filter of each common kind."""

    name = django_filters.CharFilter(lookup_expr="icontains", label=_("Name"))
    kind = django_filters.ChoiceFilter(choices=Country.Kind, label=_("Kind"))
    many = django_filters.ModelMultipleChoiceFilter(
        field_name="code", to_field_name="code", queryset=Country.objects.all(), label=_("Codes")
    )
    number = django_filters.NumberFilter(field_name="pk", lookup_expr="gte", label=_("From"))


class CountryList(TableView):
    """All countries."""

    title = _("Countries")
    intro = _("Where the money goes.")
    table_class = CountryTable
    filterset_class = CountryFilter
    queryset = Country.objects.all()
    paginate_by = 10


class PlainList(TableView):
    """Countries without filters, on one page."""

    title = "Plain"
    table_class = CountryTable
    queryset = Country.objects.all()


def nothing(request: HttpRequest, *args: object) -> HttpResponse:
    """Stands for the pages that the frame of every page links to."""
    return HttpResponse("")


# Whatever the frame of every page links to stands here by itself.
_FRAME = "".join(
    (settings.BASE_DIR / "templates" / name).read_text(encoding="utf-8")
    for name in ("base.html", "kit/search_box.html")
)
_NAMES = sorted(set(re.findall(r"{% url [\"']([\w-]+)[\"'] %}", _FRAME)) - {"home"})
urlpatterns = [
    path("", nothing, name="home"),
    path("countries/", CountryList.as_view(), name="country-list"),
    path("plain/", PlainList.as_view()),
    path("office/logo/", nothing, name="office-logo"),
    path("theme.css", nothing, name="theme-css"),
    *(path(f"{name}/", nothing, name=name) for name in _NAMES),
]
