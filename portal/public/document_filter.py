"""The filter of lists of documents."""

import django_filters as filters
from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from documents.languages import all_languages
from documents.models import Document, DocumentType
from portal.kit.filters import WholeFilter
from portal.kit.named_choice import HeldChoiceFilter, NamedChoiceFilter
from portal.kit.text import fold, folded
from portal.kit.years import YEARS
from projects.filters import ProjectNumberFilter
from projects.models import Fund, Organization, Participation


def _languages(documents: QuerySet) -> QuerySet:
    """The languages of any of them."""
    each = Func("languages", function="unnest", output_field=CharField())
    return documents.order_by().annotate(each=each).values_list("each", flat=True).distinct()


class DocumentFilter(filters.FilterSet):
    """Documents by title, type, fund and year."""

    q = filters.CharFilter(label=_("Title"), method="by_title")
    type = filters.ModelChoiceFilter(
        label=_("Type"),
        queryset=DocumentType.objects.filter(
            Exists(Document.objects.public().filter(type=OuterRef("pk")))
        ),
        to_field_name="code",
        empty_label=_("any"),
    )
    fund = NamedChoiceFilter(
        label=_("Fund"),
        queryset=Fund.objects.filter(
            Exists(
                Document.objects.public().filter(
                    Q(fund=OuterRef("pk")) | Q(project__fund=OuterRef("pk"))
                )
            )
        ),
        to_field_name="code",
        empty_label=_("any"),
        method="by_fund",
    )
    year = WholeFilter(label=_("Year"), field_name="document_date__year", **YEARS)

    project = ProjectNumberFilter(label=_("Project number"))
    language = HeldChoiceFilter(
        label=_("Language"),
        held=_languages,
        choices=all_languages,
        empty_label=_("any"),
        method="by_language",
    )
    organization = filters.CharFilter(label=_("Organization"), method="by_organization")

    class Meta:
        model = Document
        fields = ()

    def by_language(self, documents: QuerySet, _name: str, value: str) -> QuerySet:
        """In this language, among others."""
        return documents.filter(languages__contains=[value])

    def by_organization(self, documents: QuerySet, _name: str, value: str) -> QuerySet:
        """Of projects in which an organization of this code or name takes part."""
        named = Organization.objects.filter(
            Q(code__iexact=value.strip()) | Q(sort_name__contains=fold(value))
        )
        parts = Participation.objects.participating()
        taking_part = parts.filter(organization__in=named.values("pk"))
        return documents.filter(project__in=taking_part.values("project"))

    def by_title(self, documents: QuerySet, _name: str, value: str) -> QuerySet:
        """Folded title contains the folded words."""
        return documents.alias(folded=folded("title")).filter(folded__contains=fold(value))

    def by_fund(self, documents: QuerySet, _name: str, value: Fund) -> QuerySet:
        """Documents of the fund or of its projects."""
        return documents.filter(Q(fund=value) | Q(project__fund=value))
