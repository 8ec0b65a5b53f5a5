"""One thing stays one, whichever hyphens and quotation marks a file writes its name with."""

import pytest

from finance.models import Voucher
from portal.iati.load import IatiLoad
from portal.withholding.services import withhold
from projects.models import Country, Project, ProjectCountry
from tests.factories import FundFactory, OrganizationFactory, ProjectFactory
from tests.finance.loading.life import let_go, row
from tests.portal.iati.test_load import iati, money

pytestmark = pytest.mark.django_db

PROJECTS = "number,title,fund,countries"


def messages(load):
    return [error["message"] for error in load.report["errors"]]


@pytest.mark.parametrize("name", ["X\u2011Y", "\uff38-Y", "x\u2013y", "'X-Y'"])
def test_a_fund_and_an_organization_are_found_as_they_are_seen(enter, world, name):
    FundFactory(code="X-Y")
    OrganizationFactory(code="X-Y", name="Xylo")
    load = enter(f"000123,2016-09-15,{name},{name},00102004,10,USD")
    assert load.state == "checked", load.report


@pytest.mark.parametrize("name", ["Côte d'Ivoire", "Côte d’Ivoire", "COTE D`IVOIRE"])
def test_a_country_is_found_whichever_apostrophe_it_has(enter, world, chief, name):
    country = Country.objects.get(code="CI")
    let_go(enter(f"A-1,Wells,UNA00,{name}", kind="projects", head=PROJECTS), chief)
    assert ProjectCountry.objects.get().country == country


def test_what_is_not_found_is_shown_with_the_letter_that_differs(enter, world):
    load = enter("000123,2016-09-15,UNA00,UNDР,00102004,10,USD")
    (fault,) = load.remarks.all()
    assert "UNDР[U+0420]" in fault.message


def test_a_voucher_is_one_whichever_hyphen_its_number_has(enter, world, chief):
    let_go(enter(row("V-1", 10), row("V\u20111", 20)), chief)
    assert Voucher.objects.count() == 1


@pytest.mark.parametrize(("first", "second"), [("A-1", "A\u20111"), ("A\u20111", "a-1")])
def test_a_project_is_one_whichever_hyphen_its_number_has(enter, world, chief, first, second):
    let_go(enter(f"{first},Wells,UNA00,", kind="projects", head=PROJECTS), chief)
    let_go(enter(f"{second},Deep wells,UNA00,", kind="projects", head=PROJECTS), chief)
    project = Project.objects.exclude(pk=world.pk).get()
    assert (project.number, project.title) == (first, "Deep wells")


def test_a_project_twice_in_a_register_is_refused(enter, world):
    load = enter("A-1,Wells,UNA00,", "A\u20111,Wells,UNA00,", kind="projects", head=PROJECTS)
    assert load.state == "faulty"


@pytest.mark.parametrize(("first", "second"), [("A-1", "A\u20111"), ("A\u20111", "a-1")])
def test_an_activity_is_one_whichever_hyphen_its_identifier_has(tmp_path, first, second):
    path = tmp_path / "file.xml"
    for number, title in ((first, "Wells"), (second, "Deep wells")):
        path.write_text(iati(money(3, 100), title=title, number=number), encoding="utf-8")
        IatiLoad(path).run()
    project = Project.objects.get()
    assert (project.number, project.title) == (first, "Deep wells")


def test_a_withheld_project_does_not_come_back_by_another_hyphen(enter, world, chief):
    project = ProjectFactory(number="A-1", fund=world.fund)
    withhold(kind="project", target_id=project.pk, reason="danger", by=chief)
    let_go(enter("A\u20111,Wells,UNA00,", kind="projects", head=PROJECTS), chief)
    assert not Project.objects.exclude(pk__in=[project.pk, world.pk]).exists()
