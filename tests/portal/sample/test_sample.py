"""The sample portfolio: the same every time, whole, and exact to the cent."""

import csv
import hashlib
import io
import re
import stat
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import Count, Min, Sum
from django.test import Client
from pypdf import PdfReader

from documents.models import Document, DocumentVersion
from finance.figures.sums import figures_of, total
from finance.models import Deposit, FundCost, KeyFigure, Load, Source, Voucher, VoucherLine
from finance.models.figures import Measure
from portal.management.commands import sample as command
from portal.public.views.presets import PRESETS
from portal.reporting.due_reports import reports_due
from portal.sample.approvals import sub_grant_rows
from portal.sample.ledger import ledger_files
from portal.sample.pdf import one_page
from portal.sample.portfolio import invent
from portal.sample.reports import report_files
from portal.sample.story import PRESENT, split
from projects.models import Office, Project, ProjectCountry, User

FAMOUS = "00102004"


@pytest.fixture(scope="module")
def plans():
    return invent()


def test_inventing_twice_gives_the_same_source_files(plans):
    def digest(plans):
        files = [*ledger_files(plans), *report_files(plans)]
        text = "".join(f"{file.name}{file.released}{file.text()}" for file in files)
        return hashlib.sha256(text.encode()).hexdigest()

    assert digest(plans) == digest(invent())


def test_the_portfolio_has_the_size_and_the_odd_cases_of_a_real_one(plans):
    assert len(plans) == len({plan.number for plan in plans}) == 300
    assert {len(plan.number) for plan in plans} == {8}
    assert 4_500 < sum(len(plan.payments) for plan in plans) < 5_500
    assert len({plan.title for plan in plans}) == 300
    traits = {plan.trait: plan for plan in plans if plan.trait}
    assert {"cancelled", "suspended", "overspent", "joint", "programme"} <= traits.keys()
    assert len(traits["joint"].organizations) == 3
    assert sum(bool(plan.parent) for plan in plans) == 9
    assert sum(any(org == who for who, _y in plan.missing) for plan in plans
               for org in plan.organizations) > 5  # fmt: skip
    ended = [plan for plan in plans if plan.end < PRESENT and plan.status == "on-going"]
    assert len(ended) > 5
    assert any(item.cents < 0 for plan in plans for item in plan.spendings)


def test_stated_shares_of_countries_sum_to_a_hundred(plans):
    several = [plan for plan in plans if len(plan.countries) > 1]
    assert len(several) > 5
    for plan in several:
        shares = [share for _code, share in plan.countries]
        assert shares[0] is None or sum(shares) == 100


def test_a_partner_is_told_of_in_the_same_way_each_time(plans):
    said = defaultdict(set)
    for _day, row in sub_grant_rows(plans):
        said[row[3]] |= {word for word in row[4:6] if word}
    for partner, words in said.items():
        assert len(words) <= 2, partner
        assert ("international" in words) == (partner == "NGO-INT-1"), partner


def test_parts_sum_to_the_whole():
    assert sum(split(1_000_001, [3, 3, 3, 1])) == 1_000_001


def test_a_document_can_be_opened_and_read():
    text = PdfReader(io.BytesIO(one_page("Report (2024)", ["Côte d’Ivoire \\ done"]))).pages[0]
    assert "Report (2024)" in text.extract_text()
    assert "Côte d’Ivoire \\ done" in text.extract_text()


