"""Our IATI files: of each fund, of all, of the organisation; valid, listed, never with a secret."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from lxml import etree

from documents.models import Document
from documents.services import hold, publish
from portal.iati.checking.looking import ERROR, look_at
from portal.iati.errors import IatiFileError
from portal.iati.load import IatiLoad
from portal.iati.publishing.files import Made, write_files
from portal.iati.standard.files import activities_schema, organisations_schema
from portal.models import IatiFile
from portal.withholding.services import withhold
from portal.work import iati_files
from portal.work.iati_files import basis_now, make_due_iati_files, make_iati_files
from projects.models import Fund
from tests.factories import (
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
    commitment,
    deposit,
    released,
    transfer,
)
from tests.portal.api.test_lists import portfolio
from tests.portal.iati.publishing.shared import GENERATED, ORG_ID, files_in, publishing_office
from tests.portal.iati.test_round_trip import files
from tests.portal.kit import reading
from tests.portal.later import hour_over, new_transaction
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db


def identifiers(root: etree._Element) -> list[str]:
    """The identifiers of its activities."""
    return [each.text or "" for each in root.iter("iati-identifier")]


def all_of_them(folder: Path) -> bytes:
    """All that the files tell."""
    folder.mkdir()
    return b"".join(one.path.read_bytes() for one in write_files(folder, GENERATED))


def test_each_fund_has_a_file_and_all_of_them_one_together(tmp_path: Path) -> None:
    publishing_office()
    for code, number in (("AAA00", "P-1"), ("BBB00", "P-2")):
        ProjectFactory(number=number, fund=FundFactory(code=code))
    FundFactory(code="CCC00", follows_rules=False)
    found = files_in(tmp_path)
    assert set(found) == {"all", "organisation", "fund-AAA00", "fund-BBB00"}
    one = [f"{ORG_ID}-AAA00", f"{ORG_ID}-P-1"]
    assert identifiers(found["fund-AAA00"]) == one
    assert identifiers(found["all"]) == [*one, f"{ORG_ID}-BBB00", f"{ORG_ID}-P-2"]


def test_what_contributors_gave_to_a_fund_stands_above_its_projects(tmp_path: Path) -> None:
    publishing_office()
    fund = FundFactory(code="AAA00")
    giver = OrganizationFactory(name="A ministry")
    individuals = OrganizationFactory(name="Ada Lovelace", kind="individuals")
    released(
        commitment(fund, 100, contributor_id=giver.pk, arrangement="A-1"),
        deposit(fund, 60, contributor_id=giver.pk, arrangement="", payer_reference=""),
        deposit(
            fund,
            1,
            contributor_id=individuals.pk,
            description="from Ada",
            arrangement="",
            payer_reference="",
        ),
    )
    root = files_in(tmp_path)["fund-AAA00"]
    [activity] = root
    kinds = [each.get("code") for each in activity.iterfind("transaction/transaction-type")]
    assert sorted(kinds) == ["1", "1", "11"]
    receiver = activity.find("transaction/receiver-org")
    assert receiver.get("receiver-activity-id") == f"{ORG_ID}-AAA00"
    assert "from Ada" not in "".join(root.itertext())


def test_files_of_a_whole_portfolio_are_valid_and_break_no_rule(tmp_path: Path) -> None:
    publishing_office()
    portfolio()
    for made in write_files(tmp_path, GENERATED):
        tree = etree.parse(made.path)
        is_organisation = made.name == "organisation"
        schema = organisations_schema() if is_organisation else activities_schema()
        assert schema.validate(tree), list(schema.error_log)
        faults = look_at(made.path, timezone.localdate()).numbers(ERROR)
        # One currency of these tests is of no country.
        assert set(faults) <= {("list", "transaction/value/@currency: Currency")}


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_what_came_in_goes_out_valid_and_with_no_new_fault(path: Path, tmp_path: Path) -> None:
    try:
        IatiLoad(path).run()
    except IatiFileError as error:
        pytest.skip(f"refused, as it should be: {error}")
    today = timezone.localdate()
    [whole] = [made for made in write_files(tmp_path, GENERATED) if made.name == "all"]
    before, after = look_at(path, today), look_at(whole.path, today)
    assert after.activities == before.activities
    assert after.numbers(ERROR) - before.numbers(ERROR) == {}


def test_no_name_that_is_withheld_stands_in_any_of_them(tmp_path: Path) -> None:
    publishing_office()
    world = World()
    assert b"zanzibar" in all_of_them(tmp_path / "before").lower()
    world.withhold_all(UserFactory())
    told = all_of_them(tmp_path / "after")
    for secret in (b"zanzibar", b"pemba"):
        assert secret not in told.lower()


def test_they_are_made_once_for_each_release_and_again_when_something_is_withheld(client) -> None:
    publishing_office()
    project = ProjectFactory(number="P-1", title="Clinics", fund=FundFactory(code="AAA00"))
    assert make_due_iati_files() == 0
    released(transfer(project, 5))
    assert make_due_iati_files() == 3
    assert make_due_iati_files() == 0
    assert b"Clinics" in reading.body(client.get("/data/iati/fund-AAA00.xml"))
    withhold(kind="project-title", target_id=project.pk, reason="danger", by=UserFactory())
    assert client.get("/data/iati/fund-AAA00.xml").status_code == 404
    assert make_due_iati_files() == 3
    assert b"Clinics" not in reading.body(client.get("/data/iati/fund-AAA00.xml"))


def test_a_document_that_is_public_comes_into_them_within_the_hour_and_leaves_at_once(
    client, monkeypatch
) -> None:
    publishing_office()
    project = ProjectFactory(number="P-1", fund=FundFactory(code="AAA00"))
    released(transfer(project, 5))
    assert make_due_iati_files() == 3
    by = UserFactory(is_staff=True)
    document = DocumentFactory(project=project, title="Terms", state=Document.State.HELD)
    new_transaction()
    publish(document=document, by=by)
    assert make_due_iati_files() == 0
    hour_over(monkeypatch)
    assert make_due_iati_files() == 3
    assert make_due_iati_files() == 0
    assert b"Terms" in reading.body(client.get("/data/iati/fund-AAA00.xml"))
    hold(document=document, by=by)
    assert client.get("/data/iati/fund-AAA00.xml").status_code == 404
    names = list(IatiFile.objects.values_list("file", flat=True))
    assert make_due_iati_files() == 3
    assert not [name for name in names if default_storage.exists(name)]
    assert b"Terms" not in reading.body(client.get("/data/iati/fund-AAA00.xml"))


def test_after_a_failure_no_edit_begins_them_anew_within_the_hour(monkeypatch) -> None:
    publishing_office()
    project = ProjectFactory(number="P-1", fund=FundFactory(code="AAA00"))
    released(transfer(project, 5))
    begun = []

    def failing(_folder: Path) -> list[Made]:
        begun.append(basis_now())
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(iati_files, "write_iati_files", failing)
        with pytest.raises(OSError):
            make_due_iati_files()
        new_transaction()
        publish(
            document=DocumentFactory(project=project, state=Document.State.HELD),
            by=UserFactory(is_staff=True),
        )
        assert basis_now() not in begun
        assert make_due_iati_files() == 0
    assert len(begun) == 1
    released(transfer(ProjectFactory(fund=project.fund), 7))
    assert make_due_iati_files() == 3


def test_nobody_makes_them_while_another_does() -> None:
    publishing_office()
    released(transfer(ProjectFactory(fund=FundFactory(code="AAA00")), 5))
    another = connection.copy()
    with closing(another), another.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [iati_files._MAKING_LOCK])
        assert make_due_iati_files() == 0
    assert make_due_iati_files() == 3


def test_the_page_of_data_lists_them_with_what_a_registry_asks_for(client) -> None:
    assert 'id="iati"' not in client.get("/data/").content.decode()
    publishing_office(iati_publisher="fund-office", email="iati@funds.int")
    released(transfer(ProjectFactory(fund=FundFactory(code="AAA00", name="The fund")), 5))
    foreign = ProjectFactory(fund=FundFactory(code="XX-1", follows_rules=False))
    released(transfer(foreign, 5))
    make_iati_files()
    page = client.get("/data/").content.decode()
    for text in (ORG_ID, "/data/iati/all.xml", "/data/iati/fund-AAA00.xml", "iati@funds.int"):
        assert text in page
    answer = client.get("/data/iati/registry.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["registry-file-id"], row["file-type"]) for row in rows] == [
        ("fund-office-organisation", "organisation"),
        ("fund-office-fund-aaa00", "activity"),
    ]
    assert rows[1]["source-url"].endswith("/data/iati/fund-AAA00.xml")


def test_the_command_writes_into_a_folder_or_in_their_place(tmp_path: Path, capsys) -> None:
    publishing_office()
    ProjectFactory(fund=FundFactory(code="AAA00"))
    with pytest.raises(CommandError, match="no folder"):
        call_command("export_iati", str(tmp_path / "none"))
    call_command("export_iati", str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {
        "all.xml", "organisation.xml", "fund-AAA00.xml"
    }  # fmt: skip
    assert not IatiFile.objects.exists()
    call_command("export_iati")
    assert IatiFile.objects.standing().count() == 3
    assert "3 files" in capsys.readouterr().out


def test_the_organisation_says_what_it_paid_out_each_year(tmp_path: Path) -> None:
    publishing_office()
    project = ProjectFactory(fund=FundFactory(code="AAA00"))
    released(transfer(project, 50), transfer(project, -20))
    root = files_in(tmp_path)["organisation"]
    paid = root.xpath("iati-organisation/total-expenditure")
    assert [(each.find("period-start").get("iso-date"), each.findtext("value")) for each in paid] \
        == [("2020-01-01", "30")]  # fmt: skip
    assert Fund.objects.count() == 1
