"""Staff withhold and lift; the public sees a bare trace, and a list that still adds up."""

import json
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from documents.models import Document
from finance.models import Voucher
from portal.withholding.services import withhold
from projects.models import Withholding
from tests.factories import (
    DocumentFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client):
    """Somebody who may withhold, signed in."""
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="withhold"))
    client.force_login(user)
    return user


@pytest.fixture
def project(db):
    """A project with money and secret words."""
    project = ProjectFactory(number="00102004", title="Zanzibar", narrative="In Zanzibar")
    released(transfer(project, "100.25"), expenditure(project, "40.10"))
    return project


def test_only_who_may_withhold_reaches_its_pages(client, project):
    withholding = withhold(kind="project-title", target_id=project.pk, reason="x", by=None)
    gets = [
        reverse("staff-withholding"),
        f"{reverse('staff-withhold')}?kind=project&id={project.pk}",
        reverse("staff-withholding-page", args=[withholding.pk]),
    ]
    posts = [reverse("staff-withhold"), reverse("staff-withholding-lift", args=[withholding.pk])]
    data = {"kind": "project", "id": project.pk, "reason": "x"}
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["add_load", "release_load"]))
    gateway = UserFactory()
    gateway.user_permissions.add(Permission.objects.get(codename="withhold"))
    for user, status in ((None, 302), (clerk, 403), (gateway, 403)):
        client.logout()
        if user:
            client.force_login(user)
        assert [client.get(url).status_code for url in gets] == [status] * 3
        assert [client.post(url, data).status_code for url in posts] == [status] * 2
    assert list(Withholding.objects.standing()) == [withholding]


def test_staff_find_it_see_what_will_vanish_withhold_it_and_lift_it(client, keeper, project):
    found = client.get(reverse("staff-withholding"), {"kind": "project", "which": "zanzi"})
    url = f"{reverse('staff-withhold')}?kind=project&id={project.pk}"
    assert url.replace("&", "&amp;") in found.content.decode()
    preview = client.get(url).content.decode()
    assert "Projects: 1" in preview
    assert "In Zanzibar" in preview
    assert client.get(project.get_absolute_url()).status_code == 200
    data = {"kind": "project", "id": project.pk, "reason": ""}
    assert "errors" in client.post(reverse("staff-withhold"), data).content.decode()
    assert not Withholding.objects.exists()
    done = client.post(reverse("staff-withhold"), data | {"reason": "threats"}, follow=True)
    assert "It is withheld" in done.content.decode()
    assert client.get("/project/00102004/").status_code == 410
    lifting = reverse("staff-withholding-lift", args=[Withholding.objects.get().pk])
    assert client.get(lifting).status_code == 405
    assert client.post(lifting, {"reason": " "}).status_code == 200
    assert client.get("/project/00102004/").status_code == 410
    client.post(lifting, {"reason": "safe again"})
    assert "Zanzibar" in client.get("/project/00102004/").content.decode()
    log = client.get(reverse("staff-withholding-page", args=[Withholding.objects.get().pk]))
    assert "threats" in log.content.decode()
    assert "safe again" in log.content.decode()
    again = client.post(lifting, {"reason": "once more"})
    assert again.status_code == 200
    assert "already" in again.content.decode()


@pytest.mark.parametrize(
    "asked", ["", "kind=nonsense&id=1", "kind=project&id=x", "kind=project&id=999999999999999999"]
)
def test_an_address_that_names_nothing_is_not_found(client, keeper, asked):
    assert client.get(f"{reverse('staff-withhold')}?{asked}").status_code == 404


def test_the_second_withholding_of_the_same_thing_is_refused_in_words(client, keeper, project):
    withhold(kind="project", target_id=project.pk, reason="x", by=keeper)
    data = {"kind": "project", "id": project.pk, "reason": "y"}
    page = client.post(reverse("staff-withhold"), data)
    assert "This is withheld already" in page.content.decode()
    assert Withholding.objects.count() == 1


@pytest.mark.parametrize(
    "below", ["", "key-figures/", "vouchers/", "documents/", "records/", "changes/", "feed/"]
)
def test_a_withheld_project_is_gone_and_says_since_when_and_not_why(client, project, below):
    withhold(kind="project", target_id=project.pk, reason="Militia nearby", by=None)
    day = Withholding.objects.get().at
    for query in ("", "?as_of=2030-01-01", "?format=csv"):
        page = client.get(f"/project/00102004/{below}{query}")
        assert page.status_code == 410
        text = page.content.decode()
        assert f"{day:%Y}" in text
        assert "Zanzibar" not in text
        assert "Militia" not in text


def test_a_number_that_never_was_is_not_found(client, project):
    withhold(kind="project", target_id=project.pk, reason="x", by=None)
    assert client.get("/project/00102099/").status_code == 404


