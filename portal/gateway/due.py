"""The page of all reports that somebody still has to send."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.gateway.access import crumbs, keepers_only
from portal.models import OVERDUE
from portal.reporting.due_reports import shown
from portal.reporting.still_to_send import open_reports
from projects.signed_in import signed_in

ON_A_PAGE = 50


@require_safe
@keepers_only
def reports(request: HttpRequest) -> HttpResponse:
    """All reports that the person's organizations still have to send."""
    waiting = open_reports(signed_in(request))
    page = Paginator(shown(waiting), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Reports to send"),
        "due": page.object_list,
        "overdue": waiting.filter(state__in=OVERDUE).count(),
        "page_obj": page,
        "paginator": page.paginator,
        "page_numbers": page.paginator.get_elided_page_range(page.number),
        "crumbs": crumbs((_("Reports to send"), "")),
    }
    return render(request, "gateway/reports.html", context)
