"""Which languages the portal can speak: those whose catalogue is complete.

A page in a language without a catalogue would be English that calls itself French, and a screen
reader would read it out as French. Knows no settings, for settings are made with it.

What is kept in the repository is `django.po`; `django.mo`, which programs read, is made of it here
where it is missing or older, as Python does with its own compiled files.
"""

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

# Each as its own readers call it.
NAMES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية"}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{[\w.!:,]*\}")


def has_catalogue(locale: Path, code: str) -> bool:
    """Whether the language has a complete catalogue below the folder; compiles it if need be."""
    source = locale / code / "LC_MESSAGES" / "django.po"
    compiled = source.with_suffix(".mo")
    if not source.is_file():
        return False
    if not compiled.is_file() or compiled.stat().st_mtime < source.stat().st_mtime:
        # Who may not write here goes by what `make runtime` left.
        with suppress(PermissionError):
            _compile(source, compiled)
    return compiled.is_file() and _has_messages(compiled)


def _has_messages(compiled: Path) -> bool:
    """Whether a compiled catalogue has more than its header."""
    with compiled.open("rb") as file:
        return int.from_bytes(file.read(12)[8:], sys.byteorder) > 1


def _compile(source: Path, compiled: Path) -> None:
    """Of an incomplete catalogue nothing but the header, so that it is not read again each time."""
    import polib

    catalogue = polib.pofile(str(source))
    if shortcomings(catalogue):
        catalogue.clear()
    content = catalogue.to_binary()
    # Several processes may start at once: each sees a whole file.
    made = compiled.with_suffix(f".{os.getpid()}")
    made.write_bytes(content)
    made.replace(compiled)


def shortcomings(catalogue: Any) -> list[str]:
    """What is missing or wrong in a catalogue as polib reads it, one line for each message."""
    entries = [entry for entry in catalogue if not entry.obsolete]
    if not entries:
        return ["It has no messages."]
    found = re.search(r"nplurals=(\d)", catalogue.metadata.get("Plural-Forms", ""))
    forms = int(found.group(1)) if found else 0
    wrong = ((entry, _wrong(entry, forms)) for entry in entries)
    return [f"{why}: {entry.msgid!r}" for entry, why in wrong if why]


def _wrong(entry: Any, forms: int) -> str:
    """Why the message cannot be shown, or ""."""
    if entry.fuzzy or not entry.translated():
        return "not translated"
    if not entry.msgid_plural:
        same = _placeholders(entry.msgid) == _placeholders(entry.msgstr)
        return "" if same else "other placeholders"
    if sorted(entry.msgstr_plural) != list(range(forms)):
        return f"not {forms} plural forms"
    allowed = {tuple(_placeholders(text)) for text in (entry.msgid, entry.msgid_plural)}
    texts = entry.msgstr_plural.values()
    return (
        ""
        if all(tuple(_placeholders(text)) in allowed for text in texts)
        else ("other placeholders in a plural form")
    )


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


if __name__ == "__main__":
    LOCALE = Path(__file__).resolve().parents[2] / "locale"
    for folder in LOCALE.iterdir():
        has_catalogue(LOCALE, folder.name)
