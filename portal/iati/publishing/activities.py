"""Projects and funds with their standing records as IATI 2.03 activities."""

import io
from collections.abc import Iterable, Iterator

from django.http import HttpResponse
from django.utils import timezone

from portal.iati.publishing.fund_activity import FundActivity
from portal.iati.publishing.material import Material
from portal.iati.publishing.own_activity import OwnActivity
from portal.iati.publishing.project_activity import ProjectActivity
from portal.iati.publishing.publisher import Publisher
from portal.iati.stated import StatedActivity
from portal.iati.writer import write_activities
from portal.kit.dates import TODAY, Known
from projects.models import Fund, Project


def iati_response(
    projects: Iterable[Project], known: Known, name: str, notice: str
) -> HttpResponse:
    """The projects as a download, as known then.

    `notice` marks sample data, inside and in the file's name.
    """
    out = io.BytesIO()
    write_activities(
        stated_activities(list(projects), known),
        out,
        generated=timezone.now(),
        comment=notice or None,
    )
    response = HttpResponse(out.getvalue(), content_type="application/xml; charset=utf-8")
    marked = f"SAMPLE-{name}" if notice else name
    response["Content-Disposition"] = f'attachment; filename="{marked}"'
    return response


def stated_activities(
    projects: list[Project], known: Known = TODAY, publisher: Publisher | None = None
) -> Iterator[StatedActivity]:
    """Projects as activities with their records known then and of money up to then.

    In a fixed number of queries for all of them.
    """
    publisher = publisher or Publisher.current()
    material = Material.of(projects, known)
    for project in projects:
        made = OwnActivity if material.is_own(project) else ProjectActivity
        yield made(project, material, publisher).activity()


def fund_activity(
    fund: Fund, known: Known = TODAY, publisher: Publisher | None = None
) -> StatedActivity | None:
    """The fund itself as the activity above its projects; None where nobody publishes as one.

    It has what contributors promised and paid to the fund as a whole.
    """
    publisher = publisher or Publisher.current()
    return FundActivity(fund, known, publisher).activity() if publisher.ref else None
