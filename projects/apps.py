"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """The entities: funds, themes, projects, organizations, countries, contacts."""

    name = "projects"
    verbose_name = _("Projects")
