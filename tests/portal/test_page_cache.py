"""Pages that have not changed are not drawn again, and those that have are."""

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents.models import Document, Download
from finance.models import Load
from portal.host.watched import unwatched
from projects.models import Fund, Office, Project, User
from tests.factories import DocumentFactory, ProjectFactory, released, transfer

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("rows_stay"),
]


@pytest.fixture(autouse=True)
def kept(settings):
    settings.PAGES_KEPT = 100
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def project():
    """Made by the first test that asks; the others find it."""
    found = Project.objects.filter(number="P1").first()
    if found is None:
        found = ProjectFactory(number="P1", fund__code="F1")
        released(transfer(found, "1000"))
    return found


def queries(client, url, **headers):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url, headers=headers)
    return len(captured), response


@pytest.mark.parametrize("url", ["/", "/projects/", "/project/P1/", "/project/P1/?format=json"])
def test_what_has_not_changed_takes_one_statement(client, project, url):
    first = client.get(url)
    if first.streaming:
        b"".join(first.streaming_content)
    asked, again = queries(client, url)
    if again.streaming:
        b"".join(again.streaming_content)
    else:
        # Each request has a number of its own.
        assert again.headers.pop("X-Request-ID") != first.headers.pop("X-Request-ID")
        assert (asked, again.content, again.headers) == (1, first.content, first.headers)
    asked, unchanged = queries(client, url, if_none_match=first["ETag"])
    assert (asked, unchanged.status_code, unchanged.content) == (1, 304, b"")
    assert first["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in first["Vary"]


def by_model(project):
    Project.objects.filter(pk=project.pk).update(title="Anew")


def by_hand(project):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE projects_fund SET name = 'Anew' WHERE code = 'F1'")


def by_release(project):
    source = Load.objects.latest("pk").source
    released(transfer(project, "1000"), transfer(project, "77"), source=source)


def by_office(project):
    Office.objects.update(name="Anew")


def in_a_part(project):
    """Undone as a whole, but for what came after the part that was undone."""
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Fund.objects.update(name="Undone")
            raise ZeroDivisionError
        Fund.objects.update(name="Anew in part")


@pytest.mark.parametrize("change", [by_model, by_hand, by_release, by_office, in_a_part])
def test_whatever_changes_is_drawn_anew(client, project, change):
    before = client.get("/project/P1/")
    change(project)
    after = client.get("/project/P1/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert after.content != before.content


def test_signing_in_and_checking_a_file_change_no_page(client, project, django_user_model):
    person = User.objects.create_user("a@example.org")
    etag = client.get("/project/P1/")["ETag"]
    person.save(update_fields=["last_login"])
    Client().force_login(person)
    assert client.get("/project/P1/", headers={"if-none-match": etag}).status_code == 304


def test_a_download_changes_no_page_but_the_one_that_counts_it(client, project):
    document = DocumentFactory(project=project)
    history = f"/document/{document.pk}/history/"
    etag = client.get("/project/P1/")["ETag"]
    client.get(history)
    Download.objects.create(document=document, version=1)
    assert client.get("/project/P1/", headers={"if-none-match": etag}).status_code == 304
    assert "Downloaded once." in client.get(history).text


def test_what_is_ones_own_is_never_kept(client, project):
    client.cookies["sessionid"] = "any"
    assert queries(client, "/project/P1/")[0] > 1
    assert queries(client, "/project/P1/")[0] > 1
    page = Client().get("/feedback/")
    assert "csrftoken" in page.cookies
    assert "public" not in page.get("Cache-Control", "")
    assert len(caches["pages"]._cache) == 0


def test_another_day_query_or_way_of_asking_is_another_page(client, project):
    kept = {
        client.get("/project/P1/", headers=headers, query_params=query)["ETag"]
        for headers in ({}, {"accept-encoding": "gzip"})
        for query in ({}, {"as_of": "2020-01-01"}, {"until": "2020-01-01"})
    }
    assert len(kept) == 6


def test_refused_pages_are_not_kept(client, project):
    for url in ("/project/NONE/", "/projects/?as_of=2020-02-30&format=csv"):
        response = client.get(url)
        assert response.status_code in (400, 404)
        assert "public" not in response.get("Cache-Control", "")
    assert len(caches["pages"]._cache) == 0


def test_writers_wait_for_no_release(project):
    """Who counts while another transaction counts takes another row."""

    def counted():
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, count FROM portal_changes")
            return set(cursor.fetchall())

    before = counted()
    with transaction.atomic(using="owner"):
        Fund.objects.using("owner").update(description="Held")
        Document.objects.update(title="Not held up")
    assert len(counted() - before) == 2


def test_every_other_table_is_watched():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_trigger "
            "WHERE tgrelid = pg_class.oid AND tgname = 'changed')"
        )
        assert {name for (name,) in cursor.fetchall()} == set(unwatched()["tables"])
