"""A filter by one of many things: a select of few, a text field for many."""

import django_filters
import pytest
from lxml import html

from portal.kit.filters import described_filters, wrong_filters
from portal.kit.named_choice import NamedChoiceFilter
from projects.models import Country

pytestmark = pytest.mark.django_db


class Filter(django_filters.FilterSet):
    """Countries by one of them."""

    country = NamedChoiceFilter(
        queryset=Country.objects.all(), to_field_name="code", field_name="pk", empty_label="any",
        method="by_country", label="Country",
    )  # fmt: skip

    def by_country(self, rows, _name, value):
        """That one."""
        return rows.filter(pk=value.pk)


@pytest.fixture(autouse=True)
def countries(monkeypatch):
    monkeypatch.setattr("portal.kit.named_choice.MOST", 3)
    Country.objects.all().delete()
    for code, name in (("ML", "Mali"), ("MW", "Malawi"), ("CI", "Côte d’Ivoire")):
        Country.objects.create(code=code, name=name)


def one_more():
    Country.objects.create(code="NE", name="Niger")


def asked(value):
    return Filter({"country": value}, queryset=Country.objects.all())


def drawn(value=""):
    return html.fromstring(str(asked(value).form["country"]))


def test_few_are_a_select():
    select = drawn("ML")
    assert select.tag == "select"
    assert select.xpath("option/@value") == ["", "CI", "MW", "ML"]
    assert select.xpath("option[@selected]/@value") == ["ML"]


def test_many_are_a_text_field(django_assert_num_queries):
    one_more()
    with django_assert_num_queries(1):
        drawn()
    field = drawn("mali")
    assert (field.tag, field.get("type"), field.get("value")) == ("input", "text", "mali")
    assert field.get("name") == "country"
    assert field.get("id") == "id_country"
    assert field.get("placeholder") == "Code or name"


@pytest.mark.parametrize(
    ("value", "found"),
    [("ML", ["Mali"]), ("ml", ["Mali"]), ("mali", ["Mali"]), (" COTE ", ["Côte d’Ivoire"]),
     ("", ["Côte d’Ivoire", "Malawi", "Mali", "Niger"])],
)  # fmt: skip
def test_a_code_or_words_of_a_name_find_it(value, found):
    one_more()
    by = asked(value)
    assert wrong_filters(by) == []
    assert [country.name for country in by.qs] == found
    if value:
        assert described_filters(by) == [("Country", found[0])]


@pytest.mark.parametrize(
    ("value", "words"),
    [("mal", "MW Malawi; ML Mali"), ("nowhere", "Nothing has this code or name.")],
)
def test_what_means_none_or_several_is_told(value, words):
    one_more()
    (wrong,) = wrong_filters(asked(value))
    assert words in wrong
