"""Where words for the next page wait: a cookie of this host alone, for longer ones the session."""

from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest
from django.utils.translation import gettext as _


class HostCookieStorage(CookieStorage):
    """The cookie, under a name that a browser takes from this very host only, over TLS."""

    cookie_name = "__Host-messages" if settings.HTTPS else "messages"


class MessageStorage(FallbackStorage):
    """The cookie first, as visitors have no session."""

    storage_classes = (HostCookieStorage, SessionStorage)


def keep_words(request: HttpRequest, *texts: str) -> None:
    """Show what somebody typed where the next page has no field for it any more."""
    for text in filter(None, texts):
        messages.warning(request, _("You wrote: %(note)s") % {"note": text})
