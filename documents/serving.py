"""Giving a file out: whole or a range of it, never to shared caches, never run by a browser.

In production the web server or the storage sends the bytes (`DOCUMENTS_SENT_BY`); who may have
them, and what stands in the headers, is decided here all the same.
"""

import re
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _

# Only what a browser shows without running anything.
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
SIGNED_SECONDS = 60  # an address that the storage answers lives no longer
PIECE = 1 << 16
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def send_file(
    request: HttpRequest, *, name: str, media_type: str, file_name: str, sha256: str, size: int
) -> HttpResponseBase:
    """The file kept under `name`, or 304, or the range that was asked for."""
    if settings.DOCUMENTS_SENT_BY == "storage" and request.method != "HEAD":
        return _signed(name, media_type, file_name)
    etag = quote_etag(sha256)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None or response.status_code == HttpResponse.status_code:
        response = _body(request, name, media_type, file_name, etag, size)
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Revalidated at each use and kept by nobody in between, so that a take-down is one.
    response["Cache-Control"] = "no-cache, private"
    return response


def disposition(media_type: str, file_name: str) -> str:
    """Shown in the browser where that runs nothing, else saved."""
    return content_disposition_header(media_type not in INLINE, file_name) or "attachment"


def _body(
    request: HttpRequest, name: str, media_type: str, file_name: str, etag: str, size: int
) -> HttpResponseBase:
    sender = settings.DOCUMENTS_SENT_BY
    if sender and sender != "storage":
        response: HttpResponseBase = HttpResponse(content_type=media_type)
        response["X-Accel-Redirect"] = sender.rstrip("/") + "/" + quote(name)
    else:
        response = _streamed(request, name, media_type, etag, size)
    response["Content-Disposition"] = disposition(media_type, file_name)
    return response


def _signed(name: str, media_type: str, file_name: str) -> HttpResponseBase:
    """To the storage itself; at its own address nothing is shown, only saved.

    The address is signed for GET, so HEAD is answered here. It bears no ETag: a browser that
    was told "not modified" would go on to an address that is over by then.
    """
    storage: Any = default_storage
    url = storage.url(
        name,
        parameters={
            "ResponseContentType": media_type,
            "ResponseContentDisposition": content_disposition_header(True, file_name),
            "ResponseCacheControl": "no-store, private",
        },
        expire=SIGNED_SECONDS,
    )
    response = HttpResponseRedirect(url)
    response["Cache-Control"] = "no-store, private"
    return response


def begins_download(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether this sends the beginning of a file: its later ranges are the same download."""
    if request.method != "GET" or response.status_code not in {200, 206, 302}:
        return False
    sent = response.headers.get("Content-Range", "")
    if settings.DOCUMENTS_SENT_BY:
        # Whoever sends the bytes in our place sees to the range that was asked for.
        sent = request.headers.get("Range", "").replace("=", " ")
    return sent.startswith("bytes 0-") if sent.startswith("bytes ") else True


def _streamed(
    request: HttpRequest, name: str, media_type: str, etag: str, size: int
) -> HttpResponseBase:
    first, last, is_part = _wanted(request, etag, size)
    if first > last:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    status = 206 if is_part else 200
    response: HttpResponseBase = HttpResponse(status=status, content_type=media_type)
    if request.method != "HEAD":
        try:
            file = default_storage.open(name)
        except OSError as error:
            raise Http404(_("The file is not where it was kept.")) from error
        response = StreamingHttpResponse(
            _pieces(file, first, last - first + 1), status=status, content_type=media_type
        )
        response._resource_closers.append(file.close)  # type: ignore[attr-defined]
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(last - first + 1)
    # As it is: a range of a packed stream would be a range of something else.
    response["Content-Encoding"] = "identity"
    if is_part:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _wanted(request: HttpRequest, etag: str, size: int) -> tuple[int, int, bool]:
    """First and last byte, and whether that is a part; several ranges give the whole."""
    match = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    valid_for = request.headers.get("If-Range", etag)
    if not match or valid_for != etag or match[0] == "bytes=-" or not size:
        return 0, size - 1, False
    if not match[1]:
        wanted = int(match[2])
        return (max(0, size - wanted), size - 1, True) if wanted else (1, 0, True)
    if match[2] and int(match[2]) < int(match[1]):
        return 0, size - 1, False
    return int(match[1]), min(int(match[2] or size), size - 1), True


def _pieces(file: IO[bytes], first: int, count: int) -> Iterator[bytes]:
    file.seek(first)
    while count > 0 and (piece := file.read(min(PIECE, count))):
        count -= len(piece)
        yield piece
