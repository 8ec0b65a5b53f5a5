"""PDFs and workbooks of many rows: made by the worker, once for all who ask, and kept for a day.

A file is known by its address, its language and the version of all that pages show. So nobody gets
one that is out of date, and one that holds what was withheld since is asked for by nobody.
"""

import hashlib
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.cache import cache as shared
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from finance.loading.lock import lock_releases
from portal.about.pages import too_many
from portal.about.versions import current_version
from portal.health.work import place_in_queue
from portal.health.worker_seen import said_of_worker
from portal.kit.files.about import source_url
from portal.kit.files.exports import XLSX
from portal.kit.files.later import FOLDER, delete_page_files
from portal.kit.web.priorities import AWAITED_BY_VISITORS, LONG

KEPT = timedelta(days=1)
_KINDS = ("application/pdf", XLSX)
_FAILED_SECONDS = 300
_LOOK_SECONDS = 5
# More that nobody has begun would be waited for too long.
MOST_WAITING = 20


class NotDrawn(RuntimeError):
    """The page did not answer with a file."""


def file_or_progress(request: HttpRequest) -> HttpResponseBase:
    """The file, or the page that says it is being made; who comes first asks for it."""
    language, query = translation.get_language() or "", request.GET.urlencode()
    key = _key(request.path_info, query, language)
    found = shared.get(key)
    if found and found["state"] == "ready":
        try:
            file = default_storage.open(_name(key))
        except FileNotFoundError:
            found = None
            shared.delete(key)
        else:
            response = FileResponse(file, content_type=found["kind"])
            response.headers["Content-Disposition"] = found["disposition"]
            return response
    if found is None:
        waiting = DBTaskResult.objects.filter(
            task_path=make_page_file.module_path, status=TaskResultStatus.READY
        )
        if waiting.count() >= MOST_WAITING:
            return too_many()
        if shared.add(key, {"state": "waiting"}, KEPT.total_seconds()):
            make_page_file.enqueue(request.path_info, query, language, key)
    failed = bool(found) and found["state"] == "failed"
    asked = (request.path_info, query, language, key)
    place = "" if failed else place_in_queue(make_page_file.module_path, *asked)
    return _progress(request, failed=failed, place=place)


def _progress(request: HttpRequest, *, failed: bool, place: str) -> HttpResponse:
    is_pdf, page = request.GET.get("format") == "pdf", source_url(request)
    context = {
        "failed": failed,
        "place": place,
        "worker": "" if failed else said_of_worker(),
        "is_pdf": is_pdf,
        # A workbook lies below the page that it is of.
        "back_url": (page if is_pdf else urljoin(page, ".")).removeprefix(settings.SITE_URL),
    }
    response = render(request, "pages/file_later.html", context, status=202)
    response.headers["Cache-Control"] = "no-store"
    if not failed:
        # Without script the page looks again by itself.
        response.headers["Refresh"] = response.headers["Retry-After"] = str(_LOOK_SECONDS)
    return response


@task(priority=AWAITED_BY_VISITORS, queue_name=LONG)
def make_page_file(path: str, query: str, language: str, key: str) -> str:
    """Draw the file as anybody would get it, and keep it unless something changed meanwhile."""
    if default_storage.exists(_name(key)):
        return ""
    try:
        response = _drawn(path, query, language)
        with transaction.atomic():
            # Something may have been withheld meanwhile, which takes files away.
            lock_releases()
            if _key(path, query, language) != key:
                shared.delete(key)
                return "changed"
            default_storage.save(_name(key), ContentFile(_content(response)))
            ready = {
                "state": "ready",
                "kind": response["Content-Type"],
                "disposition": response["Content-Disposition"],
            }
            shared.set(key, ready, KEPT.total_seconds())
    except Exception:
        shared.set(key, {"state": "failed"}, _FAILED_SECONDS)
        raise
    return "ready"


def _drawn(path: str, query: str, language: str) -> HttpResponse:
    """The answer to a visitor who did not sign in. Raises NotDrawn."""
    site = urlsplit(settings.SITE_URL)
    request = WSGIRequest({
        "REQUEST_METHOD": "GET", "PATH_INFO": _path(path, language), "QUERY_STRING": query,
        "HTTP_HOST": site.netloc, "SERVER_NAME": site.hostname or "", "SERVER_PORT": "80",
        "wsgi.url_scheme": site.scheme, "HTTP_X_FORWARDED_PROTO": site.scheme,
        "HTTP_ACCEPT_LANGUAGE": language, "wsgi.input": BytesIO(),
    })  # fmt: skip
    request.in_background = True  # type: ignore[attr-defined]
    with translation.override(language), timezone.override(None):
        response: Any = _handler().get_response(request)
    if response.status_code != 200 or response["Content-Type"] not in _KINDS:
        raise NotDrawn(f"{path} answered {response.status_code}")
    return response


def _content(response: Any) -> bytes:
    """All of the answer; what it was read from is closed, without an end to the request."""
    try:
        return response.getvalue()
    finally:
        for close in getattr(response, "_resource_closers", ()):
            close()


def _path(path: str, language: str) -> str:
    """The address that names the language, but of the site's own."""
    return path if language in ("", settings.LANGUAGE_CODE) else f"/{language}{path}"


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _key(path: str, query: str, language: str) -> str:
    parts = (*current_version(), path, query, language)
    return f"page-file-{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"


def _name(key: str) -> str:
    return f"{FOLDER}/{key}"


def delete_old_page_files() -> int:
    """Delete those whose day is over; returns how many."""
    return delete_page_files(timezone.now() - KEPT)
