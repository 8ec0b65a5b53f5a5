"""Which languages the portal can speak: those whose catalogue is complete.

A page in a language without a catalogue would be English that calls itself French, and a screen
reader would read it out as French. Knows no settings, for settings are made with it.
"""

import re
from pathlib import Path

_ENTRY_ENDS = re.compile(r"\n\s*\n")


def is_complete(catalogue: str) -> bool:
    """Whether a .po file has a translation of every message, and none is only a guess."""
    entries = [_Entry(text) for text in _ENTRY_ENDS.split(catalogue) if "\nmsgid" in f"\n{text}"]
    messages = [entry for entry in entries if not entry.is_header]
    return bool(messages) and all(entry.is_translated for entry in messages)


def has_catalogue(locale: Path, code: str) -> bool:
    """Whether the language has a complete and compiled catalogue below the folder."""
    source, compiled = (locale / code / "LC_MESSAGES" / f"django.{end}" for end in ("po", "mo"))
    if not (source.is_file() and compiled.is_file()):
        return False
    return is_complete(source.read_text(encoding="utf-8"))


class _Entry:
    """One message of a .po file; `#~` comes before what is no longer used."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.splitlines() if not line.startswith("#~")]
        self.is_fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        self.strings: dict[str, str] = {}
        key = ""
        for line in lines:
            if not line or line.startswith("#"):
                continue
            if not line.startswith('"'):
                key, _space, line = line.partition(" ")
            self.strings[key] = self.strings.get(key, "") + line.strip().strip('"')

    @property
    def is_header(self) -> bool:
        return not self.strings.get("msgid")

    @property
    def is_translated(self) -> bool:
        translations = [text for key, text in self.strings.items() if key.startswith("msgstr")]
        return bool(translations) and all(translations) and not self.is_fuzzy
