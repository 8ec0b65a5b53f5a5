"""What the stored sample has to agree with: its source files, and what is known of it."""

import csv
import hashlib
import io
import re
import stat
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from django.db.models import Count, Min, Sum
from django.test import Client
from pypdf import PdfReader

from documents.models import Document, DocumentVersion
from finance.figures.sums import figures_of, total
from finance.models import Deposit, FundCost, KeyFigure, Load, Voucher, VoucherLine
from finance.models.figures import Measure
from portal.public.views.presets import PRESETS
from portal.reporting.due_reports import reports_due
from portal.sample.story import PRESENT
from projects.models import Project, ProjectCountry, User

FAMOUS = "00102004"


def _content(row: Load | DocumentVersion) -> bytes:
    with row.file.open() as file:
        return file.read()


def check_accounts(path: Path, shown: str) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for line in path.read_text().split("\n\n")[0].splitlines():
        email, password, *secret = line.split()
        assert bool(secret) == User.objects.get(email=email).is_staff
        assert User.objects.get(email=email).check_password(password)
        assert password in shown
    assert User.objects.get(email="admin@example.org").is_superuser
    staff = User.objects.get(email="staff@example.org")
    assert staff.is_staff
    assert staff.has_perm("finance.view_load")
    assert not staff.has_perm("projects.change_project")


def check_loads() -> None:
    for load in Load.objects.all():
        content = _content(load)
        assert hashlib.sha256(content).hexdigest() == load.sha256
        assert load.released_at and load.received_at <= load.released_at
        assert load.released_at.date() <= PRESENT
    by_hand = {
        "iati", "organizations", "funds", "starter", "participations", "contacts", "subjects"
    }  # fmt: skip
    assert {kind for kind, _label in Load.Kind.choices} - by_hand == set(
        Load.objects.values_list("kind", flat=True)
    )
    for load in Load.objects.filter(file_name__endswith="-corrected.csv"):
        assert load.counts["withdrawn"] + load.counts["changed"] > 0
        assert load.counts["unchanged"] > load.counts["changed"]
    line = VoucherLine.objects.known_at().order_by("pk")[100]
    row = _content(line.load).decode().split("\n")[line.line - 1]
    assert f"{line.project.number},{line.kind},{line.amount:.2f},USD" in row


def check_reports() -> None:
    """Every state of a report can be seen, whatever the day; reports in time are the most."""
    states = dict(reports_due().values_list("state").annotate(Count("pk")).order_by())
    assert {"received", "due", "late", "missing", "exempt"} <= states.keys() | {"late"}
    for name in PRESETS:
        text = Client().get(f"/projects/{name}/").text
        assert "<b>" in text
        assert "<b>0</b> results" not in text
    assert reports_due().filter(days_late=0, state="received").count() > sum(states.values()) / 2


def _files(kind: str) -> list[dict[str, str]]:
    """The rows of the last file of each scope."""
    last = {}
    for load in Load.objects.filter(kind=kind).order_by("released_at"):
        text = _content(load).decode()
        last[load.file_name.replace("-corrected", "")] = list(csv.DictReader(io.StringIO(text)))
    return [row for rows in last.values() for row in rows]


def _expected_expenditure() -> Decimal:
    """What counts: reported before interim; the last certified statement in place of all."""
    sums: dict[tuple[tuple[str, str], int, str], Decimal] = defaultdict(Decimal)
    certified: dict[tuple[tuple[str, str], int], Decimal] = defaultdict(Decimal)
    for row in _files("expenditures"):
        pair, year = (row["project"], row["organization"]), int(row["year"])
        if row["state"] == "certified":
            certified[pair, year] += Decimal(row["amount"])
        else:
            sums[pair, year, row["state"]] += Decimal(row["amount"])
    annual = {
        (pair, year): cents
        for (pair, year, state), cents in sums.items()
        if state == "reported" or (pair, year, "reported") not in sums
    }
    result = sum(annual.values(), Decimal(0))
    for (pair, year), cents in certified.items():
        result += cents - sum(annual[key] for key in annual if key[0] == pair and key[1] <= year)
    return result


