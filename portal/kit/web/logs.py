"""What of Django's own log is kept."""

import logging

from django.http import HttpRequest
from django.urls import Resolver404, resolve

_NOTHING_THERE = frozenset({404, 410})


def page_of(request: HttpRequest) -> str:
    """The pattern of the request's address, for the address itself may be a name."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        # It was answered from what is kept, or refused, before anybody asked for it.
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return "no page"
    return f"/{match.route}"


class NothingThere(logging.Filter):
    """Leaves out addresses at which nothing is: they may be the name of what is withheld."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        return getattr(record, "status_code", None) not in _NOTHING_THERE


class PagesByPattern(logging.Filter):
    """Names the page of a request by its pattern: an address may name a person, or what is
    withheld or erased later. A log is read by more people than the database."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record is written."""
        request = getattr(record, "request", None)
        if request is None or not isinstance(record.args, tuple):
            return True
        path = request.path.encode("unicode_escape").decode("ascii")
        page = page_of(request)
        record.args = tuple(page if one == path else one for one in record.args)
        return True
