"""The glossary: its terms in order, with the office's own dates and amounts filled in."""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.about.glossary_money import MONEY, ORIGIN
from portal.about.glossary_terms import IDENTIFIERS, PEOPLE, STATUS, Term
from portal.kit.text import fold
from projects.models import Office, OfficeTerm

TERMS = (*PEOPLE, *IDENTIFIERS, *STATUS, *MONEY, *ORIGIN)
_TERM = {term.anchor: term for term in TERMS}


@dataclass(frozen=True)
class Entry:
    """A term as the page prints it; `see` has anchors and names of related terms."""

    anchor: str
    name: str
    definition: str
    formula: str
    see: tuple[tuple[str, str], ...] = ()
    # Of a word that the office added: the language of its text.
    language: str = ""

    @property
    def letter(self) -> str:
        """The letter under which it stands."""
        return fold(self.name)[:1].upper()


def entries(office: Office, added: Iterable[OfficeTerm] = ()) -> list[Entry]:
    """All terms and those that the office `added`, in the order of their names."""
    settings = office_settings(office)
    found = [_entry(term, settings) for term in TERMS]
    found += [
        Entry(f"added-{term.pk}", term.name, term.definition, "", language=term.language)
        for term in added
    ]
    return sorted(found, key=lambda entry: fold(entry.name))


def terms_of(office: Office, anchors: Iterable[str]) -> list[Entry]:
    """The terms that have these anchors, in their order."""
    settings = office_settings(office)
    return [_entry(_TERM[anchor], settings) for anchor in anchors]


def _entry(term: Term, settings: dict[str, str]) -> Entry:
    return Entry(
        anchor=term.anchor,
        name=str(term.name),
        definition=str(term.definition).format_map(settings),
        formula=str(term.formula).format_map(settings),
        see=tuple((anchor, str(_TERM[anchor].name)) for anchor in term.see),
    )


def office_settings(office: Office) -> dict[str, str]:
    """What definitions may name of the office, in words."""
    months = office.final_narrative_months
    return {
        "office": office.name,
        "currency": office.currency_label,
        "expenditure_due": _day(office.expenditure_due_day, office.expenditure_due_month),
        "narrative_due": _day(office.narrative_due_day, office.narrative_due_month),
        "consolidated_due": _day(office.consolidated_due_day, office.consolidated_due_month),
        "final_narrative": ngettext("%(count)d month", "%(count)d months", months)
        % {"count": months},
        "waived_balance": f"{office.currency_label}\u00a0{number_format(office.waived_balance, 0)}",
    }


def _day(day: int, month: int) -> str:
    """A day of every year, such as "30 April"."""
    name = date(2000, month, 1)
    return _("{day} {month}").format(day=day, month=date_format(name, "F"))


def letters(terms: Iterable[Entry]) -> list[tuple[str, str]]:
    """Letters with the anchor of their first term, which is empty where there is none."""
    first: dict[str, str] = {}
    for term in terms:
        first.setdefault(term.letter, term.anchor)
    return [(letter, first.get(letter, "")) for letter in sorted({*string.ascii_uppercase, *first})]
