"""The page on which somebody goes on with a form after signing in again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.kit.web.kept_forms import kept_form


@never_cache
@login_required
@require_safe
def form_again(request: HttpRequest, key: str) -> HttpResponse:
    """What was typed, to be sent to where it was going."""
    found = kept_form(key)
    if found is None:
        return redirect("home")
    return render(request, "accounts/form_again.html", found)
