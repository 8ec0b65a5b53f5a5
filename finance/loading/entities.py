"""Projects, organizations and funds as loads state them.

An entity keeps its history; a field edited by hand (`held_fields`) wins over later loads. What
a load said is kept as a statement, which is also what a reversal goes back to.
"""

from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from finance.loading.digests import digest
from finance.loading.lines import Line, Refused, refuse_repeat, refuse_twice
from finance.loading.references import References, Unknown, country_names
from finance.models import (
    FundStatement,
    Load,
    OrganizationStatement,
    ProjectStatement,
    StagedLine,
)
from portal.kit.safe import visibly
from portal.kit.text import Alike, any_case, fold
from projects.models import (
    Fund,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    ProjectCountry,
    StatusChange,
    Theme,
)
from projects.withheld import withheld_alike, withheld_rows

BATCH = 500  # entities written at once
# Columns of a file → fields of a project that take the value as it is.
_PLAIN = {
    "title": "title",
    "label": "ledger_label",
    "narrative": "narrative",
    "status": "status",
    "status_on": "status_on",
    "start": "planned_start",
    "original_end": "original_end",
    "end": "stated_end",
}
_IDENTIFIERS = {"iati": "IATI", "ledger": "ledger"}
_OF_FUND = {
    "name": "name",
    "description": "description",
    "website": "website",
    "start": "started_on",
    "end": "ends_on",
}
# Kinds of files of entities → what their lines are called.
MODELS: dict[str, str] = {
    Load.Kind.PROJECTS: "project",
    Load.Kind.ORGANIZATIONS: "organization",
    Load.Kind.FUNDS: "fund",
}


def reader(kind: str) -> Any:
    """What turns the rows of a file of entities into lines."""
    readers = {"project": _ProjectReader, "organization": _OrganizationReader, "fund": _FundReader}
    return readers[MODELS[kind]]()


class _ProjectReader:
    """Rows of a register of projects."""

    def __init__(self) -> None:
        self.references = References()
        self.countries = country_names()
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The project that the row states. Raises Refused."""
        refuse_repeat(self.seen, row["number"], number, "number")
        values = {field: row.get(name) for name, field in _PLAIN.items() if row.get(name)}
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


class _OrganizationReader:
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


class _FundReader:
    """Rows of a list of funds."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The fund that the row states. Raises Refused."""
        refuse_repeat(self.seen, row["code"], number, "code")
        start, end = row.get("start"), row.get("end")
        if start and end and end < start:
            raise Refused("end", str(end), _("a fund cannot end before it starts"))
        values = {field: row[name] for name, field in _OF_FUND.items() if row.get(name)}
        values["code"] = row["code"]
        return Line("fund", number, digest("fund", *as_stated), None, None, values)


def _named(names: dict[str, int], column: str, name: str) -> int:
    if (found := names.get(fold(name))) is None:
        raise Refused(column, name, _("there is no country “%(name)s”") % {"name": visibly(name)})
    return found


# --- Comparing and applying


_ENTITIES: dict[str, tuple[Any, str, Any, str]] = {
    "project": (Project, "number", ProjectStatement, "project_id"),
    "organization": (Organization, "code", OrganizationStatement, "organization_id"),
    "fund": (Fund, "code", FundStatement, "fund_id"),
}


def compare(load: Load) -> Counter[str]:
    """Drop the staged entities of which this source said the same last; returns the counts."""
    counts: Counter[str] = Counter()
    unchanged, changed = [], []
    model = MODELS[load.kind]
    known, said = _known(load, model), _said_last(model, load.source_id)
    staged = load.staged_lines.values_list("pk", "fingerprint", "values")
    for pk, fingerprint, values in staged.iterator():
        entity = known(_key(model, values or {}))
        if entity is not None and said.get(entity) == fingerprint:
            unchanged.append(pk)
        elif entity is None:
            counts["new"] += 1
        else:
            changed.append(StagedLine(pk=pk, record_id=entity))
    load.staged_lines.filter(pk__in=unchanged).delete()
    StagedLine.objects.bulk_update(changed, ["record_id"], batch_size=BATCH)
    return counts + Counter(unchanged=len(unchanged), changed=len(changed))


