"""Rows of files of projects, organizations and funds, as what they state."""

from typing import Any

from django.utils.translation import gettext as _

from finance.loading.digests import digest
from finance.loading.lines import Line, Refused, refuse_repeat, refuse_twice
from finance.loading.references import References, Unknown, country_names
from portal.kit.safe import visibly
from portal.kit.text import fold

# Columns of a file → fields of a project that take the value as it is.
PLAIN = {
    "title": "title",
    "label": "ledger_label",
    "narrative": "narrative",
    "status": "status",
    "status_on": "status_on",
    "start": "planned_start",
    "original_end": "original_end",
    "end": "stated_end",
}
OF_FUND = {
    "name": "name",
    "description": "description",
    "website": "website",
    "start": "started_on",
    "end": "ends_on",
}
_IDENTIFIERS = {"iati": "IATI", "ledger": "ledger"}


class ProjectReader:
    """Rows of a register of projects."""

    def __init__(self) -> None:
        self.references = References()
        self.countries = country_names()
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The project that the row states. Raises Refused."""
        refuse_repeat(self.seen, row["number"], number, "number")
        values = {field: row.get(name) for name, field in PLAIN.items() if row.get(name)}
        try:
            fund = self.references.fund(row["fund"])
        except Unknown as error:
            raise Refused("fund", row["fund"], str(error), _("Enter the fund first.")) from error
        values |= {"number": row["number"], "fund_id": fund}
        values |= {"theme": row["theme"]} if row.get("theme") else {}
        named = [
            (name, _named(self.countries, "countries", name), share)
            for name, share in row.get("countries") or ()
        ]
        refuse_twice("countries", named)
        values["countries"] = [[pk, s if s is None else str(s)] for _name, pk, s in named]
        values["organizations"] = self._organizations(row)
        return Line("project", number, digest("project", *as_stated), None, fund, values)

    def _organizations(self, row: dict[str, Any]) -> list[list[Any]]:
        found = []
        for name, award in row.get("organizations") or ():
            try:
                found.append([self.references.organization(name), award or ""])
            except Unknown as error:
                advice = _("Load or enter the organization first.")
                raise Refused("organizations", name, str(error), advice) from error
        return found


class OrganizationReader:
    """Rows of a list of organizations."""

    def __init__(self) -> None:
        self.countries = country_names()
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The organization that the row states. Raises Refused."""
        refuse_repeat(self.seen, row["code"], number, "code")
        fields = ("code", "name", "short_name", "kind", "website")
        values: dict[str, Any] = {name: row[name] for name in fields if row.get(name)}
        if country := row.get("country"):
            values["country_id"] = _named(self.countries, "country", country)
        values["identifiers"] = {
            scheme: row[column] for column, scheme in _IDENTIFIERS.items() if row.get(column)
        }
        return Line("organization", number, digest("organization", *as_stated), None, None, values)


class FundReader:
    """Rows of a list of funds."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The fund that the row states. Raises Refused."""
        refuse_repeat(self.seen, row["code"], number, "code")
        start, end = row.get("start"), row.get("end")
        if start and end and end < start:
            raise Refused("end", str(end), _("a fund cannot end before it starts"))
        values = {field: row[name] for name, field in OF_FUND.items() if row.get(name)}
        values["code"] = row["code"]
        return Line("fund", number, digest("fund", *as_stated), None, None, values)


def _named(names: dict[str, int], column: str, name: str) -> int:
    if (found := names.get(fold(name))) is None:
        raise Refused(column, name, _("there is no country “%(name)s”") % {"name": visibly(name)})
    return found
