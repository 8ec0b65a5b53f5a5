"""Factories of nouns and of released records."""

import hashlib
from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone

from documents.models import Document, DocumentType
from finance.intake import Intake, Stated, digest
from finance.models import BudgetLine, ExpenditureLine, Load, Source, VoucherLine
from finance.services import publish_load
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


def transfer(project, amount, day=date(2020, 5, 1), **values) -> Stated:
    """A stated transfer, or a refund where the amount is negative."""
    amount = Decimal(amount)
    kind = VoucherLine.Kind.REFUND if amount < 0 else VoucherLine.Kind.TRANSFER
    return _stated(VoucherLine, project, amount, day, {"kind": kind, **values})


def budget(project, amount, day=date(2020, 4, 1), **values) -> Stated:
    """A stated approved budget."""
    return _stated(BudgetLine, project, Decimal(amount), day, values)


def expenditure(project, amount, year=2020, state="reported", **values) -> Stated:
    """A stated expenditure of one year."""
    fields = {"year": year, "state": state, **values}
    return _stated(ExpenditureLine, project, Decimal(amount), date(year, 12, 31), fields)


def _stated(model, project, amount, day, values) -> Stated:
    voucher = values.pop("voucher", None)
    if model is VoucherLine and voucher is None:
        voucher = {
            "number": f"V{day}",
            "payment_date": day,
            "fund_id": project.fund_id,
            "key": digest(project.number, day),
            "payee_id": values.get("organization_id"),
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


def released(*stated: Stated, source=None, models=None, moment=None, projects=(), **texts) -> Load:
    """A released load that says just this of the projects concerned."""
    load = LoadFactory(**({"source": source} if source else {}), **texts)
    intake = Intake(load)
    ids = {s.project_id for s in stated} | {project.pk for project in projects}
    intake.take(models or {s.model for s in stated}, sorted(ids), stated)
    return publish_load(load=load, touched=intake.touched, counts=intake.counts, moment=moment)
