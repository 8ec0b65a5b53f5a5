"""Calendar feeds (iCalendar, RFC 5545) of what has still to be reported."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kit.files.about import sample_notice
from portal.models import ReportDue, ReportState
from portal.public.views.entities import get_by_code_or_404
from portal.public.views.factsheet import get_project_or_404
from portal.reporting.due_reports import reports_due, shown
from projects.models import Fund, Organization, Participation

NAMED = 30  # project numbers in the description of one entry
LINE = 75  # bytes, RFC 5545 §3.1
_LISTED = (ReportState.DUE, ReportState.EXTENDED, ReportState.LATE)


def project_calendar(request: HttpRequest, number: str) -> HttpResponse:
    """What is still to be reported on a project."""
    project = get_project_or_404(number)
    reports = shown(reports_due(projects=[project.pk]))
    return _calendar(request, str(project), reports, {"project": project.number})


def fund_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """What is still to be reported on a fund's projects."""
    fund = get_by_code_or_404(Fund.objects.all(), code)
    ids = fund.projects.values_list("pk", flat=True)
    return _calendar(request, str(fund), shown(reports_due(projects=ids)), {"fund": fund.code})


def organization_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """What an organization has still to report."""
    organization = get_by_code_or_404(Organization.objects.all(), code)
    parts = Participation.objects.participating().filter(organization=organization)
    reports = shown(reports_due(projects=parts.values_list("project", flat=True)))
    reports = reports.filter(organization=organization)
    return _calendar(request, str(organization), reports, {"organization": organization.code})


def _calendar(
    request: HttpRequest, name: str, reports: Iterable[ReportDue], query: dict[str, str]
) -> HttpResponse:
    title = _("Reports due: %(name)s") % {"name": name}
    if notice := sample_notice(request):
        title = f"{notice} {title}"
    groups: dict[tuple, list[ReportDue]] = defaultdict(list)
    for report in reports:
        if report.state in _LISTED:
            key = (report.due_on, report.kind, report.year, report.fund, report.organization)
            groups[key].append(report)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Pooled funds//Reports due//EN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(title)}", f"NAME:{_escaped(title)}"]
    for key in sorted(groups, key=lambda key: (*key[:3], key[3].pk, key[4].pk)):
        lines += _event(groups[key], query)
    lines.append("END:VCALENDAR")
    text = "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="reports-due.ics"'
    return response


def _event(reports: list[ReportDue], query: dict[str, str]) -> Iterator[str]:
    """One entry for all projects of a fund that one organization reports on alike."""
    first = reports[0]
    numbers = sorted(report.project.number for report in reports)
    who = first.organization.short_label
    what = f"{first.get_kind_display()} {first.year}, {who}"
    count = ngettext("%(count)s project", "%(count)s projects", len(reports))
    about = numbers[0] if len(numbers) == 1 else count % {"count": len(reports)}
    url = f"{settings.SITE_URL}{reverse('report-list')}?" + urlencode(
        {**query, "kind": first.kind, "year": str(first.year), "state": "open"}
    )
    # By ids: a digest of a name that is withheld later would let anybody try names out.
    known = f"{first.kind}:{first.year}:{first.fund_id}:{first.organization_id}:{[*query]}"
    if len(numbers) == 1:
        known += f":{first.project_id}"
    digest = hashlib.sha256(known.encode()).hexdigest()[:32]
    state = _("State: %(state)s") % {"state": first.get_state_display()}
    description = "\n".join([state, first.fund.name, ", ".join(numbers[:NAMED]), url])
    yield "BEGIN:VEVENT"
    yield f"UID:{digest}@{settings.SITE_URL.partition('://')[2]}"
    yield f"DTSTAMP:{timezone.localdate():%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{first.due_on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{first.due_on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(f'{what} ({about})')}"
    yield f"DESCRIPTION:{_escaped(description)}"
    yield f"URL:{url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: Any) -> str:
    """Text as a value: RFC 5545 §3.3.11."""
    for sign in ("\\", ";", ","):
        text = str(text).replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 bytes, no letter cut; later ones begin with a space."""
    piece, room = "", LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", LINE - 1
        piece, room = piece + letter, room - size
    yield piece
