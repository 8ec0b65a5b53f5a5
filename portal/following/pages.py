"""The pages of following: ask, confirm, stop. None asks for a sign-in."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.about.feedback import senders
from portal.following.services import ask_to_follow, confirm, follow_of, stop
from portal.following.targets import Target, target_of
from portal.models import Follow

_HOUR = 3600


class FollowForm(forms.Form):
    """An address; what is followed comes with the link."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("Used for this and for nothing else; erased when you stop."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    # People do not see this field; programs that fill in everything do.
    nickname = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and have a mail sent that asks to confirm."""
    asked = request.POST if request.method == "POST" else request.GET
    target = _target(asked.get("kind", ""), asked.get("key", ""))
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["nickname"] or _is_too_often(request):
            return redirect("follow-asked")
        ask_to_follow(email=form.cleaned_data["email"], kind=target.kind, key=target.key)
        return redirect("follow-asked")
    title = _("Follow by e-mail")
    context = {"title": title, "form": form, "target": target, "crumbs": _crumbs(title)}
    return render(request, "following/follow.html", context)


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What to do now; the same whatever is known of the address."""
    title = _("Check your e-mail")
    return render(request, "following/asked.html", {"title": title, "crumbs": _crumbs(title)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_follow(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm on the button: mail programs look at links by themselves."""
    found = _follow(token)
    if request.method == "POST" and found:
        confirm(follow=found)
    return _page(request, "following/confirm.html", _("Follow by e-mail"), found)


@never_cache
@csrf_exempt  # mail programs send the form by themselves (RFC 8058); the link is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def stop_follow(request: HttpRequest, token: str) -> HttpResponse:
    """Stop on the button, this one or all of its address; erased rows stay erased."""
    found = _follow(token)
    is_all = "all" in request.GET or "all" in request.POST
    is_stopped = request.method == "POST"
    if is_stopped:
        stop(token=token, everything=is_all)
    title = _("No more mail")
    return _page(
        request,
        "following/stop.html",
        title,
        None if is_stopped else found,
        is_all=is_all,
        is_stopped=is_stopped or not (found or is_all),
    )


def _page(
    request: HttpRequest, template: str, title: str, found: Follow | None, **more: Any
) -> HttpResponse:
    target = None
    if found:
        try:
            target = target_of(found.kind, found.key)
        except LookupError:
            target = None
    context = {"title": title, "follow": found, "target": target, "crumbs": _crumbs(title), **more}
    return render(request, template, context)


def _target(kind: str, key: str) -> Target:
    try:
        return target_of(kind, key)
    except LookupError:
        raise Http404(_("There is nothing of this name to follow.")) from None


def _follow(token: str) -> Follow | None:
    try:
        return follow_of(token)
    except (BadSignature, ValueError):
        raise Http404(_("This link is not whole. Copy it from the mail in full.")) from None


def _is_too_often(request: HttpRequest) -> bool:
    """Whether this visitor asked more often within the hour than one may; nobody is told."""
    key = f"follow:{senders(request)[0]}"
    cache.add(key, 0, _HOUR)
    return cache.incr(key) > settings.FEEDBACK_PER_HOUR


def _crumbs(title: str) -> list[dict[str, str]]:
    return [{"label": _("Home"), "url": reverse("home")}, {"label": title}]
