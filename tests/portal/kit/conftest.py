"""Requests as the kit gets them, and its templates without the site around them."""

import pytest
from django.test import RequestFactory

from tests.portal.kit.sample_table import office


@pytest.fixture
def get():
    """Makes a GET request with an office."""

    def make(path="/projects/", *, sample=False, **query):
        request = RequestFactory().get(path, query)
        request.office = office(sample=sample)
        return request

    return make


@pytest.fixture
def site(settings, client):
    """The small site of kit_site.py, in the frame of every page."""
    settings.ROOT_URLCONF = "tests.portal.kit.kit_site"
    settings.SITE_URL = "https://portal.example.org"
    return client
