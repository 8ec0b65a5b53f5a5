"""Fills a prepared database with a small part of the sample portfolio; run as a program.

The part is complete in kinds: the famous project, one of every odd trait, and one project
with 200 vouchers.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from documents.models import Upload
    from projects.models import Project

VOUCHERS = 200
STAFF, PASSWORD = "chief@browser.example.org", "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KEEPER = "keeper@browser.example.org"
# Pages whose names are all of their addresses.
NAMED = (
    "project-list", "fund-list", "organization-list", "country-list", "voucher-list",
    "contributor-list", "outstanding", "help", "decision-list", "sub-grant-list", "funds-flow",
    "document-list", "report-list", "load-list", "glossary", "contact", "scam-alert", "data",
    "feedback", "information-disclosure",
)  # fmt: skip
MANY, WITHHELD, UNTITLED = "00999200", "00999201", "00999202"


def main() -> None:
    """Store the part and print the addresses to look at."""
    django.setup()

    from django.test import override_settings

    from portal.management.commands.sample import Command
    from portal.sample.portfolio import FAMOUS, invent

    plans = {plan.number: plan for plan in invent()}
    traits = {plan.trait: plan for plan in plans.values() if plan.trait and not plan.parent}
    chosen = {plan.number: plan for plan in (plans[FAMOUS], *traits.values())}
    # Nobody signs in by the accounts of the sample.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        Command(stdout=sys.stderr).store(list(chosen.values()), [])
    add_project_of_many_vouchers()
    add_staff()
    add_keeper(FAMOUS)
    add_withheld_project()
    json.dump(addresses(FAMOUS), sys.stdout)


def add_project_of_many_vouchers() -> None:
    """A project whose every week brought a voucher."""
    from projects.models import Fund, Organization
    from tests.factories import ProjectFactory, expenditure, released, transfer

    project = ProjectFactory(
        number=MANY, title="Two hundred vouchers", fund=Fund.objects.order_by("pk")[0]
    )
    payee = Organization.objects.get(code="UNDP").pk
    first = date(2016, 1, 4)
    released(
        *(
            transfer(project, 1000 + n, first + timedelta(weeks=n), organization_id=payee)
            for n in range(VOUCHERS)
        ),
        *(expenditure(project, 40_000, year, organization_id=payee) for year in range(2016, 2019)),
    )


def add_staff() -> None:
    """Somebody who may do everything, and a load with errors and a warning to look at."""
    from allauth.mfa.totp.internal.auth import TOTP
    from django.core.files.base import ContentFile

    from finance.loading.services import check_load, receive_load
    from finance.models import Source
    from projects.models import User

    TOTP.activate(User.objects.create_superuser(STAFF, PASSWORD), SECRET)
    source = Source.objects.create(code="browser", name="Ledger of the browser")
    text = "voucher,payment_date,fund,payee,project,amount,currency\n"
    wrong = f"{text}1,2016-09-15,X,Nobody,{MANY},x,USD\n2,2016-09-15,X,Nobody,{MANY},1,USD\n"
    for name, content in (("faulty.csv", wrong), ("foreign.csv", "No;Sum\n1;2\n")):
        load = receive_load(
            source=source, kind="vouchers", content=ContentFile(content.encode()), name=name
        )
        check_load(load)


def add_keeper(number: str) -> None:
    """Somebody who keeps a project's documents, and one of each kind to look at."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from documents import intake, services
    from documents.access import grant_access
    from documents.models import DocumentType, FundRule
    from projects.models import Project, User
    from tests.documents.files import docx, pdf

    project = Project.objects.get(number=number)
    keeper = User.objects.create_user(KEEPER, PASSWORD, organization=None)
    by = User.objects.get(email=STAFF)
    for of in (project, project.fund):
        grant_access(user=keeper, by=by, of=of, valid_from=date(2020, 1, 1))

    def take(content: bytes, name: str) -> Upload:
        upload = intake.begin_upload(by=keeper, of=project, file_name=name, size=len(content))
        return intake.take_whole(upload=upload, content=SimpleUploadedFile(name, content))

    said: dict[str, Any] = {"type": DocumentType.objects.get(code="other"), "languages": ["en"],
            "document_date": None, "publish": True}  # fmt: skip
    FundRule.objects.filter(fund=project.fund).delete()
    services.submit(upload=take(pdf("Browser."), "b.pdf"), title="Of the browser", **said)
    take(docx("Call +223 20 22 33 44 at 12.63921, -8.00289."), "Annual report 2024.docx")
    take(b"<html>", "refused.pdf")
    FundRule.objects.get_or_create(fund=project.fund, defaults={"review": True})
    services.submit(upload=take(pdf("Review."), "r.pdf"), title="To be reviewed", **said)


