"""What a load would change, line by line, for whoever releases it and whoever mends it."""

from typing import Any

import django_filters as filters
from django.db.models import Min, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.loading.content.columns import ENTITIES
from finance.loading.content.seen import content_totals
from finance.loading.content.shown import CHANGED, NEW, WHAT, WITHDRAWN, shown_lines
from finance.models import Load, StagedLine
from finance.models.record_kinds import RECORD_MODELS
from portal.kit.currency import told_in_base
from portal.kit.formatting import cents, figure
from portal.kit.named_choice import HeldChoiceFilter
from portal.kit.views import TableView
from portal.staff.access import crumbs, load_or_404, load_url, staff_only
from portal.staff.loads.line_tables import LineTable
from projects.filters import ProjectNumberFilter
from projects.models import Organization

SHOWN = 10
_MODELS = {
    name: capfirst(str(model._meta.verbose_name))
    for name, model in (ENTITIES | RECORD_MODELS).items()
}
_OF_WHAT = {
    NEW: Q(action="add", record_id=None),
    CHANGED: Q(action="add", record_id__isnull=False),
    WITHDRAWN: Q(action="withdraw"),
}
# Columns of staged lines that name an organization.
_PAYEES = ("organization_id", "contributor_id")


def _what_happens(rows: QuerySet) -> list[str]:
    """What happens to any of them."""
    return [what for what, which in _OF_WHAT.items() if rows.filter(which).exists()]


class LineFilter(filters.FilterSet):
    """Lines by what happens to them, by kind, project and text."""

    what = HeldChoiceFilter(
        label=gettext_lazy("What happens"),
        held=_what_happens,
        choices=WHAT,
        method="by_what",
        empty_label=gettext_lazy("any"),
    )
    kind = HeldChoiceFilter(
        label=gettext_lazy("Kind"),
        field_name="model",
        choices=list(_MODELS.items()),
        empty_label=gettext_lazy("any"),
    )
    project = ProjectNumberFilter(label=gettext_lazy("Project number"), field_name="project_id")
    q = filters.CharFilter(
        label=gettext_lazy("Voucher number, payee, amount or text"), method="by_text"
    )

    class Meta:
        model = StagedLine
        fields = ()

    def by_what(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """New, changed or withdrawn."""
        return rows.filter(_OF_WHAT[value])

    def by_text(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Lines that state the text, or name an organization called so."""
        text = value.strip()
        if not text:
            return rows
        named = Organization.objects.filter(
            Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__iexact=text)
        )
        payees = [str(pk) for pk in named.values_list("pk", flat=True)[:1000]]
        found = Q(stated__icontains=text)
        for column in _PAYEES:
            found |= Q(**{f"values__{column}__in": list(map(int, payees))})
        return rows.alias(stated=Cast("values", TextField())).filter(found)


def staged(load: Load) -> QuerySet[StagedLine]:
    """The lines as they are shown: what replaces a record stands for both."""
    rows = load.staged_lines.filter(replaced=False)
    # Those of a workbook are in the order of its sheets, whose rows begin anew.
    return rows.order_by("pk") if _has_sheets(load) else rows.order_by("line", "pk")


def _has_sheets(load: Load) -> bool:
    return load.kind == Load.Kind.STARTER


def models_of(load: Load) -> list[str]:
    """The kinds of records that the load would change, those of a workbook as its sheets stand."""
    rows = load.staged_lines.order_by().values("model").annotate(first=Min("pk"))
    return list(
        rows.order_by("first" if _has_sheets(load) else "model").values_list("model", flat=True)
    )


class Lines(TableView):
    """All lines of a load that is not released."""

    table_class = LineTable
    filterset_class = LineFilter
    takes_dates = False
    paginate_by = 50

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.load = load_or_404(kwargs["pk"])
        self.models = models_of(self.load)
        self.kind = request.GET.get("kind", "")
        if self.kind not in self.models:
            # All columns of all sheets side by side would be none's table.
            self.kind = self.models[0] if self.models and _has_sheets(self.load) else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if self.load.state == Load.State.RELEASED:
            return redirect("load-records", self.load.pk)
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet:
        rows = staged(self.load)
        return rows.filter(model=self.kind) if self.kind else rows

    def get_filterset(self) -> Any:
        found = super().get_filterset()
        if _has_sheets(self.load):
            # Most of its projects are none yet; their numbers are found as text.
            del found.filters["project"]
        chosen = [(name, label) for name, label in _MODELS.items() if name in self.models]
        if len(chosen) < 2:
            del found.filters["kind"]
        else:
            found.filters["kind"].extra["choices"] = chosen
            if _has_sheets(self.load):
                found.filters["kind"].extra["empty_label"] = None
                found.filters["kind"].held = lambda _rows: self.models
        return found

    def get_table_options(self) -> dict[str, Any]:
        return {"models": [self.kind] if self.kind else self.models}

    def get_title(self) -> Any:
        return _("Lines of %(file)s") % {"file": self.load.file_name}

    def get_intro(self) -> Any:
        return totals_in_words(self.load)

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.load.file_name, load_url(self.load)), (_("Lines"), ""))


def first_lines(load: Load) -> dict[str, Any]:
    """The first lines for the page of the load, with how many there are."""
    totals = content_totals(load)
    if not totals:
        return {}
    lines = shown_lines(list(staged(load)[:SHOWN]))
    models = models_of(load)
    if _has_sheets(load):
        # Of the sheets that are seen here, in their order.
        models = list(dict.fromkeys(line.model for line in lines))
    return {
        "lines": LineTable(lines, models=models, id="first-lines"),
        "line_count": sum(count for count, _base_amount in totals.values()),
        "line_totals": totals_in_words(load),
    }


def totals_in_words(load: Load) -> str:
    """How many lines are new, changed and withdrawn, and by how much."""
    totals = content_totals(load)
    said = []
    for what, label in WHAT:
        count, base_amount = totals.get(what, (0, None))
        text = f"{figure(count)} {label}"
        if base_amount is not None:
            text = told_in_base(
                _("%(lines)s (%(currency)s %(amount)s)"), lines=text, amount=cents(base_amount)
            )
        said.append(text)
    return " · ".join(said)


lines = staff_only()(Lines.as_view())
