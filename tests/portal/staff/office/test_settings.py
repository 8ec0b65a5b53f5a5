"""The office's settings: what the form refuses, what it keeps, what the public then sees."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from portal.about.look import contrast
from portal.kit.currency import base_currency
from portal.kit.files.logos import LOGO_BOX
from projects.models import Office, User
from tests.factories import ProjectFactory, UserFactory, released, transfer

pytestmark = pytest.mark.django_db
PLACEHOLDERS = ("integrity@example.org", "us@mail.Example.com", "a@b.test", "root@localhost")


@pytest.fixture
def boss() -> User:
    """An administrator."""
    return User.objects.create_superuser("boss@office.int")


@pytest.fixture
def staff(boss) -> Client:
    """A browser in which an administrator is signed in."""
    client = Client()
    client.force_login(boss)
    return client


def send(staff, **values):
    """What the form would send untouched, with changes."""
    form = staff.get(reverse("staff-office")).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    sent.pop("logo", None)
    return staff.post(reverse("staff-office"), sent | values)


def test_first_run_leads_to_the_room_and_later_changes_stay_on_the_page(staff):
    room = reverse("staff")
    assert b"This portal is not set up yet" in staff.get(room).content
    assert b"Set up this portal" in staff.get(reverse("staff-office")).content
    assert send(staff, portal_name="Ours").url == room
    assert Office.current().is_set_up
    assert b"This portal is not set up yet" not in staff.get(room).content
    assert b"Ours" in staff.get(reverse("admin:index")).content
    assert send(staff, portal_name="Ours again").url == reverse("staff-office")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"accent": "#888888"}, "accent"),
        ({"accent": "blue"}, "accent"),
        ({"accent_dark": "#0b5d6b"}, "accent_dark"),
        ({"expenditure_due_month": "2", "expenditure_due_day": "30"}, "expenditure_due_day"),
        ({"expenditure_due_month": "13"}, "expenditure_due_month"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"languages": ["tlh"]}, "languages"),
        ({"base_currency": "EURO"}, "base_currency"),
        ({"base_currency": "XXX"}, "base_currency"),
        ({"logo": SimpleUploadedFile("logo.png", b"<svg/>")}, "logo"),
        ({"logo": SimpleUploadedFile("logo.png", b"x" * 1_000_001)}, "logo"),
        *(({"fraud_email": address}, "fraud_email") for address in PLACEHOLDERS),
    ],
)
def test_what_would_break_pages_is_refused_in_words(staff, values, field):
    response = send(staff, **values)
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert not Office.current().is_set_up


def test_base_currency_can_be_chosen_until_amounts_are_released(staff):
    assert send(staff, base_currency="eur").status_code == 302
    Office.current().use_currency()
    assert base_currency() == "EUR"
    released(transfer(ProjectFactory(), 5, currency="EUR"))
    errors = send(staff, base_currency="USD").context["form"].errors["base_currency"]
    assert errors == ["Amounts in EUR have been released already; the base currency stays."]
    with (
        pytest.raises(IntegrityError, match="amounts in EUR have been released"),
        transaction.atomic(),
    ):
        Office.objects.update(base_currency="USD")


def test_a_logo_is_drawn_anew_without_what_came_with_it(staff):
    picture, said = io.BytesIO(), PngInfo()
    said.add_text("Comment", "taken at home")
    Image.new("RGB", (1600, 100), "red").save(picture, "PNG", pnginfo=said)
    logo = SimpleUploadedFile("logo.png", picture.getvalue() + b"<script>", "image/png")
    assert send(staff, logo=logo).status_code == 302
    assert f'href="{reverse("office-logo")}"' in staff.get(reverse("staff-office")).text
    assert send(staff).status_code == 302, "it stays where none is sent"
    assert re.fullmatch(r"office/[0-9a-f]{16}\.png", Office.current().logo.name)
    served = b"".join(staff.get(reverse("office-logo")).streaming_content)
    assert b"home" not in served
    assert b"script" not in served
    assert Image.open(io.BytesIO(served)).size == (LOGO_BOX[0], 50)


def test_colours_are_a_sheet_whose_address_changes_with_them(staff, client):
    def sheet():
        return re.search(r'href="(/theme\.css\?v=\w+)"', client.get("/contact/").text)[1]

    before = sheet()
    assert send(staff, accent="#003366").status_code == 302
    assert sheet() != before
    kept = client.get(sheet())
    assert "--accent:#003366;" in kept.text
    assert "immutable" in kept.headers["Cache-Control"]
    assert "immutable" not in client.get(before).headers["Cache-Control"]


def test_history_says_who_changed_what(staff, boss):
    send(staff, portal_name="Ours", four_eyes="")
    text = staff.get(reverse("staff-office")).text
    assert "Name of the portal: Open Funds → Ours" in text
    assert "Four eyes: yes → no" in text
    assert str(boss) in text.split('id="history"')[1]


def test_an_address_that_is_missing_hides_its_line_and_staff_are_told(staff, client):
    send(staff, email="desk@fund.int")
    room = staff.get(reverse("staff")).text
    assert "confidential address for suspected fraud" in room
    assert "general address" not in room
    assert "by a second person" in room
    send(staff, four_eyes="")
    assert "by a second person" not in staff.get(reverse("staff")).text
    assert "desk@fund.int" in client.get(reverse("contact")).text
    for name in ("contact", "feedback", "scam-alert", "information-disclosure"):
        text = client.get(reverse(name)).text
        assert 'href="mailto:"' not in text
        assert "example.org" not in text


def test_only_languages_of_the_office_are_spoken(staff, client, settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    asked = {"accept-language": "fr"}
    assert client.get("/contact/", headers=asked).headers["Content-Language"] == "fr"
    send(staff, languages=["en"])
    assert client.get("/contact/", headers=asked).headers["Content-Language"] == "en"


def test_only_who_may_change_the_office_sees_the_page():
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("staff-office")).status_code == 403
    assert Client().get(reverse("staff-office")).status_code == 302


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
