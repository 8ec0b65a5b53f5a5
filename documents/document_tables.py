"""Tables of documents."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.files import kinds
from documents.models import Document
from portal.kit.tables.base import Table
from portal.kit.tables.cells import Cell
from portal.kit.tables.columns import (
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    ListColumn,
    TextColumn,
)
from portal.kit.text import folded


def picture(document: Document) -> SafeString:
    """The first page, small, in a box whose size is known before the picture is there; of
    what has no picture, its kind. The document comes from `for_listing`."""
    if preview := getattr(document, "preview", ""):
        address = reverse("document-preview", args=[document.pk])
        # A new version has a new picture at the same address.
        return format_html(
            '<img class="thumb" src="{}?v={}" alt="{}" width="52" height="74" loading="lazy"'
            ' decoding="async">',
            address, preview.rpartition("/")[2].partition(".")[0], gettext("First page"),
        )  # fmt: skip
    ending = kinds.EXTENSIONS.get(document.media_type, ("",))[0].strip(".").upper()
    known = gettext("link") if document.url else ending
    # Drawn by the style sheet: it is no part of the title.
    return format_html('<span class="thumb" data-kind="{}"></span>', known or "–")


class TitleColumn(TextColumn):
    """The title beside the picture of the first page; on paper and in files the title alone."""

    def bind(self, table: Any, name: str) -> None:
        """Whether there is room for pictures."""
        super().bind(table, name)
        self.on_screen = table.query is not None and "format" not in table.query

    def cell(self, record: Any) -> Cell:
        cell = super().cell(record)
        if not self.on_screen:
            return cell
        both = '<span class="pictured">{}<span>{}</span></span>'
        return Cell(format_html(both, picture(record), cell.html), cell.css)


class DocumentTable(Table):
    """Documents with what one needs to choose among them."""

    title = _("Documents")
    caption_hidden = True
    empty_text = _("No document has been published yet.")
    title_ = TitleColumn(
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
    fund = IdentifierColumn(
        get=lambda document: document.owner_fund.code,
        verbose_name=_("Fund"),
        definition=_("Code of the fund whose document it is, or its project’s."),
        link=lambda document: document.owner_fund.get_absolute_url(),
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
        key = folded("title")
        return documents.order_by(key.desc() if descending else key.asc()), True
