"""What every file says of itself: title, filters, date, source, licence, and if it is a sample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from portal.kit import formatting
from portal.kit.dates import Dates, asked_dates, goes_by_dates
from portal.kit.safe import clean_text


def sample_notice(request: HttpRequest) -> str:
    """The words that mark invented data, or "" on a real office's portal."""
    return notice_of(getattr(request, "office", None))


def notice_of(office: Any) -> str:
    """The same, by the office."""
    if not getattr(office, "sample", False):
        return ""
    return gettext("Sample data – invented figures, not a real fund office")


def source_url(request: HttpRequest) -> str:
    """The public address of the page behind an export, with its filters."""
    return address_of(request.path, request.GET)


def address_of(path: str, query: QueryDict | None = None) -> str:
    """The public address of a page, with what its address asks for but format and page."""
    kept = QueryDict(mutable=True) if query is None else query.copy()
    for name in ("format", "page", "about", "picture"):
        kept.pop(name, None)
    address = settings.SITE_URL + path
    return f"{address}?{kept.urlencode()}" if kept else address


def warn_in_files(request: HttpRequest, *texts: str) -> None:
    """What the page warns of, for its files to say as well."""
    known = getattr(request, "warnings", ())
    request.warnings = (*known, *filter(None, texts))  # type: ignore[attr-defined]


def remarks_of_then(request: HttpRequest, dates: Dates) -> list[str]:
    """What on a page of a past day, and in its files, is not of that time, in words.

    `request.remark` is what the page itself has to say of it.
    """
    if not dates.as_of:
        return []
    begin = getattr(getattr(request, "office", None), "first_release", None)
    if begin is None or timezone.localdate(begin) > dates.as_of:
        when = (
            formatting.day(begin)
            if begin
            else gettext("a day to come: nothing has been published yet")
        )
        return [gettext("This portal’s memory begins on %(day)s.") % {"day": when}]
    if remark := getattr(request, "remark", ""):
        return [str(remark)]
    return [
        gettext(
            "Figures, documents, titles and status of projects are of that time, as far as "
            "records know it, and so are the funds and places of projects in lists, and the "
            "shares of countries in sums. Other names and texts are today’s, and so are themes, "
            "participants, and the funds by which sums and reports are grouped."
        )
    ]


def _warnings(request: HttpRequest, dates: Dates) -> tuple[str, ...]:
    """That, with what is not of the day asked for."""
    texts = [*dates.wrong, *remarks_of_then(request, dates), *getattr(request, "warnings", ())]
    return tuple(clean_text(text) for text in texts if text)


@dataclass(frozen=True)
class SealText:
    """The newest seal, as files print it: whoever keeps the file can check the chain by it."""

    number: int
    hash: str
    sealed_on: date

    @classmethod
    def of(cls, request: HttpRequest) -> SealText | None:
        """The seal that the site put on the request, if it knows any."""
        seal = getattr(request, "seal", None)
        if not seal:
            return None
        return cls(seal.number, seal.hash, timezone.localdate(seal.sealed_at))

    def __str__(self) -> str:
        return f"{self.number}, {self.hash[:16]}, {formatting.day(self.sealed_on)}"

    def as_json(self) -> dict[str, Any]:
        """The same for JSON, with the whole hash."""
        return {
            "number": self.number,
            "hash": self.hash,
            "sealed_on": self.sealed_on.isoformat(),
        }


