"""The package of all data: whole, joined, its sums those of pages; gone with what is withheld."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from documents.models import Document
from documents.services import hold, publish, withdraw_document
from finance.models import KeyFigure
from portal.kit.safe import csv_text
from portal.models import DataPackage
from portal.package import checking
from portal.package.checking import PackageError
from portal.package.verify import tables_of
from portal.package.writing import TABLES
from portal.withholding.generated_files import what_is_hidden
from portal.withholding.services import lift, withhold
from portal.work import packages
from portal.work.packages import make_due_package, make_package
from projects.models import Project, Withholding
from tests.databases import REFUSED
from tests.factories import (
    DocumentFactory,
    ProjectFactory,
    UserFactory,
    released,
    transfer,
)
from tests.portal.api.test_lists import page_rows, portfolio
from tests.portal.kit import reading
from tests.portal.later import hour_over, new_transaction
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db
CASTS: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "date": date.fromisoformat,
    "datetime": lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")),
    "boolean": {"true": True, "false": False}.__getitem__,
}


def read(package):
    """The description and, for each table, its rows as texts."""
    with package.file.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(texts["datapackage.json"])
    rows = {
        part["name"]: list(csv.DictReader(io.StringIO(texts[part["path"]].decode(), newline="")))
        for part in tables_of(manifest)
    }
    return manifest, rows, texts


def test_each_table_is_as_its_description_says_and_all_of_them_join():
    World()
    portfolio()
    manifest, rows, texts = read(make_package())
    assert [part["name"] for part in tables_of(manifest)] == [table.name for table in TABLES]
    for part in tables_of(manifest):
        content, found = texts[part["path"]], rows[part["name"]]
        assert part["bytes"] == len(content)
        assert part["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert part["rows"] == len(found)
        assert found or part["name"] in {"other_flows", "rates"}, part["name"]
        fields = part["schema"]["fields"]
        for row in found:
            assert list(row) == [field["name"] for field in fields]
            for field in fields:
                if row[field["name"]]:
                    CASTS[field["type"]](row[field["name"]])
        for name, total in part.get("control_totals", {}).items():
            assert sum(Decimal(row[name] or 0) for row in found) == Decimal(total), name
        if key := part["schema"].get("primaryKey"):
            keys = [tuple(row[name] for name in key) for row in found]
            assert len(set(keys)) == len(keys)
            assert all(all(values) for values in keys), part["name"]
        for joined in part["schema"].get("foreignKeys", ()):
            [name], other = joined["fields"], joined["reference"]
            known = {row[other["fields"][0]] for row in rows[other.get("resource", part["name"])]}
            assert {row[name] for row in found if row[name]} <= known, (part["name"], name)
    lines = texts["SHA256SUMS"].decode().splitlines()
    assert {line.partition("  ")[2] for line in lines} == texts.keys() - {"SHA256SUMS"}
    for line in lines:
        digest, _gap, name = line.partition("  ")
        assert hashlib.sha256(texts[name]).hexdigest() == digest


def test_its_figures_are_those_of_the_lists(client):
    portfolio()
    manifest, rows, _texts = read(make_package())
    assert manifest["seal"]["number"] == 3
    assert manifest["currency"] == "USD"
    assert len(manifest["checks"]) > 20
    for table, page, key, theirs in (
        ("projects", "project-list", "number", "number"),
        ("funds", "fund-list", "code", "code"),
        ("organizations", "organization-list", "name", "name"),
        ("contributors", "contributor-list", "name", "name"),
    ):
        by_key = {row[key]: row for row in rows[table]}
        listed = page_rows(client, page)
        assert listed
        for row in listed:
            ours = by_key[row[theirs]]
            for name in ("approved", "net_funded", "expenditure", "commitment", "deposit"):
                if name in row and name in ours:
                    assert f"{Decimal(ours[name]):.2f}" == row[name], (table, name)
    odd = [row for row in rows["voucher_lines"] if row["currency"] == "XTS"]
    assert [row["base_amount"] for row in odd] == [""]
    assert [row["unconverted"] for row in rows["projects"]] == ["1", "0", "0"]


def test_it_is_made_once_for_each_release(settings):
    assert make_due_package() is None
    project = ProjectFactory()
    released(transfer(project, "100"))
    first = make_due_package()
    assert first.name == timezone.localdate().isoformat()
    assert make_due_package() is None
    other = ProjectFactory(fund=project.fund)
    released(transfer(other, "100"))
    assert make_due_package().name == f"{first.name}-2"


def test_a_document_that_is_public_comes_into_the_next_within_the_hour(monkeypatch):
    project = ProjectFactory()
    released(transfer(project, "100"))
    assert make_due_package()
    document = DocumentFactory(project=project, title="Terms", state=Document.State.HELD)
    new_transaction()
    publish(document=document, by=UserFactory(is_staff=True))
    assert make_due_package() is None
    hour_over(monkeypatch)
    renewed = make_due_package()
    assert [row["title"] for row in read(renewed)[1]["documents"]] == ["Terms"]
    assert make_due_package() is None


@pytest.mark.parametrize("act", ["held", "withdrawn", "in the administration"])
def test_a_document_out_of_public_view_takes_all_packages_away(client, act):
    project, by = ProjectFactory(), UserFactory(is_staff=True)
    document = DocumentFactory(project=project, title="Terms")
    released(transfer(project, "100"))
    made = [make_package(), make_due_package() or make_package()]
    if act == "held":
        hold(document=document, by=by)
    elif act == "withdrawn":
        withdraw_document(document=document, by=by, reason="danger")
    else:
        Document.objects.update(state=Document.State.WITHDRAWN)
    for package in made:
        assert client.get(package.get_absolute_url()).status_code == 410
    anew = make_due_package()
    assert read(anew)[1]["documents"] == []
    assert not [one for one in made if default_storage.exists(one.file.name)]


def test_files_of_packages_taken_away_long_ago_are_deleted(django_capture_on_commit_callbacks):
    project = ProjectFactory()
    released(transfer(project, "100"))
    made = [make_package(), make_package()]
    assert made[1].delta_file

    def taken_away_and_left(package):
        DataPackage.objects.filter(pk=package.pk).update(
            withdrawn_at=timezone.now() - timedelta(days=9)
        )
        return [name for name in (package.file.name, package.delta_file.name) if name]

    names = taken_away_and_left(made[1])
    with django_capture_on_commit_callbacks(execute=True):
        withhold(kind="project-title", target_id=project.pk, reason="danger", by=UserFactory())
    assert not [name for name in names if default_storage.exists(name)]
    names = taken_away_and_left(anew := make_due_package())
    assert make_due_package().file.name not in names
    assert not [name for name in names if default_storage.exists(name)]
    assert not default_storage.exists(anew.file.name)


def test_what_is_hidden_by_a_row_that_commits_late_is_seen():
    project = ProjectFactory()
    by = UserFactory()
    first = withhold(kind="project-title", target_id=project.pk, reason="danger", by=by)
    seen = what_is_hidden()
    late = Withholding.objects.get(pk=first.pk)
    late.pk, late.target_id = -1, ProjectFactory().pk
    Withholding.objects.bulk_create([late])
    assert what_is_hidden() != seen


def test_a_document_withdrawn_while_one_is_written_is_not_given_out(monkeypatch):
    project, by = ProjectFactory(), UserFactory(is_staff=True)
    document = DocumentFactory(project=project)
    released(transfer(project, "100"))

    def withdrawn_meanwhile(*arguments):
        hold(document=document, by=by)
        return checking.checked(*arguments)

    monkeypatch.setattr(packages, "checked", withdrawn_meanwhile)
    assert make_package() is None
    assert not DataPackage.objects.exists()


def test_the_last_package_of_each_release_is_kept_beyond_those_of_one_day(settings):
    settings.PACKAGES_KEPT = 2
    project = ProjectFactory()
    released(transfer(project, "100"))
    first = make_package()
    released(transfer(ProjectFactory(), "200"))
    made = [make_package() for _n in range(3)]
    assert list(DataPackage.objects.standing()) == [made[2], made[1], first]


def test_what_is_withheld_takes_all_packages_away_and_the_next_is_without_it(
    client, django_capture_on_commit_callbacks
):
    world, by = World(), UserFactory(is_staff=True)
    made = [make_package(), make_package()]
    assert b"anzibar" in b"".join(read(made[0])[2].values())
    with django_capture_on_commit_callbacks(execute=True):
        world.withhold_all(by)
    for package in made:
        assert client.get(f"/data/package/{package.name}.zip").status_code == 410
        assert client.get(f"/data/package/{package.name}/projects.csv").status_code == 410
        assert not default_storage.exists(package.file.name)
    assert client.get("/data/package/latest.zip").status_code == 404
    anew = make_due_package()
    manifest, rows, texts = read(anew)
    for name, text in texts.items():
        assert b"zanzibar" not in text.lower(), name
        assert b"pemba" not in text.lower() or name == "countries.csv"
    assert {row["title"] for row in rows["projects"] if row["withheld_on"]} == {""}
    assert manifest["seal"]["number"] == anew.seal_number


def test_what_is_withheld_while_one_is_written_is_not_given_out(monkeypatch):
    project = ProjectFactory(title="Clinics in Zanzibar")
    released(transfer(project, "100"))
    by = UserFactory()

    def withheld_meanwhile(*arguments):
        withhold(kind="project-title", target_id=project.pk, reason="danger", by=by)
        return checking.checked(*arguments)

    monkeypatch.setattr(packages, "checked", withheld_meanwhile)
    assert make_package() is None
    assert not DataPackage.objects.exists()
    monkeypatch.undo()
    lift(withholding=Withholding.objects.get(), reason="over", by=by)
    assert make_package() is not None


def test_nothing_is_given_out_where_a_sum_is_not_that_of_the_pages():
    portfolio()
    KeyFigure.objects.filter(measure="expenditure").update(base_amount=F("base_amount") + 1)
    with pytest.raises(PackageError, match="expenditure of funds’ projects: package"):
        make_package()
    with pytest.raises(CommandError, match="Sums differ"):
        call_command("package")
    assert not DataPackage.objects.exists()


def test_nothing_is_given_out_where_a_table_is_missing(monkeypatch):
    portfolio()
    names = [table.file_name for table in TABLES if table.name != "deposits"]
    with pytest.raises(PackageError, match=r"deposits\.csv"):
        checking.checked({}, names)


def test_only_so_many_are_kept(client, settings):
    settings.PACKAGES_KEPT = 2
    portfolio()
    made = [make_package() for _n in range(3)]
    standing = DataPackage.objects.standing()
    assert list(standing) == [made[2], made[1]]
    assert client.get(made[0].get_absolute_url()).status_code == 410
    assert not default_storage.exists(made[0].file.name)


def test_anybody_finds_it_on_the_page_of_data(client):
    assert "All data in one file" not in client.get("/data/").content.decode()
    portfolio()
    package = make_package()
    page = client.get("/data/").content.decode()
    assert package.sha256 in page
    latest = client.get("/data/package/latest.zip")
    assert (latest.status_code, latest["Location"]) == (302, package.get_absolute_url())
    content = reading.body(client.get(latest["Location"]))
    assert hashlib.sha256(content).hexdigest() == package.sha256
    described = json.loads(
        reading.body(client.get("/data/package/latest/datapackage.json", follow=True))
    )
    for part in described["resources"]:
        assert f'{package.name}/{part["path"]}"' in page
        table = reading.body(client.get(f"/data/package/{package.name}/{part['path']}"))
        assert hashlib.sha256(table).hexdigest() == part["hash"].removeprefix("sha256:")
    for name in ("nothing.csv", "..%2Fsecrets"):
        assert client.get(f"/data/package/{package.name}/{name}").status_code == 404
    assert client.get("/data/package/2001-01-01.zip").status_code == 404


def test_the_command_makes_one_and_copies_it(tmp_path, capsys):
    portfolio()
    folder = tmp_path / "copies"
    with pytest.raises(CommandError, match="no folder"):
        call_command("package", str(folder))
    folder.mkdir()
    call_command("package", str(folder))
    [copy] = folder.iterdir()
    package = DataPackage.objects.get()
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == package.sha256
    assert package.sha256 in capsys.readouterr().out


def test_what_was_taken_away_stays_so_and_no_row_goes():
    portfolio()
    make_package()
    made = DataPackage.objects.all()
    made.update(withdrawn_at=timezone.now())
    for change in (lambda: made.update(withdrawn_at=None), made.delete):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            change()


@given(st.text(alphabet="=+-@|%ab1.,\t\n ＝é", max_size=8))
def test_the_database_writes_texts_as_our_other_files_do(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_csv_text(%s)", [text])
        assert cursor.fetchone()[0] == csv_text(text)


def test_a_title_that_a_spreadsheet_would_run_is_text():
    project = ProjectFactory(title="=cmd|' /C calc'!A0")
    released(transfer(project, "100"))
    assert Project.objects.get().title.startswith("=")
    _manifest, rows, _texts = read(make_package())
    assert rows["projects"][0]["title"] == csv_text("=cmd|' /C calc'!A0")
