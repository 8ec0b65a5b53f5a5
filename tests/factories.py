"""Factories of nouns and of released records."""

import hashlib
from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone

from finance.intake import Intake, Stated
from finance.models import ExpenditureLine, Load, Source, VoucherLine
from finance.services import publish_load
from projects.models import Country, Fund, Organization, Project, User


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


def transfer(project, amount, day=date(2020, 5, 1), **values) -> Stated:
    """A stated transfer, or a refund where the amount is negative."""
    amount = Decimal(amount)
    kind = VoucherLine.Kind.REFUND if amount < 0 else VoucherLine.Kind.TRANSFER
    return _stated(VoucherLine, project, amount, day, {"kind": kind, **values})


def expenditure(project, amount, year=2020, state="reported", **values) -> Stated:
    """A stated expenditure of one year."""
    fields = {"year": year, "state": state, **values}
    return _stated(ExpenditureLine, project, Decimal(amount), date(year, 12, 31), fields)


def _stated(model, project, amount, day, values) -> Stated:
    voucher = None
    if model is VoucherLine:
        voucher = {
            "number": f"V{day}",
            "payment_date": day,
            "fund_id": project.fund_id,
            "key": f"{project.number}{day}",
        }
    values = {"amount": amount, "currency": "USD", "date": day, **values}
    return Stated(
        model=model,
        line=1,
        project_id=project.pk,
        values=values,
        as_stated=(project.number, *sorted((k, str(v)) for k, v in values.items())),
        voucher=voucher,
    )


def released(*stated: Stated, source=None, models=None, moment=None, projects=()) -> Load:
    """A released load that says just this of the projects concerned."""
    load = LoadFactory(**({"source": source} if source else {}))
    intake = Intake(load)
    ids = {s.project_id for s in stated} | {project.pk for project in projects}
    intake.take(models or {s.model for s in stated}, sorted(ids), stated)
    return publish_load(load=load, touched=intake.touched, counts=intake.counts, moment=moment)
