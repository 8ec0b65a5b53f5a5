"""The public chain of seals."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from finance.models import Seal, VerifyResult
from portal.kit.columns import DateColumn, IdentifierColumn, IntegerColumn, TextColumn
from portal.kit.tables import Table
from portal.kit.views import TableView


class SealTable(Table):
    """Seals, with all that one needs to compute their hashes anew."""

    title = _("Seals")
    caption_hidden = True
    wide = True
    empty_text = _("Nothing has been released and sealed yet.")
    number = IntegerColumn(verbose_name=_("Number"), definition=_("Numbers have no gaps."))
    load = TextColumn(
        verbose_name=_("Load"),
        definition=_("The load whose release is sealed."),
        link=lambda seal: seal.load.get_absolute_url(),
        orderable=False,
        css="name",
    )
    sealed_at = DateColumn(verbose_name=_("Sealed"), definition=_("When it was sealed."))
    added = IntegerColumn(verbose_name=_("Added"), definition=_("Records added by the release."))
    withdrawn = IntegerColumn(
        verbose_name=_("Withdrawn"), definition=_("Records withdrawn by the release.")
    )
    hash = IdentifierColumn(
        verbose_name=_("Hash"), definition=_("SHA-256 over number, previous hash and content.")
    )
    content = IdentifierColumn(
        verbose_name=_("Content"), definition=_("SHA-256 over what the release changed.")
    )
    previous = IdentifierColumn(
        verbose_name=_("Previous"), definition=_("Hash of the seal before; empty for the first.")
    )


class SealList(TableView):
    """All seals, newest first, and how to compute them."""

    title = _("Seals")
    intro = _(
        "Each release is sealed: a hash over what it changed and over the seal before it. Whoever "
        "keeps one seal can tell later whether anything released up to then was altered."
    )
    table_class = SealTable
    template_name = "seals.html"

    def get_queryset(self) -> QuerySet:
        return Seal.objects.select_related("load").order_by("-number")

    def get_common_context(self):
        return {
            **super().get_common_context(),
            "verified": VerifyResult.objects.of_everything().first(),
            "differs": VerifyResult.objects.unresolved().exists(),
        }
