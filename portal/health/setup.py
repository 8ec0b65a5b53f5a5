"""How the portal is set up: settings that fit together, and packages of the system."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.health.trouble import Check, Trouble
from projects.models import Office

_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-core"


def settings_fit() -> Iterator[Trouble]:
    """What Django and the portal's own deployment checks say of the settings."""
    for message in checks.run_checks(include_deployment_checks=True):
        if message.level >= checks.WARNING:
            yield Trouble(
                f"setting {message.id}", str(message.msg), str(message.hint or ""),
                grave=message.level >= checks.ERROR,
            )  # fmt: skip
    if Office.current().time_zone != settings.TIME_ZONE:
        yield Trouble(
            "time-zone",
            _("The office’s time zone is %(office)s, TIME_ZONE is %(setting)s.")
            % {"office": Office.current().time_zone, "setting": settings.TIME_ZONE},
            _("Give both the same, so that reminders go out on the office’s days."),
            grave=False,
        )
    if settings.SEAL_KEY_FILE and not os.access(settings.SEAL_KEY_FILE, os.R_OK):
        yield Trouble(
            "seal-key",
            _("The key of SEAL_KEY_FILE cannot be read: seals are not signed."),
            _("Let the user as whom workers run read it, and nobody else."),
        )


def packages_are_there() -> Iterator[Trouble]:
    """What PDFs need of the system."""
    try:
        import weasyprint  # noqa: F401 – it looks for the libraries as it is read
    except OSError as error:
        yield Trouble(
            "pdf",
            _("PDFs cannot be drawn: %(error)s") % {"error": str(error).splitlines()[0]},
            _("Install %(packages)s.") % {"packages": _PACKAGES},
        )
    has_fonts = any(Path(folder).exists() for folder in ("/usr/share/fonts/truetype/noto",))
    if not has_fonts and shutil.which("fc-list"):
        yield Trouble(
            "fonts",
            _("The Noto fonts are missing: PDFs show boxes for letters of many scripts."),
            _("Install %(packages)s.") % {"packages": "fonts-noto-core"},
            grave=False,
        )


def static_files_are_there() -> Iterator[Trouble]:
    """Pages find their style sheets."""
    manifest = getattr(staticfiles_storage, "manifest_name", "")
    if manifest and not settings.DEBUG and not (Path(settings.STATIC_ROOT) / manifest).exists():
        yield Trouble(
            "static",
            _("Static files were not collected: pages have no style."),
            _("Run manage.py collectstatic --noinput."),
        )


SETTINGS = Check("settings", gettext_lazy("Settings"), settings_fit)
PACKAGES = Check("packages", gettext_lazy("Packages of the system"), packages_are_there, asks=False)
STATIC = Check("static", gettext_lazy("Static files"), static_files_are_there, asks=False)
