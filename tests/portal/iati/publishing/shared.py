"""What tests of our own IATI share: a small portfolio of an office that publishes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from lxml import etree

from portal.iati.publishing.activities import stated_activities
from portal.iati.publishing.files import write_files
from portal.iati.writer import activity_element
from projects.models import Office, Project

ORG_ID = "XM-DAC-99999"
GENERATED = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def publishing_office(**values: object) -> Office:
    """Give the office an identifier of its own."""
    office = Office.current()
    for name, value in {"iati_org_id": ORG_ID, "name": "Fund Office", **values}.items():
        setattr(office, name, value)
    office.save()
    return office


def published(project: Project) -> etree._Element:
    """The activity of a project as it is written."""
    [activity] = stated_activities([Project.objects.get(pk=project.pk)])
    return activity_element(activity)


def files_in(folder: Path) -> dict[str, etree._Element]:
    """Write all files; returns the roots by name."""
    made = write_files(folder, GENERATED)
    return {one.name: etree.parse(one.path).getroot() for one in made}
