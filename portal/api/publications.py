"""Documents, source files and their seals, reports due, and the catalogue of figures."""

from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from documents.views import public_document
from finance.figures.catalogue import FIGURES
from finance.figures.reading import known_loads
from finance.models import Load
from finance.models.loads import LoadQuerySet
from portal.api import rows
from portal.api.asked import asked_limit
from portal.api.base import Detail, List
from portal.api.paging import Part, part_of_list
from portal.kit.dates import Known
from portal.public.document_filter import DocumentFilter
from portal.reporting.due_filters import ReportFilter
from portal.reporting.due_reports import reports_due, shown


class Documents(List):
    """All public documents."""

    name = _("Documents")
    text = _("Titles, types and addresses of all public documents.")
    example = "?project=NUMBER"
    serializer = rows.Document
    filterset_class = DocumentFilter

    def rows(self) -> QuerySet:
        return Document.objects.public().known_at(self.known.as_of).for_listing()


class DocumentDetail(Detail):
    """One document."""

    name = _("Document")
    text = _("One document.")
    serializer = rows.Document

    def found(self, **kwargs: Any) -> Any:
        # As its page, it is the same at any date.
        found = public_document(kwargs["pk"])
        return Document.objects.public().for_listing().get(pk=found.pk)


def _described(loads: LoadQuerySet, known: Known) -> QuerySet:
    return loads.with_reversed_at(known.as_of).select_related("source", "seal")


def _with_counts(load: Any) -> Any:
    names = ("new", "changed", "withdrawn")
    load.told = {name: load.counts.get(name, 0) for name in names}
    return load


class Loads(List):
    """All source files that were published."""

    name = _("Source files")
    text = _("Which files were published when, what each changed, and the seal of its release.")
    example = "?as_of=2024-12-31"
    serializer = rows.Load

    def rows(self) -> QuerySet:
        return _described(known_loads(self.known), self.known)

    def finish(self, rows: list[Any]) -> list[Any]:
        return [_with_counts(load) for load in rows]


class LoadDetail(Detail):
    """One source file."""

    name = _("Source file")
    text = _("One source file.")
    serializer = rows.Load

    def found(self, **kwargs: Any) -> Any:
        # As its page, it is the same at any date, but for whether it was reversed.
        found = _described(Load.objects.released(), self.known)
        return _with_counts(get_object_or_404(found, **kwargs))


class Reports(List):
    """All reports due, received, late, missing, extended or exempt."""

    name = _("Reports due")
    text = _("What organizations have to report, by when, and when it arrived.")
    example = "?fund=CODE&state=late"
    serializer = rows.Report
    filterset_class = ReportFilter
    is_heavy = True
    key = ("project_id", "organization_id", "kind", "year")

    def rows(self) -> QuerySet:
        return shown(reports_due(self.known))


class Figures(List):
    """The catalogue of figures."""

    name = _("Figures")
    text = _("What each figure means, and how it is worked out: the same words as on the pages.")
    example = "?fields=key,label,formula"
    serializer = rows.Meaning

    def part(self, _filterset: Any, cursor: str) -> Part[Any]:
        found = [
            SimpleNamespace(
                key=figure.key, label=str(figure.label), definition=str(figure.definition),
                formula=str(figure.formula), unit=figure.unit,
                has_expenditure=figure.has_expenditure,
            )
            for figure in FIGURES.values()
        ]  # fmt: skip
        limit = asked_limit(self.request.query_params)
        return part_of_list(found, lambda figure: (figure.key,), cursor, limit)
