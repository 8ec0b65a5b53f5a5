"""Panels of a factsheet about what an IATI file told of the project beside its money."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.figures.addresses import figure_link
from finance.models import ProjectStatement
from finance.reports.project_money import ProjectMoney
from portal.iati.described import Tree, first, named, narrative, said, trees_from
from portal.iati.kept import Kept
from portal.iati.mapping.subjects import Scheme, Subject, given_subjects, subjects_of
from portal.iati.publishing.material import kept_statements
from portal.kit.dates import Known
from portal.kit.formatting import day, money, percent
from portal.kit.language.code_lists import name_of
from portal.kit.panels import Panel
from projects.models import Project, ProjectCountry, ProjectSubject, Withholding

ENGLISH = "en"
# A marker says how much it matters, and never of how much money.
WITHOUT_SHARES = frozenset({Scheme.GENDER, Scheme.HUMANITARIAN})


def statements_of(project: Project, known: Known) -> QuerySet[ProjectStatement]:
    """What an IATI file said last by then of the project, if it said more than its fields hold."""
    return kept_statements([project.pk], known)


def hidden_places(project: Project) -> QuerySet[Withholding]:
    """Why places of the project are not told."""
    return Withholding.objects.standing().filter(
        kind="place", target_id__in=ProjectCountry.objects.filter(project=project).values("pk")
    )


def subjects_panel(
    kept: Kept, project_money: ProjectMoney, given: Iterable[ProjectSubject] = ()
) -> dict[str, Any] | None:
    """Sectors, goals and markers, each with its share of the net funded amount: as a file says
    or, where none does, as staff do."""
    told = subjects_of(kept)
    found = told or given_subjects(given)
    if not found:
        return None
    totals = project_money.totals
    whole = None if totals.parts("net_funded").unconverted else totals.told("net_funded")
    return {
        "subjects": [_subject(each, whole) for each in _largest_first(found)],
        "url": figure_link(project_money.page, totals, "net_funded"),
        "has_amounts": bool(whole),
        "is_of_office": not told,
    }


def _largest_first(subjects: list[Subject]) -> list[Subject]:
    """List by list, each by share, then by code: goal 7 before goal 13."""
    lists = list(dict.fromkeys(each.scheme for each in subjects))

    def place(each: Subject) -> tuple[Any, ...]:
        return lists.index(each.scheme), -(each.share or 0), len(each.code), each.code

    return sorted(subjects, key=place)


def _subject(subject: Subject, whole: Decimal | None) -> dict[str, Any]:
    share = subject.share
    amount = whole * share / 100 if whole and share is not None else None
    is_flag = subject.scheme == Scheme.HUMANITARIAN
    return {
        "scheme": Scheme(subject.scheme).label,
        "key": subject.scheme,
        "code": subject.code,
        "name": _("humanitarian aid, wholly or in part") if is_flag else subject.name,
        "share": percent(share) if share is not None else "",
        "has_shares": subject.scheme not in WITHOUT_SHARES,
        "amount": money(amount) if amount is not None else "",
    }


# --- Results


def results_panel(kept: Kept, language: str) -> dict[str, Any] | None:
    """Each result with its indicators: baseline, and of each period target and actual."""
    found = [_result(tree, language) for tree in named(_trees(kept), "result")]
    return {"results": found} if found else None


def _trees(kept: Kept) -> tuple[Tree, ...]:
    return trees_from(kept.get("described", ()))


def _result(tree: Tree, language: str) -> dict[str, Any]:
    return {
        "title": narrative(first(tree, "title"), ENGLISH, language),
        "kind": name_of("ResultType", said(tree, "type")),
        "text": narrative(first(tree, "description"), ENGLISH, language),
        "rows": [
            row for indicator in named(tree[3], "indicator") for row in _rows(indicator, language)
        ],
    }


def _rows(indicator: Tree, language: str) -> Iterator[dict[str, Any]]:
    """A row for each period; one without periods has a row all the same."""
    is_percent = said(indicator, "measure") == "2"
    baselines = [_value(each, is_percent) for each in named(indicator[3], "baseline")]
    row: dict[str, Any] = {
        "indicator": narrative(first(indicator, "title"), ENGLISH, language),
        "baseline": "; ".join(filter(None, baselines)),
        "period": "",
        "target": "",
        "actual": "",
    }
    periods = list(named(indicator[3], "period"))
    if not periods:
        yield row
    for period in periods:
        yield row | {
            "period": _span(period),
            "target": "; ".join(_value(t, is_percent) for t in named(period[3], "target")),
            "actual": "; ".join(_value(a, is_percent) for a in named(period[3], "actual")),
        }
        row |= {"indicator": "", "baseline": "", "is_further": True}


def _value(tree: Tree, is_percent: bool) -> str:
    """The value as stated, with its year; what is said of it where it has none."""
    value = said(tree, "value")
    if not value:
        return narrative(first(tree, "comment"), ENGLISH)
    value = f"{value} %" if is_percent else value
    year = said(tree, "year")
    return f"{value} ({year})" if year else value


def _span(period: Tree) -> str:
    ends = (first(period, "period-start"), first(period, "period-end"))
    days = [said(each, "iso-date")[:10] for each in ends if each]
    return " – ".join(_day(text) for text in days if text)


def _day(text: str) -> str:
    """As pages write a day; as stated, where it is none."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


# --- Locations


def locations_panel(
    project: Project, kept: Kept, hidden: Iterable[Withholding]
) -> dict[str, Any] | None:
    """Places within the country; none where a place of the project is withheld."""
    trees = list(named(_trees(kept), "location"))
    if not trees or list(hidden):
        return None
    return {"locations": [_location(tree, project.language) for tree in trees]}


def _location(tree: Tree, language: str) -> dict[str, str]:
    point = first(tree, "point")
    position = first(point, "pos") if point else None
    ids = [said(each, "code") for each in named(tree[3], "location-id")]
    return {
        "name": narrative(first(tree, "name"), ENGLISH, language) or ", ".join(filter(None, ids)),
        "text": narrative(first(tree, "activity-description"), ENGLISH, language)
        or narrative(first(tree, "description"), ENGLISH, language),
        "position": ", ".join(position[2].split()) if position else "",
    }


# What a file told of the project beside its money, on its factsheet.
TOLD = (
    Panel(
        "subjects",
        gettext_lazy("What it is about"),
        "factsheet/subjects.html",
        lambda page: subjects_panel(page.told, page.money, page.subjects),
        folded=True,
    ),
    Panel(
        "results",
        gettext_lazy("Results"),
        "factsheet/results.html",
        lambda page: results_panel(page.told, page.project.language),
        folded=True,
    ),
    Panel(
        "locations",
        gettext_lazy("Locations"),
        "factsheet/locations.html",
        lambda page: locations_panel(page.project, page.told, page.hidden_places),
        folded=True,
    ),
)