def test_a_withheld_organization_is_gone(client, project):
    organization = OrganizationFactory(code="ZNZ", name="Zanzibar Relief", short_name="ZanRel")
    organization.identifiers.create(scheme="IATI", value="TZ-ZANZIBAR")
    withhold(kind="organization", target_id=organization.pk, reason="x", by=None)
    for code in ("ZNZ", "znz"):
        assert client.get(f"/organization/{code}/").status_code == 410
        assert client.get(f"/contributor/{code}/").status_code == 410


def test_only_what_was_an_address_is_confirmed_to_whoever_guesses(client, project):
    organization = OrganizationFactory(code="ZNZ", name="Zanzibar Relief", short_name="ZanRel")
    organization.identifiers.create(scheme="IATI", value="TZ-ZANZIBAR")
    ParticipationFactory(project=project, organization=organization, award_number="ZANZ-7")
    held = DocumentFactory(project=project, title="Held")
    held.events.create(kind="uploaded")
    Document.objects.filter(pk=held.pk).update(state="held")
    shown = DocumentFactory(project=project, title="Shown")
    withhold(kind="organization", target_id=organization.pk, reason="x", by=None)
    withhold(kind="project", target_id=project.pk, reason="x", by=None)
    guesses = [
        *(f"/organization/{text}/" for text in ("Zanzibar Relief", "ZanRel", "TZ-ZANZIBAR")),
        *(f"/contributor/{text}/" for text in ("Zanzibar Relief", "ZanRel", "TZ-ZANZIBAR")),
        "/project/ZANZ-7/", "/project/Zanzibar/", "/organization/nobody/", "/project/nothing/",
        f"/document/{held.pk}/", f"/document/{held.pk}/v1/", f"/document/{held.pk + 99}/",
    ]  # fmt: skip
    assert {url: client.get(url).status_code for url in guesses} == dict.fromkeys(guesses, 404)
    assert client.get(f"/document/{shown.pk}/").status_code == 410


def test_with_a_project_go_its_own_vouchers_and_files_where_staff_tick_them(client, keeper):
    own, other = ProjectFactory(number="00102004"), ProjectFactory(number="00102005")
    source = SourceFactory(code="ledger")
    alone = released(transfer(own, "1", voucher="Zanz/1"), file_name="zanz.csv", source=source)
    both = released(
        transfer(own, "1", voucher="Zanz/1"), transfer(own, "2", voucher="Both/1"),
        transfer(other, "3", voucher="Both/1"), file_name="both.csv", source=source,
    )  # fmt: skip
    page = client.get(f"{reverse('staff-withhold')}?kind=project&id={own.pk}").content.decode()
    assert "Zanz/1" in page
    assert "zanz.csv" in page
    assert "Both/1" not in page.split('name="also"', 1)[1]
    assert "both.csv" not in page
    voucher = Voucher.objects.get(number="Zanz/1")
    data = {"kind": "project", "id": own.pk, "reason": "threats"}
    also = [f"voucher:{voucher.pk}", f"load:{alone.pk}"]
    client.post(reverse("staff-withhold"), data | {"also": [*also, f"load:{both.pk}"]})
    assert not Withholding.objects.exists()
    client.post(reverse("staff-withhold"), data | {"also": also})
    standing = Withholding.objects.standing()
    assert set(standing.values_list("kind", flat=True)) == {"project", "voucher", "load"}
    voucher.refresh_from_db()
    alone.refresh_from_db()
    assert "Zanz" not in voucher.number
    assert "zanz" not in alone.file_name


def test_lists_add_up_with_one_nameless_row(client, project):
    other = ProjectFactory(number="00102005", title="Open", fund=project.fund)
    released(transfer(other, "7.50"), expenditure(other, "1.05"))
    withhold(kind="project", target_id=project.pk, reason="x", by=None)
    for url in ("/projects/", f"/fund/{project.fund.code}/"):
        page = client.get(url).content.decode()
        assert "One withheld project" in page
        assert "Zanzibar" not in page
        assert "00102004" not in page
        text = client.get(f"{url}?format=json").getvalue().decode()
        assert "One withheld project" in text
        assert _sum(json.loads(text, parse_float=Decimal), "net_funded") == Decimal("107.75")
    filtered = client.get("/projects/?q=open").content.decode()
    assert "withheld project" not in filtered


def _sum(found, key):
    rows = [*found["rows"], *(total["values"] for total in found["totals"])]
    return sum(Decimal(str(row[key])) for row in rows if row.get(key) not in (None, ""))


def test_the_public_list_tells_kind_and_day_only(client, project):
    withhold(kind="project", target_id=project.pk, reason="Militia nearby", by=None)
    page = client.get("/withheld/").content.decode()
    assert "A whole project" in page
    assert "Militia" not in page
    assert "Zanzibar" not in page
    assert 'href="/withheld/"' in client.get("/").content.decode()
