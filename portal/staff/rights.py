"""Who may enter the staff's room, and do what there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """The view for fund staff: others sign in first, or are told that it is not theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def need(request: HttpRequest, permission: str) -> None:
    """Stop whoever has not the permission: 403."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
