"""What projects are about, where activities and a file state it: what is stated last counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from finance.loading.services import check_load, receive_load, release_load, reverse_load
from finance.models import Load, Source
from portal.iati.load import IatiLoad
from projects.models import ProjectSubject
from tests.factories import SourceFactory, UserFactory
from tests.portal.iati.test_load import iati

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    """The source of the files."""
    made = SourceFactory()
    assert isinstance(made, Source)
    return made


def activity(tmp_path: Path, sector: str, title: str) -> None:
    """Load an activity of this sector."""
    path = tmp_path / "file.xml"
    path.write_text(iati(title=title, extra=f'<sector code="{sector}"/>'))
    IatiLoad(path).run()


def listed(source: Source) -> Load:
    """A file that states another sector of its project, and a goal; checked."""
    content = ContentFile(b"project,sectors,goals\nXX-1,12220,6\n")
    return check_load(
        receive_load(source=source, kind="subjects", content=content, name="about.csv")
    )


def told() -> set[tuple[str, str]]:
    """Sectors and goals that stand."""
    rows = ProjectSubject.objects.filter(scheme__in=("sector", "goal"))
    return set(rows.values_list("scheme", "code"))


def test_the_same_file_again_restores_what_an_activity_replaced(
    tmp_path: Path, source: Source
) -> None:
    activity(tmp_path, "15170", "Wells")
    release_load(load=listed(source))
    assert told() == {("sector", "12220"), ("goal", "6")}
    activity(tmp_path, "15170", "Deep wells")
    assert told() == {("sector", "15170")}
    again = listed(source)
    assert (again.counts["changed"], again.counts["unchanged"]) == (1, 0)
    release_load(load=again)
    assert told() == {("sector", "12220"), ("goal", "6")}
    assert listed(source).counts["unchanged"] == 1


def test_a_reversal_of_that_file_gives_back_what_the_activity_states(
    tmp_path: Path, source: Source
) -> None:
    activity(tmp_path, "15110", "Wells")
    release_load(load=listed(source))
    activity(tmp_path, "15170", "Deep wells")
    again = release_load(load=listed(source))
    release_load(load=reverse_load(load=again, by=UserFactory(is_staff=True), reason="Wrong"))
    assert told() == {("sector", "15170")}


def test_the_same_file_again_is_unchanged_where_no_activity_spoke_since(
    tmp_path: Path, source: Source
) -> None:
    activity(tmp_path, "15170", "Wells")
    release_load(load=listed(source))
    activity(tmp_path, "15170", "Wells")
    ProjectSubject.objects.filter(scheme="goal").update(code="7")
    assert listed(source).counts["unchanged"] == 1
