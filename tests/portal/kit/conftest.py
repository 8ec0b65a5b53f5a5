"""Requests as the kit gets them, and its templates without the site around them."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import Settings

from tests.portal.kit.sample_table import office


@pytest.fixture
def get() -> Callable[..., HttpRequest]:
    """Makes a GET request with an office."""

    def make(path: str = "/projects/", *, sample: bool = False, **query: str) -> HttpRequest:
        request = RequestFactory().get(path, query)
        # As the middleware does it.
        request.office = office(sample=sample)  # type: ignore[attr-defined]
        return request

    return make


@pytest.fixture
def site(settings: Settings, client: Client) -> Client:
    """The small site of kit_site.py, in the frame of every page."""
    settings.ROOT_URLCONF = "tests.portal.kit.kit_site"
    settings.SITE_URL = "https://portal.example.org"
    return client
