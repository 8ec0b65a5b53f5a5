"""Erasing by law: values and kept originals go for good, and everything still verifies."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connections
from django.urls import reverse

from documents.models import DocumentVersion
from documents.verification import check_versions
from finance.loading.scopes import Scope as LoadScope
from finance.loading.services import check_load, receive_load, release_load
from finance.models import ErasedFile, Load
from finance.sealing.verification import Scope, verify
from portal.management.commands import erase as erase_command
from portal.models import AskedErasure, Feedback
from portal.withholding.services import lift, withhold
from portal.withholding.traces import left_of
from projects.models import Project, Withholding
from tests.factories import (
    DocumentFactory,
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
)

# The command works as the owner, on a connection of its own: it sees what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

FILE = b"""voucher,payment_date,fund,payee,project,amount,currency,description
1,2016-09-15,UNA00,UNDP,00102004,100,USD,Guards in Zanzibar
"""


@pytest.fixture
def load():
    """A released spreadsheet that names what must go."""
    OrganizationFactory(code="UNDP")
    ProjectFactory(number="00102004", title="Zanzibar", fund__code="UNA00")
    load = receive_load(
        source=SourceFactory(code="ledger"),
        kind="vouchers",
        content=ContentFile(FILE),
        name="zanzibar.csv",
        by=UserFactory(),
    )
    return release_load(load=check_load(load), by=UserFactory())


def test_after_erasing_a_search_of_all_columns_and_files_finds_nothing(tmp_path, settings, capsys):
    """Numbers, names and titles stand in scopes, remarks, logs and messages too."""
    settings.VAR_DIR = tmp_path
    organization = OrganizationFactory(code="UNDP")
    project = ProjectFactory(number="ZANZIBAR-1", title="Zanzibar clinics", fund__code="UNA00")
    by = UserFactory()
    load = receive_load(
        source=SourceFactory(code="ledger"),
        kind="vouchers",
        content=ContentFile(FILE.replace(b"00102004", b"ZANZIBAR-1")),
        name="zanzibar-1.csv",
        scope=LoadScope(projects=("ZANZIBAR-1",), complete=True),
        reason="For ZANZIBAR-1",
        by=by,
    )
    check_load(load)
    load.remarks.create(
        severity="note", code="x", value="ZANZIBAR-1", message="Zanzibar clinics", advice="-"
    )
    release_load(load=load, by=UserFactory())
    LogEntry.objects.create(user=by, action_flag=2, object_repr="ZANZIBAR-1 Zanzibar clinics")
    Feedback.objects.create(
        message="What of Zanzibar clinics?", page="/project/ZANZIBAR-1/", sender="0" * 32
    )
    log = tmp_path / "log" / "web.log"
    log.parent.mkdir()
    log.write_text("GET /project/zanzibar-1/")
    assert organization.pk
    withholding = withhold(kind="project", target_id=project.pk, reason="court", by=None)
    call_command("erase", withholding.pk, "--yes", reason="Order 7")
    said = capsys.readouterr().out
    assert str(log) in said
    log.unlink()
    with connections["owner"].cursor() as cursor:
        words = ["zanzibar-1", "zanzibar clinics"]
        assert list(left_of(cursor, words)) == []
    result = verify(Scope(), more=(check_versions,))
    assert result.ok, result.difference
    load.refresh_from_db()
    assert load.scope["projects"] == [f"withheld-{withholding.pk}"]


@pytest.mark.parametrize("amount", ["100", "a hundred"], ids=["checked", "faulty"])
def test_erasing_reaches_what_was_never_released(load, amount, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    project = Project.objects.get()
    waiting = receive_load(
        source=load.source,
        kind="vouchers",
        content=ContentFile(FILE.replace(b"100,USD", f"{amount},USD".encode()) + b"\n\n"),
        name="of 00102004.csv",
        scope=LoadScope(projects=("00102004",), complete=True),
        by=UserFactory(),
    )
    check_load(waiting)
    withholding = withhold(kind="project", target_id=project.pk, reason="court", by=None)
    call_command("erase", withholding.pk, "--yes", reason="Order 7")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.staged_lines.count()) == ("rejected", 0)
    assert not load.file.storage.exists(waiting.file.name)
    with connections["owner"].cursor() as cursor:
        assert list(left_of(cursor, ["00102004", "guards in zanzibar"])) == []


def test_a_kept_file_that_has_a_word_of_it_all_the_same_is_named(load, capsys):
    """It stated another project; whether its file goes is for a person to say."""
    ProjectFactory(number="00102005", fund=Project.objects.get().fund)
    other = receive_load(
        source=load.source,
        kind="vouchers",
        content=ContentFile(FILE.replace(b"4,100", b"5,100").replace(b"Guards", b"Like 00102004")),
        name="other.csv",
        by=UserFactory(),
    )
    release_load(load=check_load(other), by=UserFactory())
    project = Project.objects.get(number="00102004")
    withholding = withhold(kind="project", target_id=project.pk, reason="court", by=None)
    call_command("erase", withholding.pk, "--yes", reason="Order 7")
    assert f"--load {other.pk}" in capsys.readouterr().out


def test_erasing_reaches_kept_files_and_nothing_can_be_lifted_after(load):
    project = Project.objects.get()
    paper = DocumentVersion.objects.create(
        document=DocumentFactory(project=project, url=""),
        file=ContentFile(b"x", "x.txt"),
        file_name="x.txt",
        media_type="text/plain",
        size=1,
        sha256="2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    )
    withholding = withhold(kind="project", target_id=project.pk, reason="court", by=None)
    call_command("erase", withholding.pk, reason="Order 7")
    assert load.file.storage.exists(load.file.name)
    call_command("erase", withholding.pk, "--yes", reason="Order 7")
    assert not load.file.storage.exists(load.file.name)
    assert not paper.file.storage.exists(paper.file.name)
    assert ErasedFile.objects.get().load == load
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM projects_withheldvalue WHERE kept IS NOT NULL")
        assert cursor.fetchone() == (0,)
    result = verify(Scope(), more=(check_versions,))
    assert result.ok, result.difference
    with pytest.raises(ValidationError):
        lift(withholding=Withholding.objects.get(), reason="sorry", by=None)
    with pytest.raises(CommandError, match="ended already"):
        call_command("erase", withholding.pk, "--yes", reason="Order 7")
    assert Load.objects.get().released_at


def test_what_an_administrator_asked_for_on_the_page_is_erased_in_the_night(client, capsys):
    project = ProjectFactory(number="1", title="Zanzibar", fund__code="UNA00")
    made = withhold(kind="project-title", target_id=project.pk, reason="x", by=None)
    chief = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(chief)
    page = reverse("staff-withholding-page", args=[made.pk])
    url = reverse("staff-withholding-erase", args=[made.pk])
    assert "can bring it back" in client.get(page).content.decode()
    # Not by the way, and not without a ground.
    assert client.post(url, {"ground": "Article 17"}).status_code == 200
    assert client.post(url, {"meant": "on"}).status_code == 200
    assert not AskedErasure.objects.exists()
    for _twice in range(2):
        assert client.post(url, {"ground": "Article 17", "meant": "on"}).status_code == 302
    assert "Article 17" in client.get(page).content.decode()
    assert "in the coming night" in client.get(page).content.decode()
    client.post(url, {"keep": "yes"})
    assert not AskedErasure.objects.exists()
    client.post(url, {"ground": "Article 17", "meant": "on"})
    call_command("erase", "--asked")
    made.refresh_from_db()
    assert (made.outcome.erased, made.outcome.reason, made.outcome.by) == (
        True, "Article 17", chief,
    )  # fmt: skip
    assert not AskedErasure.objects.exists()
    assert "erased for good" in capsys.readouterr().out
    # A form that was open meanwhile says what is so.
    for sent in ({"ground": "Article 18", "meant": "on"}, {"keep": "yes"}):
        assert "has ended already" in client.post(url, sent, follow=True).content.decode()


def test_who_withholds_but_administers_nothing_cannot_ask_for_it(client):
    project = ProjectFactory(number="1", title="Zanzibar")
    made = withhold(kind="project-title", target_id=project.pk, reason="x", by=None)
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="withhold"))
    client.force_login(user)
    page = client.get(reverse("staff-withholding-page", args=[made.pk])).content.decode()
    assert "Legal ground" not in page
    url = reverse("staff-withholding-erase", args=[made.pk])
    assert client.post(url, {"ground": "x", "meant": "on"}).status_code == 403
    assert not AskedErasure.objects.exists()


def test_the_command_wants_a_number_and_a_ground_or_what_was_asked_for():
    with pytest.raises(CommandError, match="--asked"):
        call_command("erase")


def test_what_cannot_be_erased_stays_asked_for_and_keeps_no_other(monkeypatch, capsys):
    chief = UserFactory(is_staff=True, is_superuser=True)
    made = []
    for number in "12":
        project = ProjectFactory(number=number, title=f"Zanzibar {number}")
        made.append(withhold(kind="project-title", target_id=project.pk, reason="x", by=None))
        AskedErasure.objects.create(withholding=made[-1], reason="law", by=chief)
    real = erase_command.erase

    def erase(*, withholding, **options):
        if withholding == made[0]:
            raise OSError("The disk is away.")
        return real(withholding=withholding, **options)

    monkeypatch.setattr(erase_command, "erase", erase)
    with pytest.raises(CommandError, match="The disk is away"):
        call_command("erase", "--asked")
    assert AskedErasure.objects.get().withholding == made[0]
    lift(withholding=made[0], reason="over", by=chief)
    assert not AskedErasure.objects.exists()
