"""The languages that documents are said to be in: code and name, for forms and filters."""

from portal.kit.language.language_names import language_names

# Offered first, in this order: those of most reports.
COMMON = ("en", "fr", "es", "ar", "ru", "zh", "pt")


def common_languages() -> list[tuple[str, str]]:
    """Code and name of those that are offered first."""
    names = language_names()
    return [(code, names[code]) for code in COMMON]


def other_languages() -> list[tuple[str, str]]:
    """Code and name of all others, by name."""
    return [(code, name) for code, name in language_names().items() if code not in COMMON]


def all_languages() -> list[tuple[str, str]]:
    """Code and name of all, those of most reports first."""
    return [*common_languages(), *other_languages()]
