"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The roof: urls, home, factsheet, search, exchange."""

    name = "portal"
    verbose_name = _("Portal")
