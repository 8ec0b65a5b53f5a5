"""Mending a file in the browser: names by one rule, cells one by one, rows left out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from finance.errors import LoadError
from finance.loading.services import mend_load
from finance.models import Load, LoadRemark, Mend
from portal.staff.access import ENTER, crumbs, load_or_404, load_url, staff_only
from portal.staff.loads.iati_mending import mend_iati
from portal.staff.loads.mend_form import MendForm
from portal.staff.loads.mendable import hold_as_found, keep_typed, mendable
from portal.staff.loads.new_organizations import create_organizations
from portal.staff.loads.repeated import repeated_values
from portal.work.checks import check
from projects.signed_in import signed_in

CELLS_AT_ONCE = 50
NAMES_AT_ONCE = 500


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER)
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """All that can be mended of a load, on one page; then it is checked again."""
    load = load_or_404(pk)
    if not mendable(load):
        messages.error(request, _("Nothing of this load can be mended here."))
        keep_typed(request)
        return redirect(load_url(load))
    if load.kind == Load.Kind.IATI:
        return mend_iati(request, load)
    remarks = load.remarks.filter(line__isnull=False)
    errors = remarks.filter(severity=LoadRemark.Severity.ERROR)
    unknown = list(errors.filter(code="unknown").order_by("column", "value", "pk"))
    names, further = unknown[:NAMES_AT_ONCE], unknown[NAMES_AT_ONCE:]
    repeated = repeated_values(load)
    others = remarks.exclude(code="unknown", severity=LoadRemark.Severity.ERROR)
    others = others.exclude(pk__in=[pk for one in repeated for pk in one.remarks])
    page = Paginator(others.order_by("severity", "line", "pk"), CELLS_AT_ONCE).get_page(
        request.GET.get("page")
    )
    sent = request.POST if request.method == "POST" else None
    cells = list(page.object_list)
    form = MendForm(sent, load=load, names=names, cells=cells, further=further, repeated=repeated)
    if sent is not None and form.is_valid() and _mended(form, load, request):
        return redirect(load_url(load))
    if sent is not None:
        keep_typed(request, form.fields)
    context = {
        "load": load,
        "title": _("Mend the file"),
        "form": form,
        "page_obj": page,
        "paginator": page.paginator,
        "page_numbers": page.paginator.get_elided_page_range(page.number),
        "crumbs": crumbs((load.file_name, load_url(load)), (_("Mend the file"), "")),
    }
    return render(request, "staff/mend.html", context)


def _mended(form: MendForm, load: Load, request: HttpRequest) -> bool:
    by = signed_in(request)
    try:
        with transaction.atomic():
            hold_as_found(load)
            mends = form.mends()
            created = create_organizations({name: kind for _c, name, kind in form.to_create()})
            for column, name, _kind in form.to_create():
                code = created[name].code
                mends.append(Mend(what=Mend.What.CREATED, column=column, old=name, new=code))
                mends.append(Mend(what=Mend.What.RULE, column=column, old=name, new=code))
            mend_load(load=load, mends=mends, by=by)
    except (LoadError, ValidationError) as error:
        said = error.messages if isinstance(error, ValidationError) else [str(error)]
        for text in said:
            form.add_error(None, text)
        return False
    check.enqueue(load.pk)
    messages.success(request, _("Kept. The file is being checked again with what you mended."))
    return True
