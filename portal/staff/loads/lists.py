"""Lists of loads and of what a check found."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from finance.models import Load, LoadRemark, Source
from portal.kit.named_choice import HeldChoiceFilter
from portal.kit.views import TableView
from portal.staff.access import ENTER, crumbs, load_or_404, load_url, may, staff_only
from portal.staff.loads.load_tables import AllRemarksTable, StaffLoadTable
from projects.models import User


class StaffLoadFilter(filters.FilterSet):
    """Loads by state, kind, source and person."""

    state = HeldChoiceFilter(label=_("State"), choices=Load.State.choices, empty_label=_("any"))
    kind = HeldChoiceFilter(label=_("Kind"), choices=Load.Kind.choices, empty_label=_("any"))
    source = filters.ModelChoiceFilter(
        label=_("Source"),
        queryset=Source.objects.all(),
        to_field_name="code",
        empty_label=_("any"),
    )
    person = filters.ModelChoiceFilter(
        label=_("Entered by"),
        field_name="received_by",
        queryset=User.objects.filter(is_staff=True).order_by("email", "pk"),
        to_field_name="email",
        empty_label=_("any"),
    )
    entered = filters.ChoiceFilter(
        label=_("Whose"),
        choices=[("me", _("entered by me")), ("others", _("entered by others"))],
        method="by_me",
        empty_label=_("any"),
    )

    class Meta:
        model = Load
        fields = ("state", "kind", "source")

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def by_me(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """What this person entered, or anybody else."""
        if value == "me":
            return rows.filter(received_by=self.reader)
        return rows.filter(~Q(received_by=self.reader) | Q(received_by=None))


class StaffLoads(TableView):
    """All loads in every state."""

    template_name = "staff/loads.html"
    title = _("Loads")
    intro = _("Every file that was entered, with how far it has come; the newest first.")
    table_class = StaffLoadTable
    filterset_class = StaffLoadFilter

    def get_queryset(self) -> QuerySet:
        loads = Load.objects.with_reversed_at().select_related("source", "received_by")
        return loads.order_by("-received_at", "-pk")

    def get_filter_options(self) -> dict[str, Any]:
        return {"reader": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_enter": may(self.request.user, ENTER)}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))


class RemarkFilter(filters.FilterSet):
    """Remarks by severity and kind."""

    severity = HeldChoiceFilter(
        label=_("Severity"), choices=LoadRemark.Severity.choices, empty_label=_("any")
    )
    code = filters.CharFilter(label=_("Kind"))

    class Meta:
        model = LoadRemark
        fields = ("severity", "code")


class Remarks(TableView):
    """All errors and warnings of a load."""

    table_class = AllRemarksTable
    filterset_class = RemarkFilter

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.load = load_or_404(kwargs["pk"])

    def get_queryset(self) -> QuerySet:
        return self.load.remarks.all()

    def get_title(self) -> Any:
        return _("Remarks on %(file)s") % {"file": self.load.file_name}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.load.file_name, load_url(self.load)), (_("Remarks"), ""))


loads = staff_only()(StaffLoads.as_view())
remarks = staff_only()(Remarks.as_view())
