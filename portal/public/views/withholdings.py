"""The public trace of withholdings: what kind of thing, and since when; nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from documents.models import Document, DocumentEvent
from portal.kit.tables.base import Table
from portal.kit.tables.columns import DateColumn, TextColumn
from portal.kit.views import TableView
from portal.withholding.kinds import Kind, kind_of
from projects.models import Withholding


@dataclass(frozen=True)
class Trace:
    """That something is withheld: since when, and what kind of thing."""

    at: datetime | None
    kind: str


class WithheldTable(Table):
    """Standing withholdings."""

    title = _("Withheld")
    caption_hidden = True
    empty_text = _("Nothing is withheld.")
    at = DateColumn(verbose_name=_("Withheld since"), definition=_("Day of the decision."))
    kind = TextColumn(
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

    def get_queryset(self) -> list[Trace]:
        standing = Withholding.objects.standing()
        found = [Trace(row.at, kind_of(row)) for row in standing]
        # Those of the gateway answer in the same words as what was withheld here.
        by_staff = standing.filter(kind=Kind.DOCUMENT).values("target_id")
        taken_down = Document.objects.filter(
            state=Document.State.WITHDRAWN, project__withheld_on=None
        ).exclude(pk__in=by_staff)
        withdrawn = DocumentEvent.objects.filter(
            kind=DocumentEvent.Kind.WITHDRAWN, document=OuterRef("pk")
        )
        last = Subquery(withdrawn.order_by("-at").values("at")[:1])
        days = taken_down.annotate(last=last).values_list("last", flat=True)
        # One that was never public answers as one that never was (documents/views.py).
        history = DocumentEvent.objects.filter(document=OuterRef("pk"))
        days = days.filter(
            Exists(history.filter(kind=DocumentEvent.Kind.PUBLISHED))
            | ~Exists(history)
            | ~Q(stated_by_source="")
        )
        found += [Trace(at, str(Kind.DOCUMENT.label)) for at in days]
        return sorted(found, key=lambda row: (row.at is not None, row.at), reverse=True)
