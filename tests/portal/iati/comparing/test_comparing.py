"""An organization's own IATI beside ours: matched by names, summed by year, shown by choice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from portal.iati.comparing.matching import Matcher, ours, theirs
from portal.models import IatiComparison
from portal.withholding.services import withhold
from portal.work.iati_comparisons import ask_for_comparison, compare_iati
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    UserFactory,
    expenditure,
    released,
    transfer,
)
from tests.portal.iati.publishing.shared import ORG_ID, publishing_office

pytestmark = pytest.mark.django_db
OURS = f"{ORG_ID}-00102004"


@pytest.fixture
def part():
    """UNDP's part of a project: 100 received, 20 paid back, 70 spent, all in 2020."""
    publishing_office()
    undp = OrganizationFactory(code="UNDP", name="Development Programme")
    project = ProjectFactory(number="00102004", fund=FundFactory(code="UNA00"))
    found = ParticipationFactory(project=project, organization=undp, award_number="A-7654321")
    released(
        transfer(project, 100, organization_id=undp.pk),
        transfer(project, -20, organization_id=undp.pk, voucher="back"),
        expenditure(project, 70, organization_id=undp.pk),
    )
    return found


def activity(identifier: str = "XX-1", *money: list[str], **names: list[str]) -> dict:
    """An activity as the reader tells of it."""
    return {"identifier": identifier, "others": [], "named": [], "money": list(money), **names}


def got(amount: str, activity_id: str = "", giver: str = "", currency: str = "USD") -> list[str]:
    """Incoming funds of 2020."""
    return ["received", "2020-05-02", "2020-05-02", amount, currency, activity_id, giver]


def spent(amount: str) -> list[str]:
    """Spending of 2020."""
    return ["spent", "2020-12-31", "2020-12-31", amount, "USD", "", ""]


@pytest.mark.parametrize(
    "named",
    [
        activity("XX-1", got("1", OURS)),
        activity("XX-1", named=["00102004"]),
        activity("XX-1", others=["a-7654321"]),
        activity("XM-DAC-41114-PROJECT-00102004"),
        activity(OURS.lower()),
    ],
)
def test_an_activity_is_found_by_what_either_names_of_the_other(part, named) -> None:
    assert theirs([named], Matcher(part.organization)).matched.keys() == {part.project_id}


def test_an_activity_that_only_looks_alike_is_not(part) -> None:
    others = [activity("XX-1"), activity("XX-001020045"), activity("XX00102004")]
    said = theirs(others, Matcher(part.organization))
    assert (said.activities, dict(said.matched)) == (3, {})


def test_both_sides_are_summed_by_project_year_and_kind(part) -> None:
    matcher, pk = Matcher(part.organization), part.project_id
    known, left_out = ours(part.organization, {pk})
    assert known == {(pk, 2020, "received"): 80, (pk, 2020, "spent"): 70}
    assert left_out == 0
    lines = [
        activity("XX-1", got("50", OURS), got("9", "", "XX-OTHER"), spent("60")),
        activity("XX-2", got("25", "", ORG_ID), spent("5"), others=["A-7654321"]),
    ]
    assert theirs(lines, matcher).sums == {(pk, 2020, "received"): 75, (pk, 2020, "spent"): 65}


def test_money_without_a_rate_is_counted_and_left_out(part) -> None:
    said = theirs([activity("XX-1", got("5", OURS, currency="EUR"))], Matcher(part.organization))
    assert (said.unconverted, dict(said.sums)) == (1, {})


def test_spending_of_an_activity_for_two_projects_is_parted_by_nobody(part) -> None:
    other = ProjectFactory(number="00102005", fund=part.project.fund)
    ParticipationFactory(project=other, organization=part.organization)
    line = activity("XX-1", got("5", OURS), spent("60"), named=["00102005"])
    said = theirs([line], Matcher(part.organization))
    assert said.shared == ["XX-1"]
    assert dict(said.sums) == {(part.project_id, 2020, "received"): Decimal(5)}