def check_sums() -> None:
    stored = dict(KeyFigure.objects.values_list("measure").annotate(Sum("base_amount")))
    vouchers = [(row["kind"], Decimal(row["amount"])) for row in _files("vouchers")]
    assert stored[Measure.TRANSFER] == sum(
        base_amount for kind, base_amount in vouchers if kind == "transfer"
    )
    assert stored[Measure.REFUND] == -sum(
        base_amount for kind, base_amount in vouchers if kind != "transfer"
    )
    assert stored[Measure.APPROVED] == sum(Decimal(r["amount"]) for r in _files("budgets"))
    assert stored[Measure.EXPENDITURE] == _expected_expenditure()
    costs = FundCost.objects.known_at().aggregate(base_amount=Sum("base_amount"))["base_amount"]
    assert costs == sum(Decimal(row["amount"]) for row in _files("fund-costs"))
    by_currency: dict[str, Decimal] = defaultdict(Decimal)
    for row in _files("contributions"):
        if row["what"] == "deposit":
            by_currency[row["currency"]] += Decimal(row["amount"])
    assert by_currency == dict(
        Deposit.objects.known_at().values_list("currency").annotate(Sum("amount"))
    )


def check_odd_records() -> None:
    unknown = Deposit.objects.get(base_amount__isnull=True)
    assert unknown.currency == "DKK"
    assert {"EUR", "SEK", "NOK", "GBP"} <= set(Deposit.objects.values_list("currency", flat=True))
    several = Voucher.objects.annotate(n=Count("lines__project", distinct=True)).filter(n__gt=1)
    assert several.count() > 200
    assert VoucherLine.objects.filter(date__lt=date(2009, 1, 1)).count() > 10
    totals = {
        project.number: total(figures_of([project.pk]))
        for project in Project.objects.filter(status__in=("cancelled", "on-going"))
    }
    cancelled = Project.objects.get(status="cancelled")
    assert totals[cancelled.number].delivery_rate is None
    assert any(sums.balance < 0 for sums in totals.values())
    assert Project.objects.filter(status="pipeline", key_figures__isnull=True).exists()
    assert ProjectCountry.objects.filter(country__kind="region").exists()


def check_documents() -> None:
    assert Document.objects.values("project").distinct().count() >= 40
    assert set(Document.objects.values_list("state", flat=True)) == {
        "public", "held", "withdrawn",
    }  # fmt: skip
    assert DocumentVersion.objects.filter(number=2).count() > 10
    assert Document.objects.filter(extension__isnull=False).exists()
    assert Document.objects.order_by("-added_at")[0].added_at.date() <= PRESENT
    version = DocumentVersion.objects.order_by("pk")[0]
    content = _content(version)
    assert hashlib.sha256(content).hexdigest() == version.sha256
    assert "SAMPLE" in PdfReader(io.BytesIO(content)).pages[0].extract_text()


def check_famous_project() -> None:
    project = Project.objects.get(number=FAMOUS)
    assert project.ledger_label == "UNA046 UNDP UNICEF MALI"
    assert project.fund.code == "UNA00"
    assert project.theme and project.theme.ledger_label == "UN Action Agst Sexual Violence"
    assert project.fund.name == "UN Action Against Sexual Violence"
    first = project.voucher_lines.filter(kind="transfer").aggregate(day=Min("date"))["day"]
    assert first == date(2016, 9, 15)
    extension = project.extensions.get()
    assert extension.old_end == project.original_end
    assert extension.new_end == date(2017, 9, 13)
    place = project.project_countries.get()
    assert place.country.code == "ML"
    assert place.in_place_of and place.in_place_of.is_placeholder
    assert project.get_status_display() == "Operationally Closed"
    undp = project.participations.participating().get().organization
    assert undp.name == "United Nations Development Programme"
    assert undp.identifiers.get(scheme="ledger").value == "UNDP - UNDP(MDTF/PUNO only)"
    assert len(re.split(r"\n\n", project.narrative)) >= 5
    years = project.expenditure_lines.filter(state="reported").values_list("year", flat=True)
    assert set(years) == {2016, 2017, 2018}
    assert project.voucher_lines.filter(kind="refund").exists()
    assert project.documents.exists()
    assert project.contacts.count() == 3
    sums = total(figures_of([project.pk]))
    assert sums.net_funded == Decimal("393845.63")
    assert sums.expenditure == Decimal("393693.09")
    assert total(figures_of([project.pk], as_of=datetime(2016, 12, 31, tzinfo=UTC))).records == 0