def add_withheld_project() -> None:
    """A project that is withheld, and its title only of another."""
    from portal.withholding.services import withhold
    from projects.models import Fund, User
    from tests.factories import ProjectFactory

    fund, by = Fund.objects.order_by("pk")[0], User.objects.get(email=STAFF)
    for number, kind in ((WITHHELD, "project"), (UNTITLED, "project-title")):
        project = ProjectFactory(number=number, title="Not to be named", fund=fund)
        withhold(kind=kind, target_id=project.pk, reason="Danger.", by=by)


def addresses(famous: str) -> dict[str, str]:
    """One page of each kind, by name."""
    from django.urls import reverse

    from finance.models import Load, VoucherLine
    from projects.models import Country, Project

    project = Project.objects.get(number=famous)
    voucher = VoucherLine.objects.filter(project=project)[0].voucher
    country = Country.objects.filter(project_countries__isnull=False).order_by("pk")[0]
    load = Load.objects.released()[0]
    return {
        "home": "/",
        **{name: reverse(name) for name in NAMED},
        "factsheet": project.get_absolute_url(),
        "factsheet-200": reverse("project", args=[MANY]),
        "fund": project.fund.get_absolute_url(),
        "fund-statement": reverse("fund-statement", args=[project.fund.code]),
        "fund-annual": reverse("fund-annual", args=[project.fund.code]),
        "fund-performance": reverse("fund-performance", args=[project.fund.code]),
        "fund-performance-projects": reverse(
            "fund-performance-projects", args=[project.fund.code, "first-transfer"]
        ),
        "contributor": reverse("contributor", args=["GOV-SE"]),
        "contributor-notional": reverse("contributor-notional", args=["GOV-SE"])
        + f"?figure=net_funded&fund={project.fund.code}",
        "fund-outstanding": reverse("fund-outstanding", args=[project.fund.code])
        + "?figure=exchange_differences",
        **forward_addresses(project),
        "organization": reverse("organization", args=["UNDP"]),
        "country": country.get_absolute_url(),
        "voucher": voucher.get_absolute_url(),
        "load": load.get_absolute_url(),
        "project-closure": reverse("project-closure", args=[famous]),
        "project-revisions": reverse("project-revisions", args=[famous]),
        "project-preset": reverse("project-preset", args=["ended-not-closed"]),
        "records": reverse("project-records", args=[famous]) + "?figure=net_funded",
        "help-page": reverse("help-page", args=["factsheets"]),
        "side-by-side": reverse("side-by-side", args=["projects"]) + f"?first={famous}",
        "search": f"{reverse('search')}?q=mali",
        **gateway_addresses(project),
        **staff_addresses(load.pk, VoucherLine.objects.filter(project=project)[0].pk),
        "404": "/project/00102/",
        "410": reverse("project", args=[WITHHELD]),
        "withheld": reverse("withheld"),
        "untitled": reverse("project", args=[UNTITLED]),
    }


def forward_addresses(project: Project) -> dict[str, str]:
    """What is to come, and a day on which something was decided."""
    from django.urls import reverse

    from portal.decisions.reading import day_url, days_of
    from portal.kit.dates import TODAY

    return {
        "fund-decisions": day_url(project.fund.code, min(days_of(project, TODAY))),
        "fund-forward": reverse("fund-forward", args=[project.fund.code]),
        "contributor-forward": reverse("contributor-forward", args=["GOV-SE"]),
    }


