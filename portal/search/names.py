"""Finding what has a name: funds, organizations, contributors, countries, terms, documents."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.models import Document
from finance.contributors.contributor import contributors
from finance.models.figures import Measure
from portal.about.glossary import entries
from portal.kit.formatting import day
from portal.kit.text import fold, searchable
from portal.search.hits import COUNTED, SHOWN, Group, Hit, told, totals_by
from portal.search.words import Asked, marked, query
from projects.models import (
    Country,
    Fund,
    Office,
    Organization,
    OrganizationIdentifier,
    Project,
    ProjectCountry,
)

_SUMS = (Measure.TRANSFER, Measure.REFUND, Measure.DEPOSIT)


def found_funds(asked: Asked) -> Group:
    """Funds of this code or name."""
    funds = _named(Fund.objects.all(), asked, "code")
    ids = [fund.pk for fund in funds]
    totals = totals_by("project_fund", ids, Measure.TRANSFER, Measure.REFUND)
    counts = Project.objects.shown().filter(fund__in=ids).order_by().values("fund")
    projects = dict(counts.annotate(n=Count("pk")).values_list("fund", "n"))
    hits = [
        Hit(
            marked(fund.name, asked.words),
            fund.get_absolute_url(),
            fund.code,
            _projects(projects.get(fund.pk, 0)) + told("net_funded", totals.get(fund.pk)),
        )
        for fund in funds
    ]
    return _group("funds", _("Funds"), hits, funds, asked, "fund-list")


def found_organizations(asked: Asked) -> Group:
    """Organizations of this code, name, short name or identifier; what each received and gave."""
    known_as = OrganizationIdentifier.objects.alias(any_case=Lower("value")).filter(
        organization=OuterRef("pk"), any_case=asked.code
    )
    rows = Organization.objects.exclude(kind=Organization.Kind.INDIVIDUALS)
    organizations = _named(rows, asked, "code", "short_name", more=Exists(known_as))
    ids = [organization.pk for organization in organizations]
    totals = totals_by("organization", ids, *_SUMS)
    giving = set(contributors().filter(pk__in=ids).values_list("pk", flat=True))
    part = Organization.objects.filter(pk__in=ids, participations__project__withheld_on=None)
    projects = dict(
        part.order_by().annotate(n=Count("participations__project", distinct=True))
        .values_list("pk", "n")
    )  # fmt: skip
    hits = []
    for one in organizations:
        contributor = reverse("contributor", args=[one.code]) if one.pk in giving else ""
        takes_part = bool(projects.get(one.pk))
        sums = totals.get(one.pk)
        hits.append(
            Hit(
                marked(one.name, asked.words),
                contributor if contributor and not takes_part else one.get_absolute_url(),
                one.short_name,
                (*told("deposit", sums), *_projects(projects.get(one.pk, 0)),
                 *told("net_funded", sums)),
                ((_("As a contributor"), contributor),) if contributor and takes_part else (),
            )
        )  # fmt: skip
    title = _("Organizations and contributors")
    return _group("organizations", title, hits, organizations, asked, "organization-list")


def found_countries(asked: Asked) -> Group:
    """Countries of this name in which projects work."""
    there = ProjectCountry.objects.filter(project__withheld_on=None)
    at_work = Country.objects.filter(Exists(there.filter(country=OuterRef("pk"))))
    at_work = at_work.exclude(kind=Country.Kind.PLACEHOLDER)
    countries = _named(at_work, asked, "code")
    of_these = there.filter(country__in=[country.pk for country in countries])
    counts = dict(
        of_these.order_by().values("country").annotate(n=Count("pk")).values_list("country", "n")
    )
    hits = [
        Hit(
            marked(country.name, asked.words),
            country.get_absolute_url(),
            "",
            _projects(counts.get(country.pk, 0)),
        )
        for country in countries
    ]
    return _group("countries", _("Countries"), hits, countries, asked, "country-list")


def found_documents(asked: Asked) -> Group:
    """Public documents with all the words in their title."""
    group = Group("documents", _("Documents"))
    if not asked.words:
        return group
    rows = Document.objects.public().alias(words=searchable("title"))
    rows = rows.filter(words=query(asked.words))
    group.count = rows.order_by()[: COUNTED + 1].count()
    group.hits = [
        Hit(
            marked(document.title, asked.words),
            document.get_absolute_url(),
            "",
            _document_facts(document),
        )
        for document in rows.select_related("type", "project", "fund")[:SHOWN]
    ]
    if group.count > SHOWN:
        group.url = f"{reverse('document-list')}?{urlencode({'q': asked.text})}"
    return group


def found_terms(asked: Asked) -> Group:
    """Terms of the glossary whose name has words of the search."""
    hits = []
    for entry in entries(Office.current()) if asked.words else ():
        names = fold(entry.name).replace("(", " ").replace(")", " ").split()
        if all(any(name.startswith(word) for name in names) for word in asked.words):
            told_so = Truncator(entry.definition).words(24)
            url = f"{reverse('glossary')}#{entry.anchor}"
            hits.append(Hit(marked(entry.name, asked.words), url, "", (told_so,)))
    return Group("terms", _("Words explained"), hits[:SHOWN], len(hits))


def _named(rows: QuerySet, asked: Asked, *codes: str, more: Any = None) -> list[Any]:
    """Rows of this code, of a name in the search, or with all its words; whole words first."""
    if not asked.words:
        return []
    exact = Q(sort_name=fold(asked.text))
    for code in codes:
        rows = rows.alias(**{f"any_case_{code}": Lower(code)})
        exact |= Q(**{f"any_case_{code}": asked.code})
    if more is not None:
        exact |= Q(more)
    inside = Q(sort_name__in=asked.phrases)
    whole, begun = Q(), Q()
    for word in asked.words:
        whole &= Q(sort_name__regex=rf"\m{word}\M")
        begun &= Q(sort_name__regex=rf"\m{word}")
    best = Case(
        When(exact, then=Value(0)),
        When(whole, then=Value(1)),
        When(inside, then=Value(2)),
        default=Value(3),
    )
    found = rows.filter(exact | begun | inside).annotate(best=best)
    return list(found.order_by("best", "sort_name", "pk")[: SHOWN + 1])


def _group(
    kind: str, title: str, hits: list[Hit], rows: Sequence[Any], asked: Asked, url: str
) -> Group:
    group = Group(kind, title, hits[:SHOWN])
    if len(hits) <= SHOWN:
        group.count = len(hits)
    else:
        group.url = f"{reverse(url)}?{urlencode({'q': asked.text})}"
    group.is_exact = bool(rows) and rows[0].best == 0
    return group


def _projects(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (ngettext("%(count)s project", "%(count)s projects", count) % {"count": f"{count:,}"},)


def _document_facts(document: Document) -> tuple[str, ...]:
    of = document.project or document.fund
    dated = day(document.document_date) if document.document_date else ""
    return tuple(filter(None, (document.type.name, dated, Truncator(str(of)).chars(90))))
