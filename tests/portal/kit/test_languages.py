"""Only languages are offered whose catalogue is complete."""

import pytest
from django.conf import settings
from django.urls import reverse

from portal.kit.languages import has_catalogue, is_complete

HEADER = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n'
FUND = 'msgid "Fund"\nmsgstr "Fonds"\n'
ROWS = 'msgid "one row"\nmsgid_plural "rows"\nmsgstr[0] "une ligne"\nmsgstr[1] "lignes"\n'
LONG = '#: base.html\nmsgid ""\n"A long "\n"text"\nmsgstr ""\n"Un long "\n"texte"\n'


@pytest.mark.parametrize(
    ("entries", "complete"),
    [
        ([FUND, ROWS, LONG], True),
        ([FUND, '#~ msgid "Gone"\n#~ msgstr ""\n'], True),
        ([], False),
        ([FUND, 'msgid "Project"\nmsgstr ""\n'], False),
        ([FUND, '#, fuzzy\nmsgid "Project"\nmsgstr "Fonds"\n'], False),
        ([ROWS.replace('"lignes"', '""')], False),
        ([LONG.replace('"Un long "\n"texte"\n', "")], False),
    ],
)
def test_a_catalogue_is_complete_when_every_message_is_translated(entries, complete):
    assert is_complete("\n".join([HEADER, *entries])) is complete


def test_a_language_needs_its_catalogue_compiled(tmp_path):
    for code, names in (("fr", ("django.po", "django.mo")), ("es", ("django.po",))):
        folder = tmp_path / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text(f"{HEADER}\n{FUND}", encoding="utf-8")
    assert has_catalogue(tmp_path, "fr")
    assert not has_catalogue(tmp_path, "es") and not has_catalogue(tmp_path, "ar")


@pytest.mark.django_db
def test_a_page_says_the_language_that_it_is_in(client):
    codes = [code for code, _name in settings.LANGUAGES]
    assert codes[0] == "en"
    assert all(has_catalogue(settings.LOCALE_PATHS[0], code) for code in codes[1:])
    for code in {"fr", "es", "ar"} - set(codes):
        text = client.get(reverse("contact"), HTTP_ACCEPT_LANGUAGE=code).content.decode()
        assert '<html lang="en">' in text and "Skip to content" in text