def gateway_addresses(project: Project) -> dict[str, str]:
    """One page of each kind in the gateway and of one's account."""
    from django.urls import reverse

    from documents.models import Document, Upload

    document = Document.objects.get(title="Of the browser")
    refused = Upload.objects.get(state="refused")
    draft = Upload.objects.get(state="draft", by__email=KEEPER)
    return {
        "gateway": reverse("gateway"),
        "gateway-project": reverse("gateway-project", args=[project.number]),
        "gateway-fund": reverse("gateway-fund", args=[project.fund.code]),
        "gateway-document": reverse("gateway-document", args=[document.pk]),
        "gateway-draft": reverse("gateway-upload", args=[draft.pk]),
        "gateway-together": reverse("gateway-together"),
        "gateway-refused": reverse("gateway-upload", args=[refused.pk]),
        "gateway-account": reverse("account"),
        "gateway-factors": reverse("mfa_index"),
        "gateway-totp": reverse("mfa_activate_totp"),
        "gateway-sessions": reverse("usersessions_list"),
        "gateway-password": reverse("account_change_password"),
        "sign-in": reverse("account_login"),
        "document-search": f"{reverse('document-search')}?q=report",
        "document-history": reverse("document-history", args=[document.pk]),
        "forgotten": reverse("account_reset_password"),
    }


def staff_addresses(released: int, record: int) -> dict[str, str]:
    """One page of each kind in the staff's room."""
    from django.urls import reverse

    from finance.models import Load
    from portal.reporting.due_reports import reports_due
    from projects.models import Project, User, Withholding

    faulty, foreign = Load.objects.filter(source__code="browser").order_by("pk")
    plain: tuple[str, ...] = ("staff", "staff-loads", "staff-load-new", "staff-records")
    plain += ("staff-withholding", "staff-reports", "staff-reminders")
    plain += (
        "staff-reference-all",
        "staff-health",
        "staff-people",
        "staff-invite",
        "staff-reviews",
    )
    keeper = User.objects.get(email=KEEPER)
    plain += ("staff-closures", "staff-countries", "staff-questions", "inbox-mails")
    withheld = Withholding.objects.order_by("pk")[0]
    return {
        **{name: reverse(name) for name in plain},
        "staff-person": reverse("staff-person", args=[keeper.pk]),
        "staff-load-released": reverse("staff-load", args=[released]),
        "staff-load-faulty": reverse("staff-load", args=[faulty.pk]),
        "staff-load-remarks": reverse("staff-load-remarks", args=[faulty.pk]),
        "staff-load-mend": reverse("staff-load-mend", args=[faulty.pk]),
        "staff-load-lines": reverse("staff-load-lines", args=[faulty.pk]),
        "staff-load-mapping": reverse("staff-load-mapping", args=[foreign.pk]),
        "staff-withholding-one": reverse("staff-withholding-page", args=[withheld.pk]),
        "staff-withhold-found": f"{reverse('staff-withholding')}?kind=project&which={MANY}",
        "staff-withhold": f"{reverse('staff-withhold')}?kind=project&id="
        f"{Project.objects.order_by('pk')[0].pk}",
        "staff-things": reverse("staff-reference", args=["funds"]),
        "staff-thing": reverse(
            "staff-reference-thing", args=["projects", Project.objects.order_by("pk")[0].pk]
        ),
        "staff-thing-new": reverse("staff-reference-new", args=["organizations"]),
        "staff-enter-decision": reverse("staff-enter-row", args=["decisions"]),
        "staff-enter-sub-grant": reverse("staff-enter-row", args=["sub-grants"]),
        "staff-load-type-kinds": reverse("staff-load-type-kinds"),
        "staff-load-type": reverse("staff-load-type", args=["contributions"]),
        "staff-closure": reverse("staff-closure", args=["00102004"]),
        "staff-report": reverse("staff-report", args=[reports_due()[0].pk]),
        "staff-record": reverse("staff-record", args=["voucherline", record]),
    }


if __name__ == "__main__":
    main()
