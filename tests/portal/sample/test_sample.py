"""The sample portfolio: the same every time, whole, and exact to the cent."""

import hashlib
import io
from collections import defaultdict
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from finance.models import Load, Source
from portal.management.commands import sample as command
from portal.sample.approvals import sub_grant_rows
from portal.sample.ledger import ledger_files
from portal.sample.pdf import one_page
from portal.sample.portfolio import invent
from portal.sample.reports import report_files
from portal.sample.story import PRESENT, split
from projects.models import Project

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
