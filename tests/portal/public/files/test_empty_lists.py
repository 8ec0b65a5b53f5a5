"""Lists of a portal that has nothing yet, in every format: each is answered."""

import re

import pytest

from tests.portal.public.files.tables import TABLES

pytestmark = pytest.mark.django_db
# Those that are not of one thing.
LISTS = [page for page in TABLES if not re.search(r"[A-Z0-9{]", page)]


@pytest.mark.parametrize("page", LISTS)
def test_a_list_of_nothing_is_answered_in_every_format(client, page):
    for form in ("csv", "json", "xlsx", "print", "pdf"):
        answer = client.get(f"{page}format={form}")
        assert (form, answer.status_code) == (form, 200)
        assert b"".join(answer) if answer.streaming else answer.content
