"""A portfolio in which every kind of thing bears a secret name."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from documents.models import DocumentVersion
from finance.loading.services import check_load, receive_load, release_load
from finance.models import (
    BudgetCategory,
    BudgetLine,
    Commitment,
    Decision,
    Deposit,
    ExpenditureLine,
    FundCost,
    Load,
    ReportReceived,
    Source,
    SubGrant,
    Voucher,
    VoucherLine,
)
from finance.reports.editions import publish_edition
from portal.models import PublicAnswer
from portal.withholding.services import withhold
from projects.models import Extension, Project, ProjectCountry, StatusChange, User, Withholding
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
    report,
    transfer,
)


def _file(kind: str, *rows: str) -> Load:
    source, _made = Source.objects.get_or_create(code="ledger", defaults={"name": "Ledger"})
    content = ContentFile("\n".join(rows).encode())
    load = receive_load(source=source, kind=kind, content=content, name=f"{kind}.csv")
    load = check_load(load)
    assert load.state == Load.State.CHECKED, list(load.remarks.values_list("message", flat=True))
    return release_load(load=load)


class World:
    """Two secret projects and two open ones; the open ones, too, say what is secret."""

    def __init__(self) -> None:
        fund = FundFactory(code="UNA00", name="Open fund")
        self.fund = FundFactory(code="SEC00", name="Zanzibar fund", description="For Zanzibar")
        self.organization = OrganizationFactory(
            code="ZANZIBAR-RELIEF", name="Zanzibar Relief", short_name="Zanzibar R."
        )
        self.organization.identifiers.create(scheme="IATI", value="TZ-ZANZIBAR")
        self.keeper = UserFactory()
        self.other = OrganizationFactory(code="UNDP", name="Development Programme")
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
        self.half = ProjectFactory(
            number="00102005",
            title="Half of Zanzibar",
            narrative="Zanzibar, too.",
            ledger_label="HALF ZANZIBAR",
            fund=self.fund,
            parent=self.open,
        )
        self.part = ProjectFactory(number="ZANZIBAR-2", title="Second", fund=fund, parent=self.open)
        country = CountryFactory(code="XP", name="Somewhere")
        for project in (self.project, self.open):
            ProjectCountry.objects.create(project=project, country=country)
            for organization in (self.organization, self.other):
                award = "ZANZIBAR/7" if project == self.project else "A-7"
                ParticipationFactory(project=project, organization=organization, award_number=award)
            self.papers(project)
        self.place = ProjectCountry.objects.create(
            project=self.half, country=CountryFactory(code="PEMBA", name="Pemba")
        )
        self.award = ParticipationFactory(
            project=self.half, organization=self.other, award_number="ZANZIBAR/8"
        )
        self.money()
        self.beside()
        self.answers()
        yesterday = timezone.localdate() - timedelta(days=1)
        publish_edition(fund=fund, year=2021, as_of=yesterday)

    def papers(self, project: Project) -> None:
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
        DocumentFactory(
            project=project, title="Zanzibar online", url="https://zanzibar.example/a.pdf"
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
            project=project, status="on-going", set_on=date(2020, 5, 2), note="Begun in Zanzibar"
        )

    def money(self) -> None:
        """Two releases, so that there is a past; amounts with cents that never come twice."""
        source, category = SourceFactory(code="ledger"), BudgetCategory.objects.all()[0]
        lines = []
        for n, project in enumerate((self.project, self.open, self.part, self.half), start=1):
            for m, organization in enumerate((self.organization, self.other)):
                of = {"organization_id": organization.pk, "description": f"Zanzibar {n}{m}"}
                lines += [
                    budget(project, f"{n}{m}000.11", category_id=category.pk, **of),
                    transfer(project, f"{n}{m}00.37", voucher=f"Zanzibar/{n}{m}", **of),
                    transfer(project, f"-{n}{m}.01", date(2021, 2, 3), **of),
                    expenditure(project, f"{n}{m}0.53", category_id=category.pk, **of),
                    report(project, organization, exempt=True, reason="Floods of Zanzibar"),
                ]
        texts: dict[str, Any] = {
            "source": source,
            "file_name": "zanzibar.xml",
            "reason": "As Zanzibar asked",
        }
        released(*lines, moment=datetime(2025, 5, 1, tzinfo=UTC), **texts)
        last = transfer(self.project, "8.19", date(2022, 1, 8), description="Zanzibar pier")
        self.load = released(*lines[1:], last, moment=datetime(2025, 5, 8, tzinfo=UTC), **texts)

    def beside(self) -> None:
        """Money of the fund and reports: each kind's texts name what is secret."""
        deposit = "deposit,2021-05-05,UNA00,UNDP,Zanzibar SAA,77.13,USD,ZANZIBAR-REF,For Zanzibar"
        signed = "commitment,2021-05-04,UNA00,UNDP,Zanzibar SAA,78.19,USD,,For Zanzibar"
        self.files = [
            _file(
                "contributions",
                "what,date,fund,contributor,arrangement,amount,currency,payer_reference,description",
                deposit,
                signed,
            ),
            _file(
                "fund-costs",
                "date,fund,kind,amount,currency,description",
                "2021-06-01,UNA00,bank-charges,1.17,USD,Cash to Zanzibar",
            ),
            _file(
                "reports-received",
                "project,organization,type,period,received_on,extended_to,reason",
                "00102004,UNDP,financial,2020,,2021-06-30,Zanzibar was cut off",
            ),
            _file(
                "decisions",
                "date,fund,project,organization,body,reference,kind,amount,currency,conditions,"
                "description",
                "2020-09-01,UNA00,00102004,ZANZIBAR-RELIEF,Board of Zanzibar,ZANZIBAR/D1,"
                "extension,,,If Zanzibar agrees,Longer in Zanzibar",
                "2020-09-01,UNA00,ZANZIBAR-1,UNDP,Board,D2,allocation,79.23,USD,,For Zanzibar",
            ),
            _file(
                "sub-grants",
                "project,organization,partner,partner_type,date,amount,currency,description",
                "00102004,UNDP,ZANZIBAR-RELIEF,local,2021-03-01,83.29,USD,Boats to Zanzibar",
                "ZANZIBAR-1,UNDP,ZANZIBAR-RELIEF,local,2021-03-02,89.31,USD,Boats to Zanzibar",
            ),
        ]

    def answers(self) -> None:
        """What the office answered beside a figure that stays public, and what quotes no secret."""
        for question in ("Why does Zanzibar Relief report nothing?", "Why is it late?"):
            PublicAnswer.objects.create(
                page=self.open.get_absolute_url(), question=question, answer="It will.",
                published_on=timezone.localdate(),
            )  # fmt: skip

    def secrets(self) -> list[tuple[str, Any]]:
        """One thing of each kind, and each record of the projects that stay public."""
        asked = [
            ("project", self.project),
            ("project", self.part),
            ("project-title", self.half),
            ("project-narrative", self.half),
            ("project-label", self.half),
            ("organization", self.organization),
            ("fund", self.fund),
            ("place", self.place),
            *(("document", paper) for paper in self.open.documents.all()),
            ("contact", self.open.contacts.get()),
            ("extension", self.open.extensions.get()),
            ("status-change", self.open.status_changes.get()),
            ("load", self.load),
            ("participation", self.award),
            ("deposit", Deposit.objects.get()),
            ("commitment", Commitment.objects.get()),
            ("fundcost", FundCost.objects.get()),
            ("decision", Decision.objects.get(project=self.open)),
            ("subgrant", SubGrant.objects.get(project=self.open)),
        ]
        shown = Project.objects.filter(pk__in=[self.open.pk, self.half.pk])
        for model in (VoucherLine, BudgetLine, ExpenditureLine, ReportReceived):
            asked += [(model.__name__.lower(), r) for r in model.objects.filter(project__in=shown)]
        vouchers = Voucher.objects.filter(number__icontains="zanzibar")
        return [*asked, *(("voucher", voucher) for voucher in vouchers)]

    def withhold_all(self, by: User) -> list[Withholding]:
        """Withhold all of it; what goes with another of its kind is not withheld twice."""
        done = []
        for kind, thing in self.secrets():
            values = {"kind": kind, "target_id": thing.pk}
            if not Withholding.objects.standing().filter(**values).exists():
                done.append(withhold(**values, reason="danger in Zanzibar", by=by))
        return done
