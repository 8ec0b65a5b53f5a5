"""What an address names and nobody knows is said to be wrong, on the page and for files."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from projects.models import Country, Project, ProjectCountry
from tests.factories import (
    OrganizationFactory,
    ProjectFactory,
    booked,
    commitment,
    deposit,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """A project of the fund F1, with money of each kind."""
    made: Project = ProjectFactory(number="P1", fund__code="F1")
    giver = OrganizationFactory(code="GIVE")
    booked(
        commitment(made.fund, 7, contributor_id=giver.pk, arrangement="SAA-1"),
        deposit(made.fund, 5, contributor_id=giver.pk, arrangement="SAA-1"),
    )
    released(transfer(made, 5, organization_id=OrganizationFactory(code="UNDP").pk))
    released(expenditure(made, 2))
    return made


WRONG = [
    "/records/?organization=NOBODY",
    "/records/?fund=NONE",
    "/records/?category=99",
    "/records/?first=2020.5",
    "/records/?figure=expenditure&state=pledge",
    "/fund/F1/records/?figure=commitment&due=31/12/2024",
    "/fund/F1/records/?country=QQ",
    "/fund/F1/records/?theme=1.5",
    "/fund/F1/records/?theme=999",
    "/fund/F1/records/?figure=deposit&currency=QQQ",
    "/fund/F1/records/?figure=deposit&arrangement=SAA-9",
    "/fund/F1/records/?organization=NOBODY",
    "/contributors/outstanding/?figure=outstanding&fund=NONE",
    "/contributors/outstanding/?figure=outstanding&organization=NOBODY",
    "/contributors/outstanding/?figure=outstanding&kind=alien",
    "/contributors/outstanding/?figure=outstanding&arrangement=SAA-9",
    "/contributors/outstanding/?figure=outstanding&currency=QQQ",
    "/decisions/?year=2020.5",
    "/sub-grants/?year=2020.5",
]


@pytest.mark.parametrize("address", WRONG)
@pytest.mark.usefixtures("project")
def test_a_file_is_refused_and_the_page_shows_nothing(client: Client, address: str) -> None:
    assert client.get(f"{address}&format=csv").status_code == 400
    page = client.get(address)
    assert page.status_code in {200, 400}
    assert "P1" not in page.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/api/v1/arrangements/?fund=NONE", "/api/v1/arrangements/?contributor=NOBODY",
     "/api/v1/contributors/?fund=NONE", "/api/v1/expenditures/?organization=NOBODY",
     "/api/v1/sub-grants/?partner=NOBODY", "/api/v1/decisions/?fund=NONE"],
)  # fmt: skip
@pytest.mark.usefixtures("project")
def test_programs_are_refused_too(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("/records/?organization=undp", 1),
        ("/records/?fund=f1&first=2020&last=2020", 1),
        ("/records/?figure=expenditure&category=-&state=reported", 1),
        ("/fund/F1/records/?figure=commitment&due=-&currency=USD,EUR", 1),
        ("/fund/F1/records/?figure=commitment&due=2024-12-31", 0),
        ("/fund/F1/records/?figure=deposit&arrangement=SAA-1&organization=give", 1),
        ("/fund/F1/records/?country=-&theme=0", 1),
        ("/fund/F1/records/?country=ml", 0),
        ("/funds/records/?figure=transfer&fund=f1", 1),
        ("/fund/f1/records/?figure=transfer&fund=%20f1", 1),
        ("/contributor/GIVE/notional/?figure=transfer&fund=f1", 1),
        ("/contributors/outstanding/?figure=outstanding&fund=%20&organization=give", 1),
    ],
)
@pytest.mark.usefixtures("project")
def test_what_is_there_is_found_in_any_case(client: Client, address: str, count: int) -> None:
    assert len(reading.json_object(client.get(f"{address}&format=json"))["rows"]) == count


@pytest.mark.parametrize("code", ["KE", "ke", "%20ke%20"])
def test_a_country_counts_by_its_share_in_whatever_case_it_is_asked_for(
    client: Client, project: Project, code: str
) -> None:
    kenya = Country.objects.get(code="KE")
    ProjectCountry.objects.create(project=project, country=kenya, share=Decimal(40))
    address = f"/funds/records/?figure=transfer&country={code}"
    (row,) = reading.json_object(client.get(f"{address}&format=json"))["rows"]
    assert row["counted"] == "2.00"
