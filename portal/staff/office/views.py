"""The page of the office's settings; as long as they were never saved, it is the first-run page."""

import pghistory
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.staff.access import OFFICE, RELEASE, crumbs, staff_only
from portal.staff.history import changes
from portal.staff.office.forms import OfficeForm
from projects.models import Office, User
from projects.signed_in import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(OFFICE)
def office(request: HttpRequest) -> HttpResponse:
    """Show the settings, and save them."""
    found, _made = Office.objects.get_or_create(pk=1)
    is_first = found.set_up_at is None
    form = OfficeForm(request.POST or None, request.FILES or None, instance=found)
    if request.method == "POST" and form.is_valid():
        save(form, by=signed_in(request))
        messages.success(request, _("Saved."))
        return redirect("staff" if is_first else "staff-office")
    title = _("Set up this portal") if is_first else _("Settings of the office")
    context = {
        "title": title,
        "crumbs": crumbs((title, "")),
        "form": form,
        "is_first": is_first,
        "is_alone": is_alone(),
        "changes": changes(found, aside=("set_up_at",)),
    }
    return render(request, "staff/office.html", context)


@transaction.atomic
def save(form: OfficeForm, *, by: User) -> None:
    """Keep the settings; their history says who changed them."""
    office: Office = form.instance
    office.set_up_at = office.set_up_at or timezone.now()
    with pghistory.context(user=by.pk):
        form.save()


def is_alone() -> bool:
    """Whether one person or nobody may release, so that four eyes would stop everything."""
    people = User.objects.filter(is_active=True, is_staff=True)
    return sum(person.has_perm(RELEASE) for person in people[:100]) < 2
