"""Finding what has a name: funds, organizations, contributors, countries."""

from collections.abc import Sequence
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.contributors.contributor import contributors
from finance.figures.reading import KnownFigures
from finance.figures.totals import shared_totals
from finance.models.figures import Measure
from portal.kit.dates import TODAY
from portal.kit.text import fold, number_forms, squeezed
from portal.kit.together import read_together
from portal.search.hits import SHOWN, Group, Hit, Match, told, totals_by
from portal.search.words import Asked, marked
from projects.models import (
    Country,
    Fund,
    Organization,
    OrganizationIdentifier,
    Project,
    ProjectCountry,
)

# The sums of so many countries are worked out: each reads all projects there.
SUMMED = 2
# How a word stands in `search_names`: whole, or at the beginning of a word.
_WHOLE, _BEGUN = r"(^|[ \n]){}($|[ \n])", r"(^|[ \n]){}"


def found_named(asked: Asked, *, most: bool) -> list[Group]:
    """Countries, funds and organizations, looked for in one statement."""
    kinds = (
        (asked.of("countries"), _countries, _told_countries),
        (asked.of("funds"), _funds, _told_funds),
        (asked.of("organizations"), _organizations, _told_organizations),
    )
    found = [rows(one, most) for one, rows, _told in kinds]
    read_together(*found)
    return [
        told_of(one, [row for row in rows if row.missing == rows[0].missing])
        for (one, _rows, told_of), rows in zip(kinds, found, strict=True)
    ]


def _funds(asked: Asked, most: bool) -> Sequence[Any]:
    """Funds of this code or name."""
    return _named(Fund.objects.all(), asked, most=most)


def _told_funds(asked: Asked, funds: list[Any]) -> Group:
    ids = [fund.pk for fund in funds]
    totals = totals_by("project_fund", ids, Measure.TRANSFER, Measure.REFUND)
    counts = Project.objects.shown().filter(fund__in=ids).order_by().values("fund")
    projects = dict(counts.annotate(n=Count("pk")).values_list("fund", "n"))
    hits = [
        Hit(
            marked(fund.name, asked.words),
            fund.get_absolute_url(),
            fund.code,
            (*_since(fund), *_projects(projects.get(fund.pk, 0)),
             *told("net_funded", totals.get(fund.pk)), *_other_names(fund, asked)),
        )
        for fund in funds
    ]  # fmt: skip
    return _group("funds", _("Funds"), hits, funds, asked, "fund-list")


def _organizations(asked: Asked, most: bool) -> Sequence[Any]:
    """Organizations of this code, name, other name or identifier."""
    identifiers = OrganizationIdentifier.objects.told().filter(organization=OuterRef("pk"))
    identifiers = identifiers.alias(code=squeezed("value"))
    known_as = Q(code=asked.code)
    if asked.may_be_code:
        # "41114" of "XM-DAC-41114".
        known_as |= Q(code__endswith=asked.code)
    rows = Organization.objects.exclude(kind=Organization.Kind.INDIVIDUALS)
    # A government is known by its country: "Norge", "combien a donné la Norvège".
    names = "|".join(dict.fromkeys((asked.name, " ".join(asked.words))))
    of_country = Q(
        kind=Organization.Kind.GOVERNMENT, country__search_names__regex=_line(f"({names})")
    )
    more = Exists(identifiers.filter(known_as)) | of_country
    return _named(rows, asked, most=most, more=more)


def _told_organizations(asked: Asked, organizations: list[Any]) -> Group:
    """With what each received and gave."""
    ids = [organization.pk for organization in organizations]
    totals = totals_by("organization", ids, Measure.TRANSFER, Measure.REFUND)
    giving = set(contributors().filter(pk__in=ids).values_list("pk", flat=True))
    deposits = totals_by("organization", giving, Measure.DEPOSIT) if giving else {}
    part = Organization.objects.filter(pk__in=ids, participations__project__withheld_on=None)
    projects = dict(
        part.order_by().annotate(n=Count("participations__project", distinct=True))
        .values_list("pk", "n")
    )  # fmt: skip
    hits = []
    for one in organizations:
        contributor = reverse("contributor", args=[one.code]) if one.pk in giving else ""
        takes_part = bool(projects.get(one.pk))
        hits.append(
            Hit(
                marked(one.name, asked.words),
                contributor if contributor and not takes_part else one.get_absolute_url(),
                one.short_name,
                (str(one.get_kind_display()), *told("deposit", deposits.get(one.pk)),
                 *_projects(projects.get(one.pk, 0)), *told("net_funded", totals.get(one.pk)),
                 *_other_names(one, asked)),
                ((_("As a contributor"), contributor),) if contributor and takes_part else (),
            )
        )  # fmt: skip
    title = _("Organizations and contributors")
    return _group("organizations", title, hits, organizations, asked, "organization-list")


