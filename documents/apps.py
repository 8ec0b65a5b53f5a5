"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Documents, their versions, and who may keep them."""

    name = "documents"
    verbose_name = _("Documents")