@dataclass(frozen=True)
class About:
    """The description that goes into every export."""

    title: str
    filters: tuple[tuple[str, str], ...]
    as_of: date
    made_at: datetime
    source: str
    office: str
    licence: str
    licence_url: str
    notice: str
    seal: SealText | None = None
    warnings: tuple[str, ...] = ()
    # The dates in force as part of an address, for links to pages of then.
    dates: str = ""

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        title: Any,
        filters: Iterable[tuple[Any, Any]] = (),
        as_of: date | None = None,
    ) -> About:
        """Described now, for this request; dates in force are those that its page asked for."""
        dates = asked_dates(request) if goes_by_dates(request) else Dates()
        about = cls.by(
            getattr(request, "office", None),
            title,
            filters,
            as_of=as_of or dates.as_of,
            until=dates.until,
            source=source_url(request),
            seal=SealText.of(request),
        )
        return replace(about, warnings=_warnings(request, dates), dates=dates.query())

    @classmethod
    def by(
        cls,
        office: Any,
        title: Any,
        filters: Iterable[tuple[Any, Any]] = (),
        *,
        as_of: date | None = None,
        until: date | None = None,
        source: str,
        seal: SealText | None = None,
    ) -> About:
        """Described now, of the page at the address `source`, as published by an office."""
        lines = [(str(label), str(value)) for label, value in filters]
        if until:
            lines.append((gettext("Money up to"), formatting.day(until)))
        return cls(
            title=clean_text(str(title)),
            filters=tuple(lines),
            as_of=as_of or timezone.localdate(),
            made_at=datetime.now(UTC).replace(microsecond=0),
            source=source,
            office=str(getattr(office, "name", "") or ""),
            licence=str(getattr(office, "licence_name", "") or ""),
            licence_url=str(getattr(office, "licence_url", "") or ""),
            notice=notice_of(office),
            seal=seal,
        )

    @property
    def filter_text(self) -> str:
        """The filters in one line."""
        return "; ".join(f"{label}: {value}" for label, value in self.filters) or gettext("none")

    @property
    def licence_text(self) -> str:
        """The licence and where to read it."""
        return f"{self.licence} ({self.licence_url})" if self.licence_url else self.licence

    def lines(self) -> list[tuple[str, str]]:
        """Label and text, as written on the sheet “About” and above a print."""
        made = f"{formatting.day(self.made_at.date())}, {self.made_at:%H:%M} UTC"
        lines = [
            (gettext("Title"), self.title),
            (gettext("Published by"), self.office),
            (gettext("Filters"), self.filter_text),
            (gettext("As known on"), formatting.day(self.as_of)),
            (gettext("Made"), made),
            (gettext("Source"), self.source),
            (gettext("Licence"), self.licence_text),
            (gettext("Fingerprint"), str(self.seal or "")),
            *((gettext("Note"), text) for text in self.warnings),
        ]
        return [(label, text) for label, text in lines if text]

    def as_text(self) -> str:
        """The same as a file beside a CSV file: `&about=only` in its address."""
        return "".join(f"{label}: {text}\n" for label, text in self.lines())

    def as_comments(self) -> str:
        """The same as lines before a CSV file’s headings, by choice: `&about=yes`."""
        return "".join(f"# {' '.join(line.split())}\r\n" for line in self.as_text().splitlines())

    def links(self) -> str:
        """The header `Link` of a CSV file: licence, what describes it, the page behind it."""
        joined = "&" if "?" in self.source else "?"
        links = [
            f'<{self.source}{joined}format=csv&about=only>; rel="describedby"; type="text/plain"',
            f'<{self.source}>; rel="via"',
        ]
        if self.licence_url:
            links.insert(0, f'<{self.licence_url}>; rel="license"')
        return ", ".join(links)

    def as_json(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "title": self.title,
            "publisher": self.office,
            "filters": [{"label": label, "value": value} for label, value in self.filters],
            "as_of": self.as_of.isoformat(),
            "made_at": self.made_at.isoformat().replace("+00:00", "Z"),
            "source": self.source,
            "licence": self.licence,
            "licence_url": self.licence_url,
            "sample": bool(self.notice),
            "notice": self.notice,
            "notes": list(self.warnings),
            "seal": self.seal.as_json() if self.seal else None,
        }

    def file_name(self, name: str, extension: str) -> str:
        """SAMPLE-projects-2025-05-31.xlsx; only letters that every system accepts."""
        stem = slugify(name)[:80].strip("-") or "table"
        mark = "SAMPLE-" if self.notice else ""
        return f"{mark}{stem}-{self.as_of.isoformat()}.{extension}"
