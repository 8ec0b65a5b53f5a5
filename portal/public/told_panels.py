"""Panels of a factsheet about what an IATI file told of the project beside its money."""

from django.utils.translation import gettext_lazy

from portal.iati.telling.panels import locations_panel, results_panel, subjects_panel
from portal.kit.panels import Panel

TOLD = (
    Panel(
        "subjects",
        gettext_lazy("What it is about"),
        "factsheet/subjects.html",
        lambda page: subjects_panel(page.told, page.money, page.subjects),
        folded=True,
    ),
    Panel(
        "results",
        gettext_lazy("Results"),
        "factsheet/results.html",
        lambda page: results_panel(page.told, page.project.language),
        folded=True,
    ),
    Panel(
        "locations",
        gettext_lazy("Locations"),
        "factsheet/locations.html",
        lambda page: locations_panel(page.project, page.told, page.hidden_places),
        folded=True,
    ),
)
