"""What a look at our IATI found, with the records to mend and the way to each."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.models import Load, ProjectStatement
from portal.iati.checking.completeness import PARTS
from portal.iati.checking.looking import LIST, SCHEMA
from portal.iati.publishing.publisher import Publisher
from portal.kit.text import any_case
from portal.models import IatiLook
from projects.models import Fund, Project

SHOWN = 20  # activities that are shown of each fault
_KINDS = {SCHEMA: gettext_lazy("Schema"), LIST: gettext_lazy("Code list")}
_ERROR = "error"


def issues_of(look: IatiLook, *, may_edit: bool) -> list[dict[str, Any]]:
    """Each kind of fault, errors first, with the activities that have it."""
    stated = look.found.get("issues", [])
    names = {name for issue in stated for name in list(issue["activities"])[:SHOWN]}
    records = _records(names, may_edit=may_edit)
    return [_issue(issue, records) for issue in stated]


def _issue(issue: dict[str, Any], records: dict[str, dict[str, Any]]) -> dict[str, Any]:
    shown = list(issue["activities"].items())[:SHOWN]
    message = issue["message"]
    if issue["kind"] == LIST:
        message = _("The list has no code “%(code)s”.") % {"code": message}
    return {
        "kind": _KINDS.get(issue["kind"], _("Rule")),
        "number": "" if issue["kind"] == SCHEMA else issue["number"],
        "message": message,
        "is_error": issue["severity"] == _ERROR,
        "count": issue["count"],
        "activities": [
            {"identifier": name, "count": count, **records.get(name, {})} for name, count in shown
        ],
        # Not all activities are named in what is kept, but each time is counted.
        "more": issue["count"] - sum(count for _name, count in shown),
    }


def _records(identifiers: Iterable[str], *, may_edit: bool) -> dict[str, dict[str, Any]]:
    """By identifier: the page of the project or fund, and where it is mended."""
    publisher = Publisher.current()
    numbers = {name: publisher.number_in(name) for name in identifiers}
    projects = {
        any_case(project.number): project
        for project in Project.objects.numbered_any({*numbers, *numbers.values()})
    }
    funds = {fund.code: fund for fund in Fund.objects.filter(code__in=numbers.values())}
    loads = _loads([project.pk for project in projects.values()])
    found: dict[str, dict[str, Any]] = {}
    for name, number in numbers.items():
        project = projects.get(any_case(number)) or projects.get(any_case(name))
        if project is not None:
            mend = loads.get(project.pk) or (_editor("project", project.pk) if may_edit else {})
            found[name] = {"url": project.get_absolute_url(), "title": project.title, **mend}
        elif number in funds:
            fund = funds[number]
            mend = _editor("fund", fund.pk) if may_edit else {}
            found[name] = {"url": fund.get_absolute_url(), "title": fund.name, **mend}
        elif name == publisher.ref:
            office = {"mend": reverse("staff-office"), "mend_label": _("settings of the office")}
            found[name] = {"url": reverse("data"), "title": publisher.office.name, **office}
    return found


def _editor(model: str, pk: int) -> dict[str, str]:
    address = reverse(f"admin:projects_{model}_change", args=[pk])
    return {"mend": address, "mend_label": _("edit it")}


def _loads(ids: list[int]) -> dict[int, dict[str, str]]:
    """Where a publisher's file told of a project: it is mended at its source."""
    told = ProjectStatement.objects.filter(project_id__in=ids, load__kind=Load.Kind.IATI)
    newest = told.order_by("project_id", "-pk").distinct("project_id").select_related("load")
    return {
        row.project_id: {
            "mend": reverse("staff-load", args=[row.load_id]),
            "mend_label": _("line %(line)d of its source file") % {"line": row.line},
        }
        for row in newest
    }


def parts_of(look: IatiLook) -> list[dict[str, Any]]:
    """How many activities have each part that readers look for, the rarest first."""
    stated = look.found.get("completeness", {})
    count, having = stated.get("activities", 0), stated.get("having", {})
    if not count:
        return []
    rows = [
        {
            "label": label,
            "having": having.get(name, 0),
            "missing": count - having.get(name, 0),
            "percent": 100 * having.get(name, 0) // count,
        }
        for name, (label, _way) in PARTS.items()
    ]
    return sorted(rows, key=lambda row: row["having"])


def score_of(look: IatiLook) -> int | None:
    """The mean of the shares of all parts, in whole percent."""
    stated = look.found.get("completeness", {})
    count, having = stated.get("activities", 0), stated.get("having", {})
    return 100 * sum(having.values()) // (count * len(PARTS)) if count else None
