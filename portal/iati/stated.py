"""What an IATI file states, as plain values: read from files and written to files.

Codes are text, as in the standard ("1", "A05"); a text that is absent is "". Line numbers
and the count of what found no place are about one file, so equality leaves them out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

Texts = dict[str, str]
"""One text by language, in the order of the file; the language may be "" (unknown)."""

VERSIONS = ("2.01", "2.02", "2.03")
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1", "2", "3", "4"


def text_in(texts: Texts, *languages: str) -> str:
    """Return the text in the first of `languages` that is there, else untagged, else any."""
    for language in (*languages, ""):
        if language in texts:
            return texts[language]
    return next(iter(texts.values()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHeader:
    """What the root element says about the whole file."""

    version: str
    generated: dt.datetime | None = None
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedValue:
    """An amount exactly as stated; the currency is the activity's default if not its own."""

    amount: Decimal
    currency: str | None = None
    value_date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedOrganization:
    """An organization in some part: reporting, participating, provider or receiver.

    `role` is set only for participating organizations; `activity_id` is the identifier of
    the organization's own activity, where one is named.
    """

    ref: str = ""
    type: str = ""
    role: str = ""
    names: Texts = field(default_factory=dict)
    activity_id: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDescription:
    """One description: 1 general, 2 objectives, 3 target groups, 4 other."""

    type: str = ""
    texts: Texts = field(default_factory=dict)
    line: int = field(default=0, compare=False, repr=False)


def narrative_in(descriptions: Iterable[StatedDescription], *languages: str) -> str:
    """All descriptions as one text, general ones first, each in the first of `languages`."""
    ordered = sorted(descriptions, key=lambda each: each.type or "1")
    texts = [text_in(each.texts, *languages) for each in ordered]
    return "\n\n".join(text for text in texts if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedContact:
    """Contact data as stated; whoever publishes it decides what may be shown."""

    type: str = ""
    organization: Texts = field(default_factory=dict)
    department: Texts = field(default_factory=dict)
    person: Texts = field(default_factory=dict)
    job_title: Texts = field(default_factory=dict)
    telephones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()
    addresses: tuple[Texts, ...] = ()
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedCountry:
    """A recipient country; a transaction's country has no percentage."""

    code: str
    percentage: Decimal | None = None
    names: Texts = field(default_factory=dict)
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRegion:
    """A recipient region; a transaction's region has no percentage."""

    code: str
    vocabulary: str = ""
    vocabulary_uri: str = ""
    percentage: Decimal | None = None
    names: Texts = field(default_factory=dict)
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedSector:
    """A sector; a transaction's sector has no percentage."""

    code: str
    vocabulary: str = ""
    vocabulary_uri: str = ""
    percentage: Decimal | None = None
    names: Texts = field(default_factory=dict)
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedIdentifier:
    """Another identifier of the activity, and whose it is."""

    ref: str
    type: str = ""
    owner_ref: str = ""
    owner_names: Texts = field(default_factory=dict)
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRelation:
    """A related activity: 1 parent, 2 child, 3 sibling, 4 co-funded, 5 third party."""

    ref: str
    type: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDocument:
    """A link to a document."""

    url: str
    format: str = ""
    titles: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    document_date: dt.date | None = None
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedBudget:
    """A budget of one period: type 1 original, 2 revised; status 1 indicative, 2 committed."""

    period_start: dt.date
    period_end: dt.date
    value: StatedValue
    type: str = ""
    status: str = ""
    line: int = field(default=0, compare=False, repr=False)


class StatedCode(NamedTuple):
    """One of a transaction's codes of channel, flow, finance, aid or tying."""

    tag: str
    code: str
    vocabulary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTransaction:
    """One movement of money; `type` is the code as stated, known to the standard or not."""

    type: str
    date: dt.date
    value: StatedValue
    ref: str = ""
    humanitarian: bool | None = None
    description: Texts = field(default_factory=dict)
    provider: StatedOrganization | None = None
    receiver: StatedOrganization | None = None
    sectors: tuple[StatedSector, ...] = ()
    countries: tuple[StatedCountry, ...] = ()
    regions: tuple[StatedRegion, ...] = ()
    codes: tuple[StatedCode, ...] = ()
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedActivity:
    """One activity, in the order of the standard.

    `dates` is keyed by the type's code, "1" planned start to "4" actual end. `unplaced`
    counts what the file says beyond these fields, by its path below the activity ("crs-add",
    "transaction/description/@x"). `described` has trees (`portal/iati/described.py`).
    """

    identifier: str
    language: str = ""
    default_currency: str | None = None
    hierarchy: int = 1
    humanitarian: bool | None = None
    last_updated: dt.datetime | None = None
    reporting_org: StatedOrganization = field(default_factory=StatedOrganization)
    titles: Texts = field(default_factory=dict)
    descriptions: tuple[StatedDescription, ...] = ()
    participating_orgs: tuple[StatedOrganization, ...] = ()
    other_identifiers: tuple[StatedIdentifier, ...] = ()
    status: str = ""
    dates: dict[str, dt.date] = field(default_factory=dict)
    contacts: tuple[StatedContact, ...] = ()
    countries: tuple[StatedCountry, ...] = ()
    regions: tuple[StatedRegion, ...] = ()
    sectors: tuple[StatedSector, ...] = ()
    budgets: tuple[StatedBudget, ...] = ()
    transactions: tuple[StatedTransaction, ...] = ()
    documents: tuple[StatedDocument, ...] = ()
    related_activities: tuple[StatedRelation, ...] = ()
    described: tuple[Any, ...] = ()
    unplaced: Counter[str] = field(default_factory=Counter, compare=False)
    line: int = field(default=0, compare=False, repr=False)
