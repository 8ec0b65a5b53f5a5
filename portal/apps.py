"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The roof: urls, home, factsheet, search, exchange."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Hear from allauth when somebody has set up a second factor."""
        from allauth.mfa.signals import authenticator_added

        from portal.accounts.second_factor import note_new_factor

        authenticator_added.connect(note_new_factor, dispatch_uid="portal.second_factor")
