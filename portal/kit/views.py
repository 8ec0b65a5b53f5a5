"""The base of every list page: filters, order, pages of rows, and all export formats.

class ProjectList(TableView):
    title = _("Projects")
    table_class = ProjectTable
    filterset_class = ProjectFilter

    def get_queryset(self):
        return Project.objects.visible_to(self.request.user).select_related("fund")
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.kit.dates import TODAY, asked_known
from portal.kit.files.exports import refused_file, requested_format, table_response
from portal.kit.files.links import export_links
from portal.kit.files.pictures import NAME, picture_response, with_links
from portal.kit.filters import described_filters, names_of, wrong_filters
from portal.kit.tables.base import COLUMN, Table
from portal.kit.tables.chosen import Facet, active_filters
from portal.kit.tables.paging import COUNTED, RowPaginator, counted
from portal.kit.web.asked import refuse_unknown_names
from portal.kit.web.fields import fields_html

# What stays in the address when a filter form is sent.
_KEPT = ("as_of", "until", "sort", COLUMN)


class TableView(TemplateView):
    """A list page; a subclass states queryset, table and title, and filters if it has any."""

    template_name = "kit/list.html"
    queryset: QuerySet | None = None
    table_class: type[Table] = Table
    filterset_class: Any = None
    title: Any = ""
    intro: Any = ""
    file_name = ""
    filter_title: Any = _("Filter this list")
    filter_button: Any = _("Filter")
    paginate_by = 25
    # By which columns more rows than are counted are sorted, as an index has them; None for all.
    sorts_of_many: tuple[str, ...] | None = None
    takes_dates = True
    # Its table is there as Markdown, too (portal/kit/web/twins.py).
    has_twin = True
    # Names that its address may have beside those of filters, dates, paging and format.
    asks: tuple[str, ...] = ()
    # Whether it costs much even without dates, filters and formats (portal/kit/web/places.py).
    is_heavy = False
    # What the page shows, by the dates of its address.
    known = TODAY
    # Whether the address has a name that the page does not know, and whether nothing is shown
    # for that or for what a filter cannot read.
    is_unknown = is_wrong = False

    # --- For subclasses

    def get_queryset(self) -> Any:
        """The rows before any filter; related objects are fetched here."""
        if self.queryset is None:
            raise NotImplementedError("State `queryset` or override get_queryset().")
        return self.queryset.all()

    def get_title(self) -> Any:
        """The heading of the page and the title of its files."""
        return self.title

    def get_intro(self) -> Any:
        """The opening sentence."""
        return self.intro

    def get_crumbs(self) -> list[dict[str, Any]]:
        """The way here; the last has no address."""
        return [{"label": _("Home"), "url": "/"}, {"label": self.get_title()}]

    def get_table_options(self) -> dict[str, Any]:
        """Options for the table, such as totals or note; `self.rows` holds what is shown.

        `count`, the number of rows, saves asking for it; `counted_up_to`: as far as it was counted,
        beyond which there are more.
        """
        return {}

    def get_filter_options(self) -> dict[str, Any]:
        """What the filters need to know beside the address."""
        return {}

    def get_filter_lines(self) -> list[tuple[str, str]]:
        """Label and value of each filter in force."""
        return described_filters(self.filterset)

    def get_facets(self) -> list[Facet]:
        """Values of filters with the number of rows of each."""
        return []

    def get_picture(self) -> dict[str, Any] | None:
        """The one picture of the page, if it has any (finance/reports/charts.py)."""
        return None

    def get_sums(self) -> Any:
        """A short text after the count of results, such as the sum of what was found."""
        return ""

    # --- The page

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take the request and the dates that it asks for."""
        super().setup(request, *args, **kwargs)
        if self.takes_dates:
            self.known = asked_known(request)

    def get(  # type: ignore[override]
        self, request: HttpRequest, *_args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """The page or, with `?format=`, a file of all its rows."""
        fmt = requested_format(request)
        self.filterset = self.get_filterset()
        wrong = wrong_filters(self.filterset)
        self.is_unknown = refuse_unknown_names(request, self.get_names())
        self.is_wrong = bool(wrong) or (self.is_unknown and self.filterset is not None)
        if fmt and wrong:
            return refused_file(wrong)
        self.rows = self.get_queryset() if self.filterset is None else self.filterset.qs
        if self.is_wrong:
            self.rows = self.rows.none() if isinstance(self.rows, QuerySet) else []
        self.table = self.get_table()
        if NAME in request.GET:
            return picture_response(request, self.get_picture(), self.get_title())
        if fmt:
            return self.export(fmt)
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_names(self) -> set[str]:
        """The names that its address may have beside dates, paging and format."""
        picture = {NAME} if NAME in self.request.GET else set()
        return {*self.asks, *picture, *names_of(self.filterset)}

    def get_filterset(self) -> Any:
        """The filters; wrong values show an error in the form, and nothing is found by them."""
        if self.filterset_class is None:
            return None
        return self.filters_of(self.request.GET)

    def filters_of(self, query: QueryDict) -> Any:
        """The filters of what an address asks for."""
        return self.filterset_class(
            query, queryset=self.get_queryset(), **self.get_filter_options()
        )

    def get_fields_html(self) -> list[SafeString]:
        """The fields of the filters as drawn."""
        return fields_html(self.filterset.form) if self.filterset is not None else []

    def get_table(self) -> Table:
        """The table of all rows found, in the order asked for."""
        options = {"title": self.get_title(), **self.get_table_options()}
        options.setdefault("caption_hidden", True)
        if self.is_unknown:
            options["empty_text"] = _("The address asks for what this page does not know.")
        elif wrong_filters(self.filterset):
            options["empty_text"] = _("A filter cannot be read; correct it above.")
        elif described_filters(self.filterset):
            options["empty_text"] = _("Nothing matches these filters.")
        count, up_to = options.pop("count", None), options.pop("counted_up_to", None)
        # A file reads all of its rows, in whatever order.
        if self.sorts_of_many is not None and not requested_format(self.request):
            if count is None and isinstance(self.rows, QuerySet):
                count, up_to = self.rows.order_by()[: COUNTED + 1].count(), COUNTED
            if count is not None and count > COUNTED:
                options |= self._sorted_as_many(options)
        table = self.table_class(self.rows, query=self.request.GET, **options)
        if count is not None:
            table.data.know_count(count, up_to)
        return table

    def _sorted_as_many(self, options: dict[str, Any]) -> dict[str, Any]:
        """Options of a table of rows too many to be sorted by any column."""
        few = _("There are too many rows to sort them by every column: filter them first.")
        note = options.get("note", self.table_class.note)
        return {"sorts": self.sorts_of_many, "note": f"{note} {few}".strip()}

    def export(self, fmt: str) -> HttpResponseBase:
        """All rows as a file, or on paper."""
        context = self.get_common_context() if fmt in ("pdf", "print") else {}
        return table_response(
            self.request,
            self.table,
            fmt=fmt,
            title=self.get_title(),
            file_name=self.file_name or str(self.get_title()),
            filters=self.get_filter_lines(),
            template=self.template_name,
            context=context,
        )

    def get_common_context(self) -> dict[str, Any]:
        """What page and paper share."""
        return {
            **self.kwargs,
            "view": self,
            "title": self.get_title(),
            "intro": self.get_intro(),
            "table": self.table,
            "tables": [self.table],
            **counted(self.table),
            "sums": self.get_sums(),
            "picture": with_links(self.get_picture(), self.request),
            # What was not understood has no number of results and no sum.
            **({"count": None, "sums": ""} if self.is_wrong else {}),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page needs."""
        paginator = RowPaginator(self.table, self.paginate_by)
        page = paginator.get_page(self.request.GET.get("page"))
        self.table.show_page(page)
        query = self.request.GET
        kept = [(name, value) for name in _KEPT for value in query.getlist(name) if value]
        shown = [
            (name, value)
            for name, values in query.lists()
            for value in values
            if value and name not in (COLUMN, "page", "format")
        ]
        return super().get_context_data(
            **{
                **self.get_common_context(),
                "filter": self.filterset,
                "fields_html": self.get_fields_html(),
                "kept": kept,
                "shown_now": shown,
                "active_filters": active_filters(self.filterset, query),
                "facets": [] if wrong_filters(self.filterset) else self.get_facets(),
                "clear_url": self._address_with(name for name in _KEPT),
                "page_obj": page,
                "paginator": paginator,
                "page_numbers": paginator.get_numbers(page),
                "has_interim": self.table.has_interim,
                "export_links": export_links(self.request),
                "crumbs": self.get_crumbs(),
                "today": timezone.localdate(),
                **kwargs,
            }
        )

    def _address_with(self, names: Any) -> str:
        query = QueryDict(mutable=True)
        for name in names:
            if values := list(filter(None, self.request.GET.getlist(name))):
                query.setlist(name, values)
        return f"?{query.urlencode()}"
