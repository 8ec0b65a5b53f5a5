"""Real files, loaded end to end with the mappings that come with the portal.

What is released is compared with an independent count of the raw file, by year and to the
last decimal.
"""

import csv
import io
import json
from collections import Counter
from decimal import Decimal

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.db.models import Count, Sum

from finance.formats.remembered import EXAMPLES
from finance.loading.files import faults_in_words
from finance.loading.scopes import Scope
from finance.loading.services import acknowledge_warnings, check_load, receive_load, release_load
from finance.models import BudgetLine, Commitment, Deposit, Load, VoucherLine
from portal.kit.text import fold
from projects.models import Organization, Participation, Project
from tests.factories import FundFactory, ProjectFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def checked():
    """Receives a file and checks it; every load is complete for its source."""
    source, clerk = SourceFactory(code="real"), UserFactory()

    def check(path, kind, mapping=""):
        options = {}
        if mapping:
            text = (EXAMPLES / f"{mapping}.json").read_text(encoding="utf-8")
            options["mapping"] = json.loads(text)
        content, name = (path, "made.csv") if isinstance(path, File) else (None, path.name)
        file = content or ContentFile(path.read_bytes())
        load = receive_load(
            source=source, kind=kind, content=file, name=name, by=clerk,
            scope=Scope(complete=True), options=options,
        )  # fmt: skip
        return check_load(load)

    return check


@pytest.fixture
def taken_in(checked):
    """The same, released: a load with errors fails with them in words."""

    def take(*what):
        load = checked(*what)
        assert load.state == Load.State.CHECKED, faults_in_words(load)
        acknowledge_warnings(
            load=load, codes=load.remarks.values_list("code", flat=True), by=UserFactory()
        )
        return release_load(load=load, by=UserFactory())

    return take


