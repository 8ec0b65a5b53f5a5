"""Tables of documents."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kit.columns import DateColumn, IdentifierColumn, IntegerColumn, ListColumn, TextColumn
from portal.kit.tables import Table
from portal.kit.text import Folded


class DocumentTable(Table):
    """Documents with what one needs to choose among them."""

    title = _("Documents")
    caption_hidden = True
    empty_text = _("No document has been published yet.")
    title_ = TextColumn(
        accessor="title",
        verbose_name=_("Title"),
        definition=_("Title of the document."),
        link=lambda document: document.get_absolute_url(),
        css="name",
    )
    type = TextColumn(
        verbose_name=_("Type"), order_by="type__position", definition=_("Type of document.")
    )
    project = IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project"),
        term="project-number",
        definition=_("Number of the project, if it is a project’s document."),
        link=lambda document: document.project and document.project.get_absolute_url(),
    )
    languages = ListColumn(verbose_name=_("Language"), definition=_("ISO 639-1 codes."))
    document_date = DateColumn(
        verbose_name=_("Date"), definition=_("Date that the document bears.")
    )
    size = IntegerColumn(
        verbose_name=_("Size (bytes)"),
        definition=_("Of the newest file kept here."),
        orderable=False,
    )

    newest = IntegerColumn(
        verbose_name=_("Version"),
        definition=_("Number of the newest; leads to older versions and the history."),
        link=lambda document: document.newest and reverse("document-history", args=[document.pk]),
        orderable=False,
    )

    def order_title_(self, documents: QuerySet, descending: bool) -> tuple[QuerySet, bool]:
        """By title, whatever case and accents."""
        key = Folded("title")
        return documents.order_by(key.desc() if descending else key.asc()), True
