"""Factories of entities and of released records."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import factory
from django.db.models import Model
from django.utils import timezone

from documents.models import Document, DocumentType
from finance.conversion import Rates
from finance.figures.making import enter
from finance.loading.digests import digest
from finance.loading.lines import Line
from finance.loading.services import release_lines
from finance.loading.staging import staging_buffer
from finance.models import Load, Source, VoucherLine
from finance.models.record_kinds import RECORD_MODELS
from projects.models import Contact, Country, Fund, Organization, Participation, Project, User


class UserFactory(factory.django.DjangoModelFactory):
    """A user who signs in by e-mail address."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@example.org")


class FundFactory(factory.django.DjangoModelFactory):
    """A fund."""

    class Meta:
        model = Fund

    code = factory.Sequence(lambda n: f"TST{n:02}")
    name = factory.Sequence(lambda n: f"Trust Fund {n}")


class OrganizationFactory(factory.django.DjangoModelFactory):
    """An organization."""

    class Meta:
        model = Organization

    code = factory.Sequence(lambda n: f"ORG{n}")
    name = factory.Sequence(lambda n: f"Organization {n}")


class CountryFactory(factory.django.DjangoModelFactory):
    """A country; two-letter codes are taken by the reference data."""

    class Meta:
        model = Country

    code = factory.Sequence(lambda n: f"X{n}")
    name = factory.Sequence(lambda n: f"Country {n}")


class ProjectFactory(factory.django.DjangoModelFactory):
    """A project."""

    class Meta:
        model = Project

    number = factory.Sequence(lambda n: f"{n:08}")
    title = factory.Sequence(lambda n: f"Project {n}")
    fund = factory.SubFactory(FundFactory)


class ParticipationFactory(factory.django.DjangoModelFactory):
    """A participating organization of a project."""

    class Meta:
        model = Participation

    project = factory.SubFactory(ProjectFactory)
    organization = factory.SubFactory(OrganizationFactory)


class ContactFactory(factory.django.DjangoModelFactory):
    """An office to turn to about a project, with a person who agreed to nothing."""

    class Meta:
        model = Contact

    project = factory.SubFactory(ProjectFactory)
    organization_name = factory.Sequence(lambda n: f"Office {n}")
    person_name = "Secret Person"
    person_email = "secret.person@example.org"


class DocumentFactory(factory.django.DjangoModelFactory):
    """A public document of a project that is kept elsewhere."""

    class Meta:
        model = Document

    project = factory.SubFactory(ProjectFactory)
    type = factory.LazyFunction(lambda: DocumentType.objects.get(code="project-document"))
    title = factory.Sequence(lambda n: f"Document {n}")
    url = "https://example.org/document.pdf"
    document_date = date(2020, 1, 31)


class SourceFactory(factory.django.DjangoModelFactory):
    """A source."""

    class Meta:
        model = Source

    code = factory.Sequence(lambda n: f"source-{n}")
    name = factory.Sequence(lambda n: f"Source {n}")


class LoadFactory(factory.django.DjangoModelFactory):
    """A load that has been received and not released."""

    class Meta:
        model = Load

    source = factory.SubFactory(SourceFactory)
    kind = Load.Kind.IATI
    file_name = "file.xml"
    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    size = 1
    received_at = factory.LazyFunction(timezone.now)


def transfer(
    project: Project, amount: int | str | Decimal, day: date = date(2020, 5, 1), **values: Any
) -> Line:
    """A stated transfer, or a refund where the amount is negative."""
    amount = Decimal(amount)
    kind = VoucherLine.Kind.REFUND if amount < 0 else VoucherLine.Kind.TRANSFER
    number = values.pop("voucher", f"V{day}")
    voucher = {
        "voucher_number": number,
        "voucher_fund_id": values.pop("drawn_on", project.fund_id),
        # One that is named is shared by projects.
        "voucher_key": digest("" if number != f"V{day}" else project.number, number),
    }
    return _stated("voucherline", project, amount, day, {"kind": kind, **values}, voucher)


def budget(
    project: Project, amount: int | str | Decimal, day: date = date(2020, 4, 1), **values: Any
) -> Line:
    """A stated approved budget."""
    return _stated("budgetline", project, Decimal(amount), day, values)


