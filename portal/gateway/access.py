"""Who enters the gateway, and the way there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from documents.access import is_keeper


def keepers_only(view: Callable) -> Callable:
    """Only for those who keep documents today; others are told so, visitors sign in first."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not is_keeper(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    """The way here; the last step has no address."""
    way = [(_("Home"), reverse("home")), (_("My Gateway"), reverse("gateway")), *steps]
    return [{"label": label, "url": url} for label, url in way]
