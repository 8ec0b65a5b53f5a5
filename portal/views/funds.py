"""The page of a fund: its statement, who gave, who received, what was spent, its projects."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import Document
from finance.fund_figures import fund_sums
from finance.statements import Statement, last_year
from portal.kit.formatting import day
from portal.reporting.pages import report_section
from portal.views.nouns import ProjectsOf, coded
from portal.views.presets import preset_links
from portal.views.statements import unconverted
from projects.models import Fund, Project
from projects.models.projects import ProjectQuerySet


class FundPage(ProjectsOf):
    """A fund."""

    template_name = "funds/page.html"
    kicker = gettext_lazy("Fund")
    list_title = gettext_lazy("Funds")
    list_url = "fund-list"
    url_name = "fund"

    def get_noun(self, code: str) -> Fund:
        return coded(Fund.objects.all(), code)

    def get_projects(self) -> ProjectQuerySet:
        return Project.objects.filter(fund=self.noun)

    def get_facts(self) -> list[dict[str, Any]]:
        fund = self.noun
        return [
            {"label": _("Fund code"), "value": fund.code, "term": "fund"},
            {"label": _("Start"), "value": day(fund.started_on) if fund.started_on else ""},
            {"label": _("End"), "value": day(fund.ends_on) if fund.ends_on else ""},
        ]

    def get_statement(self) -> Statement:
        """Sources and uses of the last year with money."""
        sums = fund_sums(self.ask, self.noun.pk)
        return Statement(sums, last_year(self.ask, sums.years()), self.noun.get_absolute_url())

    def get_common_context(self) -> dict[str, Any]:
        documents = Document.objects.public().filter(fund=self.noun).for_listing()[:5]
        return {
            **super().get_common_context(),
            "statement": self.get_statement().table(),
            "statement_url": reverse("fund-statement", args=[self.noun.code]),
            "unconverted": unconverted(fund_sums(self.ask, self.noun.pk)),
            "description": self.noun.description,
            "documents": documents,
            "presets": preset_links(fund=self.noun.code),
            "reports": report_section(
                self.ask,
                self.get_projects().values_list("pk", flat=True),
                by="fund",
                code=self.noun.code,
            ),
            "feed_url": reverse("fund-feed", args=[self.noun.code]),
            "compare_url": reverse("fund-compare", args=[self.noun.code]),
        }
