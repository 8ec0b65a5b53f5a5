"""Whatever is written into an address, a query or a form: no page fails."""

import itertools
import re

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.factories import UserFactory
from tests.portal.kit import reading
from tests.portal.withholding.test_walk import one_address_of_each
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db
NUL, LONG = "\0", "9" * 400
# By the kind of a part of an address: what may stand there that nobody means.
PARTS = {
    "int": ("0", "2147483648", "9223372036854775808", "9" * 40),
    "str": ("%00", "%ED%A0%80", LONG, "%F0%9F%92%A5'\"<"),
    "path": ("%00", "1/../%2e%2e", LONG, "%ED%A0%80/x"),
    "slug": ("x", LONG),
    "uuid": ("00000000-0000-0000-0000-000000000000",),
    "year": ("0000", "2024", "9999"),
}
VALUES = (NUL, LONG, "NaN", "٢٠٢٤")
_TURNS = itertools.count()
_NAMES = """
q year figure report_by fund organization state first second from to currency page sort kind what
about contributor country project number type theme status source date date_min date_max
amount_min amount_max report set load recipient id which o p e next
"""
_FIELDS = """
reason code load upload decision note title type languages document_date period email date
year_reported organization publish kind existing_source new_source complete amount project
description step on state format role fund valid_from valid_to first_name last_name password
message topic page figure nickname id which login oldpassword password1 password2 name token
action _selected_action index received_on waived_until credential passwordless next
"""
NAMES, FIELDS = _NAMES.split(), _FIELDS.split()


def forms():
    """Bodies of forms, each with the same value in all fields."""
    return [dict.fromkeys(FIELDS, value) for value in VALUES]


def failing(client, method, urls, bodies=(None,)):
    """Those of the addresses that fail with any of the bodies."""
    client.raise_request_exception = False
    failed = set()
    for url in urls:
        for body in bodies:
            answer = getattr(client, method)(url, body)
            reading.body(answer)
            if answer.status_code >= 500:
                failed.add((url[:120], str(body)[-60:], answer.status_code))
    return sorted(failed)


@pytest.fixture
def administrator():
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def _paths(resolver=None, prefix="/"):
    """The address of each pattern, with hostile parts, as many as its parts have kinds of.

    Django's own pages of one thing are the same for each model: that to change it is asked for with
    all of them, its others with one each, in turn.
    """
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from _paths(pattern, route)
        elif "(?P" not in route:
            kinds = re.findall(r"<(?:(\w+):)?\w+>", route)
            parts = [PARTS[kind or "str"] for kind in kinds]
            turns = range(max(map(len, parts), default=1))
            if route.startswith("/admin/") and "path" in kinds and "/change/" not in route:
                turns = [next(_TURNS) % len(turns)]
            for turn in turns:
                url = route
                for values in parts:
                    value = values[turn % len(values)].replace("\\", "\\\\")
                    url = re.sub(r"<[^>]+>", value, url, count=1)
                yield url


def test_no_address_fails_over_its_parts(administrator):
    urls = list(_paths())
    assert len(urls) > 400
    assert failing(administrator, "get", urls) == []


def test_no_public_page_fails_over_its_query(administrator):
    urls = one_address_of_each(World())
    assert len(urls) > 60
    queries = [dict.fromkeys(NAMES, value) for value in VALUES]
    queries += [{"as_of": value, "until": value} for value in VALUES[:2]]
    assert failing(administrator, "get", urls, queries) == []


def test_no_form_of_the_administration_fails(administrator):
    models = [model._meta for model in admin.site._registry]
    names = [f"admin:{meta.app_label}_{meta.model_name}" for meta in models]
    lists = [reverse(f"{name}_changelist") for name in names]
    assert failing(administrator, "post", lists, forms()) == []
    assert failing(administrator, "get", lists, [dict.fromkeys(NAMES, v) for v in VALUES]) == []
    assert failing(administrator, "post", [reverse(f"{name}_add") for name in names], forms()) == []


@pytest.mark.parametrize("key", ["1", "x", "0", "99999999999999999999"])
def test_the_way_from_the_administration_leads_to_pages_only(administrator, key):
    kinds = [*ContentType.objects.values_list("pk", flat=True), 10**30]
    assert failing(administrator, "get", [f"/admin/r/{kind}/{key}/" for kind in kinds]) == []


def test_a_field_with_nul_is_refused_and_no_page_knows_trace():
    assert Client().post("/feedback/", {"message": "a\0b"}).status_code == 400
    assert Client().trace("/").status_code == 405
    assert Client().generic("BREW", "/projects/").status_code == 405
