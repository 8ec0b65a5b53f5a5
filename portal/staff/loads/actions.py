"""What the buttons on the page of a load do; each is one service."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from finance.errors import LoadError
from finance.loading import services
from finance.loading.content.seen import differs_from
from finance.models import Load
from portal.staff.access import ENTER, RELEASE, done, load_or_404, load_url, staff_only
from portal.staff.loads.detail import load_page
from portal.staff.loads.forms import ReversalForm
from portal.work.checks import check, is_being_released, release_iati, waits_in_vain
from projects.models import User
from projects.signed_in import signed_in


@require_POST
@staff_only(ENTER, RELEASE)
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has looked at the warnings of one kind."""
    load = load_or_404(pk)
    codes = set(services.open_warnings(load)).intersection(request.POST.getlist("code"))
    if not codes:
        why = _("These warnings were acknowledged already, or the file was checked again.")
        return done(request, load, _refuse(why), "")
    act = partial(services.acknowledge_warnings, load=load, codes=codes, by=signed_in(request))
    return done(request, load, act, _("Acknowledged."))


@require_POST
@staff_only(ENTER, RELEASE)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """So much is really to be withdrawn."""
    load = load_or_404(pk)
    act = partial(services.confirm_withdrawal, load=load, by=signed_in(request))
    return done(request, load, act, _("The withdrawal is confirmed."))


@require_POST
@staff_only(ENTER)
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the same file against what stands now."""
    load = load_or_404(pk)
    act = partial(check_anew, load)
    if load.waits_for_check and not waits_in_vain(load):
        act = partial(_refuse(_("Its check is under way already.")))
    return done(request, load, act, _("It is being checked again."))


def check_anew(load: Load, mapping: dict[str, Any] | None = None) -> None:
    """Put the load back to its check, and have that done in the background."""
    services.request_check(load=load, mapping=mapping)
    check.enqueue(load.pk)


@require_POST
@staff_only(ENTER, RELEASE)
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """It will never be released; file and remarks stay."""
    load = load_or_404(pk)
    act = partial(services.reject_load, load=load, by=signed_in(request))
    return done(request, load, act, _("Rejected; nothing of it was released."))


@require_POST
@staff_only(RELEASE)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it public, whole or not at all."""
    load = load_or_404(pk)
    seen = request.POST.get("seen", "")
    if load.kind == Load.Kind.IATI and load.is_of_a_file:
        later = partial(_release_later, load, signed_in(request), seen)
        return done(request, load, later, _("It is being released; this page tells when it is."))
    act = partial(services.release_load, load=load, by=signed_in(request), seen=seen)
    return done(request, load, act, _("Released: the public sees it now."))


@require_POST
@staff_only(RELEASE)
def reverse_load(request: HttpRequest, pk: int) -> HttpResponse:
    """A load that takes a released one back, to be released by itself."""
    load = load_or_404(pk)
    form = ReversalForm(request.POST)
    try:
        if not form.is_valid():
            raise LoadError(" ".join(map(str, form.errors["reason"])))
        reason = " ".join(form.cleaned_data["reason"].split())
        reversal = services.reverse_load(load=load, by=signed_in(request), reason=reason)
    except LoadError as error:
        messages.error(request, str(error))
        # Read anew: what stands in the way may have come since.
        return load_page(request, load_or_404(pk), request.POST.get("reason", ""))
    return redirect(load_url(reversal))


def _release_later(load: Load, by: User, seen: str) -> None:
    """A file of IATI is released in the background; what stands in the way is told at once."""
    if found := [*services.obstacles(load, by), *differs_from(load, seen)]:
        raise LoadError(" ".join(found))
    if not is_being_released(load):
        release_iati.enqueue(load.pk, by.pk, seen)


def _refuse(why: str) -> Callable[[], None]:
    def refuse() -> None:
        raise LoadError(why)

    return refuse
