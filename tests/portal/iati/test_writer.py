"""What is written is valid, and reading it gives the same again."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from lxml import etree

from portal.iati import stated as st
from portal.iati.errors import IatiFileError
from portal.iati.reader import IatiFile, read_activities
from portal.iati.writer import write_activities
from tests.portal.iati.shared import REAL_FILES, real_file, shared_file, written

GENERATED = dt.datetime(2025, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


@cache
def schema() -> etree.XMLSchema:
    """Return the standard's schema."""
    return etree.XMLSchema(
        file=str(shared_file("iati/standard/schemas/iati-activities-schema.xsd"))
    )


def as_file(activities: Iterable[st.StatedActivity], comment: str | None = None) -> bytes:
    """Write the activities into memory."""
    out = io.BytesIO()
    write_activities(activities, out, generated=GENERATED, comment=comment)
    return out.getvalue()


def read_back(content: bytes) -> list[st.StatedActivity]:
    """Read a file from memory."""
    with tempfile.TemporaryDirectory() as folder:
        return list(read_activities(written(Path(folder), content)))


def complaints(content: bytes) -> list[str]:
    """Return what the schema finds wrong."""
    schema().validate(etree.fromstring(content))
    return [f"{error.line}: {error.message}" for error in schema().error_log]


@pytest.mark.parametrize("name", REAL_FILES)
def test_real_files_come_back_equal_and_valid(name: str) -> None:
    before = list(read_activities(real_file(name)))
    content = as_file(before)
    after = read_back(content)
    assert after == before
    for one, other in zip(before, after, strict=True):
        for left, right in zip(one.transactions, other.transactions, strict=True):
            assert str(left.value.amount) == str(right.value.amount)
    assert not any(activity.unplaced for activity in after)
    assert complaints(content) == []


def test_the_standards_example_comes_back_equal_and_valid() -> None:
    path = shared_file(
        "iati/standard/examples/en/activity-standard/activity-standard-example-annotated.xml"
    )
    before = list(read_activities(path))
    content = as_file(before)
    assert read_back(content) == before
    assert complaints(content) == []


def letters(alphabet: some.SearchStrategy[str] | None = None) -> some.SearchStrategy[str]:
    """Text that survives: no blanks around or doubled, nothing unseen or that XML forbids."""
    signs = alphabet or some.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp"),
        exclude_characters=[chr(code) for code in range(0xFE00, 0xFE10)],
    )
    words = some.text(signs, min_size=1, max_size=8)
    return some.lists(words, min_size=1, max_size=3).map(" ".join)


NAMES = letters()
CODES = some.text("ABCXYZ0123456789-./", min_size=1, max_size=12)
MAYBE = some.just("") | CODES
DATES = some.dates(min_value=dt.date(1945, 1, 1), max_value=dt.date(2100, 1, 1))
TEXTS = some.dictionaries(some.sampled_from(["en", "fr", "pt-br"]), NAMES, max_size=3)
SOME_TEXT = some.dictionaries(some.sampled_from(["en", "fr"]), NAMES, min_size=1)
LONG_TEXT = some.dictionaries(
    some.sampled_from(["en", "fr"]),
    some.lists(NAMES, min_size=1, max_size=3).map("\n\n".join),
    min_size=1,
)
AMOUNTS = some.decimals(
    min_value=Decimal("-999999999999"), max_value=Decimal("999999999999"), places=6
) | some.decimals(min_value=-(10**14), max_value=10**14, places=2)
PERCENTAGES = some.none() | some.decimals(min_value=0, max_value=200, places=4)
URLS = some.text("abcxyz0123456789", min_size=1, max_size=8).map("https://example.org/{}".format)


def made(kind: type, **parts: some.SearchStrategy) -> some.SearchStrategy:
    """Build a dataclass of parts."""
    return some.builds(kind, **parts)


VALUES = made(
    st.StatedValue,
    amount=AMOUNTS,
    currency=some.none() | some.sampled_from(["USD", "EUR", "XAF"]),
    value_date=DATES,
)
ORGANIZATIONS = made(
    st.StatedOrganization,
    ref=CODES,
    type=MAYBE,
    role=some.just(""),
    names=TEXTS,
    activity_id=MAYBE,
)
PLACED = {"code": CODES, "vocabulary": MAYBE, "vocabulary_uri": some.just("") | URLS}
COUNTRIES = made(
    st.StatedCountry, code=some.sampled_from(["ML", "KE"]), percentage=PERCENTAGES, names=TEXTS
)
REGIONS = made(st.StatedRegion, **PLACED, percentage=PERCENTAGES, names=TEXTS)
SECTORS = made(st.StatedSector, **PLACED, percentage=PERCENTAGES, names=TEXTS)
WITHOUT_SHARE = {"percentage": some.none(), "names": TEXTS}


def several(strategy: some.SearchStrategy, most: int = 2) -> some.SearchStrategy[tuple]:
    """Return a few of a kind."""
    return some.lists(strategy, max_size=most).map(tuple)


