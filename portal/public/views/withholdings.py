"""The public trace of withholdings: what kind of thing, and since when; nothing else."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.kit.tables.base import Table
from portal.kit.tables.columns import DateColumn, TextColumn
from portal.kit.views import TableView
from portal.withholding.kinds import kind_of
from projects.models import Withholding


class WithheldTable(Table):
    """Standing withholdings."""

    title = _("Withheld")
    caption_hidden = True
    empty_text = _("Nothing is withheld.")
    at = DateColumn(verbose_name=_("Withheld since"), definition=_("Day of the decision."))
    kind = TextColumn(
        get=lambda row: kind_of(row),
        order_by="kind",
        verbose_name=_("What"),
        definition=_("Kind of thing; which one is not told."),
    )


class WithheldList(TableView):
    """What is withheld now, by kind and day."""

    title = _("Withheld")
    intro = _(
        "Where a name could do harm, the office withholds it at once and for all past dates too. "
        "Amounts stay in all totals."
    )
    table_class = WithheldTable
    takes_dates = False

    def get_queryset(self) -> QuerySet:
        return Withholding.objects.standing().order_by("-at", "-pk")
