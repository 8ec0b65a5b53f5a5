"""A report that compares an organization's own IATI with ours, where the office made it public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.iati.comparing.showing import shown
from portal.models import IatiComparison
from projects.withheld import refuse_withheld


@require_safe
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """What differs, by project and year; none of an organization that is withheld."""
    reports = IatiComparison.objects.public().select_related("organization")
    one = get_object_or_404(reports, pk=pk)
    refuse_withheld(kind="organization", target_id=one.organization_id)
    title = _("Own IATI of %(organization)s") % {"organization": one.organization}
    context = {
        "title": title,
        "crumbs": [
            {"label": _("Home"), "url": reverse("home")},
            {"label": str(one.organization), "url": one.organization.get_absolute_url()},
            {"label": title},
        ],
        "report": one,
        **shown(one),
    }
    return render(request, "pages/iati_comparison.html", context)
