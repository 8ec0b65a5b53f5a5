"""Pages about the site itself, and what is shown when something fails."""

import io
import re

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, ProgrammingError, connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image

from portal import middleware
from portal.about import pages
from portal.about.glossary import TERMS, entries
from portal.middleware import OfficeMiddleware
from projects.models import Office
from tests.factories import ProjectFactory

TEXT_PAGES = {
    "glossary": "Glossary",
    "contact": "Contact us",
    "scam-alert": "Scam alert",
    "information-disclosure": "Information disclosure",
    "feedback": "Feedback",
    "feedback-thanks": "Thank you",
    "data": "All data for download",
}


def save_office(**values) -> Office:
    """The office's row with the given values."""
    return Office.objects.update_or_create(pk=1, defaults=values)[0]


def outage(code: str | None = None) -> OperationalError:
    """An error as Django raises it when the database is away."""

    class Cause(psycopg2.OperationalError):
        pgcode = code

    error = OperationalError("away")
    error.__cause__ = Cause("away")
    return error


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "title"), TEXT_PAGES.items())
def test_page_opens_with_title_and_one_heading(client, name, title, django_assert_max_num_queries):
    # All data: packages, IATI files and reports that compare them, whatever their number.
    with django_assert_max_num_queries(8 if name == "data" else 3):
        response = client.get(reverse(name))
    assert response.status_code == 200
    text = response.content.decode()
    assert f"<title>{title} –" in text
    assert text.count("<h1") == 1
    assert "style=" not in text
    assert "onclick" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("name", TEXT_PAGES)
def test_page_asked_for_in_another_way_is_refused(client, name):
    assert client.put(reverse(name)).status_code == 405


@pytest.mark.django_db
def test_glossary_names_the_deadlines_of_the_office(client):
    save_office(expenditure_due_day=15, expenditure_due_month=2, waived_balance=1250)
    text = client.get(reverse("glossary")).content.decode()
    assert "15 February" in text
    assert "US$\u00a01250" in text
    assert "{" not in re.sub(r"(?s)<script.*?</script>", "", text.split("<main", 1)[1])


def test_glossary_terms_are_unique_and_refer_to_each_other():
    anchors = [term.anchor for term in TERMS]
    assert len(set(anchors)) == len(anchors)
    assert {anchor for term in TERMS for anchor in term.see} <= set(anchors)


def test_glossary_is_sorted_without_regard_to_case():
    names = [entry.name.lower() for entry in entries(Office())]
    assert names == sorted(names)


@pytest.mark.django_db
def test_contact_page_keeps_the_confidential_address_apart(client):
    save_office(email="desk@office.test", fraud_email="secret@office.test")
    text = client.get(reverse("contact")).content.decode()
    assert text.index("desk@office.test") < text.index('id="fraud"')
    assert text.index('id="fraud"') < text.index("secret@office.test")


@pytest.mark.django_db
def test_data_page_links_every_format_of_a_list(client):
    text = client.get(reverse("data")).content.decode()
    for key in ("xlsx", "csv", "json"):
        assert f'href="{reverse("project-list")}?format={key}"' in text


# --- Theme, logo, robots


