"""Addresses of things: those of a hundred rows are asked for by each page that lists them."""

from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse


def address(name: str, key: Any) -> str:
    """The address of this name of the thing with this key, in the language of the page."""
    return _address(name, key, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=4096)
def _address(name: str, key: Any, _prefix: str, _urlconf: Any) -> str:
    return reverse(name, args=[key])
