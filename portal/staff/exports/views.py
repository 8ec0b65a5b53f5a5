"""Staff's exports: voucher lines over any filter, at once or made in the background."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from finance.reports.voucher_lines import VoucherExportTable, VoucherLineFilter, export_lines
from portal.health.work import place_in_queue
from portal.health.worker_seen import said_of_worker
from portal.kit import formatting
from portal.kit.currency import told_in_base
from portal.kit.tables.parts import Parts
from portal.kit.views import TableView
from portal.kit.web.asked import refuse_unknown_names
from portal.models import Export
from portal.staff.access import crumbs
from portal.work.checks import make_voucher_export
from portal.work.exports import ask_for_export, known_of

# So many rows are made within a request (about a second); more go to the background.
AT_ONCE = 2000
RECENT = 10
_WAITS = (Export.State.WAITING, Export.State.MAKING)


class VoucherLineExports(TableView):
    """Voucher lines to look at, and to take out as a file."""

    title = _("Exports of voucher lines")
    intro = _(
        "Each line with its voucher, project, amounts, and the load, file and row it comes from."
    )
    file_name = "voucher-lines"
    template_name = "staff/exports.html"
    table_class = VoucherExportTable
    filterset_class = VoucherLineFilter
    takes_dates = False  # the filters have "as known on"

    def get_queryset(self) -> Any:
        return export_lines(known_of(self.request.GET))

    def get_sums(self) -> str:
        sums = self.rows.order_by().aggregate(
            total=Sum("base_amount"), left_out=Count("pk", filter=Q(base_amount=None))
        )
        parts = Parts(unconverted=sums["left_out"])
        if parts.hide(sums["total"]):
            return parts.words
        total = formatting.cents(sums["total"] or 0)
        told = told_in_base(gettext("%(currency)s %(total)s"), total=total)
        return f"{told}, {parts.words}" if parts.unconverted else told

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))

    def export(self, fmt: str) -> HttpResponseBase:
        """Small files at once; of larger ones the page says how they are made."""
        if self.table.rows_up_to(AT_ONCE) <= AT_ONCE:
            return super().export(fmt)
        messages.warning(
            self.request,
            gettext("So many rows are made in the background: choose Excel or CSV below."),
        )
        query = self.request.GET.copy()
        query.pop("format", None)
        return HttpResponseRedirect(f"{self.request.path}?{query.urlencode()}")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for a file of all lines that the filters find."""
        query = request.GET.copy()
        for name in ("page", "format"):
            query.pop(name, None)
        self.filterset = self.get_filterset()
        if refuse_unknown_names(request, self.get_names()):
            messages.error(request, " ".join(getattr(request, "unknown_names", ())))
            return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
        try:
            export = ask_for_export(
                owner=request.user, query=query, format=request.POST.get("format", "")
            )
        except ValidationError as error:
            of_format = "format" in getattr(error, "error_dict", ())
            said = gettext("Choose Excel or CSV.") if of_format else " ".join(error.messages)
            messages.error(request, said)
            return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
        make_voucher_export.enqueue(export.pk)
        return redirect(export)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # "As known on" is a field of the form here.
        kept = [(name, value) for name, value in context["kept"] if name not in {"as_of", "until"}]
        few = self.table.rows_up_to(AT_ONCE) <= AT_ONCE
        recent = list(Export.objects.filter(owner_id=self.request.user.pk)[:RECENT])
        waits = any(export.state in _WAITS for export in recent)
        return {
            **context,
            "kept": kept,
            "clear_url": "?",
            "as_of": None,
            "export_links": context["export_links"] if few else [],
            "query": "",
            "recent": recent,
            "worker": said_of_worker() if waits else "",
            "action": f"?{self.request.GET.urlencode()}",
        }


@never_cache
def export_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a file is, and the link to it."""
    export = get_object_or_404(Export, pk=pk)
    waiting = export.state in _WAITS
    words = gettext("%(done)s of %(rows)s rows") % {
        "done": formatting.figure(export.done), "rows": formatting.figure(export.rows),
    }  # fmt: skip
    context = {
        "title": gettext("Export of voucher lines"),
        "export": export,
        "waiting": waiting,
        "worker": said_of_worker() if waiting else "",
        "place": place_in_queue(make_voucher_export.module_path, export.pk) if waiting else "",
        "progress": [{"label": gettext("Written"), "text": words, "percent": export.percent}],
        "list_url": f"{reverse('staff-exports')}?{export.query}",
        "crumbs": crumbs(
            (VoucherLineExports.title, reverse("staff-exports")),
            (gettext("Export %(number)s") % {"number": export.pk}, ""),
        ),
    }
    response = render(request, "staff/export.html", context)
    if waiting:
        # Without script the page looks again by itself.
        response.headers["Refresh"] = "5"
    return response


@never_cache
def export_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file, for its owner and for staff, for a day."""
    export = get_object_or_404(Export, pk=pk)
    if not export.may_be_fetched_by(request.user) or not export.open_to_fetch:
        raise Http404
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=export.file_name)