def stated(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def organizations(names):
    """A file of organizations as staff would make it of a foreign file's names.

    The name stands as the ledger's identifier too: a name of just 30 letters, which may be
    a cut one, tells no organization by itself.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["code", "name", "kind", "ledger"])
    known = {folded(name): name for name in sorted(names)}
    for number, name in enumerate(known.values(), start=1):
        writer.writerow([f"R{number:04}", name, "other", name])
    return ContentFile(text.getvalue().encode()), len(known)


def folded(name):
    return fold(" ".join(name.split()))


def by_year(rows, year, amount):
    counts, sums = Counter(), Counter()
    for row in rows:
        counts[int(row[year][:4])] += 1
        sums[int(row[year][:4])] += Decimal(row[amount])
    return {y: (counts[y], sums[y]) for y in counts}


def released_by_year(model, amount):
    rows = model.objects.known_at().order_by().values_list("date__year")
    return {year: (count, total) for year, count, total in rows.annotate(Count("pk"), Sum(amount))}


def test_payments_of_a_city_load_whole_with_their_mapping(real_files, taken_in):
    path = real_files.path("city-payments.csv")
    rows = stated(path)
    fund = FundFactory(code="GLA00")
    project = ProjectFactory(number="GLA-PAYMENTS", fund=fund)
    file, count = organizations({row["Vendor"] for row in rows})
    assert taken_in(file, "organizations").counts["new"] == count
    load = taken_in(path, "vouchers", "gla-payments")
    many = real_files.count("city-payments.csv")
    assert load.counts == {"new": many, "changed": 0, "withdrawn": 0, "unchanged": 0}
    assert released_by_year(VoucherLine, "amount") == by_year(rows, "Date", "Amount")
    lines = VoucherLine.objects.known_at()
    assert set(lines.values_list("project", "voucher__fund", "currency")) == {
        (project.pk, fund.pk, "GBP")
    }
    # No rate of exchange is known, so nothing is said in US$, and the check says so.
    assert not lines.filter(base_amount__isnull=False).exists()
    payees = lines.order_by().values_list("organization__name").annotate(Count("pk"))
    assert {folded(name): count for name, count in payees} == Counter(
        folded(row["Vendor"]) for row in rows
    )
    again = taken_in(path, "vouchers", "gla-payments")
    assert again.counts == {"new": 0, "changed": 0, "withdrawn": 0, "unchanged": many}


def test_projects_and_allocations_of_the_emergency_fund_load_whole(real_files, taken_in):
    path = real_files.path("emergency-projects.csv")
    projects = stated(path)
    FundFactory(code="CERF0")
    file, count = organizations({row["AgencyShortName"] for row in projects})
    assert (
        taken_in(file, "organizations").counts["new"] == count == (19 if real_files.is_large else 2)
    )
    load = taken_in(path, "projects", "cerf-projects")
    assert load.counts["new"] == len(projects) == Project.objects.count()
    assert len(projects) == real_files.count("emergency-projects.csv")
    parts = Participation.objects.participating().order_by().values_list("organization__name")
    assert dict(parts.annotate(Count("pk"))) == Counter(row["AgencyShortName"] for row in projects)
    path = real_files.path("emergency-allocations.csv")
    taken_in(path, "budgets", "cerf-allocations")
    allocations = stated(path)
    assert released_by_year(BudgetLine, "base_amount") == by_year(
        allocations, "AllocationYear", "ClusterBudget"
    )


def test_contributions_of_the_emergency_fund_load_as_deposits_and_commitments(real_files, taken_in):
    path = real_files.path("emergency-contributions.csv")
    rows = stated(path)
    FundFactory(code="CERF0")
    file, count = organizations({row["DonorName"] for row in rows})
    assert taken_in(file, "organizations").counts["new"] == count == Organization.objects.count()
    load = taken_in(path, "contributions", "cerf-contributions")
    # Some payments in US$ are rounded to the dollar in one column and exact in the other.
    rounded = load.remarks.filter(code="rounded-amount", line__isnull=False)
    stated_twice = {
        (line, row["PaidAmtLocal"])
        for line, row in enumerate(rows, start=2)
        if row["PaidAmtLocalCurrency"] == "USD" and row["PaidAmtLocal"] != row["PaidAmt"]
        and Decimal(row["PaidAmtLocal"]) != Decimal(row["PaidAmt"])
    }  # fmt: skip
    assert set(rounded.values_list("line", "value")) == stated_twice
    assert len(stated_twice) == (4 if real_files.is_large else 1)
    paid = [row for row in rows if Decimal(row["PaidAmt"])]
    assert released_by_year(Deposit, "base_amount") == by_year(paid, "PaidDate", "PaidAmt")
    # The fund lowers a pledge by what is paid: committed is what was paid and what is left.
    left = [row for row in rows if Decimal(row["PledgeAmt"])]
    committed = by_year(paid, "PledgeDate", "PaidAmt")
    for year, (lines, base_amount) in by_year(left, "PledgeDate", "PledgeAmt").items():
        before = committed.get(year, (0, Decimal(0)))
        committed[year] = (before[0] + lines, before[1] + base_amount)
    assert released_by_year(Commitment, "base_amount") == committed
    # Some were written off without a payment or anything left: nothing of them is money.
    assert [row["ContributionStatus"] for row in rows if row not in paid and row not in left] == (
        ["Write-Off"] * (3 if real_files.is_large else 1)
    )


@pytest.mark.parametrize("rest", ["", " and others"])
def test_a_name_of_thirty_letters_is_refused_where_a_longer_one_begins_so(
    real_files, checked, rest
):
    path = real_files.path("emergency-contributions.csv")
    FundFactory(code="CERF0")
    names = {row["DonorName"] for row in stated(path)}
    cut = {name for name in names if len(name) == 30}
    Organization.objects.bulk_create(
        Organization(code=f"N{number}", name=name + rest if name in cut else name)
        for number, name in enumerate(sorted(names))
    )
    load = checked(path, "contributions", "cerf-contributions")
    errors = load.remarks.filter(severity="error")
    refused = {(name, "unknown") for name in cut} if rest else set()
    assert cut
    assert set(errors.values_list("value", "code")) == refused
    assert load.state == (Load.State.FAULTY if rest else Load.State.CHECKED)


FOREIGN = ["vouchers", "expenditures", "projects", "rates"]


@pytest.mark.parametrize("kind", FOREIGN)
def test_foreign_spreadsheets_are_checked_or_faulty_with_a_reason(real_files, checked, kind):
    for path in real_files.spreadsheets_as(kind, FOREIGN):
        load = checked(path, kind)
        assert load.state in {Load.State.CHECKED, Load.State.FAULTY}
        reasons = list(load.remarks.values_list("message", flat=True))
        assert load.state == Load.State.CHECKED or (all(reasons) and reasons)
        assert load.state == Load.State.CHECKED or "Traceback" not in faults_in_words(load)
