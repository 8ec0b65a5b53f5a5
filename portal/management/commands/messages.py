"""`manage.py messages`: brings each catalogue to the messages that are in the code.

Run by `make messages`. New messages are added without a translation, those that are gone are
dropped, and each stands under the file where it is first used, without the number of its line: so
a change of the code changes the catalogues only where it changes a message.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.core.management.commands import makemessages

from portal.kit.language.catalogues import has_catalogue, shortcomings

# What has no words for readers, and the catalogues themselves.
_IGNORED = ("locale", "tests", "var", "static", ".*")
_PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5;",
}


class Command(BaseCommand):
    """Says how many messages of each language wait for a translation."""

    help = "Brings the catalogues to the messages that are in the code."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Raises CommandError without xgettext."""
        template = extracted()
        for source in sorted(settings.LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.po")):
            code = source.parts[-3]
            catalogue = brought_up(polib.pofile(str(source), wrapwidth=100), template, code)
            catalogue.save(str(source))
            has_catalogue(settings.LOCALE_PATHS[0], code)
            self.stdout.write(f"{code}: {len(shortcomings(catalogue))} of {len(catalogue)} to do")


class _Extraction(makemessages.Command):
    """Django's own, which leaves all messages in a file of this folder."""

    folder: Path

    def find_files(self, root: str) -> list[Any]:
        """All files that may have messages, for one template."""
        self.locale_paths = [str(self.folder)]
        self.default_locale_path = str(self.folder)
        return super().find_files(root)

    def write_po_file(self, potfile: str, locale: str) -> None:
        """None: `brought_up` does that."""


def extracted() -> polib.POFile:
    """All messages of the code, each with the files that it stands in. Raises CommandError."""
    if not shutil.which("xgettext"):
        raise CommandError("xgettext is missing: apt-get install gettext")
    with tempfile.TemporaryDirectory() as folder:
        command = _Extraction()
        command.folder = Path(folder)
        options = {"locale": ["any"], "keep_pot": True, "add_location": "file", "verbosity": 0}
        call_command(command, ignore_patterns=list(_IGNORED), **options)
        return polib.pofile(str(command.folder / "django.pot"))


def brought_up(catalogue: polib.POFile, template: polib.POFile, code: str) -> polib.POFile:
    """The catalogue with the messages of the template, in a steady order."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    made = polib.POFile(wrapwidth=100)
    made.metadata = {
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _PLURALS.get(code) or catalogue.metadata.get("Plural-Forms", ""),
    }
    entries = [entry for entry in template if not entry.obsolete]
    for entry in sorted(entries, key=_place):
        entry = _copy(entry)
        before = known.get((entry.msgctxt, entry.msgid))
        if before and bool(before.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr, entry.msgstr_plural = before.msgstr, dict(before.msgstr_plural)
        made.append(entry)
    return made


def _place(entry: polib.POEntry) -> tuple[str, str, str]:
    return min(name for name, _line in entry.occurrences), entry.msgid, entry.msgctxt or ""


def _copy(entry: polib.POEntry) -> polib.POEntry:
    """Without a translation; the template is used for each language."""
    forms = {0: "", 1: ""} if entry.msgid_plural else {}
    return polib.POEntry(
        msgid=entry.msgid, msgid_plural=entry.msgid_plural, msgctxt=entry.msgctxt,
        msgstr_plural=forms, comment=entry.comment, flags=list(entry.flags),
        occurrences=sorted({(name, "") for name, _line in entry.occurrences}),
    )  # fmt: skip
