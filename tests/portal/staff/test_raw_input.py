"""No page of the staff's room fails over what is written into its address or form."""

from django.urls import reverse

from tests.portal.staff.test_permissions import GETS, POSTS, address, kept, people
from tests.portal.test_raw_input import NAMES, VALUES, failing, forms

__all__ = ["address", "kept", "people"]
_WITHHOLDING = ("staff-withholding", "staff-withhold")


def test_no_form_fails(as_, address):
    assert failing(as_("both"), "post", map(address, POSTS), forms()) == []


def test_no_page_fails_over_its_query(admin_client, address):
    urls = [*map(address, GETS), *map(reverse, _WITHHOLDING)]
    queries = [dict.fromkeys(NAMES, value) for value in VALUES]
    assert failing(admin_client, "get", urls, queries) == []
    queries = [{"kind": "project", "which": value, "id": value} for value in VALUES]
    assert failing(admin_client, "get", map(reverse, _WITHHOLDING), queries) == []


def test_a_reason_that_no_column_holds_is_refused_in_words(as_, address):
    url = address("staff-load-reverse")
    assert as_("chief").post(url, {"reason": "a\0b"}).status_code == 400
    answer = as_("chief").post(url, {"reason": "x" * 301}, follow=True)
    assert "at most 300 characters" in answer.content.decode()
