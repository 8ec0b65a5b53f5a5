"""Only languages are offered whose catalogue is complete, and those of the portal are."""

import csv
import shutil

import polib
import pytest
from django.conf import settings
from django.utils.translation import trans_real

from portal.kit.language.catalogues import NAMES, has_catalogue, shortcomings
from portal.kit.language.reference_names import NAMES as REFERENCE
from portal.management.commands.messages import brought_up, extracted

FUND = 'msgid "Fund"\nmsgstr "Fonds"\n'
ROWS = (
    'msgid "%(n)s row"\nmsgid_plural "%(n)s rows"\n'
    'msgstr[0] "%(n)s ligne"\nmsgstr[1] "%(n)s lignes"\n'
)
LONG = '#: base.html\nmsgid ""\n"A long "\n"text"\nmsgstr ""\n"Un long "\n"texte"\n'


def po(*entries, forms=2):
    head = f'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals={forms}; plural=(n > 1);\\n"\n'
    return "\n".join([head, *entries])


@pytest.mark.parametrize(
    ("entries", "complete"),
    [
        ([FUND, ROWS, LONG], True),
        ([FUND, '#~ msgid "Gone"\n#~ msgstr ""\n'], True),
        ([], False),
        ([FUND, 'msgid "Project"\nmsgstr ""\n'], False),
        ([FUND, '#, fuzzy\nmsgid "Project"\nmsgstr "Fonds"\n'], False),
        ([ROWS.replace('"%(n)s lignes"', '""')], False),
        ([LONG.replace('"Un long "\n"texte"\n', "")], False),
        ([ROWS.replace("%(n)s lignes", "%(m)s lignes")], False),
        ([ROWS.replace('msgstr[1] "%(n)s lignes"\n', "")], False),
        (['msgid "%(a)s of {b}"\nmsgstr "{b}: %(a)s"\n'], True),
        (['msgid "%(a)s of {b}"\nmsgstr "%(a)s"\n'], False),
    ],
)
def test_a_catalogue_is_complete_when_every_message_is_translated(entries, complete):
    assert (not shortcomings(polib.pofile(po(*entries)))) is complete


def test_a_language_is_offered_by_its_catalogue_which_is_compiled_anew_when_changed(tmp_path):
    source = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(po(FUND))
    assert has_catalogue(tmp_path, "fr") and not has_catalogue(tmp_path, "ar")
    compiled = source.with_suffix(".mo")
    assert polib.mofile(str(compiled)).find("Fund").msgstr == "Fonds"
    source.write_text(po(FUND, 'msgid "Project"\nmsgstr ""\n'))
    newer = compiled.stat().st_mtime + 1
    shutil.os.utime(source, (newer, newer))
    assert not has_catalogue(tmp_path, "fr")
    assert not polib.mofile(str(compiled))


@pytest.fixture(scope="module")
def template():
    if not shutil.which("xgettext"):
        pytest.skip("gettext is not installed")
    return extracted()


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_each_message_of_the_code_is_translated(code, template):
    source = settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.po"
    missing = shortcomings(brought_up(polib.pofile(str(source)), template, code))
    if missing:
        told = "\n".join(missing)
        pytest.fail(f"make messages, then translate {len(missing)} of {code}:\n{told}", False)
    assert code in dict(settings.LANGUAGES)


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_plural_forms_are_told_apart_as_the_language_does(code):
    numbers = {"fr": (0, 2), "es": (1, 2), "ar": (0, 1, 2, 3, 11, 100)}[code]
    source = settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.po"
    rule = polib.pofile(str(source)).metadata["Plural-Forms"].partition("plural=")[2]
    form = trans_real.gettext_module.c2py(rule.rstrip(";"))
    assert [form(number) for number in numbers] == list(range(len(numbers)))


def test_names_of_the_reference_data_are_translated():
    for file in ("document-types", "budget-categories"):
        with (settings.BASE_DIR / "portal" / "data" / f"{file}.csv").open() as rows:
            assert {row["name"] for row in csv.DictReader(rows)} <= set(REFERENCE)
