"""Every public page in every format and at every date, before, during and after withholding."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from documents.models import DocumentVersion
from documents.verification import check_versions
from finance.intake import digest
from finance.models import BudgetCategory, BudgetLine, ExpenditureLine, Voucher, VoucherLine
from finance.verification import Scope, verify
from portal.withholding.services import lift, withhold
from projects.models import Extension, ProjectCountry, StatusChange, Withholding
from tests.factories import (
    ContactFactory,
    CountryFactory,
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    budget,
    expenditure,
    released,
    transfer,
)
from tests.portal.withholding.crawl import Site

pytestmark = pytest.mark.django_db

SECRET = ("zanzibar", "pemba")
# Where the same figures stand, withheld or not, to the cent.
_FIGURES = ("net_funded", "approved", "expenditure")


class World:
    """A portfolio in which every kind of thing bears a secret name."""

    def __init__(self):
        fund = FundFactory(code="UNA00", name="Open fund")
        self.fund = FundFactory(code="SEC00", name="Zanzibar fund", description="For Zanzibar")
        self.organization = OrganizationFactory(
            code="ZANZIBAR-RELIEF", name="Zanzibar Relief", short_name="Zanzibar R."
        )
        self.organization.identifiers.create(scheme="IATI", value="TZ-ZANZIBAR")
        self.other = OrganizationFactory(code="UNDP", name="Development Programme")
        self.payer = OrganizationFactory(code="SE", name="Sweden", kind="government")
        self.project = ProjectFactory(
            number="ZANZIBAR-1",
            title="Clinics in Zanzibar",
            narrative="Help for Zanzibar.",
            ledger_label="ZANZIBAR CLINICS",
            fund=fund,
        )
        self.open = ProjectFactory(
            number="00102004", title="Open", narrative="Plain.", fund=fund, parent=self.project
        )
        ProjectFactory(number="00102005", title="Part", fund=self.fund, parent=self.open)
        ProjectFactory(number="ZANZIBAR-2", title="Second", fund=fund, parent=self.open)
        self.part = type(self.project).objects.get(number="ZANZIBAR-2")
        self.country = CountryFactory(code="XP", name="Somewhere")
        for project in (self.project, self.open):
            ProjectCountry.objects.create(project=project, country=self.country)
            for organization in (self.organization, self.other):
                ParticipationFactory(project=project, organization=organization)
            self.papers(project)
        self.place = ProjectCountry.objects.create(
            project=self.part, country=CountryFactory(code="PEMBA", name="Pemba")
        )
        self.money()

    def papers(self, project):
        """Documents, contacts, dates with notes: all secret, of either project."""
        document = DocumentFactory(project=project, title="Map of Zanzibar", url="")
        DocumentVersion.objects.create(
            document=document,
            file=ContentFile(b"zanzibar", "x.txt"),
            file_name="zanzibar.txt",
            media_type="text/plain",
            size=8,
            sha256=hashlib.sha256(b"zanzibar").hexdigest(),
        )
        ContactFactory(
            project=project,
            organization_name="Office of Zanzibar",
            office_email="info@zanzibar.example",
            person_name="Ana Zanzibar",
            name_consent_on=date(2020, 1, 1),
        )
        Extension.objects.create(
            project=project,
            old_end=date(2021, 1, 1),
            new_end=date(2022, 1, 1),
            approved_on=date(2020, 9, 1),
            note="Floods in Zanzibar",
        )
        StatusChange.objects.create(
            project=project, status="ongoing", set_on=date(2020, 5, 2), note="Begun in Zanzibar"
        )

    def money(self):
        """Two releases, so that there is a past; amounts with cents that never come twice."""
        source, category = SourceFactory(code="ledger"), BudgetCategory.objects.first()
        lines = []
        for n, project in enumerate((self.project, self.open, self.part), start=1):
            for m, organization in enumerate((self.organization, self.other)):
                of = {"organization_id": organization.pk, "description": f"Zanzibar {n}{m}"}
                paid = {**of, "voucher": _voucher(project, organization, f"Zanzibar/{n}{m}")}
                lines += [
                    budget(project, f"{n}{m}000.11", category_id=category.pk, **of),
                    transfer(project, f"{n}{m}00.37", **paid),
                    transfer(project, f"-{n}{m}.01", date(2021, 2, 3), **of),
                    expenditure(project, f"{n}{m}0.53", category_id=category.pk, **of),
                ]
        texts = {"source": source, "file_name": "zanzibar.xml", "reason": "As Zanzibar asked"}
        released(*lines, moment=datetime(2025, 5, 1, tzinfo=UTC), **texts)
        last = transfer(self.project, "8.19", date(2022, 1, 8), description="Pemba")
        self.load = released(*lines, last, moment=datetime(2025, 5, 8, tzinfo=UTC), **texts)

    def withhold_all(self, by):
        """Withhold one thing of each kind, and each record of the project that stays public."""
        asked = [
            ("project", self.project),
            ("project", self.part),
            ("organization", self.organization),
            ("fund", self.fund),
            ("place", self.place),
            ("document", self.open.documents.get()),
            ("contact", self.open.contacts.get()),
            ("extension", self.open.extensions.get()),
            ("status-change", self.open.status_changes.get()),
            ("load", self.load),
        ]
        for model in (VoucherLine, BudgetLine, ExpenditureLine):
            records = model.objects.filter(project=self.open)
            asked += [(model._meta.model_name, record) for record in records]
        asked += [("voucher", v) for v in Voucher.objects.filter(lines__project=self.open)]
        done = []
        for kind, thing in asked:
            values = {"kind": kind, "target_id": thing.pk}
            if not Withholding.objects.standing().filter(**values).exists():
                done.append(withhold(**values, reason="danger in Zanzibar", by=by))
        return done


def _voucher(project, organization, number):
    return {
        "number": number,
        "payment_date": date(2020, 5, 1),
        "fund_id": project.fund_id,
        "key": digest(number),
        "payee_id": organization.pk,
    }


def _starts(world):
    """The beginnings of a walk; all else is found by links."""
    dates = ("", "as_of=2025-05-02", "until=2020-12-31")
    paths = ("/", "/search/?q=zanz", "/search/?q=clinics")
    return [
        f"{path}{'&' if '?' in path else '?'}{query}" if query else path
        for path in paths
        for query in dates
    ]


def _sums(client):
    """Of every figure: count and sum of the records behind it, of all and of what stays public."""
    sums = {}
    for of in (
        "/records/",
        "/fund/UNA00/records/",
        "/country/XP/records/",
        "/project/00102004/records/",
    ):
        for dates in ("", "&as_of=2025-05-02", "&until=2020-12-31"):
            for figure in _FIGURES:
                url = f"{of}records/?figure={figure}{dates}&format=csv"
                rows = list(
                    csv.DictReader(io.StringIO(client.get(url).getvalue().decode("utf-8-sig")))
                )
                sums[url] = (len(rows), sum(Decimal(row["usd"]) for row in rows))
    assert sum(count for count, _sum in sums.values()) > 100
    return sums


def _public_names():
    from portal.urls import urlpatterns

    return {p.name for p in urlpatterns if getattr(p, "name", None)}


def _clean():
    result = verify(Scope(), more=(check_versions,))
    assert result.ok, result.difference


def test_a_walk_of_the_whole_site_meets_no_secret_while_withheld_and_all_of_them_before_and_after(
    client,
):
    world, by = World(), UserFactory(is_staff=True)
    starts = _starts(world)
    before = Site(client).walk(*starts)
    assert before.names >= _public_names()
    assert before.saying(*SECRET)
    assert {status for status, _text in before.read.values()} == {200}
    sums = _sums(client)

    done = world.withhold_all(by)
    during = Site(client).walk(*starts, *before.read)
    assert during.saying(*SECRET) == []
    assert {status for status, _text in during.read.values()} == {200, 410}
    assert _sums(client) == sums
    _clean()

    for withholding in reversed(done):
        lift(withholding=withholding, reason="over", by=by)
    assert _sums(client) == sums
    after = Site(client).walk(*starts, *before.read)
    ours, theirs = before.steady(), after.steady()
    assert {url for url in ours if ours[url] != theirs[url]} == set()
    _clean()