@pytest.fixture
def _var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.mark.django_db
@pytest.mark.usefixtures("_var")
def test_real_data_refuses_the_sample():
    source = Source.objects.create(code="real", name="Real ledger")
    Load.objects.create(
        source=source, kind="vouchers", file_name="a.csv", sha256="0" * 64, size=1,
        received_at=datetime(2020, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    with pytest.raises(CommandError, match="real data"):
        call_command("sample")


@pytest.mark.django_db
@pytest.mark.usefixtures("_var")
def test_a_failure_leaves_neither_rows_nor_files(monkeypatch, tmp_path):
    def fail_late(*_args):
        name = default_storage.save("documents/made.pdf", io.BytesIO(b"x"))
        yield name
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "ledger_files", lambda plans: [*ledger_files(plans)][:2])
    monkeypatch.setattr(command, "report_files", lambda _plans: [])
    monkeypatch.setattr(command, "store_documents", fail_late)
    with pytest.raises(KeyboardInterrupt):
        call_command("sample", stdout=io.StringIO())
    assert not Project.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.usefixtures("_var")
def test_the_stored_sample_agrees_with_its_source_files(tmp_path):
    out = io.StringIO()
    call_command("sample", stdout=out)
    assert Project.objects.count() == 300
    assert Office.current().sample
    _check_accounts(tmp_path / "sample-accounts.txt", out.getvalue())
    _check_loads()
    _check_reports()
    _check_sums()
    _check_odd_records()
    _check_documents()
    _check_famous_project()
    call_command("sample", "--if-empty")
    with pytest.raises(CommandError, match="projects already"):
        call_command("sample")


def _content(row):
    with row.file.open() as file:
        return file.read()


def _check_accounts(path, shown):
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


def _check_loads():
    for load in Load.objects.all():
        content = _content(load)
        assert hashlib.sha256(content).hexdigest() == load.sha256
        assert load.received_at <= load.released_at
        assert load.released_at.date() <= PRESENT
    by_hand = {"iati", "organizations", "funds", "starter"}
    assert {kind for kind, _label in Load.Kind.choices} - by_hand == set(
        Load.objects.values_list("kind", flat=True)
    )
    for load in Load.objects.filter(file_name__endswith="-corrected.csv"):
        assert load.counts["withdrawn"] + load.counts["changed"] > 0
        assert load.counts["unchanged"] > load.counts["changed"]
    line = VoucherLine.objects.known_at().order_by("pk")[100]
    row = _content(line.load).decode().split("\n")[line.line - 1]
    assert f"{line.project.number},{line.kind},{line.amount:.2f},USD" in row


def _check_reports():
    """Every state of a report can be seen, whatever the day; reports in time are the most."""
    states = dict(reports_due().values_list("state").annotate(Count("pk")).order_by())
    assert {"received", "due", "late", "missing", "exempt"} <= states.keys() | {"late"}
    for name in PRESETS:
        assert "<b>" in Client().get(f"/projects/{name}/").text
        assert "<b>0</b> results" not in Client().get(f"/projects/{name}/").text
    assert reports_due().filter(days_late=0, state="received").count() > sum(states.values()) / 2


def _files(kind):
    """The rows of the last file of each scope."""
    last = {}
    for load in Load.objects.filter(kind=kind).order_by("released_at"):
        text = _content(load).decode()
        last[load.file_name.replace("-corrected", "")] = list(csv.DictReader(io.StringIO(text)))
    return [row for rows in last.values() for row in rows]


def _expected_expenditure():
    """What counts: reported before interim; the last certified statement in place of all."""
    sums, certified = defaultdict(Decimal), defaultdict(Decimal)
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
    result = sum(annual.values())
    for (pair, year), cents in certified.items():
        result += cents - sum(annual[key] for key in annual if key[0] == pair and key[1] <= year)
    return result


def _check_sums():
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
    by_currency = defaultdict(Decimal)
    for row in _files("contributions"):
        if row["what"] == "deposit":
            by_currency[row["currency"]] += Decimal(row["amount"])
    assert by_currency == dict(
        Deposit.objects.known_at().values_list("currency").annotate(Sum("amount"))
    )


def _check_odd_records():
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


def _check_documents():
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


def _check_famous_project():
    project = Project.objects.get(number=FAMOUS)
    assert project.ledger_label == "UNA046 UNDP UNICEF MALI"
    assert (project.fund.code, project.theme.ledger_label) == (
        "UNA00",
        "UN Action Agst Sexual Violence",
    )
    assert project.fund.name == "UN Action Against Sexual Violence"
    first = project.voucher_lines.filter(kind="transfer").aggregate(day=Min("date"))["day"]
    assert first == date(2016, 9, 15)
    extension = project.extensions.get()
    assert extension.old_end == project.original_end
    assert extension.new_end == date(2017, 9, 13)
    place = project.project_countries.get()
    assert (place.country.code, place.in_place_of.is_placeholder) == ("ML", True)
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
