"""The scope of a load: what its file is complete for.

What a complete file does not state any more is withdrawn; a file of "only these lines"
withdraws nothing. Two loads of one source and kind overlap when one project, organization,
day and state can lie in the scopes of both.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from finance.models import Decision, ExpenditureLine, MoneyRecord, ReportReceived
from portal.kit.formatting import day
from portal.kit.text import any_case

_FROM, _TO = date.min, date.max


@dataclass(frozen=True)
class Scope:
    """Codes of funds and organizations, numbers of projects, days and states; empty: all."""

    complete: bool = False
    funds: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The scope as `as_json` stored it."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {name: stored[name] for name in known & stored.keys()}
        for name in ("first", "last"):
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        for name in ("funds", "organizations", "projects", "states"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """The scope without what is empty."""
        stored: dict[str, Any] = {"complete": self.complete}
        for name in ("funds", "organizations", "projects", "states"):
            if getattr(self, name):
                stored[name] = list(getattr(self, name))
        for name in ("first", "last"):
            if getattr(self, name):
                stored[name] = getattr(self, name).isoformat()
        return stored

    @classmethod
    def of_year(cls, year: int, **more: Any) -> Self:
        """Complete for one calendar year."""
        return cls(complete=True, first=date(year, 1, 1), last=date(year, 12, 31), **more)

    def overlaps(self, other: Self) -> bool:
        """Whether a record could lie in both."""
        for name in ("funds", "organizations", "projects", "states"):
            mine, theirs = self._folded(name), other._folded(name)
            if mine and theirs and not mine & theirs:
                return False
        return (self.first or _FROM) <= (other.last or _TO) and (other.first or _FROM) <= (
            self.last or _TO
        )

    def _folded(self, name: str) -> set[str]:
        return {any_case(code) for code in getattr(self, name)}

    def narrowed(self, **bounds: Any) -> Self:
        """The same with other bounds."""
        return replace(self, **bounds)

    def matching(self, model: type[models.Model]) -> Q:
        """The records of a model that lie in the scope."""
        names = {field.name for field in model._meta.get_fields()}
        where = Q()
        if self.projects and "project" in names:
            where &= Q(project__number__in=self.projects)
        if self.funds:
            path = "project__fund__code" if _is_by_project(model) else "fund__code"
            where &= Q(**{f"{path}__in": self.funds})
        if self.organizations:
            path = "contributor__code" if "contributor" in names else "organization__code"
            where &= Q(**{f"{path}__in": self.organizations})
        if self.states and model is ExpenditureLine:
            where &= Q(state__in=self.states)
        return where & self._days(model)

    def _days(self, model: type[models.Model]) -> Q:
        if issubclass(model, ExpenditureLine | ReportReceived):
            where = Q(year__gte=self.first.year) if self.first else Q()
            return where & Q(year__lte=self.last.year) if self.last else where
        if not issubclass(model, MoneyRecord | Decision):
            return Q()
        where = Q(date__gte=self.first) if self.first else Q()
        return where & Q(date__lte=self.last) if self.last else where

    def complaint(
        self, *, fund: str, organization: str, project: str, state: str, on: date | None
    ) -> str:
        """Why a line does not lie in the scope, or ""."""
        stated = {
            "funds": (fund, _("the fund")),
            "organizations": (organization, _("the organization")),
            "projects": (project, _("the project")),
            "states": (state, _("the state")),
        }
        for name, (value, label) in stated.items():
            bounds = self._folded(name)
            if bounds and any_case(value) not in bounds:
                return _("%(what)s “%(value)s” lies outside the file’s scope") % {
                    "what": label,
                    "value": value,
                }
        if on and not (self.first or _FROM) <= on <= (self.last or _TO):
            return _("%(day)s lies outside the file’s scope") % {"day": day(on)}
        return ""

    def __str__(self) -> str:
        parts = [*self.funds, *self.organizations, *self.projects[:3], *self.states]
        if len(self.projects) > 3:
            parts.append(_("%(count)s projects in all") % {"count": len(self.projects)})
        if self.first or self.last:
            days = (day(bound) if bound else "…" for bound in (self.first, self.last))
            parts.append(" – ".join(days))
        if not self.complete:
            return "; ".join([_("only these lines"), *parts])
        return _("complete for %(what)s") % {"what": "; ".join(parts) or _("all of this source")}


def _is_by_project(model: type[models.Model]) -> bool:
    return "fund" not in {field.name for field in model._meta.get_fields()}
