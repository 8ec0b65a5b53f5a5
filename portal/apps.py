"""App configuration."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The roof: urls, home, factsheet, search, exchange."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Hear from Django and allauth who signs in, fails to, and changes how; look up quickly."""
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa
        from django.contrib.auth import signals as auth

        import portal.kit.web.deploy_checks  # noqa: F401 – registers its checks
        from portal.accounts import security_log
        from portal.accounts.second_factor import note_new_factor
        from portal.kit.language.active import look_up_quickly

        look_up_quickly()
        mfa.authenticator_added.connect(note_new_factor, dispatch_uid="portal.second_factor")
        heard: list[tuple[Any, Any]] = [
            (auth.user_logged_in, security_log.signed_in),
            (auth.user_logged_out, security_log.signed_out),
            (auth.user_login_failed, security_log.failed),
            (mfa.authentication_failed, security_log.factor_failed),
        ]
        for signal, what in (
            (account.password_changed, "password changed"),
            (account.password_set, "password set"),
            (account.password_reset, "password reset"),
            (mfa.authenticator_added, "second factor set up"),
            (mfa.authenticator_removed, "second factor removed"),
            (mfa.authenticator_reset, "recovery codes made anew"),
        ):
            heard.append((signal, security_log.account_changed(what)))
        for signal, receiver in heard:
            signal.connect(receiver, weak=False)