_AT_WORK = ProjectCountry.objects.filter(project__withheld_on=None)


def _countries(asked: Asked, most: bool) -> Sequence[Any]:
    """Countries of this name in which projects work."""
    at_work = Country.objects.filter(Exists(_AT_WORK.filter(country=OuterRef("pk"))))
    at_work = at_work.exclude(kind=Country.Kind.PLACEHOLDER)
    return _named(at_work, asked, most=most)


def _told_countries(asked: Asked, countries: list[Any]) -> Group:
    of_these = _AT_WORK.filter(country__in=[country.pk for country in countries])
    counts = dict(
        of_these.order_by().values("country").annotate(n=Count("pk")).values_list("country", "n")
    )
    figures = KnownFigures(TODAY)
    hits = []
    for number, country in enumerate(countries):
        totals = shared_totals(figures, country) if number < SUMMED else {}
        hits.append(
            Hit(
                marked(country.local_name, asked.words),
                country.get_absolute_url(),
                country.code,
                (*_projects(counts.get(country.pk, 0)),
                 *told("net_funded", totals.get(country.pk)), *_other_names(country, asked)),
            )
        )  # fmt: skip
    return _group("countries", _("Countries"), hits, countries, asked, "country-list")


def _named(rows: QuerySet, asked: Asked, *, most: bool, more: Any = None) -> Any:
    """Rows of this code or name, with all the words of the search, or whose name stands in it.

    Each row bears `best`, how it was found, and `missing`, how many words it lacks. With `most`,
    rows with some of the words are found too: those with the most of them.
    """
    if not asked.words:
        return ()
    rows = rows.alias(code_squeezed=squeezed("code"), any_case=Lower("code"))
    exact = Q(search_names__regex=_line(asked.name)) | Q(any_case=asked.text.lower())
    if asked.code:
        exact |= Q(code_squeezed=asked.code)
    if more is not None:
        exact |= Q(more)
    inside = Q(search_names__regex=_line(f"({'|'.join(asked.phrases)})"))
    whole, begun = Q(), Q()
    has: Any = Value(0)
    for word in asked.words:
        as_begun = has_word(word)
        whole &= Q(search_names__regex=_WHOLE.format(_forms(word)))
        begun &= as_begun
        has = has + Case(When(as_begun, then=1), default=0, output_field=IntegerField())
    found = exact | begun
    if asked.phrases:
        found |= inside
    best = Case(
        When(exact, then=Value(Match.EXACT)),
        When(whole, then=Value(Match.NAME)),
        *([When(inside, then=Value(Match.NAME))] if asked.phrases else []),
        default=Value(Match.NAME_BEGINS),
    )
    number = len(asked.words)
    missing = Case(When(exact | begun, then=Value(0)), default=Value(number) - F("has"))
    rows = rows.annotate(has=has, best=best, missing=missing)
    named = rows.filter(found | Q(has__gt=0)) if most else rows.filter(found)
    return named.order_by("missing", "best", "sort_name", "pk")[: SHOWN + 1]


def has_word(word: str) -> Q:
    """Things of which a name has a word that begins so, or the singular or plural of it."""
    begun = Q(search_names__regex=_BEGUN.format(word))
    if others := number_forms(word)[1:]:
        begun |= Q(search_names__regex=_WHOLE.format(f"({'|'.join(others)})"))
    return begun


def _forms(word: str) -> str:
    return f"({'|'.join(number_forms(word))})"


def _line(name: str) -> str:
    """The pattern of one whole name in `search_names`, where each stands on a line of its own."""
    return f"(?n)^ ?{name} ?$"


def _group(
    kind: str, title: str, hits: list[Hit], rows: Sequence[Any], asked: Asked, url: str
) -> Group:
    group = Group(kind, title, hits[:SHOWN])
    if len(hits) <= SHOWN:
        group.count = len(hits)
    elif not rows[0].missing:
        group.url = f"{reverse(url)}?{urlencode({'q': asked.text})}"
    if rows:
        group.match, group.missing = Match(rows[0].best), rows[0].missing
    return group


def _projects(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (ngettext("%(count)s project", "%(count)s projects", count) % {"count": f"{count:,}"},)


def _since(fund: Fund) -> tuple[str, ...]:
    if fund.started_on is None:
        return ()
    if fund.ends_on:
        return (f"{fund.started_on.year}–{fund.ends_on.year}",)
    return (_("since %(year)s") % {"year": fund.started_on.year},)


def _other_names(entity: Any, asked: Asked) -> tuple[str, ...]:
    """The other name by which it was found, where its own has not all of the words."""
    if all(word in fold(entity.name) for word in asked.words):
        return ()
    lines = [line.strip() for line in entity.other_names.splitlines()]
    known = [line for line in lines if line and any(word in fold(line) for word in asked.words)]
    return tuple(_("also known as %(name)s") % {"name": line} for line in known[:1])
