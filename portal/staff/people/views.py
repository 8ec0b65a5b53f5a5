"""People and their rights: invited, granted, withdrawn, signed out, each by staff who may."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.access import grant_access, withdraw_access
from documents.models import GatewayAccess
from portal.accounts.changes import changes_of, log_change
from portal.accounts.invitations import invite, send_invitation
from portal.accounts.roles import GRANT, role_of
from portal.kit.tables.base import Table
from portal.kit.tables.columns import DateColumn, IntegerColumn, TextColumn
from portal.kit.views import TableView
from portal.staff.access import crumbs, staff_only
from portal.staff.people.forms import GrantForm, InviteForm
from projects.models import User
from projects.signed_in import signed_in


class PeopleTable(Table):
    """Everybody with an account."""

    title = gettext_lazy("People")
    caption_hidden = True
    empty_text = gettext_lazy("Nobody has an account.")
    email = TextColumn(
        verbose_name=gettext_lazy("E-mail address"),
        definition=gettext_lazy("By which the person signs in."),
        link=lambda user: reverse("staff-person", args=[user.pk]),
        css="name",
    )
    name = TextColumn(
        get=lambda user: user.get_full_name(),
        order_by="last_name",
        verbose_name=gettext_lazy("Name"),
        definition=gettext_lazy("For staff only, unless the person agreed to show it."),
    )
    organization = TextColumn(
        get=lambda user: user.organization.name if user.organization else "",
        order_by="organization__sort_name",
        verbose_name=gettext_lazy("Organization"),
        definition=gettext_lazy("Shown on factsheets."),
    )
    rights = IntegerColumn(
        verbose_name=gettext_lazy("Rights"),
        definition=gettext_lazy("Ever granted, those that ended included."),
    )
    last_login = DateColumn(
        verbose_name=gettext_lazy("Last signed in"), definition=gettext_lazy("Day.")
    )


@method_decorator(staff_only(GRANT), name="dispatch")
class PeopleList(TableView):
    """All accounts."""

    title = gettext_lazy("People")
    intro = gettext_lazy("Who may keep documents, and who works here.")
    table_class = PeopleTable
    template_name = "staff/people.html"
    takes_dates = False

    def get_queryset(self) -> QuerySet:
        people = User.objects.select_related("organization").filter(is_active=True)
        return people.annotate(rights=Count("gateway_access")).order_by("email", "pk")

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))


def _crumbs(label: str) -> list[dict[str, Any]]:
    return crumbs((_("People"), reverse("staff-people")), (label, ""))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(GRANT)
def invite_page(request: HttpRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = InviteForm(request.POST if request.method == "POST" else None, by=signed_in(request))
    if form.is_valid():
        try:
            made = invite(by=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("Invited: the link works for seven days, once. Its mail is on its way.")
            )
            return redirect("staff-person", made.user_id)
    context = {"title": _("Invite somebody"), "form": form, "crumbs": _crumbs(_("Invite"))}
    return render(request, "staff/form.html", {**context, "button": _("Invite")})


@require_safe
@staff_only(GRANT)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: rights, invitations, sessions."""
    return _page(request, pk, GrantForm())


def _page(request: HttpRequest, pk: int, form: GrantForm) -> HttpResponse:
    user = get_object_or_404(User.objects.select_related("organization"), pk=pk)
    of = ("project", "fund", "organization", "granted_by", "withdrawn_by")
    standing = set(GatewayAccess.objects.standing().filter(user=pk).values_list("pk", flat=True))
    context = {
        "title": user.email,
        "crumbs": _crumbs(user.email),
        "person": user,
        "role": role_of(user),
        "rights": GatewayAccess.objects.filter(user=pk).select_related(*of).order_by("-pk"),
        "standing": standing,
        "invitations": user.invitations.select_related("by")[:5],
        "factors": Authenticator.objects.filter(user=pk).exclude(type="recovery_codes"),
        "sessions": UserSession.objects.filter(user=pk).count(),
        "may_change": _may_change(signed_in(request), user),
        "changes": changes_of(user),
        "form": form,
    }
    return render(request, "staff/person.html", context)


def _may_change(actor: User, user: User) -> bool:
    """Staff's accounts are changed by administrators only, and nobody locks themselves out."""
    return actor.pk != user.pk and (actor.is_superuser or not user.is_staff)


def _person(request: HttpRequest, pk: int) -> User:
    user = get_object_or_404(User, pk=pk)
    if not _may_change(signed_in(request), user):
        raise PermissionDenied
    return user


@require_POST
@staff_only(GRANT)
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a right."""
    user, form = _person(request, pk), GrantForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        days = {name: data[name] for name in ("valid_from", "valid_to")}
        try:
            grant_access(user=user, by=signed_in(request), of=data["of"], **days)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Granted."))
            return redirect("staff-person", pk)
    return _page(request, pk, form)


@require_POST
@staff_only(GRANT)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a right back at once."""
    right = get_object_or_404(GatewayAccess, pk=pk)
    user = _person(request, right.user_id)
    try:
        withdraw_access(right=right, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Withdrawn: it ended this moment."))
    return redirect("staff-person", user.pk)


@require_POST
@staff_only(GRANT)
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a new link, unless somebody else sent one since the page was opened."""
    user = _person(request, pk)
    try:
        newest = user.invitations.first()
        if newest and request.POST.get("newest", str(newest.pk)) != str(newest.pk):
            raise ValidationError(_("A new link was sent already; it is on its way by mail."))
        send_invitation(user=user, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("A new link is on its way by mail; older ones work no more."))
    return redirect("staff-person", pk)


@require_POST
@staff_only(GRANT)
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End all sessions of a person."""
    user = _person(request, pk)
    end_sessions(user)
    log_change(user=user, by=signed_in(request), what="signed out everywhere")
    messages.success(request, _("Signed out everywhere."))
    return redirect("staff-person", pk)


@require_POST
@staff_only(GRANT)
def reset_factors(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who lost phone and codes sets up a second factor anew."""
    user = _person(request, pk)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        messages.info(request, _("There is no second factor any more: it was removed already."))
        return redirect("staff-person", pk)
    end_sessions(user)
    log_change(user=user, by=signed_in(request), what="second factor removed")
    messages.success(request, _("The person sets up a new second factor at the next sign-in."))
    return redirect("staff-person", pk)


@require_POST
@staff_only(GRANT)
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person in no more, or again."""
    user = _person(request, pk)
    wanted = request.POST.get("active") == "yes"
    if User.objects.filter(pk=pk, is_active=not wanted).update(is_active=wanted):
        what = "let in again" if wanted else "let in no more"
        log_change(user=user, by=signed_in(request), what=what)
    if not wanted:
        end_sessions(user)
    messages.success(request, _("The person can sign in.") if wanted else _("Signing in is over."))
    return redirect("staff-person", pk)


def end_sessions(user: User) -> None:
    """Sign a person out wherever they are signed in."""
    for session in UserSession.objects.filter(user=user):
        session.end()