FILE = f"""<iati-activities version="2.03"><iati-activity default-currency="USD">
<iati-identifier>XM-DAC-41114-A1</iati-identifier>
<transaction><transaction-type code="1"/><transaction-date iso-date="2020-05-03"/>
<value value-date="2020-05-03">75</value>
<provider-org provider-activity-id="{OURS}"/></transaction>
<transaction><transaction-type code="4"/><transaction-date iso-date="2020-12-31"/>
<value value-date="2020-12-31">70</value></transaction>
</iati-activity></iati-activities>"""


def compared(part, content: str = FILE) -> IatiComparison:
    """A report on a file that staff gave."""
    file = ContentFile(content.encode(), "own.xml")
    one = ask_for_comparison(organization=part.organization, file=file)
    compare_iati.call(one.pk)
    one.refresh_from_db()
    return one


def test_a_report_lists_what_differs_and_keeps_no_file(part, admin_client) -> None:
    one = compared(part)
    assert (one.state, one.activities, one.file.name) == ("done", 1, "")
    assert len(one.sha256) == 64
    page = admin_client.get(f"/staff/iati/compare/{one.pk}/").content.decode()
    row = page[page.index('id="differences"') :]
    assert "Transfers received" in row
    assert "One other amount is the same in both." in page
    assert part.project.get_absolute_url() in row


@pytest.mark.parametrize("content", ["no file", "<html></html>", "<!DOCTYPE x><iati-activities/>"])
def test_a_file_that_cannot_be_read_is_told_of(part, admin_client, content) -> None:
    one = compared(part, content)
    assert one.state == "failed"
    page = admin_client.get(f"/staff/iati/compare/{one.pk}/").content.decode()
    assert "The file could not be read" in page
    assert one.trouble


def test_an_inner_address_is_not_asked(part) -> None:
    one = ask_for_comparison(organization=part.organization, address="http://127.0.0.1/a.xml")
    assert compare_iati.call(one.pk) == "failed"
    one.refresh_from_db()
    assert "open internet" in one.trouble


def test_it_is_public_by_choice_and_not_while_its_organization_is_withheld(
    part, client, admin_client
) -> None:
    one = compared(part)
    public = f"/data/iati/comparison/{one.pk}/"
    assert client.get(public).status_code == 404
    address = f"/staff/iati/compare/{one.pk}/publish/"
    admin_client.post(address, {"action": "publish"})
    assert "Development Programme" in client.get(public).content.decode()
    withhold(kind="organization", target_id=part.organization_id, reason="danger", by=UserFactory())
    assert client.get(public).status_code in {404, 410, 451}
    admin_client.post(address, {"action": "hide"})
    one.refresh_from_db()
    assert not one.is_public


def test_a_project_that_is_withheld_since_is_not_in_it(part, client, admin_client) -> None:
    one = compared(part)
    admin_client.post(f"/staff/iati/compare/{one.pk}/publish/", {"action": "publish"})
    withhold(kind="project", target_id=part.project_id, reason="danger", by=UserFactory())
    page = client.get(f"/data/iati/comparison/{one.pk}/").content.decode()
    assert "00102004" not in page
    assert "XM-DAC-41114-A1" not in page


def test_staff_give_either_a_file_or_an_address(part, admin_client) -> None:
    page = "/staff/iati/compare/"
    answer = admin_client.post(page, {"organization": "UNDP"})
    assert "Give either a file or an address." in answer.content.decode()
    answer = admin_client.post(page, {"organization": "UNDP", "address": "file:///etc/passwd"})
    assert "https://" in answer.content.decode()
    assert not IatiComparison.objects.exists()
    answer = admin_client.post(page, {"organization": "UNDP", "address": "https://x.org/a.xml"})
    assert answer.status_code == 302
    assert IatiComparison.objects.get().address == "https://x.org/a.xml"
