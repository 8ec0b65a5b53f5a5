"""In which language a page is, by its address: below /fr/ each page is French for whoever asks.

An address without a language is answered in the one that the browser asks for, as far as it is
offered; its links then lead on within that language. So a choice is kept by addresses alone: no
cookie, nothing that a cache in front would have to know. The language is taken off the path and
put before each address that `reverse` gives, so that nothing else has to know of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


class LanguageMiddleware:
    """Placed before all that looks at the path of an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What is streamed goes on in the language; all else is put back as it was."""
        before = get_script_prefix(), translation.get_language()
        code, path = _parted(request.path_info)
        if code and not path:
            return HttpResponseRedirect(f"{request.path}/")
        request.path_info = path
        request.asked_language = code  # type: ignore[attr-defined]
        speak(request, code or _preferred(request))
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        if not code:
            patch_vary_headers(response, ("Accept-Language",))
        if response.streaming:
            response._resource_closers.append(  # type: ignore[attr-defined]
                lambda: _put_back(*before)
            )
        else:
            _put_back(*before)
        return response


def _parted(path: str) -> tuple[str, str]:
    """The language that an address names, or "", and the address without it."""
    first, slash, rest = path[1:].partition("/")
    if first in dict(settings.LANGUAGES):
        return first, f"{slash}{rest}"
    return "", path


def without_language(path: str) -> str:
    """The address of a page whatever its language."""
    return _parted(path)[1] or "/"


def _preferred(request: HttpRequest) -> str:
    """The first language of the browser's that the portal has."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def speak(request: HttpRequest, code: str, default: str = "") -> None:
    """Use the language from here on; addresses lead on within it, unless they do so anyway."""
    translation.activate(code)
    request.LANGUAGE_CODE = code
    is_other = code != (default or settings.LANGUAGE_CODE)
    named = is_other or bool(getattr(request, "asked_language", ""))
    base = str(request.META.get("SCRIPT_NAME", "")).rstrip("/")
    set_script_prefix(f"{base}/{code}/" if named else f"{base}/")


def _put_back(prefix: str, language: str | None) -> None:
    set_script_prefix(prefix)
    if language:
        translation.activate(language)
    else:
        translation.deactivate_all()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Words and addresses of the language, where no request asks: in mails and files."""
    before = get_script_prefix()
    with translation.override(code):
        set_script_prefix("/" if code == settings.LANGUAGE_CODE else f"/{code}/")
        try:
            yield
        finally:
            set_script_prefix(before)


def language_for(reader: Any, office: Any) -> str:
    """The language of whoever reads a mail: the one chosen, where the office offers it."""
    offered = [code for code, _name in offered_to_readers(office)]
    chosen = str(getattr(reader, "language", ""))
    return chosen if chosen in offered else default_of(offered)


def offered_to_readers(office: Any) -> list[tuple[str, str]]:
    """Code and own name of the languages that the office offers; with none chosen, all."""
    chosen = [(code, name) for code, name in settings.LANGUAGES if code in office.languages]
    return chosen or list(settings.LANGUAGES)


def keep_to_office(request: HttpRequest, office: Any) -> HttpResponse | None:
    """Speak none but the languages that the office offers; an address in another leads to them."""
    offered = [code for code, _name in offered_to_readers(office)]
    default = default_of(offered)
    code, is_named = str(request.LANGUAGE_CODE), bool(getattr(request, "asked_language", ""))
    if code not in offered and is_named:
        if request.method in ("GET", "HEAD"):
            base = str(request.META.get("SCRIPT_NAME", "")).rstrip("/")
            query = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(f"{base}{request.path_info}{'?' if query else ''}{query}")
        request.asked_language = ""  # type: ignore[attr-defined]
    speak(request, code if code in offered else default, default)
    return None


def default_of(offered: list[str]) -> str:
    """The language of whoever asks for none."""
    return settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in offered else offered[0]


def address_in(request: HttpRequest, code: str = "") -> str:
    """The path of the page in a language; without one the address that all languages share."""
    base = str(request.META.get("SCRIPT_NAME", "")).rstrip("/")
    return f"{base}/{code}{request.path_info}" if code else f"{base}{request.path_info}"