def _key(model: str, values: Any) -> str:
    return str(values[_ENTITIES[model][1]])


def _known(load: Load, model: str) -> Callable[[str], int | None]:
    """The id of an entity by number or code; withheld ones are those that the load states."""
    entity, column, _stated, _owner = _ENTITIES[model]
    known: Alike[int] = Alike(entity.objects.values_list(column, "pk"))
    if entity is Fund:
        return known.get
    stated = load.staged_lines.values_list(f"values__{column}", flat=True)
    withheld = withheld_alike(entity, [key for key in stated if known.get(key) is None])
    return lambda key: known.get(key) or withheld.get(key)


def _said_last(model: str, source: int) -> dict[int, str]:
    """For each entity the fingerprint of what the source said of it last."""
    _entity, _column, stated, owner = _ENTITIES[model]
    rows = stated.objects.filter(load__released_at__isnull=False, load__source_id=source)
    newest = rows.order_by(owner, "-load__released_at", "-pk").distinct(owner)
    return dict(newest.values_list(owner, "fingerprint"))


def apply(load: Load) -> None:
    """Make and change the entities that are staged."""
    model = MODELS[load.kind]
    known = _known(load, model)
    rows = load.staged_lines.order_by("pk").values_list("line", "fingerprint", "values")
    waiting = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(waiting, BATCH)):
        said = [
            Said(line, fingerprint, values or {}, known(_key(model, values or {})))
            for line, fingerprint, values in batch
        ]
        state(load, model, said)


class Said(NamedTuple):
    """What a line says of an entity, and the entity's id if there is one."""

    line: int
    fingerprint: str
    values: Any
    entity: int | None


def state(load: Load, model: str, said: list[Said]) -> None:
    """Bring entities to what is stated, but for fields edited by hand, and keep what was said.

    In a fixed number of statements, and one more for each entity that is there already.
    """
    entity_class, _column, stated, owner = _ENTITIES[model]
    there = entity_class.objects.in_bulk([one.entity for one in said if one.entity is not None])
    entities = _WRITERS[model]([(there.get(one.entity), one.values) for one in said])
    stated.objects.bulk_create(
        stated(
            load=load,
            line=one.line,
            fingerprint=one.fingerprint,
            values=one.values,
            **{owner: entity.pk},
        )
        for one, entity in zip(said, entities, strict=True)
    )


def _write_projects(stated: list[tuple[Project | None, dict[str, Any]]]) -> list[Project]:
    themes: dict[str, Theme] = {}
    pairs = [(project or Project(number=values["number"]), values) for project, values in stated]
    changes = []
    for project, values in pairs:
        before = project.status if project.pk else ""
        _set_fields(project, values, themes)
        if before != project.status and project.status_on:
            changes.append((project, project.status, project.status_on))
    _save([project for project, _values in pairs], Project)
    StatusChange.objects.bulk_create(
        StatusChange(project=project, status=status, set_on=day) for project, status, day in changes
    )
    _write_countries(pairs)
    _write_participations(pairs)
    return [project for project, _values in pairs]


def _set_fields(project: Project, values: dict[str, Any], themes: dict[str, Theme]) -> None:
    held = set(project.held_fields)
    for name in _PLAIN.values():
        if name in values and name not in held:
            field: Any = Project._meta.get_field(name)
            # IATI files state an absent date as nothing.
            value: Any = values[name] if field.empty_strings_allowed else values[name] or None
            setattr(project, name, field.to_python(value))
    if "fund" not in held:
        project.fund_id = values["fund_id"]
    if (theme := values.get("theme")) and "theme" not in held:
        if theme not in themes:
            themes[theme] = _theme(theme)
        project.theme = themes[theme]


def _save(entities: list[Any], model: Any) -> None:
    model.objects.bulk_create(entity for entity in entities if entity.pk is None)
    for entity in entities:
        if not entity._state.adding:
            entity.save()


def _write_countries(pairs: list[tuple[Project, dict[str, Any]]]) -> None:
    stated = [
        (project, values["countries"])
        for project, values in pairs
        if values.get("countries") and "countries" not in project.held_fields
    ]
    ProjectCountry.objects.filter(project__in=[project for project, _c in stated]).delete()
    ProjectCountry.objects.bulk_create(
        ProjectCountry(project=project, country_id=country, share=share)
        for project, countries in stated
        for country, share in countries
    )


