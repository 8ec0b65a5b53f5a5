"""A page's language is that of its address, or the one that the browser asks for."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.translation import get_language, override
from openpyxl import load_workbook

from portal.kit.currency import base_label
from portal.kit.formatting import arrow, day, figure, percent
from portal.kit.web.languages import speaking
from portal.models import PublicAnswer
from projects.models import Office
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offered(settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "Français"), ("ar", "العربية")]


def links(page):
    return re.findall(r'<a[^>]*href="(/[^"]*)"', page)


def test_an_address_names_its_language_and_leads_on_within_it(client):
    ProjectFactory(number="P1")
    page = client.get("/fr/project/P1/", headers={"accept-language": "ar"})
    assert page.headers["Content-Language"] == "fr"
    assert "Accept-Language" not in page.headers["Vary"]
    text = page.text
    assert '<html lang="fr">' in text
    elsewhere = [url for url in links(text) if not url.startswith("/fr/")]
    assert elsewhere == ["/en/project/P1/", "/ar/project/P1/"]
    assert '<html lang="ar" dir="rtl">' in client.get("/ar/project/P1/").text


def test_what_follows_a_page_is_in_no_language_of_its_own(client):
    client.get("/fr/")
    assert (reverse("home"), get_language()) == ("/", "en")
    streamed = client.get("/fr/projects/?format=csv")
    b"".join(streamed.streaming_content)
    streamed.close()
    assert (reverse("home"), get_language()) == ("/", "en")


def test_an_address_without_a_language_is_answered_as_the_browser_asks(client):
    page = client.get("/projects/", headers={"accept-language": "de, fr;q=0.8, en;q=0.5"})
    assert page.headers["Content-Language"] == "fr"
    assert "Accept-Language" in page.headers["Vary"]
    assert "/fr/funds/" in links(page.text)
    page = client.get("/projects/")
    assert page.headers["Content-Language"] == "en" and "/funds/" in links(page.text)


def test_a_choice_needs_no_cookie_and_no_script(client):
    page = client.get("/fr/projects/?status=on-going")
    assert not page.cookies
    assert '<a href="/en/projects/?status=on-going"' in page.text
    english = client.get("/en/projects/", headers={"accept-language": "fr"})
    assert english.headers["Content-Language"] == "en" and "/en/funds/" in links(english.text)


def test_search_engines_are_told_of_each_language(client):
    Office.objects.update(sample=False)
    site = "http://localhost:8000"
    for url, own in (("/fr/funds/", "/fr/funds/"), ("/en/funds/", "/funds/"), ("/funds/", "")):
        text, own = client.get(url).text, own or url
        assert f'<link rel="canonical" href="{site}{own}">' in text
        for code, there in (("en", "/funds/"), ("fr", "/fr/funds/"), ("x-default", "/funds/")):
            assert f'<link rel="alternate" hreflang="{code}" href="{site}{there}">' in text
    assert "Disallow: /*/staff/" in client.get("/robots.txt").text


def test_a_language_that_the_office_does_not_offer_leads_to_one_that_it_does(client):
    Office.objects.update(languages=["fr", "ar"])
    answer = client.get("/en/funds/?page=2")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/funds/?page=2")
    page = client.get("/funds/")
    assert page.headers["Content-Language"] == "fr" and "/projects/" in links(page.text)
    assert "/en/funds/" not in page.text
    Office.objects.update(languages=["fr"])
    assert 'class="languages"' not in client.get("/funds/").text


def test_a_language_alone_is_its_home_page(client):
    assert client.get("/fr").headers["Location"] == "/fr/"
    assert client.get("/xx/").status_code == 404


def test_answers_to_questions_stand_on_the_page_in_each_language(client, published_answer):
    assert published_answer in client.get("/fr/").text


@pytest.fixture
def published_answer():
    answer = "Because of rain."
    days = {"published_on": "2026-06-01"}
    PublicAnswer.objects.create(page="/", question="Why?", answer=answer, **days)
    return answer


def test_mails_lead_to_pages_in_the_language_of_their_reader():
    with speaking("ar"):
        assert reverse("home") == "/ar/"
    with speaking("en"):
        assert reverse("home") == "/"


def test_a_withheld_page_does_not_repeat_its_address(client, settings):
    text = client.get("/fr/project/NOBODY/").text
    assert 'class="languages"' in text


def test_files_of_arabic_run_from_right_to_left(client):
    ProjectFactory(number="P1", title="سلام")
    answer = client.get("/ar/projects/?format=xlsx")
    book = load_workbook(BytesIO(b"".join(answer)))
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
    book = load_workbook(BytesIO(b"".join(client.get("/projects/?format=xlsx"))))
    assert not any(sheet.sheet_view.rightToLeft for sheet in book.worksheets)


def test_signs_keep_their_place_among_letters_from_right_to_left():
    with override("ar"):
        assert (percent(50), figure(-1234)) == ("\u200e50.0\xa0%\u200e", "\u200e−1,234")
        assert (base_label(), arrow(), day(date(2016, 9, 5))) == ("US$\u200e", "←", "5 سبتمبر 2016")
    with override("fr"):
        assert (percent(50), figure(-1234)) == ("50,0\xa0%", "−1\xa0234")
        assert (base_label(), arrow(), day(date(2016, 9, 5))) == ("US$", "→", "5 sept. 2016")
    with override("es"):
        assert day(date(2016, 9, 5)) == "5 sep 2016"


def test_words_of_a_source_are_marked_with_their_language(client):
    ProjectFactory(number="P1", title="Paix", language="fr")
    assert '<h1 dir="auto" lang="fr">' in client.get("/project/P1/").text
    assert '<span lang="fr"><a href="/project/P1/">Paix</a></span>' in client.get("/projects/").text
    assert '<h1 dir="auto">' in client.get("/fr/project/P1/").text


def test_the_heading_of_home_is_in_the_language_unless_the_office_has_words_of_its_own(client):
    assert "<h1>Voyez ce que fait l’argent d’un fonds</h1>" in client.get("/fr/").text
    Office.objects.update_or_create(pk=1, defaults={"tagline": "Our own words"})
    assert "<h1>Our own words</h1>" in client.get("/fr/").text
