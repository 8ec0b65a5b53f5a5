"""Places for what costs much to answer: so many at a time for one visitor, and so many in all.

A place is an advisory lock of the transaction in which the answer is read, so all processes on
all machines count together, also behind a pooler, and whatever ends the transaction frees it:
the end of the answer, a visitor who leaves, a process that is killed.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from portal.kit.dates import NAMES
from portal.kit.web.visitors import client_address

# With these in its address a page reads more than what is stored for it: dates, and a search.
_READING = (*NAMES, "q")
# Digits of the number of a page that lies near the beginning of a list.
_NEAR = 3
# Formats and endings of addresses that are written while they are sent.
_STREAMED = ("csv", "json")
_STREAMED_ENDINGS = (".zip", ".jsonl")
# Programs get a part of a list at a time, in any format.
_IN_PARTS = "/api/"
# Ranges of advisory locks: of visitors, of files, of pages.
_VISITORS, _FILES, _PAGES = 7_010_003, 7_010_004, 7_010_005
# A statement goes on only until it has found one free place of the visitor and one in all.
_TAKE = (
    "SELECT EXISTS (SELECT FROM generate_series(1, %s) AS n"
    " WHERE pg_try_advisory_xact_lock(%s, hashtext(%s || ' ' || n)))"
    " AND EXISTS (SELECT FROM generate_series(1, %s) AS n WHERE pg_try_advisory_xact_lock(%s, n))"
)
View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")


class NoPlaceFree(Exception):
    """As much is being answered at this moment as may be."""


def heavy(view: View) -> View:
    """A view that costs much even without dates and formats; a class states `is_heavy`."""
    view.is_heavy = True  # type: ignore[attr-defined]
    return view


def is_streamed(request: HttpRequest) -> bool:
    """Whether the answer is written while it is sent, in a transaction of its own."""
    is_format = request.GET.get("format") in _STREAMED
    if request.path_info.startswith(_IN_PARTS):
        return False
    return is_format or request.path_info.endswith(_STREAMED_ENDINGS)


def is_heavy(request: HttpRequest, view: Any) -> bool:
    """Whether the answer needs a place: files, past days, searches, what says so."""
    marked = getattr(getattr(view, "view_class", view), "is_heavy", False)
    # What lies before a far page is gone through too, unless it goes on from a row.
    page = request.GET.get("page", "")
    is_far = len(page) > _NEAR and "after" not in page and "before" not in page
    return marked or is_far or _is_file(request) or any(request.GET.get(name) for name in _READING)


def take_place(request: HttpRequest) -> None:
    """Take a place until the end of this transaction. Raises NoPlaceFree."""
    if not settings.HEAVY_PER_VISITOR or getattr(request, "in_background", False):
        return
    files = _is_file(request)
    in_all = settings.HEAVY_FILES if files else settings.HEAVY_PAGES
    kind = _FILES if files else _PAGES
    # One is always left for others.
    own = min(settings.HEAVY_PER_VISITOR, max(1, in_all - 1))
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [own, _VISITORS, f"{kind} {_visitor(request)}", in_all, kind])
        if not cursor.fetchone()[0]:
            raise NoPlaceFree


def bound_statements(*, of_one_moment: bool = False) -> None:
    """No statement of this transaction, which has read nothing yet, may take longer than pages may.

    `of_one_moment`: all of them read what stood when the first began.
    """
    bound = "SET LOCAL statement_timeout = %s"
    if of_one_moment:
        bound = f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; {bound}"
    with connection.cursor() as cursor:
        cursor.execute(bound, [f"{settings.READ_SECONDS}s"])


def in_own_transaction(request: HttpRequest, pieces: Iterable[T]) -> Iterator[T]:
    """The pieces, read in one transaction that holds a place from the first to the last.

    Cursors then need no connection of their own behind a pooler.
    """
    with transaction.atomic():
        bound_statements()
        take_place(request)
        try:
            yield from pieces
        except GeneratorExit:
            # Whoever asked has gone; nothing was written, so nothing is undone.
            return


def _is_file(request: HttpRequest) -> bool:
    asked = request.GET.get("format") or request.GET.get("picture")
    return bool(asked) or is_streamed(request)


def _visitor(request: HttpRequest) -> str:
    """Who is signed in, or the address: an office's people share one."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            return f"user {user.pk}"
    return client_address(request)