def _write_participations(pairs: list[tuple[Project, dict[str, Any]]]) -> None:
    role = Participation.Role.PARTICIPATING
    stated = [pair for pair in pairs if "organizations" not in pair[0].held_fields]
    there = {
        (part.project_id, part.organization_id): part
        for part in Participation.objects.filter(
            project__in=[project for project, _values in stated], role=role
        )
    }
    changed = {}
    for project, values in stated:
        for organization, award in values.get("organizations", ()):
            part = there.get((project.pk, organization))
            if part is None:
                part = Participation(project=project, organization_id=organization, role=role)
                there[project.pk, organization] = part
            if part.pk is None or (award and part.award_number != award):
                part.award_number = award or part.award_number
                changed[project.pk, organization] = part
    _save(list(changed.values()), Participation)


def _theme(name: str) -> Theme:
    """The theme of that name or ledger label; a name cut by the ledger makes no new theme twice."""
    label = Theme.objects.filter(ledger_label=name).order_by("pk").first()
    return label or Theme.objects.get_or_create(name=name)[0]


def _write_organizations(
    stated: list[tuple[Organization | None, dict[str, Any]]],
) -> list[Organization]:
    pairs = [(found or Organization(code=values["code"]), values) for found, values in stated]
    for organization, values in pairs:
        for name in ("name", "short_name", "kind", "website", "country_id"):
            if name in values:
                setattr(organization, name, values[name])
    organizations = [organization for organization, _values in pairs]
    _save(organizations, Organization)
    identifiers = {
        (scheme, any_case(value)): (organization, value)
        for organization, values in reversed(pairs)
        for scheme, value in values.get("identifiers", {}).items()
    }
    # An identifier that is somebody's stays theirs, whatever its case.
    keys = {key for _scheme, key in identifiers}
    there = OrganizationIdentifier.objects.alias(any_case=Lower("value"))
    taken = there.filter(any_case__in=keys).values_list("scheme", "value")
    theirs = {(scheme, any_case(value)) for scheme, value in taken}
    words = {value for _organization, value in identifiers.values()}
    withheld = withheld_rows(OrganizationIdentifier, "value", words)
    OrganizationIdentifier.objects.bulk_create(
        OrganizationIdentifier(scheme=scheme, value=value, organization=organization)
        for (scheme, key), (organization, value) in identifiers.items()
        if (scheme, key) not in theirs and value not in withheld
    )
    return organizations


def _write_funds(stated: list[tuple[Fund | None, dict[str, Any]]]) -> list[Fund]:
    funds = [found or Fund(code=values["code"]) for found, values in stated]
    for fund, (_found, values) in zip(funds, stated, strict=True):
        for name in _OF_FUND.values():
            if name in values:
                field: Any = Fund._meta.get_field(name)
                setattr(fund, name, field.to_python(values[name]))
    _save(funds, Fund)
    return funds


_WRITERS: dict[str, Any] = {
    "project": _write_projects,
    "organization": _write_organizations,
    "fund": _write_funds,
}


def restore(load: Load, reversed_load: Load) -> None:
    """State again what stood of the entities before the reversed load; none is deleted."""
    for model, (entity_class, column, stated, owner) in _ENTITIES.items():
        reversed_ones = stated.objects.filter(load=reversed_load).values(owner)
        earlier = (
            stated.objects.filter(load__released_at__lt=reversed_load.released_at)
            .filter(**{f"{owner}__in": reversed_ones})
            .order_by(owner, "-load__released_at", "-pk")
            .distinct(owner)
        )
        entities = entity_class.objects.in_bulk(earlier.values_list(owner, flat=True))
        waiting = earlier.iterator(chunk_size=BATCH)
        while batch := list(islice(waiting, BATCH)):
            said = []
            for one in batch:
                entity = entities[getattr(one, owner)]
                values = {**one.values, column: getattr(entity, column)}
                values.setdefault("fund_id", getattr(entity, "fund_id", None))
                said.append(Said(one.line, one.fingerprint, values, entity.pk))
            state(load, model, said)
