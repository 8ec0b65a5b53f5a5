"""Forms of the staff's room that are about no load."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse as at

from documents.models import GatewayAccess
from finance.models import Load
from portal.accounts.invitations import invite
from portal.models import (
    AskedErasure,
    ClosureStep,
    Feedback,
    IatiComparison,
    Invitation,
    OutgoingMail,
    PublicAnswer,
    ReferenceChange,
    ReminderStop,
)
from portal.reporting.due_reports import reports_due
from portal.withholding.services import withhold
from projects.models import Office, Project, ProjectCountry, User, Withholding, WithholdingOutcome
from tests.portal.forms.of_loads import four_eyes
from tests.portal.forms.people import World
from tests.portal.forms.sending import send, sheet
from tests.portal.forms.table import NO_WORKER, Place, form

_MEANWHILE = "Somebody else saved this meanwhile"


# --- People


def _person(world: World, name: str) -> Place:
    key = [world.people["nobody"].pk]
    return Place(at("staff-person", args=key), at(name, args=key))


@form("staff-invite", User, Invitation, also="second", sent={"email": "new@x.org"}, mails=1,
      says="Its mail is on its way.", told="already")  # fmt: skip
def _inviting(_world: World) -> Place:
    return Place(at("staff-invite"))


@form("staff-person-invite", Invitation, also="second", mails=1, says="A new link is on its way",
      told="A new link was sent already")  # fmt: skip
def _inviting_again(world: World) -> Place:
    made = invite(by=world.people["admin"], email="new@x.org")
    key = [made.user_id]
    return Place(at("staff-person", args=key), at("staff-person-invite", args=key))


@form("staff-person-grant", GatewayAccess, also="second", sent={"project": "00102004"},
      says="Granted.", told="has this right already")  # fmt: skip
def _a_right(world: World) -> Place:
    return _person(world, "staff-person-grant")


@form("staff-right-withdraw", GatewayAccess, also="second", says="Withdrawn: it ended this moment.",
      told="This right was withdrawn already.")  # fmt: skip
def _a_right_no_more(world: World) -> Place:
    right = world.people["keeper"].gateway_access.get()
    return Place(
        at("staff-person", args=[right.user_id]), at("staff-right-withdraw", args=[right.pk])
    )


@form("staff-person-sign-out", LogEntry, also="second", says="Signed out everywhere.")
def _signing_somebody_out(world: World) -> Place:
    return _person(world, "staff-person-sign-out")


@form("staff-person-factors", Authenticator, LogEntry, also="second",
      says="sets up a new second factor", told="There is no second factor any more")  # fmt: skip
def _no_second_factor(world: World) -> Place:
    Authenticator.objects.create(user=world.people["nobody"], type="totp", data={"secret": "x"})
    return _person(world, "staff-person-factors")


@form("staff-person-active", User, LogEntry, also="second", says="Signing in is over.",
      told="Signing in is over.")  # fmt: skip
def _deactivating_somebody(world: World) -> Place:
    return _person(world, "staff-person-active")


# --- Reports and closure


@form("staff-report", Load, also="second", sent={"what": "received", "day": "2025-03-30"},
      says="Entered. It counts once it has been released.")  # fmt: skip
def _a_report_received(world: World) -> Place:
    world.released()
    report = reports_due().first()
    assert report is not None
    return Place(at("staff-report", args=[report.pk]))


@form("staff-reminders-switch", Office, also="second", says="Reminders are on",
      told="Reminders are on")  # fmt: skip
def _reminders_of_all(_world: World) -> Place:
    return Place(at("staff-reminders"), at("staff-reminders-switch"))


@form("staff-reminders-person", ReminderStop, also="second", says="gets reminders again.",
      told="gets reminders again.")  # fmt: skip
def _reminders_of_one(world: World) -> Place:
    keeper = world.people["keeper"]
    ReminderStop.objects.create(user=keeper)
    return Place(at("staff-reminders"), at("staff-reminders-person", args=[keeper.pk]))


def _closure(world: World) -> str:
    Project.objects.update(status="on-going")
    return at("staff-closure", args=[world.project.number])


@form("staff-closure-step", ClosureStep, Project, also="second",
      sent={"step": "operational", "on": "2021-01-01"},
      says="It counts once a second person has confirmed it.",
      told="waits to be confirmed already")  # fmt: skip
def _a_step_of_closure(world: World) -> Place:
    four_eyes(on=True)
    return Place(_closure(world), at("staff-closure-step", args=[world.part.pk]))


@form("staff-closure-confirm", ClosureStep, Project, also="second",
      says="status is now: Operationally Closed",
      told="does not wait any more")  # fmt: skip
def _confirming_a_step(world: World) -> Place:
    step = ClosureStep.objects.create(
        part=world.part, step="operational", on=date(2024, 1, 1), entered_by=world.people["clerk"]
    )
    return Place(_closure(world), at("staff-closure-confirm", args=[step.pk]))


# --- Reference data


@form("staff-reference-new", ReferenceChange, also="second", typed="name",
      sent={"code": "NEW", "name": "New organization"},
      says="Sent. It takes effect once")  # fmt: skip
def _a_new_organization(_world: World) -> Place:
    return Place(at("staff-reference-new", args=["organizations"]))


@form("staff-reference-thing", ReferenceChange, Project, also="second", typed="title",
      sent={"title": "Other title"}, told=_MEANWHILE)  # fmt: skip
def _a_project(world: World) -> Place:
    four_eyes(on=False)
    return Place(at("staff-reference-thing", args=["projects", world.project.pk]))


@form("staff-country", ProjectCountry, also="second", typed="basis",
      sent={"basis": "The title names it"}, told=_MEANWHILE)  # fmt: skip
def _a_country(world: World) -> Place:
    world.in_no_country()
    return Place(at("staff-country", args=[world.project.number]), sent={"country": "ML"})


@form("staff-office", Office, also="second", typed="name", sent={"name": "Our office"},
      told=_MEANWHILE)  # fmt: skip
def _the_office(_world: World) -> Place:
    four_eyes(on=False)
    return Place(at("staff-office"))


# --- Withholding


def _withheld(world: World) -> Withholding:
    return withhold(
        kind="project", target_id=world.project.pk, reason="Threats", by=world.people["admin"]
    )


@form("staff-withhold", Withholding, also="second", sent={"reason": "Threats"}, typed="reason",
      says="It is withheld, on all pages and for all dates.", told="already")  # fmt: skip
def _withholding(world: World) -> Place:
    page = f"{at('staff-withhold')}?kind=project&id={world.project.pk}"
    return Place(page, at("staff-withhold"))


@form("staff-withholding-lift", WithholdingOutcome, also="second", sent={"reason": "Safe again"},
      typed="reason", says="The withholding is lifted.", told="already")  # fmt: skip
def _lifting(world: World) -> Place:
    key = [_withheld(world).pk]
    return Place(at("staff-withholding-page", args=key), at("staff-withholding-lift", args=key))


@form("staff-withholding-erase", AskedErasure, also="second", typed="ground",
      sent={"ground": "A court", "meant": "on"}, says="It will be erased for good",
      told="already")  # fmt: skip
def _erasing(world: World) -> Place:
    key = [_withheld(world).pk]
    page = at("staff-withholding-page", args=key)
    return Place(f"{page}?erase=yes", at("staff-withholding-erase", args=key))


# --- Health, IATI, questions


@form("staff-health-verify", also="second", says="Verification begins", told="under way already")
def _verifying(_world: World) -> Place:
    return Place(at("staff-health"), at("staff-health-verify"))


@form("staff-health-mail", OutgoingMail, also="second", sent={"action": "forget"},
      says="The mail is forgotten.", mails=-1, told="The mail does not wait any more")  # fmt: skip
def _a_mail(_world: World) -> Place:
    mail = OutgoingMail.objects.create(
        sender="a@x.org", recipients=["b@x.org"], subject="Hello", content=b"Hello"
    )
    return Place(at("staff-health"), at("staff-health-mail", args=[mail.pk]))


@form("staff-iati-look", also="second", says=NO_WORKER, told="under way already")
def _a_look_at_iati(_world: World) -> Place:
    return Place(at("staff-iati"), at("staff-iati-look"))


def _activities() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.xml", b"<iati-activities/>", "text/xml")


@form("staff-iati-comparisons", IatiComparison, also="second", sent={"file": _activities},
      says=NO_WORKER)  # fmt: skip
def _a_comparison(world: World) -> Place:
    of = world.part.organization
    return Place(at("staff-iati-comparisons"), sent={"organization": of.code})


@form("staff-iati-publish", IatiComparison, also="second", sent={"action": "publish"},
      says="Everybody can read the report now.", told="Everybody can read")  # fmt: skip
def _publishing_a_comparison(world: World) -> Place:
    made = IatiComparison.objects.create(
        organization=world.part.organization, state="done", found=_nothing_found()
    )
    key = [made.pk]
    return Place(at("staff-iati-comparison", args=key), at("staff-iati-publish", args=key))


def _nothing_found() -> dict[str, Any]:
    return {"matched": {}, "unmatched": [], "rows": [], "unconverted": [], "our_unconverted": [],
            "shared": []}  # fmt: skip


@form("staff-question", Feedback, PublicAnswer, also="second", typed="answer", mails=1,
      sent={"send": "1", "answer": "Because."}, told="It was handled meanwhile")  # fmt: skip
def _an_answer(_world: World) -> Place:
    question = Feedback.objects.create(topic="site", message="Why?", email="a@x.org", sender="x")
    return Place(at("staff-question", args=[question.pk]))


@form("staff-reference-decide", ReferenceChange, Project, also="second", sent={"confirm": "yes"},
      says="Confirmed; it has taken effect.", told="already")  # fmt: skip
def _confirming_a_change(world: World) -> Place:
    four_eyes(on=True)
    clerk = Client()
    clerk.force_login(world.people["clerk"])
    page = at("staff-reference-thing", args=["projects", world.project.pk])
    send(clerk, page, sheet(clerk, page, page, {"title": "Other title"}))
    change = ReferenceChange.objects.get()
    return Place(at("staff-reference-all"), at("staff-reference-decide", args=[change.pk]))
