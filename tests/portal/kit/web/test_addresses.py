"""The address of a thing is looked up once for each language, and leads on within it."""

from collections.abc import Iterator

import pytest
from django.urls import NoReverseMatch, get_script_prefix, set_script_prefix

from portal.kit.web.addresses import address


@pytest.fixture
def _prefix() -> Iterator[None]:
    before = get_script_prefix()
    yield
    set_script_prefix(before)


@pytest.mark.usefixtures("_prefix")
def test_an_address_leads_on_within_the_language_of_the_page() -> None:
    assert address("fund", "F 1") == "/fund/F%201/"
    set_script_prefix("/fr/")
    assert address("fund", "F 1") == "/fr/fund/F%201/"


def test_what_has_no_page_has_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        address("nothing", "F1")