TRANSACTIONS = made(
    st.StatedTransaction,
    type=some.sampled_from(["1", "2", "3", "4", "11", "99"]),
    date=DATES,
    value=VALUES,
    ref=MAYBE,
    humanitarian=some.none() | some.booleans(),
    description=some.just({}) | LONG_TEXT,
    provider=some.none() | ORGANIZATIONS,
    receiver=some.none() | ORGANIZATIONS,
    sectors=several(made(st.StatedSector, **PLACED, **WITHOUT_SHARE)),
    countries=several(
        made(st.StatedCountry, code=some.sampled_from(["ML", "KE"]), **WITHOUT_SHARE), 1
    ),
    regions=several(made(st.StatedRegion, **PLACED, **WITHOUT_SHARE), 1),
)
CONTACTS = made(
    st.StatedContact,
    type=CODES,
    organization=TEXTS,
    department=TEXTS,
    person=TEXTS,
    job_title=TEXTS,
    telephones=several(NAMES),
    emails=several(NAMES),
    websites=several(URLS),
    addresses=several(LONG_TEXT),
)
DOCUMENTS = made(
    st.StatedDocument,
    url=URLS,
    format=MAYBE,
    titles=TEXTS,
    descriptions=some.just({}) | LONG_TEXT,
    categories=several(CODES),
    languages=several(some.sampled_from(["en", "fr"])),
    document_date=some.none() | DATES,
)
ACTIVITIES = made(
    st.StatedActivity,
    identifier=NAMES,
    language=some.sampled_from(["", "en", "fr"]),
    default_currency=some.none(),
    hierarchy=some.integers(1, 9),
    humanitarian=some.none() | some.booleans(),
    last_updated=some.none() | some.just(GENERATED),
    reporting_org=made(st.StatedOrganization, ref=MAYBE, type=MAYBE, role=some.just(""),
                       names=TEXTS, activity_id=some.just("")),
    titles=TEXTS,
    descriptions=several(made(st.StatedDescription, type=MAYBE, texts=LONG_TEXT)),
    participating_orgs=several(made(st.StatedOrganization, ref=MAYBE, type=MAYBE,
                                    role=some.sampled_from("1234"), names=TEXTS,
                                    activity_id=MAYBE)),
    other_identifiers=several(made(st.StatedIdentifier, ref=CODES, type=MAYBE, owner_ref=MAYBE,
                                   owner_names=TEXTS)),
    status=MAYBE,
    dates=some.dictionaries(some.sampled_from("1234"), DATES, min_size=1),
    contacts=several(CONTACTS),
    countries=several(COUNTRIES),
    regions=several(REGIONS),
    sectors=several(SECTORS),
    budgets=several(made(st.StatedBudget, period_start=DATES, period_end=DATES, value=VALUES,
                         type=MAYBE, status=MAYBE)),
    transactions=several(TRANSACTIONS, 3),
    documents=several(DOCUMENTS),
    related_activities=several(made(st.StatedRelation, ref=CODES, type=MAYBE)),
    unplaced=some.builds(dict),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    some.lists(ACTIVITIES, max_size=3, min_size=1, unique_by=lambda one: one.identifier.casefold())
)
def test_any_activities_come_back_equal_and_valid(activities: list[st.StatedActivity]) -> None:
    content = as_file(activities)
    assert complaints(content) == []
    assert read_back(content) == activities


def test_an_activity_with_next_to_nothing_is_valid_and_stays_nothing() -> None:
    bare = st.StatedActivity(identifier="A-1", dates={"1": dt.date(2024, 1, 1)})
    content = as_file([bare])
    assert complaints(content) == []
    assert read_back(content) == [bare]


def test_the_currency_that_an_activity_gave_by_default_is_written_with_each_value() -> None:
    content = as_file(read_activities(real_file("one-currency.xml")))
    assert {value.get("currency") for value in etree.fromstring(content).iter("value")} == {"EUR"}


def test_a_missing_value_date_becomes_the_transactions_date() -> None:
    day = dt.date(2024, 5, 6)
    moved = st.StatedTransaction(
        type="3", date=day, value=st.StatedValue(amount=Decimal("1E+3"), currency="USD")
    )
    (activity,) = read_back(as_file([st.StatedActivity(identifier="A", transactions=(moved,))]))
    assert activity.transactions[0].value == st.StatedValue(
        amount=Decimal(1000), currency="USD", value_date=day
    )


def test_the_comment_stands_at_the_top_and_cannot_end_too_early() -> None:
    content = as_file([st.StatedActivity(identifier="A")], "SAMPLE DATA --> not real ---")
    assert content.splitlines()[1].startswith(b"<!-- SAMPLE DATA - -> not real - - -")
    assert [activity.identifier for activity in read_back(content)] == ["A"]


def test_the_header_tells_version_and_time(tmp_path: Path) -> None:
    path = written(tmp_path, as_file([st.StatedActivity(identifier="A")]))
    assert IatiFile(path).header == st.FileHeader(version="2.03", generated=GENERATED)


def test_characters_that_xml_forbids_are_left_out() -> None:
    activity = st.StatedActivity(
        identifier="A\x00\x1b1",
        titles={"en": "Bell\x07 \ufffe<&>\"' é \U0001f4a7 ]]>"},
        participating_orgs=(st.StatedOrganization(ref="X\x0b\ud800Y", role="4"),),
    )
    (back,) = read_back(as_file([activity]))
    assert back.identifier == "A1"
    assert back.titles == {"en": "Bell <&>\"' é \U0001f4a7 ]]>"}
    assert back.participating_orgs[0].ref == "XY"


def test_a_failing_source_leaves_a_file_that_nobody_takes_for_complete() -> None:
    def failing() -> Iterator[st.StatedActivity]:
        yield st.StatedActivity(identifier="A")
        raise RuntimeError("the database went away")

    out = io.BytesIO()
    with pytest.raises(RuntimeError):
        write_activities(failing(), out, generated=GENERATED)
    with pytest.raises(IatiFileError, match="ends too early"):
        read_back(out.getvalue())
