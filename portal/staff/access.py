"""Who may enter the staff's room, and what happens after a button was pressed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from finance.errors import LoadError
from finance.models import Load
from projects.models import User

ENTER = "finance.add_load"
RELEASE = "finance.release_load"
OFFICE = "projects.change_office"


def staff_only(*permissions: str) -> Callable[[Callable], Callable]:
    """Only for staff, who need any one of the permissions, if some are named.

    Whoever is not signed in is sent to do so; anybody else is refused.
    """

    def wrap(view: Callable) -> Callable:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            allowed = not permissions or any(map(user.has_perm, permissions))
            if not (user.is_active and user.is_staff and allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def may(user: User | AnonymousUser, permission: str) -> bool:
    """Whether this member of the staff has the permission."""
    return user.is_staff and user.has_perm(permission)


def load_or_404(pk: int) -> Load:
    """The load with what its page says of it."""
    related = ("source", "received_by", "released_by", "acknowledged_by", "reverses")
    return get_object_or_404(
        Load.objects.select_related(*related, "withdrawal_confirmed_by"), pk=pk
    )


def load_url(load: Load) -> str:
    """The page of the load in the staff's room."""
    return reverse("staff-load", args=[load.pk])


def done(request: HttpRequest, load: Load, action: Callable[[], Any], said: str) -> HttpResponse:
    """Do it, say so, or say why not; then back to the page of the load."""
    try:
        action()
    except LoadError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect(load_url(load))


def crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    """The way here; the last step has no address."""
    way = [(_("Home"), reverse("home")), (_("Staff’s room"), reverse("staff")), *steps]
    return [{"label": label, "url": url} for label, url in way]
