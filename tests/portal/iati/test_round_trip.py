"""Load, export, load: the same records, in a portal that has them and in one that has not."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from finance.loading.services import release_load, reverse_load
from finance.models.record_kinds import MONEY_MODELS
from portal.iati.errors import IatiFileError
from portal.iati.load import IatiLoad, IatiReport
from portal.iati.mapping.records import RECORDS
from portal.iati.publishing.activities import stated_activities
from portal.iati.reader import read_activities
from portal.iati.stated import StatedActivity
from portal.iati.writer import write_activities
from portal.kit.dates import Known
from projects.models import Project
from tests.real_files import LARGE, SMALL

pytestmark = pytest.mark.django_db

# What a portal makes of a record, not what was said.
_OWN = frozenset(
    {
        *("id", "load", "source", "line", "fingerprint", "withdrawn_by", "restates", "salt"),
        *("voucher", "project", "fund", "organization", "contributor", "category", "iati"),
    }
)


def files() -> list[Path]:
    """Return the small files that always lie at hand, and the real and faulty ones if they do."""
    small = sorted((SMALL / "iati").glob("*.xml"))
    if not LARGE.is_dir():
        return small
    real = sorted((LARGE / "iati" / "real").rglob("*.xml"))
    return [*small, *real, *sorted((LARGE / "faults").glob("*.xml"))]


def records() -> Counter[tuple[str, ...]]:
    """Return all standing records as they were said, with the names of who is concerned."""
    found: Counter[tuple[str, ...]] = Counter()
    for name in RECORDS:
        model = MONEY_MODELS[name]
        columns = [f.name for f in model._meta.concrete_fields if f.name not in _OWN]
        party = "contributor" if name in {"deposit", "commitment"} else "organization"
        rows = model.objects.known_at().values_list(
            "project__number", "project__fund__code", f"{party}__name", *columns
        )
        found.update((name, *map(str, row)) for row in rows)
    return found


def exported(path: Path) -> Path:
    """Write all projects as a file."""
    with path.open("wb") as out:
        projects = list(Project.objects.order_by("pk").select_related("fund", "parent"))
        write_activities(
            stated_activities(projects), out, generated=dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
        )
    return path


def taken(path: Path) -> IatiReport:
    """Load a file, or skip one that is refused, as some of the faults are."""
    try:
        return IatiLoad(path).run()
    except IatiFileError as error:
        pytest.skip(f"refused, as it should be: {error}")


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_what_is_exported_gives_the_same_records_again(path: Path, tmp_path: Path) -> None:
    taken(path)
    before = records()
    first = exported(tmp_path / "export.xml")
    again = IatiLoad(first).run()
    changed = {name: n for name, n in again.records.items() if n and name != "unchanged"}
    assert changed == {}
    assert records() == before
    assert exported(tmp_path / "second.xml").read_bytes() == first.read_bytes()


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_what_is_exported_says_no_more_than_was_said(path: Path, tmp_path: Path) -> None:
    taken(path)
    said = {each.identifier: each for each in read_activities(path)}
    written = {each.identifier: each for each in read_activities(exported(tmp_path / "out.xml"))}
    assert written.keys() == said.keys()
    refs = {ref for activity in said.values() for ref in named(activity)}
    for number, activity in written.items():
        stated = said[number]
        assert named(activity) <= refs | {""}
        assert activity.hierarchy == stated.hierarchy
        assert activity.status == stated.status
        assert activity.humanitarian == stated.humanitarian
        assert activity.titles == stated.titles
        assert activity.descriptions == stated.descriptions
        assert activity.sectors == tuple(
            type(each)(**{n: getattr(each, n) for n in ("code", "vocabulary", "vocabulary_uri",
                                                        "percentage")})
            for each in stated.sectors
        )  # fmt: skip
        kinds = Counter((t.type, t.value.currency) for t in stated.transactions)
        assert Counter((t.type, t.value.currency) for t in activity.transactions) == kinds
        links = Counter(
            (d.url, d.categories, d.languages, d.format)
            for d in stated.documents
            if d.url.lower().startswith("http")
        )
        assert (
            Counter((d.url, d.categories, d.languages, d.format) for d in activity.documents)
            == links
        )


def named(activity: StatedActivity) -> set[str]:
    """Return the identifiers of organizations; they are the same whatever their case."""
    parties = [party for each in activity.transactions for party in (each.provider, each.receiver)]
    found = (activity.reporting_org, *activity.participating_orgs, *filter(None, parties))
    return {organization.ref.lower() for organization in found}


def test_an_amount_without_currency_is_exported_without_one(tmp_path: Path) -> None:
    IatiLoad(SMALL / "iati" / "no-currency.xml").run()
    tree = etree.parse(exported(tmp_path / "out.xml"))
    (activity,) = tree.findall("iati-activity")
    assert "default-currency" not in activity.attrib
    values = {each.text: each.get("currency") for each in activity.iterfind("transaction/value")}
    assert values == {"777": None, "5.5": "EUR"}
    notes = activity.xpath("transaction/comment()")
    assert [note.text.strip() for note in notes] == ["The currency was not stated."]


def test_a_reversed_load_is_not_what_the_export_goes_by(tmp_path: Path) -> None:
    original = SMALL / "iati" / "no-currency.xml"
    IatiLoad(original).run()
    changed = tmp_path / "changed.xml"
    changed.write_text(
        original.read_text(encoding="utf-8").replace('hierarchy="2"', 'hierarchy="3"'),
        encoding="utf-8",
    )
    load = IatiLoad(changed).run().load
    (project,) = Project.objects.select_related("fund", "parent")
    assert next(stated_activities([project])).hierarchy == 3
    release_load(load=reverse_load(load=load, by=None, reason="Wrong file"))
    assert next(stated_activities([project])).hierarchy == 2
    before = Known(load.released_at - dt.timedelta(microseconds=1))
    assert next(stated_activities([project], before)).hierarchy == 2