@pytest.mark.django_db
def test_theme_has_the_colours_of_the_office_and_an_etag(client):
    save_office(accent="#123456", accent_dark="#abcdef")
    response = client.get("/theme.css")
    assert response.headers["Content-Type"].startswith("text/css")
    assert response.content == b":root{--accent:#123456;--accent-dark:#abcdef;}\n"
    again = client.get("/theme.css", headers={"if-none-match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_theme_prints_nothing_but_colours(client):
    save_office(accent="red;}")
    assert b"--accent:#0b5d6b;" in client.get("/theme.css").content


@pytest.mark.django_db
def test_logo_is_served_by_what_it_is_not_by_its_name(client):
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    save_office(logo=default_storage.save("office/logo.gif", ContentFile(picture.getvalue())))
    response = client.get(reverse("office-logo"))
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == picture.getvalue()
    assert reverse("office-logo") in client.get(reverse("contact")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"", None])
def test_what_is_no_image_is_not_served(client, content):
    name = "office/logo.png"
    save_office(logo=default_storage.save(name, ContentFile(content)) if content else name)
    assert client.get(reverse("office-logo")).status_code == 404


@pytest.mark.django_db
def test_sample_site_is_kept_out_of_search_engines(client):
    save_office(sample=True)
    for path in ("/theme.css", "/contact/", "/no-such-page/", "/robots.txt"):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex"
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    assert "Sample data – invented figures" in client.get("/contact/").content.decode()


@pytest.mark.django_db
def test_real_site_may_be_indexed(client):
    save_office(sample=False)
    assert "X-Robots-Tag" not in client.get("/contact/").headers
    assert b"Disallow: /admin/" in client.get("/robots.txt").content


@pytest.mark.django_db
def test_unknown_time_zone_breaks_no_page(client):
    save_office(time_zone="../etc/passwd")
    assert client.get("/contact/").status_code == 200


@pytest.mark.django_db
def test_a_database_that_only_reads_is_a_503_not_a_fault():
    client = Client(raise_request_exception=False)
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert client.get("/").status_code == 200
    answer = client.post("/feedback/", {"topic": "site", "message": "Hello"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


# --- When something fails


@pytest.mark.django_db
def test_missing_page_is_a_404_with_search_and_what_was_meant(client):
    response = client.get("/projectz/1/")
    assert response.status_code == 404
    assert 'id="q404"' in response.content.decode()
    assert reverse("project-list") in client.get("/project/none/there/").content.decode()


@pytest.mark.django_db
def test_number_without_its_leading_zeros_finds_its_project():
    project = ProjectFactory(number="00102004")
    for path in ("/project/102004/", "/102004", "/projects/00102004/"):
        assert pages.meant_by(path)[0]["url"] == project.get_absolute_url()
    assert pages.meant_by("/wp-login.php") == []


@pytest.mark.django_db
def test_the_404_page_of_the_site_says_what_was_meant(client):
    project = ProjectFactory(number="00102004")
    response = client.get("/project/102004/")
    assert response.status_code == 404
    assert f'href="{project.get_absolute_url()}"' in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), [(ValueError("lost"), 500), (None, 503)])
def test_an_error_within_a_page_gives_the_page_of_the_site(monkeypatch, error, status):
    def broken(*_args):
        raise error or outage()

    monkeypatch.setattr(pages, "_projects_like", broken)
    response = Client(raise_request_exception=False).get("/project/nothing/")
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    assert str(status) in response.content.decode()


@pytest.mark.django_db
def test_a_host_that_is_not_ours_gets_the_page_of_the_site():
    response = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


@pytest.mark.django_db
def test_form_without_token_is_refused_with_a_way_out():
    save_office(feedback_email="write@office.test")
    response = Client(enforce_csrf_checks=True).post(reverse("feedback"), {"message": "Hello"})
    assert response.status_code == 403
    assert "write@office.test" in response.content.decode()


@pytest.mark.parametrize("template", ["400.html", "500.html", "503.html"])
def test_error_page_renders_without_database_or_request(template):
    text = render_to_string(template, {"stylesheets": []})
    assert template[:3] in text
    assert text.count("<h1>") == 1


@pytest.mark.parametrize("template", ["404.html", "403.html", "403_csrf.html"])
def test_other_error_pages_need_no_database_either(template):
    assert "<h1>" in render_to_string(template)


def test_error_pages_come_even_without_collected_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    response = pages.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"stylesheet" not in response.content


@pytest.mark.parametrize("code", [None, "57P01", "08006", "53300"])
def test_database_that_is_away_is_a_503(monkeypatch, code):
    def read():
        raise outage(code)

    monkeypatch.setattr(middleware, "_office_and_seal", read)
    response = OfficeMiddleware(lambda _request: pytest.fail("asked"))(RequestFactory().get("/"))
    assert response.status_code == 503
    assert response.headers["Retry-After"]


def test_database_that_goes_away_within_a_page_is_a_503():
    middleware = OfficeMiddleware(lambda _request: None)
    request = RequestFactory().get("/")
    assert middleware.process_exception(request, outage()).status_code == 503
    assert middleware.process_exception(request, outage("40P01")) is None
    assert middleware.process_exception(request, ProgrammingError()) is None
    assert middleware.process_exception(request, ValueError()) is None


def test_server_error_caused_by_an_outage_is_a_503():
    try:
        raise outage()
    except OperationalError:
        assert pages.server_error(RequestFactory().get("/")).status_code == 503
