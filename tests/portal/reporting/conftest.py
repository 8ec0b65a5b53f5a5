"""A project that was paid, and words for what arrives about it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from documents.models import Document, DocumentType
from finance.loading.scopes import Scope
from finance.loading.services import check_load, receive_load, release_load
from finance.models import Load
from portal.kit.dates import TODAY, Known, end_of
from portal.kit.function_table import called
from portal.models import ReportDue
from portal.reporting.due_reports import reports_due, to_work_out
from portal.reporting.kept_reports import keep_reports
from projects.models import Office, Project
from tests.factories import (
    DocumentFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    released,
    transfer,
)

HEAD = "project,organization,type,period,received_on,extended_to,exempt,reason"


@pytest.fixture(autouse=True)
def _office(db: None) -> None:
    Office.objects.update_or_create(pk=1, defaults={"four_eyes": False})


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Sets the day on which the pages are read."""

    def at(day: date) -> None:
        of = timezone.localdate
        monkeypatch.setattr(
            "portal.kit.dates.timezone.localdate",
            lambda value=None, **how: of(value, **how) if value else day,
        )

    at(date(2023, 6, 1))
    return at


@pytest.fixture
def project(today: Callable[[date], None]) -> Project:
    """Paid from September 2021 on, by one organization."""
    project = ProjectFactory(number="P1", fund__code="F1", status="on-going")
    part = ParticipationFactory(project=project, organization=OrganizationFactory(code="UNDP"))
    released(transfer(project, 1000, date(2021, 9, 1), organization_id=part.organization_id))
    # From here on what changes has to be noticed.
    keep_reports()
    return project


@pytest.fixture
def stated(db: None) -> Callable[..., Load]:
    """Releases a file of the register of reports, one text for each row."""
    source = SourceFactory(code="register")

    def release(
        *rows: str,
        head: str = HEAD,
        kind: str = "reports-received",
        received: date | None = None,
        moment: datetime | None = None,
        **how: Any,
    ) -> Load:
        how.setdefault("scope", Scope())
        load = receive_load(
            source=how.pop("source", source),
            kind=kind,
            content=ContentFile("\n".join([head, *rows]).encode()),
            name="register.csv",
            received_at=at_noon(received) if received else None,
            **how,
        )
        load = check_load(load)
        assert load.state == "checked", list(load.remarks.all())
        load.acknowledged = [r.code for r in load.remarks.all()]
        load.withdrawal_confirmed_by = UserFactory()
        load.save(update_fields=["acknowledged", "withdrawal_confirmed_by"])
        return release_load(load=load, moment=at_noon(moment) if moment else None)

    return release


@pytest.fixture
def paper() -> Callable[..., Document]:
    """A document of a type that arrived on a day."""

    def make(project: Project, type: str, day: date, **values: Any) -> Document:
        kind = DocumentType.objects.get(code=type)
        made = DocumentFactory(project=project, type=kind, **values)
        Document.objects.filter(pk=made.pk).update(added_at=at_noon(day))
        return made

    return make


@pytest.fixture
def due() -> Callable[..., dict[tuple[str, int], tuple[str, int | None, date | None]]]:
    """(kind, year) → (state, days late, received on) of a project, perhaps of a past day."""

    def read(
        project: Project, as_of: str | None = None
    ) -> dict[tuple[str, int], tuple[str, int | None, date | None]]:
        known = Known(end_of(date.fromisoformat(as_of))) if as_of else TODAY
        found: dict[tuple[str, int], tuple[str, int | None, date | None]] = {
            (r.kind, r.year): (r.state, r.days_late, r.received_on)
            for r in reports_due(known, [project.pk])
        }
        if known == TODAY:
            kept_as_worked_out()
        return found

    return read


def kept_as_worked_out() -> None:
    """What is read of today is what is worked out, before it is kept and after."""
    fresh = called(ReportDue, ("timestamptz", None), ("date", TODAY.day), ("bigint[]", None))
    rows = sorted(fresh.values_list())
    assert sorted(reports_due().values_list()) == rows
    keep_reports()
    assert not to_work_out(TODAY.day).exists()
    assert sorted(reports_due().values_list()) == rows


def at_noon(day: date) -> datetime:
    """Noon of a day, UTC."""
    return datetime.combine(day, time(12), UTC)
