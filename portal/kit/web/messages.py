"""Where words for the next page wait: a cookie of this host alone, for longer ones the session."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """The cookie, under a name that a browser takes from this very host only, over TLS."""

    cookie_name = "__Host-messages" if settings.HTTPS else "messages"


class MessageStorage(FallbackStorage):
    """The cookie first, as visitors have no session."""

    storage_classes = (HostCookieStorage, SessionStorage)