def expenditure(
    project: Project,
    amount: int | str | Decimal,
    year: int = 2020,
    state: str = "reported",
    day: date | None = None,
    **values: Any,
) -> Line:
    """A stated expenditure of one year, dated at its end or on `day`."""
    fields = {"year": year, "state": state, **values}
    day = day or date(year, 12, 31)
    return _stated("expenditureline", project, Decimal(amount), day, fields)


def deposit(
    fund: Fund, amount: int | str | Decimal, day: date = date(2020, 3, 1), **values: Any
) -> Line:
    """A stated deposit of a contributor."""
    return _of_fund("deposit", fund, amount, day, values)


def commitment(
    fund: Fund, amount: int | str | Decimal, day: date = date(2020, 2, 1), **values: Any
) -> Line:
    """A stated commitment of a contributor."""
    return _of_fund("commitment", fund, amount, day, {"is_pledge": False, **values})


def fund_cost(
    fund: Fund,
    kind: str,
    amount: int | str | Decimal,
    day: date = date(2020, 12, 31),
    **values: Any,
) -> Line:
    """A stated cost or income of a fund."""
    return _of_fund("fundcost", fund, amount, day, {"kind": kind, **values})


def _of_fund(
    model: str, fund: Fund, amount: int | str | Decimal, day: date, values: dict[str, Any]
) -> Line:
    values = {"amount": Decimal(amount), "currency": "USD", "date": day, **values}
    as_stated = (fund.code, *sorted((name, str(value)) for name, value in values.items()))
    base_amount, rate = Rates().convert(values["amount"], values["currency"], day)
    beside = {"fund_id": fund.pk, "base_amount": base_amount, "rate": rate}
    values = {"description": "", **values, **beside}
    return Line(model, 1, digest(model, *as_stated), None, fund.pk, values)


def report(
    project: Project,
    organization: Organization,
    year: int = 2020,
    kind: str = "narrative",
    **values: Any,
) -> Line:
    """A stated arrival, extension or exemption of a report."""
    fields = {"kind": kind, "year": year, "organization_id": organization.pk, **values}
    fields = {"received_on": None, "extended_to": None, "exempt": False, "reason": ""} | fields
    stated = sorted((name, str(value)) for name, value in fields.items())
    name = "reportreceived"
    return Line(name, 1, digest(name, project.number, *stated), project.pk, project.fund_id, fields)


def _stated(
    model: str,
    project: Project,
    amount: Decimal,
    day: date,
    values: dict[str, Any],
    beside: Mapping[str, Any] | None = None,
) -> Line:
    values = {"amount": amount, "currency": "USD", "date": day, **values}
    as_stated = (project.number, *sorted((name, str(value)) for name, value in values.items()))
    # What a rate gives is no part of what was stated.
    base_amount, rate = Rates().convert(amount, values["currency"], values.get("value_date") or day)
    values = {
        "description": "",
        **values,
        "base_amount": base_amount,
        "rate": rate,
        **(beside or {}),
    }
    return Line(model, 1, digest(model, *as_stated), project.pk, project.fund_id, values)


def booked(*stated: Line, moment: datetime | None = None) -> Load:
    """A released load of a fund's own records; it was never compared, nor sealed."""
    load = LoadFactory(state=Load.State.RELEASED, released_at=moment or timezone.now())
    for line in stated:
        RECORD_MODELS[line.model].objects.create(
            load=load, source=load.source, line=1, fingerprint=line.fingerprint, **line.values
        )
    enter(load)
    return load


def released(
    *stated: Line,
    source: Source | None = None,
    models: Iterable[type[Model]] | None = None,
    moment: datetime | None = None,
    projects: Iterable[Project] = (),
    **texts: Any,
) -> Load:
    """A released load that says just this of the projects concerned."""
    load = LoadFactory(**({"source": source} if source else {}), **texts)
    ids = {line.project_id for line in stated if line.project_id}
    ids |= {project.pk for project in projects}
    names = {model.__name__.lower() for model in models or ()} or {line.model for line in stated}
    with staging_buffer(load) as lines:
        for line in stated:
            lines.add(line)
        return release_lines(
            load=load, lines=lines, models=sorted(names), projects=sorted(ids), moment=moment
        )
